// Package sqlsoap reads and writes the messages of SQL Server's native XML web
// services: sqlbatch requests, sqlbatchResponse answers, SQL faults, and the
// option headers that travel with them, sqlSession before all others.
//
// A message is a tree of plain Go values. The zero value of every enumeration
// is the default of the schema, and an attribute that says what its absence
// would say is read as absent, so that messages that mean the same are equal.
//
// # Reading
//
// Parse reads a whole message, Decoder one that arrives in pieces and hands out
// its rows one by one, Validate reports everything that is wrong with one. Every
// error has a code, a place and, where a rule of the protocol is broken, the
// number of its statement. ReadHeaders reads header blocks that somebody else
// has taken out of an envelope.
//
// Namespaces and names are compared as exact strings: the protocol's namespaces
// begin with http (S-01), and a header whose name has another case is not one of
// its headers (S-02). Which prefix is used never matters (S-13).
//
// # Leniency
//
// Slips in documents that are read all the same are listed in Leniencies, with
// the document that made each necessary. Options.Strict refuses all of them;
// Parsed.Leniencies names those that a message needed.
//
// # Values
//
// Values of parameters and columns are kept as the text that stands for them in
// XML, because no other form holds all of money, decimal(38) and datetime
// without loss. Value.Bytes decodes those that are base64. A NULL is
// xsi:nil="true"; in a row a NULL may also be a column that is left out
// (RowSet.Value tells both).
//
// # Writing
//
// Marshal and ResponseWriter write what the schema allows. Of what leniencies
// let in they write back what a schema has no word for, unless
// WriteOptions.Strict is set. Passwords are of type Secret: they are written
// into messages, and nowhere else.
package sqlsoap

import "github.com/dsmlkit/dsmlkit/xml/soap"

// Namespaces of the protocol.
const (
	NS             = "http://schemas.microsoft.com/sqlserver/2004/SOAP"
	NSOptions      = NS + "/Options"
	NSTypes        = NS + "/types"
	NSRowCount     = NSTypes + "/SqlRowCount"
	NSMessage      = NSTypes + "/SqlMessage"
	NSResultStream = NSTypes + "/SqlResultStream"
	NSParameter    = NSTypes + "/SqlParameter"
	NSTransaction  = NSTypes + "/SqlTransaction"
	NSFaultCode    = NS + "/SqlSoapFaultCode"
	NSSQLTypes     = "http://schemas.microsoft.com/sqlserver/2004/sqltypes"
	NSRowSet       = "urn:schemas-microsoft-com:sql:" // and the name of the row set
	NSSecurity     = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-wssecurity-secext-1.0.xsd"
)

const (
	nsXSD     = "http://www.w3.org/2001/XMLSchema"
	nsXSI     = "http://www.w3.org/2001/XMLSchema-instance"
	nsXML     = "http://www.w3.org/XML/1998/namespace"
	nsDiffgr  = "urn:schemas-microsoft-com:xml-diffgram-v1"
	nsMSData  = "urn:schemas-microsoft-com:xml-msdata"
	nsDataSet = NSRowSet + "SqlDataSet"

	passwordText = "http://docs.oasis-open.org/wss/2004/01/oasis-200401-wss-username-token-profile-1.0#PasswordText"
)

// SOAPAction is the action of a sqlbatch request, without quotation marks: the
// namespace and the name of the method with nothing between them (S-78).
const SOAPAction = NS + "sqlbatch"

// Usual prefixes. They carry no meaning.
const (
	prefixSQL          = "sql"
	prefixOptions      = "sqloptions"
	prefixTypes        = "sqlsoaptypes"
	prefixRowCount     = "sqlrowcount"
	prefixMessage      = "sqlmessage"
	prefixResultStream = "sqlresultstream"
	prefixParameter    = "sqlparameter"
	prefixTransaction  = "sqltransaction"
	prefixFaultCode    = "sqlsoapfaultcode"
	prefixSQLTypes     = "sqltypes"
	prefixSecurity     = "wsse"
	prefixEmbedded     = "SOAP-1_2-ENV"
)

// Optional is something that may be absent, where absence and the zero value
// mean different things.
type Optional[T any] struct {
	Value T
	Set   bool
}

// Some returns an Optional that is present.
func Some[T any](v T) Optional[T] { return Optional[T]{Value: v, Set: true} }

// Or returns the value, or def when there is none.
func (o Optional[T]) Or(def T) T {
	if o.Set {
		return o.Value
	}
	return def
}

// Message is one message of the protocol.
type Message struct {
	// Version is that of the envelope; 0 stands for a document without one. A
	// response uses the version of its request (S-75).
	Version soap.Version
	Headers Headers
	// Document is nil when the Body is empty, as it may be in a message that
	// ends a session and in its answer (S-52).
	Document Document
}
