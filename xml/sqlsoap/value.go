package sqlsoap

import (
	"github.com/dsmlkit/dsmlkit/xml"
)

// Value is the value of a parameter or of a column in a row.
type Value struct {
	Null bool     // xsi:nil="true"; nothing else counts then, but Type
	Type xml.Name // xsi:type, as in a sql_variant; zero when there is none
	Text string   // as XML Schema writes values of the type
	// Nodes is the content of a value that holds elements, as those of type xml
	// do, with the comments between them; Text is "" then.
	Nodes []xml.Node
}

// TextValue returns a value that is this text.
func TextValue(s string) Value { return Value{Text: s} }

// BinaryValue returns a value that is these bytes.
func BinaryValue(b []byte) Value { return Value{Text: encodeBase64(b)} }

// Null returns the value NULL.
func Null() Value { return Value{Null: true} }

// Bytes decodes the text of a binary value.
func (v *Value) Bytes() ([]byte, bool) {
	if v.Null || len(v.Nodes) > 0 {
		return nil, false
	}
	return decodeBase64(v.Text)
}

// IsBinary reports whether values of an xsi:type, or a column's type, are
// base64.
func IsBinary(t xml.Name) bool {
	switch t.Space {
	case nsXSD:
		return t.Local == "base64Binary"
	case NSSQLTypes:
		switch t.Local {
		case "binary", "varbinary", "image", "timestamp", "rowversion":
			return true
		}
	}
	return false
}

// startValue begins with the element that has just been started.
func (d *decoder) startValue(parameter bool) {
	d.v = Value{}
	list := d.s.Attrs()
	for i := range list {
		if list[i].Name.Space != nsXSI {
			continue
		}
		switch list[i].Name.Local {
		case "nil":
			d.v.Null = d.isNull()
		case "type":
			text := string(list[i].Value)
			prefix, local := splitQName(text)
			space, _ := d.s.Namespace(prefix)
			if space == "" || !isName(local) || parameter && space != nsXSD && space != NSSQLTypes {
				// A server says UnsupportedNamespaceInXsiTypeAttribute.
				d.fail(d.s.AttrPos(i), CodeType, "", "xsi:type is \""+excerpt(text)+"\", of the namespace \""+excerpt(space)+"\"", typeSpaces)
			}
			d.v.Type = xml.Name{Space: space, Local: local}
		}
	}
}

// endValue takes in what was read.
func (d *decoder) endValue() {
	v := &d.v
	switch {
	case d.nodes == nil:
		v.Text = string(d.text)
	case hasElement(d.nodes):
		d.flush()
		v.Nodes = d.nodes
	default: // a text with comments in it, which mean nothing
		for _, n := range d.nodes {
			if n.Kind == xml.TextNode {
				v.Text += n.Text
			}
		}
		v.Text += string(d.text)
	}
	if v.Null {
		if v.Nodes != nil || trim(v.Text) != "" {
			d.fail(d.where(), CodeValue, "", d.top().local+" has content and xsi:nil=\"true\"", "a null is empty")
		}
		v.Text, v.Nodes = "", nil
	}
}

// typed writes an element that holds a value.
func (w *writer) typed(space, local string, v *Value) {
	t := v.Type
	if t.Local != "" && t.Space != nsXSD && t.Space != NSSQLTypes {
		if t.Space == "" {
			w.fail(CodeType, "", "the type "+excerpt(t.Local)+" of a value is in no namespace", "")
		} else {
			w.Prefix("valuetype", t.Space)
		}
	}
	w.start(space, local)
	if t.Local != "" {
		w.attr(nsXSI, "type", w.QName(t.Space, t.Local))
	}
	switch {
	case v.Null:
		w.attr(nsXSI, "nil", "true")
	case len(v.Nodes) > 0:
		w.nodes(v.Nodes)
	default:
		w.Text(v.Text)
	}
	w.End()
}

// nodes writes mixed content. White space between elements is part of it, so
// that an indenting writer must not add any.
func (w *writer) nodes(nodes []xml.Node) {
	if w.indent && hasElement(nodes) {
		w.attr(nsXML, "space", "preserve")
	}
	for i := range nodes {
		switch n := &nodes[i]; {
		case n.Element != nil:
			w.Element(n.Element)
		case n.Kind == xml.CommentNode:
			w.Comment(n.Text)
		case n.Kind == xml.ProcInstNode:
			w.ProcInst(n.Target, n.Text)
		default:
			w.Text(n.Text)
		}
	}
}

func hasElement(nodes []xml.Node) bool {
	for i := range nodes {
		if nodes[i].Element != nil {
			return true
		}
	}
	return false
}

// unplace forgets where a tree was read: messages that say the same are equal.
func unplace(e *xml.Element) *xml.Element {
	e.Pos = xml.Position{}
	for _, c := range childElements(e) {
		unplace(c)
	}
	return e
}
