package main

import "github.com/dsmlkit/dsmlkit/xml/dsml"

func (a *answer) filter(f *dsml.Filter) {
	o := a.object()
	o.key("kind").text(filterKinds[f.Kind])
	switch f.Kind {
	case dsml.And, dsml.Or:
		o.key("filters").list(len(f.Filters))
		for _, sub := range f.Filters {
			a.filter(sub)
		}
	case dsml.Not:
		o.key("filter").filter(f.Filters[0])
	case dsml.EqualityMatch, dsml.GreaterOrEqual, dsml.LessOrEqual, dsml.ApproxMatch:
		o.key("name").text(f.Name)
		o.key("value").value(f.Value)
	case dsml.Substrings:
		o.key("name").text(f.Name)
		if f.Initial != nil {
			o.key("initial").value(*f.Initial)
		}
		if len(f.Any) > 0 {
			o.key("any").values(f.Any)
		}
		if f.Final != nil {
			o.key("final").value(*f.Final)
		}
	case dsml.Present:
		o.key("name").text(f.Name)
	case dsml.ExtensibleMatch:
		o.opt("name", f.Name)
		o.opt("matchingRule", f.MatchingRule)
		o.flag("dnAttributes", f.DNAttributes)
		o.key("value").value(f.Value)
	}
	o.end()
}
