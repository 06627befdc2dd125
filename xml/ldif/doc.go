// Package ldif reads and writes LDIF (RFC 2849): content records to and from
// the entries of a search response, and change records to and from a batch of
// requests.
//
// What travels where follows from the two formats. A value after a double colon
// is binary (xsd:base64Binary), also when its bytes are text; a value after a
// single colon is text. Text that LDIF cannot carry as it is, such as that with
// an umlaut or a space at its end, is written in base64, so bytes survive the
// way there and back, and the distinction between text and binary does not
// always. Distinguished names are Unicode on both sides.
//
// A batch's own attributes, requestIDs, and requests that change nothing have
// no place in LDIF; formatting a request of the latter kind is an error.
//
// Errors are *xml.Error values with a position and a code that begins with
// "ldif-".
package ldif

import (
	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// Codes of the errors.
const (
	CodeSyntax      = "ldif-syntax"      // a line or a record is not what RFC 2849 says
	CodeVersion     = "ldif-version"     // a version other than 1
	CodeBase64      = "ldif-base64"      // a value that is no base64
	CodeURL         = "ldif-url"         // a value given by reference, which is never fetched
	CodeLimit       = "ldif-limit"       // the text or a value is too long
	CodeMixed       = "ldif-mixed"       // content records and change records in one text
	CodeUnsupported = "ldif-unsupported" // a request that LDIF has no record for
)

// Options says how a text is read.
type Options struct {
	// URLs reads values given by reference ("jpegPhoto:< file:///...") as
	// references (xsd:anyURI). They are refused otherwise, and in no case
	// fetched.
	URLs bool
	// Limits bounds the length of the text (Length) and of one unfolded line
	// (TokenLength); zero means the defaults of package xml.
	Limits xml.Limits
}

// File is what a text holds: entries, or a batch, which is nil when there are
// no change records.
type File struct {
	Entries []*dsml.SearchResultEntry
	Batch   *dsml.BatchRequest
}
