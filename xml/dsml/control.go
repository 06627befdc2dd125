package dsml

// Control is an LDAP control as DSML carries it. Value is nil when the element
// has no controlValue; otherwise its Data is the BER encoding of the control's
// value, or its text when it was carried as text.
type Control struct {
	Type        string // numeric OID
	Criticality bool   // absent means false (D-67)
	Value       *Value
}

var controlShape = shape{"Control", []string{"type", "criticality"}}

type controlReader struct {
	Control
	list *[]Control
}

func (d *decoder) readControl(list *[]Control) reader {
	a := d.attributes(&controlShape)
	r := &controlReader{list: list}
	r.Type = a.required(0, "D-68")
	if a.at[0] != 0 && !isOID(r.Type) {
		a.bad(0, "D-68", "a numeric object identifier, such as 1.2.840.113556.1.4.319")
	}
	r.Criticality = a.boolean(1, false, "D-67")
	return r
}

func (r *controlReader) children() []string { return []string{"controlValue"} }

func (r *controlReader) child(d *decoder, local string) reader {
	if local != "controlValue" {
		return nil
	}
	if r.Value != nil {
		d.fail("dsml-duplicate", "D-06", "a second controlValue", "a control has one value")
	}
	return d.readAny(&r.Value)
}

func (r *controlReader) end(*decoder) { *r.list = append(*r.list, r.Control) }

func (c *Control) write(w *writer) {
	w.start("control")
	w.oidAttr("type", c.Type, "D-68")
	if c.Criticality {
		w.w.Attr("", "criticality", "true")
	}
	if c.Value != nil {
		c.Value.write(w, "controlValue")
	}
	w.w.End()
}
