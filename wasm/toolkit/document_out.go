package main

import "github.com/dsmlkit/dsmlkit/xml/dsml"

func (a *answer) document(d dsml.Document) {
	switch d := d.(type) {
	case *dsml.BatchRequest:
		a.batchRequest(d)
	case *dsml.BatchResponse:
		a.batchResponse(d)
	default:
		a.absent()
	}
}

// optional writes a text property that is left out when it is absent.
func (o *object) optional(name string, v dsml.Optional) {
	if v.Set {
		o.key(name).text(v.Value)
	}
}

// word writes an enumerated property that is left out when it has its default.
func (o *object) word(name string, words []string, i int) {
	if i != 0 {
		o.key(name).text(words[i])
	}
}

func (o *object) message(m *dsml.Message) {
	o.optional("requestID", m.RequestID)
	if len(m.Controls) > 0 {
		o.key("controls").controls(m.Controls)
	}
}

func (a *answer) controls(controls []dsml.Control) {
	a.list(len(controls))
	for i := range controls {
		a.control(&controls[i])
	}
}

func (a *answer) control(c *dsml.Control) {
	o := a.object()
	o.key("type").text(c.Type)
	o.flag("criticality", c.Criticality)
	if c.Value != nil {
		o.key("controlValue").value(*c.Value)
	}
	o.end()
}

func (a *answer) batchRequest(b *dsml.BatchRequest) {
	o := a.object()
	o.key("kind").text("batchRequest")
	o.optional("requestID", b.RequestID)
	o.word("processing", processings, int(b.Processing))
	o.word("responseOrder", responseOrders, int(b.ResponseOrder))
	o.word("onError", onErrors, int(b.OnError))
	o.key("requests").list(len(b.Requests))
	for _, r := range b.Requests {
		a.request(r)
	}
	o.end()
}

func (a *answer) request(r dsml.Request) {
	o := a.object()
	o.key("kind").text(r.Element())
	o.message(r.Head())
	switch r := r.(type) {
	case *dsml.AuthRequest:
		o.key("principal").text(r.Principal)
	case *dsml.SearchRequest:
		o.search(r)
	case *dsml.ModifyRequest:
		o.key("dn").text(r.DN)
		o.key("modifications").list(len(r.Modifications))
		for _, m := range r.Modifications {
			mod := a.object()
			mod.key("name").text(m.Name)
			mod.key("operation").text(modifyOps[m.Op])
			mod.key("values").values(m.Values)
			mod.end()
		}
	case *dsml.AddRequest:
		o.key("dn").text(r.DN)
		o.key("attrs").attributes(r.Attrs)
	case *dsml.DelRequest:
		o.key("dn").text(r.DN)
	case *dsml.ModDNRequest:
		o.key("dn").text(r.DN)
		o.key("newrdn").text(r.NewRDN)
		if r.KeepOldRDN {
			o.key("deleteoldrdn").boolean(false)
		}
		o.optional("newSuperior", r.NewSuperior)
	case *dsml.CompareRequest:
		o.key("dn").text(r.DN)
		assertion := o.key("assertion").object()
		assertion.key("name").text(r.Name)
		assertion.key("value").value(r.Value)
		assertion.end()
	case *dsml.AbandonRequest:
		o.key("abandonID").text(r.AbandonID)
	case *dsml.ExtendedRequest:
		o.key("requestName").text(r.RequestName)
		if r.RequestValue != nil {
			o.key("requestValue").value(*r.RequestValue)
		}
	}
	o.end()
}

func (o *object) search(r *dsml.SearchRequest) {
	o.key("dn").text(r.DN)
	o.key("scope").text(scopes[r.Scope])
	o.key("derefAliases").text(derefs[r.DerefAliases])
	if r.SizeLimit != 0 {
		o.key("sizeLimit").integer(int64(r.SizeLimit))
	}
	if r.TimeLimit != 0 {
		o.key("timeLimit").integer(int64(r.TimeLimit))
	}
	o.flag("typesOnly", r.TypesOnly)
	o.key("filter").filter(r.Filter)
	if len(r.Attributes) > 0 {
		o.key("attributes").texts(r.Attributes)
	}
}

func (a *answer) texts(texts []string) {
	a.list(len(texts))
	for _, s := range texts {
		a.text(s)
	}
}

func (a *answer) value(v dsml.Value) {
	switch v.Type {
	case dsml.Base64Binary:
		a.bytes(v.Data)
	case dsml.AnyURI:
		o := a.object()
		o.key("anyURI").text(v.Data)
		o.end()
	default:
		a.text(v.Data)
	}
}

func (a *answer) values(values []dsml.Value) {
	a.list(len(values))
	for _, v := range values {
		a.value(v)
	}
}

// attributes writes values by name. A name that occurs again gets its values
// appended to the first one's, as LDAP would take them.
func (a *answer) attributes(attrs []dsml.Attribute) {
	o := a.object()
	merged := make(map[string][]dsml.Value, len(attrs))
	for i := range attrs {
		merged[attrs[i].Name] = append(merged[attrs[i].Name], attrs[i].Values...)
	}
	for i := range attrs {
		if values, ok := merged[attrs[i].Name]; ok {
			o.key(attrs[i].Name).values(values)
			delete(merged, attrs[i].Name)
		}
	}
	o.end()
}
