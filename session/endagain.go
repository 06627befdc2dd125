package session

import "time"

// An end that was not confirmed is sent again (S-59). The first pause is short,
// because most losses are those of one connection; each is twice the one
// before, so that a server that is down is not flooded.
const (
	endPatience   = 30 * time.Second // for the answer to an end
	firstEndPause = time.Second      // after an answer that does not confirm it, or none
	longestPause  = time.Minute
)

// EndDue returns when to send the end of the session once more, with
// [Tracker.End]: it was asked for, and the server has not confirmed it (S-59).
// There is no such time when no end was sent, when it was confirmed, when the
// session was used since, or when its idle time is over, for then the server
// has ended it by itself.
func (t *Tracker) EndDue() (at time.Time, ok bool) {
	state := t.State()
	switch {
	case t.ends == 0:
	case state == StateClosing:
		return t.ended.Add(endPatience), true
	case state == StateOpen:
		return t.ended.Add(min(firstEndPause<<min(t.ends-1, 8), longestPause)), true
	}
	return time.Time{}, false
}

// unconfirmed is for an end whose answer did not come, or says nothing of it.
func (t *Tracker) unconfirmed(arrived bool) {
	t.state = StateOpen
	t.ending = t.ending || arrived
	t.ended = t.now()
}
