package gateway

import (
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml"
)

// names collects what a document declares, by element.
type names map[string][]string

func (n names) Token(s *xml.Scanner, k xml.Kind) error {
	if k == xml.StartElement {
		if name, found := s.Attr("", "name"); found {
			n[s.Name().Local] = append(n[s.Name().Local], string(name))
		}
	}
	return nil
}

func TestWSDL(t *testing.T) {
	r := start(t, "--endpoint", "a=memory")
	for _, query := range []string{"wsdl", "WSDL", "singleWsdl"} {
		got := r.ask("GET", "/dsml/a?"+query, "", "Host", "localhost:81")
		got.want(t, 200, `<soap:address location="http://localhost:81/dsml/a"/>`, `element="dsml:batchRequest"`, `soapAction="#batchRequest"`)
		if got.header.Get("Content-Type") != "text/xml; charset=utf-8" {
			t.Errorf("Content-Type %q", got.header.Get("Content-Type"))
		}
		declared := names{}
		if err := xml.Parse([]byte(got.body), xml.Limits{}, declared); err != nil {
			t.Fatalf("not well-formed: %v", err)
		}
		for element, want := range map[string]string{"service": "DSMLService", "port": "DSML", "binding": "DSMLBinding", "portType": "DSMLPort", "operation": "Batch Batch", "message": "BatchRequestMessage BatchResponseMessage"} {
			if got := strings.Join(declared[element], " "); got != want {
				t.Errorf("%s: %s, want %s", element, got, want)
			}
		}
		if len(declared["complexType"]) < 25 {
			t.Errorf("the schema is not inside: %d types", len(declared["complexType"]))
		}
	}
	r.ask("GET", "/dsml?xsd", "").want(t, 200, `targetNamespace="urn:oasis:names:tc:DSML:2:0:core"`)
	r.ask("HEAD", "/dsml?wsdl", "").want(t, 200)
}

func TestS_25_AWSDLRequestJoinsNoSession(t *testing.T) {
	r := start(t)
	id := r.begin("/dsml")
	before := r.g.endpoints[0].table.List()[0]
	for _, message := range []string{envelope(beginHeader, ""), envelope(sessionHeader("Session", id), ""), envelope(sessionHeader("EndSession", id), "")} {
		if got := r.ask("POST", "/dsml?wsdl", message); got.status != 405 || strings.Contains(got.body, "SessionID") {
			t.Errorf("POST: %d %s", got.status, got.body)
		}
		r.ask("GET", "/dsml?wsdl", message).want(t, 200, "definitions")
	}
	if list := r.g.endpoints[0].table.List(); len(list) != 1 || !reflect.DeepEqual(list[0], before) {
		t.Errorf("the sessions have changed: %+v", list)
	}
}

// A host name from a request does not get out of its attribute.
func TestWSDL_HostIsEscaped(t *testing.T) {
	r := httptest.NewRequest("GET", "/dsml?wsdl", nil)
	r.Host = `a.example"><x y='&`
	text := wsdl(r)
	if err := xml.Parse([]byte(text), xml.Limits{}, names{}); err != nil || !strings.Contains(text, `location="http://a.example&#34;&gt;&lt;x y=&#39;&amp;/dsml"`) {
		t.Errorf("%v: %s", err, text[len(text)-300:])
	}
}

// The schema is checked with a validator of others on what the endpoint reads
// and writes itself, and on what it refuses.
func TestSchema_AgreesWithTheEndpoint(t *testing.T) {
	xmllint, err := exec.LookPath("xmllint")
	if err != nil {
		t.Fatal("xmllint is needed to check the schema: install libxml2-utils")
	}
	dir := t.TempDir()
	schema := filepath.Join(dir, "dsmlv2.xsd")
	if err := os.WriteFile(schema, []byte(schemaText), 0o600); err != nil {
		t.Fatal(err)
	}
	valid := func(document string) (bool, string) {
		file := filepath.Join(dir, "document.xml")
		if err := os.WriteFile(file, []byte(document), 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.CommandContext(t.Context(), xmllint, "--noout", "--nonet", "--schema", schema, file).CombinedOutput()
		return err == nil, string(out)
	}
	const open = `<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" requestID="1" processing="sequential" responseOrder="sequential" onError="resume">`
	batch := open + `<authRequest principal="dn:uid=admin,ou=services,dc=example,dc=org"/>` +
		`<searchRequest requestID="2" dn="dc=example,dc=org" scope="wholeSubtree" derefAliases="derefAlways" sizeLimit="3" timeLimit="5" typesOnly="0"><control type="1.2.840.113556.1.4.473" criticality="1"><controlValue xsi:type="xsd:base64Binary">MAYwBAQCY24=</controlValue></control>` +
		`<filter><and><not><substrings name="cn"><initial>a</initial><any>b</any><final>c</final></substrings></not><or><extensibleMatch dnAttributes="true" matchingRule="2.5.13.2" name="cn"><value>x</value></extensibleMatch><present name="objectClass"/><approxMatch name="sn;lang-de"><value xsi:type="xsd:string">y</value></approxMatch></or></and></filter><attributes><attribute name="cn"/><attribute name="jpegPhoto;binary"/><attribute name="*"/><attribute name="1.1"/></attributes></searchRequest>` +
		`<compareRequest dn="dc=example,dc=org"><assertion name="dc"><value>example</value></assertion></compareRequest>` +
		`<addRequest dn="cn=x,ou=devices,dc=example,dc=org"><attr name="objectClass"><value>device</value></attr></addRequest>` +
		`<modifyRequest dn="cn=x,ou=devices,dc=example,dc=org"><modification name="description" operation="replace"><value xsi:type="xsd:base64Binary">AAE=</value></modification></modifyRequest>` +
		`<modDNRequest dn="cn=x,ou=devices,dc=example,dc=org" newrdn="cn=y" deleteoldrdn="true" newSuperior="ou=devices,dc=example,dc=org"/>` +
		`<delRequest dn="cn=y,ou=devices,dc=example,dc=org"/><extendedRequest><requestName>1.3.6.1.4.1.4203.1.11.3</requestName></extendedRequest><abandonRequest abandonID="2"/></batchRequest>`
	if ok, why := valid(batch); !ok {
		t.Errorf("a request with everything: %s", why)
	}
	r := start(t)
	for _, header := range []string{"", beginHeader} {
		got := r.ask("POST", "/dsml", strings.Replace(envelope(header, "\x00"), `<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core">`+"\x00</batchRequest>", batch, 1))
		got.want(t, 200, "<batchResponse")
		_, body, _ := strings.Cut(got.body, "Body>")
		body = body[:strings.LastIndex(body, "</soap:Body>")]
		if strings.Contains(body, "errorResponse") || strings.Count(body, "<searchResultEntry") != 3 || !strings.Contains(body, "extendedResponse") {
			t.Errorf("the answer: %s", body)
		}
		if ok, why := valid(body); !ok {
			t.Errorf("an answer: %s\n%s", why, body)
		}
	}
	malformed := r.ask("POST", "/dsml", envelope("", "<frobRequest/>")).body
	if ok, why := valid(malformed[strings.Index(malformed, "<batchResponse"):strings.Index(malformed, "</soap:Body>")]); !ok {
		t.Errorf("an errorResponse: %s", why)
	}
	for _, wrong := range []string{
		open + `<frobRequest/></batchRequest>`,
		open + `<searchRequest dn="" scope="base" derefAliases="derefAlways"><filter><present name="a"/></filter></searchRequest></batchRequest>`,
		open + `<searchRequest dn="" scope="baseObject" derefAliases="derefAlways"/></batchRequest>`,
		open + `<delRequest dn="x"/><authRequest principal="x"/></batchRequest>`,
		open + `<addRequest><attr name="cn"/></addRequest></batchRequest>`,
	} {
		if ok, _ := valid(wrong); ok {
			t.Errorf("valid by the schema: %s", wrong)
		}
		r.ask("POST", "/dsml", `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>`+wrong+`</s:Body></s:Envelope>`).want(t, 200, "malformedRequest")
	}
}
