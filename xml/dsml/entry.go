package dsml

// entrySink takes entries in pieces, in the order of the document. It is what
// an entry costs: whoever wants something other than Go structs puts another
// sink in the place of entryBuilder. Bytes are valid during the call.
type entrySink interface {
	beginEntry(dn []byte, id Optional)
	// controls returns where the controls of the entry go.
	controls() *[]Control
	beginAttr(name string)
	attrValue(data []byte, t ValueType)
	// endEntry returns the entry, or nil when the sink keeps it.
	endEntry() *SearchResultEntry
}

// entryBuilder is the sink that makes structs. An entry is made at its end, in
// four pieces of memory of the right size: the entry, its attributes, its
// values and their text.
type entryBuilder struct {
	entry *SearchResultEntry
	attrs []builtAttr
	vals  []builtValue
	text  []byte
}

type builtAttr struct {
	name string
	vals int // values of this and all earlier attributes
}

type builtValue struct {
	end int // of the value in text
	typ ValueType
}

func (b *entryBuilder) beginEntry(dn []byte, id Optional) {
	b.entry = &SearchResultEntry{DN: string(dn)}
	b.entry.RequestID = id
	b.attrs, b.vals, b.text = b.attrs[:0], b.vals[:0], b.text[:0]
}

func (b *entryBuilder) controls() *[]Control { return &b.entry.Controls }

func (b *entryBuilder) beginAttr(name string) {
	b.attrs = append(b.attrs, builtAttr{name, len(b.vals)})
}

func (b *entryBuilder) attrValue(data []byte, t ValueType) {
	b.text = append(b.text, data...)
	b.vals = append(b.vals, builtValue{len(b.text), t})
	b.attrs[len(b.attrs)-1].vals++
}

func (b *entryBuilder) endEntry() *SearchResultEntry {
	e := b.entry
	b.entry = nil
	e.Attrs = b.built()
	return e
}

func (b *entryBuilder) built() []Attribute {
	if len(b.attrs) == 0 {
		return nil
	}
	attrs := make([]Attribute, len(b.attrs))
	vals := make([]Value, len(b.vals))
	text := string(b.text)
	at := 0
	for i, v := range b.vals {
		vals[i] = Value{text[at:v.end], v.typ}
		at = v.end
	}
	at = 0
	for i, a := range b.attrs {
		attrs[i].Name = a.name
		if at < a.vals {
			attrs[i].Values = vals[at:a.vals:a.vals]
		}
		at = a.vals
	}
	return attrs
}

var (
	entryShape = shape{"SearchResultEntry", []string{"requestID", "dn"}}
	attrShape  = shape{"DsmlAttr", []string{"name"}}
)

type entryReader struct{ past bool }

func (d *decoder) readEntry() reader {
	a := d.attributes(&entryShape)
	dn, ok := a.bytes(1)
	if !ok {
		a.missing(1, "D-93", "")
	}
	d.distinguished(&a, 1)
	d.entries.beginEntry(dn, a.optional(0))
	return &entryReader{}
}

func (r *entryReader) children() []string { return []string{"control", "attr"} }

func (r *entryReader) child(d *decoder, local string) reader {
	switch local {
	case "attr":
		r.past = true
		return d.readAttr(d.entries, "D-53")
	case "control":
		if r.past {
			d.fail("dsml-order", "D-11", "a control stands behind other elements of "+d.top().local, "controls come first")
		}
		return d.readControl(d.entries.controls())
	}
	return nil
}

func (r *entryReader) end(d *decoder) {
	if e := d.entries.endEntry(); e != nil {
		d.entry(e)
	}
}

// attrReader reads an attr. Attrs do not nest, so one reader serves them all.
type attrReader struct{ sink entrySink }

func (d *decoder) readAttr(sink entrySink, statement string) reader {
	a := d.attributes(&attrShape)
	sink.beginAttr(d.attributeName(&a, 0, statement, false))
	d.attr.sink = sink
	return &d.attr
}

func (r *attrReader) children() []string { return []string{"value"} }

func (r *attrReader) child(d *decoder, local string) reader {
	if local == "value" {
		return d.readValue(local, r)
	}
	return nil
}

func (r *attrReader) value(_ *decoder, _ string, data []byte, t ValueType) {
	r.sink.attrValue(data, t)
}

func (r *attrReader) end(*decoder) {}

func (e *SearchResultEntry) write(w *writer) {
	w.start("searchResultEntry")
	w.dn("dn", e.DN)
	w.optional("requestID", e.RequestID)
	w.head(&e.Message)
	w.attrs(e.Attrs)
	w.w.End()
}

func (w *writer) attrs(attrs []Attribute) {
	for i := range attrs {
		a := &attrs[i]
		w.start("attr")
		w.name(a.Name, false)
		for j := range a.Values {
			a.Values[j].write(w, "value")
		}
		w.w.End()
	}
}
