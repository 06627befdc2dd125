package session

import (
	"context"
	"slices"
	"time"
)

// Use returns the lease for one batch in the session (D-125). Where requests of
// a session do not overlap it waits for its turn, in order of arrival, or until
// ctx is done.
//
// Errors: ErrNoSession for an id that is unknown or another's (that one is an
// ErrForeign too), ErrBusy, or that of ctx. Nothing may be run then.
func (t *Table) Use(ctx context.Context, id string, p Peer) (*Lease, error) {
	return t.join(ctx, id, p, false)
}

// End is Use for the last batch of a session (D-126). From its call on no new
// request is let into the session; those that came before it are finished
// first (S-55, S-56). Release of the lease then ends the session. When ctx is
// done while End waits, the session ends all the same.
func (t *Table) End(ctx context.Context, id string, p Peer) (*Lease, error) {
	return t.join(ctx, id, p, true)
}

func (t *Table) join(ctx context.Context, id string, p Peer, last bool) (*Lease, error) {
	t.mu.Lock()
	now := t.clock.Now()
	over := t.expire(now)
	if last {
		t.counters.Ends++
	}
	e, err := t.find(id, p)
	var lease *Lease
	var w *waiter
	if err == nil {
		lease, w, err = t.admit(e, last, now)
	}
	t.mu.Unlock()
	t.depart(over)
	if w == nil {
		return lease, err
	}
	select {
	case <-w.ready:
	case <-ctx.Done():
		if t.withdraw(e, w) {
			return nil, ctx.Err()
		}
	}
	if w.err != nil {
		return nil, w.err
	}
	return w.lease, nil
}

// find returns the session that the peer may use under the id. The peer is
// compared whether there is a session or not, so that an unknown id takes as
// long as another's (S-47).
func (t *Table) find(id string, p Peer) (*entry, error) {
	e, found := t.sessions[id]
	owner := t.nobody
	if found {
		owner = e.peer
	}
	own := t.owns(owner, p)
	if found && own {
		return e, nil
	}
	t.counters.Unknown++
	if found {
		t.counters.Foreign++
		return nil, foreignError{}
	}
	return nil, ErrNoSession
}

// admit lets a request into its session, or has it wait for its turn.
func (t *Table) admit(e *entry, last bool, now time.Time) (*Lease, *waiter, error) {
	lease := &Lease{t: t, e: e, last: last}
	var w *waiter
	switch {
	case e.running == 0 || t.overlap:
		t.enter(e, now)
	case len(e.queue) >= t.maxWaiting:
		return nil, nil, ErrBusy
	default:
		w = &waiter{ready: make(chan struct{}), lease: lease}
		e.queue = append(e.queue, w)
	}
	if last {
		t.condemn(e, CauseEnded)
	}
	return lease, w, nil
}

// withdraw takes a waiter out of the queue. It returns false when the waiter was
// let in, or sent away, before. Nothing else changes: whoever waits, waits for
// a batch that runs.
func (t *Table) withdraw(e *entry, w *waiter) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	i := slices.Index(e.queue, w)
	if i < 0 {
		return false
	}
	e.queue = slices.Delete(e.queue, i, i+1)
	return true
}
