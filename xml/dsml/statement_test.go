package dsml

import (
	"errors"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// request puts requests into a batchRequest.
func request(inside string) string {
	return `<batchRequest xmlns="` + Namespace + `" xmlns:xsd="` + nsXSD + `" xmlns:xsi="` + nsXSI + `">` + inside + `</batchRequest>`
}

// response puts responses into a batchResponse.
func response(inside string) string {
	return strings.ReplaceAll(request(inside), "batchRequest", "batchResponse")
}

// filtered puts a filter into a search.
func filtered(filter string) string {
	return request(`<searchRequest dn="" scope="baseObject" derefAliases="neverDerefAliases"><filter>` + filter + `</filter></searchRequest>`)
}

// valued puts a value into an entry that is to be added.
func valued(value string) string {
	return request(`<addRequest dn="cn=a"><attr name="a">` + value + `</attr></addRequest>`)
}

// refusal is a document that has to be refused. The name of the test begins
// with the statement that demands it.
type refusal struct {
	name string
	text string
	code string
	at   string // the error is at the first occurrence of this; "": at the end
	hint string // part of the hint
}

func testRefusals(t *testing.T, list []refusal) {
	for _, c := range list {
		t.Run(c.name, func(t *testing.T) {
			statement, _, _ := strings.Cut(c.name, " ")
			for _, o := range []Options{{}, {Strict: true}, {Allow: EndpointAllow()}} {
				p, err := Parse([]byte(c.text), o)
				var e *Error
				if !errors.As(err, &e) {
					t.Fatalf("not refused: %v", err)
				}
				if p.Document != nil {
					t.Error("a document in spite of the error (D-30)")
				}
				if e.Code != c.code || e.Statement != statement {
					t.Errorf("%v\ncode %s, statement %s; want %s, %s", e, e.Code, e.Statement, c.code, statement)
				}
				at := len(c.text)
				if c.at != "" {
					at = strings.Index(c.text, c.at)
				}
				line := 1 + strings.Count(c.text[:at], "\n")
				column := 1 + len([]rune(c.text[strings.LastIndex(c.text[:at], "\n")+1:at]))
				if int64(at) != e.Pos.Offset || line != e.Pos.Line || column != e.Pos.Column {
					t.Errorf("%v: at %+v, want offset %d, line %d, column %d", e, e.Pos, at, line, column)
				}
				if !strings.Contains(e.Hint, c.hint) {
					t.Errorf("the hint is %q, want %q in it", e.Hint, c.hint)
				}
			}
			found := false
			for _, d := range Validate([]byte(c.text), Options{}) {
				found = found || d.Severity == SeverityError && d.Code == c.code && d.Statement == statement
			}
			if !found {
				t.Errorf("Validate does not report it: %+v", Validate([]byte(c.text), Options{}))
			}
		})
	}
}

// acceptance is a document that has to be accepted.
type acceptance struct {
	name  string
	text  string
	check func(t *testing.T, p *Parsed)
}

func testAcceptances(t *testing.T, list []acceptance) {
	for _, c := range list {
		t.Run(c.name, func(t *testing.T) {
			for _, o := range []Options{{}, {Strict: true}, {Allow: EndpointAllow()}} {
				p, err := Parse([]byte(c.text), o)
				if err != nil {
					t.Fatalf("refused: %v", err)
				}
				if len(p.Leniencies) > 0 {
					t.Errorf("accepted for leniency: %v", p.Leniencies)
				}
				roundTrip(t, c.name, p)
				if c.check != nil {
					c.check(t, p)
				}
			}
		})
	}
}

// first returns the only request of the document.
func first[T Request](t *testing.T, p *Parsed) T {
	t.Helper()
	b, ok := p.Document.(*BatchRequest)
	if !ok || len(b.Requests) != 1 {
		t.Fatalf("no single request: %#v", p.Document)
	}
	r, ok := b.Requests[0].(T)
	if !ok {
		t.Fatalf("the request is a %T", b.Requests[0])
	}
	return r
}

// answer returns the only response of the document.
func answer[T Response](t *testing.T, p *Parsed) T {
	t.Helper()
	b, ok := p.Document.(*BatchResponse)
	if !ok || len(b.Responses) != 1 {
		t.Fatalf("no single response: %#v", p.Document)
	}
	r, ok := b.Responses[0].(T)
	if !ok {
		t.Fatalf("the response is a %T", b.Responses[0])
	}
	return r
}

// want compares.
func want[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func enveloped(space, inside string) string {
	return `<s:Envelope xmlns:s="` + space + `"><s:Body>` + inside + `</s:Body></s:Envelope>`
}

func TestDocuments(t *testing.T) {
	testRefusals(t, []refusal{
		{"D-01 a request outside a batch", `<delRequest xmlns="` + Namespace + `" dn="cn=a"/>`, "dsml-root", "<delRequest", "batchRequest"},
		{"D-01 another root", `<html/>`, "dsml-root", "<html", ""},
		{"D-01 a misspelt root", `<BatchRequest xmlns="` + Namespace + `"/>`, "dsml-root", "<Batch", "did you mean batchRequest?"},
		{"D-03 no namespace", `<batchRequest/>`, "dsml-namespace", "<batch", `xmlns="` + Namespace + `"`},
		{"D-03 another namespace", `<batchRequest xmlns="urn:x"/>`, "dsml-namespace", "<batch", Namespace},
		{"D-01 the search of another protocol", `<searchRequest xmlns="urn:oasis:names:tc:SPML:2:0:search"/>`, "dsml-root", "<search", "SPML"},
		{"D-06 a misspelt element", request(`<delRequst dn="cn=a"/>`), "dsml-element", "<delRequst", "did you mean delRequest?"},
		{"D-06 an element by the name of its type", request(`<modifyDNRequest dn="cn=a" newrdn="cn=b"/>`), "dsml-element", "<modifyDN", "did you mean modDNRequest?"},
		{"D-06 an element by the name of LDAP", request(`<deleteRequest dn="cn=a"/>`), "dsml-element", "<delete", "did you mean delRequest?"},
		{"D-06 an unknown element", request("\n\t<bindRequest/>"), "dsml-element", "<bind", "one of authRequest"},
		{"D-06 a wrongly nested element", request(`<delRequest dn="cn=a"><delRequest dn="cn=b"/></delRequest>`), "dsml-element", `<delRequest dn="cn=b`, "control"},
		{"D-06 an element of another namespace", request(`<x:delRequest xmlns:x="urn:x" dn="cn=a"/>`), "dsml-namespace", "<x:del", Namespace},
		{"D-06 text among requests", request("é \n  text"), "dsml-text", "é", ""},
		{"D-06 an unknown attribute", request(`<delRequest dn="cn=a" DN="cn=b"/>`), "dsml-attribute", `DN="`, "did you mean dn?"},
		{"D-06 an element inside a value", valued(`<value><b/></value>`), "dsml-element", "<b/>", "&lt;"},
		{"D-07 mismatched tags", request(`<delRequest dn="cn=a"></del>`), "xml-syntax", `</del>`, ""},
		{"D-07 a document that breaks off", `<batchRequest xmlns="` + Namespace + `">`, "xml-syntax", "", ""},
		{"D-09 another XML version", `<?xml version="3.0"?>` + request(""), "xml-encoding", "3.0", ""},
		{"D-09 an encoding that is not supported", `<?xml version="1.0" encoding="EBCDIC-CP-BE"?>` + request(""), "xml-encoding", "EBCDIC", ""},
		{"D-10 a document type", `<!DOCTYPE batchRequest [<!ENTITY a "b">]>` + request("&a;"), "xml-dtd", "<!DOCTYPE", ""},
		{"D-11 a control behind the modifications", request(`<modifyRequest dn="cn=a"><modification name="a" operation="add"/><control type="1.2"/></modifyRequest>`),
			"dsml-order", "<control", "first"},
		{"D-11 a control behind the result code", response(`<delResponse><resultCode code="0"/><control type="1.2"/></delResponse>`), "dsml-order", "<control", "first"},
		{"D-109 two batches", enveloped(soap.NS11, request("")+"\n"+response("")), "dsml-body", "<batchResponse", "exactly one"},
		{"D-109 an empty Body", enveloped(soap.NS11, ""), "dsml-body", "", "exactly one"},
		{"D-117 another envelope namespace", enveloped("urn:x", request("")), "soap-namespace", "<s:Envelope", soap.NS11},
	})
	testAcceptances(t, []acceptance{
		{"D-04 a prefix", `<d:batchRequest xmlns:d="` + Namespace + `"><d:delRequest dn="cn=a"/></d:batchRequest>`, func(t *testing.T, p *Parsed) {
			want(t, "dn", first[*DelRequest](t, p).DN, "cn=a")
		}},
		{"D-04 several prefixes", `<d:batchRequest xmlns:d="` + Namespace + `"><delRequest xmlns="` + Namespace + `" dn="cn=a"><d:control type="1.2"/></delRequest></d:batchRequest>`,
			func(t *testing.T, p *Parsed) {
				want(t, "number of controls", len(first[*DelRequest](t, p).Controls), 1)
			}},
		{"D-04 comments and processing instructions anywhere", "<!--a--><?b?>" + request(`<!--a--><?b?><delRequest dn="cn=a"><!--a--><?b?></delRequest>`) + "<!--a-->", nil},
		{"D-07 other encodings", "\xff\xfe" + utf16le(request(`<delRequest dn="cn=é"/>`)), func(t *testing.T, p *Parsed) {
			want(t, "dn", first[*DelRequest](t, p).DN, "cn=é")
		}},
		{"D-153 a bare request", request(""), func(t *testing.T, p *Parsed) {
			want(t, "envelope", p.Envelope, nil)
			want(t, "is a request", p.IsRequest, true)
		}},
		{"D-153 a bare response", response(""), func(t *testing.T, p *Parsed) {
			want(t, "envelope", p.Envelope, nil)
			want(t, "is a request", p.IsRequest, false)
		}},
		{"SOAP 1.1", enveloped(soap.NS11, request("")), func(t *testing.T, p *Parsed) {
			want(t, "version", p.Envelope.Version, soap.V11)
		}},
		{"SOAP 1.2", enveloped(soap.NS12, response("")), func(t *testing.T, p *Parsed) {
			want(t, "version", p.Envelope.Version, soap.V12)
		}},
		{"a fault in place of a document", enveloped(soap.NS11, `<s:Fault><faultcode>s:Client</faultcode><faultstring>no</faultstring></s:Fault>`),
			func(t *testing.T, p *Parsed) {
				want(t, "document", p.Document, nil)
				want(t, "reason", p.Envelope.Fault.Reason, "no")
			}},
	})
}

func utf16le(s string) string {
	var b []byte
	for _, r := range s {
		b = append(b, byte(r), byte(r>>8))
	}
	return string(b)
}

func TestD_02_Kinds(t *testing.T) {
	for _, c := range []struct {
		name, text string
		expect     Expect
		statement  string
	}{
		{"D-01 a response where a request is wanted", response(""), ExpectRequest, "D-01"},
		{"D-02 a request where a response is wanted", request(""), ExpectResponse, "D-02"},
		{"D-02 something else where a response is wanted", `<html/>`, ExpectResponse, "D-02"},
		{"D-01 a request where one is wanted", request(""), ExpectRequest, ""},
		{"D-02 a response where one is wanted", response(""), ExpectResponse, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse([]byte(c.text), Options{Expect: c.expect})
			if c.statement == "" {
				want(t, "error", err, nil)
			} else if err == nil || err.(*Error).Statement != c.statement {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestD_08_NotXML: what is no XML at all is an error like any other.
func TestD_08_NotXML(t *testing.T) {
	for _, text := range []string{"", " ", "{\"a\":1}", "dn: cn=a\n", "\x00\x01\x02", "GET / HTTP/1.1\r\n", "%PDF-1.4", "0\x84\x00\x00\x00\x05"} {
		_, err := Parse([]byte(text), Options{})
		checkError(t, text, err)
		if e, ok := err.(*Error); !ok || !strings.HasPrefix(e.Code, "xml-") || e.Statement != "D-07" && e.Statement != "D-09" {
			t.Errorf("%q: %+v", text, err)
		}
	}
}

// TestD_117_RequireEnvelope: an endpoint asks for an envelope.
func TestD_117_RequireEnvelope(t *testing.T) {
	o := Options{RequireEnvelope: true, Allow: EndpointAllow()}
	for _, c := range []struct{ text, code string }{
		{request(""), "soap-envelope"},
		{`<Envelope><Body>` + request("") + `</Body></Envelope>`, "soap-namespace"},
		{`<e:Envelope xmlns:e="BOGUS"><e:Body>` + request("") + `</e:Body></e:Envelope>`, "soap-namespace"},
		{enveloped(soap.NS11, request("")), ""},
	} {
		_, err := Parse([]byte(c.text), o)
		if c.code == "" {
			want(t, "error", err, nil)
		} else if e, ok := err.(*Error); !ok || e.Code != c.code || e.Statement != "D-117" {
			t.Errorf("%s: %+v", c.text, err)
		}
	}
}
