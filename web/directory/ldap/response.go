package ldap

import (
	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// message is an LDAPMessage of the server, its parts not yet taken apart.
type message struct {
	id       int32
	op       byte
	body     string // content of the protocolOp
	controls string // content of the controls
}

// readMessage takes an LDAPMessage apart (RFC 4511 section 4.1.1).
func readMessage(text string) (message, bool) {
	c := cursor{rest: text}
	in := c.inside(tagSequence)
	m := message{id: in.number(tagInteger)}
	m.op, m.body = in.any()
	if in.peek() == tagControls {
		m.controls = in.take(tagControls)
	}
	// RFC 4511 section 4: what comes behind the parts that are known is passed over.
	return m, !in.bad && c.rest == ""
}

func (m *message) readControls() ([]dsml.Control, bool) {
	var out []dsml.Control
	list := cursor{rest: m.controls}
	for list.more() {
		c := list.inside(tagSequence)
		control := dsml.Control{Type: c.take(tagOctets)}
		if c.peek() == tagBoolean {
			v := c.take(tagBoolean)
			control.Criticality = v != "" && v != "\x00"
		}
		if c.peek() == tagOctets {
			control.Value = &dsml.Value{Data: c.take(tagOctets), Type: dsml.Base64Binary}
		}
		list.join(c)
		out = append(out, control)
	}
	return out, !list.bad
}

// readResult takes the parts of an LDAPResult (section 4.1.9) and leaves the
// cursor behind them.
func readResult(c *cursor) dsml.LDAPResult {
	r := dsml.LDAPResult{
		Code:         dsml.ResultCode(c.number(tagEnumerated)),
		MatchedDN:    c.take(tagOctets),
		ErrorMessage: c.take(tagOctets),
	}
	if c.peek() == tagReferral {
		uris := c.inside(tagReferral)
		for uris.more() {
			r.Referrals = append(r.Referrals, uris.take(tagOctets))
		}
		c.join(uris)
	}
	return r
}

// result reads the message that ends a request.
func (m *message) result() (dsml.LDAPResult, bool) {
	c := &cursor{rest: m.body}
	r := readResult(c)
	controls, ok := m.readControls()
	r.Controls = controls
	return r, ok && !c.bad
}

func (m *message) extended() (*dsml.ExtendedResponse, bool) {
	c := &cursor{rest: m.body}
	r := &dsml.ExtendedResponse{LDAPResult: readResult(c)}
	for c.more() {
		switch tag, content := c.any(); tag {
		case context0 | 10:
			r.ResponseName = content
		case context0 | 11:
			r.Response = &dsml.Value{Data: content, Type: dsml.Base64Binary}
		}
	}
	controls, ok := m.readControls()
	r.Controls = controls
	return r, ok && !c.bad
}

// item reads an entry or a reference of a search.
func (m *message) item(types *attributeTypes) (directory.SearchItem, bool) {
	controls, ok := m.readControls()
	c := &cursor{rest: m.body}
	if m.op == opReference {
		ref := &dsml.SearchResultReference{}
		ref.Controls = controls
		for c.more() {
			ref.Refs = append(ref.Refs, c.take(tagOctets))
		}
		return directory.SearchItem{Reference: ref}, ok && !c.bad && len(ref.Refs) > 0
	}
	entry := &dsml.SearchResultEntry{DN: c.take(tagOctets)}
	entry.Controls = controls
	list := c.inside(tagSequence)
	for list.more() {
		a := list.inside(tagSequence)
		attr := dsml.Attribute{Name: a.take(tagOctets)}
		binary := types.binary(attr.Name)
		values := a.inside(tagSet)
		for values.more() {
			v := dsml.Value{Data: values.take(tagOctets)}
			if binary || !directory.IsText(v.Data) {
				v.Type = dsml.Base64Binary
			}
			attr.Values = append(attr.Values, v)
		}
		a.join(values)
		list.join(a)
		entry.Attrs = append(entry.Attrs, attr)
	}
	c.join(list)
	return directory.SearchItem{Entry: entry}, ok && !c.bad
}
