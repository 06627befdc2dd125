package relay

import (
	"crypto/rand"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/web/directory/memory"
	"github.com/dsmlkit/dsmlkit/web/endpoint"
)

const beginHeader = `<ad:BeginSession xmlns:ad="urn:schema-microsoft-com:activedirectory:dsmlv2" s:mustUnderstand="1"/>`

func inSession(id string) string {
	return `<ad:Session xmlns:ad="urn:schema-microsoft-com:activedirectory:dsmlv2" ad:SessionID="` + id + `" s:mustUnderstand="1"/>`
}

func endSession(id string) string {
	return strings.Replace(inSession(id), "ad:Session ", "ad:EndSession ", 1)
}

func envelope(header, requests string) string {
	return `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>` + header +
		`</s:Header><s:Body><batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core" requestID="b1">` + requests + `</batchRequest></s:Body></s:Envelope>`
}

const (
	search = `<searchRequest dn="dc=example,dc=org" scope="baseObject" derefAliases="neverDerefAliases"><filter><present name="objectClass"/></filter></searchRequest>`
	remove = `<delRequest dn="uid=admin,ou=services,dc=example,dc=org"/>`
)

// upstream is another endpoint, and what it was sent.
type upstream struct {
	*httptest.Server
	table *session.Table

	mu   sync.Mutex
	seen []*http.Request
	body []string
}

func (u *upstream) last() (*http.Request, string) {
	u.mu.Lock()
	defer u.mu.Unlock()
	if len(u.seen) == 0 {
		return nil, ""
	}
	return u.seen[len(u.seen)-1], u.body[len(u.body)-1]
}

func (u *upstream) count() int {
	u.mu.Lock()
	defer u.mu.Unlock()
	return len(u.seen)
}

// newUpstream starts an endpoint on the sample directory; before may answer in
// its place by returning true.
func newUpstream(t *testing.T, before func(http.ResponseWriter, *http.Request) bool) *upstream {
	t.Helper()
	many := -1 // all that comes through a relay comes from one address
	u := &upstream{table: session.NewTable(session.TableOptions{Rand: rand.Reader, MaxPerClient: &many})}
	real := endpoint.NewDSML(endpoint.Options{Backend: memory.Sample(), Table: u.table})
	u.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		text, err := io.ReadAll(r.Body)
		if err != nil {
			return
		}
		u.mu.Lock()
		u.seen, u.body = append(u.seen, r), append(u.body, string(text))
		u.mu.Unlock()
		if before != nil && before(w, r) {
			return
		}
		again := r.Clone(r.Context())
		again.Body = io.NopCloser(strings.NewReader(string(text)))
		real.ServeHTTP(w, again)
	}))
	t.Cleanup(u.Close)
	return u
}

func newRelay(t *testing.T, to string, change ...func(*Options)) *Relay {
	t.Helper()
	u, err := url.Parse(to)
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Upstream: u, Name: "other", Path: "/dsml/other", Origins: endpoint.NewOrigins([]string{"https://tool.example"})}
	for _, f := range change {
		f(&o)
	}
	r, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	return r
}

type reply struct {
	status int
	header http.Header
	body   string
}

func post(t *testing.T, h http.Handler, text string, change ...func(*http.Request)) reply {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "http://gateway.example/dsml/other", strings.NewReader(text))
	r.Header.Set("Content-Type", "text/xml; charset=utf-8")
	r.Header.Set("SOAPAction", `"#batchRequest"`)
	for _, f := range change {
		f(r)
	}
	w := httptest.NewRecorder()
	func() {
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				panic(p)
			}
		}()
		h.ServeHTTP(w, r)
	}()
	return reply{w.Code, w.Header(), w.Body.String()}
}

func header(name, value string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Add(name, value) }
}

func from(address string) func(*http.Request) {
	return func(r *http.Request) { r.RemoteAddr = address + ":4711" }
}

func (r reply) want(t *testing.T, status int, code string, parts ...string) {
	t.Helper()
	if r.status != status || r.header.Get(HeaderError) != code {
		t.Errorf("status %d, %s %q; want %d, %q", r.status, HeaderError, r.header.Get(HeaderError), status, code)
	}
	for _, p := range parts {
		if !strings.Contains(r.body, p) {
			t.Errorf("the answer lacks %q: %.1000s", p, r.body)
		}
	}
}

var idPattern = regexp.MustCompile(`<ad:Session [^>]*ad:SessionID="([^"]+)"`)

func begin(t *testing.T, h http.Handler, change ...func(*http.Request)) string {
	t.Helper()
	got := post(t, h, envelope(beginHeader, ""), change...)
	m := idPattern.FindStringSubmatch(got.body)
	if got.status != 200 || m == nil {
		t.Fatalf("begin: %d %s %s", got.status, got.header.Get(HeaderError), got.body)
	}
	return m[1]
}

func TestRelay_ByteForByte(t *testing.T) {
	u := newUpstream(t, nil)
	r := newRelay(t, u.URL+"/dsml?realm=a")
	for _, text := range []string{
		envelope("", search) + "\n<!-- behind -->",
		"no XML at all",
		"\xef\xbb\xbf" + envelope("", search),
		"",
	} {
		direct, err := http.Post(u.URL+"/dsml", "text/xml; charset=utf-8", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		want, err := io.ReadAll(direct.Body)
		if err != nil {
			t.Fatal(err)
		}
		direct.Body.Close()
		got := post(t, r, text)
		if got.body != string(want) || got.status != direct.StatusCode || got.header.Get("Content-Type") != direct.Header.Get("Content-Type") {
			t.Errorf("%q: relayed %d %s, direct %d %s", text, got.status, got.body, direct.StatusCode, want)
		}
		if request, body := u.last(); body != text || request.URL.RequestURI() != "/dsml?realm=a" || request.Host != strings.TrimPrefix(u.URL, "http://") {
			t.Errorf("sent %q to %s at %s", body, request.URL, request.Host)
		}
		if got.header.Get(HeaderStatus) != direct.Status {
			t.Errorf("%s is %q, want %q", HeaderStatus, got.header.Get(HeaderStatus), direct.Status)
		}
	}
}

func TestRelay_HeadersPassByAList(t *testing.T) {
	u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) bool {
		h := w.Header()
		h.Set("Location", "https://elsewhere.example/")
		h.Set("Strict-Transport-Security", "max-age=1")
		h.Set("Access-Control-Allow-Origin", "*")
		h.Set("Refresh", "0; url=https://elsewhere.example/")
		h.Set("Clear-Site-Data", `"*"`)
		h.Set("Server", "other/1")
		h.Set("Content-Type", "text/html")
		h.Add("WWW-Authenticate", "Negotiate")
		h.Add("WWW-Authenticate", `Basic realm="directory"`)
		w.WriteHeader(http.StatusUnauthorized)
		fmt.Fprint(w, "<script>")
		return true
	})
	r := newRelay(t, u.URL)
	got := post(t, r, envelope("", search), header("Origin", "https://tool.example"), header("Referer", "https://tool.example/x"), header("X-Forwarded-For", "10.0.0.1"),
		header("Forwarded", "for=10.0.0.1"), header("Proxy-Authorization", "Basic x"), header("Authorization", "Basic dTpw"), header("User-Agent", "browser"), header("Sec-Fetch-Site", "cross-site"))
	got.want(t, 401, "", "<script>")
	request, _ := u.last()
	for name, want := range map[string]string{
		"Origin": "", "Referer": "", "X-Forwarded-For": "", "Forwarded": "", "Proxy-Authorization": "", "Sec-Fetch-Site": "", "Accept-Encoding": "",
		"Authorization": "Basic dTpw", "User-Agent": "browser", "Soapaction": `"#batchRequest"`, "Content-Type": "text/xml; charset=utf-8",
	} {
		if got := request.Header.Get(name); got != want {
			t.Errorf("the other endpoint gets %s %q, want %q", name, got, want)
		}
	}
	for name, want := range map[string]string{
		"Location": "", "Strict-Transport-Security": "", "Refresh": "", "Clear-Site-Data": "", "Server": "", "Www-Authenticate": `Basic realm="directory"`,
		"Access-Control-Allow-Origin": "https://tool.example", HeaderServer: "other/1", "X-Content-Type-Options": "nosniff", HeaderStatus: "401 Unauthorized",
	} {
		if got := strings.Join(got.header.Values(name), "|"); got != want {
			t.Errorf("the caller gets %s %q, want %q", name, got, want)
		}
	}
	if exposed := got.header.Get("Access-Control-Expose-Headers"); !strings.Contains(exposed, HeaderStatus) || !strings.Contains(exposed, HeaderCookie) {
		t.Errorf("pages see %q", exposed)
	}
	if !strings.Contains(got.header.Get("Content-Security-Policy"), "sandbox") {
		t.Error("a page of the other endpoint could act as one of this server")
	}
}

// NTLM and its like say who is at the other end of a connection, and
// connections to the other endpoint are shared by all callers.
func TestRelay_IdentityDoesNotLeakThroughConnections(t *testing.T) {
	u := newUpstream(t, nil)
	r := newRelay(t, u.URL)
	for _, scheme := range []string{"NTLM TlRMTVNTUAAB", "Negotiate YII", "Digest username=\"u\"", "Kerberos x"} {
		post(t, r, envelope("", search), header("Authorization", scheme)).want(t, 200, CodeRefused, `type="authenticationFailed"`, `requestID="b1"`)
	}
	if n := u.count(); n != 0 {
		t.Errorf("%d messages went out", n)
	}
	post(t, r, envelope("", search), header("Authorization", "bAsIc dWlkPWFkbWlu")).want(t, 200, "")
	if request, _ := u.last(); request.Header.Get("Authorization") != "bAsIc dWlkPWFkbWlu" {
		t.Errorf("Authorization %q", request.Header.Get("Authorization"))
	}
	post(t, r, envelope("", search))
	if request, _ := u.last(); request.Header.Get("Authorization") != "" {
		t.Error("the credentials of one message came with the next")
	}
}

// A name that leads to this machine is refused when the connection is made,
// whatever a look-up before it said: the dialer itself asks.
func TestRelay_Limits(t *testing.T) {
	long := strings.Repeat("x", 5000)
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) bool {
		switch r.URL.Path {
		case "/long":
			w.Header().Set("Content-Length", "5000")
			fmt.Fprint(w, long)
		case "/chunks":
			for range 10 {
				fmt.Fprint(w, long)
				w.(http.Flusher).Flush()
			}
		case "/packed":
			w.Header().Set("Content-Encoding", "gzip")
		case "/slow":
			<-r.Context().Done()
		default:
			return false
		}
		return true
	})
	limits := func(o *Options) {
		o.MaxBody, o.MaxAnswer, o.MaxRequests = 2000, 4000, 2
	}
	impatient := func(o *Options) { o.Timeout = 300 * time.Millisecond }
	post(t, newRelay(t, u.URL, limits), envelope("", search+search+search)).want(t, 200, CodeRefused, "notAttempted", "holds 3 requests")
	post(t, newRelay(t, u.URL, limits), envelope("", "<!--"+long+"-->")).want(t, 413, "", "notAttempted")
	if u.count() != 0 {
		t.Errorf("%d messages above a limit went out", u.count())
	}
	post(t, newRelay(t, u.URL+"/long", limits), envelope("", search)).want(t, 200, CodeTooLong, "gatewayInternalError")
	post(t, newRelay(t, u.URL+"/packed", limits), envelope("", search)).want(t, 200, CodeEncoded, "gatewayInternalError")
	post(t, newRelay(t, u.URL+"/slow", impatient), envelope("", search)).want(t, 200, CodeTimeout, "gatewayInternalError")
	// An answer that grows over the limit on its way is broken off.
	web := httptest.NewServer(newRelay(t, u.URL+"/chunks", limits))
	defer web.Close()
	answer, err := http.Post(web.URL, "text/xml", strings.NewReader(envelope("", search)))
	if err == nil {
		_, err = io.ReadAll(answer.Body)
		answer.Body.Close()
	}
	if err == nil {
		t.Error("an answer above the limit looks whole")
	}
}

func TestRelay_D_150_ReadOnly(t *testing.T) {
	u := newUpstream(t, nil)
	r := newRelay(t, u.URL, func(o *Options) { o.ReadOnly = true })
	post(t, r, envelope("", search+remove)).want(t, 200, CodeRefused, "notAttempted", "read-only")
	post(t, r, envelope("", search)+"<unreadable").want(t, 200, CodeRefused, "cannot be read")
	if u.count() != 0 {
		t.Errorf("%d messages went out", u.count())
	}
	post(t, r, envelope("", search)).want(t, 200, "", "searchResultDone")
}

func TestRelay_Unreachable(t *testing.T) {
	gone := httptest.NewServer(nil)
	gone.Close()
	r := newRelay(t, gone.URL)
	got := post(t, r, envelope(beginHeader, search))
	got.want(t, 200, CodeUnreachable, `type="couldNotConnect"`, "refused")
	if r.Ready(t.Context()) == nil || r.Table().Len() != 0 {
		t.Errorf("ready, or %d sessions left", r.Table().Len())
	}
	secure := httptest.NewTLSServer(nil)
	defer secure.Close()
	post(t, newRelay(t, secure.URL), envelope("", search)).want(t, 200, CodeUnreachable, "certificate is not trusted")
	// One that breaks off has perhaps run the batch: it is not said that nothing
	// was, and nothing is sent twice.
	u := newUpstream(t, func(_ http.ResponseWriter, r *http.Request) bool {
		if r.Method == http.MethodPost {
			panic(http.ErrAbortHandler)
		}
		return false
	})
	post(t, newRelay(t, u.URL), envelope("", search)).want(t, 200, CodeUnreachable, `type="connectionClosed"`, "not known")
	if u.count() != 1 {
		t.Errorf("sent %d times", u.count())
	}
	if err := newRelay(t, u.URL).Ready(t.Context()); err != nil {
		t.Errorf("not ready: %v", err)
	}
}

func TestRelay_Origins(t *testing.T) {
	u := newUpstream(t, nil)
	r := newRelay(t, u.URL)
	if got := post(t, r, envelope("", search), header("Origin", "https://evil.example")); got.status != 403 || u.count() != 0 {
		t.Errorf("a foreign page: %d, %d messages went out", got.status, u.count())
	}
	if got := post(t, r, "", func(r *http.Request) { r.Method = "GET" }); got.status != 405 {
		t.Errorf("GET: %d", got.status)
	}
}
