package session

import (
	"io"
	"time"
)

// Lease is the right to run one batch in a session. The resource is the
// holder's until Release; other leases of the session share it only when the
// table lets requests overlap.
type Lease struct {
	t        *Table
	e        *entry
	last     bool
	released bool // under the table's lock
}

// ID returns the session's id. It is a secret of the client's: see [Lease.Short].
func (l *Lease) ID() string { return l.e.id }

// Short returns the part of the id that may be logged.
func (l *Lease) Short() string { return short(l.e.id) }

// Resource returns what open made when the session began.
func (l *Lease) Resource() io.Closer { return l.e.resource }

// Last reports whether the lease came from End.
func (l *Lease) Last() bool { return l.last }

// Timeout returns the idle time in force; negative means Never.
func (l *Lease) Timeout() time.Duration { return l.e.timeout }

// Lost says that the session's resource is of no more use, as when the
// directory closed the connection. The session takes no further request,
// requests that wait get ErrNoSession, and it ends when its running batches are
// over. A client must not be left to think that it pages on in a session whose
// state is gone.
func (l *Lease) Lost() { l.condemn(CauseLost) }

// End says that the session is over with this batch, though its client did not
// ask for it: because the answer to its begin could not be sent, for one.
// Otherwise it is like Lost.
func (l *Lease) End() { l.condemn(CauseEnded) }

func (l *Lease) condemn(why Cause) {
	l.t.mu.Lock()
	defer l.t.mu.Unlock()
	if !l.released {
		l.t.condemn(l.e, why)
		l.t.dismiss(l.e)
	}
}

// Release says that the answer has been sent: the session goes to sleep and its
// idle time starts (S-33), or the next waiting request has its turn, or, when
// it was the last batch of a dormant session, the session ends and its resource
// is closed before Release returns. Further calls do nothing.
//
// The answer to an end is better sent after Release, so that a client that
// begins anew the moment it comes finds its place free.
func (l *Lease) Release() {
	t, e := l.t, l.e
	t.mu.Lock()
	if l.released {
		t.mu.Unlock()
		return
	}
	l.released = true
	now := t.clock.Now()
	e.running--
	e.lastEnd = now
	over := t.settle(e, now, nil)
	t.mu.Unlock()
	t.depart(over)
}
