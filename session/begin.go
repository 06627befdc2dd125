package session

import (
	"context"
	"io"
	"time"
)

// Open makes the resource that a session holds for its life, such as a
// directory connection (D-143). A nil Closer is allowed. Its error comes back
// from Begin as it is.
type Open func(ctx context.Context) (io.Closer, error)

// Opening is what a session is begun with beyond what DSML needs.
type Opening struct {
	Peer    Peer
	Timeout time.Duration // idle time that the client asks for; 0 or less: it asks for none
	Client  Client        // what the client says of itself
	// LoginName is what the view shows as the name of the peer's identity, for
	// servers whose identities are no names but digests. "": the identity.
	LoginName string
}

// Begin makes a session for the peer and returns the lease for the batch that
// came with the request (D-123, D-124). open runs after the limits were
// checked, with ctx, and while no lock is held. Its place counts against the
// limits already.
//
// Errors: ErrTotalLimit, ErrClientLimit, ErrNoID, ErrClosed, or that of open.
// No batch may be run then.
func (t *Table) Begin(ctx context.Context, p Peer, open Open) (*Lease, error) {
	return t.BeginWith(ctx, Opening{Peer: p}, open)
}

// BeginWith is Begin with all that a client may say. The idle time in force is
// that of [Table.Grant].
func (t *Table) BeginWith(ctx context.Context, o Opening, open Open) (*Lease, error) {
	era, err := t.reserve(o.Peer.Address)
	if err != nil {
		return nil, err
	}
	var resource io.Closer
	made := false
	defer func() { // also when open panics
		if made {
			return
		}
		t.mu.Lock()
		t.giveBack(o.Peer.Address)
		t.mu.Unlock()
		if resource != nil {
			resource.Close()
		}
	}()
	if open != nil {
		if resource, err = open(ctx); err != nil {
			resource = nil
			return nil, err
		}
	}

	t.mu.Lock()
	defer t.mu.Unlock()
	if t.era != era {
		return nil, ErrClosed
	}
	id, err := t.freshID()
	if err != nil {
		return nil, err
	}
	now := t.clock.Now()
	e := &entry{
		number: t.numbers.next(), id: id, peer: o.Peer, client: o.Client, login: o.LoginName, resource: resource,
		timeout: t.Grant(o.Timeout), slot: -1, began: now,
	}
	t.sessions[id] = e
	t.enter(e, now)
	made = true
	return &Lease{t: t, e: e}, nil
}

// reserve takes a place for a session of the address.
func (t *Table) reserve(address string) (era int, err error) {
	t.mu.Lock()
	over := t.expire(t.clock.Now())
	t.counters.Begins++
	switch {
	case t.closed:
		err = ErrClosed
	case t.max >= 0 && t.held >= t.max:
		err = ErrTotalLimit
	case t.maxPerClient >= 0 && t.clients[address] >= t.maxPerClient:
		err = ErrClientLimit
	default:
		t.held++
		t.clients[address]++
	}
	if err != nil {
		t.counters.Refused++
	}
	era = t.era
	t.mu.Unlock()
	t.depart(over)
	return era, err
}

// Grant returns the idle time that is in force when a client asks for the given
// one: the smaller of the two (S-26). A client that asks for nothing, or for
// zero or less, gets the table's (S-30); with Never on the table's side any
// number is smaller (S-32).
func (t *Table) Grant(asked time.Duration) time.Duration {
	switch {
	case asked <= 0:
		return t.idle
	case t.idle < 0:
		return asked
	}
	return min(asked, t.idle)
}
