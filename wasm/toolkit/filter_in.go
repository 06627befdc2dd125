package main

import "github.com/dsmlkit/dsmlkit/xml/dsml"

var filterKinds = []string{
	dsml.And:             "and",
	dsml.Or:              "or",
	dsml.Not:             "not",
	dsml.EqualityMatch:   "equalityMatch",
	dsml.Substrings:      "substrings",
	dsml.GreaterOrEqual:  "greaterOrEqual",
	dsml.LessOrEqual:     "lessOrEqual",
	dsml.Present:         "present",
	dsml.ApproxMatch:     "approxMatch",
	dsml.ExtensibleMatch: "extensibleMatch",
}

// readFilter converts one node and what is below it. Depth is bounded by the
// reader of the call.
func readFilter(a *argument) *dsml.Filter {
	f := &dsml.Filter{}
	if !a.object("a filter object") {
		return f
	}
	f.Kind = dsml.FilterKind(max(a.get("kind").oneOf(filterKinds), 0))
	switch f.Kind {
	case dsml.And, dsml.Or:
		list := a.get("filters")
		if !list.given() {
			list.refuse("an array of filters")
		}
		for i := range list.list() {
			f.Filters = append(f.Filters, readFilter(list.at(i)))
		}
	case dsml.Not:
		f.Filters = []*dsml.Filter{readFilter(a.get("filter"))}
	case dsml.EqualityMatch, dsml.GreaterOrEqual, dsml.LessOrEqual, dsml.ApproxMatch:
		f.Name = a.get("name").text()
		f.Value = readValue(a.get("value"))
	case dsml.Substrings:
		f.Name = a.get("name").text()
		f.Initial = readOptValue(a.get("initial"))
		f.Any = readValues(a.get("any"))
		f.Final = readOptValue(a.get("final"))
	case dsml.Present:
		f.Name = a.get("name").text()
	case dsml.ExtensibleMatch:
		f.Name, _ = a.get("name").optText()
		f.MatchingRule, _ = a.get("matchingRule").optText()
		f.DNAttributes = a.get("dnAttributes").boolean(false)
		f.Value = readValue(a.get("value"))
	}
	return f
}
