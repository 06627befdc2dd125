package session

import (
	"time"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// Dialect is a way of speaking about sessions.
type Dialect uint8

const (
	DSML Dialect = iota // BeginSession, Session and EndSession headers
	SQL                 // sqlSession header
)

// String returns "dsml" or "sql".
func (d Dialect) String() string {
	if d == SQL {
		return "sql"
	}
	return "dsml"
}

// protocol is what a Tracker asks of a dialect.
type protocol interface {
	// mine reports whether a header block is a session header.
	mine(n xml.Name) bool
	// block writes the session header of a request; must is the name of the
	// envelope's mustUnderstand attribute, prefix included.
	block(b *builder, step Step, must string)
	// payload is the content of Body for a message without a batch.
	payload() string
	action() string
	// answer reads the session header of an answer.
	answer(headers []soap.Header) answerHeader
	// judge tells what a fault says about the session.
	judge(f *soap.Fault, a answerHeader) verdict
}

// answerHeader is the session header of an answer.
type answerHeader struct {
	found     bool
	id        string
	timeout   time.Duration // 0: none was given
	terminate bool          // SQL: the session is over, or is refused
}

// verdict is what a fault says about the session.
type verdict uint8

const (
	faultOther   verdict = iota // nothing
	faultSession                // it is not there, or it is refused
	faultUnknown                // the server knows no sessions
	faultEnded                  // SQL: the message failed, and the session is over with it (S-54)
)

func (d Dialect) protocol() protocol {
	if d == SQL {
		return sqlProtocol{}
	}
	return dsmlProtocol{}
}
