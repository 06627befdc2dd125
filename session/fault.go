package session

import (
	"strconv"
	"time"
)

// faulted is for answers that are a fault.
func (t *Tracker) faulted(r *Reply, x exchange, a answer, at time.Time) {
	word := t.p.judge(a.fault, a.header)
	if word == faultUnknown && x.others {
		word = faultOther // it need not be the session header that was not understood
	}
	reason := faultReason(a)
	switch x.step.Kind {
	case StepNone:
		r.Outcome, r.Explanation = NoWord, "The server refused the message: "+reason
	case StepBegin:
		switch word {
		case faultSession:
			t.drop(r, StateNone, Refused, "The server makes no session: most likely it has as many as it may have, in all or for this client. Nothing of the message was run. Ending other sessions, or waiting until they run out, makes room.")
		case faultUnknown:
			t.drop(r, StateNone, Refused, "The server knows no sessions, so it ran nothing. Send the batch without a session.")
		default:
			if a.header.id != "" && !a.header.terminate {
				t.begun(r, a, at) // S-17: it was there before its batch failed
				r.Explanation += " But its batch failed: " + reason
				return
			}
			t.drop(r, StateNone, Refused, "The server makes no session: "+reason)
		}
	default:
		switch {
		case word == faultSession, word == faultEnded && a.header.id != t.id:
			t.gone(r, x)
		case word == faultEnded && x.step.Kind == StepEnd:
			t.drop(r, StateClosed, Ended, "The session has ended, though the message failed: "+reason)
		case word == faultEnded:
			t.drop(r, StateLost, WasLost, "The server ended the session with this fault: "+reason+" Begin a new one to go on; cookies of the old one are worth nothing in it.")
		case word == faultUnknown:
			t.drop(r, StateLost, WasLost, "The server does not know of sessions any more. Nothing of the message was run.")
		default:
			r.Outcome = NoWord
			r.Explanation = "The server refused the message, which need not mean the end of the session: " + reason
			switch {
			case x.step.Kind == StepEnd && t.state == StateClosing:
				t.unconfirmed(true)
			case x.step.Kind == StepUse && a.header.id == t.id && (t.state == StateOpen || t.state == StateExpired):
				t.alive(x, a, at) // the fault was sent in the session (S-33)
			}
		}
	}
}

// gone is for the server's word that there is no such session, which is all
// that it says: what became of it follows from what is known here.
func (t *Tracker) gone(r *Reply, x exchange) {
	left, limited := t.Remaining(t.now())
	again := " Begin a new one to go on; cookies of the old one are worth nothing in it."
	switch {
	case t.state != StateOpen && t.state != StateClosing && t.state != StateExpired:
		r.Outcome, r.Explanation = NoWord, "The server does not know the session any more, as is to be expected."
	case t.ending:
		// The end whose answer never came had its effect (S-59).
		t.drop(r, StateClosed, Ended, "The session has ended: the end that was not answered did its work. Nothing of this message was run.")
	case limited && left <= 0 || t.patient:
		t.drop(r, StateExpired, RanOut, "The session ran out before this message came. Nothing of it was run."+again)
	case x.step.Kind == StepEnd:
		t.drop(r, StateLost, WasLost, "The server does not know the session any more, so it could not be ended. Nothing of the message was run.")
	case !t.granted && x.idle >= time.Second:
		t.drop(r, StateLost, WasLost, "The server does not know the session any more. Nothing had been sent in it for "+length(x.idle)+", and the server does not say how long it keeps one: it ran out if that is too long for it. Otherwise it was restarted, has lost its directory connection, or takes us for somebody else. Nothing of the message was run."+again)
	default:
		t.drop(r, StateLost, WasLost, "The server does not know the session any more, though its time was not over: it may have been restarted, or have lost its directory connection. It may also take us for somebody else. Nothing of the message was run."+again)
	}
}

func faultReason(a answer) string {
	reason := a.fault.Reason
	if reason == "" {
		reason = a.fault.CodeText
	}
	if detail := a.fault.DetailText(); detail != "" && len(detail) <= 200 {
		reason += " (" + detail + ")"
	}
	return reason + "."
}

// unreadable is for answers that are neither an envelope nor a document.
func (t *Tracker) unreadable(r *Reply, x exchange, m Meta, err error) {
	what := "The answer is no message of this protocol"
	if err != nil {
		what += " (" + err.Error() + ")"
	}
	what += "."
	if hint := statusHint(m); hint != "" {
		what = hint
	}
	switch {
	case x.step.Kind == StepBegin && m.Status >= 400 && m.Status < 500:
		t.drop(r, StateNone, Refused, what+" No session was opened.")
	default:
		t.unanswered(r, x, false, what)
	}
}

// statusHint explains an HTTP status that comes with no message.
func statusHint(m Meta) string {
	s := "The server answered with HTTP status " + strconv.Itoa(m.Status)
	switch {
	case m.Status == 401:
		return s + ": it wants other credentials, or some."
	case m.Status == 403:
		return s + ": this is not allowed."
	case m.Status == 404:
		return s + ": there is nothing at this address."
	case m.Status == 405:
		return s + ": this address does not take POST, so it is no endpoint."
	case m.Status == 413:
		return s + ": the message is too long for it."
	case m.Status == 415:
		return s + ": it does not take this kind of message; the SOAP version may be the wrong one."
	case m.Status == 429:
		return s + ": too many requests came in a short time."
	case m.Status == 502, m.Status == 503, m.Status == 504:
		return s + ": something on the way to the endpoint is out of order."
	case m.Status >= 300:
		return s + ", without a message that explains it."
	}
	return ""
}

// Failure says how a message came to have no answer.
type Failure struct {
	Answers int    // Number of the message; 0: the oldest one without an answer
	Unsent  bool   // it is certain that the server never got it
	Reason  string // a sentence for people; may be ""
}

// Failed says that the answer to a message will not come. The session is as it
// was before; but one that was being opened is lost, because there may be one at
// the server whose id nobody learnt, unless the message is certain never to
// have arrived. An end may be sent again, and a server that then does not know
// the session has ended it.
func (t *Tracker) Failed(f Failure) Reply {
	x := t.take(f.Answers)
	r := Reply{Step: x.step.Kind, Before: t.state, Outcome: NoWord}
	reason := f.Reason
	if reason == "" {
		reason = "No answer came."
	}
	if x.stale {
		r.Explanation = reason
	} else {
		t.unanswered(&r, x, f.Unsent, reason)
	}
	t.look()
	r.State = t.state
	return r
}

func (t *Tracker) unanswered(r *Reply, x exchange, unsent bool, reason string) {
	r.Outcome = NoWord
	switch {
	case x.step.Kind == StepBegin && unsent:
		t.drop(r, StateNone, NoWord, reason+" No session was opened.")
	case x.step.Kind == StepBegin:
		t.drop(r, StateLost, NoWord, reason+" The server may have opened a session all the same, but its id is not known; it will run out by itself. Begin again.")
	case x.step.Kind == StepEnd && t.state == StateClosing:
		t.unconfirmed(!unsent)
		r.Explanation = reason + " Whether the session has ended is not known. Ask for the end once more."
		if unsent {
			r.Explanation = reason + " The session has not ended."
		}
	case x.step.Kind == StepUse && !unsent:
		r.Explanation = reason + " The session is taken to go on; whether the batch was run is not known."
	default:
		r.Explanation = reason
	}
}

// patience tells how long the session will live.
func (t *Tracker) patience() string {
	switch {
	case t.timeout < 0:
		return "It does not run out."
	case t.granted:
		return "The server keeps it for " + length(t.timeout) + " after each answer."
	}
	return "The server does not say how long it keeps it; we reckon with " + length(t.timeout) + " after each answer."
}

func length(d time.Duration) string {
	seconds := int64((d + time.Second/2) / time.Second)
	unit, n := " seconds", seconds
	if seconds >= 60 && seconds%60 == 0 {
		unit, n = " minutes", seconds/60
	}
	if n == 1 {
		unit = unit[:len(unit)-1]
	}
	return strconv.FormatInt(n, 10) + unit
}
