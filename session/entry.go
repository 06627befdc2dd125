package session

import (
	"io"
	"time"
)

// entry is one session of a table. All of it belongs to the table's lock.
//
// An entry is in t.sessions while it can be used. Once it is dormant it is in
// t.leaving, until its last batch is over; then it is gone from both, and its
// resource is in the hands of the one goroutine that took it out.
type entry struct {
	number   int
	id       string
	peer     Peer
	client   Client
	login    string
	resource io.Closer
	timeout  time.Duration // negative: Never

	running  int       // leases out
	queue    []*waiter // requests that wait for their turn, in order of arrival
	dormant  bool      // no new request is let in
	cause    Cause
	asleep   bool      // the idle time runs
	deadline time.Time // while asleep
	due      time.Time // when it has to be looked at, no later than deadline
	slot     int       // place in the heap by that; -1 while not in it

	began, lastStart, lastEnd time.Time
	requests                  int
}

// waiter is a request that waits for its turn. ready is closed when it has it,
// or when it will never have it because of err.
type waiter struct {
	ready chan struct{}
	lease *Lease
	err   error
}

// departure is a session that is over and whose resource has to be closed,
// which is done without the lock.
type departure struct {
	resource io.Closer
	info     Info
	cause    Cause
}

// condemn lets no new request into the session.
func (t *Table) condemn(e *entry, why Cause) {
	if e.dormant {
		return
	}
	e.dormant, e.cause = true, why
	delete(t.sessions, e.id)
	t.leaving[e] = struct{}{}
}

// dismiss sends the requests away that wait for the session.
func (t *Table) dismiss(e *entry) {
	for _, w := range e.queue {
		w.err = ErrNoSession
		close(w.ready)
	}
	e.queue = nil
}

// settle is called after every change of a session. It lets in who may come in,
// puts the session to sleep when nobody is in it, or takes it out of the table
// when nobody is in it and nobody may come.
func (t *Table) settle(e *entry, now time.Time, over []departure) []departure {
	for len(e.queue) > 0 && e.running == 0 {
		w := e.queue[0]
		e.queue = e.queue[1:]
		t.enter(e, now)
		close(w.ready)
	}
	switch {
	case e.running > 0:
		return over
	case !e.dormant:
		t.sleep(e, now)
		return over
	}
	t.forget(e)
	delete(t.leaving, e)
	t.giveBack(e.peer.Address)
	switch e.cause {
	case CauseExpired:
		t.counters.Expired++
	case CauseLost:
		t.counters.Lost++
	}
	return append(over, departure{e.resource, e.info(), e.cause})
}

// enter counts one more batch in the session.
func (t *Table) enter(e *entry, now time.Time) {
	t.wake(e)
	e.running++
	e.requests++
	e.lastStart = now
}

// giveBack frees the place of a session of the address.
func (t *Table) giveBack(address string) {
	t.held--
	if t.clients[address]--; t.clients[address] == 0 {
		delete(t.clients, address)
	}
	if t.held == 0 {
		t.silence()
	}
}

// depart closes what the sessions held that are over. When closing one panics,
// the others are closed all the same.
func (t *Table) depart(over []departure) {
	i := 0
	defer func() {
		if i < len(over) {
			t.depart(over[i+1:])
		}
	}()
	for ; i < len(over); i++ {
		d := over[i]
		var err error
		if d.resource != nil {
			err = d.resource.Close()
		}
		if t.ended != nil {
			t.ended(d.info, d.cause, err)
		}
	}
}
