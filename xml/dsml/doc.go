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
//
// # Reading
//
// Parse reads a whole document, Decoder one that arrives in pieces, Validate
// reports everything that is wrong with one. Every error has a code, a place
// and, where a rule of the protocol is broken, the number of its statement. A
// document with an error yields no requests at all (D-30), but the requestID of
// its batch as soon as that was read (D-31).
//
// # Leniency
//
// Documents in the field have slips that do no harm. Each one that is read all
// the same has a name and an entry in Leniencies, which says what it does and
// which document or program made it necessary; Parsed.Leniencies names those
// that a document needed. There are three sets to start from:
//
//   - DefaultAllow, for clients and tools: everything that can be read without
//     guessing.
//   - EndpointAllow, for servers: only what no statement obliges a server to
//     refuse. A batch in the wrong namespace, in no envelope or with elements in
//     no namespace is a malformedRequest to a server (D-03, D-06, D-117),
//     whatever a client may make of it.
//   - none at all, with Options.Strict: the schema, and the few rules that go
//     beyond it (D-22, D-23, D-75, D-102).
//
// Two leniencies are in neither set and have to be asked for: requests in no
// namespace, and responses whose names cannot be distinguished names. Answers
// are read more gently than requests, because who reads them cannot mend the
// server that wrote them.
//
// Of a batch that is processed in parallel while its responses come in order
// (D-23) a request without requestID is accepted, because the place of the
// response tells what it answers; strictly it is an error, as the errata say.
//
// # Writing
//
// What Marshal and the Write functions write is valid by the schema, unless the
// document itself asks for more: selectors such as *, names with underscores or
// ranges, the operation increment. WriteOptions.Strict refuses these too. A
// value that XML has no characters for goes out as base64Binary (D-87).
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
