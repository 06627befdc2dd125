package main

import (
	"io"
	"net"
	"os"
	"sync"
	"time"
)

// transport is a socket as JavaScript has it. Its methods return at once; what
// came of them arrives by the conn's methods received and written.
type transport interface {
	// pull asks for the next piece. There is no more than one asked for.
	pull()
	// push hands a piece over. The bytes are the caller's again after the call.
	push(piece []byte) error
	// close is called once.
	close()
}

// mostPushed bounds one piece on its way out, in bytes.
const mostPushed = 64 << 10

// conn is the net.Conn over a transport. It asks for a piece only when there is
// a Read to wait for it, so that a slow reader holds the other side back, and
// its deadlines wake a Read or Write that waits.
type conn struct {
	to            transport
	local, remote net.Addr
	done          chan struct{}
	once          sync.Once

	reader  sync.Mutex // held by the one Read that runs
	arrived chan struct{}
	readBy  deadline
	mu      sync.Mutex // for the three below
	in      []byte
	inErr   error
	pulling bool

	writer  sync.Mutex // held by the one Write that runs
	out     chan error
	writeBy deadline
	pushing bool // a piece is on its way
	outErr  error
}

func newConn(to transport, local, remote net.Addr) *conn {
	return &conn{
		to: to, local: local, remote: remote, done: make(chan struct{}),
		arrived: make(chan struct{}, 1), out: make(chan error, 1),
		readBy: newDeadline(), writeBy: newDeadline(),
	}
}

// received takes what the transport read: a piece, or the end, which is io.EOF
// where the other side closed.
func (c *conn) received(piece []byte, err error) {
	c.mu.Lock()
	c.in, c.inErr, c.pulling = piece, err, false
	c.mu.Unlock()
	select {
	case c.arrived <- struct{}{}:
	default:
	}
}

// written takes how the piece fared that was pushed last.
func (c *conn) written(err error) {
	select {
	case c.out <- err:
	default: // nothing was pushed
	}
}

// Read implements [net.Conn].
func (c *conn) Read(p []byte) (int, error) {
	c.reader.Lock()
	defer c.reader.Unlock()
	for {
		over := c.readBy.wait()
		if err := c.stopped(over); err != nil {
			return 0, c.failed("read", err)
		}
		if n, err := c.take(p); n > 0 || err != nil || len(p) == 0 {
			return n, err
		}
		select {
		case <-c.arrived:
		case <-c.done:
		case <-over:
		}
	}
}

// take returns what has arrived, and sees to it that something will.
func (c *conn) take(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.in) > 0 {
		n := copy(p, c.in)
		c.in = c.in[n:]
		return n, nil
	}
	if c.inErr != nil {
		if c.inErr == io.EOF {
			return 0, io.EOF
		}
		return 0, c.failed("read", c.inErr)
	}
	if !c.pulling && len(p) > 0 {
		c.pulling = true
		c.to.pull()
	}
	return 0, nil
}

// Write implements [net.Conn]. It returns when the socket has taken all of p.
func (c *conn) Write(p []byte) (int, error) {
	c.writer.Lock()
	defer c.writer.Unlock()
	done := 0
	for {
		over := c.writeBy.wait()
		if err := c.stopped(over); err != nil {
			return done, c.failed("write", err)
		}
		if c.pushing {
			select {
			case c.outErr = <-c.out:
				c.pushing = false
			case <-c.done:
			case <-over:
			}
			continue
		}
		if c.outErr != nil {
			return done, c.failed("write", c.outErr)
		}
		if done == len(p) {
			return done, nil
		}
		piece := p[done:min(len(p), done+mostPushed)]
		if c.outErr = c.to.push(piece); c.outErr == nil {
			c.pushing = true
			done += len(piece)
		}
	}
}

// stopped tells why nothing can be done any more.
func (c *conn) stopped(over <-chan struct{}) error {
	select {
	case <-c.done:
		return net.ErrClosed
	default:
	}
	select {
	case <-over:
		return os.ErrDeadlineExceeded
	default:
		return nil
	}
}

func (c *conn) failed(op string, err error) error {
	return &net.OpError{Op: op, Net: "tcp", Source: c.local, Addr: c.remote, Err: err}
}

// Close implements [net.Conn].
func (c *conn) Close() error {
	c.once.Do(func() {
		close(c.done)
		c.to.close()
	})
	return nil
}

// LocalAddr implements [net.Conn]. A Worker does not learn its own address.
func (c *conn) LocalAddr() net.Addr { return c.local }

// RemoteAddr implements [net.Conn].
func (c *conn) RemoteAddr() net.Addr { return c.remote }

// SetDeadline implements [net.Conn].
func (c *conn) SetDeadline(t time.Time) error {
	c.readBy.set(t)
	c.writeBy.set(t)
	return nil
}

// SetReadDeadline implements [net.Conn].
func (c *conn) SetReadDeadline(t time.Time) error {
	c.readBy.set(t)
	return nil
}

// SetWriteDeadline implements [net.Conn].
func (c *conn) SetWriteDeadline(t time.Time) error {
	c.writeBy.set(t)
	return nil
}

// deadline is a point in time that wakes who waits for it, and that can be
// moved while they wait. It is moved with every read and write, mostly away:
// then its timer stays as it is, and looks again when it rings.
type deadline struct {
	mu    *sync.Mutex
	state *deadlineState
}

type deadlineState struct {
	at    time.Time     // zero: none
	over  chan struct{} // closed once the time is up
	timer *time.Timer   // nil when it has rung
	rings time.Time
	era   int // counts timers: one that was replaced comes too late
}

func newDeadline() deadline {
	return deadline{mu: new(sync.Mutex), state: &deadlineState{over: make(chan struct{})}}
}

func (d deadline) wait() <-chan struct{} {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.state.over
}

func (d deadline) set(t time.Time) {
	d.mu.Lock()
	defer d.mu.Unlock()
	select {
	case <-d.state.over:
		d.state.over = make(chan struct{})
	default:
	}
	d.state.at = t
	d.look()
}

// look sees whether the time is up, and to it that somebody looks again when it
// may be.
func (d deadline) look() {
	s := d.state
	if s.at.IsZero() {
		return
	}
	left := time.Until(s.at)
	if left <= 0 {
		s.at = time.Time{}
		close(s.over)
		return
	}
	if s.timer != nil {
		if !s.rings.After(s.at) {
			return
		}
		s.timer.Stop()
	}
	s.rings = s.at
	s.era++
	era := s.era
	s.timer = time.AfterFunc(left, func() {
		d.mu.Lock()
		defer d.mu.Unlock()
		if s.era == era {
			s.timer = nil
			d.look()
		}
	})
}
