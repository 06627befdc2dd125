package memory

import "github.com/dsmlkit/dsmlkit/xml/dsml"

// compare ends in compareTrue or compareFalse, never in success (D-60).
func (op *operation) compare(req *dsml.CompareRequest) error {
	d, s := op.d, op.d.schema
	n, err := d.parse(req.DN)
	if err != nil {
		return err
	}
	f, err := op.look(n)
	if err != nil {
		return err
	}
	if err := op.assert(f); err != nil {
		return err
	}
	desc, ok := s.describe(req.Name)
	if !ok {
		return fail(dsml.UndefinedAttributeType, "the attribute "+req.Name+" is not known here")
	}
	attrs := f.attrs
	if s.isVirtual(desc.typ) {
		attrs = f.virtual(s)
	}
	there, equal := false, false
	want, sound := s.prepared(desc.typ.prepare, req.Value.Data)
	for i := range attrs {
		if a := &attrs[i]; desc.covers(a) {
			there = true
			if a.typ == s.userPassword {
				equal = equal || passwordIs(a.values, req.Value.Data)
			} else {
				equal = equal || a.has(want)
			}
		}
	}
	switch {
	case !there:
		return fail(dsml.NoSuchAttribute, "the entry has no attribute "+req.Name)
	case desc.typ.equality == nil:
		return fail(dsml.InappropriateMatching, "values of "+req.Name+" cannot be compared")
	case !sound:
		return fail(dsml.InvalidAttributeSyntax, "the value is not of the syntax of "+req.Name)
	case equal:
		return fail(dsml.CompareTrue, "")
	}
	return fail(dsml.CompareFalse, "")
}

// look finds an entry to be read, those outside the tree included.
func (op *operation) look(n name) (found, error) {
	op.d.mu.RLock()
	defer op.d.mu.RUnlock()
	if f, ok := op.d.special(n); ok {
		return f, nil
	}
	at, err := op.d.locate(n, false, op.manage)
	if err != nil {
		return found{}, err
	}
	return found{at.entry, len(at.children)}, nil
}
