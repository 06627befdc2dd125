package session

import (
	"errors"

	"github.com/dsmlkit/dsmlkit/xml/soap"
	"github.com/dsmlkit/dsmlkit/xml/sqlsoap"
)

// Subcodes of SQL faults. Only the first two are documented; the others are
// names of ours for cases whose names no source gives.
const (
	subcodeHeader   = sqlsoap.SubcodeSoapHeader
	subcodeSession  = sqlsoap.SubcodeSessionIDIsInvalid
	subcodeDisabled = "SessionsAreDisabled"
	subcodeInvalid  = "SessionHeaderIsInvalid"
	subcodeLimit    = "TooManySessions"
	subcodeLong     = "HeaderLimitExceeded"
)

// ErrDisabled: the endpoint keeps no sessions (S-20).
var ErrDisabled = errors.New("sessions are disabled at this endpoint")

// SQLFault returns the fault for an error of SQLStep, SQLSettings or a Table, and
// whether the answer's header carries sqlSession with terminate: it does when
// the request named a session that it cannot use (S-43 to S-46, S-57).
//
//   - SoapHeader, SessionIdIsInvalid (S-84) for ErrNoSession in all its forms,
//     ErrMalformedID and ErrMissingID. It says the same about a session that is
//     not there and one that is somebody else's (S-47).
//   - SoapHeader and a subcode of ours for ErrDisabled, ErrTwoHeaders,
//     ErrBadHeader, ErrHeaderLimit, ErrTotalLimit and ErrClientLimit.
//   - Server or Receiver without subcodes for everything else.
//
// node is the endpoint's URL. The fault is one of the version; a SOAP 1.1 fault
// embeds that of SOAP 1.2 in its detail (S-83).
func SQLFault(err error, v soap.Version, node string) (f *soap.Fault, terminate bool) {
	sender := true
	var subcodes []string
	switch {
	case errors.Is(err, ErrNoSession), errors.Is(err, ErrMissingID):
		subcodes, terminate = []string{subcodeHeader, subcodeSession}, true
	case errors.Is(err, ErrDisabled):
		subcodes = []string{subcodeHeader, subcodeDisabled}
	case errors.Is(err, ErrTwoHeaders), errors.Is(err, ErrBadHeader):
		subcodes = []string{subcodeHeader, subcodeInvalid}
	case errors.Is(err, ErrHeaderLimit):
		subcodes = []string{subcodeHeader, subcodeLong}
	case errors.Is(err, ErrTotalLimit), errors.Is(err, ErrClientLimit):
		subcodes = []string{subcodeHeader, subcodeLimit}
	default:
		sender = false
	}
	return sqlsoap.NewFault(sender, node, subcodes...).SOAP(v), terminate
}

// SQLFaultStatus is the HTTP status that a fault is sent with (S-77), in SOAP 1.2
// as well: the source says it of faults at large, where SOAP itself asks for 400
// when the sender is to blame.
const SQLFaultStatus = 500

// SQLRefusal returns the whole answer to a request that an error of SQLStep,
// SQLSettings or a Table keeps from being run: the envelope of the request's
// version (S-75) with the fault of [SQLFault] and, where it belongs there, the
// header. It is sent with SQLFaultStatus.
func SQLRefusal(err error, v soap.Version, node string) ([]byte, error) {
	fault, terminate := SQLFault(err, v, node)
	e := soap.Envelope{Version: v, Fault: fault}
	if terminate {
		e.Headers = []soap.Header{(&sqlsoap.Session{Terminate: true}).Header()}
	}
	return e.Marshal(nil)
}
