package session

import (
	"time"

	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// State is where the client's side of a session stands.
type State uint8

const (
	StateNone    State = iota // there was no session yet, or none was made
	StateOpening              // asked for; the answer has not come
	StateOpen                 // its id is known
	StateClosing              // its end was asked for; the answer has not come
	StateClosed               // ended as asked
	StateExpired              // its idle time is over, by the client's reckoning or by the server's word
	StateLost                 // gone before its time, or nobody knows what became of it
)

var stateNames = [...]string{"none", "opening", "open", "closing", "closed", "expired", "lost"}

// String returns the state's word, as the JavaScript interface has it.
func (s State) String() string {
	if int(s) < len(stateNames) {
		return stateNames[s]
	}
	return ""
}

// DefaultSQLIdle is the idle time that a Tracker of the SQL dialect reckons
// with where the server does not say: the one number that its specification
// names.
const DefaultSQLIdle = 60 * time.Second

// TrackerOptions says how a Tracker speaks and reckons.
type TrackerOptions struct {
	Dialect Dialect
	// Now tells the time of day; nil means time.Now. A wall clock is wanted,
	// not one that stands still while the machine sleeps.
	Now  func() time.Time
	SOAP soap.Version // of new envelopes; 0: SOAP 1.1
	// Idle is the idle time to reckon with where the server does not say, which
	// in DSML it never does. 0: DefaultIdle, or DefaultSQLIdle. Never (or any
	// negative): none.
	Idle time.Duration
	// Timeout is the idle time to ask for (SQL). 0: none in particular.
	Timeout time.Duration
}

// Tracker is the client's side of a session. It does no input or output: Begin,
// Send and End make the messages, Receive and Failed are told what became of
// them. It belongs to one goroutine at a time.
//
// Idle time counts from the moment an answer came, and not while a request is
// under way. When it is over, the state is StateExpired without any further
// call: Send then refuses, because most servers would answer with a fault, and
// one that has forgotten the session must not be taken for one that has
// nothing to tell. A server can be more patient than the client reckons:
// [Tracker.Insist] is for who wants to try.
type Tracker struct {
	o        TrackerOptions
	p        protocol
	state    State
	id       string
	timeout  time.Duration // negative: Never
	granted  bool          // timeout is the server's word
	touched  time.Time     // the answer that idle time counts from
	seen     time.Time     // what the clock said last
	patient  bool          // the deadline is passed over until the next answer
	ending   bool          // an end was sent that may have arrived, and was not confirmed
	ends     int           // ends sent since one was asked for
	ended    time.Time     // when the latest end was sent, or its answer did not confirm it
	last     int           // number of the latest end
	transact []byte        // SQL: the transaction under way
	pages    []*Page
	pending  []exchange
	number   int // of the latest message
}

// exchange is a message whose answer has not come.
type exchange struct {
	number   int
	stale    bool // its session was given up: what its answer says does not matter any more
	others   bool // it has header blocks besides that of the session
	step     Step
	searches []search
	idle     time.Duration // for which nothing was sent in the session before it
}

// NewTracker returns a Tracker without a session.
func NewTracker(o TrackerOptions) *Tracker {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.SOAP == 0 {
		o.SOAP = soap.V11
	}
	if o.Idle == 0 {
		o.Idle = DefaultIdle
		if o.Dialect == SQL {
			o.Idle = DefaultSQLIdle
		}
	}
	return &Tracker{o: o, p: o.Dialect.protocol()}
}

// now returns the time of day. Without the monotonic reading differences are
// those of the wall clock, which goes on while the machine sleeps. A clock that
// was set back takes the deadline along: what has passed stays passed. One that
// was set forward looks like a machine that slept, and is taken for it.
func (t *Tracker) now() time.Time {
	now := t.o.Now().Round(0)
	if back := t.seen.Sub(now); back > 0 && !t.seen.IsZero() {
		if !t.touched.IsZero() {
			t.touched = t.touched.Add(-back)
		}
		if !t.ended.IsZero() {
			t.ended = t.ended.Add(-back)
		}
	}
	t.seen = now
	return now
}

// Dialect returns the dialect that the session is held in.
func (t *Tracker) Dialect() Dialect { return t.o.Dialect }

// State returns the state as of now.
func (t *Tracker) State() State {
	t.look()
	return t.state
}

// look moves an open session to expired when its time is over. A request that
// is under way stops the clock.
func (t *Tracker) look() {
	if t.state != StateOpen || len(t.pending) > 0 || t.patient {
		return
	}
	if left, limited := t.Remaining(t.now()); limited && left <= 0 {
		t.state = StateExpired
	}
}

// ID returns the session's id, "" when there is none that could be used.
func (t *Tracker) ID() string { return t.id }

// Timeout returns the idle time that the tracker reckons with, negative for
// Never, and whether it is the server's word or a guess.
func (t *Tracker) Timeout() (idle time.Duration, granted bool) {
	if t.id == "" {
		return t.o.Idle, false
	}
	return t.timeout, t.granted
}

// ExpiresAt returns when the session runs out if nothing more is sent. There is
// no such time while the session is not open, or when its idle time is Never.
func (t *Tracker) ExpiresAt() (at time.Time, ok bool) {
	t.now()
	if t.id == "" || t.timeout < 0 || t.patient || t.state == StateOpening {
		return time.Time{}, false
	}
	return t.touched.Add(t.timeout), true
}

// Remaining returns how long before ExpiresAt the given time is, zero after it.
// It is never more than the idle time, even when the clock was set back.
func (t *Tracker) Remaining(now time.Time) (left time.Duration, ok bool) {
	at, ok := t.ExpiresAt()
	if !ok {
		return 0, false
	}
	return min(max(at.Sub(now.Round(0)), 0), t.timeout), true
}

// Begin returns the message that asks for a session. Its batch runs inside the
// new session (D-124). body is what [Dialect.Wrap] takes.
func (t *Tracker) Begin(body []byte) (Outgoing, error) {
	switch t.State() {
	case StateOpening:
		return Outgoing{}, &Error{CodeAlreadyOpen, "a session was asked for and the answer has not come", "wait for the answer, or say that it will not come"}
	case StateOpen, StateClosing:
		return Outgoing{}, &Error{CodeAlreadyOpen, "there is a session that has not ended", "end it first"}
	}
	out, err := t.o.Dialect.Wrap(body, t.o.SOAP, Step{Kind: StepBegin, Timeout: t.o.Timeout})
	if err != nil {
		return Outgoing{}, err
	}
	t.forget()
	t.pending = nil
	t.state = StateOpening
	t.await(&out)
	return out, nil
}

// Send returns a message inside the session.
func (t *Tracker) Send(body []byte) (Outgoing, error) {
	switch t.State() {
	case StateOpen:
	case StateExpired:
		return Outgoing{}, &Error{CodeExpired, "the session's idle time is over", "begin a new session; cookies of the old one are worth nothing in it"}
	default:
		return Outgoing{}, notOpen(t.state)
	}
	return t.wrap(body, StepUse)
}

// End returns the last message of the session; its batch still runs inside
// (D-126). An end whose answer never came may be sent again (S-59). An expired
// session may be ended too, in case that the server is more patient.
func (t *Tracker) End(body []byte) (Outgoing, error) {
	t.look()
	if t.id == "" {
		return Outgoing{}, notOpen(t.state)
	}
	out, err := t.wrap(body, StepEnd)
	if err == nil {
		t.state = StateClosing
		t.ends, t.ended, t.last = t.ends+1, t.now(), out.Number
	}
	return out, err
}

// Insist lets an expired session count as open until the next answer, and an
// open one too, whatever the time: a server may be more patient than the client
// reckons. It does nothing in any other state. The error is that there is no
// session, because the server said that it ran out.
func (t *Tracker) Insist() error {
	switch t.State() {
	case StateExpired, StateOpen:
		if t.id == "" {
			return notOpen(t.state)
		}
		t.state, t.patient = StateOpen, true
	}
	return nil
}

func notOpen(s State) *Error {
	e := &Error{Code: CodeNotOpen, Message: "there is no session", Hint: "begin one first"}
	switch s {
	case StateOpening:
		e.Message, e.Hint = "the session is not open yet", "wait for the answer to its begin"
	case StateClosing:
		e.Message, e.Hint = "the session is being ended", "wait for the answer, or say that it will not come"
	case StateClosed:
		e.Message, e.Hint = "the session has ended", "begin a new one"
	case StateExpired:
		e.Message, e.Hint = "the session ran out", "begin a new one"
	case StateLost:
		e.Message, e.Hint = "the session was lost", "begin a new one"
	}
	return e
}

func (t *Tracker) wrap(body []byte, kind StepKind) (Outgoing, error) {
	out, err := t.o.Dialect.Wrap(body, t.o.SOAP, Step{Kind: kind, ID: t.id, Transaction: t.transact})
	if err != nil {
		return Outgoing{}, err
	}
	t.await(&out)
	return out, nil
}

// await numbers a message and notes what its answer will have to be compared
// with.
func (t *Tracker) await(out *Outgoing) {
	t.number++
	out.Number = t.number
	x := exchange{number: t.number, step: out.Step, others: out.others}
	if out.Step.Kind != StepBegin && len(t.pending) == 0 {
		x.idle = t.now().Sub(t.touched)
	}
	if t.o.Dialect == DSML {
		x.searches = searches(out.Body)
	}
	t.pending = append(t.pending, x)
}

// forget drops what belongs to a session that is gone.
func (t *Tracker) forget() {
	t.id, t.pages, t.transact = "", nil, nil
	t.timeout, t.granted, t.patient, t.ending = 0, false, false, false
	t.touched, t.ends, t.ended = time.Time{}, 0, time.Time{}
}
