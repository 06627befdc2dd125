package sqlsoap

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

const declarations = ` xmlns:q="` + NS + `" xmlns:o="` + NSOptions + `" xmlns:p="` + NSParameter + `" xmlns:r="` + NSResultStream +
	`" xmlns:m="` + NSMessage + `" xmlns:c="` + NSRowCount + `" xmlns:t="` + NSTypes + `" xmlns:x="` + NSTransaction +
	`" xmlns:st="` + NSSQLTypes + `" xmlns:d="` + nsDiffgr + `" xmlns:ms="` + nsMSData + `" xmlns:xsd="` + nsXSD + `" xmlns:xsi="` + nsXSI +
	`" xmlns:w="` + NSSecurity + `"`

// enveloped is a message of SOAP 1.1 with the prefixes that the tests use.
func enveloped(header, body string) string {
	if header != "" {
		header = `<s:Header>` + header + `</s:Header>`
	}
	return `<s:Envelope xmlns:s="` + soap.NS11 + `"` + declarations + `>` + header + `<s:Body>` + body + `</s:Body></s:Envelope>`
}

const (
	select1 = `<q:sqlbatch><q:BatchCommands>SELECT 1</q:BatchCommands></q:sqlbatch>`
	done    = `<q:sqlbatchResponse><q:sqlbatchResult/></q:sqlbatchResponse>`
	id      = `sessionId="AAECAwQFBgcICQoLDA0ODw=="`
)

func request(header string) string { return enveloped(header, select1) }
func answer(header string) string  { return enveloped(header, done) }
func results(items string) string {
	return enveloped("", `<q:sqlbatchResponse><q:sqlbatchResult>`+items+`</q:sqlbatchResult></q:sqlbatchResponse>`)
}
func batch(content string) string { return enveloped("", `<q:sqlbatch>`+content+`</q:sqlbatch>`) }
func session(attrs string) string { return `<o:sqlSession ` + attrs + `/>` }

func parse(t *testing.T, text string, o Options) *Parsed {
	t.Helper()
	p, err := Parse([]byte(text), o)
	if err != nil {
		t.Fatalf("%v in %s", err, text)
	}
	return p
}

// wantError parses a text that must be refused, for the reason given. Validate
// must find the same.
func wantError(t *testing.T, text string, o Options, code, statement string) *Error {
	t.Helper()
	_, err := Parse([]byte(text), o)
	var e *Error
	if !errors.As(err, &e) {
		t.Fatalf("no error, want %s %s, in %s", code, statement, text)
	}
	if e.Code != code || e.Statement != statement {
		t.Errorf("got %s %s (%v), want %s %s, in %s", e.Code, e.Statement, e, code, statement, text)
	}
	if e.Message == "" || e.Pos.Line == 0 {
		t.Errorf("an error without a message or a place: %+v", e)
	}
	found := slices.ContainsFunc(Validate([]byte(text), o), func(d Diagnostic) bool {
		return d.Severity == SeverityError && d.Code == e.Code && d.Statement == e.Statement && d.Pos == e.Pos
	})
	if !found {
		t.Errorf("Validate does not find %v", e)
	}
	return e
}

// again writes what was read and reads it once more.
func again(t *testing.T, m *Message, o WriteOptions) *Parsed {
	t.Helper()
	text, err := Marshal(m, o)
	if err != nil {
		t.Fatalf("%v of %+v", err, m)
	}
	p, err := Parse(text, Options{})
	if err != nil {
		t.Fatalf("%v in what was written: %s", err, text)
	}
	return p
}

func marshal(t *testing.T, m *Message) string {
	t.Helper()
	text, err := Marshal(m, WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// bare forgets what does not carry meaning in the trees of a message: where
// they were read, and which prefixes they declare.
func bare(m *Message) {
	nodes := func(list []xml.Node) {
		for i := range list {
			if e := list[i].Element; e != nil {
				strip(e)
			}
		}
	}
	for i := range m.Headers.Other {
		strip(m.Headers.Other[i].Element)
	}
	params := func(list []Parameter) {
		for i := range list {
			nodes(list[i].Value.Nodes)
		}
	}
	switch d := m.Document.(type) {
	case *Batch:
		params(d.Parameters)
	case *BatchResponse:
		params(d.Parameters)
		for _, r := range d.Results {
			switch r := r.(type) {
			case *XML:
				nodes(r.Content)
			case *RowSet:
				for i := range r.Columns {
					if e := r.Columns[i].Definition; e != nil {
						strip(e)
					}
				}
				for _, s := range r.Schemas {
					strip(s)
				}
				for _, row := range r.Rows {
					for i := range row {
						nodes(row[i].Nodes)
					}
				}
			}
		}
	case *Fault:
		nodes(d.Detail)
	}
}

func strip(e *xml.Element) {
	e.Pos, e.Namespaces = xml.Position{}, nil
	for _, c := range e.Elements() {
		strip(c)
	}
}

func contains(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, p := range parts {
		if !strings.Contains(text, p) {
			t.Errorf("%s is missing in %s", p, text)
		}
	}
}
