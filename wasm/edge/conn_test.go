package main

import (
	"context"
	"errors"
	"io"
	"net"
	"strings"
	"sync"
	"testing"

	"golang.org/x/net/nettest"
)

// wire is one direction of a pair of transports: pieces in their order, each
// acknowledged when the other side has asked for it.
type wire struct {
	pieces chan []byte
	closed chan struct{}
	once   sync.Once
}

func newWire() *wire { return &wire{pieces: make(chan []byte), closed: make(chan struct{})} }

func (w *wire) close() { w.once.Do(func() { close(w.closed) }) }

// end is a transport over two wires.
type end struct {
	in, out *wire
	conn    *conn
}

func (e *end) pull() {
	go func() {
		select {
		case piece := <-e.in.pieces:
			e.conn.received(piece, nil)
		case <-e.in.closed:
			e.conn.received(nil, io.EOF)
		}
	}()
}

func (e *end) push(piece []byte) error {
	kept := append([]byte(nil), piece...)
	go func() {
		select {
		case e.out.pieces <- kept:
			e.conn.written(nil)
		case <-e.out.closed:
			e.conn.written(io.ErrClosedPipe)
		}
	}()
	return nil
}

func (e *end) close() {
	e.in.close()
	e.out.close()
}

func pair() (net.Conn, net.Conn) {
	there, back := newWire(), newWire()
	a, b := &end{in: back, out: there}, &end{in: there, out: back}
	a.conn = newConn(a, address("a"), address("b"))
	b.conn = newConn(b, address("b"), address("a"))
	return a.conn, b.conn
}

// What every net.Conn has to do, deadlines and closing during reads included.
func TestConn_IsANetConn(t *testing.T) {
	nettest.TestConn(t, func() (net.Conn, net.Conn, func(), error) {
		a, b := pair()
		return a, b, func() { a.Close(); b.Close() }, nil
	})
}

func TestConn_LongWritesGoInPieces(t *testing.T) {
	a, b := pair()
	defer a.Close()
	long := strings.Repeat("0123456789abcdef", 3*mostPushed/16+5)
	go func() {
		if n, err := io.WriteString(a, long); n != len(long) || err != nil {
			t.Errorf("wrote %d: %v", n, err)
		}
		a.Close()
	}()
	got, err := io.ReadAll(b)
	if err != nil || string(got) != long {
		t.Fatalf("read %d bytes of %d: %v", len(got), len(long), err)
	}
}

// opening is a dialer whose sockets open, or not, as the test says.
type opening struct {
	began  chan int
	closed chan struct{}
}

func (o *opening) dial(id int, _ string, _ int) (transport, error) {
	o.began <- id
	return &end{in: newWire(), out: &wire{pieces: make(chan []byte), closed: o.closed}}, nil
}

func TestSockets_DialTellsWhatWentWrong(t *testing.T) {
	o := &opening{began: make(chan int, 1), closed: make(chan struct{})}
	s := newSockets(o)
	why := errors.New("refused")
	go func() { s.told(<-o.began, why) }()
	_, err := s.dial(context.Background(), "ldap.example", 389, "ldap.example:389")
	if !errors.Is(err, why) {
		t.Fatalf("got %v", err)
	}
	select {
	case <-o.closed:
	default:
		t.Error("the socket that did not open was not closed")
	}
	if len(s.opened)+len(s.conns) != 0 {
		t.Error("something of it is kept")
	}
}

func TestSockets_DialEndsWithItsContext(t *testing.T) {
	o := &opening{began: make(chan int, 1), closed: make(chan struct{})}
	s := newSockets(o)
	ctx, cancel := context.WithCancel(context.Background())
	var id int
	go func() { id = <-o.began; cancel() }()
	if _, err := s.dial(ctx, "ldap.example", 389, "ldap.example:389"); !errors.Is(err, context.Canceled) {
		t.Fatalf("got %v", err)
	}
	<-o.closed
	s.told(id, nil) // too late, and to nobody
	if _, err := s.find(id); !errors.Is(err, errNoSocket) {
		t.Fatalf("got %v", err)
	}
}

func TestSockets_AClosedOneIsForgotten(t *testing.T) {
	o := &opening{began: make(chan int, 1), closed: make(chan struct{})}
	s := newSockets(o)
	go func() { s.told(<-o.began, nil) }()
	c, err := s.dial(context.Background(), "ldap.example", 389, "ldap.example:389")
	if err != nil {
		t.Fatal(err)
	}
	if found, err := s.find(1); found != c || err != nil {
		t.Fatalf("%v, %v", found, err)
	}
	c.Close()
	c.Close()
	if _, err := s.find(1); !errors.Is(err, errNoSocket) {
		t.Fatalf("got %v", err)
	}
}
