package dsml

import (
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml"
)

// TestWriteRefusals: what DSML has no word for is refused, with a reason.
func TestWriteRefusals(t *testing.T) {
	deep := &Filter{Kind: Present, Name: "a"}
	for range DefaultFilterDepth {
		deep = &Filter{Kind: Not, Filters: []*Filter{deep}}
	}
	searchFor := func(f *Filter) Document {
		return &BatchRequest{Requests: []Request{&SearchRequest{Filter: f}}}
	}
	answering := func(r Response) Document { return &BatchResponse{Responses: []Response{r}} }
	for _, c := range []struct {
		name string
		doc  Document
		code string
	}{
		{"nothing", nil, "dsml-root"},
		{"D-22 parallel and unordered without requestID", &BatchRequest{Processing: ProcessParallel, ResponseOrder: OrderUnordered, Requests: []Request{&DelRequest{}}}, "dsml-requestid"},
		{"D-33 AuthRequest in second place", &BatchRequest{Requests: []Request{&DelRequest{}, &AuthRequest{}}}, "dsml-order"},
		{"a nil request", &BatchRequest{Requests: []Request{nil}}, "dsml-element"},
		{"a nil response", answering(nil), "dsml-element"},
		{"D-15 an unknown processing", &BatchRequest{Processing: 9}, "dsml-value"},
		{"D-39 no filter", searchFor(nil), "dsml-missing"},
		{"D-40 an unknown scope", &BatchRequest{Requests: []Request{&SearchRequest{Scope: 9, Filter: &Filter{Kind: And}}}}, "dsml-value"},
		{"D-41 a negative limit", &BatchRequest{Requests: []Request{&SearchRequest{SizeLimit: -1, Filter: &Filter{Kind: And}}}}, "dsml-value"},
		{"D-49 an unknown operation", &BatchRequest{Requests: []Request{&ModifyRequest{Modifications: []Modification{{Name: "a", Op: 9}}}}}, "dsml-value"},
		{"D-53 an empty name", &BatchRequest{Requests: []Request{&AddRequest{Attrs: []Attribute{{}}}}}, "dsml-name"},
		{"D-53 a bad name", &BatchRequest{Requests: []Request{&AddRequest{Attrs: []Attribute{{Name: "a b"}}}}}, "dsml-name"},
		{"D-63 no requestName", &BatchRequest{Requests: []Request{&ExtendedRequest{}}}, "dsml-oid"},
		{"D-68 a control without type", &BatchRequest{Requests: []Request{&DelRequest{Message: Message{Controls: []Control{{}}}}}}, "dsml-oid"},
		{"D-70 a filter without kind", searchFor(&Filter{}), "dsml-filter"},
		{"D-71 not of nothing", searchFor(&Filter{Kind: Not}), "dsml-filter"},
		{"D-70 a nil inside", searchFor(&Filter{Kind: And, Filters: []*Filter{nil}}), "dsml-filter"},
		{"D-75 substrings without any part", searchFor(&Filter{Kind: Substrings, Name: "a"}), "dsml-filter"},
		{"D-81 too deep a filter", searchFor(deep), "dsml-filter-depth"},
		{"D-93 no result", answering(&SearchResponse{}), "dsml-missing"},
		{"D-93 the result of something else", answering(&SearchResponse{Done: &Result{Kind: AddResponse}}), "dsml-result"},
		{"D-93 a searchResultDone on its own", answering(&Result{Kind: SearchResultDone}), "dsml-result"},
		{"D-93 a reference without URI", answering(&SearchResponse{References: []*SearchResultReference{{}}, Done: &Result{}}), "dsml-missing"},
		{"a result without kind", answering(&Result{}), "dsml-result"},
		{"D-102 no type", answering(&ErrorResponse{}), "dsml-value"},
		{"a requestID that XML has no place for", &BatchRequest{RequestID: Some("\x00")}, "xml-"},
		{"markup that is not well-formed", &BatchRequest{Requests: []Request{&ExtendedRequest{RequestName: "1.2", RequestValue: &Value{"<a>", Markup}}}}, "dsml-value"},
	} {
		t.Run(c.name, func(t *testing.T) {
			text, err := Marshal(c.doc, WriteOptions{})
			e, ok := err.(*Error)
			if !ok || !strings.HasPrefix(e.Code, c.code) || e.Message == "" || text != nil {
				t.Errorf("%s, %+v", text, err)
			}
		})
	}
}

// TestWriteStrict: what servers know and the schema does not is written, unless
// strictness is asked for.
func TestWriteStrict(t *testing.T) {
	for _, r := range []Request{
		&SearchRequest{Filter: &Filter{Kind: And}, Attributes: []string{"*", "+"}},
		&SearchRequest{Filter: &Filter{Kind: And}, Attributes: []string{"member;range=0-*"}},
		&AddRequest{Attrs: []Attribute{{Name: "my_name"}}},
		&ModifyRequest{Modifications: []Modification{{Name: "a", Op: ModifyIncrement}}},
	} {
		doc := &BatchRequest{Requests: []Request{r}}
		text, err := Marshal(doc, WriteOptions{})
		if err != nil {
			t.Errorf("%+v: %v", r, err)
		}
		if _, err := Parse(text, Options{}); err != nil {
			t.Errorf("%s: %v", text, err)
		}
		if _, err := Marshal(doc, WriteOptions{Strict: true}); err == nil {
			t.Errorf("%+v is written strictly", r)
		}
	}
}

// TestWrittenForm holds the text of one document of each direction.
func TestWrittenForm(t *testing.T) {
	size := Value{"0\x05\x02\x01\x05\x04\x00", Base64Binary}
	text, err := Marshal(&BatchRequest{RequestID: Some("b"), OnError: ResumeOnError, Requests: []Request{
		&SearchRequest{
			Message: Message{RequestID: Some("1"), Controls: []Control{{"1.2.840.113556.1.4.319", true, &size}}},
			DN:      "dc=x", Scope: SingleLevel, SizeLimit: 5, Filter: &Filter{Kind: Present, Name: "cn"}, Attributes: []string{"cn"},
		},
		&ModDNRequest{DN: "cn=a", NewRDN: "cn=b", KeepOldRDN: true, NewSuperior: Some("")},
	}}, WriteOptions{Indent: 2})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "request", strings.TrimSpace(string(text)), strings.TrimSpace(`
<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" requestID="b" onError="resume">
  <searchRequest dn="dc=x" requestID="1" scope="singleLevel" derefAliases="neverDerefAliases" sizeLimit="5">
    <control type="1.2.840.113556.1.4.319" criticality="true">
      <controlValue xsi:type="xsd:base64Binary">MAUCAQUEAA==</controlValue>
    </control>
    <filter>
      <present name="cn"/>
    </filter>
    <attributes>
      <attribute name="cn"/>
    </attributes>
  </searchRequest>
  <modDNRequest dn="cn=a" newrdn="cn=b" deleteoldrdn="false" newSuperior=""/>
</batchRequest>`))
	text, err = Marshal(&BatchResponse{Responses: []Response{
		&Result{Kind: AddResponse, LDAPResult: LDAPResult{Message: Message{RequestID: Some("2")}, Code: 10, MatchedDN: "dc=x", ErrorMessage: "a < b", Referrals: []string{"ldap://a/"}}},
		&ErrorResponse{Type: NotAttempted, Message: "no"},
	}}, WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "response", string(text), `<batchResponse xmlns="urn:oasis:names:tc:DSML:2:0:core">`+
		`<addResponse requestID="2" matchedDN="dc=x"><resultCode code="10" descr="referral"/><errorMessage>a &lt; b</errorMessage><referral>ldap://a/</referral></addResponse>`+
		`<errorResponse type="notAttempted"><message>no</message></errorResponse></batchResponse>`)
}

// TestUnprintable: names, messages and URIs of a directory may hold what XML
// does not; they are written so that they mean the same, or still say it.
func TestUnprintable(t *testing.T) {
	for in, out := range map[string]string{
		"cn=a\x01b":   `cn=a\01b`,
		"cn=a\\\x01b": `cn=a\01b`,
		"cn=\\\\\x00": `cn=\\\00`,
		"cn=\xff":     `cn=\FF`,
		"cn=\uFFFE":   `cn=\EF\BF\BE`,
		"cn=a\tb":     "cn=a\tb",
	} {
		text, err := Marshal(&BatchRequest{Requests: []Request{&DelRequest{DN: in}}}, WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		p, err := Parse(text, Options{Strict: true})
		if err != nil {
			t.Fatal(err)
		}
		want(t, "dn", first[*DelRequest](t, p).DN, out)
	}
	r := LDAPResult{ErrorMessage: "no \x01such\xff object\x00", Referrals: []string{"ldap:///o=a b\x00"}}
	text, err := Marshal(&BatchResponse{Responses: []Response{&Result{DelResponse, r}}}, WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	p, err := Parse(text, Options{Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	want(t, "message", answer[*Result](t, p).ErrorMessage, "no \uFFFDsuch\uFFFD object")
	want(t, "referral", answer[*Result](t, p).Referrals[0], "ldap:///o=a%20b%00")
}

// TestWriteInside writes a document at a place inside another.
func TestWriteInside(t *testing.T) {
	w := xml.NewWriter(xml.WriterOptions{})
	w.Prefix("", "urn:outer")
	w.Start("urn:outer", "outer")
	if err := Write(w, &BatchRequest{}); err != nil {
		t.Fatal(err)
	}
	w.End()
	want(t, "text", string(w.Bytes()), `<outer xmlns="urn:outer"><batchRequest xmlns="`+Namespace+`"/></outer>`)
	w = xml.NewWriter(xml.WriterOptions{})
	w.Prefix("", Namespace)
	w.Start(Namespace, "batchRequest")
	if err := WriteRequest(w, &DelRequest{DN: "cn=a"}); err != nil {
		t.Fatal(err)
	}
	w.End()
	want(t, "text", string(w.Bytes()), `<batchRequest xmlns="`+Namespace+`"><delRequest dn="cn=a"/></batchRequest>`)
}
