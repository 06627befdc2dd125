package gateway

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"
)

const (
	dsmlNamespace    = "urn:oasis:names:tc:DSML:2:0:core"
	sessionNamespace = "urn:schema-microsoft-com:activedirectory:dsmlv2"
	beginHeader      = `<ad:BeginSession xmlns:ad="` + sessionNamespace + `" s:mustUnderstand="1"/>`
)

func sessionHeader(element, id string) string {
	return `<ad:` + element + ` xmlns:ad="` + sessionNamespace + `" ad:SessionID="` + id + `" s:mustUnderstand="1"/>`
}

func envelope(header, requests string) string {
	return `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>` + header +
		`</s:Header><s:Body><batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core">` + requests + `</batchRequest></s:Body></s:Envelope>`
}

func searchBase(dn string) string {
	return `<searchRequest dn="` + dn + `" scope="baseObject" derefAliases="neverDerefAliases"><filter><present name="objectClass"/></filter></searchRequest>`
}

// safeBuffer is written to by the server and read by the test.
type safeBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (b *safeBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.Write(p)
}

func (b *safeBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.b.String()
}

// running is a gateway that serves.
type running struct {
	t    *testing.T
	g    *Gateway
	log  *safeBuffer
	stop func() error
}

// start serves with the options of a command line, on a free port.
func start(t *testing.T, args ...string) *running {
	t.Helper()
	c, _, err := configure(t, nil, append([]string{"--listen", "127.0.0.1:0", "--log-level", "info"}, args...)...)
	if err != nil {
		t.Fatal(err)
	}
	return startConfig(t, c)
}

func startConfig(t *testing.T, c *Config) *running {
	t.Helper()
	r := &running{t: t, log: &safeBuffer{}}
	var err error
	if r.g, err = Open(t.Context(), c, r.log); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() {
		ended <- r.g.Run(ctx, NewSite(map[string][]byte{"index.html": []byte("<!doctype html>the page")}))
	}()
	r.stop = sync.OnceValue(func() error {
		cancel()
		return <-ended
	})
	t.Cleanup(func() {
		if err := r.stop(); err != nil {
			t.Errorf("the gateway ended with: %v\n%s", err, r.log)
		}
	})
	return r
}

type answer struct {
	status int
	header http.Header
	body   string
}

// ask sends a request to the first address, or to a whole URL. Headers come in
// pairs.
func (r *running) ask(method, target, body string, headers ...string) answer {
	r.t.Helper()
	if !strings.Contains(target, "://") {
		target = strings.TrimSuffix(r.g.URL(), "/") + target
	}
	request, err := http.NewRequestWithContext(r.t.Context(), method, target, strings.NewReader(body))
	if err != nil {
		r.t.Fatal(err)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		if headers[i] == "Host" {
			request.Host = headers[i+1]
			continue
		}
		request.Header.Set(headers[i], headers[i+1])
	}
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		r.t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		r.t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(text)}
}

func (a answer) want(t *testing.T, status int, parts ...string) {
	t.Helper()
	if a.status != status {
		t.Errorf("status %d, want %d: %.500s", a.status, status, a.body)
	}
	for _, p := range parts {
		if !strings.Contains(a.body, p) {
			t.Errorf("the answer lacks %q: %.2000s", p, a.body)
		}
	}
}

var idPattern = regexp.MustCompile(`<ad:Session [^>]*ad:SessionID="([^"]+)"`)

func (r *running) begin(path string, headers ...string) string {
	r.t.Helper()
	got := r.ask("POST", path, envelope(beginHeader, ""), headers...)
	m := idPattern.FindStringSubmatch(got.body)
	if m == nil {
		r.t.Fatalf("no session: %d %s", got.status, got.body)
	}
	return m[1]
}

func TestGateway_PageEndpointAndLimits(t *testing.T) {
	r := start(t, "--sessions-max-per-client", "2", "--allow-origin", "https://tool.example", "--max-requests", "3", "--max-entries", "5", "--max-body", "64KiB", "--endpoint", "second=memory")
	r.ask("GET", "/", "").want(t, 200, "the page")
	base := searchBase("dc=example,dc=org")
	r.ask("POST", "/dsml", envelope("", base)).want(t, 200, `code="0"`)
	r.ask("POST", "/dsml/second", envelope("", base)).want(t, 200, `code="0"`)
	r.ask("POST", "/dsml/third", envelope("", base)).want(t, 404)
	r.ask("GET", "/dsml", "").want(t, 405)
	r.begin("/dsml")
	r.begin("/dsml")
	r.ask("POST", "/dsml", envelope(beginHeader, "")).want(t, 500, "Bad Session Request")
	id := r.begin("/dsml/second") // limits are those of an endpoint
	// A session belongs to its endpoint.
	r.ask("POST", "/dsml", envelope(sessionHeader("Session", id), base)).want(t, 500, "Bad Session Request")
	r.ask("POST", "/dsml", envelope("", base+base+base+base)).want(t, 200, "notAttempted", "at most 3")
	r.ask("POST", "/dsml", envelope("", "<!--"+strings.Repeat("x", 64<<10)+"-->")).want(t, 413, "65536 bytes")
	all := strings.Replace(searchBase("ou=people,dc=example,dc=org"), "baseObject", "wholeSubtree", 1)
	got := r.ask("POST", "/dsml", envelope("", all))
	got.want(t, 200, `code="4"`, "more than the 5 entries")
	if n := strings.Count(got.body, "<searchResultEntry"); n != 5 {
		t.Errorf("%d entries, want 5", n)
	}
	if got := r.ask("POST", "/dsml", envelope("", base), "Origin", "https://tool.example"); got.header.Get("Access-Control-Allow-Origin") != "https://tool.example" {
		t.Errorf("CORS: %v", got.header)
	}
	r.ask("POST", "/dsml", envelope("", base), "Origin", "https://other.example").want(t, 403, "--allow-origin https://other.example")
	r.ask("GET", "/", "", "Host", "evil.example").want(t, 421, "--host evil.example")
	r.ask("GET", "/endpoints.json", "").want(t, 200, `{"endpoints":[{"name":"default","path":"/dsml","kind":"memory"},{"name":"second","path":"/dsml/second","kind":"memory"}]}`)
}

func TestGateway_ReadOnlyAndWindows(t *testing.T) {
	r := start(t, "--read-only", "--windows")
	r.ask("POST", "/dsml", envelope("", `<delRequest dn="dc=example,dc=org"/>`)).want(t, 200, `code="53"`)
	control := `<control type="1.2.3.4"/>`
	r.ask("POST", "/dsml", envelope("", strings.Replace(searchBase(""), "<filter>", control+"<filter>", 1))).want(t, 200, "notAttempted", "BeginSession")
}

func TestGateway_RelayToAnother(t *testing.T) {
	behind := start(t)
	r := start(t, "--directory", behind.g.URL()+"dsml", "--endpoint", "same="+behind.g.URL()+"dsml", "--endpoint", "own=memory")
	base := searchBase("dc=example,dc=org")
	got := r.ask("POST", "/dsml", envelope("", base))
	got.want(t, 200, `code="0"`)
	if got.header.Get("Dsmlkit-Upstream-Status") != "200 OK" {
		t.Errorf("headers %v", got.header)
	}
	id := r.begin("/dsml/same")
	r.ask("POST", "/dsml/same", envelope(sessionHeader("Session", id), base)).want(t, 200, `code="0"`, id)
	if n := len(behind.g.endpoints[0].table.List()); n != 1 {
		t.Errorf("%d sessions at the other endpoint", n)
	}
	r.ask("POST", "/dsml/same", envelope(sessionHeader("EndSession", id), "")).want(t, 200, id)
	r.ask("GET", "/endpoints.json", "").want(t, 200, `{"name":"same","path":"/dsml/same","kind":"relay"}`, `"kind":"memory"`)
	if text := r.ask("GET", "/endpoints.json", "").body; strings.Contains(text, "127.0.0.1") {
		t.Errorf("addresses behind the gateway are told: %s", text)
	}
}

// Many messages at once are bounded, and those above the bound are told so.
func TestGateway_MaxConcurrent(t *testing.T) {
	r := start(t, "--max-concurrent", "1")
	conn, err := net.Dial("tcp", r.g.listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	// A message that does not come to its end holds the one place.
	fmt.Fprintf(conn, "POST /dsml HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n<")
	deadline := time.Now().Add(20 * time.Second)
	for {
		got := r.ask("POST", "/dsml", envelope("", ""))
		if got.status == 503 {
			if got.header.Get("Retry-After") == "" {
				t.Error("no Retry-After")
			}
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("status %d while the one place is taken", got.status)
		}
		time.Sleep(10 * time.Millisecond)
	}
	conn.Close()
	for r.ask("POST", "/dsml", envelope("", "")).status != 200 {
		if time.Now().After(deadline) {
			t.Fatal("the place is not given back")
		}
		time.Sleep(10 * time.Millisecond)
	}
}

func TestOpen_Mistakes(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for want, args := range map[string][]string{
		"is in use by another program":                {"--listen", taken.Addr().String()},
		"another port with --admin-listen":            {"--listen", "127.0.0.1:0", "--admin-listen", taken.Addr().String()},
		"cannot be used":                              {"--listen", "127.0.0.1:0", "--tls-cert", "settings.go", "--tls-key", "settings.go"},
		"settings.go holds no certificate":            {"--listen", "127.0.0.1:0", "--directory", "https://x.example", "--relay-ca", "settings.go"},
		"--ldap-ca: settings.go holds no certificate": {"--listen", "127.0.0.1:0", "--directory", "ldap://x.example", "--ldap-ca", "settings.go"},
		"--ldif: stat nowhere.ldif: no such file":     {"--listen", "127.0.0.1:0", "--ldif", "nowhere.ldif"},
	} {
		c, _, err := configure(t, nil, args...)
		if err != nil {
			t.Errorf("%q: %v", args, err)
			continue
		}
		if g, err := Open(t.Context(), c, io.Discard); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", args, err, want)
			if g != nil {
				g.Close()
			}
		}
	}
}
