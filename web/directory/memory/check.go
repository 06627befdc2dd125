package memory

import (
	"slices"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// read turns the values of a request into values of an attribute, and refuses
// what is not of its syntax.
func (s *schema) read(t *attributeType, desc string, values []dsml.Value) ([]value, error) {
	out := make([]value, 0, len(values))
	var seen map[string]bool
	if len(values) > 16 { // groups have members by the thousand
		seen = make(map[string]bool, len(values))
	}
	for _, v := range values {
		if t == s.objectClass && s.class(v.Data) == nil {
			return nil, fail(dsml.ObjectClassViolation, "the object class "+v.Data+" is not known here")
		}
		val, ok := s.checked(t, v.Data)
		if !ok {
			return nil, fail(dsml.InvalidAttributeSyntax, "a value of "+desc+" is not of the attribute's syntax")
		}
		if seen != nil && seen[val.prepared] || seen == nil && slices.ContainsFunc(out, func(o value) bool { return o.prepared == val.prepared }) {
			return nil, fail(dsml.AttributeOrValueExists, "the attribute "+desc+" is given the same value twice")
		}
		if seen != nil {
			seen[val.prepared] = true
		}
		out = append(out, val)
	}
	return out, nil
}

// writable finds the type of an attribute that a request wants to write.
func (s *schema) writable(desc string) (description, error) {
	d, ok := s.describe(desc)
	switch {
	case !ok:
		return d, fail(dsml.UndefinedAttributeType, "the attribute "+desc+" is not known here")
	case d.typ.directorys:
		return d, fail(dsml.ConstraintViolation, "the attribute "+desc+" is written by the directory only")
	}
	for _, o := range d.options {
		if !isAttributeName("x" + o) {
			return d, fail(dsml.UndefinedAttributeType, "the attribute "+desc+" has an option that is none")
		}
	}
	return d, nil
}

// check completes an entry that is about to be stored and refuses it if it
// breaks the schema.
func (s *schema) check(e *entry) error {
	classes := e.find(description{typ: s.objectClass})
	if classes == nil || len(classes.values) == 0 {
		return fail(dsml.ObjectClassViolation, "an entry needs an objectClass")
	}
	var known []*objectClass
	for _, v := range classes.values {
		c := s.class(v.raw)
		if c == nil {
			return fail(dsml.ObjectClassViolation, "the object class "+v.raw+" is not known here")
		}
		for ; c != nil && !slices.Contains(known, c); c = c.sup {
			known = append(known, c)
		}
	}
	complete := slices.Clip(classes.values)
	var kind *objectClass // the structural class at the end of the chain
	for _, c := range known {
		if !classes.has(c.oid) {
			complete = append(complete, s.value(s.objectClass, c.name))
		}
		switch {
		case c.kind != structural || kind != nil && kind.isA(c):
		case kind == nil || c.isA(kind):
			kind = c
		default:
			return fail(dsml.ObjectClassViolation, "the object classes "+kind.name+" and "+c.name+" cannot stand in one entry: neither is derived from the other")
		}
	}
	if kind == nil {
		return fail(dsml.ObjectClassViolation, "an entry needs a structural object class, such as person or device")
	}
	classes.values = complete
	if err := s.checkAttributes(e, known); err != nil {
		return err
	}
	e.set(s, s.structuralObjectClass, kind.name)
	e.alias, e.referral = slices.Contains(known, s.alias), slices.Contains(known, s.referral)
	return nil
}

func (s *schema) checkAttributes(e *entry, classes []*objectClass) error {
	for _, c := range classes {
		for _, t := range c.must {
			if !slices.ContainsFunc(e.attrs, func(a attribute) bool { return a.typ.isA(t) && len(a.values) > 0 }) {
				return fail(dsml.ObjectClassViolation, "an entry of the object class "+c.name+" needs the attribute "+t.name)
			}
		}
	}
	any := slices.Contains(classes, s.extensibleObject)
	for i := range e.attrs {
		a := &e.attrs[i]
		if a.typ.single && len(a.values) > 1 {
			return fail(dsml.ConstraintViolation, "the attribute "+a.name+" can have one value only")
		}
		if any || a.typ.operational || a.typ == s.objectClass {
			continue
		}
		if !slices.ContainsFunc(classes, func(c *objectClass) bool { return slices.Contains(c.must, a.typ) || slices.Contains(c.may, a.typ) }) {
			return fail(dsml.ObjectClassViolation, "none of the entry's object classes has the attribute "+a.name)
		}
	}
	return nil
}

// named reports whether an entry holds the values of its own RDN.
func (e *entry) named() bool {
	return !slices.ContainsFunc(e.name.rdns[0].avas, func(a ava) bool { return !e.holds(a) })
}

func (e *entry) holds(a ava) bool {
	at := e.find(description{typ: a.typ})
	return at != nil && at.has(standard().value(a.typ, a.value).prepared)
}

// hold adds the values of an RDN that the entry does not have.
func (e *entry) hold(s *schema, r rdn) error {
	for _, a := range r.avas {
		d, err := s.writable(a.name)
		if err != nil {
			return err
		}
		if e.holds(a) {
			continue
		}
		values, err := s.read(d.typ, a.name, []dsml.Value{{Data: a.value}})
		if err != nil {
			return err
		}
		if at := e.find(d); at != nil {
			at.values = append(slices.Clip(at.values), values...)
		} else {
			e.attrs = append(e.attrs, attribute{typ: d.typ, name: a.name, values: values})
		}
	}
	return nil
}
