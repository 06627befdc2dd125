package dsml

import ber "github.com/go-asn1-ber/asn1-ber"

// filterPacket encodes a filter as LDAP carries it (RFC 4511 section 4.5.1). A
// missing filter is the absolute true filter of RFC 4526, an empty and.
func filterPacket(f *Filter) *ber.Packet {
	if f == nil {
		f = &Filter{Kind: And}
	}
	tag := ber.Tag(f.Kind - And)
	if f.Kind == Present {
		return berContext(tag, f.Name)
	}
	p := ber.Encode(ber.ClassContext, ber.TypeConstructed, tag, nil, "")
	switch f.Kind {
	case And, Or, Not:
		for _, inner := range f.Filters {
			p.AppendChild(filterPacket(inner))
		}
	case Substrings:
		p.AppendChild(berString(f.Name))
		parts := berSequence()
		if f.Initial != nil {
			parts.AppendChild(berContext(0, f.Initial.Data))
		}
		for _, v := range f.Any {
			parts.AppendChild(berContext(1, v.Data))
		}
		if f.Final != nil {
			parts.AppendChild(berContext(2, f.Final.Data))
		}
		p.AppendChild(parts)
	case ExtensibleMatch:
		if f.MatchingRule != "" {
			p.AppendChild(berContext(1, f.MatchingRule))
		}
		if f.Name != "" {
			p.AppendChild(berContext(2, f.Name))
		}
		p.AppendChild(berContext(3, f.Value.Data))
		if f.DNAttributes {
			p.AppendChild(ber.NewLDAPBoolean(ber.ClassContext, ber.TypePrimitive, 4, true, ""))
		}
	default:
		p.AppendChild(berString(f.Name))
		p.AppendChild(berString(f.Value.Data))
	}
	return p
}

// filter reads a filter; the depth is that of the filter.
func (r *berReader) filter(depth int) *Filter {
	if !r.more() {
		r.fail("a filter is missing")
		return nil
	}
	head := r.packets[0]
	if head.ClassType != ber.ClassContext || head.Tag > ber.Tag(ExtensibleMatch-And) {
		r.fail("there is something that is no filter where one should be")
		return nil
	}
	if depth > DefaultFilterDepth {
		r.fail("its filter is nested too deep")
		return nil
	}
	f := &Filter{Kind: And + FilterKind(head.Tag)}
	if f.Kind == Present {
		f.Name = string(r.bytes(ber.ClassContext, head.Tag, "the attribute"))
		return f
	}
	in := r.inside(ber.ClassContext, head.Tag, "a filter")
	switch f.Kind {
	case And, Or:
		for in.more() {
			f.Filters = append(f.Filters, in.filter(depth+1))
		}
	case Not:
		f.Filters = []*Filter{in.filter(depth + 1)}
	case Substrings:
		f.Name = string(in.octets("the attribute of a filter"))
		in.substrings(f)
	case ExtensibleMatch:
		if in.has(ber.ClassContext, 1) {
			f.MatchingRule = string(in.bytes(ber.ClassContext, 1, "the matching rule"))
		}
		if in.has(ber.ClassContext, 2) {
			f.Name = string(in.bytes(ber.ClassContext, 2, "the attribute of a filter"))
		}
		f.Value = filterValue(string(in.bytes(ber.ClassContext, 3, "the value of a filter")))
		if in.has(ber.ClassContext, 4) {
			f.DNAttributes = in.boolean(ber.ClassContext, 4, "the flag dnAttributes")
		}
	default:
		f.Name = string(in.octets("the attribute of a filter"))
		f.Value = filterValue(string(in.octets("the value of a filter")))
	}
	if err := in.end(); err != nil && r.err == nil {
		r.err = err
	}
	return f
}

// substrings reads the parts of a substrings filter, whose order is fixed.
func (r *berReader) substrings(f *Filter) {
	parts := r.sequence("the parts of a filter")
	if parts.has(ber.ClassContext, 0) {
		v := filterValue(string(parts.bytes(ber.ClassContext, 0, "the first part")))
		f.Initial = &v
	}
	for parts.has(ber.ClassContext, 1) && parts.err == nil {
		f.Any = append(f.Any, filterValue(string(parts.bytes(ber.ClassContext, 1, "a part"))))
	}
	if parts.has(ber.ClassContext, 2) {
		v := filterValue(string(parts.bytes(ber.ClassContext, 2, "the last part")))
		f.Final = &v
	}
	if f.Initial == nil && f.Any == nil && f.Final == nil {
		parts.fail("a substrings filter has no part")
	}
	if err := parts.end(); err != nil && r.err == nil {
		r.err = err
	}
}
