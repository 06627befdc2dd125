package main

import "github.com/dsmlkit/dsmlkit/xml/dsml"

// plainControls are those that have no value, by the name that JavaScript uses.
var plainControls = []struct{ name, oid string }{
	{"manageDsaIT", dsml.OIDManageDsaIT},
	{"treeDelete", dsml.OIDTreeDelete},
	{"showDeleted", dsml.OIDShowDeleted},
	{"domainScope", dsml.OIDDomainScope},
	{"permissiveModify", dsml.OIDPermissiveModify},
}

// controlTypes are the names of all typed controls.
var controlTypes = func() []string {
	names := []string{"pagedResults", "proxiedAuthorization", "unknown"}
	for _, p := range plainControls {
		names = append(names, p.name)
	}
	return names
}()

func controlEncode(c *call) error {
	v := c.arg("value")
	if !v.object("an object with type") {
		return nil
	}
	kind := v.get("type").oneOf(controlTypes)
	critical := v.get("criticality").boolean(false)
	if kind < 0 {
		return nil
	}
	var control dsml.Control
	switch controlTypes[kind] {
	case "pagedResults":
		size := v.get("size")
		if !size.given() {
			size.refuse("a whole number")
		}
		p := dsml.PagedResults{Size: int32(size.integer(0, 0, maxInt))}
		if cookie := v.get("cookie"); cookie.given() {
			p.Cookie = cookie.binary()
		}
		control = p.Control(critical)
	case "proxiedAuthorization":
		// The identity stands in the value as it is, without any BER around it.
		// Some servers refuse the control when it is not critical, and RFC 4370
		// asks clients to make it so.
		control = dsml.Control{
			Type:        dsml.OIDProxiedAuthorization,
			Criticality: v.get("criticality").boolean(true),
			Value:       &dsml.Value{Data: v.get("authzID").text(), Type: dsml.Base64Binary},
		}
	case "unknown":
		control = dsml.Control{Type: v.get("oid").text(), Criticality: critical, Value: readOptValue(v.get("value"))}
	default:
		for _, p := range plainControls {
			if p.name == controlTypes[kind] {
				control = dsml.Control{Type: p.oid, Criticality: critical}
			}
		}
	}
	if c.errs.first != nil {
		return nil
	}
	c.out.control(&control)
	return nil
}

func controlDecode(c *call) error {
	control := readControl(c.arg("control"))
	if c.errs.first != nil {
		return nil
	}
	switch control.Type {
	case dsml.OIDPagedResults:
		p, err := dsml.DecodePagedResults(control)
		if err != nil {
			return err
		}
		o := c.out.object()
		o.key("type").text("pagedResults")
		o.key("size").integer(int64(p.Size))
		if len(p.Cookie) > 0 {
			o.key("cookie").bytes(string(p.Cookie))
		}
		o.flag("criticality", control.Criticality)
		o.end()
		return nil
	case dsml.OIDProxiedAuthorization:
		o := c.out.object()
		o.key("type").text("proxiedAuthorization")
		id := ""
		if control.Value != nil {
			id = control.Value.Data
		}
		o.key("authzID").text(id)
		o.flag("criticality", control.Criticality)
		o.end()
		return nil
	}
	o := c.out.object()
	for _, p := range plainControls {
		if p.oid == control.Type {
			o.key("type").text(p.name)
			o.flag("criticality", control.Criticality)
			o.end()
			return nil
		}
	}
	o.key("type").text("unknown")
	o.key("oid").text(control.Type)
	o.flag("criticality", control.Criticality)
	if control.Value != nil {
		o.key("value").value(*control.Value)
	}
	o.end()
	return nil
}
