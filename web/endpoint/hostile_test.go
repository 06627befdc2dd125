package endpoint

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/session"
)

const everyone = `dn="` + people + `" scope="singleLevel"`

func TestFaultAsRequest(t *testing.T) {
	s := newServer(t)
	fault := "<s:Fault><faultcode>s:Client</faultcode><faultstring>x</faultstring></s:Fault>"
	s.post(envelope("", fault)).want(t, 200, malformed)
	got := s.post(envelope(begin, fault))
	got.want(t, 200, malformed)
	got.without(t, "ad:Session")
	id := s.begin()
	s.post(envelope(endSession(id), fault)).want(t, 200, malformed)
	if n := s.Table.Len(); n != 0 {
		t.Errorf("%d sessions left", n)
	}
}

// hangUp sends a message whose sender has gone before it is answered.
func (s *server) hangUp(text string) {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	defer func() {
		if p := recover(); p != nil && p != http.ErrAbortHandler {
			panic(p)
		}
	}()
	s.post(text, func(r *http.Request) { *r = *r.WithContext(ctx) })
}

func TestSessionThatNobodyLearntOfEnds(t *testing.T) {
	s := newServer(t)
	for range session.DefaultMaxPerClient + 1 {
		s.hangUp(envelope(begin, batchOf("", "")))
		s.hangUp(envelope(begin, batchOf("", searchOf(everyone, "", anything))))
	}
	id := s.begin()
	s.hangUp(envelope(inSession(id), batchOf("", searchOf(everyone, "", anything))))
	s.post(envelope(inSession(id), batchOf("", ""))).want(t, 200, "<batchResponse")
	if n := s.Table.Len(); n != 1 {
		t.Errorf("%d sessions", n)
	}
}

// dial sends text over a connection of its own and reads until the server ends
// it, at most for the given time.
func dial(t *testing.T, address, text string, most time.Duration) string {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	if _, err := io.WriteString(conn, text); err != nil {
		t.Fatal(err)
	}
	if err := conn.SetReadDeadline(time.Now().Add(most)); err != nil {
		t.Fatal(err)
	}
	got, err := io.ReadAll(conn)
	if err != nil {
		t.Errorf("after %d bytes: %v", len(got), err)
	}
	return string(got)
}

func TestBodyThatNeverEnds(t *testing.T) {
	// The time is also that for the answer.
	s := newServer(t, func(o *Options) { o.TransferTimeout, o.MaxBody = 2*time.Second, 1000 })
	web := httptest.NewServer(s)
	t.Cleanup(web.Close)
	for name, c := range map[string]struct{ text, want string }{
		"announced": {"Content-Length: 500\r\n\r\n<", "HTTP/1.1 408 "},
		"in chunks": {"Transfer-Encoding: chunked\r\n\r\n1\r\n", "HTTP/1.1 408 "},
		"too long":  {"Content-Length: 50000\r\n\r\n<", "HTTP/1.1 413 "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if got := dial(t, web.Listener.Addr().String(), "POST /dsml HTTP/1.1\r\nHost: x\r\n"+c.text, time.Minute); !strings.HasPrefix(got, c.want) {
				t.Errorf("%.100s", got)
			}
		})
	}
}

func TestTransferTimeoutEndsWithTheTransfer(t *testing.T) {
	s := newServer(t, func(o *Options) { o.TransferTimeout = 100 * time.Millisecond })
	slow := make(chan struct{})
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := s.read(http.NewResponseController(w), r); err != nil {
			t.Error(err)
		}
		time.Sleep(300 * time.Millisecond)
		if err := r.Context().Err(); err != nil {
			t.Errorf("a request that came in time is given up: %v", err)
		}
		close(slow)
	}))
	defer web.Close()
	resp, err := http.Post(web.URL, "text/xml", strings.NewReader(envelope("", batchOf("", ""))))
	if err != nil {
		t.Fatal(err)
	}
	resp.Body.Close()
	<-slow
}

func TestAnswerThatNobodyReads(t *testing.T) {
	s := newServer(t, func(o *Options) { o.TransferTimeout = 200 * time.Millisecond })
	ended := make(chan struct{}, 1)
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() { ended <- struct{}{} }()
		s.ServeHTTP(w, r)
	}))
	defer web.Close()
	id := s.begin(from("127.0.0.1"))
	conn, err := net.Dial("tcp", web.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	text := envelope(inSession(id), batchOf("", strings.Repeat(searchOf(everyone, "", anything), 20)))
	fmt.Fprintf(conn, "POST /dsml HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", len(text), text)
	select {
	case <-ended:
	case <-time.After(time.Minute):
		t.Fatal("the endpoint waits for a client that does not read")
	}
	s.post(envelope(inSession(id), batchOf("", "")), from("127.0.0.1")).want(t, 200, "<batchResponse")
}

func TestD_27_BatchOutOfTime(t *testing.T) {
	s := newServer(t, func(o *Options) { o.BatchTimeout = time.Nanosecond })
	requests := addDevice("1", "a") + addDevice("2", "b") + `<abandonRequest requestID="3" abandonID="1"/>` + addDevice("4", "c")
	for _, attrs := range []string{"", `processing="parallel"`, `processing="parallel" responseOrder="unordered"`} {
		got := s.post(envelope("", batchOf(attrs, requests)))
		got.want(t, 200, `type="notAttempted"`, "</batchResponse>")
		for _, id := range []string{"1", "2", "4"} {
			if n := strings.Count(got.body, `requestID="`+id+`"`); n != 1 {
				t.Errorf("%s: request %s has %d answers", attrs, id, n)
			}
		}
	}
}

func TestIdentityIsWhatTheHeaderSays(t *testing.T) {
	s := newServer(t)
	auth := func(header string) func(*http.Request) {
		return func(r *http.Request) { r.Header.Set("Authorization", header) }
	}
	id := s.begin()
	s.post(envelope(inSession(id), batchOf("", "")), auth("Basic Og==")).want(t, 200, "<batchResponse") // ":"
	id = s.begin(auth("Basic YWRtaW46c2VjcmV0"))                                                        // "admin:secret"
	s.post(envelope(inSession(id), batchOf("", "")), auth("basic  YWRtaW46c2VjcmV0")).want(t, 200, "<batchResponse")
	s.post(envelope(inSession(id), batchOf("", "")), auth("Basic YWRtaW46c2VjcmV1")).want(t, 500, badSession)
	s.post(envelope(inSession(id), batchOf("", ""))).want(t, 500, badSession)
}

func TestOriginWithoutHost(t *testing.T) {
	s := newServer(t)
	got := s.post(envelope("", batchOf("", "")), func(r *http.Request) { r.Header.Set("Origin", "null"); r.Host = "" })
	got.want(t, 403)
}

func TestNothingIsLeftBehind(t *testing.T) {
	s := newServer(t)
	web := httptest.NewServer(s)
	defer web.Close()
	text := envelope("", batchOf(`processing="parallel" responseOrder="unordered" onError="resume"`, searchOf(`requestID="1" `+everyone+` sizeLimit="50"`, "", anything)+
		searchOf(`requestID="2" `+everyone+` sizeLimit="90"`, "", anything)+`<abandonRequest requestID="3" abandonID="1"/>`))
	one := func(i int) {
		r := httptest.NewRequest("POST", "/dsml", strings.NewReader(text))
		ctx, cancel := context.WithCancel(context.Background())
		defer cancel()
		w := &cutWriter{ResponseRecorder: httptest.NewRecorder(), cancel: func() {}}
		if i%2 == 0 {
			w.cancel = cancel
		}
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				panic(p)
			}
		}()
		s.ServeHTTP(w, r.WithContext(ctx))
	}
	one(1)
	before := runtime.NumGoroutine()
	var wg sync.WaitGroup
	for g := range 4 {
		wg.Go(func() {
			for i := range 60 {
				one(g + i)
			}
		})
	}
	wg.Wait()
	after := runtime.NumGoroutine()
	for deadline := time.Now().Add(time.Minute); after > before && time.Now().Before(deadline); after = runtime.NumGoroutine() {
		time.Sleep(10 * time.Millisecond)
	}
	if after > before {
		t.Errorf("%d goroutines before, %d after", before, after)
	}
}

// cutWriter is a client that goes away when the first part of the answer comes.
type cutWriter struct {
	*httptest.ResponseRecorder
	cancel func()
}

func (w *cutWriter) Write(p []byte) (int, error) {
	w.cancel()
	return w.ResponseRecorder.Write(p)
}

func TestKeptAliveAfterAnError(t *testing.T) {
	web := httptest.NewServer(newServer(t))
	defer web.Close()
	conn, err := net.Dial("tcp", web.Listener.Addr().String())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	in := bufio.NewReader(conn)
	for _, text := range []string{"<", envelope(inSession("x"), batchOf("", "")), envelope("", batchOf("", ""))} {
		fmt.Fprintf(conn, "POST /dsml HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n%s", len(text), text)
		resp, err := http.ReadResponse(in, nil)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		body, err := io.ReadAll(resp.Body)
		if err != nil || len(body) == 0 {
			t.Fatalf("%s: %d bytes, %v", text, len(body), err)
		}
	}
}
