package dsml

// CompareRequest asks whether an entry holds a value; the answer is compareTrue
// or compareFalse (D-60).
type CompareRequest struct {
	Message
	DN    string
	Name  string // of the attribute in the assertion
	Value Value
}

func (*CompareRequest) Element() string { return "compareRequest" }

var compareShape = shape{"CompareRequest", []string{"requestID", "dn"}}

type compareReader struct {
	head
	r     *CompareRequest
	count int
}

func (d *decoder) readCompareRequest() reader {
	a := d.attributes(&compareShape)
	r := &compareReader{r: &CompareRequest{}}
	r.m = &r.r.Message
	r.r.RequestID = a.optional(0)
	r.r.DN = a.required(1, "D-59")
	return r
}

func (r *compareReader) children() []string { return []string{"control", "assertion"} }

func (r *compareReader) child(d *decoder, local string) reader {
	if c := r.control(d, local); c != nil {
		return c
	}
	if local != "assertion" {
		return nil
	}
	if r.count++; r.count == 2 {
		d.fail("dsml-duplicate", "D-59", "a second assertion", "a compareRequest makes exactly one")
	}
	return d.readAssertion("D-59", func(name string, v Value) { r.r.Name, r.r.Value = name, v })
}

func (r *compareReader) end(d *decoder) {
	if r.count == 0 {
		d.failAt(d.began(), "dsml-missing", "D-59", "the compareRequest has no assertion", "")
	}
	d.request(r.r)
}

var assertionShape = shape{"AttributeValueAssertion", []string{"name"}}

// assertionReader reads an element of type AttributeValueAssertion: a name and
// exactly one value.
type assertionReader struct {
	done      func(name string, v Value)
	statement string
	name      string
	v         Value
	count     int
}

func (d *decoder) readAssertion(statement string, done func(name string, v Value)) reader {
	a := d.attributes(&assertionShape)
	return &assertionReader{done: done, statement: statement, name: d.attributeName(&a, 0, statement, false).Text}
}

func (r *assertionReader) children() []string { return []string{"value"} }

func (r *assertionReader) child(d *decoder, local string) reader {
	if local != "value" {
		return nil
	}
	if r.count++; r.count == 2 {
		d.fail("dsml-duplicate", r.statement, "a second value inside "+d.top().local, "exactly one may stand there")
	}
	return d.readValue(local, r)
}

func (r *assertionReader) value(_ *decoder, _ string, data []byte, t ValueType) {
	r.v = Value{string(data), t}
}

func (r *assertionReader) end(d *decoder) {
	if r.count == 0 {
		d.failAt(d.began(), "dsml-missing", r.statement, d.top().local+" has no value", "")
	}
	r.done(r.name, r.v)
}

func (r *CompareRequest) write(w *writer) {
	w.start("compareRequest")
	w.dn("dn", r.DN)
	w.optional("requestID", r.RequestID)
	w.head(&r.Message)
	w.start("assertion")
	w.name(r.Name, false)
	r.Value.write(w, "value")
	w.w.End()
	w.w.End()
}
