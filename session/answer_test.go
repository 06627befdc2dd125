package session

import (
	"strings"
	"testing"
)

type answerCase struct {
	name    string
	before  func(*client)
	answer  string
	state   State
	outcome Outcome
}

func (c answerCase) title() string { return c.name }

func answerCases() []answerCase {
	begin := func(c *client) { c.must(c.Begin(nil)) }
	open := func(c *client) { begin(c); c.receive(answerIn("42", okBody), StateOpen, Opened) }
	send := func(c *client) { open(c); c.must(c.Send(nil)) }
	end := func(c *client) { open(c); c.must(c.End(nil)) }
	late := func(c *client) { open(c); c.must(c.Send(nil)); c.clock.Advance(DefaultIdle) }
	lateEnd := func(c *client) { open(c); c.clock.Advance(DefaultIdle); c.must(c.End(nil)) }
	insisting := func(c *client) {
		open(c)
		c.clock.Advance(DefaultIdle)
		if err := c.Insist(); err != nil {
			c.Error(err)
		}
		c.must(c.Send(nil))
	}
	retried := func(c *client) { end(c); c.Failed(Failure{}); c.must(c.End(nil)) }
	sentAfterEnd := func(c *client) { end(c); c.Failed(Failure{}); c.must(c.Send(nil)) }
	return []answerCase{
		{"D-128 begin refused", begin, badSession, StateNone, Refused},
		{"begin refused otherwise", begin, badRequest, StateNone, Refused},
		{"D-118 begin not understood", begin, mustUnderstand, StateNone, Refused},
		{"D-152 begin passed over", begin, answerIn("", okBody), StateNone, Refused},
		{"begin answered by a bare document", begin, okBody, StateNone, Refused},
		{"D-127 use of an unknown session", send, badSession, StateLost, WasLost},
		{"D-131 use after the deadline", late, badSession, StateExpired, RanOut},
		{"D-131 end after the deadline", lateEnd, badSession, StateExpired, RanOut},
		{"D-131 end after the deadline works", lateEnd, answerIn("42", okBody), StateClosed, Ended},
		{"D-131 insisting in vain", insisting, badSession, StateExpired, RanOut},
		{"D-131 insisting works", insisting, answerIn("42", okBody), StateOpen, Answered},
		{"use refused otherwise", send, badRequest, StateOpen, NoWord},
		{"use not understood", send, mustUnderstand, StateLost, WasLost},
		{"use answered without a header", send, answerIn("", okBody), StateOpen, Answered},
		{"use answered with another id", send, answerIn("43", okBody), StateOpen, Answered},
		{"D-127 end of an unknown session", end, badSession, StateLost, WasLost},
		{"end refused otherwise", end, badRequest, StateOpen, NoWord},
		{"end answered without a header", end, answerIn("", okBody), StateClosed, Ended},
		{"S-59 end retried, session gone", retried, badSession, StateClosed, Ended},
		{"S-59 end retried, session there", retried, answerIn("42", okBody), StateClosed, Ended},
		{"S-59 used after an end without an answer", sentAfterEnd, badSession, StateClosed, Ended},
		{"S-59 used after an end that never arrived", sentAfterEnd, answerIn("42", okBody), StateOpen, Answered},
	}
}

func runAnswer(t *testing.T, c answerCase) {
	for _, status := range []int{200, 400, 500} { // the status says nothing that the fault does not
		client := newClient(t, TrackerOptions{})
		c.before(client)
		r, err := client.Receive([]byte(c.answer), Meta{Status: status})
		if err != nil {
			t.Error(err)
		}
		client.check(r, c.state, c.outcome)
		if want := strings.Contains(c.answer, "Fault"); (r.Fault != nil) != want {
			t.Errorf("fault %v", r.Fault)
		}
		if usable := c.state == StateOpen; (client.ID() != "") != usable {
			t.Errorf("id %q in state %v", client.ID(), c.state)
		}
	}
}

func TestClient_Answers(t *testing.T)                { pick(t, answerCases(), "", runAnswer) }
func TestClient_D_118_NotUnderstood(t *testing.T)    { pick(t, answerCases(), "D-118", runAnswer) }
func TestClient_D_127_UnknownSession(t *testing.T)   { pick(t, answerCases(), "D-127", runAnswer) }
func TestClient_D_128_Refused(t *testing.T)          { pick(t, answerCases(), "D-128", runAnswer) }
func TestClient_D_131_RanOut(t *testing.T)           { pick(t, answerCases(), "D-131", runAnswer) }
func TestClient_D_152_HeaderPassedOver(t *testing.T) { pick(t, answerCases(), "D-152", runAnswer) }
func TestClient_S_59_EndsRetried(t *testing.T)       { pick(t, answerCases(), "S-59", runAnswer) }
