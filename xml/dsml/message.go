package dsml

// head reads what all requests and LDAP results begin with: controls, before
// anything else (D-11).
type head struct {
	m    *Message
	past bool // something else than a control has started
}

// control reads a child that is a control, and returns nil for any other.
func (h *head) control(d *decoder, local string) reader {
	if local != "control" {
		h.past = true
		return nil
	}
	if h.past {
		d.fail("dsml-order", "D-11", "a control stands behind other elements of "+d.top().local, "controls come first")
	}
	return d.readControl(&h.m.Controls)
}

//go:noinline
func (w *writer) head(m *Message) {
	for i := range m.Controls {
		m.Controls[i].write(w)
	}
}

// optional writes an attribute if it is set.
//
//go:noinline
func (w *writer) optional(name string, o Optional) {
	if o.Set {
		w.w.Attr("", name, o.Value)
	}
}
