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
