package session

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
	"pgregory.net/rapid"
)

// server is as little of an endpoint as a session needs: it reads the header,
// takes the step in its table and answers with an empty batch.
type server struct {
	dialect Dialect
	table   *Table
}

func (s *server) serve(message []byte, p Peer) (answer []byte) {
	env, err := soap.Parse(message, soap.Options{Strict: true})
	if err != nil {
		return s.fault(soap.V11, err)
	}
	v := env.Version
	var step Step
	if s.dialect == SQL {
		step, err = SQLStep(env.Headers)
	} else {
		step, err = DSMLStep(env.Headers, DialectOptions{Windows: true})
	}
	var lease *Lease
	ctx := context.Background()
	switch {
	case err != nil:
	case step.Kind == StepBegin:
		lease, err = s.table.BeginWith(ctx, Opening{Peer: p, Timeout: step.Timeout}, nil)
	case step.Kind == StepUse:
		lease, err = s.table.Use(ctx, step.ID, p)
	case step.Kind == StepEnd:
		lease, err = s.table.End(ctx, step.ID, p)
	}
	if err != nil || lease == nil {
		return s.fault(v, err)
	}
	defer lease.Release()
	w := xml.NewWriter(xml.WriterOptions{})
	soap.Start(w, v, "", func(w *xml.Writer) {
		if s.dialect == DSML {
			DSMLResponseHeader(w, lease.ID())
			return
		}
		a := SQLAnswer{ID: lease.ID(), Terminate: lease.Last()}
		if step.Kind == StepBegin {
			a.Timeout = lease.Timeout()
		}
		SQLResponseHeader(w, a)
	})
	if s.dialect == DSML {
		w.Empty("urn:oasis:names:tc:DSML:2:0:core", "batchResponse")
	}
	soap.End(w)
	return w.Bytes()
}

func (s *server) fault(v soap.Version, err error) []byte {
	var text []byte
	if s.dialect == SQL {
		text, err = SQLRefusal(err, v, "http://example.test/")
	} else {
		text, err = (&soap.Envelope{Version: v, Prefix: DSMLFaultPrefix, Fault: DSMLFault(err, v)}).Marshal(nil)
	}
	if err != nil {
		panic(err)
	}
	return text
}

// TestDialogue lets a Tracker and a Table talk over a line that loses messages,
// with clocks and machines as they are, and compares what the client believes
// with what is so.
func TestDialogue(t *testing.T) {
	for _, d := range []Dialect{DSML, SQL} {
		t.Run(d.String(), func(t *testing.T) {
			histories(t, 3000, func(t *rapid.T) { newDialogue(t, d).run(t) })
		})
	}
}

type dialogue struct {
	server
	*Tracker
	clock *ManualClock
	asked string // id of the session whose end was asked for without an answer
}

func newDialogue(t *rapid.T, d Dialect) *dialogue {
	seconds := func(name string, max int) time.Duration {
		return time.Duration(rapid.IntRange(0, max).Draw(t, name)) * time.Second
	}
	clock := NewManualClock(start)
	idle := seconds("server's idle time", 20)
	if idle == 0 {
		idle = Never
	}
	o := TrackerOptions{Dialect: d, Now: clock.Now, Idle: seconds("client's guess", 20), Timeout: seconds("asked for", 20)}
	if rapid.Bool().Draw(t, "SOAP 1.2") {
		o.SOAP = soap.V12
	}
	return &dialogue{
		server:  server{d, NewTable(TableOptions{Clock: clock, Rand: source(), Idle: idle, MaxPerClient: new(2), Overlap: d == SQL})},
		Tracker: NewTracker(o), clock: clock,
	}
}

func (d *dialogue) run(t *rapid.T) {
	t.Repeat(map[string]func(*rapid.T){
		"begin":  func(t *rapid.T) { d.exchange(t, d.Begin) },
		"send":   func(t *rapid.T) { d.exchange(t, d.Send) },
		"send 2": func(t *rapid.T) { d.exchange(t, d.Send) },
		"end":    func(t *rapid.T) { d.exchange(t, d.End) },
		"time": func(t *rapid.T) {
			d.clock.Advance(time.Duration(rapid.IntRange(1, 15).Draw(t, "seconds")) * time.Second)
		},
		"insist": func(t *rapid.T) {
			if d.State() != StateExpired || d.ID() == "" {
				t.Skip("nothing to insist on")
			}
			if err := d.Insist(); err != nil {
				t.Fatal(err)
			}
		},
		"reload": func(t *rapid.T) {
			restored, err := Restore(d.Save(), TrackerOptions{Now: d.clock.Now})
			if err != nil {
				t.Fatal(err)
			}
			before := d.State()
			d.Tracker = restored
			if after := d.State(); after != before {
				t.Fatalf("%v became %v", before, after)
			}
		},
		"restart": func(t *rapid.T) {
			if rapid.IntRange(0, 3).Draw(t, "really") > 0 {
				t.Skip("not now")
			}
			d.table.EndAll()
		},
	})
	d.table.Close()
}

// alive reports whether the server has a session of the id that the client
// knows.
func (d *dialogue) alive(id string) bool {
	if d.dialect == SQL {
		b, err := base64Value(id)
		if err != nil {
			return false
		}
		id = hexText(b)
	}
	d.table.mu.Lock()
	defer d.table.mu.Unlock()
	return d.table.sessions[id] != nil
}

func (d *dialogue) exchange(t *rapid.T, step func([]byte) (Outgoing, error)) {
	before, id := d.State(), d.ID()
	held := d.table.Len()
	out, err := step(nil)
	if err != nil {
		var e *Error
		if !errors.As(err, &e) {
			t.Fatal(err)
		}
		if d.State() != before || before == StateOpening || before == StateClosing {
			t.Fatalf("refused with %s in state %v, now %v", e.Code, before, d.State())
		}
		return
	}
	kind := out.Step.Kind
	if ok := kind == StepBegin && before != StateOpen || kind == StepUse && before == StateOpen || kind == StepEnd && id != ""; !ok {
		t.Fatalf("%v let pass in state %v", kind, before)
	}
	deadline, limited := d.ExpiresAt()
	var r Reply
	line := rapid.IntRange(0, 5).Draw(t, "line")
	switch line {
	case 0:
		r = d.Failed(Failure{Unsent: true})
	case 1:
		d.serve(out.Body, alice)
		r = d.Failed(Failure{})
	case 2: // lost, but nobody knows
		r = d.Failed(Failure{})
	default:
		answer := d.serve(out.Body, alice)
		d.clock.Advance(time.Duration(rapid.IntRange(0, 3).Draw(t, "on the way")) * time.Millisecond)
		if r, err = d.Receive(answer, Meta{}); err != nil {
			t.Fatalf("%v: %s", err, answer)
		}
	}
	if r.State != d.State() || r.Step != kind || r.Explanation == "" {
		t.Fatalf("reply %+v in state %v", r, d.State())
	}
	if kind == StepEnd && r.Outcome == NoWord && line > 0 {
		d.asked = id
	}
	// An end is due again while it is not known to have worked, and only then.
	if _, due := d.EndDue(); due && (d.State() != StateOpen || r.Outcome != NoWord) || !due && kind == StepEnd && d.State() == StateOpen {
		t.Fatalf("end due %v after %v, in state %v", due, kind, d.State())
	}
	over := limited && !d.clock.Now().Before(deadline)
	switch r.Outcome {
	case Opened:
		if !d.alive(d.ID()) || kind != StepBegin {
			t.Fatal("opened, but not there")
		}
	case Answered:
		if !d.alive(id) || d.ID() != id || kind != StepUse {
			t.Fatal("answered, but not there")
		}
		d.asked = "" // the end that was asked for before never arrived
	case Refused:
		if d.table.Len() > held || d.State() != StateNone || kind != StepBegin {
			t.Fatal("refused, but there")
		}
	case Ended:
		if d.alive(id) || d.State() != StateClosed {
			t.Fatal("ended, but still there")
		}
	case RanOut:
		if d.alive(id) || d.asked == id || d.State() != StateExpired || limited && !over {
			t.Fatal("ran out, but is still there, or had time left, or was ended")
		}
	case WasLost:
		if d.alive(id) || d.asked == id || d.State() != StateLost || over {
			t.Fatal("lost, but still there, or its time was over, or it was ended")
		}
	case NoWord:
		if s := d.State(); kind == StepBegin && s != StateNone && s != StateLost || kind != StepBegin && s != StateOpen && s != StateExpired {
			t.Fatalf("no word of a %v, and now in state %v", kind, s)
		}
	}
}
