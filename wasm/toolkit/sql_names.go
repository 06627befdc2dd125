package main

import (
	"strings"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/sqlsoap"
)

// Kinds of SQL documents.
const (
	kindSQLBatch    = "sqlBatch"
	kindSQLResponse = "sqlBatchResponse"
	kindSQLFault    = "sqlFault"
	kindSQLEmpty    = "sqlEmpty"
)

var sqlKinds = []string{kindSQLBatch, kindSQLResponse, kindSQLFault, kindSQLEmpty}

func sqlKind(d sqlsoap.Document) string {
	switch d.(type) {
	case *sqlsoap.Batch:
		return kindSQLBatch
	case *sqlsoap.BatchResponse:
		return kindSQLResponse
	case *sqlsoap.Fault:
		return kindSQLFault
	}
	return kindSQLEmpty
}

// Kinds of results.
const (
	kindRowSet      = "rowSet"
	kindXML         = "xml"
	kindMessage     = "message"
	kindRowCount    = "rowCount"
	kindResultCode  = "resultCode"
	kindTransaction = "transaction"
)

var resultKindsSQL = []string{kindRowSet, kindXML, kindMessage, kindRowCount, kindResultCode, kindTransaction}

// resultKindSQL is the name of a result's element without its Sql, as all names
// in JavaScript begin with a small letter.
func resultKindSQL(r sqlsoap.Result) string {
	name := strings.TrimPrefix(r.Element(), "Sql")
	if name == "Xml" {
		return kindXML
	}
	return uncapital(name)
}

func uncapital(s string) string { return strings.ToLower(s[:1]) + s[1:] }

const (
	xsdNamespace = "http://www.w3.org/2001/XMLSchema"
	xsdPrefix    = "xsd:"
)

// nameText writes a name as JavaScript has it: alone where it is in the usual
// namespace, and as {namespace}name elsewhere.
func nameText(n xml.Name, usual string) string {
	if n.Space == usual && !strings.ContainsAny(n.Local, ":{") {
		return n.Local
	}
	return "{" + n.Space + "}" + n.Local
}

// nameOf is the way back.
func nameOf(text, usual string) xml.Name {
	if local, ok := strings.CutPrefix(text, "{}"); ok {
		return xml.Name{Local: local}
	}
	// A namespace may hold anything, a name no brackets.
	if end := strings.LastIndexByte(text, '}'); end > 0 && text[0] == '{' {
		return xml.Name{Space: text[1:end], Local: text[end+1:]}
	}
	return xml.Name{Space: usual, Local: text}
}

// typeText writes the name of a type: int is one of SQL Server, xsd:int one of
// XML Schema.
func typeText(n xml.Name) string {
	if n.Space == xsdNamespace && !strings.ContainsAny(n.Local, ":{") {
		return xsdPrefix + n.Local
	}
	return nameText(n, sqlsoap.NSSQLTypes)
}

func typeOf(text string) xml.Name {
	if local, ok := strings.CutPrefix(text, xsdPrefix); ok {
		return xml.Name{Space: xsdNamespace, Local: local}
	}
	return nameOf(text, sqlsoap.NSSQLTypes)
}
