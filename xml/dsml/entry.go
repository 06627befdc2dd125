package dsml

// EntrySink takes the entries of search responses in pieces, in the order of
// the document. It is what an entry costs: who wants something other than Go
// structs gives a Decoder a sink of their own. Bytes are valid during the call.
type EntrySink interface {
	BeginEntry(dn []byte, id Optional)
	AttrSink
	// Step is AttrValue and, where next is not nil, BeginAttr for it: most of an
	// entry is made of these two, and in WebAssembly calls are dear.
	Step(data []byte, t ValueType, units int, next *AttributeName)
	// EndEntry ends the entry. Its controls are for the sink to keep.
	EndEntry(controls []Control)
}

// AttrSink takes attributes with their values.
type AttrSink interface {
	BeginAttr(name *AttributeName)
	// AttrValue takes a value as Value has it; units is the length of text in
	// UTF-16 code units, or -1 where it was not counted.
	AttrValue(data []byte, t ValueType, units int)
}

// entryBuilder is the sink that makes structs. An entry is made at its end, in
// four pieces of memory of the right size: the entry, its attributes, its
// values and their text.
type entryBuilder struct {
	take  func(*SearchResultEntry)
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

func (b *entryBuilder) BeginEntry(dn []byte, id Optional) {
	b.entry = &SearchResultEntry{DN: string(dn)}
	b.entry.RequestID = id
	b.attrs, b.vals, b.text = b.attrs[:0], b.vals[:0], b.text[:0]
}

func (b *entryBuilder) BeginAttr(name *AttributeName) {
	b.attrs = append(b.attrs, builtAttr{name.Text, len(b.vals)})
}

func (b *entryBuilder) AttrValue(data []byte, t ValueType, _ int) {
	b.text = append(b.text, data...)
	b.vals = append(b.vals, builtValue{len(b.text), t})
	b.attrs[len(b.attrs)-1].vals++
}

func (b *entryBuilder) Step(data []byte, t ValueType, units int, next *AttributeName) {
	b.AttrValue(data, t, units)
	if next != nil {
		b.BeginAttr(next)
	}
}

func (b *entryBuilder) EndEntry(controls []Control) {
	e := b.entry
	b.entry = nil
	e.Controls = controls
	e.Attrs = b.built()
	b.take(e)
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

// entryReader reads an entry. Entries do not nest, so one reader serves them
// all.
type entryReader struct {
	past     bool // an attr has begun
	controls []Control
}

func (d *decoder) readEntry() reader {
	a := d.attributes(&entryShape)
	dn, ok := a.bytes(1)
	if !ok {
		a.missing(1, "D-93", "")
	}
	d.distinguished(&a, 1)
	d.entries.BeginEntry(dn, a.optional(0))
	d.repeat.entry(d, &a)
	d.entryReader = entryReader{}
	return &d.entryReader
}

func (r *entryReader) children() []string { return []string{"control", "attr"} }

func (r *entryReader) child(d *decoder, local string) reader {
	switch local {
	case "attr":
		r.past = true
		d.repeat.attr(d)
		r := d.readAttr(d.entries, "D-53")
		d.attr.entry = true
		return r
	case "control":
		if r.past {
			d.fail("dsml-order", "D-11", "a control stands behind other elements of "+d.top().local, "controls come first")
		}
		d.repeat.cancel()
		return d.readControl(&r.controls)
	}
	return nil
}

func (r *entryReader) end(d *decoder) {
	controls := r.controls
	r.controls = nil
	d.entries.EndEntry(controls)
}

// attrReader reads an attr. Attrs do not nest, so one reader serves them all.
type attrReader struct {
	sink  AttrSink
	entry bool // it is one of an entry
	name  *AttributeName
}

func (d *decoder) readAttr(sink AttrSink, statement string) reader {
	a := d.attributes(&attrShape)
	name := d.attributeName(&a, 0, statement, false)
	sink.BeginAttr(name)
	d.attr = attrReader{sink: sink, name: name}
	return &d.attr
}

func (r *attrReader) children() []string { return []string{"value"} }

func (r *attrReader) child(d *decoder, local string) reader {
	if local != "value" {
		return nil
	}
	v := d.readValue(local, r)
	if r.entry {
		d.repeat.value(d, d.val.typ)
	}
	return v
}

func (r *attrReader) value(d *decoder, _ string, data []byte, t ValueType) {
	r.sink.AttrValue(data, t, -1)
	if r.entry {
		d.repeat.begin(d)
	}
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
