package dsml

import "strconv"

// readFilter reads the element that holds one filter: filter itself, or not.
func (d *decoder) readFilter(dst **Filter) reader {
	d.attributes(&filterShape)
	return &filterReader{dst: dst}
}

var (
	filterShape     = shape{"Filter", nil}
	filterSetShape  = shape{"FilterSet", nil}
	substringsShape = shape{"SubstringFilter", []string{"name"}}
	presentShape    = shape{"AttributeDescription", []string{"name"}}
	extensibleShape = shape{"MatchingRuleAssertion", []string{"name", "matchingRule", "dnAttributes"}}
)

type filterReader struct {
	dst   **Filter
	count int
}

func (r *filterReader) children() []string { return filterElements[1:] }

func (r *filterReader) child(d *decoder, local string) reader {
	f, c := d.readFilterNode(local)
	if f == nil {
		return c
	}
	if r.count++; r.count == 2 {
		st := "D-70"
		if d.top().local == "not" {
			st = "D-71"
		}
		d.fail("dsml-filter", st, "a second filter inside "+d.top().local, "join them with and, or with or")
	}
	*r.dst = f
	return c
}

func (r *filterReader) end(d *decoder) {
	if r.count == 0 {
		st := "D-70"
		if d.top().local == "not" {
			st = "D-71"
		}
		d.failAt(d.began(), "dsml-filter", st, d.top().local+" is empty", "it holds "+oneOf(filterElements[1:]))
	}
}

// setReader reads and, or and not: the level that it closes has to be counted
// down whatever it holds.
type setReader struct{ f *Filter }

func (r *setReader) children() []string { return filterElements[1:] }

func (r *setReader) child(d *decoder, local string) reader {
	f, c := d.readFilterNode(local)
	if f != nil {
		r.f.Filters = append(r.f.Filters, f)
	}
	return c
}

func (r *setReader) end(d *decoder) { d.depth-- }

type notReader struct {
	filterReader
	f     *Filter
	inner *Filter
}

func (r *notReader) end(d *decoder) {
	r.filterReader.end(d)
	if r.inner != nil {
		r.f.Filters = []*Filter{r.inner}
	}
	d.depth--
}

// readFilterNode starts one node of a filter; both results are nil for an
// element that is none.
func (d *decoder) readFilterNode(local string) (*Filter, reader) {
	kind := FilterKind(0)
	for i, n := range filterElements {
		if n == local && n != "" {
			kind = FilterKind(i)
		}
	}
	if kind == 0 {
		return nil, nil
	}
	f := &Filter{Kind: kind}
	if d.depth >= d.o.filterDepth() {
		d.fail("dsml-filter-depth", "D-81", "the filter is nested deeper than "+strconv.Itoa(d.o.filterDepth())+" levels", "")
		return f, &ignoreReader{}
	}
	switch kind {
	case And, Or:
		d.attributes(&filterSetShape)
		d.depth++
		return f, &setReader{f}
	case Not:
		d.attributes(&filterShape)
		d.depth++
		r := &notReader{f: f}
		r.dst = &r.inner
		return f, r
	case Substrings:
		a := d.attributes(&substringsShape)
		f.Name = d.attributeName(&a, 0, "D-75", false).Text
		return f, &substringsReader{f: f}
	case Present:
		a := d.attributes(&presentShape)
		f.Name = d.attributeName(&a, 0, "D-74", false).Text
		return f, emptyReader{}
	case ExtensibleMatch:
		return f, d.readExtensible(f)
	}
	return f, d.readAssertion("D-73", func(name string, v Value) {
		f.Name, f.Value = name, v
		if f.Kind == EqualityMatch && v.Data == "*" && v.Type == Text {
			d.warn(d.began(), "dsml-asterisk", "D-80", "the filter looks for the value \"*\" itself",
				"to ask whether the attribute is there at all, write present name=\""+name+"\"")
		}
	})
}

func (d *decoder) readExtensible(f *Filter) reader {
	a := d.attributes(&extensibleShape)
	if a.at[0] != 0 {
		f.Name = d.attributeName(&a, 0, "D-78", false).Text
	}
	if rule, ok := a.bytes(1); ok {
		f.MatchingRule = string(rule)
		if f.MatchingRule == "" {
			a.bad(1, "D-78", "leave it out, or name a matching rule")
		}
	}
	if a.at[0] == 0 && a.at[1] == 0 {
		d.warn(d.s.Pos(), "dsml-filter", "", "the extensibleMatch has neither name nor matchingRule",
			"the schema lets that pass, but a directory can do nothing with it")
	}
	f.DNAttributes = a.boolean(2, false, "D-77")
	return &assertionReader{statement: "D-73", done: func(_ string, v Value) { f.Value = v }}
}

// ignoreReader passes over what is inside.
type ignoreReader struct{}

func (*ignoreReader) child(d *decoder, _ string) reader { return &ignoreReader{} }
func (*ignoreReader) children() []string                { return nil }
func (*ignoreReader) content() content                  { return elementsOnly }
func (*ignoreReader) end(*decoder)                      {}

type substringsReader struct {
	f    *Filter
	step int
}

var substringSteps = []string{"initial", "any", "final"}

func (r *substringsReader) children() []string { return substringSteps }

func (r *substringsReader) child(d *decoder, local string) reader {
	step := 0
	for i, n := range substringSteps {
		if n == local {
			step = i + 1
		}
	}
	switch {
	case step == 0:
		return nil
	case step < r.step:
		d.fail("dsml-order", "D-76", local+" stands behind "+substringSteps[r.step-1], "the order is initial, any, final")
	case step == r.step && local != "any":
		d.fail("dsml-duplicate", "D-76", "a second "+local, "substrings have one initial and one final at most")
	}
	r.step = max(r.step, step)
	return d.readValue(local, r)
}

func (r *substringsReader) value(_ *decoder, local string, data []byte, t ValueType) {
	v := Value{string(data), t}
	switch local {
	case "initial":
		r.f.Initial = &v
	case "any":
		r.f.Any = append(r.f.Any, v)
	case "final":
		r.f.Final = &v
	}
}

func (r *substringsReader) end(d *decoder) {
	if r.step == 0 {
		d.failAt(d.began(), "dsml-filter", "D-75", "the substrings have no part", "at least one of initial, any and final")
	}
}
