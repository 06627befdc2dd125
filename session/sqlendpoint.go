package session

import (
	"time"

	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// LoginType says whose sessions an endpoint tells apart.
type LoginType uint8

const (
	LoginWindows LoginType = iota // the users of HTTP authentication
	LoginMixed                    // SQL logins of the WS-Security header too
)

// SQLEndpoint is what CREATE ENDPOINT says of sessions, under its names. The
// zero value is the statement's default.
type SQLEndpoint struct {
	Sessions bool // SESSIONS = ENABLED

	// SessionTimeout is SESSION_TIMEOUT: the default of a session's idle time and
	// the most that a client gets. Never is NEVER. What holds when it is not set
	// the sources answer in three ways; here 0 means the 60 s of the protocol's
	// specification, because a session that nobody ends should not stay for ever.
	SessionTimeout time.Duration

	LoginType LoginType // LOGIN_TYPE

	// Database is DATABASE: where a session begins, and a request without one
	// runs. It forbids the client to name another (S-69). "" is DEFAULT.
	Database string
}

// NewTable returns a table for the endpoint's sessions. Idle and Overlap of the
// options are the endpoint's affair. Sessions belong to a user and an endpoint,
// whatever the connection and its address (S-38, S-41), and there is no limit
// of their number (S-23) unless the options set one.
func (e SQLEndpoint) NewTable(o TableOptions) *Table {
	o.Idle, o.Overlap, o.SkipAddressMatch = e.SessionTimeout, true, true
	if o.Idle == 0 {
		o.Idle = DefaultSQLIdle
	}
	if o.Max == nil {
		o.Max = new(-1)
	}
	if o.MaxPerClient == nil {
		o.MaxPerClient = new(-1)
	}
	return NewTable(o)
}

// Request reads the session header and the option headers of a request. The
// endpoint's database is in the settings where it is to be entered: in a request
// that begins a session or runs without one, and in no later one (S-21).
//
// Errors are those of [SQLStep] and [SQLSettings], and ErrDisabled (S-20).
func (e SQLEndpoint) Request(headers []soap.Header) (Step, Settings, error) {
	step, err := SQLStep(headers)
	if err != nil {
		return Step{}, Settings{}, err
	}
	if step.Kind != StepNone && !e.Sessions {
		return Step{}, Settings{}, ErrDisabled
	}
	s, err := SQLSettings(headers, e.Database != "")
	if err != nil {
		return Step{}, Settings{}, err
	}
	if e.Database != "" && (step.Kind == StepBegin || step.Kind == StepNone) {
		s.Client.Database = e.Database
	}
	return step, s, nil
}

// Identity returns as whom a request is made: the SQL login of its WS-Security
// header where the endpoint takes one and there is one (S-88), else the user of
// HTTP authentication. A login and a user of the same name are not the same.
func (e SQLEndpoint) Identity(httpUser, sqlLogin string) string {
	if e.LoginType == LoginMixed && sqlLogin != "" {
		return "sql:" + sqlLogin
	}
	return httpUser
}
