package endpoint

import (
	"context"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/web/directory/memory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// lender lends connections to the sample directory in ways that a test sets.
type lender struct {
	*memory.Directory
	lend   func(ctx context.Context, n int32) error // of the nth connection
	do     func(n int32, req dsml.Request) error    // before each request
	lent   atomic.Int32
	atOnce atomic.Int32
	most   atomic.Int32
}

type lentConn struct {
	directory.Conn
	of *lender
	n  int32
}

func (l *lender) Borrow(ctx context.Context, id directory.Identity) (directory.Conn, error) {
	n := l.lent.Add(1)
	if l.lend != nil {
		if err := l.lend(ctx, n); err != nil {
			return nil, err
		}
	}
	return l.Connect(ctx, id)
}

func (l *lender) Connect(ctx context.Context, id directory.Identity) (directory.Conn, error) {
	c, err := l.Directory.Connect(ctx, id)
	return &lentConn{c, l, l.lent.Load()}, err
}

func (c *lentConn) Do(ctx context.Context, req dsml.Request, emit func(directory.SearchItem) error) (dsml.Response, error) {
	at := c.of.atOnce.Add(1)
	defer c.of.atOnce.Add(-1)
	for most := c.of.most.Load(); at > most && !c.of.most.CompareAndSwap(most, at); most = c.of.most.Load() {
	}
	if c.of.do != nil {
		if err := c.of.do(c.n, req); err != nil {
			return nil, err
		}
	}
	return c.Conn.Do(ctx, req, emit)
}

const manySearches = 12

func searches() string {
	return strings.Repeat(searchOf(`dn="`+people+`" scope="wholeSubtree"`, "", anything+noAttributes), manySearches)
}

func wantSuccesses(t *testing.T, r reply, n int) {
	t.Helper()
	if got := strings.Count(r.body, `<resultCode code="0"`); got != n || strings.Contains(r.body, "errorResponse") {
		t.Errorf("%d of %d requests succeeded: %.400s", got, n, r.body[strings.LastIndex(r.body, "</searchResultEntry>")+1:])
	}
}

// A connection that comes late serves whoever needs one then; that the request
// which asked for it is through does not end its opening.
func TestConnectionThatComesLate(t *testing.T) {
	l := &lender{Directory: memory.Sample(), lend: func(ctx context.Context, n int32) error {
		if n == 1 {
			return nil
		}
		select {
		case <-time.After(20 * time.Millisecond):
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}, do: func(int32, dsml.Request) error { time.Sleep(5 * time.Millisecond); return nil }}
	s := newServer(t, func(o *Options) { o.Backend = l })
	wantSuccesses(t, s.post(envelope("", batchOf(`processing="parallel"`, searches()))), manySearches)
}

// A batch that gets one connection and no more runs on it.
func TestNoFurtherConnection(t *testing.T) {
	l := &lender{Directory: memory.Sample(), lend: func(_ context.Context, n int32) error {
		if n == 1 {
			return nil
		}
		return &directory.Error{Type: dsml.NotAttempted, Message: "all are in use"}
	}}
	s := newServer(t, func(o *Options) { o.Backend = l })
	wantSuccesses(t, s.post(envelope("", batchOf(`processing="parallel"`, searches()))), manySearches)
	if l.most.Load() != 1 {
		t.Errorf("%d requests ran at once on one connection", l.most.Load())
	}
}

func TestNoConnectionAtAll(t *testing.T) {
	l := &lender{Directory: memory.Sample(), lend: func(context.Context, int32) error {
		return &directory.Error{Type: dsml.NotAttempted, Message: "all are in use"}
	}}
	s := newServer(t, func(o *Options) { o.Backend = l })
	s.post(envelope("", batchOf(`requestID="7"`, searches()))).want(t, 200, `type="notAttempted"`, "all are in use", `requestID="7"`)
}

// The connection of a session does one thing at a time, however the batch is to
// be processed (D-143).
func TestD_143_SessionRunsOneRequestAtATime(t *testing.T) {
	l := &lender{Directory: memory.Sample(), do: func(int32, dsml.Request) error { time.Sleep(time.Millisecond); return nil }}
	s := newServer(t, func(o *Options) { o.Backend = l })
	wantSuccesses(t, s.post(envelope(inSession(s.begin()), batchOf(`processing="parallel"`, searches()))), manySearches)
	if l.most.Load() != 1 || l.lent.Load() != 0 {
		t.Errorf("%d at once, %d connections borrowed", l.most.Load(), l.lent.Load())
	}
	// Outside of one, two requests meet: the first stays until there is another.
	end := time.Now().Add(time.Minute)
	l.do = func(int32, dsml.Request) error {
		for l.most.Load() < 2 && time.Now().Before(end) {
			time.Sleep(time.Millisecond)
		}
		return nil
	}
	wantSuccesses(t, s.post(envelope("", batchOf(`processing="parallel"`, searches()))), manySearches)
	if l.most.Load() < 2 || l.lent.Load() < 2 {
		t.Errorf("outside a session %d at once, %d connections borrowed", l.most.Load(), l.lent.Load())
	}
}

// A request that lost its connection is not sent again; those behind it get
// another one. A session ends with its connection.
func TestLostConnection(t *testing.T) {
	lost := &directory.Error{Type: dsml.ConnectionClosed, Message: "it is gone"}
	l := &lender{Directory: memory.Sample(), do: func(n int32, req dsml.Request) error {
		if n < 2 {
			return lost
		}
		return nil
	}}
	s := newServer(t, func(o *Options) { o.Backend = l })
	got := s.post(envelope("", batchOf(`onError="resume"`, addDevice("1", "lost")+addDevice("2", "kept"))))
	got.want(t, 200, `type="connectionClosed"`, `<addResponse requestID="2"><resultCode code="0"`)
	s.post(envelope("", batchOf("", searchOf(`dn="cn=lost,`+people+`" scope="baseObject"`, "", anything)))).want(t, 200, `code="32"`)

	l.lent.Store(0)
	id := s.begin()
	s.post(envelope(inSession(id), batchOf("", addDevice("1", "x")))).want(t, 200, `type="connectionClosed"`)
	s.post(envelope(inSession(id), batchOf("", ""))).want(t, 500, badSession)
}
