package suite

import (
	"context"
	"encoding/base64"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

const (
	people   = "ou=people," + Suffix
	anything = `<present name="objectClass"/>`

	begin      = `<ad:BeginSession xmlns:ad="` + sessionSpace + `" s:mustUnderstand="1"/>`
	badSession = "<faultcode>SOAP:Client</faultcode><faultstring>SOAP Invalid Request</faultstring><detail>Bad Session Request</detail>"
	malformed  = `type="malformedRequest"`

	sessionSpace = "urn:schema-microsoft-com:activedirectory:dsmlv2"
)

func inSession(id string) string {
	return `<ad:Session xmlns:ad="` + sessionSpace + `" ad:SessionID="` + id + `" s:mustUnderstand="1"/>`
}

func endSession(id string) string {
	return strings.Replace(inSession(id), "ad:Session ", "ad:EndSession ", 1)
}

func envelope(header, body string) string {
	if header != "" {
		header = "<s:Header>" + header + "</s:Header>"
	}
	return `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/">` + header + "<s:Body>" + body + "</s:Body></s:Envelope>"
}

func batchOf(requests string) string {
	return `<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` + requests + "</batchRequest>"
}

// searchOf is a search that returns names only.
func searchOf(dn, scope, controls string) string {
	return `<searchRequest dn="` + dn + `" scope="` + scope + `" derefAliases="neverDerefAliases">` + controls + "<filter>" + anything + `</filter><attributes><attribute name="1.1"/></attributes></searchRequest>`
}

// never is an entry that no rule lets come to be.
const never = "cn=never," + people

func addDevice(dn string) string {
	return `<addRequest dn="` + dn + `"><attr name="objectClass"><value>device</value></attr></addRequest>`
}

func del(dn string) string { return `<delRequest dn="` + dn + `"/>` }

// paged is a search of one page of the people.
func paged(size int32, cookie []byte) string {
	c := dsml.PagedResults{Size: size, Cookie: cookie}.Control(true)
	return searchOf(people, "singleLevel", `<control type="`+c.Type+`" criticality="true"><controlValue xsi:type="xsd:base64Binary">`+base64.StdEncoding.EncodeToString([]byte(c.Value.Data))+`</controlValue></control>`)
}

// reply is what came back over HTTP.
type reply struct {
	status int
	header http.Header
	body   string
}

// tell sends a text as it is.
func (e Endpoint) tell(t *testing.T, text string, change ...func(*http.Request)) reply {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, e.URL, strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "text/xml; charset=utf-8")
	r.Header.Set("SOAPAction", `"#batchRequest"`)
	if e.Name != "" {
		r.SetBasicAuth(e.Name, e.Password)
	}
	for _, f := range change {
		f(r)
	}
	res, err := (&http.Client{Transport: e.Transport}).Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return reply{res.StatusCode, res.Header, string(body)}
}

// ask sends requests in an envelope with the header.
func (e Endpoint) ask(t *testing.T, header, requests string, change ...func(*http.Request)) reply {
	t.Helper()
	return e.tell(t, envelope(header, batchOf(requests)), change...)
}

// from makes a request come from another address.
func (e Endpoint) from(address string) func(*http.Request) {
	return func(r *http.Request) { e.From(r, address) }
}

var sessionID = regexp.MustCompile(`<ad:Session [^>]*ad:SessionID="([^"]+)"`)

// began reads the id of a new session, which ends with the test.
func (e Endpoint) began(t *testing.T, r reply, change ...func(*http.Request)) string {
	t.Helper()
	m := sessionID.FindStringSubmatch(r.body)
	if r.status != 200 || m == nil {
		t.Fatalf("BeginSession: status %d, %s", r.status, r.body)
	}
	leave := context.WithoutCancel(t.Context())
	t.Cleanup(func() {
		e.ask(t, endSession(m[1]), "", append(change, func(r *http.Request) { *r = *r.WithContext(leave) })...)
	})
	return m[1]
}

func (e Endpoint) begin(t *testing.T, change ...func(*http.Request)) string {
	t.Helper()
	return e.began(t, e.ask(t, begin, "", change...), change...)
}

// exists tells whether there is the entry.
func (e Endpoint) exists(t *testing.T, dn string) bool {
	t.Helper()
	got := e.ask(t, "", searchOf(dn, "baseObject", ""))
	if !strings.Contains(got.body, `<resultCode code="0"`) && !strings.Contains(got.body, `<resultCode code="32"`) {
		t.Fatalf("%s: %d %s", dn, got.status, got.body)
	}
	return strings.Contains(got.body, "<searchResultEntry ")
}

func (r reply) want(t *testing.T, status int, parts ...string) {
	t.Helper()
	if r.status != status {
		t.Errorf("status %d, want %d: %.2000s", r.status, status, r.body)
	}
	for _, p := range parts {
		if !strings.Contains(r.body, p) {
			t.Errorf("the answer lacks %q: %.2000s", p, r.body)
		}
	}
}

func (r reply) without(t *testing.T, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if strings.Contains(r.body, p) {
			t.Errorf("the answer holds %q: %.2000s", p, r.body)
		}
	}
}

func (r reply) entries() int { return strings.Count(r.body, "<searchResultEntry ") }

// cookie is that of the page; empty behind the last one (D-148).
func (r reply) cookie(t *testing.T) []byte {
	t.Helper()
	p, err := dsml.Parse([]byte(r.body), dsml.Options{Expect: dsml.ExpectResponse})
	if err != nil || p.Document == nil {
		t.Fatalf("%v: %.1500s", err, r.body)
	}
	for _, response := range p.Document.(*dsml.BatchResponse).Responses {
		found, ok := response.(*dsml.SearchResponse)
		if !ok {
			continue
		}
		for _, c := range found.Done.Controls {
			if c.Type == dsml.OIDPagedResults {
				page, err := dsml.DecodePagedResults(c)
				if err != nil {
					t.Fatal(err)
				}
				return page.Cookie
			}
		}
	}
	t.Fatalf("no paging control in %.1500s", r.body)
	return nil
}
