package xml

import "strconv"

// Codes of an Error.
const (
	// CodeSyntax: the document is not well-formed.
	CodeSyntax = "xml-syntax"
	// CodeDTD: the document has a document type declaration (D-10).
	CodeDTD = "xml-dtd"
	// CodeLimit: a bound of Limits was reached.
	CodeLimit = "xml-limit"
	// CodeEncoding: the encoding or the XML version is not supported, or the
	// bytes are not valid in the encoding (D-09).
	CodeEncoding = "xml-encoding"
	// CodeNamespace: the document breaks a rule of Namespaces in XML 1.0.
	CodeNamespace = "xml-namespace"
)

// Position is a place in a document.
type Position struct {
	// Line and Column count from 1, Column in characters. A line ends with CR,
	// LF or CR LF.
	Line, Column int
	// Offset counts from 0, in bytes of the input as it was fed, a byte order
	// mark included.
	Offset int64
}

// Error is what is wrong with a document, and where.
type Error struct {
	Code    string
	Message string
	Hint    string // what to do about it, empty when the message says it all
	Pos     Position
}

// Error gives the message after its place. A Writer's errors have no place.
func (e *Error) Error() string {
	if e.Pos.Line == 0 {
		return e.Message
	}
	return "line " + strconv.Itoa(e.Pos.Line) + ", column " + strconv.Itoa(e.Pos.Column) + ": " + e.Message
}
