package endpoint

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/web/directory/memory"
)

const (
	people = "ou=people,dc=example,dc=org"
	begin  = `<ad:BeginSession xmlns:ad="urn:schema-microsoft-com:activedirectory:dsmlv2" s:mustUnderstand="1"/>`
)

func inSession(id string) string {
	return `<ad:Session xmlns:ad="urn:schema-microsoft-com:activedirectory:dsmlv2" ad:SessionID="` + id + `" s:mustUnderstand="1"/>`
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

func batchOf(attrs, requests string) string {
	return `<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" ` + attrs + ">" + requests + "</batchRequest>"
}

func searchOf(attrs, controls, filter string) string {
	filter, attributes, _ := strings.Cut(filter, "|")
	return `<searchRequest derefAliases="neverDerefAliases" ` + attrs + ">" + controls + "<filter>" + filter + "</filter>" + attributes + "</searchRequest>"
}

// noAttributes behind a filter asks for entries without attributes.
const noAttributes = `|<attributes><attribute name="1.1"/></attributes>`

const anything = `<present name="objectClass"/>`

// server is an endpoint over the sample directory, with a clock of its own.
type server struct {
	*DSML
	clock *session.ManualClock
	t     *testing.T
}

func newServer(t *testing.T, change ...func(*Options)) *server {
	t.Helper()
	clock := session.NewManualClock(time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC))
	o := Options{Backend: memory.Sample(), Table: session.NewTable(session.TableOptions{Clock: clock, Rand: testRand{}})}
	for _, f := range change {
		f(&o)
	}
	return &server{DSML: NewDSML(o), clock: clock, t: t}
}

// reply is what came back over HTTP.
type reply struct {
	status int
	header http.Header
	body   string
}

func (s *server) do(r *http.Request) reply {
	s.t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	res := w.Result()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	return reply{res.StatusCode, res.Header, string(body)}
}

func (s *server) post(text string, change ...func(*http.Request)) reply {
	s.t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/dsml", strings.NewReader(text))
	r.Header.Set("Content-Type", "text/xml; charset=utf-8")
	r.Header.Set("SOAPAction", `"#batchRequest"`)
	for _, f := range change {
		f(r)
	}
	return s.do(r)
}

var sessionID = regexp.MustCompile(`<ad:Session [^>]*ad:SessionID="([^"]+)"`)

func (s *server) begin(change ...func(*http.Request)) string {
	s.t.Helper()
	got := s.post(envelope(begin, batchOf("", "")), change...)
	m := sessionID.FindStringSubmatch(got.body)
	if got.status != 200 || m == nil {
		s.t.Fatalf("BeginSession: status %d, %s", got.status, got.body)
	}
	return m[1]
}

func (r reply) want(t *testing.T, status int, parts ...string) {
	t.Helper()
	if r.status != status {
		t.Errorf("status %d, want %d", r.status, status)
	}
	for _, p := range parts {
		if !strings.Contains(r.body, p) {
			t.Errorf("answer lacks %q", p)
		}
	}
	if t.Failed() {
		t.Logf("answer: %.2000s", r.body)
	}
}

func (r reply) without(t *testing.T, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if strings.Contains(r.body, p) {
			t.Errorf("answer holds %q: %.2000s", p, r.body)
		}
	}
}

func from(addr string) func(*http.Request) {
	return func(r *http.Request) { r.RemoteAddr = addr + ":4711" }
}

const (
	badSession = "<faultcode>SOAP:Client</faultcode><faultstring>SOAP Invalid Request</faultstring><detail>Bad Session Request</detail>"
	malformed  = `type="malformedRequest"`
)

// malformedOnly asserts that a document is answered as malformed and that
// nothing of it ran.
func TestMalformedDocuments(t *testing.T) {
	add := `<addRequest dn="cn=never,` + people + `"><attr name="objectClass"><value>device</value></attr></addRequest>`
	search := searchOf(`dn="`+people+`" scope="baseObject"`, "", anything)
	for name, text := range map[string]string{
		"D-03 no namespace":         envelope("", `<batchRequest>`+"</batchRequest>"),
		"D-03 another namespace":    envelope("", `<batchRequest xmlns="urn:oasis:names:tc:DSML:2.0:core"/>`),
		"D-06 unknown element":      envelope("", batchOf("", add+"<frobRequest/>")),
		"D-07 truncated":            envelope("", batchOf("", add))[:300],
		"D-07 mismatched tags":      envelope("", batchOf("", add+"</searchRequest>")),
		"D-08 not XML":              "dn: cn=x\nchangetype: delete\n",
		"D-08 empty body":           "",
		"D-09 unsupported version":  `<?xml version="3.0"?>` + envelope("", batchOf("", search)),
		"D-09 unsupported encoding": `<?xml version="1.0" encoding="EBCDIC-9"?>` + envelope("", batchOf("", search)),
		"D-10 document type":        `<!DOCTYPE x [<!ENTITY a "b">]>` + envelope("", batchOf("", add)),
		"D-15 onError":              envelope("", batchOf(`onError="stop"`, add)),
		"D-33 authRequest second":   envelope("", batchOf("", add+`<authRequest principal="u:x"/>`)),
		"D-39 search without scope": envelope("", batchOf("", searchOf(`dn=""`, "", anything))),
		"D-53 add without dn":       envelope("", batchOf("", add+"<addRequest/>")),
		"D-70 empty filter":         envelope("", batchOf("", searchOf(`dn="" scope="baseObject"`, "", ""))),
		"D-84 base64":               envelope("", batchOf("", strings.Replace(add, "<value>", `<value xsi:type="xsd:base64Binary">*`, 1))),
		"D-109 two batches":         envelope("", batchOf("", add)+batchOf("", add)),
		"D-117 no envelope":         batchOf("", add),
		"D-117 foreign envelope":    strings.Replace(envelope("", batchOf("", add)), "xmlsoap.org", "example.org", 1),
	} {
		t.Run(name, func(t *testing.T) {
			s := newServer(t)
			got := s.post(text)
			got.want(t, 200, malformed, "<batchResponse")
			s.post(envelope("", batchOf("", searchOf(`dn="cn=never,`+people+`" scope="baseObject"`, "", anything)))).want(t, 200, `code="32"`)
		})
	}
}

func TestD_31_RequestIDOfAMalformedBatch(t *testing.T) {
	good := envelope("", batchOf(`requestID="b 7"`, ""))
	for name, text := range map[string]string{
		"unknown request":        envelope("", batchOf(`requestID="b 7"`, "<frobRequest/>")),
		"unknown SOAP namespace": strings.Replace(good, "http://schemas.xmlsoap.org/soap/envelope/", "urn:x", 1),
		"no SOAP namespace":      strings.NewReplacer("<s:", "<", "</s:", "</", "xmlns:s=", "xmlns:unused=").Replace(good),
		"no envelope":            batchOf(`requestID="b 7"`, ""),
		"broken behind it":       strings.Replace(good, "</s:Body>", "</s:Bdy>", 1),
	} {
		t.Run(name, func(t *testing.T) {
			newServer(t).post(text).want(t, 200, malformed, `requestID="b 7"`)
		})
	}
	for name, text := range map[string]string{
		"there is none":   envelope("", batchOf("", "<frobRequest/>")),
		"broken before":   strings.Replace(good, "<s:Body>", "<s:Body><&>", 1),
		"not of a batch":  envelope("", `<frob xmlns="urn:x" requestID="b 7"/>`),
		"deep in a value": strings.Replace(envelope("", "<a><b>"+batchOf(`requestID="b 7"`, "")+"</b></a>"), "soap/envelope/", "x", 1),
	} {
		t.Run(name, func(t *testing.T) {
			if got := newServer(t).post(text); strings.Contains(got.body, "requestID") {
				t.Error(got.body)
			}
		})
	}
}

func TestNestingIsBounded(t *testing.T) {
	for name, filter := range map[string]string{
		"D-81 filter":     strings.Repeat("<not>", 10000) + anything + strings.Repeat("</not>", 10000),
		"elements":        strings.Repeat("<a>", 10000),
		"D-81 just above": strings.Repeat("<not>", 200) + anything + strings.Repeat("</not>", 200),
	} {
		t.Run(name, func(t *testing.T) {
			newServer(t).post(envelope("", batchOf("", searchOf(`dn="" scope="baseObject"`, "", filter)))).want(t, 200, malformed)
		})
	}
}

func TestD_122_BodyAboveTheLimit(t *testing.T) {
	s := newServer(t, func(o *Options) { o.MaxBody = 1000 })
	big := envelope("", batchOf("", "<!--"+strings.Repeat("x", 2000)+"-->"))
	s.post(big).want(t, 413, `type="notAttempted"`, "1000 bytes")
	s.post(big, func(r *http.Request) { r.ContentLength = -1 }).want(t, 413, `type="notAttempted"`)
	exact := envelope("", batchOf("", ""))
	s = newServer(t, func(o *Options) { o.MaxBody = int64(len(exact)) })
	s.post(exact).want(t, 200, "<batchResponse")
}

func TestCompressedBodyIsToldSo(t *testing.T) {
	s := newServer(t)
	coded := func(coding string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Content-Encoding", coding) }
	}
	answer := s.post("\x1f\x8b\x08", coded("gzip"))
	answer.want(t, 415, `type="notAttempted"`, "Content-Encoding \"gzip\"")
	if got := answer.header.Get("Accept-Encoding"); got != "identity" {
		t.Errorf("Accept-Encoding %q", got)
	}
	s.post(envelope("", batchOf("", "")), coded("identity")).want(t, 200, "<batchResponse")
}

func TestD_32_TooManyRequests(t *testing.T) {
	add := func(i int) string {
		return fmt.Sprintf(`<addRequest dn="cn=n%d,%s"><attr name="objectClass"><value>device</value></attr></addRequest>`, i, people)
	}
	s := newServer(t, func(o *Options) { o.MaxRequests = 2 })
	s.post(envelope("", batchOf("", add(1)+add(2)+add(3)))).want(t, 200, `type="notAttempted"`, "3 requests")
	s.post(envelope("", batchOf("", add(1)+add(2)))).want(t, 200, `<resultCode code="0"`)
}

func TestHTTP(t *testing.T) {
	s := newServer(t)
	ping := envelope("", batchOf("", ""))
	t.Run("D-108 other methods", func(t *testing.T) {
		for _, method := range []string{"GET", "PUT", "DELETE", "HEAD"} {
			got := s.do(httptest.NewRequest(method, "/dsml", nil))
			if got.status != 405 || !strings.Contains(got.header.Get("Allow"), "POST") {
				t.Errorf("%s: status %d, Allow %q", method, got.status, got.header.Get("Allow"))
			}
		}
	})
	t.Run("D-110 SOAPAction", func(t *testing.T) {
		for _, action := range []string{`"#batchRequest"`, "batchRequest", `""`, "", "urn:other"} {
			s.post(ping, func(r *http.Request) { r.Header.Set("SOAPAction", action) }).want(t, 200, "<batchResponse")
		}
		s.post(ping, func(r *http.Request) { r.Header.Del("SOAPAction") }).want(t, 200, "<batchResponse")
	})
	t.Run("D-111 no Content-Type", func(t *testing.T) {
		s.post(ping, func(r *http.Request) { r.Header.Del("Content-Type") }).want(t, 200, "<batchResponse")
	})
	t.Run("D-116 Content-Type of answers", func(t *testing.T) {
		if got := s.post(ping).header.Get("Content-Type"); got != "text/xml; charset=utf-8" {
			t.Errorf("Content-Type %q", got)
		}
	})
	t.Run("SOAP 1.2", func(t *testing.T) {
		got := s.post(strings.Replace(ping, "http://schemas.xmlsoap.org/soap/envelope/", "http://www.w3.org/2003/05/soap-envelope", 1))
		got.want(t, 200, "http://www.w3.org/2003/05/soap-envelope", "<batchResponse")
		if ct := got.header.Get("Content-Type"); !strings.HasPrefix(ct, "application/soap+xml") {
			t.Errorf("Content-Type %q", ct)
		}
	})
	t.Run("D-118 unknown header that must be understood", func(t *testing.T) {
		s.post(envelope(`<x:Tx xmlns:x="urn:x" s:mustUnderstand="1"/>`, batchOf("", ""))).want(t, 500, "MustUnderstand</faultcode>")
	})
	t.Run("D-119 unknown header", func(t *testing.T) {
		s.post(envelope(`<x:Tx xmlns:x="urn:x"/>`, batchOf("", ""))).want(t, 200, "<batchResponse")
	})
}

func TestCrossOrigin(t *testing.T) {
	ping := envelope("", batchOf("", ""))
	origin := func(o string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Origin", o); r.Host = "dir.example" }
	}
	s := newServer(t, func(o *Options) { o.AllowedOrigins = []string{"https://tool.example"} })
	if got := s.post(ping, origin("https://tool.example")); got.status != 200 || got.header.Get("Access-Control-Allow-Origin") != "https://tool.example" {
		t.Errorf("allowed origin: %d %v", got.status, got.header)
	}
	if got := s.post(ping, origin("https://dir.example")); got.status != 200 || got.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("own origin: %d %v", got.status, got.header)
	}
	if got := s.post(ping, origin("https://evil.example")); got.status != 403 || got.header.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("other origin: %d %v", got.status, got.header)
	}
	r := httptest.NewRequest("OPTIONS", "/dsml", nil)
	r.Header.Set("Origin", "https://tool.example")
	r.Header.Set("Access-Control-Request-Method", "POST")
	if got := s.do(r); got.status != 204 || !strings.Contains(got.header.Get("Access-Control-Allow-Headers"), "SOAPAction") {
		t.Errorf("preflight: %d %v", got.status, got.header)
	}
}
