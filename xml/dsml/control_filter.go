package dsml

// filter writes a filter as LDAP carries it (RFC 4511 section 4.5.1). A missing
// filter is the absolute true filter of RFC 4526, an empty and.
func (w *berWriter) filter(f *Filter) {
	if f == nil {
		f = &Filter{Kind: And}
	}
	identifier := berContext | byte(f.Kind-And)
	if f.Kind == Present {
		w.string(identifier, f.Name)
		return
	}
	place := w.start(identifier | berConstructed)
	switch f.Kind {
	case And, Or, Not:
		for _, inner := range f.Filters {
			w.filter(inner)
		}
	case Substrings:
		w.octets(f.Name)
		parts := w.start(berSequence)
		if f.Initial != nil {
			w.string(berContext+0, f.Initial.Data)
		}
		for _, v := range f.Any {
			w.string(berContext+1, v.Data)
		}
		if f.Final != nil {
			w.string(berContext+2, f.Final.Data)
		}
		w.end(parts)
	case ExtensibleMatch:
		if f.MatchingRule != "" {
			w.string(berContext+1, f.MatchingRule)
		}
		if f.Name != "" {
			w.string(berContext+2, f.Name)
		}
		w.string(berContext+3, f.Value.Data)
		if f.DNAttributes {
			w.boolean(berContext+4, true)
		}
	default:
		w.octets(f.Name)
		w.octets(f.Value.Data)
	}
	w.end(place)
}

// filter reads a filter; the depth is that of the filter.
func (r *berReader) filter(depth int) *Filter {
	if !r.more() {
		r.fail("a filter is missing")
		return nil
	}
	identifier := r.rest[0] &^ berConstructed
	if identifier < berContext || identifier > berContext|byte(ExtensibleMatch-And) {
		r.fail("there is something that is no filter where one should be")
		return nil
	}
	if depth > DefaultFilterDepth {
		r.fail("its filter is nested too deep")
		return nil
	}
	f := &Filter{Kind: And + FilterKind(identifier-berContext)}
	if f.Kind == Present {
		f.Name = r.content(identifier, "the attribute")
		return f
	}
	in := r.inside(identifier|berConstructed, "a filter")
	switch f.Kind {
	case And, Or:
		for in.more() {
			f.Filters = append(f.Filters, in.filter(depth+1))
		}
	case Not:
		f.Filters = []*Filter{in.filter(depth + 1)}
	case Substrings:
		f.Name = in.octets("the attribute of a filter")
		in.substrings(f)
	case ExtensibleMatch:
		f.MatchingRule = in.optional(berContext+1, "the matching rule").Value
		f.Name = in.optional(berContext+2, "the attribute of a filter").Value
		f.Value = filterValue(in.content(berContext+3, "the value of a filter"))
		if in.has(berContext + 4) {
			f.DNAttributes = in.boolean(berContext+4, "the flag dnAttributes")
		}
	default:
		f.Name = in.octets("the attribute of a filter")
		f.Value = filterValue(in.octets("the value of a filter"))
	}
	in.endWithin(r)
	return f
}

// substrings reads the parts of a substrings filter, whose order is fixed.
func (r *berReader) substrings(f *Filter) {
	parts := r.inside(berSequence, "the parts of a filter")
	f.Initial = parts.substring(0, "the first part")
	for parts.has(berContext + 1) {
		f.Any = append(f.Any, *parts.substring(1, "a part"))
	}
	f.Final = parts.substring(2, "the last part")
	if f.Initial == nil && f.Any == nil && f.Final == nil {
		parts.fail("a substrings filter has no part")
	}
	parts.endWithin(r)
}

// substring reads a part of a substrings filter that may be missing.
func (r *berReader) substring(tag byte, what string) *Value {
	part := r.optional(berContext|tag, what)
	if !part.Set {
		return nil
	}
	v := filterValue(part.Value)
	return &v
}
