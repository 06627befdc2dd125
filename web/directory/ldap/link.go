package ldap

import (
	"context"
	"errors"
	"io"
	"net"
	"os"
	"sync"
	"time"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// link is one connection to the server. One request at a time is under way on
// it, between begin and the function that begin returns.
type link struct {
	nc      net.Conn
	max     int           // bytes of one message
	silence time.Duration // the server may let pass before it is given up
	lastID  int32         // of the messages sent

	buf  []byte // what was read
	from int    // where in buf the next message begins

	mu      sync.Mutex
	running int // counts requests, so that a late interruption meets nobody else
	ctx     context.Context
	closed  bool

	broken  error // why the link cannot be used any more
	residue bool  // something may be left on it that the next user must not meet

	// Of the pool.
	as      string // key of the identity that is bound; "" for nobody known
	boundAt time.Time
	watched *watch
}

// errLinkGone says that a link was lost before the request that wants it.
var errLinkGone = errors.New("the link was lost earlier")

// past is a deadline that wakes whoever reads or writes.
var past = time.Unix(1, 0)

// begin starts a request. When ctx ends, reading and writing end too, until the
// function that is returned has been called.
func (l *link) begin(ctx context.Context) (end func()) {
	l.mu.Lock()
	l.running++
	l.ctx = ctx
	n := l.running
	l.mu.Unlock()
	stop := context.AfterFunc(ctx, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if l.running == n && l.ctx != nil {
			l.wake()
		}
	})
	return func() {
		stop()
		l.mu.Lock()
		l.ctx = nil
		l.mu.Unlock()
	}
}

// wake ends what waits for the network. The lock is held by the caller.
func (l *link) wake() {
	if l.nc.SetDeadline(past) != nil {
		_ = l.nc.Close() // a transport without deadlines can only be woken like this
	}
}

// allow sets the time for the next read or write, unless the request was
// interrupted.
func (l *link) allow() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return net.ErrClosed
	}
	wait := time.Now().Add(l.silence)
	if l.ctx != nil {
		if err := l.ctx.Err(); err != nil {
			return err
		}
	}
	_ = l.nc.SetDeadline(wait)
	return nil
}

// refused is the error of a read or write that allow did not let begin.
func (l *link) refused(err error) error {
	if errors.Is(err, net.ErrClosed) {
		return l.fail(err)
	}
	return err // of the context
}

// send sends one message and returns its number.
func (l *link) send(op, controls []byte) (int32, error) {
	if l.broken != nil {
		return 0, l.lost(errLinkGone)
	}
	if l.lastID == 1<<31-1 {
		l.lastID = 0
	}
	l.lastID++
	if err := l.allow(); err != nil {
		return 0, l.refused(err)
	}
	if _, err := l.nc.Write(element(tagSequence, integer(tagInteger, l.lastID), op, controls)); err != nil {
		return 0, l.fail(err) // part of it may be on its way
	}
	return l.lastID, nil
}

// receive returns the next message of the answer to a request. Messages that
// belong to requests given up earlier are passed over.
func (l *link) receive(id int32) (message, error) {
	for {
		text, err := l.next()
		if err != nil {
			return message{}, err
		}
		m, ok := readMessage(text)
		switch {
		case !ok:
			return message{}, l.fail(errNotLDAP)
		case m.id == id:
			return m, nil
		case m.id == 0:
			return message{}, l.fail(m.notice())
		}
	}
}

// call sends a request and hands the messages of its answer to each, until that
// says that it was the last one. An error of each gives the request up.
func (l *link) call(ctx context.Context, op, controls []byte, each func(*message) (done bool, err error)) error {
	end := l.begin(ctx)
	defer end()
	id, err := l.send(op, controls)
	if err != nil {
		return err
	}
	for {
		m, err := l.receive(id)
		if err != nil {
			l.abandon(id)
			return err
		}
		if m.op == opIntermediate {
			continue // DSML has no place for it
		}
		done, err := each(&m)
		switch {
		case errors.Is(err, errNotLDAP):
			return l.fail(err)
		case err != nil:
			l.abandon(id)
			return err
		case done:
			return nil
		}
	}
}

// notice is what an unsolicited message says: there is one kind, by which the
// server takes its leave (RFC 4511 section 4.4.1).
func (m *message) notice() error {
	if r, ok := m.extended(); ok {
		return errors.New("the directory ended the connection: " + r.Code.String() + " " + r.ErrorMessage)
	}
	return errNotLDAP
}

// next reads one whole message. What was read of a message when an interruption
// came is kept for the next call.
func (l *link) next() (string, error) {
	if l.broken != nil {
		return "", l.lost(l.broken)
	}
	for {
		have := l.buf[l.from:]
		size, length, err := header(have)
		if err != nil || len(have) > 0 && have[0] != tagSequence {
			return "", l.fail(errNotLDAP)
		}
		if size > 0 && length > l.max {
			return "", l.fail(errors.New("a message of the directory has " + itoa(length) + " bytes, more than the " + itoa(l.max) + " that the gateway takes"))
		}
		need := size + length
		if size > 0 && len(have) >= need {
			l.from += need
			return string(have[:need]), nil
		}
		if err := l.fill(need); err != nil {
			return "", err
		}
	}
}

const readSize = 32 << 10

// fill reads more into the buffer, which it makes large enough for need bytes.
func (l *link) fill(need int) error {
	if l.from > 0 {
		l.buf = l.buf[:copy(l.buf, l.buf[l.from:])]
		l.from = 0
	}
	if len(l.buf) == 0 && cap(l.buf) > 4*readSize {
		l.buf = nil // one large value must not hold its memory for the rest of the session
	}
	if want := max(need, readSize); cap(l.buf) < want {
		// Memory grows with what has come, not with what a length promises.
		grown := make([]byte, len(l.buf), min(want, max(readSize, 2*cap(l.buf))))
		copy(grown, l.buf)
		l.buf = grown
	}
	if err := l.allow(); err != nil {
		return l.refused(err)
	}
	n, err := l.nc.Read(l.buf[len(l.buf):cap(l.buf)])
	l.buf = l.buf[:len(l.buf)+n]
	if n > 0 || err == nil {
		return nil
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		if gone := l.interrupted(); gone != nil {
			return gone
		}
	}
	return l.fail(err)
}

// interrupted returns why the request under way was interrupted, or nil.
func (l *link) interrupted() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.ctx == nil {
		return nil
	}
	return l.ctx.Err()
}

// fail gives the link up.
func (l *link) fail(err error) error {
	if l.broken == nil {
		l.broken = err
		l.close()
	}
	// A write that was interrupted leaves half a message behind: the link is
	// gone, but what the caller wants to know is why.
	if gone := l.interrupted(); gone != nil {
		return gone
	}
	return l.lost(err)
}

// lost is the error for a request that got no answer because of err.
func (l *link) lost(err error) error {
	message := "the connection to the directory broke off before its answer came; whether the request took effect is unknown"
	switch {
	case errors.Is(err, errLinkGone):
		message = "the connection to the directory is closed; the request was not sent"
	case errors.Is(err, os.ErrDeadlineExceeded):
		message = "the directory did not answer within " + l.silence.String() + ", and the gateway gave the connection up; whether the request took effect is unknown"
	case errors.Is(err, errNotLDAP):
		message = "the directory sent something that is not LDAP, and the gateway gave the connection up"
	case !errors.Is(err, io.EOF) && !isNetwork(err):
		message = err.Error()
	}
	return &directory.Error{Type: dsml.ConnectionClosed, Message: message, Err: err}
}

func isNetwork(err error) bool {
	var ne net.Error
	return errors.As(err, &ne) || errors.Is(err, net.ErrClosed) || errors.Is(err, io.ErrUnexpectedEOF)
}

// farewell is how long the last words on a link may take.
const farewell = time.Second

// abandon tells the server that nobody waits for the answer any more (RFC 4511
// section 4.11).
func (l *link) abandon(id int32) {
	l.residue = true
	if l.broken != nil {
		return
	}
	l.lastID++
	if !l.say(element(tagSequence, integer(tagInteger, l.lastID), integer(opAbandon, id))) {
		l.broken = io.ErrUnexpectedEOF
		l.close()
	}
}

// say sends something that has no answer, on a link that is otherwise quiet.
func (l *link) say(text []byte) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.closed {
		return false
	}
	_ = l.nc.SetDeadline(time.Now().Add(farewell))
	_, err := l.nc.Write(text)
	return err == nil
}

// close ends the link, politely where that is possible. A second close does
// nothing.
func (l *link) close() {
	if l.broken == nil {
		l.say(element(tagSequence, integer(tagInteger, l.lastID+1), element(opUnbind)))
	}
	l.abort()
}

// abort ends the link at once; whoever waits for the network on it is woken. It
// may be called at any time by anybody.
func (l *link) abort() {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.closed {
		l.closed = true
		_ = l.nc.Close() // there is nothing left to be lost
	}
}
