package session

import (
	"errors"
	"time"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// LoginType says whose sessions an endpoint tells apart.
type LoginType uint8

const (
	LoginWindows LoginType = iota // the users of HTTP authentication
	LoginMixed                    // SQL logins of the WS-Security header too
)

// DefaultHeaderLimit is HEADER_LIMIT where it is not set, in bytes. That there is
// such a limit is documented, as error 7889; 8 KB is the number that is handed
// down for it, and none of our sources states it.
const DefaultHeaderLimit = 8192

// SQLEndpoint is what CREATE ENDPOINT says of sessions, under its names;
// [ParseSQLEndpoint] reads them. The zero value is the statement's default.
type SQLEndpoint struct {
	Sessions bool // SESSIONS = ENABLED

	// SessionTimeout is SESSION_TIMEOUT: the default of a session's idle time and
	// the most that a client gets. Never is NEVER. What holds when it is not set
	// the sources answer differently: Books Online say that sessions do not run
	// out, [MS-SSNWS] 3.1.5 says 60 s. Here 0 means the 60 s, because a session
	// that nobody ends should not stay for ever; who follows Books Online sets
	// Never.
	SessionTimeout time.Duration

	LoginType LoginType // LOGIN_TYPE

	// Database is DATABASE: where a session begins, and a request without one
	// runs. It forbids the client to name another (S-69). "" is DEFAULT.
	Database string

	// HeaderLimit is HEADER_LIMIT: how many bytes the SOAP Header of a request may
	// have (S-90). 0: DefaultHeaderLimit, which is no documented number. Negative:
	// no limit.
	HeaderLimit int
}

func (e SQLEndpoint) idle() time.Duration {
	if e.SessionTimeout == 0 {
		return DefaultSQLIdle
	}
	return e.SessionTimeout
}

func (e SQLEndpoint) headerLimit() int {
	if e.HeaderLimit == 0 {
		return DefaultHeaderLimit
	}
	return e.HeaderLimit
}

// NewTable returns a table for the endpoint's sessions. Idle and Overlap of the
// options are the endpoint's affair. Sessions belong to a user and an endpoint,
// whatever the connection and its address (S-38, S-41), and there is no limit
// of their number (S-23) unless the options set one.
func (e SQLEndpoint) NewTable(o TableOptions) *Table {
	o.Idle, o.Overlap, o.SkipAddressMatch = e.idle(), true, true
	if o.Max == nil {
		o.Max = new(-1)
	}
	if o.MaxPerClient == nil {
		o.MaxPerClient = new(-1)
	}
	return NewTable(o)
}

// ErrHeaderLimit: the Header of a message is longer than the endpoint takes
// (S-90).
var ErrHeaderLimit = errors.New("the SOAP Header is longer than the endpoint takes")

// CheckHeader returns ErrHeaderLimit for a message whose Header, tags included,
// has more bytes than the endpoint takes. It reads no further than that, and
// leaves what else may be wrong with the message to whoever reads it.
func (e SQLEndpoint) CheckHeader(message []byte) error {
	limit := e.headerLimit()
	if limit < 0 {
		return nil
	}
	m := &headerMeter{layout: layout{p: sqlProtocol{}}, limit: limit}
	if errors.Is(xml.Parse(message, xml.Limits{}, m), ErrHeaderLimit) {
		return ErrHeaderLimit
	}
	return nil
}

// headerMeter follows a message to the end of its Header.
type headerMeter struct {
	layout
	limit int
}

var errMeasured = errors.New("measured")

// Token takes one token.
func (m *headerMeter) Token(s *xml.Scanner, k xml.Kind) error {
	if err := m.layout.Token(s, k); err != nil {
		return err
	}
	switch h := m.header; {
	case m.body, m.version == 0: // there is no Header, or no envelope
		return errMeasured
	case h == nil:
	case h.end > 0 && h.end-h.start <= m.limit:
		return errMeasured
	case h.end-h.start > m.limit, int(s.EndPos().Offset)-h.start > m.limit:
		return ErrHeaderLimit
	}
	return nil
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
