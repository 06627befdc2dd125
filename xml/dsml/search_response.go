package dsml

var (
	searchResponseShape = shape{"SearchResponse", []string{"requestID"}}
	referenceShape      = shape{"SearchResultReference", []string{"requestID"}}
)

type searchResponseReader struct {
	r    SearchResponse
	step int // 1: entries have come; 2: references; 3: the result
}

func (d *decoder) readSearchResponse() reader {
	a := d.attributes(&searchResponseShape)
	r := &searchResponseReader{r: SearchResponse{RequestID: a.optional(0)}}
	d.search = &r.r
	d.repeat.search(&a)
	return r
}

func (r *searchResponseReader) children() []string {
	return []string{"searchResultEntry", "searchResultReference", "searchResultDone"}
}

func (r *searchResponseReader) child(d *decoder, local string) reader {
	step := 0
	switch local {
	case "searchResultEntry":
		step = 1
	case "searchResultReference":
		step = 2
	case "searchResultDone":
		step = 3
	default:
		return nil
	}
	switch {
	case step == 3 && r.step == 3:
		d.fail("dsml-duplicate", "D-93", "a second searchResultDone", "a searchResponse ends with exactly one")
	case step < r.step && r.step == 2:
		d.lenient(AllowResponseOrder, d.s.Pos(), "dsml-order", "D-93", "searchResultEntry stands behind searchResultReference", "the order is entries, references, searchResultDone")
	case step < r.step:
		d.fail("dsml-order", "D-93", local+" stands behind "+r.children()[r.step-1], "the order is entries, references, searchResultDone")
	}
	r.step = max(r.step, step)
	switch step {
	case 1:
		return d.readEntry()
	case 2:
		return d.readReference()
	}
	return d.readResult(SearchResultDone, (*decoder).searchDone)
}

// searchDone takes the result of the search that is being read.
func (d *decoder) searchDone(r *Result) {
	d.search.Done = r
	if d.delivers {
		d.deliver(r)
	}
}

func (r *searchResponseReader) end(d *decoder) {
	if r.step < 3 {
		d.failAt(d.began(), "dsml-missing", "D-93", "the searchResponse has no searchResultDone", "it ends with one, even when the search failed")
	}
	d.search = nil
	d.count++
	if !d.delivers {
		d.resp.Responses = append(d.resp.Responses, &r.r)
	}
}

// entry takes an entry that is complete.
func (d *decoder) entry(e *SearchResultEntry) {
	if d.delivers {
		d.deliver(e)
		return
	}
	d.search.Entries = append(d.search.Entries, e)
}

type referenceReader struct {
	head
	r *SearchResultReference
}

func (d *decoder) readReference() reader {
	a := d.attributes(&referenceShape)
	r := &referenceReader{r: &SearchResultReference{}}
	r.m = &r.r.Message
	r.r.RequestID = a.optional(0)
	return r
}

func (r *referenceReader) children() []string { return []string{"control", "ref"} }

func (r *referenceReader) child(d *decoder, local string) reader {
	if c := r.control(d, local); c != nil {
		return c
	}
	if local != "ref" {
		return nil
	}
	return d.readString(func(_ *decoder, text []byte) { r.r.Refs = append(r.r.Refs, collapse(text)) })
}

func (r *referenceReader) end(d *decoder) {
	if len(r.r.Refs) == 0 {
		d.failAt(d.began(), "dsml-missing", "D-93", "the searchResultReference has no ref", "")
	}
	if d.delivers {
		d.deliver(r.r)
		return
	}
	d.search.References = append(d.search.References, r.r)
}

func (r *SearchResultReference) write(w *writer) {
	w.start("searchResultReference")
	w.optional("requestID", r.RequestID)
	w.head(&r.Message)
	if len(r.Refs) == 0 {
		w.fail("dsml-missing", "D-93", "a SearchResultReference has no Refs", "")
	}
	w.uris("ref", r.Refs)
	w.w.End()
}

func (r *SearchResponse) write(w *writer) {
	w.start("searchResponse")
	w.optional("requestID", r.RequestID)
	for _, e := range r.Entries {
		e.write(w)
	}
	for _, f := range r.References {
		f.write(w)
	}
	switch {
	case r.Done == nil:
		w.fail("dsml-missing", "D-93", "a SearchResponse has no Done", "it ends with a result, even when the search failed")
	case r.Done.Kind != 0 && r.Done.Kind != SearchResultDone:
		w.fail("dsml-result", "D-93", "the Done of a SearchResponse is of kind "+r.Done.Kind.String(), "")
	default:
		w.start("searchResultDone")
		w.result(&r.Done.LDAPResult)
		w.w.End()
	}
	w.w.End()
}
