package session

import (
	"cmp"
	"slices"
	"time"
)

// Status is what a session of a table is doing.
type Status uint8

const (
	Sleeping Status = iota + 1 // open, and nothing runs in it
	Running                    // at least one batch runs in it
	Dormant                    // ended; its last batches are still running
)

// String returns "sleeping", "running" or "dormant".
func (s Status) String() string {
	switch s {
	case Sleeping:
		return "sleeping"
	case Running:
		return "running"
	case Dormant:
		return "dormant"
	}
	return "none"
}

// Client is what the client says of itself when it begins. None of it is to be
// trusted.
type Client struct {
	HostName      string
	ProgramName   string
	InterfaceName string
	ProcessID     int64
	NetworkID     []byte
	Database      string
	Language      string
}

// Info describes a session without giving it away.
type Info struct {
	Number    int    // of the session: see Numbers
	ID        string // the part of the id that may be shown
	Peer      Peer
	Client    Client
	LoginName string // of the peer's identity
	Status    Status
	Timeout   time.Duration // idle time; negative: Never
	Deadline  time.Time     // when it runs out; zero unless it sleeps and can run out
	Began     time.Time
	LastStart time.Time // of the latest batch
	LastEnd   time.Time // of the latest batch that is over; zero before the first is
	Requests  int       // batches so far, running ones included
	Waiting   int       // requests that wait for their turn
}

func (e *entry) info() Info {
	i := Info{
		Number: e.number, ID: short(e.id), Peer: e.peer, Client: e.client, LoginName: cmp.Or(e.login, e.peer.Identity),
		Status: Sleeping, Timeout: e.timeout, Began: e.began,
		LastStart: e.lastStart, LastEnd: e.lastEnd,
		Requests: e.requests, Waiting: len(e.queue),
	}
	switch {
	case e.dormant:
		i.Status = Dormant
	case e.running > 0:
		i.Status = Running
	case e.asleep:
		i.Deadline = e.deadline
	}
	return i
}

// List returns the sessions in the order in which they began, dormant ones
// included.
func (t *Table) List() []Info {
	t.mu.Lock()
	list := make([]Info, 0, len(t.sessions)+len(t.leaving))
	for _, e := range t.sessions {
		list = append(list, e.info())
	}
	for e := range t.leaving {
		list = append(list, e.info())
	}
	t.mu.Unlock()
	slices.SortFunc(list, func(a, b Info) int { return a.Number - b.Number })
	return list
}

// Len returns how many sessions count against the limits: those of List and
// those that are being opened.
func (t *Table) Len() int {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.held
}
