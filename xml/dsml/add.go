package dsml

// AddRequest makes an entry.
type AddRequest struct {
	Message
	DN    string
	Attrs []Attribute
}

func (*AddRequest) Element() string { return "addRequest" }

var addShape = shape{"AddRequest", []string{"requestID", "dn"}}

type addReader struct {
	head
	r     *AddRequest
	attrs entryBuilder
}

func (d *decoder) readAddRequest() reader {
	a := d.attributes(&addShape)
	r := &addReader{r: &AddRequest{}}
	r.m = &r.r.Message
	r.r.RequestID = a.optional(0)
	r.r.DN = a.required(1, "D-53")
	return r
}

func (r *addReader) children() []string { return []string{"control", "attr"} }

func (r *addReader) child(d *decoder, local string) reader {
	if c := r.control(d, local); c != nil {
		return c
	}
	if local == "attr" {
		return d.readAttr(&r.attrs, "D-53")
	}
	return nil
}

func (r *addReader) end(d *decoder) {
	r.r.Attrs = r.attrs.built()
	d.request(r.r)
}

func (r *AddRequest) write(w *writer) {
	w.start("addRequest")
	w.dn("dn", r.DN)
	w.optional("requestID", r.RequestID)
	w.head(&r.Message)
	w.attrs(r.Attrs)
	w.w.End()
}
