// Package dsml reads and writes Directory Services Markup Language version 2:
// the batchRequest and batchResponse documents of the OASIS standard, bare or
// inside a SOAP envelope.
//
// A document is a tree of plain Go values that mirrors the names of the
// schema. The zero value of every enumeration is the schema's default, so a
// value left alone means what an absent attribute means.
//
// Text of directory values is kept as Go strings of bytes: UTF-8 for text,
// decoded bytes for base64Binary, the reference itself for anyURI. A
// reference is never fetched.
package dsml

// Namespace is the namespace of every element of a DSMLv2 document. Its
// attributes are in no namespace.
const Namespace = "urn:oasis:names:tc:DSML:2:0:core"

// Optional is a string that may be absent, where absence and the empty string
// mean different things: a requestID is echoed as it came (D-17), and an empty
// newSuperior is not a missing one.
type Optional struct {
	Value string
	Set   bool
}

// Some returns an Optional that is present.
func Some(s string) Optional { return Optional{Value: s, Set: true} }

// Document is a *BatchRequest or a *BatchResponse.
type Document interface{ document() }

func (*BatchRequest) document()  {}
func (*BatchResponse) document() {}

// Message is what every request and every LDAP result carries (type
// DsmlMessage of the schema).
type Message struct {
	RequestID Optional // any string, not only an integer (D-18)
	Controls  []Control
}
