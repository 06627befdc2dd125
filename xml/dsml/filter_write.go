package dsml

// filter writes one node and what is below it. level counts from 1.
func (w *writer) filter(f *Filter, level int) {
	if f == nil {
		w.fail("dsml-filter", "D-70", "a filter is nil", "")
		return
	}
	if level > w.depth() {
		w.fail("dsml-filter-depth", "D-81", "the filter is nested too deep", "")
		return
	}
	name := f.Kind.String()
	if name == "" {
		w.fail("dsml-filter", "D-70", "a filter has no Kind", "")
		return
	}
	w.start(name)
	switch f.Kind {
	case And, Or, Not:
		if f.Kind == Not && len(f.Filters) != 1 {
			w.fail("dsml-filter", "D-71", "a filter of kind not holds anything but one filter", "")
		}
		for _, c := range f.Filters {
			w.filter(c, level+1)
		}
	case Substrings:
		w.name(f.Name, false)
		if f.Initial == nil && len(f.Any) == 0 && f.Final == nil {
			w.fail("dsml-filter", "D-75", "the substrings have no part", "")
		}
		if f.Initial != nil {
			f.Initial.write(w, "initial")
		}
		for i := range f.Any {
			f.Any[i].write(w, "any")
		}
		if f.Final != nil {
			f.Final.write(w, "final")
		}
	case Present:
		w.name(f.Name, false)
	case ExtensibleMatch:
		if f.Name != "" {
			w.name(f.Name, false)
		}
		if f.MatchingRule != "" {
			w.w.Attr("", "matchingRule", f.MatchingRule)
		}
		if f.DNAttributes {
			w.w.Attr("", "dnAttributes", "true")
		}
		f.Value.write(w, "value")
	default:
		w.name(f.Name, false)
		f.Value.write(w, "value")
	}
	w.w.End()
}
