package dsml

import "strconv"

var searchShape = shape{"SearchRequest", []string{"requestID", "dn", "scope", "derefAliases", "sizeLimit", "timeLimit", "typesOnly"}}

type searchReader struct {
	head
	r          *SearchRequest
	attributes bool
}

func (d *decoder) readSearchRequest() reader {
	a := d.attributes(&searchShape)
	r := &searchReader{r: &SearchRequest{}}
	r.m = &r.r.Message
	r.r.RequestID = a.optional(0)
	r.r.DN = a.required(1, "D-39")
	if a.at[2] == 0 {
		a.missing(2, "D-39", oneOf(scopes))
	}
	r.r.Scope = Scope(a.enum(2, scopes, 0, "D-40"))
	if a.at[3] == 0 {
		a.missing(3, "D-39", oneOf(derefAliasings))
	}
	r.r.DerefAliases = DerefAliases(a.enum(3, derefAliasings, 0, "D-40"))
	r.r.SizeLimit = a.limit(4)
	r.r.TimeLimit = a.limit(5)
	r.r.TypesOnly = a.boolean(6, false, "D-43")
	return r
}

func (r *searchReader) children() []string { return []string{"control", "filter", "attributes"} }

func (r *searchReader) child(d *decoder, local string) reader {
	if c := r.control(d, local); c != nil {
		return c
	}
	switch local {
	case "filter":
		switch {
		case r.attributes:
			d.fail("dsml-order", "D-39", "filter stands behind attributes", "the order is control, filter, attributes")
		case r.r.Filter != nil:
			d.fail("dsml-duplicate", "D-70", "a second filter", "a searchRequest has exactly one")
		}
		return d.readFilter(&r.r.Filter)
	case "attributes":
		switch {
		case r.attributes:
			d.fail("dsml-duplicate", "D-44", "a second attributes", "name all of them inside one")
		case r.r.Filter == nil:
			d.fail("dsml-order", "D-39", "attributes stands before the filter", "the order is control, filter, attributes")
		}
		r.attributes = true
		d.attributes(&attributesShape)
		return &attributesReader{r.r}
	}
	return nil
}

func (r *searchReader) end(d *decoder) {
	if r.r.Filter == nil {
		d.failAt(d.began(), "dsml-missing", "D-39", "the searchRequest has no filter", "to find everything, ask for present name=\"objectClass\"")
	}
	d.request(r.r)
}

var (
	attributesShape = shape{"AttributeDescriptions", nil}
	attributeShape  = shape{"AttributeDescription", []string{"name"}}
)

type attributesReader struct{ r *SearchRequest }

func (r *attributesReader) children() []string { return []string{"attribute"} }

func (r *attributesReader) child(d *decoder, local string) reader {
	if local != "attribute" {
		return nil
	}
	a := d.attributes(&attributeShape)
	r.r.Attributes = append(r.r.Attributes, d.attributeName(&a, 0, "D-53", true).Text)
	return emptyReader{}
}

func (r *attributesReader) end(*decoder) {}

func (r *SearchRequest) write(w *writer) {
	w.start("searchRequest")
	w.dn("dn", r.DN)
	w.optional("requestID", r.RequestID)
	w.enum("scope", scopes, int(r.Scope))
	w.enum("derefAliases", derefAliasings, int(r.DerefAliases))
	w.limit("sizeLimit", r.SizeLimit)
	w.limit("timeLimit", r.TimeLimit)
	if r.TypesOnly {
		w.w.Attr("", "typesOnly", "true")
	}
	w.head(&r.Message)
	w.start("filter")
	if r.Filter == nil {
		w.fail("dsml-missing", "D-39", "a SearchRequest has no Filter", "")
	} else {
		w.filter(r.Filter, 1)
	}
	w.w.End()
	if len(r.Attributes) > 0 {
		w.start("attributes")
		for _, n := range r.Attributes {
			w.start("attribute")
			w.name(n, true)
			w.w.End()
		}
		w.w.End()
	}
	w.w.End()
}

func (w *writer) limit(name string, n int32) {
	switch {
	case n < 0:
		w.fail("dsml-value", "D-41", name+" is negative", "0 means no limit")
	case n > 0:
		w.w.Attr("", name, strconv.Itoa(int(n)))
	}
}
