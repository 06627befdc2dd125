package ldap

import (
	"context"
	"errors"
	"io"
	"net"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// peer is the server's end of a connection in tests that need a server which
// does what none should.
type peer struct {
	net.Conn
	t *testing.T
	l *link
}

// next reads a request; false when the client has hung up.
func (p *peer) next() (message, bool) {
	text, err := p.l.next()
	if err != nil {
		return message{}, false
	}
	m, ok := readMessage(text)
	if !ok {
		p.t.Errorf("the client sent no LDAP: %x", text)
	}
	return m, ok
}

// answer sends a message.
func (p *peer) answer(id int32, op []byte, controls ...dsml.Control) {
	_, _ = p.Write(element(tagSequence, integer(tagInteger, id), op, encodeControls(controls))) // the client may have gone
}

func resultOf(op byte, code dsml.ResultCode, message string) []byte {
	return element(op, integer(tagEnumerated, int32(code)), octets(""), octets(message))
}

func entryOf(dn string, values ...string) []byte {
	var set [][]byte
	for _, v := range values {
		set = append(set, octets(v))
	}
	return element(opEntry, octets(dn), element(tagSequence, element(tagSequence, octets("description"), element(tagSet, set...))))
}

// serveFake listens and gives every connection to serve, which gets to see what
// is not a bind or a look at the root DSE: those are answered.
func serveFake(t *testing.T, serve func(p *peer, m message) bool) string {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	var all sync.WaitGroup
	all.Go(func() {
		for {
			nc, err := listener.Accept()
			if err != nil {
				return
			}
			all.Go(func() { servePeer(t, nc, serve) })
		}
	})
	t.Cleanup(func() {
		listener.Close()
		all.Wait()
	})
	return "ldap://" + listener.Addr().String()
}

func servePeer(t *testing.T, nc net.Conn, serve func(p *peer, m message) bool) {
	defer nc.Close()
	p := &peer{nc, t, &link{nc: nc, max: 1 << 20, silence: time.Minute}}
	for {
		m, ok := p.next()
		switch {
		case !ok || m.op == opUnbind:
			return
		case m.op == opBind:
			p.answer(m.id, resultOf(opBindResponse, dsml.Success, ""))
		case m.op == opSearch && strings.HasPrefix(m.body, "\x04\x00"):
			p.answer(m.id, resultOf(opDone, dsml.Success, "")) // no schema here
		default:
			if !serve(p, m) {
				return
			}
		}
	}
}

// fakeConn is what serveFake listens for, without a network: for tests in a
// bubble of synctest, where time passes only when everybody waits for it.
func fakeConn(t *testing.T, serve func(p *peer, m message) bool) net.Conn {
	ours, theirs := net.Pipe()
	go servePeer(t, theirs, serve)
	return ours
}

// counter counts the connections that are opened and closed.
type counter struct{ opened, closed atomic.Int32 }

type countedConn struct {
	net.Conn
	of   *counter
	once sync.Once
}

func (c *countedConn) Close() error {
	c.once.Do(func() { c.of.closed.Add(1) })
	return c.Conn.Close()
}

func (c *counter) dial(url string) func(context.Context) (net.Conn, error) {
	_, address, _ := strings.Cut(url, "://")
	return func(ctx context.Context) (net.Conn, error) {
		nc, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
		if err != nil {
			return nil, err
		}
		return c.count(nc), nil
	}
}

func (c *counter) count(nc net.Conn) net.Conn {
	c.opened.Add(1)
	return &countedConn{Conn: nc, of: c}
}

// allClosed waits until every connection has been closed.
func (c *counter) allClosed(t *testing.T) {
	t.Helper()
	eventually(t, "connections stay open", func() bool { return c.opened.Load() == c.closed.Load() })
}

func eventually(t *testing.T, wrong string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Error(wrong)
}

// noLeak fails the test when it leaves goroutines behind.
func noLeak(t *testing.T) {
	t.Helper()
	before := runtime.NumGoroutine()
	t.Cleanup(func() {
		eventually(t, "goroutines are left behind", func() bool { return runtime.NumGoroutine() <= before })
	})
}

func newBackend(t *testing.T, o Options) *Backend {
	t.Helper()
	b, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Error(err)
		}
	})
	return b
}

var anonymous = directory.Identity{Anonymous: true}

// connected opens a session's connection.
func connected(t *testing.T, b *Backend, id directory.Identity) directory.Conn {
	t.Helper()
	c, err := b.Connect(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func wantError(t *testing.T, err error, want dsml.ErrorType) *directory.Error {
	t.Helper()
	var de *directory.Error
	if !errors.As(err, &de) {
		t.Fatalf("%v is no error of type %s", err, want)
	}
	if de.Type != want {
		t.Errorf("%s, want %s: %v", de.Type, want, de)
	}
	return de
}

func searchFor(dn string) *dsml.SearchRequest {
	return &dsml.SearchRequest{DN: dn, Scope: dsml.WholeSubtree, Filter: &dsml.Filter{Kind: dsml.Present, Name: "objectClass"}}
}

var errEnough = errors.New("enough")

var _ io.Closer = (*Backend)(nil)
