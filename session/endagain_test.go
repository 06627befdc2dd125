package session

import (
	"testing"
	"time"
)

func (c *client) wantEndDue(in time.Duration, due bool) {
	c.Helper()
	at, ok := c.EndDue()
	if ok != due || due && !at.Equal(c.clock.Now().Add(in)) {
		c.Errorf("end due at %v, %v; want %v from now, %v", at, ok, in, due)
	}
}

func TestS_59_EndsAreDueAgain(t *testing.T) {
	c := opened(t, TrackerOptions{})
	c.wantEndDue(0, false)
	c.must(c.End(nil))
	c.wantEndDue(endPatience, true) // no answer at all
	c.clock.Advance(endPatience)
	c.wantEndDue(0, true)

	// Answers that do not come: the pauses grow, and stay bearable.
	for _, pause := range []time.Duration{1, 2, 4, 8, 16, 32, 60, 60} {
		c.Failed(Failure{})
		c.wantEndDue(pause*time.Second, true)
		c.clock.Advance(pause * time.Second)
		c.wantEndDue(0, true)
		if c.State() != StateOpen {
			t.Fatalf("state %v after %v", c.State(), pause)
		}
		c.must(c.End(nil))
	}
	c.receive(badSession, StateClosed, Ended) // one of them had arrived
	c.wantEndDue(0, false)
}

func TestS_59_EndThatWasNeverSentIsDue(t *testing.T) {
	c := opened(t, TrackerOptions{})
	c.must(c.End(nil))
	c.Failed(Failure{Unsent: true})
	c.wantEndDue(firstEndPause, true)
	// The session is used instead: nobody wants to end it any more.
	c.must(c.Send(nil))
	c.receive(answerIn("42", okBody), StateOpen, Answered)
	c.wantEndDue(0, false)
	c.must(c.Send(nil))
	c.receive(badSession, StateLost, WasLost)
	c.wantEndDue(0, false)
}

func TestS_59_AnswerToAnEarlierMessageConfirmsNothing(t *testing.T) {
	c := opened(t, TrackerOptions{})
	use := c.must(c.Send(nil))
	end := c.must(c.End(nil))
	c.Failed(Failure{Answers: end.Number})
	if _, err := c.Receive([]byte(answerIn("42", okBody)), Meta{Answers: use.Number}); err != nil {
		t.Fatal(err)
	}
	c.wantEndDue(firstEndPause, true)
	c.must(c.End(nil))
	c.receive(badSession, StateClosed, Ended)
}

func TestS_59_NoEndIsDueAfterTheDeadline(t *testing.T) {
	c := opened(t, TrackerOptions{Idle: 10 * time.Second})
	c.must(c.End(nil))
	c.Failed(Failure{})
	c.clock.Advance(10 * time.Second)
	c.wantEndDue(0, false)
}

func TestS_59_EndIsDueAfterAReload(t *testing.T) {
	c := opened(t, TrackerOptions{})
	c.must(c.End(nil))
	c.clock.Advance(time.Second)
	d := c.reload()
	d.wantEndDue(firstEndPause, true)
	d.must(d.End(nil))
	d.Failed(Failure{})
	d.reload().wantEndDue(2*firstEndPause, true)
}

func TestS_59_UnconfirmedEndOfSQL(t *testing.T) {
	c := openedSQL(t, TrackerOptions{}, `sessionId="AAECAw==" timeout="30"`)
	c.must(c.End(nil))
	c.receive(sqlAnswer(`sessionId="AAECAw=="`, ""), StateOpen, NoWord)
	c.wantEndDue(firstEndPause, true)
	c.must(c.End(nil))
	c.receive(sqlAnswer(`terminate="true" sessionId="AAECAw=="`, ""), StateClosed, Ended)
	c.wantEndDue(0, false)
}
