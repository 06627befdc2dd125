package memory

import (
	"slices"
	"strings"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// value is one value of an attribute, and what it is compared by.
type value struct{ raw, prepared string }

func (s *schema) value(t *attributeType, raw string) value {
	v := value{raw: raw, prepared: raw}
	if p, ok := s.prepared(t.prepare, raw); ok {
		v.prepared = p
	}
	return v
}

// attribute is one attribute description of an entry with its values.
type attribute struct {
	typ     *attributeType
	name    string   // as it was first written, options included
	options []string // in lower case and order
	values  []value
}

func (a *attribute) has(prepared string) bool { return a.index(prepared) >= 0 }

func (a *attribute) index(prepared string) int {
	for i := range a.values {
		if a.values[i].prepared == prepared {
			return i
		}
	}
	return -1
}

// entry is one entry. It never changes: whoever changes the directory makes a
// new one, so that searches read entries without a lock.
type entry struct {
	name     name
	dn       string // name as text
	attrs    []attribute
	alias    bool
	referral bool
}

// description is what stands for attributes in a request: a type and options.
type description struct {
	typ     *attributeType
	options []string
}

// covers reports whether an attribute is meant by the description, be it for a
// subtype or for more options (RFC 4512 section 2.5).
func (d description) covers(a *attribute) bool {
	if !a.typ.isA(d.typ) {
		return false
	}
	for _, o := range d.options {
		if !slices.Contains(a.options, o) {
			return false
		}
	}
	return true
}

// splitOptions takes the options off an attribute description.
func splitOptions(text string) (base string, options []string) {
	base, rest, found := strings.Cut(text, ";")
	if !found {
		return base, nil
	}
	options = strings.Split(strings.ToLower(rest), ";")
	slices.Sort(options)
	return base, slices.Compact(options)
}

// describe reads an attribute description; false means that the schema does
// not know its type.
func (s *schema) describe(text string) (description, bool) {
	base, options := splitOptions(text)
	t := s.attribute(base)
	return description{t, options}, t != nil
}

// find returns the attribute of exactly this description.
func (e *entry) find(d description) *attribute {
	for i := range e.attrs {
		if e.attrs[i].typ == d.typ && slices.Equal(e.attrs[i].options, d.options) {
			return &e.attrs[i]
		}
	}
	return nil
}

// get returns the first value of a type without options.
func (e *entry) get(t *attributeType) string {
	if a := e.find(description{typ: t}); a != nil && len(a.values) > 0 {
		return a.values[0].raw
	}
	return ""
}

// all returns the values of a type without options.
func (e *entry) all(t *attributeType) []string {
	a := e.find(description{typ: t})
	if a == nil {
		return nil
	}
	out := make([]string, len(a.values))
	for i, v := range a.values {
		out[i] = v.raw
	}
	return out
}

// copy returns an entry that may be changed, attribute by attribute; the
// slices of values are still those of e.
func (e *entry) copy() *entry {
	c := *e
	c.attrs = slices.Clone(e.attrs)
	return &c
}

// set puts one value in the place of all others of a type.
func (e *entry) set(s *schema, t *attributeType, raw string) { e.put(t, s.value(t, raw)) }

func (e *entry) put(t *attributeType, v value) {
	values := []value{v}
	if a := e.find(description{typ: t}); a != nil {
		a.values = values
		return
	}
	e.attrs = append(e.attrs, attribute{typ: t, name: t.name, values: values})
}

// remove drops an attribute.
func (e *entry) remove(d description) {
	e.attrs = slices.DeleteFunc(e.attrs, func(a attribute) bool { return a.typ == d.typ && slices.Equal(a.options, d.options) })
}

// found is an entry as a search met it, with what the tree knew of it then.
type found struct {
	*entry
	subordinates int // direct ones
}

// virtual returns the attributes that no entry stores.
func (f found) virtual(s *schema) []attribute {
	has := "FALSE"
	if f.subordinates > 0 {
		has = "TRUE"
	}
	one := func(t *attributeType, raw string) attribute {
		return attribute{typ: t, name: t.name, values: []value{s.value(t, raw)}}
	}
	attrs := []attribute{
		one(s.hasSubordinates, has),
		one(s.numSubordinates, itoa(f.subordinates)),
		one(s.subschemaSubentry, subschemaDN),
	}
	if f.dn != "" {
		attrs = append(attrs, one(s.entryDN, f.dn))
	}
	return attrs
}

func (s *schema) isVirtual(t *attributeType) bool {
	return t == s.entryDN || t == s.hasSubordinates || t == s.numSubordinates || t == s.subschemaSubentry
}

// selection is the list of attributes that a search or a read control asks
// for.
type selection struct {
	user, operational bool // all of them
	list              []description
	classes           []*objectClass // "@class", RFC 4529
	virtual           bool           // one that no entry stores may be asked for
}

// selection reads a list of attributes: none means all user attributes (D-44),
// "1.1" no attribute (D-45), "*" and "+" all user and all operational ones
// (D-46). Names that the schema does not know are passed over.
func (s *schema) selection(names []string) selection {
	sel := selection{user: len(names) == 0}
	for _, n := range names {
		switch {
		case n == "*":
			sel.user = true
		case n == "+":
			sel.operational, sel.virtual = true, true
		case n == "1.1":
		case strings.HasPrefix(n, "@"):
			if c := s.class(n[1:]); c != nil {
				sel.classes = append(sel.classes, c)
			}
		default:
			if d, ok := s.describe(n); ok {
				sel.list = append(sel.list, d)
				sel.virtual = sel.virtual || s.isVirtual(d.typ)
			}
		}
	}
	return sel
}

func (sel *selection) wants(s *schema, a *attribute) bool {
	if a.typ == s.userPassword {
		return false // it can be written and compared, never read
	}
	if a.typ.operational && sel.operational || !a.typ.operational && sel.user {
		return true
	}
	for _, d := range sel.list {
		if d.covers(a) {
			return true
		}
	}
	for _, c := range sel.classes {
		if c == s.extensibleObject || slices.ContainsFunc(c.must, a.typ.isA) || slices.ContainsFunc(c.may, a.typ.isA) {
			return true
		}
	}
	return false
}

// result makes what a search returns of an entry.
func (f found) result(s *schema, sel *selection, typesOnly bool) *dsml.SearchResultEntry {
	out := &dsml.SearchResultEntry{DN: f.dn}
	out.Attrs = f.pick(out.Attrs, s, f.attrs, sel, typesOnly)
	if sel.virtual {
		out.Attrs = f.pick(out.Attrs, s, f.virtual(s), sel, typesOnly)
	}
	return out
}

func (f found) pick(out []dsml.Attribute, s *schema, attrs []attribute, sel *selection, typesOnly bool) []dsml.Attribute {
	count, values := 0, 0
	for i := range attrs {
		if sel.wants(s, &attrs[i]) {
			count++
			values += len(attrs[i].values)
		}
	}
	if count == 0 {
		return out
	}
	out = slices.Grow(out, count)
	var all []dsml.Value // of all attributes, one allocation
	if !typesOnly {
		all = make([]dsml.Value, 0, values)
	}
	for i := range attrs {
		a := &attrs[i]
		if !sel.wants(s, a) {
			continue
		}
		picked := dsml.Attribute{Name: a.name}
		if !typesOnly {
			start := len(all)
			for _, v := range a.values {
				all = append(all, transfer(a.typ, v.raw))
			}
			picked.Values = all[start:len(all):len(all)]
		}
		out = append(out, picked)
	}
	return out
}

// transfer gives a value the type in which it can travel (D-87).
func transfer(t *attributeType, raw string) dsml.Value {
	if t.binary() || !directory.IsText(raw) {
		return dsml.Value{Data: raw, Type: dsml.Base64Binary}
	}
	return dsml.Value{Data: raw}
}
