package dsml

// anyTyped reports whether any value of a document is written with an xsi:type,
// so that the batch has to declare the prefixes for it (D-88).
func anyTyped(d Document) bool {
	switch d := d.(type) {
	case *BatchRequest:
		for _, r := range d.Requests {
			if typedRequest(r) {
				return true
			}
		}
	case *BatchResponse:
		for _, r := range d.Responses {
			if typedResponse(r) {
				return true
			}
		}
	}
	return false
}

func typedRequest(r Request) bool {
	if r == nil {
		return false
	}
	if typedControls(r.Head().Controls) {
		return true
	}
	switch r := r.(type) {
	case *SearchRequest:
		return typedFilter(r.Filter)
	case *ModifyRequest:
		for i := range r.Modifications {
			if typedValues(r.Modifications[i].Values) {
				return true
			}
		}
	case *AddRequest:
		return typedAttrs(r.Attrs)
	case *CompareRequest:
		return r.Value.typed()
	case *ExtendedRequest:
		return typedValue(r.RequestValue)
	}
	return false
}

func typedResponse(r Response) bool {
	switch r := r.(type) {
	case *SearchResponse:
		for _, e := range r.Entries {
			if typedControls(e.Controls) || typedAttrs(e.Attrs) {
				return true
			}
		}
		for _, f := range r.References {
			if typedControls(f.Controls) {
				return true
			}
		}
		return r.Done != nil && typedControls(r.Done.Controls)
	case *Result:
		return typedControls(r.Controls)
	case *ExtendedResponse:
		return typedControls(r.Controls) || typedValue(r.Response)
	}
	return false
}

func typedControls(cs []Control) bool {
	for i := range cs {
		if typedValue(cs[i].Value) {
			return true
		}
	}
	return false
}

func typedAttrs(as []Attribute) bool {
	for i := range as {
		if typedValues(as[i].Values) {
			return true
		}
	}
	return false
}

//go:noinline
func typedValues(vs []Value) bool {
	for i := range vs {
		if vs[i].typed() {
			return true
		}
	}
	return false
}

//go:noinline
func typedValue(v *Value) bool { return v != nil && v.typed() }

func typedFilter(f *Filter) bool {
	if f == nil {
		return false
	}
	for _, c := range f.Filters {
		if typedFilter(c) {
			return true
		}
	}
	return f.Value.typed() || typedValue(f.Initial) || typedValues(f.Any) || typedValue(f.Final)
}
