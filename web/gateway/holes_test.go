package gateway

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// What other gateways are known to have got wrong, tried on the whole server.

const (
	adminBasic = "Basic dWlkPWFkbWluLG91PXNlcnZpY2VzLGRjPWV4YW1wbGUsZGM9b3JnOnNlY3JldA=="
	whoAmI     = `<extendedRequest><requestName>1.3.6.1.4.1.4203.1.11.3</requestName></extendedRequest>`
	addPrinter = `<addRequest dn="cn=printer-9,ou=devices,dc=example,dc=org"><attr name="objectClass"><value>device</value></attr></addRequest>`
)

func (r *running) exists(dn string) bool {
	r.t.Helper()
	return strings.Contains(r.ask("POST", "/dsml", envelope("", searchBase(dn))).body, `code="0"`)
}

// A value that is a reference is never fetched (D-89).
func TestHole_ReferencesAreNotFetched(t *testing.T) {
	var hits atomic.Int32
	bait := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { hits.Add(1) }))
	defer bait.Close()
	r := start(t)
	for _, uri := range []string{bait.URL + "/value", "file:///etc/hostname"} {
		typed := func(element string) string {
			return `<` + element + ` xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xsi:type="xsd:anyURI">` + uri + `</` + element + `>`
		}
		r.ask("POST", "/dsml", envelope("", `<addRequest dn="cn=bait,ou=devices,dc=example,dc=org"><attr name="objectClass"><value>device</value></attr><attr name="description">`+typed("value")+`</attr></addRequest>`+
			`<searchRequest dn="ou=devices,dc=example,dc=org" scope="singleLevel" derefAliases="neverDerefAliases"><control type="1.2.3.4">`+typed("controlValue")+`</control><filter><equalityMatch name="description">`+typed("value")+`</equalityMatch></filter></searchRequest>`)).
			want(t, 200, "addResponse", `dn="cn=bait,ou=devices,dc=example,dc=org"`, uri)
		r.ask("POST", "/dsml", envelope("", `<delRequest dn="cn=bait,ou=devices,dc=example,dc=org"/>`)).want(t, 200, `code="0"`)
	}
	doctype := `<!DOCTYPE x [<!ENTITY e SYSTEM "` + bait.URL + `/entity">]>`
	r.ask("POST", "/dsml", doctype+envelope("", strings.Replace(addPrinter, "device<", "&e;<", 1))).want(t, 200, "malformedRequest")
	if n := hits.Load(); n != 0 {
		t.Errorf("the gateway made %d requests", n)
	}
}

func TestHole_D_109_SeveralBatchesInABody(t *testing.T) {
	r := start(t)
	one := `<batchRequest xmlns="` + dsmlNamespace + `">` + addPrinter + `</batchRequest>`
	two := strings.Replace(envelope("", addPrinter), "</s:Body>", one+"</s:Body>", 1)
	r.ask("POST", "/dsml", two).want(t, 200, "malformedRequest")
	if r.exists("cn=printer-9,ou=devices,dc=example,dc=org") {
		t.Error("one of them was run")
	}
}

// The identity of one message is not that of the next: not on one connection,
// not out of a pool, not after an authRequest (D-38, D-121).
func TestHole_IdentityDoesNotLeak(t *testing.T) {
	behind := start(t)
	r := start(t, "--endpoint", "far="+behind.g.URL()+"dsml")
	for _, path := range []string{"/dsml", "/dsml/far"} {
		named := "uid=admin"
		proxied := `<authRequest principal="dn:uid=reader,ou=services,dc=example,dc=org"/>`
		for range 3 {
			r.ask("POST", path, envelope("", whoAmI), "Authorization", adminBasic).want(t, 200, named)
			if got := r.ask("POST", path, envelope("", whoAmI)); strings.Contains(got.body, "uid=") {
				t.Errorf("%s: nobody is taken for somebody: %s", path, got.body)
			}
			r.ask("POST", path, envelope("", proxied+whoAmI), "Authorization", adminBasic).want(t, 200, "uid=reader")
			r.ask("POST", path, envelope("", whoAmI), "Authorization", adminBasic).want(t, 200, named)
		}
		id := r.begin(path, "Authorization", adminBasic)
		r.ask("POST", path, envelope(sessionHeader("Session", id), proxied+whoAmI), "Authorization", adminBasic).want(t, 200, "uid=reader")
		r.ask("POST", path, envelope(sessionHeader("Session", id), whoAmI), "Authorization", adminBasic).want(t, 200, named)
		r.ask("POST", path, envelope(sessionHeader("Session", id), whoAmI)).want(t, 500, "Bad Session Request") // D-133
	}
}

func TestHole_D_111_MissingContentType(t *testing.T) {
	r := start(t)
	for _, headers := range [][]string{nil, {"SOAPAction", ""}, {"SOAPAction", "anything"}, {"Content-Type", "application/octet-stream"}} {
		r.ask("POST", "/dsml", envelope("", searchBase("dc=example,dc=org")), headers...).want(t, 200, `code="0"`)
	}
}

func TestHole_D_61_AbandonHasNoAnswer(t *testing.T) {
	r := start(t)
	abandon := `<abandonRequest requestID="2" abandonID="1"/>`
	base := searchBase("dc=example,dc=org")
	for _, attrs := range []string{"", ` processing="parallel" responseOrder="unordered"`} {
		text := strings.Replace(envelope("", strings.Replace(base, "<searchRequest", `<searchRequest requestID="1"`, 1)+abandon+strings.Replace(base, "<searchRequest", `<searchRequest requestID="3"`, 1)), "<batchRequest", "<batchRequest"+attrs, 1)
		got := r.ask("POST", "/dsml", text)
		got.want(t, 200, `requestID="3"`)
		if strings.Contains(got.body, `requestID="2"`) {
			t.Errorf("the abandonRequest is answered: %s", got.body)
		}
	}
}

// D-32: what is above the limit is refused as a whole.
func TestHole_TenThousandRequests(t *testing.T) {
	r := start(t)
	got := r.ask("POST", "/dsml", envelope("", addPrinter+strings.Repeat(searchBase("dc=example,dc=org"), 9999)))
	got.want(t, 200, "notAttempted", "holds 10000 requests", "at most 1000")
	if r.exists("cn=printer-9,ou=devices,dc=example,dc=org") {
		t.Error("the first of them was run")
	}
}

// filler is a body that is made while it is sent.
type filler struct{ left int }

func (f *filler) Read(p []byte) (int, error) {
	if f.left == 0 {
		return 0, io.EOF
	}
	n := min(len(p), f.left)
	for i := range p[:n] {
		p[i] = 'x'
	}
	f.left -= n
	return n, nil
}

func TestHole_FiftyMegabytes(t *testing.T) {
	const size = 50 << 20
	r := start(t)
	for _, length := range []int64{size, -1} { // announced, and in chunks (D-122)
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		request, err := http.NewRequestWithContext(t.Context(), "POST", r.g.URL()+"dsml", &filler{size})
		if err != nil {
			t.Fatal(err)
		}
		request.ContentLength = length
		response, err := http.DefaultTransport.RoundTrip(request)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(response.Body)
		response.Body.Close()
		if err != nil || response.StatusCode != 413 || !strings.Contains(string(text), "notAttempted") {
			t.Errorf("length %d: %d %s, %v", length, response.StatusCode, text, err)
		}
		runtime.ReadMemStats(&after)
		// The limit is 10 MiB, and reading up to it copies it as it grows.
		if grown := after.TotalAlloc - before.TotalAlloc; grown > size {
			t.Errorf("length %d: %d MiB were allocated for it", length, grown>>20)
		}
	}
	r.ask("POST", "/dsml", envelope("", "")).want(t, 200)
}

func TestFault_AThousandSessions(t *testing.T) {
	r := start(t, "--sessions-max", "1000", "--sessions-max-per-client", "-1")
	r.ask("POST", "/dsml", envelope("", ""))
	before := runtime.NumGoroutine()
	ids := make([]string, 1000)
	for i := range ids {
		ids[i] = r.begin("/dsml")
	}
	r.ask("POST", "/dsml", envelope(beginHeader, "")).want(t, 500, "Bad Session Request")
	if n := runtime.NumGoroutine(); n > before+10 {
		t.Errorf("%d goroutines for 1,000 sessions, %d before", n, before)
	}
	for _, id := range ids {
		r.ask("POST", "/dsml", envelope(sessionHeader("EndSession", id), "")).want(t, 200)
	}
	if n := r.g.endpoints[0].table.Len(); n != 0 {
		t.Errorf("%d sessions left", n)
	}
}

// slowEndpoint takes its time for an answer.
func slowEndpoint(t *testing.T, arrived chan<- struct{}, answer <-chan struct{}) string {
	t.Helper()
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err != nil {
			return
		}
		arrived <- struct{}{}
		select {
		case <-answer:
		case <-r.Context().Done():
		}
		fmt.Fprint(w, "the whole answer")
	}))
	t.Cleanup(s.Close)
	return s.URL
}

func TestShutdown_BatchesFinish(t *testing.T) {
	arrived, release := make(chan struct{}, 1), make(chan struct{})
	r := start(t, "--directory", slowEndpoint(t, arrived, release))
	answered := make(chan answer, 1)
	go func() { answered <- r.ask("POST", "/dsml", envelope("", "")) }()
	<-arrived
	stopped := make(chan error, 1)
	go func() { stopped <- r.stop() }()
	for !r.g.draining.Load() {
		time.Sleep(time.Millisecond)
	}
	select {
	case err := <-stopped:
		t.Fatalf("stopped while a batch runs: %v", err)
	case <-time.After(100 * time.Millisecond):
	}
	close(release)
	(<-answered).want(t, 200, "the whole answer")
	if err := <-stopped; err != nil {
		t.Errorf("stopped with %v", err)
	}
}

func TestShutdown_PatienceEnds(t *testing.T) {
	arrived := make(chan struct{}, 1)
	c, _, err := configure(t, nil, "--listen", "127.0.0.1:0", "--directory", slowEndpoint(t, arrived, nil), "--shutdown-patience", "50ms")
	if err != nil {
		t.Fatal(err)
	}
	g, err := Open(t.Context(), c, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- g.Run(ctx, http.NotFoundHandler()) }()
	go func() {
		response, err := http.Post(g.URL()+"dsml", "text/xml", strings.NewReader(envelope("", "")))
		if err == nil {
			response.Body.Close()
		}
	}()
	<-arrived
	cancel()
	select {
	case err := <-ended:
		if err == nil || !strings.Contains(err.Error(), "still running after 50ms") {
			t.Errorf("ended with %v", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("it waits for ever")
	}
}
