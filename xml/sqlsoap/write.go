package sqlsoap

import (
	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// WriteOptions says how a message is written.
type WriteOptions struct {
	Indent      int  // spaces per level; 0: all on one line
	Declaration bool // begin with an XML declaration
	// Strict refuses what the schema has no word for though it is read: result
	// codes below 0, types of the WSDL only, columns that a row set has not, codes
	// of faults that SOAP does not define.
	Strict bool
}

// Marshal returns a message as text. Errors are *Error. A message without a
// version is written without an envelope, which it can be only if it has no
// headers and holds a batch or a response.
func Marshal(m *Message, o WriteOptions) ([]byte, error) {
	xw := xml.NewWriter(xml.WriterOptions{Indent: o.Indent, Declaration: o.Declaration})
	w := &writer{Writer: xw, indent: o.Indent > 0, strict: o.Strict}
	w.marshal(m)
	if err := w.error(); err != nil {
		return nil, err
	}
	text := xw.Bytes()
	if err := xw.Err(); err != nil {
		return nil, wrap(err)
	}
	return text, nil
}

func (w *writer) marshal(m *Message) {
	direction := EitherWay
	switch m.Document.(type) {
	case *Batch:
		direction = ToServer
	case *BatchResponse, *Fault:
		direction = FromServer
	}
	p := &problems{allow: AllowBase64Bits}
	if w.strict {
		p.allow = 0
	}
	blocks := m.Headers.blocks(direction, p)
	if p.err != nil && (w.strict || p.err.Code != CodeSessionID || direction != FromServer) {
		w.problem(p.err)
	}
	env := soap.Envelope{Version: m.Version, Headers: blocks}
	if m.Version != 0 && len(blocks) > len(m.Headers.Other) {
		w.Prefix(prefixOptions, NSOptions)
	}
	switch d := m.Document.(type) {
	case *Fault:
		if m.Version == 0 {
			w.fail(CodeFault, "", "a fault without an envelope", "set Version")
			return
		}
		env.Fault = w.soapFault(d, m.Version)
		env.Write(w.Writer, nil)
		return
	}
	if m.Version == 0 {
		if len(blocks) > 0 || m.Document == nil {
			w.fail(CodeRoot, "", "a message with headers, or without a document, needs an envelope", "set Version")
			return
		}
		w.document(m.Document)
		return
	}
	env.Write(w.Writer, func(*xml.Writer) { w.document(m.Document) })
}

// document writes a document other than a fault.
func (w *writer) document(d Document) {
	switch d := d.(type) {
	case *Batch:
		w.Prefix(prefixSQL, NS)
		if len(d.Parameters) > 0 {
			w.Prefix(prefixParameter, NSParameter)
			w.valuePrefixes()
		}
		w.start(NS, d.Element())
		w.start(NS, "BatchCommands")
		w.Text(d.BatchCommands)
		w.End()
		w.parameters(d.Parameters)
		w.End()
	case *BatchResponse:
		w.response(d)
	case *Fault:
		w.fail(CodeRoot, "", "a fault cannot stand alone", "put it into a Message")
	}
}

// Write writes a batch or a response, bare, at the place where w stands.
func Write(w *xml.Writer, d Document) error {
	x := &writer{Writer: w}
	x.document(d)
	return x.error()
}

// writer writes through an xml.Writer, and keeps the first thing that cannot be
// said.
type writer struct {
	*xml.Writer
	indent bool
	strict bool
	err    *Error
	names  map[string]string // of columns
}

func (w *writer) error() error {
	if w.err != nil {
		return w.err
	}
	if err := w.Err(); err != nil {
		return wrap(err)
	}
	return nil
}

// start and attr are Start and Attr, kept out of line.
//
//go:noinline
func (w *writer) start(space, local string) { w.Start(space, local) }

//go:noinline
func (w *writer) attr(space, local, value string) { w.Attr(space, local, value) }

func (w *writer) problem(e *Error) {
	if w.err == nil {
		w.err = e
	}
}

//go:noinline
func (w *writer) fail(code, statement, message, hint string) {
	w.problem(&Error{Code: code, Message: message, Hint: hint, Statement: statement})
}

// extension refuses what the schema does not have, when strictness was asked
// for.
func (w *writer) extension(code, statement, message string) {
	if w.strict {
		w.fail(code, statement, message, "")
	}
}

// valuePrefixes declares what the types of values need, on the next element.
func (w *writer) valuePrefixes() {
	w.Prefix("xsd", nsXSD)
	w.Prefix("xsi", nsXSI)
	w.Prefix(prefixSQLTypes, NSSQLTypes)
}

// columnElement is the name of the element for a column.
func (w *writer) columnElement(name string) string {
	local, ok := w.names[name]
	if !ok {
		local = encodeName(name)
		if w.names == nil || len(w.names) > 1000 {
			w.names = make(map[string]string)
		}
		w.names[name] = local
	}
	return local
}
