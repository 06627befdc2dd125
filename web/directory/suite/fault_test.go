package suite

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/web/directory/ldap"
	"github.com/dsmlkit/dsmlkit/web/directory/slapd"
	"github.com/dsmlkit/dsmlkit/web/endpoint"
)

// gateway is an endpoint over a slapd, with its connections counted.
type gateway struct {
	Endpoint
	slapd          *slapd.Server
	opened, closed atomic.Int32
	stop           func()
}

type countedConn struct {
	net.Conn
	closed *atomic.Int32
	once   sync.Once
}

func (c *countedConn) Close() error {
	c.once.Do(func() { c.closed.Add(1) })
	return c.Conn.Close()
}

// startGateway starts a slapd with many entries and an endpoint before it. At
// the end nothing may be left: no goroutine, no connection.
func startGateway(t *testing.T, entries, sessions int, change ...func(*ldap.Options)) *gateway {
	t.Helper()
	var data strings.Builder
	data.WriteString(string(Data()))
	for i := range entries {
		fmt.Fprintf(&data, "\ndn: cn=e%[1]d,%[2]s\nobjectClass: device\ncn: e%[1]d\ndescription: %[3]s\n", i, Suffix, strings.Repeat("x", 500))
	}
	g := &gateway{slapd: slapd.Start(t, slapd.Options{Suffixes: []string{Suffix}, LDIF: []byte(data.String())})}
	before := runtime.NumGoroutine()
	o := ldap.Options{URL: g.slapd.URL, Dial: func(ctx context.Context) (net.Conn, error) {
		nc, err := (&net.Dialer{}).DialContext(ctx, "tcp", g.slapd.Address)
		if err != nil {
			return nil, err
		}
		g.opened.Add(1)
		return &countedConn{Conn: nc, closed: &g.closed}, nil
	}}
	for _, f := range change {
		f(&o)
	}
	b, err := ldap.New(o)
	if err != nil {
		t.Fatal(err)
	}
	table := session.NewTable(session.TableOptions{Clock: session.SystemClock{}, Rand: rand.Reader, Max: &sessions, MaxPerClient: &sessions})
	s := httptest.NewServer(endpoint.NewDSML(endpoint.Options{Backend: b, Table: table}))
	g.Endpoint = Endpoint{URL: s.URL, Backend: "ldap", Name: slapd.Admin(Suffix), Password: slapd.Password}
	g.stop = sync.OnceFunc(func() {
		http.DefaultClient.CloseIdleConnections()
		s.Close()
		table.Close()
		if err := b.Close(); err != nil {
			t.Error(err)
		}
		for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
			if g.opened.Load() == g.closed.Load() && runtime.NumGoroutine() <= before {
				return
			}
		}
		t.Errorf("%d connections were opened and %d closed; %d goroutines before and %d after", g.opened.Load(), g.closed.Load(), before, runtime.NumGoroutine())
	})
	t.Cleanup(g.stop)
	return g
}

const sessionNamespace = `xmlns:ad="urn:schema-microsoft-com:activedirectory:dsmlv2" s:mustUnderstand="1"`

// begin begins a session and returns the header that uses it.
func (g *gateway) begin(t *testing.T) string {
	t.Helper()
	_, body := g.Post(t, `<ad:BeginSession `+sessionNamespace+`/>`, "<batchRequest/>")
	_, rest, _ := strings.Cut(string(body), `SessionID="`)
	id, _, ok := strings.Cut(rest, `"`)
	if !ok {
		t.Fatalf("no session: %s", body)
	}
	return `<ad:Session ` + sessionNamespace + ` ad:SessionID="` + id + `"/>`
}

const (
	everything = `<searchRequest dn="` + Suffix + `" scope="wholeSubtree" derefAliases="neverDerefAliases"><filter><present name="objectClass"/></filter></searchRequest>`
	one        = `<searchRequest dn="` + Suffix + `" scope="baseObject" derefAliases="neverDerefAliases"><filter><present name="objectClass"/></filter><attributes><attribute name="1.1"/></attributes></searchRequest>`
)

func device(name string) string {
	return `<addRequest dn="cn=` + name + `,` + Suffix + `"><attr name="objectClass"><value>device</value></attr><attr name="cn"><value>` + name + `</value></attr></addRequest>`
}

// start sends a batch and leaves the body of the answer to be read.
func (g *gateway) start(t *testing.T, header, batch string) *http.Response {
	t.Helper()
	text := `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>` + header + `</s:Header><s:Body>` + batch + `</s:Body></s:Envelope>`
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, g.URL, strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	r.SetBasicAuth(g.Name, g.Password)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	return res
}

// count asks slapd itself how many entries have the name.
func (g *gateway) count(t *testing.T, name string) int {
	t.Helper()
	c, err := goldap.DialURL(g.slapd.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	r, err := c.Search(goldap.NewSearchRequest(Suffix, goldap.ScopeWholeSubtree, goldap.NeverDerefAliases, 0, 0, false, "(cn="+name+")", []string{"1.1"}, nil))
	if err != nil {
		t.Fatal(err)
	}
	return len(r.Entries)
}

// slapd is killed while a session is open: the next batch is told, and the
// session is lost with its connection, not joined to a new one (D-127, D-143).
func TestServerKilledDuringSession(t *testing.T) {
	g := startGateway(t, 0, 5)
	header := g.begin(t)
	g.slapd.Kill()
	_, body := g.Post(t, header, "<batchRequest>"+device("x")+device("y")+"</batchRequest>")
	if got := meaningOf(body); got != "errorResponse connectionClosed\n" {
		t.Errorf("%s", got)
	}
	g.slapd.Restart()
	if status, body := g.Post(t, header, "<batchRequest>"+one+"</batchRequest>"); status != 500 || !strings.Contains(string(body), "Bad Session Request") {
		t.Errorf("the session goes on: %d %s", status, body)
	}
	if g.count(t, "x")+g.count(t, "y") != 0 {
		t.Error("a request was carried out later")
	}
	if _, body := g.Post(t, g.begin(t), "<batchRequest>"+one+"</batchRequest>"); !strings.Contains(meaningOf(body), "searchResponse 0") {
		t.Errorf("%s", body)
	}
}

// slapd is killed in the middle of a search: the entries that came are followed
// by a result that says so, and what comes behind it in the batch finds no
// server.
func TestServerKilledDuringSearch(t *testing.T) {
	g := startGateway(t, 30_000, 5)
	for _, inSession := range []bool{false, true} {
		header, behind := "", "errorResponse couldNotConnect\n"
		if inSession {
			header, behind = g.begin(t), "errorResponse connectionClosed\n"
		}
		res := g.start(t, header, `<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core" onError="resume">`+everything+device("behind")+`</batchRequest>`)
		// The client takes its time, so the search is far from its end.
		head := make([]byte, 10_000)
		if _, err := io.ReadFull(res.Body, head); err != nil {
			t.Fatal(err)
		}
		g.slapd.Kill()
		rest, err := io.ReadAll(res.Body)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		got := meaningOf(append(head, rest...))
		if !strings.HasPrefix(got, "searchResponse 52 unavailable\n") || !strings.HasSuffix(got, "\n"+behind) {
			t.Errorf("session %v: %.100s ... %s", inSession, got, got[max(0, len(got)-100):])
		}
		if n := strings.Count(got, "\n    cn: e"); n < 10 || n >= 30_000 {
			t.Errorf("session %v: %d entries", inSession, n)
		}
		g.slapd.Restart()
		if inSession {
			if status, _ := g.Post(t, header, "<batchRequest/>"); status != 500 {
				t.Errorf("the session goes on: %d", status)
			}
		}
	}
	if g.count(t, "behind") != 0 {
		t.Error("the request behind the search was run")
	}
}

// A server that freezes is given up in time; nothing is sent to it twice.
func TestServerFreezes(t *testing.T) {
	g := startGateway(t, 0, 5, func(o *ldap.Options) { o.OperationTimeout, o.ConnectTimeout = time.Second, time.Second })
	header := g.begin(t)
	g.until(t, "<batchRequest>"+one+"</batchRequest>", "searchResponse 0") // a connection lies in the pool
	g.slapd.Freeze()
	for _, h := range []string{header, ""} {
		_, body := g.Post(t, h, "<batchRequest>"+device("frozen"+fmt.Sprint(len(h)))+"</batchRequest>")
		if got := meaningOf(body); got != "errorResponse connectionClosed\n" {
			t.Errorf("%s", got)
		}
		if !strings.Contains(string(body), "did not answer within 1s") {
			t.Errorf("%s", body)
		}
	}
	if _, body := g.Post(t, "", "<batchRequest>"+one+"</batchRequest>"); meaningOf(body) != "errorResponse couldNotConnect\n" {
		t.Errorf("%s", body)
	}
	g.slapd.Thaw()
	// The effect of a request that was given up is unknown, but here slapd got it.
	for end := time.Now().Add(time.Minute); g.count(t, "frozen0") != 1; time.Sleep(10 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("slapd does not do what it was sent")
		}
	}
	g.until(t, "<batchRequest>"+device("frozen0")+"</batchRequest>", "addResponse 68 entryAlreadyExists\n")
}

// until sends a batch outside of sessions again and again, until it is answered
// as it has to be: a busy machine may need more time than the gateway gives.
func (g *gateway) until(t *testing.T, batch, want string) {
	t.Helper()
	for end := time.Now().Add(time.Minute); ; {
		_, body := g.Post(t, "", batch)
		got := meaningOf(body)
		if strings.Contains(got, want) {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%s", got)
		}
	}
}

// A client that hangs up in the middle of a large answer stops the search; its
// session serves the next batch.
func TestClientGoesDuringAnswer(t *testing.T) {
	g := startGateway(t, 30_000, 5)
	header := g.begin(t)
	for _, h := range []string{"", header} {
		res := g.start(t, h, `<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core">`+everything+device("after"+fmt.Sprint(len(h)))+`</batchRequest>`)
		if _, err := io.ReadFull(res.Body, make([]byte, 10_000)); err != nil {
			t.Fatal(err)
		}
		res.Body.Close() // this hangs up: the answer is not read to its end
	}
	if _, body := g.Post(t, header, "<batchRequest>"+one+"</batchRequest>"); !strings.Contains(meaningOf(body), "searchResponse 0") {
		t.Errorf("%s", meaningOf(body))
	}
	if n := g.count(t, "after*"); n != 0 {
		t.Errorf("%d requests behind the search were run", n)
	}
}

// A thousand sessions are open, each with its connection, and all end.
func TestManySessions(t *testing.T) {
	const many = 1000
	g := startGateway(t, 0, many)
	headers := make([]string, many)
	var all sync.WaitGroup
	for w := range 8 {
		all.Go(func() {
			for i := w; i < many; i += 8 {
				headers[i] = g.begin(t)
			}
		})
	}
	all.Wait()
	if n := g.opened.Load() - g.closed.Load(); n != many {
		t.Errorf("%d connections for %d sessions", n, many)
	}
	if status, _ := g.Post(t, `<ad:BeginSession `+sessionNamespace+`/>`, "<batchRequest/>"); status != 500 {
		t.Errorf("one session more: %d", status)
	}
	for i := 0; i < many; i += 100 {
		if _, body := g.Post(t, headers[i], "<batchRequest>"+one+"</batchRequest>"); !strings.Contains(meaningOf(body), "searchResponse 0") {
			t.Errorf("session %d: %s", i, meaningOf(body))
		}
	}
	for i := range many / 2 {
		g.Post(t, strings.Replace(headers[i], "ad:Session ", "ad:EndSession ", 1), "<batchRequest/>")
	}
	if n := g.opened.Load() - g.closed.Load(); n != many/2 {
		t.Errorf("%d connections for %d sessions", n, many/2)
	}
	g.stop() // the others end with the table
}

// Parallel batches use several connections, and many of them at once get along
// with the few that the pool has.
func TestParallelBatchesShareThePool(t *testing.T) {
	g := startGateway(t, 200, 5, func(o *ldap.Options) { o.PoolSize, o.PoolWait = 3, 30*time.Second })
	batch := func(order string) string {
		var b strings.Builder
		for i := range 8 {
			fmt.Fprintf(&b, strings.Replace(everything, "<searchRequest", `<searchRequest requestID="%d"`, 1), i)
		}
		return `<batchRequest processing="parallel" responseOrder="` + order + `">` + b.String() + `</batchRequest>`
	}
	var all sync.WaitGroup
	for range 12 {
		for _, order := range []string{"sequential", "unordered"} {
			all.Go(func() {
				_, body := g.Post(t, "", batch(order))
				got := meaningOf(body)
				if n := strings.Count(got, " 0 success\n"); n != 8 || strings.Contains(got, "errorResponse") {
					t.Errorf("%s: %d of 8 requests succeeded", order, n)
				}
				if at := strings.Index(got, `"1" 0`); order == "sequential" && (at < strings.Index(got, `"0" 0`) || at > strings.Index(got, `"7" 0`)) {
					t.Error("D-20: the answers are out of order")
				}
			})
		}
	}
	all.Wait()
	if n := g.opened.Load(); n < 2 || n > 3 {
		t.Errorf("%d connections were opened, of a pool of 3", n)
	}
}
