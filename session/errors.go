package session

import "errors"

// Errors of a Table. The dialects turn them into faults; see [DSMLFault] and
// [SQLFault].
var (
	// ErrNoSession: the id is unknown, or its session has ended or run out, or
	// it belongs to somebody else. The caller is not told which (S-47).
	ErrNoSession = errors.New("no such session")

	// ErrForeign is what a use by somebody other than the owner is as well as
	// ErrNoSession (D-132, D-133). Its text is that of ErrNoSession; only
	// errors.Is tells them apart, for the server's own log.
	ErrForeign = errors.New("session of another owner")

	// ErrTotalLimit: the table holds as many sessions as it may (D-128).
	ErrTotalLimit = errors.New("too many sessions")

	// ErrClientLimit: the client's address holds as many sessions as it may
	// (D-129).
	ErrClientLimit = errors.New("too many sessions of one client")

	// ErrBusy: too many requests wait for their turn in the session.
	ErrBusy = errors.New("too many requests wait for the session")

	// ErrClosed: the table was closed, or all its sessions were ended while
	// this one was being made.
	ErrClosed = errors.New("session table closed")

	// ErrNoID: no id for a new session could be made. It wraps the cause.
	ErrNoID = errors.New("no session id could be made")
)

// foreignError is an ErrNoSession to whoever prints it and an ErrForeign to
// whoever asks.
type foreignError struct{}

func (foreignError) Error() string { return ErrNoSession.Error() }

func (foreignError) Is(target error) bool { return target == ErrNoSession || target == ErrForeign }
