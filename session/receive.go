package session

import (
	"time"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
	"github.com/dsmlkit/dsmlkit/xml/sqlsoap"
)

// Outcome is what an answer did to the session.
type Outcome string

const (
	Answered Outcome = "answered" // nothing but go on
	Opened   Outcome = "opened"
	Ended    Outcome = "ended"
	Refused  Outcome = "refused" // no session was made
	RanOut   Outcome = "expired" // it is gone, and its time was over
	WasLost  Outcome = "lost"    // it is gone before its time
	NoWord   Outcome = "failed"  // the answer says nothing about the session
)

// Meta is what is known of an answer besides its text.
type Meta struct {
	Status int       // of HTTP; 0: not known
	At     time.Time // when it came; zero: now
	// Header returns a header of the HTTP answer; nil: not known.
	Header func(name string) string
	// Answers is the Number of the message that is answered; 0: the oldest one
	// without an answer.
	Answers int
}

// Reply is an answer and what it did.
type Reply struct {
	Document      dsml.Document    // DSML: the payload, when there is one
	SQL           sqlsoap.Document // SQL: the payload, when there is one; a fault is here too
	Envelope      *soap.Envelope
	Fault         *soap.Fault
	Step          StepKind // what the answered message asked for
	Before, State State
	Outcome       Outcome
	Explanation   string // a sentence for people
}

// answer is what was read of an answer.
type answer struct {
	document dsml.Document
	sql      sqlsoap.Document
	envelope *soap.Envelope
	fault    *soap.Fault
	header   answerHeader
	err      error
}

// Receive reads an answer and moves the state. The Reply is complete as far as
// the answer could be read, even when there is an error, which is one of
// reading: *dsml.Error or *sqlsoap.Error. A fault is a fault whatever the HTTP
// status says, and so is an answer that is none.
func (t *Tracker) Receive(text []byte, m Meta) (Reply, error) {
	if m.At.IsZero() {
		m.At = t.now()
	}
	m.At = m.At.Round(0)
	x := t.take(m.Answers)
	a := t.read(text)
	r := Reply{
		Document: a.document, SQL: a.sql, Envelope: a.envelope, Fault: a.fault,
		Step: x.step.Kind, Before: t.state, Outcome: Answered,
	}
	switch {
	case x.stale:
		r.Outcome = NoWord
		r.Explanation = "This answers a message of an earlier session and changes nothing in the present one."
	case a.fault != nil:
		t.faulted(&r, x, a, m.At)
	case a.err != nil && !a.header.found:
		t.unreadable(&r, x, m, a.err)
	default:
		// An answer whose header was read is one of the session's, whatever is
		// wrong with its payload: .NET does not look at that of a begin at all.
		t.answered(&r, x, a, m.At)
		if a.err != nil {
			r.Explanation += " But its payload cannot be read: " + a.err.Error() + "."
		}
	}
	t.look()
	r.State = t.state
	return r, a.err
}

// take returns the message that an answer belongs to. Where none is waited for,
// as after a reload of a page, the state tells which it can be.
func (t *Tracker) take(number int) exchange {
	for i, x := range t.pending {
		if number == 0 || x.number == number {
			t.pending = append(t.pending[:i:i], t.pending[i+1:]...)
			return x
		}
	}
	x := exchange{stale: number != 0}
	switch t.state {
	case StateOpening:
		x.step.Kind = StepBegin
	case StateOpen, StateExpired:
		x.step.Kind = StepUse
	case StateClosing:
		x.step.Kind = StepEnd
	}
	return x
}

func (t *Tracker) read(text []byte) answer {
	var a answer
	if t.o.Dialect == DSML {
		parsed, err := dsml.Parse(text, dsml.Options{Expect: dsml.ExpectResponse})
		a.err = err
		a.document, a.envelope = parsed.Document, parsed.Envelope
	} else {
		parsed, err := sqlsoap.Parse(text, sqlsoap.Options{Expect: sqlsoap.FromServer, RequireEnvelope: true})
		a.sql, a.envelope, a.err = parsed.Document, parsed.Envelope, err
	}
	if a.envelope != nil {
		a.fault = a.envelope.Fault
		a.header = t.p.answer(a.envelope.Headers)
	}
	return a
}

// answered is for answers that are no fault.
func (t *Tracker) answered(r *Reply, x exchange, a answer, at time.Time) {
	switch x.step.Kind {
	case StepBegin:
		t.begun(r, a, at)
	case StepUse:
		t.used(r, x, a, at)
	case StepEnd:
		t.over(r, a)
	default:
		r.Explanation = "The server has answered. No session is involved."
		return
	}
	if t.state == StateOpen {
		t.turnPages(x.searches, a.document, at)
	}
}

func (t *Tracker) begun(r *Reply, a answer, at time.Time) {
	if a.header.id == "" || a.header.terminate {
		// Without the header the server has run the batch as if there had been
		// none in the request either (D-152).
		t.drop(r, StateNone, Refused, "The server answered without opening a session. The requests of the message were run outside of one, if they were run at all.")
		return
	}
	t.id, t.state, r.Outcome = a.header.id, StateOpen, Opened
	t.timeout, t.granted = t.o.Idle, false
	if t.o.Timeout > 0 && (t.timeout < 0 || t.o.Timeout < t.timeout) {
		t.timeout = t.o.Timeout // a server grants no more than it is asked for
	}
	t.touch(a, at)
	r.Explanation = "The session is open. " + t.patience()
}

func (t *Tracker) used(r *Reply, x exchange, a answer, at time.Time) {
	if a.header.terminate {
		t.drop(r, StateLost, WasLost, "The server ended the session with this answer. Begin a new one to go on; cookies of the old one are worth nothing in it.")
		return
	}
	if t.state != StateOpen && t.state != StateExpired {
		r.Explanation = "The server has answered, inside a session that is being ended or has ended."
		return
	}
	t.alive(x, a, at)
	switch {
	case !a.header.found:
		r.Explanation = "The server has answered without naming the session; it is taken to go on. " + t.patience()
	case a.header.id != t.id:
		r.Explanation = "The server has answered and named another session than ours, which is taken to go on. " + t.patience()
	default:
		r.Explanation = "The server has answered inside the session. " + t.patience()
	}
}

// alive is for an answer that was given in the session.
func (t *Tracker) alive(x exchange, a answer, at time.Time) {
	t.state = StateOpen
	t.touch(a, at)
	if x.number > t.last { // sent after the last end, and answered: that end never had its effect
		t.ending, t.ends, t.ended = false, 0, time.Time{}
	}
}

func (t *Tracker) over(r *Reply, a answer) {
	if t.o.Dialect == SQL && !a.header.terminate {
		t.unconfirmed(true)
		r.Outcome = NoWord
		r.Explanation = "The server has answered without confirming the end of the session. Ask for the end once more."
		return
	}
	t.drop(r, StateClosed, Ended, "The session has ended.")
}

// touch starts the idle time anew.
func (t *Tracker) touch(a answer, at time.Time) {
	t.touched, t.patient = at, false
	if a.header.timeout != 0 {
		t.timeout, t.granted = a.header.timeout, true
	}
	if t.o.Dialect == SQL {
		t.transact = transaction(t.transact, a.sql)
	}
}

// drop lets go of the session.
func (t *Tracker) drop(r *Reply, s State, o Outcome, explanation string) {
	t.forget()
	t.state = s
	r.Outcome, r.Explanation = o, explanation
}
