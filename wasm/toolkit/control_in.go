package main

import "github.com/dsmlkit/dsmlkit/xml/dsml"

// flagNames are the controls without a value, by the name that JavaScript uses.
var flagNames = []struct{ name, oid string }{
	{"manageDsaIT", dsml.OIDManageDsaIT},
	{"treeDelete", dsml.OIDTreeDelete},
	{"showDeleted", dsml.OIDShowDeleted},
	{"showRecycled", dsml.OIDShowRecycled},
	{"domainScope", dsml.OIDDomainScope},
	{"permissiveModify", dsml.OIDPermissiveModify},
	{"lazyCommit", dsml.OIDLazyCommit},
}

// controlReaders read the values of those that have one.
var controlReaders = []struct {
	name string
	read func(a *argument) dsml.ControlValue
}{
	{"pagedResults", func(a *argument) dsml.ControlValue {
		return dsml.PagedResults{Size: a.get("size").count(), Cookie: a.get("cookie").optBinary()}
	}},
	{"sort", readSort},
	{"sortResult", func(a *argument) dsml.ControlValue {
		r := dsml.SortResult{Code: dsml.ResultCode(a.get("code").count())}
		r.Attribute, _ = a.get("attribute").optText()
		return r
	}},
	{"virtualListView", readVLV},
	{"virtualListViewResult", func(a *argument) dsml.ControlValue {
		return dsml.VLVResult{
			Position: a.get("position").count(), ContentCount: a.get("contentCount").count(),
			Code: dsml.ResultCode(a.get("code").count()), ContextID: a.get("contextID").optBinary(),
		}
	}},
	{"dirSync", func(a *argument) dsml.ControlValue {
		return dsml.DirSync{Flags: a.get("flags").flags(), MaxBytes: a.get("maxBytes").count(), Cookie: a.get("cookie").optBinary()}
	}},
	{"dirSyncResult", func(a *argument) dsml.ControlValue {
		return dsml.DirSyncResult{More: a.get("moreResults").boolean(false), Cookie: a.get("cookie").optBinary()}
	}},
	{"attributeScopedQuery", func(a *argument) dsml.ControlValue {
		return dsml.AttributeScopedQuery{Attribute: a.get("attribute").text()}
	}},
	{"sdFlags", func(a *argument) dsml.ControlValue { return dsml.SDFlags{Flags: a.get("flags").flags()} }},
	{"searchOptions", func(a *argument) dsml.ControlValue { return dsml.SearchOptions{Flags: a.get("flags").flags()} }},
	{"extendedDN", func(a *argument) dsml.ControlValue {
		return dsml.ExtendedDN{Standard: a.get("standard").boolean(false)}
	}},
	{"assertion", func(a *argument) dsml.ControlValue { return dsml.Assertion{Filter: readFilter(a.get("filter"))} }},
	{"preRead", func(a *argument) dsml.ControlValue { return dsml.ReadEntry{Attributes: readTexts(a.get("attributes"))} }},
	{"postRead", func(a *argument) dsml.ControlValue {
		return dsml.ReadEntry{Post: true, Attributes: readTexts(a.get("attributes"))}
	}},
	{"unknown", func(a *argument) dsml.ControlValue {
		return dsml.UnknownControl{OID: a.get("oid").text(), Value: readOptValue(a.get("value"))}
	}},
	{"proxiedAuthorization", func(a *argument) dsml.ControlValue {
		return dsml.ProxiedAuthorization{AuthzID: a.get("authzID").text()}
	}},
}

func readControlValue(a *argument) (v dsml.ControlValue, critical bool) {
	var names []string
	for i := range controlReaders {
		names = append(names, controlReaders[i].name)
	}
	for i := range flagNames {
		names = append(names, flagNames[i].name)
	}
	if !a.object("an object with type") {
		return nil, false
	}
	kind := a.get("type").oneOf(names)
	if kind < 0 {
		return nil, false
	}
	// RFC 4370 asks clients to make this one critical.
	critical = a.get("criticality").boolean(names[kind] == "proxiedAuthorization")
	if kind >= len(controlReaders) {
		return dsml.FlagControl{OID: flagNames[kind-len(controlReaders)].oid}, critical
	}
	return controlReaders[kind].read(a), critical
}

func readSort(a *argument) dsml.ControlValue {
	var s dsml.Sort
	keys := a.get("keys")
	for i := range keys.list() {
		k := keys.at(i)
		if !k.object("an object with attribute") {
			break
		}
		rule, _ := k.get("matchingRule").optText()
		s.Keys = append(s.Keys, dsml.SortKey{Attribute: k.get("attribute").text(), MatchingRule: rule, Reverse: k.get("reverse").boolean(false)})
	}
	if len(s.Keys) == 0 {
		keys.refuse("an array with at least one key")
	}
	return s
}

func readVLV(a *argument) dsml.ControlValue {
	v := dsml.VLV{Before: a.get("before").count(), After: a.get("after").count(), ContextID: a.get("contextID").optBinary()}
	if value := a.get("value"); value.given() {
		v.ByValue, v.Value = true, value.text()
	} else {
		v.Offset = a.get("offset").count()
		v.ContentCount = int32(a.get("contentCount").integer(0, 0, maxInt))
	}
	return v
}

// count returns a whole number that has to be there and is not negative.
func (a *argument) count() int32 {
	if !a.given() {
		a.refuse("a whole number")
	}
	return int32(a.integer(0, 0, maxInt))
}

// flags returns a set of bits, which may be written as a negative number.
func (a *argument) flags() int32 {
	if !a.given() {
		a.refuse("a whole number")
	}
	return int32(a.integer(0, -maxInt-1, 1<<32-1))
}

// optBinary returns the bytes of a Uint8Array, nil when it is absent.
func (a *argument) optBinary() []byte {
	if !a.given() {
		return nil
	}
	return a.binary()
}
