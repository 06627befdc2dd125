package main

import (
	"strings"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/sqlsoap"
)

// sqlValue writes a value. What type it has, and so whether it is binary, is
// said by the column or parameter, or by the value itself.
func (a *answer) sqlValue(v *sqlsoap.Value, binary bool) {
	if v.Type.Local == "" {
		a.plainValue(v, binary)
		return
	}
	o := a.object()
	o.key("type").text(typeText(v.Type))
	o.key("value").plainValue(v, sqlsoap.IsBinary(v.Type))
	o.end()
}

func (a *answer) plainValue(v *sqlsoap.Value, binary bool) {
	switch {
	case v.Null:
		a.special(specialNull)
		return
	case len(v.Nodes) > 0:
		o := a.object()
		o.key("xml").fragment(v.Nodes)
		o.end()
		return
	case binary:
		if b, ok := v.Bytes(); ok {
			a.bytes(string(b))
			return
		}
	}
	a.text(v.Text)
}

// fragment writes elements and what stands between them as text, for XML that is
// data: nothing of it is lost.
func (a *answer) fragment(nodes []xml.Node) {
	w := xml.NewWriter(xml.WriterOptions{})
	w.Element(&xml.Element{Name: xml.Name{Local: fragmentRoot}, Children: nodes})
	text, whole := strings.CutPrefix(string(w.Bytes()), "<"+fragmentRoot+">")
	if !whole { // an element without content
		text = ""
	}
	a.text(strings.TrimSuffix(text, "</"+fragmentRoot+">"))
}

// fragmentRoot is the element that a fragment stands in while it is read or
// written.
const fragmentRoot = "x"

const valueMust = "a string, a Uint8Array, null, or an object with type or xml"

// readSQLValue reads a value. Only what a value is written as tells what it
// was, so that bytes are taken where the type is binary and nowhere else.
func readSQLValue(a *argument, binary bool) sqlsoap.Value {
	if a.kind != inObject || a.get("type").kind == inAbsent {
		return readPlainValue(a, binary)
	}
	t := typeOf(a.get("type").text())
	v := readPlainValue(a.get("value"), sqlsoap.IsBinary(t))
	v.Type = t
	return v
}

func readPlainValue(a *argument, binary bool) sqlsoap.Value {
	switch a.kind {
	case inNull:
		return sqlsoap.Null()
	case inText:
		v := sqlsoap.TextValue(string(a.data))
		if binary {
			if _, ok := v.Bytes(); ok {
				a.refuse("a Uint8Array: its type is binary")
			}
		}
		return v
	case inBytes:
		if !binary {
			a.refuse(`a string: its type is not binary. { type: "varbinary", value } says of any value that it is`)
		}
		return sqlsoap.BinaryValue(a.data)
	case inObject:
		v := sqlsoap.Value{Nodes: readFragment(a.get("xml"))}
		for i := range v.Nodes {
			if v.Nodes[i].Element != nil {
				return v
			}
		}
		a.get("xml").refuse("XML with an element in it; text alone is a string")
		return v
	}
	a.refuse(valueMust)
	return sqlsoap.Value{}
}

// readFragment reads elements and what stands between them from text.
func readFragment(a *argument) []xml.Node {
	text := a.text()
	e, err := xml.ParseElement([]byte("<"+fragmentRoot+">"+text+"</"+fragmentRoot+">"), xml.Limits{})
	if err != nil {
		f := failureOf(err)
		if f.Positioned && f.Line == 1 {
			f.Column -= len(fragmentRoot) + 2
		}
		f.Offset -= int64(len(fragmentRoot) + 2)
		f.Detail = "in " + a.path()
		if a.errs.first == nil {
			a.errs.first = f
		}
		return nil
	}
	return e.Children
}
