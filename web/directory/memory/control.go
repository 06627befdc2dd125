package memory

import (
	"slices"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// controls is what the controls of a request ask for.
type controls struct {
	manage, treeDelete, permissive, domainScope bool

	paged             *dsml.PagedResults
	sort              *dsml.Sort
	sortCritical      bool
	window            *dsml.VLV
	assertion         test
	preRead, postRead *selection
}

type usableControl struct {
	oid      string
	requests []string
}

func isUsable(oid, request string) bool {
	return slices.ContainsFunc(usable, func(u usableControl) bool { return u.oid == oid && slices.Contains(u.requests, request) })
}

// usable says which controls mean something to which requests. The root DSE
// lists them.
var usable = []usableControl{
	{dsml.OIDPagedResults, []string{"searchRequest"}},
	{dsml.OIDServerSort, []string{"searchRequest"}},
	{dsml.OIDVLV, []string{"searchRequest"}},
	{dsml.OIDDomainScope, []string{"searchRequest"}},
	{dsml.OIDManageDsaIT, []string{"searchRequest", "addRequest", "delRequest", "modifyRequest", "modDNRequest", "compareRequest"}},
	{dsml.OIDAssertion, []string{"searchRequest", "delRequest", "modifyRequest", "modDNRequest", "compareRequest"}},
	{dsml.OIDPreRead, []string{"delRequest", "modifyRequest", "modDNRequest"}},
	{dsml.OIDPostRead, []string{"addRequest", "modifyRequest", "modDNRequest"}},
	{dsml.OIDProxiedAuthorization, []string{"searchRequest", "addRequest", "delRequest", "modifyRequest", "modDNRequest", "compareRequest", "extendedRequest"}},
	{dsml.OIDTreeDelete, []string{"delRequest"}},
	{dsml.OIDPermissiveModify, []string{"modifyRequest"}},
}

func supportedControls() []string {
	oids := make([]string, len(usable))
	for i, u := range usable {
		oids[i] = u.oid
	}
	return oids
}

// readControls reads the controls of a request. One that is not known, or not
// for this request, is passed over (D-69) unless it is critical (D-66).
func (op *operation) readControls(req dsml.Request) error {
	var seen []string
	for _, c := range req.Head().Controls {
		if !isUsable(c.Type, req.Element()) {
			if c.Criticality {
				name := dsml.OIDName(c.Type)
				if name == "" {
					name = c.Type
				}
				return fail(dsml.UnavailableCriticalExtension, "the control "+name+" cannot be used with this request here")
			}
			continue
		}
		if slices.Contains(seen, c.Type) {
			return fail(dsml.ProtocolError, "the request has the same control twice")
		}
		seen = append(seen, c.Type)
		v, err := dsml.DecodeRequestControl(c)
		if err == nil {
			err = op.take(c, v)
		} else {
			err = fail(dsml.ProtocolError, err.Error())
		}
		if err != nil {
			return err
		}
	}
	switch {
	case op.window != nil && op.sort == nil:
		op.answer = append(op.answer, dsml.VLVResult{Code: dsml.SortControlMissing}.Control(false))
		return fail(dsml.SortControlMissing, "a virtual list view needs the server-side sort control beside it")
	case op.window != nil && op.paged != nil:
		return fail(dsml.UnwillingToPerform, "a search has either pages or a virtual list view")
	}
	return nil
}

// take notes what one control asks for.
func (op *operation) take(c dsml.Control, v dsml.ControlValue) error {
	switch v := v.(type) {
	case dsml.FlagControl:
		switch v.OID {
		case dsml.OIDManageDsaIT:
			op.manage = true
		case dsml.OIDTreeDelete:
			op.treeDelete = true
		case dsml.OIDPermissiveModify:
			op.permissive = true
		case dsml.OIDDomainScope:
			op.domainScope = true
		}
	case dsml.PagedResults:
		op.paged = &v
	case dsml.Sort:
		op.sort, op.sortCritical = &v, c.Criticality
	case dsml.VLV:
		op.window = &v
	case dsml.Assertion:
		t, err := op.d.schema.compile(v.Filter, 1)
		op.assertion = t
		return err
	case dsml.ReadEntry:
		sel := op.d.schema.selection(v.Attributes)
		if v.Post {
			op.postRead = &sel
		} else {
			op.preRead = &sel
		}
	case dsml.ProxiedAuthorization:
		if !c.Criticality {
			return fail(dsml.ProtocolError, "the proxied authorization control has to be critical (RFC 4370)")
		}
		who, err := op.d.authorization(v.AuthzID)
		op.who = who
		return err
	case dsml.UnknownControl:
		return fail(dsml.ProtocolError, "the control "+dsml.OIDName(c.Type)+" has no value")
	}
	return nil
}

// assertionFailed is the code of RFC 4528 for an entry that is not as the
// request says it has to be.
const assertionFailed dsml.ResultCode = 122

// assert refuses a request whose assertion the entry does not match.
func (op *operation) assert(f found) error {
	if op.assertion != nil && op.assertion(f) != yes {
		return fail(assertionFailed, "the entry does not match the assertion of the request")
	}
	return nil
}

// readBack answers the read controls of a change (RFC 4527).
func (op *operation) readBack(before, after *found) {
	s := op.d.schema
	if op.preRead != nil && before != nil {
		op.answer = append(op.answer, dsml.ReadEntryResult{Entry: before.result(s, op.preRead, false)}.Control(false))
	}
	if op.postRead != nil && after != nil {
		op.answer = append(op.answer, dsml.ReadEntryResult{Post: true, Entry: after.result(s, op.postRead, false)}.Control(false))
	}
}
