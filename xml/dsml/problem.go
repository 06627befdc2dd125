package dsml

import (
	"strings"

	"github.com/dsmlkit/dsmlkit/xml"
)

// Error is what is wrong with a document. Code begins with "dsml-" where DSML
// is broken, with "soap-" where the envelope is, and with "xml-" where the text
// is not well-formed.
type Error struct {
	Code      string
	Message   string
	Hint      string       // what to do about it; "" when the message says it all
	Pos       xml.Position // zero for problems of a document that is being written
	Statement string       // number of the protocol statement that is broken, "D-40", where there is one
	Err       error        // the *xml.Error behind it, for problems of envelope and text
}

func (e *Error) Error() string {
	x := xml.Error{Message: e.Message, Pos: e.Pos}
	return x.Error()
}

func (e *Error) Unwrap() error { return e.Err }

// statements of the problems that the layers below report.
var statements = map[string]string{
	"xml-dtd":        "D-10",
	"xml-syntax":     "D-07",
	"xml-namespace":  "D-07",
	"xml-encoding":   "D-09",
	"soap-envelope":  "D-117",
	"soap-namespace": "D-117",
	"soap-body":      "D-109",
}

// wrap turns an error of the layers below into an *Error.
func wrap(err error) *Error {
	switch e := err.(type) {
	case *Error:
		return e
	case *xml.Error:
		return &Error{Code: e.Code, Message: e.Message, Hint: e.Hint, Pos: e.Pos, Statement: statements[e.Code], Err: e}
	}
	return &Error{Code: "dsml-internal", Message: err.Error(), Err: err}
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

// fail reports a problem at the current token.
func (d *decoder) fail(code, statement, message, hint string) {
	d.failAt(d.s.Pos(), code, statement, message, hint)
}

//go:noinline
func (d *decoder) failAt(pos xml.Position, code, statement, message, hint string) {
	d.report(&Error{Code: code, Message: message, Hint: hint, Pos: pos, Statement: statement})
}

func (d *decoder) report(e *Error) {
	d.failed = true
	if d.diagnose != nil {
		d.diagnose(Diagnostic{SeverityError, e.Code, e.Message, e.Hint, e.Pos, e.Statement})
		return
	}
	if d.err == nil {
		d.err = e
	}
}

// warn tells Validate about something legal that is probably not meant.
//
//go:noinline
func (d *decoder) warn(pos xml.Position, code, statement, message, hint string) {
	if d.diagnose != nil {
		d.diagnose(Diagnostic{SeverityWarning, code, message, hint, pos, statement})
	}
}

// lenient lets a slip pass where the options allow it, and reports it where
// they do not.
func (d *decoder) lenient(bit Allow, pos xml.Position, code, statement, message, hint string) bool {
	if d.allow&bit == 0 {
		d.failAt(pos, code, statement, message, hint)
		return false
	}
	d.used |= bit
	d.slips++
	d.warn(pos, code, statement, message, hint)
	return true
}

// suggest finds the name that was probably meant, as a question; "" when none
// is near.
func suggest(got string, names []string) string {
	best, at := 3, ""
	// As LDAP and the types of the schema have it.
	short := strings.Replace(strings.Replace(got, "modifyDN", "modDN", 1), "delete", "del", 1)
	for _, n := range names {
		if strings.EqualFold(got, n) || strings.EqualFold(short, n) {
			return "did you mean " + n + "?"
		}
		if dist := distance(got, n, best); dist < best && dist*2 < len(n) {
			best, at = dist, n
		}
	}
	if at == "" {
		return ""
	}
	return "did you mean " + at + "?"
}

// distance is the number of single letters to change, add or drop between two
// names, or max when it is not smaller than that.
func distance(a, b string, max int) int {
	if len(a)-len(b) >= max || len(b)-len(a) >= max || len(a) > 64 {
		return max
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := 1; i <= len(a); i++ {
		prev := row[0]
		row[0] = i
		for j := 1; j <= len(b); j++ {
			cost := prev
			if a[i-1] != b[j-1] {
				cost++
			}
			prev = row[j]
			row[j] = min(cost, row[j]+1, row[j-1]+1)
		}
	}
	return row[len(b)]
}

// oneOf lists names for a hint: "one of a, b, c".
func oneOf(names []string) string {
	return "one of " + strings.Join(names, ", ")
}
