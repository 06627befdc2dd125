package main

import (
	"math/rand/v2"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// maker makes documents of every kind at random.
type maker struct{ *rand.Rand }

func (m maker) chance(n int) bool { return m.IntN(n) == 0 }

func pick[T any](m maker, of ...T) T { return of[m.IntN(len(of))] }

func some[T any](m maker, most int, make func() T) []T {
	var list []T
	for range m.IntN(most + 1) {
		list = append(list, make())
	}
	return list
}

func (m maker) text() string {
	return pick(m, "", "a", "cn=Zoë", "two  spaces ", " ", "line\r\nbreak\ttab", "<&>\"']]>", "😀 wide", "\uFEFF", "\u2028",
		"plain text that is longer than eight bytes", "ASCII first, then é, then ASCII again", "<?x?>")
}

func (m maker) name() string {
	return pick(m, "cn", "sn", "objectClass", "jpegPhoto;binary", "constructor", "2.5.4.3", "x-y")
}

func (m maker) oid() string {
	return pick(m, "1.2.840.113556.1.4.319", "1.2.3", "2.16.840.1.113730.3.4.2")
}

func (m maker) optional() dsml.Optional {
	if m.chance(2) {
		return dsml.Optional{}
	}
	return dsml.Some(m.text())
}

func (m maker) value() dsml.Value {
	switch m.IntN(4) {
	case 0:
		b := make([]byte, m.IntN(20))
		for i := range b {
			b[i] = byte(m.IntN(256))
		}
		return dsml.Value{Data: string(b), Type: dsml.Base64Binary}
	case 1:
		return dsml.Value{Data: pick(m, "http://example.org/?a=b&c", "file:///x"), Type: dsml.AnyURI}
	}
	return dsml.Value{Data: m.text()}
}

func (m maker) optValue() *dsml.Value {
	if m.chance(2) {
		return nil
	}
	v := m.value()
	return &v
}

func (m maker) controls() []dsml.Control {
	return some(m, 2, func() dsml.Control {
		return dsml.Control{Type: m.oid(), Criticality: m.chance(2), Value: m.optValue()}
	})
}

func (m maker) message() dsml.Message {
	return dsml.Message{RequestID: m.optional(), Controls: m.controls()}
}

// attrs have distinct names: in JavaScript they are properties.
func (m maker) attrs() []dsml.Attribute {
	var attrs []dsml.Attribute
	for _, name := range []string{"cn", "sn", "objectClass", "__proto__", "Ünused", "a b"} {
		if m.chance(2) {
			attrs = append(attrs, dsml.Attribute{Name: name, Values: some(m, 3, m.value)})
		}
	}
	return attrs
}

func (m maker) filter(depth int) *dsml.Filter {
	f := &dsml.Filter{Kind: dsml.FilterKind(1 + m.IntN(10))}
	sub := func() *dsml.Filter { return m.filter(depth - 1) }
	if depth == 0 && f.Kind <= dsml.Not {
		f.Kind = dsml.Present
	}
	switch f.Kind {
	case dsml.And, dsml.Or:
		f.Filters = some(m, 3, sub)
	case dsml.Not:
		f.Filters = []*dsml.Filter{sub()}
	case dsml.Present:
		f.Name = m.name()
	case dsml.Substrings:
		f.Name = m.name()
		f.Initial, f.Any, f.Final = m.optValue(), some(m, 2, m.value), m.optValue()
	case dsml.ExtensibleMatch:
		f.Name, f.MatchingRule = pick(m, "", "cn"), pick(m, "", "2.5.13.2")
		f.DNAttributes, f.Value = m.chance(2), m.value()
	default:
		f.Name, f.Value = m.name(), m.value()
	}
	return f
}

func (m maker) request() dsml.Request {
	switch m.IntN(9) {
	case 0:
		return &dsml.AuthRequest{Message: m.message(), Principal: m.text()}
	case 1:
		return &dsml.SearchRequest{
			Message: m.message(), DN: m.text(), Scope: dsml.Scope(m.IntN(3)), DerefAliases: dsml.DerefAliases(m.IntN(4)),
			SizeLimit: pick[int32](m, 0, 1, maxInt), TimeLimit: pick[int32](m, 0, 1, maxInt), TypesOnly: m.chance(2),
			Filter: m.filter(4), Attributes: some(m, 3, m.name),
		}
	case 2:
		return &dsml.ModifyRequest{Message: m.message(), DN: m.text(), Modifications: some(m, 3, func() dsml.Modification {
			return dsml.Modification{Name: m.name(), Op: dsml.ModifyOp(m.IntN(4)), Values: some(m, 3, m.value)}
		})}
	case 3:
		return &dsml.AddRequest{Message: m.message(), DN: m.text(), Attrs: m.attrs()}
	case 4:
		return &dsml.DelRequest{Message: m.message(), DN: m.text()}
	case 5:
		return &dsml.ModDNRequest{Message: m.message(), DN: m.text(), NewRDN: m.text(), KeepOldRDN: m.chance(2), NewSuperior: m.optional()}
	case 6:
		return &dsml.CompareRequest{Message: m.message(), DN: m.text(), Name: m.name(), Value: m.value()}
	case 7:
		return &dsml.AbandonRequest{Message: m.message(), AbandonID: m.text()}
	}
	return &dsml.ExtendedRequest{Message: m.message(), RequestName: m.oid(), RequestValue: m.optValue()}
}

func (m maker) result() dsml.LDAPResult {
	return dsml.LDAPResult{
		Message: m.message(), MatchedDN: m.text(), Code: pick[dsml.ResultCode](m, 0, 4, 36, 80, 4096, -1, maxInt),
		ErrorMessage: m.text(), Referrals: some(m, 2, m.text),
	}
}

func (m maker) element(depth int) *xml.Element {
	e := &xml.Element{Name: xml.Name{Space: pick(m, "", "urn:x"), Local: m.name()}, Prefix: pick(m, "", "p")}
	e.Attrs = some(m, 2, func() xml.ElementAttr {
		return xml.ElementAttr{Name: xml.Name{Space: pick(m, "", "urn:y"), Local: m.name()}, Value: m.text()}
	})
	e.Namespaces = some(m, 1, func() xml.Binding { return xml.Binding{Prefix: "q", URI: "urn:q"} })
	if depth > 0 {
		e.Children = some(m, 3, func() xml.Node {
			if m.chance(2) {
				return xml.Node{Text: m.text()}
			}
			return xml.Node{Element: m.element(depth - 1)}
		})
	}
	return e
}

func (m maker) response() dsml.Response {
	switch m.IntN(4) {
	case 0:
		return &dsml.SearchResponse{
			RequestID: m.optional(),
			Entries: some(m, 4, func() *dsml.SearchResultEntry {
				return &dsml.SearchResultEntry{Message: m.message(), DN: m.text(), Attrs: m.attrs()}
			}),
			References: some(m, 2, func() *dsml.SearchResultReference {
				return &dsml.SearchResultReference{Message: m.message(), Refs: some(m, 2, m.text)}
			}),
			Done: &dsml.Result{Kind: dsml.SearchResultDone, LDAPResult: m.result()},
		}
	case 1:
		return &dsml.ExtendedResponse{LDAPResult: m.result(), ResponseName: pick(m, "", "1.2.3"), Response: m.optValue()}
	case 2:
		r := &dsml.ErrorResponse{RequestID: m.optional(), Type: dsml.ErrorType(1 + m.IntN(8)), Message: m.text()}
		if m.chance(2) {
			r.Detail = m.element(2)
		}
		return r
	}
	kind := pick(m, dsml.AuthResponse, dsml.ModifyResponse, dsml.AddResponse, dsml.DelResponse, dsml.ModDNResponse, dsml.CompareResponse)
	return &dsml.Result{Kind: kind, LDAPResult: m.result()}
}

func (m maker) document() dsml.Document {
	if m.chance(2) {
		return &dsml.BatchRequest{
			RequestID: m.optional(), Processing: dsml.Processing(m.IntN(2)), ResponseOrder: dsml.ResponseOrder(m.IntN(2)),
			OnError: dsml.OnError(m.IntN(2)), Requests: some(m, 4, m.request),
		}
	}
	return &dsml.BatchResponse{RequestID: m.optional(), Responses: some(m, 4, m.response)}
}
