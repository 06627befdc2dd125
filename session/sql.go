package session

import (
	"encoding/base64"
	"errors"
	"math"
	"strings"
	"time"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
	"github.com/dsmlkit/dsmlkit/xml/sqlsoap"
)

// Namespaces of the SQL dialect.
const (
	SQLNamespace        = sqlsoap.NS
	SQLOptionsNamespace = sqlsoap.NSOptions
)

// sqlPrefix is that of the session header, in requests and answers.
const sqlPrefix = "sqloptions"

// ErrBadHeader: a session or option header breaks a rule of its own. Errors
// that wrap it say which.
var ErrBadHeader = errors.New("bad session header")

// headerError is an ErrBadHeader with its reason.
type headerError string

func (e headerError) Error() string        { return string(e) }
func (e headerError) Is(target error) bool { return target == ErrBadHeader }

// ErrMalformedID: a session id is not base64 (S-06). It is an ErrNoSession: the
// answer is that to an unknown id (S-44).
var ErrMalformedID error = malformedID{}

type malformedID struct{}

func (malformedID) Error() string        { return "the session id is not base64" }
func (malformedID) Is(target error) bool { return target == ErrNoSession }

// SQLUnderstands reports whether a header block is the one that [SQLStep] or
// one of those that [SQLSettings] reads, for soap.NotUnderstood.
func SQLUnderstands(n xml.Name) bool {
	return n.Space == SQLOptionsNamespace && sqlsoap.Understands(n)
}

func isSQLSession(n xml.Name) bool {
	return n.Space == SQLOptionsNamespace && n.Local == "sqlSession"
}

// sqlHeaderError says in errors of this package what is wrong with a header.
func sqlHeaderError(err error) error {
	e, ok := errors.AsType[*sqlsoap.Error](err)
	switch {
	case !ok:
		return err
	case e.Code == sqlsoap.CodeTwice && e.Statement == "S-08":
		return ErrTwoHeaders
	case e.Code == sqlsoap.CodeSessionID && e.Statement == "S-50":
		return ErrMissingID
	case e.Code == sqlsoap.CodeSessionID:
		return ErrMalformedID
	}
	return headerError(e.Message)
}

// SQLStep reads the sqlSession header of a request. Element and attribute names
// count with their case (S-02, S-03), attributes only without a namespace
// (S-04), others are ignored (S-14). A header that asks for nothing is none
// (S-18). An id in the Step is that of [Table]: the bytes in hexadecimal.
//
// What the sources leave open: initiate together with sessionId or with
// terminate is an ErrBadHeader, because a client must not choose an id, and a
// session that is over before it began is of no use; a timeout of a join is
// ignored; a timeout of zero or less asks for nothing.
//
// Errors: ErrTwoHeaders (S-08), ErrMissingID (S-50), ErrMalformedID (S-44),
// ErrBadHeader.
func SQLStep(headers []soap.Header) (Step, error) {
	h, err := sqlsoap.ReadSession(headers, sqlsoap.HeaderOptions{Direction: sqlsoap.ToServer, Allow: sqlsoap.EndpointAllow()})
	if err != nil {
		return Step{}, sqlHeaderError(err)
	}
	if h == nil {
		return Step{}, nil
	}
	step := Step{Transaction: h.TransactionDescriptor}
	if id, ok := h.IDBytes(); ok {
		step.ID = hexText(id)
	}
	if h.Initiate && h.Timeout.Value > 0 {
		step.Timeout = time.Duration(h.Timeout.Value) * time.Second
	}
	switch {
	case h.Initiate && h.SessionID.Set:
		return Step{}, headerError("initiate together with sessionId")
	case h.Initiate && h.Terminate:
		return Step{}, headerError("initiate together with terminate")
	case h.Initiate:
		step.Kind = StepBegin
	case h.Terminate:
		step.Kind = StepEnd
	case h.SessionID.Set:
		step.Kind = StepUse
	}
	return step, nil
}

// SQLAnswer is the sqlSession header of an answer.
type SQLAnswer struct {
	ID          string // of the Table; "": none is named
	Timeout     time.Duration
	Terminate   bool   // the session is over, or was refused (S-43, S-51)
	Transaction []byte // repeated from the request (S-73)
}

// SQLResponseHeader writes the sqlSession header of an answer. It has neither
// initiate (S-10) nor mustUnderstand (S-11). A timeout is written in whole
// seconds, and left out when it is 0 or Never: what a server says of a session
// that does not run out is not documented.
func SQLResponseHeader(w *xml.Writer, a SQLAnswer) {
	h := sqlsoap.Session{Terminate: a.Terminate}
	if a.ID != "" {
		h.SessionID = sqlsoap.Some(sqlID(a.ID))
	}
	if a.Timeout > 0 {
		h.Timeout = sqlsoap.Some(sqlSeconds(a.Timeout))
	}
	if len(a.Transaction) > 0 {
		h.TransactionDescriptor = a.Transaction
	}
	w.Element(h.Header().Element)
}

// sqlSeconds returns a positive duration in seconds, at least one.
func sqlSeconds(d time.Duration) int64 {
	return min(max(int64(d/time.Second), 1), math.MaxInt32)
}

// sqlID returns an id of a Table as it is sent: its bytes in base64. An id that
// is not hexadecimal is sent as the bytes of its text.
func sqlID(id string) string {
	b, ok := hexBytes(id)
	if !ok {
		b = []byte(id)
	}
	return base64.StdEncoding.EncodeToString(b)
}

func hexBytes(s string) ([]byte, bool) {
	if len(s)%2 != 0 {
		return nil, false
	}
	b := make([]byte, len(s)/2)
	for i := range len(s) {
		d := strings.IndexByte(hexDigits, s[i])
		if d < 0 {
			return nil, false
		}
		b[i/2] = b[i/2]<<4 | byte(d)
	}
	return b, true
}
