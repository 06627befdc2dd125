package dsml

import (
	"math/rand/v2"

	"github.com/dsmlkit/dsmlkit/xml"
)

// generator makes documents of every kind that the schema knows, from a seed.
type generator struct{ *rand.Rand }

func newGenerator(seed uint64) generator {
	return generator{rand.New(rand.NewPCG(seed, 2))}
}

func (g generator) chance(n int) bool { return g.IntN(n) == 0 }

func (g generator) pick(list ...string) string { return list[g.IntN(len(list))] }

// awkward holds what text in XML can stumble over.
var awkward = []string{
	"", " ", "a", "<", "&", ">", "\"", "'", "]]>", "&amp;", "\t", "\n", "\r", "\r\n", "é", "日本", "\U0001F600",
	"\u0085", "\u2028", "\u00a0", "\ufeff", "--", "<!--", "<?x?>", "{}", "*", "\\2a", "\ufffd", "value", "0123456789",
}

func (g generator) text() string {
	s := ""
	for range g.IntN(6) {
		s += awkward[g.IntN(len(awkward))]
	}
	return s
}

func (g generator) bytes() string {
	b := make([]byte, g.IntN(40))
	for i := range b {
		b[i] = byte(g.Uint32())
	}
	return string(b)
}

func (g generator) uri() string {
	return g.pick("ldap://host/", "ldap:///dc=example,dc=com??sub?(cn=a)", "ldaps://host:636/o=x", "http://h/?a=b&c=d", "urn:a:b", "%20", "")
}

func (g generator) oid() string {
	return g.pick("1.2", "0.0", "2.5.4.3", "1.2.840.113556.1.4.319", "2.16.840.1.113730.3.4.2", "1.3.6.1.4.1.1466.20037")
}

func (g generator) name() string {
	return g.pick("cn", "objectClass", "c", "userCertificate;binary", "cn;lang-en;x-1", "2.5.4.3", "1.1", "x-a-1", "a;b")
}

func (g generator) dn() string {
	return g.pick("", "dc=example,dc=com", "cn=a\\,b,o=x", "cn=<&>\"',o=\t\n\r x", "ou=é日\U0001F600,o=x", " cn = a , o = b ")
}

func (g generator) optional() Optional {
	if g.chance(2) {
		return Optional{}
	}
	return Some(g.pick("1", "-1", "", " ", "[a] <b>", "é", "\t\n\r", "x y z"))
}

func (g generator) value() Value {
	switch g.IntN(4) {
	case 0:
		return Value{g.bytes(), Base64Binary}
	case 1:
		return Value{g.uri(), AnyURI}
	}
	return Value{Data: g.text()}
}

func (g generator) values(least int) []Value {
	var vs []Value
	for range least + g.IntN(3) {
		vs = append(vs, g.value())
	}
	return vs
}

func (g generator) any() *Value {
	var v Value
	switch g.IntN(4) {
	case 0:
		return nil
	case 1:
		v = Value{`a<x xmlns="urn:x" y="1">b</x>&lt;`, Markup}
	default:
		v = g.value()
	}
	return &v
}

func (g generator) message() Message {
	m := Message{RequestID: g.optional()}
	for range g.IntN(3) {
		m.Controls = append(m.Controls, Control{g.oid(), g.chance(2), g.any()})
	}
	return m
}

func (g generator) attrs() []Attribute {
	var as []Attribute
	for range g.IntN(4) {
		as = append(as, Attribute{g.name(), g.values(0)})
	}
	return as
}

func (g generator) filter(depth int) *Filter {
	kind := FilterKind(1 + g.IntN(10))
	if depth <= 0 && kind <= Not {
		kind = Present
	}
	f := &Filter{Kind: kind}
	switch kind {
	case And, Or:
		for range g.IntN(4) {
			f.Filters = append(f.Filters, g.filter(depth-1))
		}
	case Not:
		f.Filters = []*Filter{g.filter(depth - 1)}
	case Substrings:
		f.Name = g.name()
		if g.chance(2) {
			v := g.value()
			f.Initial = &v
		}
		f.Any = g.values(0)
		if g.chance(2) || f.Initial == nil && f.Any == nil {
			v := g.value()
			f.Final = &v
		}
	case Present:
		f.Name = g.name()
	case ExtensibleMatch:
		if g.chance(2) {
			f.Name = g.name()
		}
		if g.chance(2) || f.Name == "" {
			f.MatchingRule = g.pick("2.5.13.2", "caseExactMatch", "a <rule>")
		}
		f.DNAttributes = g.chance(2)
		f.Value = g.value()
	default:
		f.Name = g.name()
		f.Value = g.value()
	}
	return f
}

func (g generator) request(kind int) Request {
	m := g.message()
	switch kind {
	case 0:
		return &AuthRequest{m, g.pick("dn:cn=a", "u:b", "")}
	case 1:
		var names []string
		for range g.IntN(3) {
			names = append(names, g.name())
		}
		return &SearchRequest{m, g.dn(), Scope(g.IntN(3)), DerefAliases(g.IntN(4)), int32(g.IntN(2)) * 2147483647,
			int32(g.IntN(3)), g.chance(2), g.filter(4), names}
	case 2:
		r := &ModifyRequest{Message: m, DN: g.dn()}
		for range g.IntN(3) {
			r.Modifications = append(r.Modifications, Modification{g.name(), ModifyOp(g.IntN(3)), g.values(0)})
		}
		return r
	case 3:
		return &AddRequest{m, g.dn(), g.attrs()}
	case 4:
		return &DelRequest{m, g.dn()}
	case 5:
		r := &ModDNRequest{Message: m, DN: g.dn(), NewRDN: g.dn(), KeepOldRDN: g.chance(2)}
		if g.chance(2) {
			r.NewSuperior = Some(g.dn())
		}
		return r
	case 6:
		return &CompareRequest{m, g.dn(), g.name(), g.value()}
	case 7:
		return &AbandonRequest{m, g.pick("", "1", "x y")}
	}
	return &ExtendedRequest{m, g.oid(), g.any()}
}

func (g generator) ldapResult() LDAPResult {
	codes := []ResultCode{0, 5, 6, 9, 10, 32, 36, 49, 71, 80, 118, 4096, -1, 2147483647}
	r := LDAPResult{Message: g.message(), MatchedDN: g.dn(), Code: codes[g.IntN(len(codes))], ErrorMessage: g.text()}
	for range g.IntN(3) {
		r.Referrals = append(r.Referrals, g.uri())
	}
	return r
}

func (g generator) entry() *SearchResultEntry {
	return &SearchResultEntry{g.message(), g.dn(), g.attrs()}
}

func (g generator) response(kind int) Response {
	switch kind {
	case 0:
		r := &SearchResponse{RequestID: g.optional()}
		for range g.IntN(3) {
			r.Entries = append(r.Entries, g.entry())
		}
		for range g.IntN(3) {
			r.References = append(r.References, &SearchResultReference{g.message(), []string{g.uri(), g.uri()}})
		}
		r.Done = &Result{SearchResultDone, g.ldapResult()}
		return r
	case 1:
		r := &ExtendedResponse{LDAPResult: g.ldapResult(), Response: g.any()}
		if g.chance(2) {
			r.ResponseName = g.oid()
		}
		return r
	case 2:
		r := &ErrorResponse{RequestID: g.optional(), Type: ErrorType(1 + g.IntN(8)), Message: g.text()}
		if g.chance(2) {
			// The schema's wildcard is strict: only elements it declares pass.
			e, err := xml.ParseElement([]byte(`<d:batchResponse xmlns:d="`+Namespace+`" requestID="in"/>`), xml.Limits{})
			if err != nil {
				panic(err)
			}
			unplace(e)
			r.Detail = e
		}
		return r
	}
	kinds := []ResultKind{AuthResponse, ModifyResponse, AddResponse, DelResponse, ModDNResponse, CompareResponse}
	return &Result{kinds[kind-3], g.ldapResult()}
}

const requestKinds, responseKinds = 9, 9

func (g generator) document() Document {
	if g.chance(2) {
		b := &BatchResponse{RequestID: g.optional()}
		for range g.IntN(4) {
			b.Responses = append(b.Responses, g.response(g.IntN(responseKinds)))
		}
		return b
	}
	b := &BatchRequest{RequestID: g.optional(), Processing: Processing(g.IntN(2)), ResponseOrder: ResponseOrder(g.IntN(2)), OnError: OnError(g.IntN(2))}
	for i := range g.IntN(4) {
		kind := g.IntN(requestKinds)
		if i > 0 {
			kind = 1 + g.IntN(requestKinds-1)
		}
		r := g.request(kind)
		if b.Processing == ProcessParallel && b.ResponseOrder == OrderUnordered {
			r.Head().RequestID = Some(g.pick("a", "b", "c"))
		}
		b.Requests = append(b.Requests, r)
	}
	return b
}
