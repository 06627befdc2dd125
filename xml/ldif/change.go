package ldif

import (
	"strings"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// change reads a change record: controls, the kind of change, and what belongs
// to it.
func (p *parser) change(dn string, head *line, rest []line) error {
	var m dsml.Message
	for len(rest) > 0 && is(&rest[0], "control") {
		c, err := p.control(&rest[0])
		if err != nil {
			return err
		}
		m.Controls = append(m.Controls, c)
		rest = rest[1:]
	}
	if len(rest) == 0 || !is(&rest[0], "changetype") {
		return fail(CodeSyntax, head.pos, "a record with controls has no changetype after them", "")
	}
	kind := &rest[0]
	rest = rest[1:]
	var r dsml.Request
	var err error
	switch strings.ToLower(strings.TrimSpace(kind.value)) {
	case "add":
		var attrs []dsml.Attribute
		attrs, err = p.attributes(rest)
		r = &dsml.AddRequest{Message: m, DN: dn, Attrs: attrs}
	case "delete":
		if len(rest) > 0 {
			return fail(CodeSyntax, rest[0].pos, "a record that deletes has nothing after its changetype", "records are separated by blank lines")
		}
		r = &dsml.DelRequest{Message: m, DN: dn}
	case "modify":
		var mods []dsml.Modification
		mods, err = p.modifications(rest)
		r = &dsml.ModifyRequest{Message: m, DN: dn, Modifications: mods}
	case "modrdn", "moddn":
		r, err = p.rename(m, dn, kind, rest)
	default:
		return fail(CodeSyntax, at(kind.pos, kind.at), "the changetype "+excerpt([]byte(kind.value)), "it is one of add, delete, modify, modrdn and moddn")
	}
	if err != nil {
		return err
	}
	if p.file.Batch == nil {
		p.file.Batch = &dsml.BatchRequest{}
	}
	p.file.Batch.Requests = append(p.file.Batch.Requests, r)
	return nil
}

// control reads "OID", "OID true", "OID: value", "OID false:: base64".
func (p *parser) control(l *line) (dsml.Control, error) {
	var c dsml.Control
	if l.sep != ':' {
		return c, fail(CodeSyntax, l.pos, "a control is given by a number, not in base64 or by reference", "")
	}
	head, value, hasValue := strings.Cut(l.value, ":")
	words := strings.Fields(head)
	pos := at(l.pos, l.at)
	if len(words) == 0 || len(words) > 2 {
		return c, fail(CodeSyntax, pos, "the control "+excerpt([]byte(head)), "a control is an object identifier, then perhaps true or false, then perhaps a value")
	}
	c.Type = words[0]
	if !isOID(c.Type) {
		return c, fail(CodeSyntax, pos, excerpt([]byte(c.Type))+" is not a numeric object identifier", "")
	}
	if len(words) == 2 {
		switch words[1] {
		case "true":
			c.Criticality = true
		case "false":
		default:
			return c, fail(CodeSyntax, pos, "the criticality "+excerpt([]byte(words[1])), "it is true or false")
		}
	}
	if !hasValue {
		return c, nil
	}
	v, err := split([]byte("controlValue:"+value), l.pos)
	if err != nil {
		return c, fail(CodeBase64, pos, "the value of a control is not base64", "two colons announce base64; plain text takes one")
	}
	v.pos, v.at = l.pos, l.at
	data, err := p.value(&v)
	if err != nil {
		return c, err
	}
	c.Value = &data
	return c, nil
}

func isOID(s string) bool {
	dot := true
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			dot = false
		case c == '.' && !dot:
			dot = true
		default:
			return false
		}
	}
	return !dot
}

var modifyOps = [...]string{
	dsml.ModifyAdd:       "add",
	dsml.ModifyDelete:    "delete",
	dsml.ModifyReplace:   "replace",
	dsml.ModifyIncrement: "increment",
}

// modifications reads blocks that each begin with the operation and the
// attribute and end with a hyphen. The hyphen of the last block is often left
// out in the field.
func (p *parser) modifications(record []line) ([]dsml.Modification, error) {
	var mods []dsml.Modification
	for len(record) > 0 {
		head := &record[0]
		record = record[1:]
		op := -1
		for i, name := range modifyOps {
			if is(head, name) {
				op = i
			}
		}
		if op < 0 {
			what := head.name
			if head.sep == '-' {
				what = "a hyphen"
			}
			return nil, fail(CodeSyntax, head.pos, "a modification begins with "+what, "it begins with add, delete, replace or increment, and ends with a hyphen on a line of its own")
		}
		m := dsml.Modification{Name: strings.TrimRight(head.value, " "), Op: dsml.ModifyOp(op)}
		if head.sep != ':' {
			return nil, fail(CodeSyntax, head.pos, "the attribute of a modification is given plainly, not in base64 or by reference", "")
		}
		if err := checkName(head, m.Name); err != nil {
			return nil, err
		}
		for len(record) > 0 && record[0].sep != '-' {
			l := &record[0]
			if !is(l, m.Name) {
				return nil, fail(CodeSyntax, l.pos, "a value of "+l.name+" among the values of "+m.Name, "end each modification with a hyphen on a line of its own")
			}
			v, err := p.value(l)
			if err != nil {
				return nil, err
			}
			m.Values = append(m.Values, v)
			record = record[1:]
		}
		if len(record) > 0 {
			record = record[1:]
		}
		mods = append(mods, m)
	}
	return mods, nil
}

func (p *parser) rename(m dsml.Message, dn string, kind *line, rest []line) (dsml.Request, error) {
	r := &dsml.ModDNRequest{Message: m, DN: dn}
	want := [...]string{"newrdn", "deleteoldrdn", "newsuperior"}
	for i, name := range want {
		if len(rest) == 0 {
			if name == "newsuperior" {
				return r, nil
			}
			return nil, fail(CodeSyntax, kind.pos, "a record that renames has no "+name, "newrdn, deleteoldrdn and perhaps newsuperior follow the changetype, in this order")
		}
		l := &rest[0]
		if !is(l, name) {
			return nil, fail(CodeSyntax, l.pos, l.name+" where "+name+" belongs", "newrdn, deleteoldrdn and perhaps newsuperior follow the changetype, in this order")
		}
		value, err := p.text(l)
		if err != nil {
			return nil, err
		}
		switch i {
		case 0:
			r.NewRDN = value
		case 1:
			switch strings.TrimSpace(value) {
			case "0":
				r.KeepOldRDN = true
			case "1":
			default:
				return nil, fail(CodeSyntax, at(l.pos, l.at), "deleteoldrdn is "+excerpt([]byte(value)), "it is 0 or 1")
			}
		case 2:
			r.NewSuperior = dsml.Some(value)
		}
		rest = rest[1:]
	}
	if len(rest) > 0 {
		return nil, fail(CodeSyntax, rest[0].pos, "a record that renames goes on after newsuperior", "records are separated by blank lines")
	}
	return r, nil
}
