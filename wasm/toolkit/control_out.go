package main

import "github.com/dsmlkit/dsmlkit/xml/dsml"

// controlValue writes the value of a control taken apart.
func (a *answer) controlValue(v dsml.ControlValue, c *dsml.Control) {
	o := a.object()
	switch v := v.(type) {
	case dsml.PagedResults:
		o.kind("pagedResults")
		o.key("size").integer(int64(v.Size))
		o.optBytes("cookie", v.Cookie)
	case dsml.Sort:
		o.kind("sort")
		o.key("keys").list(len(v.Keys))
		for _, k := range v.Keys {
			key := a.object()
			key.key("attribute").text(k.Attribute)
			key.opt("matchingRule", k.MatchingRule)
			key.flag("reverse", k.Reverse)
			key.end()
		}
	case dsml.SortResult:
		o.kind("sortResult")
		o.key("code").integer(int64(v.Code))
		o.opt("attribute", v.Attribute)
	case dsml.VLV:
		o.kind("virtualListView")
		o.key("before").integer(int64(v.Before))
		o.key("after").integer(int64(v.After))
		if v.ByValue {
			o.key("value").text(v.Value)
		} else {
			o.key("offset").integer(int64(v.Offset))
			o.count("contentCount", int64(v.ContentCount))
		}
		o.optBytes("contextID", v.ContextID)
	case dsml.VLVResult:
		o.kind("virtualListViewResult")
		o.key("position").integer(int64(v.Position))
		o.key("contentCount").integer(int64(v.ContentCount))
		o.key("code").integer(int64(v.Code))
		o.optBytes("contextID", v.ContextID)
	case dsml.DirSync:
		o.kind("dirSync")
		o.key("flags").integer(int64(v.Flags))
		o.key("maxBytes").integer(int64(v.MaxBytes))
		o.optBytes("cookie", v.Cookie)
	case dsml.DirSyncResult:
		o.kind("dirSyncResult")
		o.key("moreResults").boolean(v.More)
		o.optBytes("cookie", v.Cookie)
	case dsml.AttributeScopedQuery:
		o.kind("attributeScopedQuery")
		o.key("attribute").text(v.Attribute)
	case dsml.SDFlags:
		o.kind("sdFlags")
		o.key("flags").integer(int64(v.Flags))
	case dsml.SearchOptions:
		o.kind("searchOptions")
		o.key("flags").integer(int64(v.Flags))
	case dsml.ExtendedDN:
		o.kind("extendedDN")
		o.flag("standard", v.Standard)
	case dsml.Assertion:
		o.kind("assertion")
		o.key("filter").filter(v.Filter)
	case dsml.ReadEntry:
		o.kind(readName(v.Post))
		if len(v.Attributes) > 0 {
			o.key("attributes").texts(v.Attributes)
		}
	case dsml.ReadEntryResult:
		o.kind(readName(v.Post) + "Result")
		entry := o.key("entry").object()
		entry.key("dn").text(v.Entry.DN)
		entry.key("attrs").attributes(v.Entry.Attrs)
		entry.end()
	case dsml.ProxiedAuthorization:
		o.kind("proxiedAuthorization")
		o.key("authzID").text(v.AuthzID)
	case dsml.FlagControl:
		o.plain(c)
	default:
		o.unknown(c)
	}
	o.flag("criticality", c.Criticality)
	o.end()
}

// plain writes a control that says all by being there.
func (o *object) plain(c *dsml.Control) {
	for _, f := range flagNames {
		if f.oid == c.Type && c.Value == nil {
			o.kind(f.name)
			return
		}
	}
	o.unknown(c)
}

func (o *object) unknown(c *dsml.Control) {
	o.kind("unknown")
	o.key("oid").text(c.Type)
	if c.Value != nil {
		o.key("value").value(*c.Value)
	}
}

func readName(post bool) string {
	if post {
		return "postRead"
	}
	return "preRead"
}

func (o *object) kind(name string) { o.key("type").text(name) }

// optBytes writes a binary property that is left out when it is empty.
func (o *object) optBytes(name string, b []byte) {
	if len(b) > 0 {
		o.key(name).bytes(string(b))
	}
}

// count writes a number that is left out when it is zero.
func (o *object) count(name string, n int64) {
	if n != 0 {
		o.key(name).integer(n)
	}
}
