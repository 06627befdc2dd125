package sqlsoap

import (
	"strings"

	"github.com/dsmlkit/dsmlkit/xml"
)

// Error is what is wrong with a message. Code begins with "sql-" where the
// protocol is broken, with "soap-" where the envelope is, and with "xml-" where
// the text is not well-formed. No message quotes a password or a session id.
type Error struct {
	Code      string
	Message   string
	Hint      string       // what to do about it; "" when the message says it all
	Pos       xml.Position // zero for problems of a message that is being written
	Statement string       // number of the protocol statement that is broken, "S-79", where there is one
	Err       error        // the *xml.Error behind it, for problems of envelope and text
}

func (e *Error) Error() string {
	x := xml.Error{Message: e.Message, Pos: e.Pos}
	return x.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// Codes of an Error, besides those of packages xml and soap.
const (
	CodeRoot      = "sql-root"       // the document is of no known kind
	CodeNamespace = "sql-namespace"  // an element is in the wrong namespace
	CodeElement   = "sql-element"    // an element may not stand where it does, or is missing
	CodeOrder     = "sql-order"      // elements stand in the wrong order
	CodeText      = "sql-text"       // text stands where only elements may
	CodeAttribute = "sql-attribute"  // an attribute is missing
	CodeValue     = "sql-value"      // an attribute or element has a value that its type has no place for
	CodeType      = "sql-type"       // xsi:type names no type that may stand there
	CodeHeader    = "sql-header"     // an option header breaks a rule of its own
	CodeTwice     = "sql-duplicate"  // a header, or a part of one, stands more than once
	CodeSessionID = "sql-session-id" // the session id is missing or no base64
	CodeLimit     = "sql-limit"      // a value is longer than the protocol allows
	CodeFault     = "sql-fault"      // a fault lacks what SQL faults have
	CodeColumn    = "sql-column"     // a row has a column that its row set has not
)

// statements of the problems that the layers below report.
var statements = map[string]string{"xml-dtd": "S-92"}

// wrap turns an error of the layers below into an *Error.
func wrap(err error) *Error {
	switch e := err.(type) {
	case *Error:
		return e
	case *xml.Error:
		return &Error{Code: e.Code, Message: e.Message, Hint: e.Hint, Pos: e.Pos, Statement: statements[e.Code], Err: e}
	}
	return &Error{Code: "sql-internal", Message: err.Error(), Err: err}
}

// Severities of a Diagnostic.
const (
	SeverityError   = "error"
	SeverityWarning = "warning"
)

// Diagnostic is one problem that Validate found. A warning is something that is
// read all the same: a leniency that was needed, or something legal that is
// probably not meant.
type Diagnostic struct {
	Severity  string
	Code      string
	Message   string
	Hint      string
	Pos       xml.Position
	Statement string
}

// problems takes what is wrong. Without diagnose it keeps the first of it.
type problems struct {
	allow    Allow
	used     Allow
	err      *Error
	failed   bool
	diagnose func(Diagnostic)
}

// fail reports a problem. It and its like are kept out of line: they are called
// in a hundred places, and all of that is downloaded.
//
//go:noinline
func (p *problems) fail(pos xml.Position, code, statement, message, hint string) {
	p.report(&Error{Code: code, Message: message, Hint: hint, Pos: pos, Statement: statement})
}

func (p *problems) report(e *Error) {
	p.failed = true
	if p.diagnose != nil {
		p.diagnose(Diagnostic{SeverityError, e.Code, e.Message, e.Hint, e.Pos, e.Statement})
		return
	}
	if p.err == nil {
		p.err = e
	}
}

// warn tells Validate about something that is read all the same.
//
//go:noinline
func (p *problems) warn(pos xml.Position, code, statement, message, hint string) {
	if p.diagnose != nil {
		p.diagnose(Diagnostic{SeverityWarning, code, message, hint, pos, statement})
	}
}

// lenient lets a slip pass where that is allowed, and reports it where it is
// not.
func (p *problems) lenient(bit Allow, pos xml.Position, code, statement, message, hint string) bool {
	if p.allow&bit == 0 {
		p.fail(pos, code, statement, message, hint)
		return false
	}
	p.used |= bit
	p.warn(pos, code, statement, message, hint)
	return true
}

// error returns the first problem, or nil.
func (p *problems) error() error {
	if p.err != nil {
		return p.err
	}
	return nil
}

// suggest finds the name that was meant where only the case of a letter is
// wrong, as a question; "" when there is none.
func suggest(got string, names []string) string {
	for _, n := range names {
		if got != n && strings.EqualFold(got, n) {
			return "did you mean " + n + "?"
		}
	}
	return ""
}

// hint suggests one of the names, or lists them.
func hint(got string, names []string) string {
	if h := suggest(got, names); h != "" {
		return h
	}
	if names[0] == "" {
		names = names[1:]
	}
	return "one of " + strings.Join(names, ", ")
}

// excerpt shortens a value for a message.
func excerpt(s string) string {
	const most = 60
	if len(s) <= most {
		return strings.ToValidUTF8(s, "")
	}
	return strings.ToValidUTF8(s[:most], "") + "..."
}
