package endpoint

import (
	"context"
	"time"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// Observer is told what an endpoint does, for logs and metrics. Nothing that it
// is told holds credentials, names or values. Its methods are called from
// several goroutines at the same time, and the answer waits for them.
type Observer interface {
	// Operation is told of every request of a batch that is done.
	Operation(ctx context.Context, o Operation)
	// Message is told of every SOAP message that is done.
	Message(ctx context.Context, m Message)
}

// Operation is one request of a batch that is done.
type Operation struct {
	Request  string        // local name of its element, such as "searchRequest"
	Response dsml.Response // nil for a request without one (D-61)
	Entries  int           // entries and references that a search found
	Took     time.Duration
}

// Message is one SOAP message that is done.
type Message struct {
	Step     session.StepKind
	Session  string // the part of the session's id that may be shown; "" outside
	Requests int    // in its batch; 0 where the batch could not be read
	Outcome  Outcome
}

// Outcome is what became of a message.
type Outcome string

const (
	OutcomeAnswered  Outcome = "answered"  // its batch was run, whatever the results
	OutcomeMalformed Outcome = "malformed" // the document could not be run (D-30)
	OutcomeRefused   Outcome = "refused"   // credentials, limits or the directory were in the way: nothing was run
	OutcomeFault     Outcome = "fault"     // a SOAP fault, of the session most often
	OutcomeBroken    Outcome = "broken"    // the answer broke off on its way
)

// observed tells the observer about a request that is done.
func (b *batch) observed(ctx context.Context, req dsml.Request, resp dsml.Response, entries int, began time.Time) {
	if b.Observer != nil {
		b.Observer.Operation(ctx, Operation{Request: req.Element(), Response: resp, Entries: entries, Took: time.Since(began)})
	}
}

// observed tells the observer about a message that is done.
func (x *exchange) observed(ctx context.Context) {
	if x.Observer == nil {
		return
	}
	m := Message{Step: x.step, Session: x.session, Outcome: x.answer.outcome}
	if request := x.message.request(); request != nil {
		m.Requests = len(request.Requests)
	}
	x.Observer.Message(ctx, m)
}

// outcomeOf is the outcome of a message that is answered by an errorResponse
// alone.
func outcomeOf(e *dsml.ErrorResponse) Outcome {
	if e.Type == dsml.MalformedRequest {
		return OutcomeMalformed
	}
	return OutcomeRefused
}
