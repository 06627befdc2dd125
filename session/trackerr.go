package session

// Codes of an Error.
const (
	CodeNotOpen     = "session-not-open"     // there is no session to send in or to end
	CodeExpired     = "session-expired"      // its time is over by the client's reckoning
	CodeAlreadyOpen = "session-already-open" // there is one that has not ended
	CodeBody        = "session-body"         // what is to be sent cannot carry a session header
	CodeSnapshot    = "session-snapshot"     // saved state that cannot be read
)

// Error is a step that a Tracker refuses.
type Error struct {
	Code    string
	Message string
	Hint    string // what to do about it
}

func (e *Error) Error() string { return e.Message }
