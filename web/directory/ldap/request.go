package ldap

import (
	goldap "github.com/go-ldap/ldap/v3"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// Identifier octets of the operations: class application, and whether they are
// constructed.
const (
	application = 0x40
	constructed = 0x20
	context0    = 0x80 // [0], primitive

	opBind     = application | constructed | goldap.ApplicationBindRequest
	opUnbind   = application | goldap.ApplicationUnbindRequest
	opSearch   = application | constructed | goldap.ApplicationSearchRequest
	opModify   = application | constructed | goldap.ApplicationModifyRequest
	opAdd      = application | constructed | goldap.ApplicationAddRequest
	opDelete   = application | goldap.ApplicationDelRequest
	opModDN    = application | constructed | goldap.ApplicationModifyDNRequest
	opCompare  = application | constructed | goldap.ApplicationCompareRequest
	opAbandon  = application | goldap.ApplicationAbandonRequest
	opExtended = application | constructed | goldap.ApplicationExtendedRequest

	opBindResponse = application | constructed | goldap.ApplicationBindResponse
	opEntry        = application | constructed | goldap.ApplicationSearchResultEntry
	opDone         = application | constructed | goldap.ApplicationSearchResultDone
	opReference    = application | constructed | goldap.ApplicationSearchResultReference
	opIntermediate = application | constructed | goldap.ApplicationIntermediateResponse
	opExtResponse  = application | constructed | goldap.ApplicationExtendedResponse
)

// encode returns the protocolOp of a request (RFC 4511 section 4) and the kind
// of its result.
func encode(req dsml.Request) (op []byte, kind dsml.ResultKind) {
	switch r := req.(type) {
	case *dsml.SearchRequest:
		return encodeSearch(r), dsml.SearchResultDone
	case *dsml.ModifyRequest:
		return encodeModify(r), dsml.ModifyResponse
	case *dsml.AddRequest:
		attrs := make([][]byte, len(r.Attrs))
		for i, a := range r.Attrs {
			attrs[i] = attribute(a.Name, a.Values)
		}
		return element(opAdd, octets(r.DN), element(tagSequence, attrs...)), dsml.AddResponse
	case *dsml.DelRequest:
		return element(opDelete, []byte(r.DN)), dsml.DelResponse
	case *dsml.ModDNRequest:
		parts := [][]byte{octets(r.DN), octets(r.NewRDN), boolean(!r.KeepOldRDN)}
		if r.NewSuperior.Set {
			parts = append(parts, element(context0, []byte(r.NewSuperior.Value)))
		}
		return element(opModDN, parts...), dsml.ModDNResponse
	case *dsml.CompareRequest:
		return element(opCompare, octets(r.DN), element(tagSequence, octets(r.Name), octets(r.Value.Data))), dsml.CompareResponse
	case *dsml.ExtendedRequest:
		parts := [][]byte{element(context0, []byte(r.RequestName))}
		if r.RequestValue != nil {
			parts = append(parts, element(context0|1, []byte(r.RequestValue.Data)))
		}
		return element(opExtended, parts...), 0
	}
	return nil, 0
}

func encodeSearch(r *dsml.SearchRequest) []byte {
	attrs := make([][]byte, len(r.Attributes))
	for i, a := range r.Attributes {
		attrs[i] = octets(a)
	}
	// The value of the assertion control is a filter and nothing else (RFC 4528).
	filter := dsml.Assertion{Filter: r.Filter}.Control(false).Value.Data
	return element(opSearch,
		octets(r.DN),
		integer(tagEnumerated, int32(r.Scope)),
		integer(tagEnumerated, int32(r.DerefAliases)),
		integer(tagInteger, r.SizeLimit),
		integer(tagInteger, r.TimeLimit),
		boolean(r.TypesOnly),
		[]byte(filter),
		element(tagSequence, attrs...),
	)
}

func encodeModify(r *dsml.ModifyRequest) []byte {
	changes := make([][]byte, len(r.Modifications))
	for i, m := range r.Modifications {
		// The numbers of RFC 4511 and RFC 4525 are those of the constants.
		changes[i] = element(tagSequence, integer(tagEnumerated, int32(m.Op)), attribute(m.Name, m.Values))
	}
	return element(opModify, octets(r.DN), element(tagSequence, changes...))
}

func attribute(name string, values []dsml.Value) []byte {
	set := make([][]byte, len(values))
	for i, v := range values {
		set[i] = octets(v.Data)
	}
	return element(tagSequence, octets(name), element(tagSet, set...))
}

// encodeControls returns the controls of a message, nothing when there are
// none.
func encodeControls(controls []dsml.Control) []byte {
	if len(controls) == 0 {
		return nil
	}
	list := make([][]byte, len(controls))
	for i, c := range controls {
		parts := [][]byte{octets(c.Type)}
		if c.Criticality {
			parts = append(parts, boolean(true))
		}
		if c.Value != nil {
			parts = append(parts, octets(c.Value.Data))
		}
		list[i] = element(tagSequence, parts...)
	}
	return element(tagControls, list...)
}
