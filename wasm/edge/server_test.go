package main

import (
	"errors"
	"io"
	"log/slog"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// recorder is a receiver that keeps what it gets. It has room for so many
// pieces, and is asked for no more before that is said.
type recorder struct {
	mu       sync.Mutex
	status   int
	headers  []string
	text     strings.Builder
	pieces   int
	calls    int
	capacity int
	refuses  error
	failed   string
	over     chan struct{}
}

func newRecorder() *recorder { return &recorder{capacity: 1 << 30, over: make(chan struct{})} }

func (r *recorder) answer(status int, headers []string, piece []byte, last bool) (bool, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	switch {
	case r.refuses != nil:
		return false, r.refuses
	case (r.status != 0) == (status != 0):
		return false, errors.New("a second head, or none")
	case status != 0:
		r.status, r.headers = status, headers
	}
	r.calls++
	if len(piece) > 0 {
		r.text.Write(piece)
		r.pieces++
		r.capacity--
	}
	if last {
		close(r.over)
	}
	return r.capacity > 0, nil
}

func (r *recorder) fail(why string) error {
	r.failed = why
	close(r.over)
	return nil
}

func (r *recorder) count() int {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.pieces
}

func (r *recorder) wait(t *testing.T) *recorder {
	t.Helper()
	select {
	case <-r.over:
	case <-time.After(time.Minute):
		t.Fatal("no end after a minute")
	}
	return r
}

func serverFor(handler http.HandlerFunc) *server {
	return newServer(handler, slog.New(slog.DiscardHandler))
}

func eventually(t *testing.T, what string, holds func() bool) {
	t.Helper()
	for stop := time.Now().Add(time.Minute); !holds(); time.Sleep(time.Millisecond) {
		if time.Now().After(stop) {
			t.Fatalf("not within a minute: %s", what)
		}
	}
}

var get = message{method: "GET", url: "https://edge.example/dsml?a=1"}

func TestRequestReachesTheHandlerWhole(t *testing.T) {
	var got *http.Request
	var body []byte
	s := serverFor(func(w http.ResponseWriter, r *http.Request) {
		got = r
		body, _ = io.ReadAll(r.Body)
		w.Header().Add("Set-Cookie", "a=1, 2")
		w.Header().Add("Set-Cookie", "b=3")
		w.Header().Set("Connection", "close")
		w.WriteHeader(http.StatusTeapot)
		w.WriteHeader(http.StatusOK)
		io.WriteString(w, "short")
	})
	r := newRecorder()
	s.start(1, message{
		method: "POST", url: "https://edge.example/dsml?a=1", client: "2001:db8::1", body: []byte("body"),
		headers: []string{"SOAPAction", `"#a,b"`, "Date", "Sun, 22 Nov 2026 00:00:00 GMT", "X", "1", "x", "2"},
	}, r)
	r.wait(t)
	if got.Method != "POST" || got.Host != "edge.example" || got.URL.Path != "/dsml" || got.RequestURI != "/dsml?a=1" ||
		got.RemoteAddr != "2001:db8::1" || got.ContentLength != 4 || string(body) != "body" {
		t.Errorf("the handler got %+v with the body %q", got, body)
	}
	if got.Header.Get("SOAPAction") != `"#a,b"` || !slices.Equal(got.Header["Date"], []string{"Sun, 22 Nov 2026 00:00:00 GMT"}) || !slices.Equal(got.Header["X"], []string{"1", "2"}) {
		t.Errorf("headers %v", got.Header)
	}
	if r.status != http.StatusTeapot || r.text.String() != "short" || !slices.Equal(r.headers, []string{"Set-Cookie", "a=1, 2", "Set-Cookie", "b=3"}) {
		t.Errorf("answer %d %v %q", r.status, r.headers, r.text.String())
	}
	eventually(t, "nothing is kept of a request that is over", func() bool { return s.find(1) == nil })
}

func TestHandlerThatSaysNothing(t *testing.T) {
	r := newRecorder()
	serverFor(func(http.ResponseWriter, *http.Request) {}).start(1, get, r)
	if r.wait(t); r.status != 200 || r.failed != "" {
		t.Errorf("status %d, failure %q", r.status, r.failed)
	}
}

func TestAddressThatIsNone(t *testing.T) {
	for _, url := range []string{"https://edge.example/%zz", "/dsml", ""} {
		r := newRecorder()
		serverFor(func(http.ResponseWriter, *http.Request) { t.Error("the handler was called") }).
			start(1, message{method: "GET", url: url}, r)
		if r.wait(t); r.status != 400 {
			t.Errorf("%q: status %d", url, r.status)
		}
	}
}

func TestPanicIsTheEndOfItsRequestOnly(t *testing.T) {
	s := serverFor(func(w http.ResponseWriter, r *http.Request) {
		switch r.URL.Path {
		case "/before":
			w.Header().Set("Content-Length", "7")
			panic("before the head")
		case "/after":
			io.WriteString(w, "half")
			panic("after the head")
		case "/abort":
			panic(http.ErrAbortHandler)
		}
	})
	for id, want := range []struct {
		path   string
		status int
		failed bool
	}{{"/before", 500, false}, {"/after", 200, true}, {"/abort", 0, true}, {"/", 200, false}} {
		r := newRecorder()
		s.start(id, message{method: "GET", url: "https://edge.example" + want.path}, r)
		if r.wait(t); r.status != want.status || (r.failed != "") != want.failed || slices.Contains(r.headers, "7") {
			t.Errorf("%s: status %d, failure %q, headers %v", want.path, r.status, r.failed, r.headers)
		}
	}
}

func TestClientThatGoesAway(t *testing.T) {
	ended := make(chan error, 1)
	started := make(chan struct{})
	s := serverFor(func(w http.ResponseWriter, r *http.Request) {
		close(started)
		<-r.Context().Done()
		_, err := io.WriteString(w, "late")
		ended <- err
	})
	r := newRecorder()
	s.start(7, get, r)
	<-started
	s.cancel(8) // another's
	if s.find(7) == nil {
		t.Error("the wrong request was ended")
	}
	s.cancel(7)
	if err := <-ended; err == nil {
		t.Error("writing to a client that is gone succeeded")
	}
	if r.wait(t); r.failed == "" || r.text.Len() > 0 {
		t.Errorf("failure %q, text %q", r.failed, r.text.String())
	}
}

func TestHandlerWaitsForASlowClient(t *testing.T) {
	s := serverFor(func(w http.ResponseWriter, _ *http.Request) {
		for range 4 {
			io.WriteString(w, "piece ")
		}
	})
	r := newRecorder()
	r.capacity = 2
	s.start(1, get, r)
	for want := 2; want < 4; want++ {
		eventually(t, "a piece comes when there is room", func() bool { return r.count() == want })
		time.Sleep(20 * time.Millisecond)
		if got := r.count(); got != want {
			t.Fatalf("%d pieces although there was room for %d", got, want)
		}
		s.proceed(1)
	}
	eventually(t, "the last piece", func() bool { return r.count() == 4 })
	s.proceed(1)
	if r.wait(t); r.failed != "" || r.text.String() != "piece piece piece piece " {
		t.Errorf("failure %q, text %q", r.failed, r.text.String())
	}
}

func TestSlowClientThatGoesAway(t *testing.T) {
	s := serverFor(func(w http.ResponseWriter, _ *http.Request) {
		io.WriteString(w, "piece")
		w.(http.Flusher).Flush()
	})
	r := newRecorder()
	r.capacity = 1
	s.start(1, get, r)
	eventually(t, "the piece", func() bool { return r.count() == 1 })
	s.cancel(1)
	if r.wait(t); r.failed == "" {
		t.Error("the answer counts as whole")
	}
}

func TestReceiverThatFails(t *testing.T) {
	written := make(chan error, 3)
	s := serverFor(func(w http.ResponseWriter, _ *http.Request) {
		for range 3 {
			_, err := io.WriteString(w, "piece")
			written <- err
		}
	})
	r := newRecorder()
	r.refuses = errors.New("no more")
	s.start(1, get, r)
	r.wait(t)
	if err := <-written; err != nil {
		t.Errorf("error %v of a piece that was held back", err)
	}
	for range 2 {
		if err := <-written; !errors.Is(err, r.refuses) {
			t.Errorf("error %v", err)
		}
	}
	if r.failed == "" {
		t.Error("the answer counts as whole")
	}
}

func TestAnswersWithoutBody(t *testing.T) {
	s := serverFor(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
		}
		if _, err := io.WriteString(w, "text"); errors.Is(err, http.ErrBodyNotAllowed) != (r.Method == http.MethodOptions) {
			t.Errorf("%s: error %v", r.Method, err)
		}
	})
	for id, method := range []string{http.MethodHead, http.MethodOptions} {
		r := newRecorder()
		s.start(id, message{method: method, url: get.url}, r)
		if r.wait(t); r.status != []int{200, 204}[id] || r.pieces > 0 || r.failed != "" {
			t.Errorf("%s: status %d, %d pieces, failure %q", method, r.status, r.pieces, r.failed)
		}
	}
}

// What a handler writes crosses the border at once if it is all of the answer,
// and with the flush otherwise.
func TestAnswerOfOnePieceIsOneCall(t *testing.T) {
	flushed := make(chan struct{})
	s := serverFor(func(w http.ResponseWriter, r *http.Request) {
		piece := []byte("piece")
		w.Write(piece)
		copy(piece, "other")
		if r.URL.Path == "/flushed" {
			w.(http.Flusher).Flush()
			<-flushed
		}
	})
	whole := newRecorder()
	s.start(1, get, whole)
	if whole.wait(t); whole.calls != 1 || whole.status != 200 || whole.text.String() != "piece" {
		t.Errorf("%d calls, status %d, text %q", whole.calls, whole.status, whole.text.String())
	}
	parts := newRecorder()
	s.start(2, message{method: "GET", url: "https://edge.example/flushed"}, parts)
	eventually(t, "what was flushed comes", func() bool { return parts.count() == 1 })
	close(flushed)
	if parts.wait(t); parts.calls != 2 || parts.text.String() != "piece" {
		t.Errorf("%d calls, text %q", parts.calls, parts.text.String())
	}
}

// A client that leaves a part of the answer lying does not hold its handler for
// longer than that may take.
func TestSlowClientMeetsTheDeadline(t *testing.T) {
	written := make(chan error, 1)
	s := serverFor(func(w http.ResponseWriter, _ *http.Request) {
		if err := http.NewResponseController(w).SetWriteDeadline(time.Now().Add(time.Millisecond)); err != nil {
			t.Error(err)
		}
		w.WriteHeader(http.StatusOK)
		w.(http.Flusher).Flush()
		_, err := io.WriteString(w, "more")
		written <- err
	})
	r := newRecorder()
	r.capacity = 0
	s.start(1, get, r)
	if err := <-written; !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("error %v", err)
	}
	if r.wait(t); r.failed == "" {
		t.Error("the answer counts as whole")
	}
}
