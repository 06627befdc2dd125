package session

import (
	"encoding/base64"
	"errors"
	"strconv"
	"strings"
	"time"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// Namespaces of the SQL dialect. They begin with http, not https: namespaces
// compare as exact strings (S-01).
const (
	SQLNamespace        = "http://schemas.microsoft.com/sqlserver/2004/SOAP"
	SQLOptionsNamespace = SQLNamespace + "/Options"
	sqlFaultNamespace   = SQLNamespace + "/SqlSoapFaultCode"
)

const (
	sqlPrefix  = "sqloptions" // of the session header, in requests and answers
	sqlSession = "sqlSession"
)

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
	return n.Space == SQLOptionsNamespace && (n.Local == sqlSession || sqlOptionHeaders[n.Local] != 0)
}

func isSQLSession(n xml.Name) bool {
	return n.Space == SQLOptionsNamespace && n.Local == sqlSession
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
	var h *soap.Header
	for i := range headers {
		if !isSQLSession(headers[i].Name) || !headers[i].ForUs() {
			continue
		}
		if h != nil {
			return Step{}, ErrTwoHeaders
		}
		h = &headers[i]
	}
	if h == nil {
		return Step{}, nil
	}
	var step Step
	initiate, err := sqlBoolean(h.Element, "initiate")
	if err != nil {
		return Step{}, err
	}
	terminate, err := sqlBoolean(h.Element, "terminate")
	if err != nil {
		return Step{}, err
	}
	id, named := h.Element.Attr("", "sessionId")
	if named {
		b, err := base64Value(id)
		if err != nil {
			return Step{}, ErrMalformedID
		}
		step.ID = hexText(b)
	}
	if text, ok := h.Element.Attr("", "transactionDescriptor"); ok {
		if step.Transaction, err = base64Value(text); err != nil {
			return Step{}, headerError("transactionDescriptor is not base64")
		}
	}
	if text, ok := h.Element.Attr("", "timeout"); ok {
		seconds, err := strconv.ParseInt(strings.Trim(text, xmlSpace), 10, 32)
		if err != nil {
			return Step{}, headerError("timeout is not a number of seconds")
		}
		if initiate && seconds > 0 {
			step.Timeout = time.Duration(seconds) * time.Second
		}
	}
	switch {
	case initiate && named:
		return Step{}, headerError("initiate together with sessionId")
	case initiate && terminate:
		return Step{}, headerError("initiate together with terminate")
	case initiate:
		step.Kind = StepBegin
	case terminate && !named:
		return Step{}, ErrMissingID
	case terminate:
		step.Kind = StepEnd
	case named:
		step.Kind = StepUse
	}
	return step, nil
}

const xmlSpace = " \t\r\n"

// sqlBoolean reads an attribute of type xs:boolean that defaults to false
// (S-05).
func sqlBoolean(e *xml.Element, name string) (bool, error) {
	text, ok := e.Attr("", name)
	if !ok {
		return false, nil
	}
	switch strings.Trim(text, xmlSpace) {
	case "true", "1":
		return true, nil
	case "false", "0":
		return false, nil
	}
	return false, headerError(name + " is neither true nor false")
}

// base64Value reads an attribute of type xs:base64Binary, in which white space
// may stand anywhere.
func base64Value(s string) ([]byte, error) {
	return base64.StdEncoding.DecodeString(strings.Map(func(r rune) rune {
		if r == ' ' || r == '\t' || r == '\r' || r == '\n' {
			return -1
		}
		return r
	}, s))
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
	w.Prefix(sqlPrefix, SQLOptionsNamespace)
	w.Start(SQLOptionsNamespace, sqlSession)
	if a.Terminate {
		w.Attr("", "terminate", "true")
	}
	if a.ID != "" {
		w.Attr("", "sessionId", sqlID(a.ID))
	}
	if a.Timeout > 0 {
		w.Attr("", "timeout", sqlSeconds(a.Timeout))
	}
	if len(a.Transaction) > 0 {
		w.Attr("", "transactionDescriptor", base64.StdEncoding.EncodeToString(a.Transaction))
	}
	w.End()
}

// sqlSeconds returns a positive duration in seconds, at least one.
func sqlSeconds(d time.Duration) string {
	return strconv.FormatInt(int64(max(d/time.Second, 1)), 10)
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
