package session

import (
	"testing"
	"time"
)

func TestDeadline(t *testing.T) {
	c := opened(t, TrackerOptions{})
	wantLeft := func(want time.Duration) {
		t.Helper()
		if left, ok := c.Remaining(c.clock.Now()); !ok || left != want {
			t.Errorf("left %v, %v, want %v", left, ok, want)
		}
	}
	if idle, granted := c.Timeout(); idle != DefaultIdle || granted {
		t.Errorf("timeout %v, granted %v: DSML never grants one", idle, granted)
	}
	if at, ok := c.ExpiresAt(); !ok || !at.Equal(start.Add(DefaultIdle)) {
		t.Errorf("expires at %v, %v", at, ok)
	}
	c.clock.Advance(100 * time.Second)
	wantLeft(500 * time.Second)
	c.must(c.Send(nil))
	c.clock.Advance(700 * time.Second) // under way: the server's clock stands still
	if c.State() != StateOpen {
		t.Errorf("state %v while a request is under way", c.State())
	}
	c.receive(answerIn("42", okBody), StateOpen, Answered)
	wantLeft(600 * time.Second)

	c.clock.Set(c.clock.Now().Add(-time.Hour)) // the machine's clock was set back
	wantLeft(600 * time.Second)
	c.clock.Set(start.Add(800*time.Second + 8*time.Hour)) // the machine slept
	wantLeft(0)
	if c.State() != StateExpired {
		t.Errorf("state %v after a night", c.State())
	}
	before := c.number
	_, err := c.Send(nil)
	c.wantCode(err, CodeExpired)
	if c.number != before {
		t.Error("a message was made for an expired session")
	}
	if len(c.Pages()) != 0 {
		t.Error("pages in an expired session")
	}
	c.must(c.Begin(nil))
	if c.State() != StateOpening {
		t.Errorf("state %v", c.State())
	}
}

func TestLateAnswerShowsThatTheSessionLives(t *testing.T) {
	c := opened(t, TrackerOptions{})
	c.clock.Advance(DefaultIdle)
	c.receive(answerIn("42", okBody), StateOpen, Answered) // to a message from before a reload
	c.clock.Advance(DefaultIdle)
	if c.State() != StateExpired {
		t.Fatalf("state %v", c.State())
	}
	if err := c.Insist(); err != nil {
		t.Fatal(err)
	}
	if _, ok := c.ExpiresAt(); ok || c.State() != StateOpen {
		t.Errorf("insisting: state %v", c.State())
	}
	c.must(c.Send(nil))
	c.receive(answerIn("42", okBody), StateOpen, Answered)
	if left, ok := c.Remaining(c.clock.Now()); !ok || left != DefaultIdle {
		t.Errorf("left %v, %v", left, ok)
	}
	c.must(c.End(nil))
	c.receive(answerIn("42", okBody), StateClosed, Ended)
	if err := c.Insist(); err != nil || c.State() != StateClosed {
		t.Errorf("got %v, state %v", err, c.State())
	}
}

func TestNoDeadline(t *testing.T) {
	c := opened(t, TrackerOptions{Idle: Never})
	c.clock.Advance(1000 * time.Hour)
	if _, ok := c.ExpiresAt(); ok || c.State() != StateOpen {
		t.Errorf("state %v", c.State())
	}
	if idle, granted := c.Timeout(); idle != Never || granted {
		t.Errorf("timeout %v, %v", idle, granted)
	}
}

func TestMomentOfTheAnswer(t *testing.T) {
	c := newClient(t, TrackerOptions{})
	c.must(c.Begin(nil))
	c.clock.Advance(time.Minute)
	if _, err := c.Receive([]byte(answerIn("42", okBody)), Meta{At: start.Add(time.Second)}); err != nil {
		t.Error(err)
	}
	if at, _ := c.ExpiresAt(); !at.Equal(start.Add(DefaultIdle + time.Second)) {
		t.Errorf("expires at %v", at)
	}
}

// TestClockSetBack: what had passed of the idle time stays passed, whatever the
// clock says, and the rest runs from then on.
func TestClockSetBack(t *testing.T) {
	c := opened(t, TrackerOptions{})
	c.clock.Advance(400 * time.Second)
	if c.State() != StateOpen {
		t.Fatalf("state %v", c.State())
	}
	c.clock.Set(c.clock.Now().Add(-100 * 24 * time.Hour))
	if left, ok := c.Remaining(c.clock.Now()); !ok || left != 200*time.Second {
		t.Errorf("left %v, %v", left, ok)
	}
	c.clock.Advance(199 * time.Second)
	if c.State() != StateOpen {
		t.Errorf("state %v before the deadline", c.State())
	}
	saved := c.reload()
	saved.clock.Set(saved.clock.Now().Add(-time.Hour)) // while the page was away
	if left, ok := saved.Remaining(saved.clock.Now()); !ok || left != time.Second {
		t.Errorf("left %v, %v after a reload", left, ok)
	}
	saved.clock.Advance(time.Second)
	if saved.State() != StateExpired {
		t.Errorf("state %v after the deadline", saved.State())
	}
	_, err := saved.Send(nil)
	saved.wantCode(err, CodeExpired)
}

// TestSkewedClock: the clocks of client and server need not agree, for nothing
// but differences of the client's own counts.
func TestSkewedClock(t *testing.T) {
	clock := NewManualClock(time.Date(1970, 1, 1, 0, 0, 1, 0, time.UTC))
	c := &client{NewTracker(TrackerOptions{Now: clock.Now}), t, clock}
	c.must(c.Begin(nil))
	date := func(string) string { return "Fri, 31 Dec 2077 23:59:59 GMT" }
	if _, err := c.Receive([]byte(answerIn("42", okBody)), Meta{Header: date}); err != nil {
		t.Fatal(err)
	}
	if left, ok := c.Remaining(clock.Now()); !ok || left != DefaultIdle {
		t.Errorf("left %v, %v", left, ok)
	}
	if left, ok := c.reload().Remaining(clock.Now()); !ok || left != DefaultIdle {
		t.Errorf("left %v, %v after a reload", left, ok)
	}
}

// TestAsleepWithARequestUnderWay: the answer never comes, and at wake-up the
// deadline is over before anything else is sent.
func TestAsleepWithARequestUnderWay(t *testing.T) {
	c := opened(t, TrackerOptions{})
	c.must(c.Send(nil))
	c.clock.Set(c.clock.Now().Add(9 * time.Hour))
	r := c.Failed(Failure{Reason: "The connection broke."})
	if r.State != StateExpired || c.State() != StateExpired {
		t.Errorf("state %v", r.State)
	}
	_, err := c.Send(nil)
	c.wantCode(err, CodeExpired)
}
