package main

import (
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
		o.key("children").nodes(v.Nodes)
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

// nodes writes mixed content: elements and text.
func (a *answer) nodes(nodes []xml.Node) {
	n := 0
	for i := range nodes {
		if isContent(&nodes[i]) {
			n++
		}
	}
	a.list(n)
	for i := range nodes {
		switch node := &nodes[i]; {
		case !isContent(node):
		case node.Element != nil:
			a.outerElement(node.Element)
		default:
			a.text(node.Text)
		}
	}
}

const valueMust = "a string, a Uint8Array, null, or an object with type or children"

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
		v := sqlsoap.Value{Nodes: readNodes(a.get("children"))}
		for i := range v.Nodes {
			if v.Nodes[i].Element != nil {
				return v
			}
		}
		a.get("children").refuse("an array with an element in it; text alone is a string")
		return v
	}
	a.refuse(valueMust)
	return sqlsoap.Value{}
}

// readNodes reads mixed content.
func readNodes(a *argument) []xml.Node {
	var nodes []xml.Node
	for i := range a.list() {
		if child := a.at(i); child.kind == inText {
			nodes = append(nodes, xml.Node{Text: child.text()})
		} else {
			nodes = append(nodes, xml.Node{Element: readTree(child)})
		}
	}
	return nodes
}
