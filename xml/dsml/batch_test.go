package dsml

import (
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml/soap"
)

const del = `<delRequest dn="cn=a"/>`

func batch(attributes, inside string) string {
	return `<batchRequest xmlns="` + Namespace + `" ` + attributes + `>` + inside + `</batchRequest>`
}

func TestBatch(t *testing.T) {
	auth := `<authRequest principal="dn:cn=a"/>`
	testRefusals(t, []refusal{
		{"D-15 an unknown processing", batch(`processing="serial"`, ""), "dsml-value", "processing=", "one of sequential, parallel"},
		{"D-15 an empty processing", batch(`processing=""`, ""), "dsml-value", "processing=", "one of"},
		{"D-15 an unknown responseOrder", batch(`responseOrder="Unordered"`, ""), "dsml-value", "responseOrder", "did you mean unordered?"},
		{"D-15 an unknown onError", batch("requestID=\"é\"\n onError=\"stop\"", ""), "dsml-value", "onError", "one of exit, resume"},
		{"D-22 parallel and unordered without requestID", batch(`processing="parallel" responseOrder="unordered"`, del), "dsml-requestid", "<delRequest", "requestID"},
		{"D-33 authRequest in second place", batch("", del+auth), "dsml-order", "<authRequest", "first"},
		{"D-34 two authRequests", batch("", auth+`<authRequest  principal="u:b"/>`), "dsml-order", "<authRequest  ", "one"},
		{"D-34 two authRequests apart", batch("", auth+del+`<authRequest  principal="u:b"/>`), "dsml-order", "<authRequest  ", "one"},
		{"D-35 authRequest without principal", batch("", `<authRequest/>`), "dsml-attribute-missing", "<authRequest", ""},
	})
	testAcceptances(t, []acceptance{
		{"D-12 D-13 D-14 defaults", batch("", ""), func(t *testing.T, p *Parsed) {
			b := p.Document.(*BatchRequest)
			want(t, "processing", b.Processing, ProcessSequential)
			want(t, "responseOrder", b.ResponseOrder, OrderSequential)
			want(t, "onError", b.OnError, ExitOnError)
		}},
		{"D-12 D-13 D-14 the other values", batch(`processing="parallel" responseOrder="unordered" onError="resume"`, ""), func(t *testing.T, p *Parsed) {
			b := p.Document.(*BatchRequest)
			want(t, "processing", b.Processing, ProcessParallel)
			want(t, "responseOrder", b.ResponseOrder, OrderUnordered)
			want(t, "onError", b.OnError, ResumeOnError)
		}},
		{"D-16 an empty batch", batch("", ""), func(t *testing.T, p *Parsed) {
			want(t, "number of requests", len(p.Document.(*BatchRequest).Requests), 0)
		}},
		{"D-17 requestID absent", batch("", ""), func(t *testing.T, p *Parsed) {
			want(t, "requestID", p.Document.(*BatchRequest).RequestID, Optional{})
		}},
		{"D-17 requestID empty", batch(`requestID=""`, ""), func(t *testing.T, p *Parsed) {
			want(t, "requestID", p.Document.(*BatchRequest).RequestID, Some(""))
		}},
		{"D-18 any string", batch(`requestID="-1 [a]&#10; é"`, `<delRequest dn="" requestID=" (b) "/>`), func(t *testing.T, p *Parsed) {
			want(t, "requestID", p.RequestID, Some("-1 [a]\n é"))
			want(t, "requestID of the request", first[*DelRequest](t, p).RequestID, Some(" (b) "))
		}},
		{"D-22 parallel and unordered with requestID", batch(`processing="parallel" responseOrder="unordered"`, `<delRequest dn="" requestID=""/>`), nil},
		{"D-33 authRequest in first place", batch("", auth+del+del), func(t *testing.T, p *Parsed) {
			b := p.Document.(*BatchRequest)
			want(t, "principal", b.Requests[0].(*AuthRequest).Principal, "dn:cn=a")
			want(t, "number of requests", len(b.Requests), 3)
		}},
		{"an empty response", response(""), nil},
	})
}

// TestD_23_Parallel holds the choice that was made: the errata call a missing
// requestID a syntax error; we accept it where the responses come in order,
// unless strictness is asked for.
func TestD_23_Parallel(t *testing.T) {
	text := []byte(batch(`processing="parallel"`, del))
	for _, o := range []Options{{}, {Allow: EndpointAllow()}} {
		p, err := Parse(text, o)
		if err != nil || strings.Join(p.Leniencies, " ") != "parallel-without-requestid" {
			t.Errorf("%v, %v", p.Leniencies, err)
		}
	}
	_, err := Parse(text, Options{Strict: true})
	if e, ok := err.(*Error); !ok || e.Statement != "D-23" {
		t.Errorf("strictly: %v", err)
	}
}

// TestD_31_RequestID recovers the requestID of documents that are malformed.
func TestD_31_RequestID(t *testing.T) {
	for _, text := range []string{
		`<batchRequest xmlns="` + Namespace + `" requestID="7"><delRequst/></batchRequest>`,
		`<batchRequest xmlns="` + Namespace + `" requestID="7" onError="?"/>`,
		`<batchRequest xmlns="` + Namespace + `" requestID="7">`,
		`<batchRequest xmlns="` + Namespace + `" requestID="7"></x>`,
		`<batchRequest xmlns="urn:x" requestID="7"/>`,
		`<batchRequest requestID="7"/>`,
		enveloped(soap.NS11, `<batchRequest xmlns="`+Namespace+`" requestID="7"><a/></batchRequest>`),
	} {
		p, err := Parse([]byte(text), Options{})
		if err == nil || p.RequestID != Some("7") || !p.IsRequest || p.Document != nil {
			t.Errorf("%s\n%v: %+v", text, err, p)
		}
	}
	p, err := Parse([]byte(`<batchRequest requestID="7`), Options{})
	if err == nil || p.RequestID.Set {
		t.Errorf("%v: %+v", err, p)
	}
}

// TestD_30_Partial: what stands before an error is kept from whoever does not
// ask for it.
func TestD_30_Partial(t *testing.T) {
	text := []byte(batch("", del+del+`<delRequest/>`+del))
	p, err := Parse(text, Options{})
	if err == nil || p.Document != nil || p.Complete != 2 {
		t.Errorf("%v: %+v", err, p)
	}
	p, err = Parse(text, Options{Partial: true})
	if err == nil || len(p.Document.(*BatchRequest).Requests) != 2 {
		t.Errorf("%v: %+v", err, p)
	}
}

func TestD_32_MaxRequests(t *testing.T) {
	three := []byte(batch("", strings.Repeat(del, 3)))
	if _, err := Parse(three, Options{MaxRequests: 3}); err != nil {
		t.Error(err)
	}
	p, err := Parse(three, Options{MaxRequests: 2})
	if e, ok := err.(*Error); !ok || e.Code != "dsml-limit" || e.Statement != "D-32" || p.Document != nil {
		t.Errorf("%v: %+v", err, p)
	}
}

// TestValidate reports all problems, not only the first, and goes on behind
// each of them.
func TestValidate(t *testing.T) {
	text := batch(`processing="x" requestID="1"`, `
		<delRequest/>
		<delRequst dn="cn=a"><nonsense/></delRequst>
		text
		<searchRequest dn="" scope="all" derefAliases="never">
			<filter><equalityMatch name="a b"><value xsi:type="xsd:base64Binary" xmlns:xsi="`+nsXSI+`" xmlns:xsd="`+nsXSD+`">?</value></equalityMatch><and/></filter>
		</searchRequest>
		<modDNRequest dn="cn=a" newrdn="cn=b" deleteoldrdn=""/>
		<abandonRequest abandonID="1"/>`)
	var got []string
	last := int64(-1)
	for _, d := range Validate([]byte(text), Options{}) {
		got = append(got, d.Severity+" "+d.Code+" "+d.Statement)
		if d.Pos.Offset < last {
			t.Errorf("%s at %d stands behind %d", d.Message, d.Pos.Offset, last)
		}
	}
	wantList := []string{
		"error dsml-value D-15",
		"error dsml-attribute-missing D-55",
		"error dsml-element D-06",
		"error dsml-text D-06",
		"error dsml-value D-40",
		"error dsml-value D-40",
		"error dsml-name D-73",
		"error dsml-base64 D-84",
		"error dsml-filter D-70",
		"error dsml-value D-58",
		"warning dsml-abandon D-61",
	}
	if strings.Join(got, "\n") != strings.Join(wantList, "\n") {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(wantList, "\n"))
	}
	if got := Validate([]byte(request(del)), Options{}); got != nil {
		t.Errorf("a document without fault: %+v", got)
	}
	if got := Validate([]byte(`<batchRequest xmlns="`+Namespace+`"><delRequest></batchRequest>`), Options{}); len(got) != 2 || got[1].Code != "xml-syntax" {
		t.Errorf("a document that is not well-formed: %+v", got)
	}
}

func TestWarnings(t *testing.T) {
	for _, c := range []struct{ name, text, code string }{
		{"D-61 abandon in sequence", request(`<abandonRequest abandonID="1"/>`), "dsml-abandon"},
		{"D-80 an asterisk", filtered(`<equalityMatch name="a"><value>*</value></equalityMatch>`), "dsml-asterisk"},
		{"D-98 the name of another code", response(`<delResponse><resultCode code="32" descr="success"/></delResponse>`), "dsml-descr"},
		{"requestIDs that differ in case only", request(`<delRequest dn="" requestID="a"/><delRequest dn="" requestID="A"/>`), "dsml-requestid"},
		{"a modification that adds nothing", request(`<modifyRequest dn=""><modification name="a" operation="add"/></modifyRequest>`), "dsml-no-values"},
		{"a principal of no known form", request(`<authRequest principal="cn=a"/>`), "dsml-principal"},
		{"extensibleMatch of nothing", filtered(`<extensibleMatch><value>a</value></extensibleMatch>`), "dsml-filter"},
		{"a leniency", `<batchRequest xmlns="` + apacheNamespace + `"/>`, "dsml-namespace"},
		{"a leniency of the envelope", `<Envelope><Body>` + request("") + `</Body></Envelope>`, "soap-namespace"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Validate([]byte(c.text), Options{})
			if len(got) != 1 || got[0].Severity != SeverityWarning || got[0].Code != c.code || got[0].Pos.Line != 1 {
				t.Errorf("%+v", got)
			}
			if _, err := Parse([]byte(c.text), Options{}); err != nil {
				t.Errorf("a warning that is an error: %v", err)
			}
		})
	}
}
