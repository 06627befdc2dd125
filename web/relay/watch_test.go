package relay

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/web/endpoint"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

func TestRelay_Cookies(t *testing.T) {
	u := newUpstream(t, func(w http.ResponseWriter, r *http.Request) bool {
		if _, err := r.Cookie("node"); err != nil {
			w.Header().Add("Set-Cookie", "node=a7; Path=/other; Domain=example.org; Secure; SameSite=None; Max-Age=60")
			w.Header().Add("Set-Cookie", "second=2")
		}
		return false
	})
	r := newRelay(t, u.URL)
	got := post(t, r, envelope("", search))
	if lines := got.header.Values("Set-Cookie"); len(lines) != 2 || lines[0] != "dsmlkit.other.node=a7; Path=/dsml/other; Max-Age=60; HttpOnly; SameSite=Strict" {
		t.Errorf("Set-Cookie %q", lines)
	}
	if lines := got.header.Values(HeaderCookie); len(lines) != 2 || !strings.HasPrefix(lines[0], "node=a7; Path=/other; Domain") {
		t.Errorf("%s %q", HeaderCookie, lines)
	}
	post(t, r, envelope("", search), header("Cookie", "dsmlkit.other.node=a7; own=1; dsmlkit.another.node=b8; dsmlkit.other.=x; node=c9"))
	if request, _ := u.last(); request.Header.Get("Cookie") != "node=a7" {
		t.Errorf("the other endpoint gets Cookie %q, want its own alone", request.Header.Get("Cookie"))
	}
	// A caller without a cookie jar stays on the server that has its session.
	id := begin(t, r, from("10.0.0.1"))
	post(t, r, envelope(inSession(id), search), from("10.0.0.1")).want(t, 200, "", "searchResultDone")
	if request, _ := u.last(); request.Header.Get("Cookie") != "node=a7; second=2" {
		t.Errorf("in the session: Cookie %q", request.Header.Get("Cookie"))
	}
	post(t, r, envelope("", search), from("10.0.0.1"))
	if request, _ := u.last(); request.Header.Get("Cookie") != "" {
		t.Errorf("outside of the session: Cookie %q", request.Header.Get("Cookie"))
	}
}

func TestRelay_WatchesSessions(t *testing.T) {
	u := newUpstream(t, nil)
	var ended []session.Cause
	clock := session.NewManualClock(time.Now())
	r := newRelay(t, u.URL, func(o *Options) {
		o.Sessions = session.TableOptions{Clock: clock, Ended: func(_ session.Info, why session.Cause, _ error) { ended = append(ended, why) }}
	})
	id := begin(t, r)
	list := r.Table().List()
	if len(list) != 1 || list[0].Status != session.Sleeping || list[0].Requests != 1 || strings.Contains(list[0].ID, id) {
		t.Fatalf("the view: %+v", list)
	}
	post(t, r, envelope(inSession(id), search)).want(t, 200, "", "searchResultDone", id)
	if n := r.Table().List()[0].Requests; n != 2 {
		t.Errorf("%d requests in the view, want 2", n)
	}
	post(t, r, envelope(endSession(id), "")).want(t, 200, "", id)
	if n := r.Table().Len(); n != 0 || len(ended) != 1 || ended[0] != session.CauseEnded {
		t.Errorf("%d sessions, ended %v", n, ended)
	}
	// The other endpoint forgets a session: it is lost here as well.
	id = begin(t, r)
	u.table.EndAll()
	post(t, r, envelope(inSession(id), search)).want(t, 500, "", "Bad Session Request")
	if n := r.Table().Len(); n != 0 || len(ended) != 2 || ended[1] != session.CauseLost {
		t.Errorf("%d sessions, ended %v", n, ended)
	}
	// A session that nobody uses leaves the view.
	begin(t, r)
	clock.Advance(session.DefaultIdle + time.Second)
	if n := r.Table().Len(); n != 0 || len(ended) != 3 || ended[2] != session.CauseExpired {
		t.Errorf("%d sessions, ended %v", n, ended)
	}
	// A session begun elsewhere is the other endpoint's business.
	post(t, r, envelope(inSession("begun-elsewhere"), search)).want(t, 500, "", "Bad Session Request")
	// A begin that the other endpoint refuses leaves no trace.
	post(t, r, envelope(beginHeader, "<frobRequest/>")).want(t, 200, "", "malformedRequest")
	if n := r.Table().Len(); n != 0 {
		t.Errorf("%d sessions after a refused begin", n)
	}
}

func TestRelay_D_132_D_133_SessionsStayWithTheirOwner(t *testing.T) {
	u := newUpstream(t, nil)
	r := newRelay(t, u.URL)
	basic := header("Authorization", "Basic dWlkPXJlYWRlcixvdT1zZXJ2aWNlcyxkYz1leGFtcGxlLGRjPW9yZzpyZWFkZXI=")
	id := begin(t, r, from("10.0.0.1"), basic)
	sent := u.count()
	post(t, r, envelope(inSession(id), search), from("10.0.0.2"), basic).want(t, 500, CodeSession, "Bad Session Request")
	post(t, r, envelope(inSession(id), search), from("10.0.0.1")).want(t, 500, CodeSession, "Bad Session Request")
	post(t, r, envelope(endSession(id), search), from("10.0.0.2")).want(t, 500, CodeSession, "Bad Session Request")
	post(t, r, envelope(beginHeader+inSession(id), search)).want(t, 500, CodeSession, "Bad Session Request")
	if n := u.count(); n != sent {
		t.Errorf("%d messages went out", n-sent)
	}
	post(t, r, envelope(inSession(id), search), from("10.0.0.1"), basic).want(t, 200, "", "searchResultDone")
}

// outcomes notes what became of messages.
type outcomes []endpoint.Outcome

func (o *outcomes) Message(_ context.Context, m endpoint.Message) { *o = append(*o, m.Outcome) }

func (*outcomes) Operation(context.Context, endpoint.Operation) {}

// TestRelay_SOAP12_Part2_Table20_StatusOfFaults: in SOAP 1.2 a fault that blames
// the sender has the status 400, be it the other endpoint's or the relay's own;
// that of the other endpoint tells the relay of the session all the same.
func TestRelay_SOAP12_Part2_Table20_StatusOfFaults(t *testing.T) {
	u := newUpstream(t, nil)
	var seen outcomes
	r := newRelay(t, u.URL, func(o *Options) { o.Observer = &seen })
	as12 := func(text string) string { return strings.ReplaceAll(text, soap.NS11, soap.NS12) }
	const detail = `<SOAP:Detail><errorResponse xmlns="urn:oasis:names:tc:DSML:2:0:core" type="notAttempted"><message>Bad Session Request</message></errorResponse></SOAP:Detail>`
	id := begin(t, r, from("10.0.0.1"))
	post(t, r, as12(envelope(inSession(id), search)), from("10.0.0.2")).want(t, 400, CodeSession, detail)
	u.table.EndAll()
	post(t, r, as12(envelope(inSession(id), search)), from("10.0.0.1")).want(t, 400, "", detail)
	if n := r.Table().Len(); n != 0 {
		t.Errorf("%d sessions after the other endpoint's fault", n)
	}
	post(t, r, as12(envelope(inSession("begun-elsewhere"), search))).want(t, 400, "", detail)
	if want := (outcomes{endpoint.OutcomeAnswered, endpoint.OutcomeFault, endpoint.OutcomeFault, endpoint.OutcomeFault}); !slices.Equal(seen, want) {
		t.Errorf("outcomes %v, want %v", seen, want)
	}
	// What cannot be read is answered in the version that its Content-Type names.
	post(t, newRelay(t, u.URL, func(o *Options) { o.ReadOnly = true }), "<frob", func(r *http.Request) {
		r.Header.Set("Content-Type", "application/soap+xml")
	}).want(t, 200, CodeRefused, soap.NS12, "read-only")
}

func TestRelay_D_128_D_129_SessionLimits(t *testing.T) {
	u := newUpstream(t, nil)
	three, two := 3, 2
	r := newRelay(t, u.URL, func(o *Options) { o.Sessions.Max, o.Sessions.MaxPerClient = &three, &two })
	begin(t, r, from("10.0.0.1"))
	begin(t, r, from("10.0.0.1"))
	post(t, r, envelope(beginHeader, search), from("10.0.0.1")).want(t, 500, CodeSession, "Bad Session Request")
	begin(t, r, from("10.0.0.2"))
	post(t, r, envelope(beginHeader, search), from("10.0.0.3")).want(t, 500, CodeSession, "Bad Session Request")
	if u.count() != 3 || u.table.Len() != 3 {
		t.Errorf("%d messages, %d sessions at the other endpoint", u.count(), u.table.Len())
	}
}

// Who reads the end of an answer finds the session as the answer says: a client
// that may have one session begins the next as soon as it has ended one.
func TestRelay_D_129_BeginRightAfterEnd(t *testing.T) {
	u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Content-Length", strconv.Itoa(len(endAnswer)))
		_, _ = io.WriteString(w, endAnswer)
		return true
	})
	one := 1
	r := newRelay(t, u.URL, func(o *Options) { o.Sessions.MaxPerClient = &one })
	server := httptest.NewServer(r)
	defer server.Close()
	send := func(text string) {
		t.Helper()
		answer, err := http.Post(server.URL, "text/xml", strings.NewReader(text))
		if err != nil {
			t.Fatal(err)
		}
		defer answer.Body.Close()
		if body, err := io.ReadAll(answer.Body); err != nil || answer.StatusCode != 200 {
			t.Fatalf("status %d, %v: %s", answer.StatusCode, err, body)
		}
	}
	for range 100 {
		send(envelope(beginHeader, ""))
		send(envelope(endSession("the-only-one"), ""))
		if n := r.Table().Len(); n != 0 {
			t.Fatalf("%d sessions after the end", n)
		}
	}
}

// endAnswer names the session that it begins, or ends.
var endAnswer = envelope(inSession("the-only-one"), "")

func TestRelay_ManySessionsAtOnce(t *testing.T) {
	u := newUpstream(t, nil)
	r := newRelay(t, u.URL)
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			who := from(fmt.Sprintf("10.0.0.%d", i))
			id := begin(t, r, who)
			for range 5 {
				post(t, r, envelope(inSession(id), search), who).want(t, 200, "", id, "searchResultDone")
			}
			post(t, r, envelope(endSession(id), ""), who).want(t, 200, "", id)
		})
	}
	wg.Wait()
	if r.Table().Len() != 0 || u.table.Len() != 0 {
		t.Errorf("%d sessions left here, %d there", r.Table().Len(), u.table.Len())
	}
}

// deaf is a caller who hangs up as soon as an answer begins.
type deaf struct{ http.ResponseWriter }

func (deaf) Write([]byte) (int, error) { return 0, io.ErrClosedPipe }

// A session that nobody knows of is ended at the other endpoint too.
func TestRelay_D_123_BeginOfACallerWhoHasGone(t *testing.T) {
	basic := header("Authorization", "Basic dWlkPXJlYWRlcixvdT1zZXJ2aWNlcyxkYz1leGFtcGxlLGRjPW9yZzpyZWFkZXI=")
	for name, run := range map[string]func(r *Relay, working <-chan struct{}, proceed chan<- struct{}){
		"while the answer comes": func(r *Relay, _ <-chan struct{}, proceed chan<- struct{}) {
			close(proceed)
			post(t, http.HandlerFunc(func(w http.ResponseWriter, in *http.Request) { r.ServeHTTP(deaf{w}, in) }), envelope(beginHeader, search), basic)
		},
		"before the answer comes": func(r *Relay, working <-chan struct{}, proceed chan<- struct{}) {
			ctx, hangUp := context.WithCancel(t.Context())
			go func() {
				<-working
				hangUp()
				close(proceed)
			}()
			post(t, r, envelope(beginHeader, search), basic, func(in *http.Request) { *in = *in.WithContext(ctx) })
		},
	} {
		t.Run(name, func(t *testing.T) {
			working, proceed := make(chan struct{}), make(chan struct{})
			first := sync.OnceFunc(func() { close(working); <-proceed })
			u := newUpstream(t, func(http.ResponseWriter, *http.Request) bool { first(); return false })
			r := newRelay(t, u.URL)
			run(r, working, proceed)
			if here, there := r.Table().Len(), u.table.Len(); here != 0 || there != 0 {
				t.Errorf("%d sessions here, %d there", here, there)
			}
			if request, body := u.last(); u.count() != 2 || !strings.Contains(body, "EndSession") || request.Header.Get("Authorization") == "" {
				t.Errorf("%d messages went out, the last %s", u.count(), body)
			}
		})
	}
}
