package memory

import (
	"math/big"
	"slices"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// modify changes a copy of the entry, one modification after the other, and
// stores it if all went well (D-52).
func (op *operation) modify(req *dsml.ModifyRequest) error {
	d, s := op.d, op.d.schema
	n, err := d.parse(req.DN)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	at, err := op.target(n, dsml.UnwillingToPerform)
	if err != nil {
		return err
	}
	e := at.entry.copy()
	for i := range req.Modifications {
		if err := op.apply(e, &req.Modifications[i]); err != nil {
			return err
		}
	}
	if !e.named() {
		return fail(dsml.NotAllowedOnRDN, "a value of the entry's RDN cannot be removed; rename the entry")
	}
	kind := e.get(s.structuralObjectClass)
	if err := s.check(e); err != nil {
		return err
	}
	if k := e.get(s.structuralObjectClass); k != kind {
		return fail(dsml.ObjectClassModsProhibited, "the structural object class "+kind+" of an entry cannot become "+k)
	}
	if e.alias && len(at.children) > 0 {
		return fail(dsml.UnwillingToPerform, "an entry with others below it cannot become an alias")
	}
	op.stamp(e)
	op.readBack(&found{at.entry, len(at.children)}, &found{e, len(at.children)})
	at.entry = e
	return nil
}

// stamp records who changed an entry and when.
func (op *operation) stamp(e *entry) {
	s := op.d.schema
	e.set(s, s.modifyTimestamp, op.d.now().UTC().Format(timeForm))
	e.set(s, s.modifiersName, op.who)
}

func (op *operation) apply(e *entry, m *dsml.Modification) error {
	s := op.d.schema
	desc, err := s.writable(m.Name)
	if err != nil {
		return err
	}
	values, err := s.read(desc.typ, m.Name, m.Values)
	if err != nil {
		return err
	}
	at := e.find(desc)
	switch m.Op {
	case dsml.ModifyAdd:
		return op.addValues(e, at, desc, m.Name, values)
	case dsml.ModifyDelete:
		return op.deleteValues(e, at, desc, m.Name, values)
	case dsml.ModifyReplace:
		switch {
		case len(values) == 0:
			e.remove(desc) // D-51
		case at != nil:
			at.values = values
		default:
			e.attrs = append(e.attrs, attribute{typ: desc.typ, name: m.Name, options: desc.options, values: values})
		}
		return nil
	case dsml.ModifyIncrement:
		return op.increment(at, desc, m.Name, values)
	}
	return fail(dsml.ProtocolError, "the kind of modification is not known")
}

func (op *operation) addValues(e *entry, at *attribute, desc description, name string, values []value) error {
	if len(values) == 0 {
		return fail(dsml.ProtocolError, "there is no value to add to "+name)
	}
	if at == nil {
		e.attrs = append(e.attrs, attribute{typ: desc.typ, name: name, options: desc.options, values: values})
		return nil
	}
	have := make(map[string]bool, len(at.values))
	for _, v := range at.values {
		have[v.prepared] = true
	}
	all := slices.Clip(at.values)
	for _, v := range values {
		if !have[v.prepared] {
			all = append(all, v)
		} else if !op.permissive {
			return fail(dsml.AttributeOrValueExists, "the attribute "+name+" has one of the values already")
		}
	}
	at.values = all
	return nil
}

func (op *operation) deleteValues(e *entry, at *attribute, desc description, name string, values []value) error {
	if at == nil {
		if op.permissive {
			return nil
		}
		return fail(dsml.NoSuchAttribute, "the entry has no attribute "+name)
	}
	if len(values) == 0 {
		e.remove(desc) // D-50
		return nil
	}
	gone := make(map[string]bool, len(values))
	for _, v := range values {
		gone[v.prepared] = true
	}
	var left []value
	for _, v := range at.values {
		if !gone[v.prepared] {
			left = append(left, v)
		}
	}
	if len(left)+len(values) != len(at.values) && !op.permissive {
		return fail(dsml.NoSuchAttribute, "the attribute "+name+" does not have one of the values")
	}
	if at.values = left; len(left) == 0 {
		e.remove(desc)
	}
	return nil
}

// increment adds a number to every value (RFC 4525).
func (op *operation) increment(at *attribute, desc description, name string, values []value) error {
	switch {
	case len(values) != 1:
		return fail(dsml.ProtocolError, "an increment has exactly one value")
	case desc.typ.syntax != syntaxInteger:
		return fail(dsml.ConstraintViolation, "the attribute "+name+" is not made of integers")
	case at == nil:
		return fail(dsml.NoSuchAttribute, "the entry has no attribute "+name)
	}
	by, ok := new(big.Int).SetString(values[0].prepared, 10)
	if !ok || len(values[0].prepared) > maxDigits {
		return fail(dsml.ConstraintViolation, "the increment is no integer, or too long")
	}
	sums := make([]value, len(at.values))
	for i, v := range at.values {
		n, ok := new(big.Int).SetString(v.prepared, 10)
		if !ok || len(v.prepared) > maxDigits {
			return fail(dsml.ConstraintViolation, "a value of "+name+" is no integer, or too long")
		}
		sums[i] = op.d.schema.value(desc.typ, n.Add(n, by).String())
	}
	at.values = sums
	return nil
}

// maxDigits bounds the numbers that are incremented: reading a number takes
// time that grows with more than its length.
const maxDigits = 1000
