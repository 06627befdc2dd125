package dsml

// ModifyOp is what a modification does to the values of one attribute.
type ModifyOp uint8

const (
	ModifyAdd ModifyOp = iota
	ModifyDelete
	ModifyReplace
	ModifyIncrement // RFC 4525; not in the schema, so read leniently and written only where asked
)

var modifyOps = []string{"add", "delete", "replace", "increment"}

// String returns the operation as the document names it.
func (o ModifyOp) String() string { return nameOf(modifyOps, int(o)) }

// Modification changes the values of one attribute.
type Modification struct {
	Name   string
	Op     ModifyOp
	Values []Value
}

// ModifyRequest changes an entry; its modifications apply in order, all or
// none (D-52).
type ModifyRequest struct {
	Message
	DN            string
	Modifications []Modification
}

func (*ModifyRequest) Element() string { return "modifyRequest" }

var (
	modifyShape       = shape{"ModifyRequest", []string{"requestID", "dn"}}
	modificationShape = shape{"DsmlModification", []string{"name", "operation"}}
)

type modifyReader struct {
	head
	r *ModifyRequest
}

func (d *decoder) readModifyRequest() reader {
	a := d.attributes(&modifyShape)
	r := &modifyReader{r: &ModifyRequest{}}
	r.m = &r.r.Message
	r.r.RequestID = a.optional(0)
	r.r.DN = a.required(1, "D-48")
	return r
}

func (r *modifyReader) children() []string { return []string{"control", "modification"} }

func (r *modifyReader) child(d *decoder, local string) reader {
	if c := r.control(d, local); c != nil {
		return c
	}
	if local == "modification" {
		return d.readModification(r.r)
	}
	return nil
}

func (r *modifyReader) end(d *decoder) { d.request(r.r) }

type modificationReader struct {
	request *ModifyRequest
	m       Modification
}

func (d *decoder) readModification(req *ModifyRequest) reader {
	a := d.attributes(&modificationShape)
	r := &modificationReader{request: req}
	r.m.Name = d.attributeName(&a, 0, "D-48", false).Text
	if a.at[1] == 0 {
		a.missing(1, "D-48", oneOf(modifyOps[:3]))
		return r
	}
	if v, _ := a.bytes(1); string(v) == "increment" {
		d.lenient(AllowIncrement, d.s.AttrPos(int(a.at[1]-1)), "dsml-value", "D-49", "operation is \"increment\"",
			"the schema knows add, delete and replace")
		r.m.Op = ModifyIncrement
		return r
	}
	r.m.Op = ModifyOp(a.enum(1, modifyOps[:3], 0, "D-49"))
	return r
}

func (r *modificationReader) children() []string { return []string{"value"} }

func (r *modificationReader) child(d *decoder, local string) reader {
	if local == "value" {
		return d.readValue(local, r)
	}
	return nil
}

func (r *modificationReader) value(_ *decoder, _ string, data []byte, t ValueType) {
	r.m.Values = append(r.m.Values, Value{string(data), t})
}

func (r *modificationReader) end(d *decoder) {
	if r.m.Op == ModifyAdd && len(r.m.Values) == 0 {
		d.warn(d.began(), "dsml-no-values", "", "the modification adds no value to "+r.m.Name, "directories refuse this")
	}
	r.request.Modifications = append(r.request.Modifications, r.m)
}

func (r *ModifyRequest) write(w *writer) {
	w.start("modifyRequest")
	w.dn("dn", r.DN)
	w.optional("requestID", r.RequestID)
	w.head(&r.Message)
	for i := range r.Modifications {
		m := &r.Modifications[i]
		w.start("modification")
		w.name(m.Name, false)
		if m.Op == ModifyIncrement {
			w.extension("dsml-value", "D-49", "the operation increment is not in the schema")
		}
		w.enum("operation", modifyOps, int(m.Op))
		for j := range m.Values {
			m.Values[j].write(w, "value")
		}
		w.w.End()
	}
	w.w.End()
}
