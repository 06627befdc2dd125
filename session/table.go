package session

import (
	"io"
	"sync"
	"time"
)

// Defaults of a Table, those of the DSML session extension.
const (
	DefaultIdle         = 600 * time.Second // idle time of a session (D-131)
	DefaultMax          = 100               // sessions in all (D-128)
	DefaultMaxPerClient = 5                 // sessions of one client address (D-129)
	DefaultMaxWaiting   = 64                // requests that wait for their turn in one session
)

// Never is an idle time that does not end.
const Never = time.Duration(-1)

// TableOptions says how a Table keeps its sessions. Rand or NewID must be set;
// everything else has a default.
type TableOptions struct {
	Clock Clock     // nil: SystemClock
	Rand  io.Reader // where 128 bits an id come from; crypto/rand.Reader outside tests (D-142)

	// NewID makes an id in place of Rand, for servers whose ids must lead to
	// where the session lives. It must be as hard to guess.
	NewID func() (string, error)

	// Idle is how long a session may lie unused. 0: DefaultIdle. Never (or any
	// negative): for ever. It is also the most that a client can ask for.
	Idle time.Duration

	// Max and MaxPerClient are limits of the number of sessions, in all and
	// for one address. nil: DefaultMax and DefaultMaxPerClient. 0 refuses
	// every begin (D-130). Negative: no limit.
	Max, MaxPerClient *int

	// SkipAddressMatch and SkipIdentityMatch switch off the checks that a
	// session is used by the address (D-132) and identity (D-133) that began it.
	SkipAddressMatch, SkipIdentityMatch bool

	// Overlap lets the requests of one session run at the same time, which the
	// session's resource must then bear. Without it they run one after the
	// other in order of arrival.
	Overlap bool

	// MaxWaiting is how many requests may wait for their turn in one session;
	// one more gets ErrBusy. 0: DefaultMaxWaiting.
	MaxWaiting int

	// Endpoint is the number of the endpoint that the sessions belong to, and
	// Numbers where they get their own numbers from: see [View]. nil: the table
	// counts by itself.
	Endpoint int
	Numbers  *Numbers

	// Ended is told of every session that is over, after its resource has been
	// closed, with the error of that closing. It runs on the goroutine that
	// ended the session, with no lock held.
	Ended func(i Info, why Cause, err error)
}

// Table keeps the sessions of a server. All its methods may be called at the
// same time. Begin, Use and End cost at most the logarithm of the number of
// sessions.
type Table struct {
	clock                     Clock
	newID                     func() (string, error)
	idle                      time.Duration
	max, maxPerClient         int
	skipAddress, skipIdentity bool
	overlap                   bool
	maxWaiting                int
	ended                     func(Info, Cause, error)
	endpoint                  int
	numbers                   *Numbers

	mu       sync.Mutex
	sessions map[string]*entry // those that can be used
	leaving  map[*entry]struct{}
	held     int            // sessions that count: usable, leaving or being opened
	clients  map[string]int // the same by address
	sleeping idleHeap
	alarm    Timer     // wakes for the earliest deadline, or earlier
	alarmAt  time.Time // when it does
	era      int       // counts EndAll, so that a begin under way notices
	closed   bool
	counters Counters
	nobody   Peer // compared with when there is no session, to take the same time
}

// Counters says what was asked of a table since it was made.
type Counters struct {
	Begins  uint64 // requests to begin, refused ones included (S-64)
	Ends    uint64 // requests to end, refused ones included (S-64)
	Refused uint64 // begins above a limit
	Unknown uint64 // uses and ends that found no session, foreign ones included
	Foreign uint64 // uses and ends by somebody other than the owner
	Expired uint64 // sessions that ran out
	Lost    uint64 // sessions whose resource was lost
}

// Cause is why a session is over.
type Cause uint8

const (
	CauseEnded   Cause = iota + 1 // asked for by its client (D-126)
	CauseExpired                  // idle for too long (D-131)
	CauseLost                     // its resource was lost, or the server gave it up
	CauseCleared                  // Table.EndAll or Table.Close (S-62)
)

// String returns "ended", "expired", "lost" or "cleared".
func (c Cause) String() string {
	switch c {
	case CauseEnded:
		return "ended"
	case CauseExpired:
		return "expired"
	case CauseLost:
		return "lost"
	case CauseCleared:
		return "cleared"
	}
	return "none"
}

// NewTable returns an empty table. It panics when the options give no source of
// ids: a table with ids that can be guessed must not come to be.
func NewTable(o TableOptions) *Table {
	t := &Table{
		clock: o.Clock, newID: o.NewID, idle: o.Idle,
		max: DefaultMax, maxPerClient: DefaultMaxPerClient,
		skipAddress: o.SkipAddressMatch, skipIdentity: o.SkipIdentityMatch,
		overlap: o.Overlap, maxWaiting: o.MaxWaiting, ended: o.Ended,
		endpoint: o.Endpoint, numbers: o.Numbers,
		sessions: make(map[string]*entry),
		leaving:  make(map[*entry]struct{}),
		clients:  make(map[string]int),
		nobody:   Peer{Address: "255.255.255.255", Identity: "nobody"},
	}
	if t.clock == nil {
		t.clock = SystemClock{}
	}
	if t.newID == nil {
		if o.Rand == nil {
			panic("session.NewTable: TableOptions needs Rand or NewID")
		}
		t.newID = randomID(o.Rand)
	}
	if t.numbers == nil {
		t.numbers = new(Numbers)
	}
	if t.idle == 0 {
		t.idle = DefaultIdle
	}
	if o.Max != nil {
		t.max = *o.Max
	}
	if o.MaxPerClient != nil {
		t.maxPerClient = *o.MaxPerClient
	}
	if t.maxWaiting == 0 {
		t.maxWaiting = DefaultMaxWaiting
	}
	return t
}

// Counters returns what was asked of the table so far.
func (t *Table) Counters() Counters {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.counters
}

// EndAll ends every session, as an endpoint does that is altered (S-62).
// Batches that run are allowed to finish and their sessions end after them;
// requests that wait get ErrNoSession, begins under way ErrClosed.
func (t *Table) EndAll() { t.clear(false) }

// Close is EndAll and refuses every later begin with ErrClosed. A second Close
// does nothing.
func (t *Table) Close() { t.clear(true) }

func (t *Table) clear(forGood bool) {
	t.mu.Lock()
	t.era++
	t.closed = t.closed || forGood
	now := t.clock.Now()
	var over []departure
	for _, e := range t.sessions {
		t.condemn(e, CauseCleared)
	}
	for e := range t.leaving {
		t.dismiss(e)
		over = t.settle(e, now, over)
	}
	t.mu.Unlock()
	t.depart(over)
}
