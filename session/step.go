package session

import "time"

// StepKind is what a message does to a session.
type StepKind uint8

const (
	StepNone  StepKind = iota // it carries no session header
	StepBegin                 // it asks for a session
	StepUse                   // it belongs to one
	StepEnd                   // it is the last of one
)

// String returns "none", "begin", "use" or "end".
func (k StepKind) String() string {
	switch k {
	case StepBegin:
		return "begin"
	case StepUse:
		return "use"
	case StepEnd:
		return "end"
	}
	return "none"
}

// Step is the session header of a request.
type Step struct {
	Kind        StepKind
	ID          string        // of StepUse and StepEnd
	Timeout     time.Duration // SQL, StepBegin: idle time asked for; 0: none was
	Transaction []byte        // SQL: token of the transaction to go on with
}
