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
	// do; Text is "" then.
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
	p := problems{allow: AllowBase64Bits}
	return p.base64(v.Text, xml.Position{}, CodeValue, "")
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

// valueReader reads the content of a value: text, or text and elements.
type valueReader struct {
	v Value
}

// readValue begins with the element that has just been started.
func (d *decoder) readValue(r *valueReader, parameter bool) {
	r.v = Value{}
	list := d.s.Attrs()
	for i := range list {
		if list[i].Name.Space != nsXSI {
			continue
		}
		text := string(list[i].Value)
		switch list[i].Name.Local {
		case "nil":
			v, ok := boolean(text)
			if !ok {
				d.fail(d.s.AttrPos(i), CodeValue, "", "xsi:nil is \""+excerpt(text)+"\"", "true or false")
			}
			r.v.Null = v
		case "type":
			n, ok := d.resolve(text)
			if !ok {
				d.fail(d.s.AttrPos(i), CodeType, "", "the prefix of xsi:type \""+excerpt(text)+"\" is not declared", "")
				continue
			}
			if n.Space == "" || parameter && n.Space != nsXSD && n.Space != NSSQLTypes {
				// A server says UnsupportedNamespaceInXsiTypeAttribute.
				d.fail(d.s.AttrPos(i), CodeType, "", "xsi:type names "+excerpt(n.Local)+" of the namespace \""+excerpt(n.Space)+"\"",
					"types of values are those of \""+nsXSD+"\" and \""+NSSQLTypes+"\"")
			}
			r.v.Type = n
		}
	}
	d.text = d.text[:0]
}

// resolve reads a QName in the scope of the current token.
func (d *decoder) resolve(text string) (xml.Name, bool) {
	prefix, local := splitQName(text)
	space, ok := d.s.Namespace(prefix)
	return xml.Name{Space: space, Local: local}, ok
}

func (*valueReader) names() []string                     { return nil }
func (*valueReader) content() content                    { return mixed }
func (*valueReader) child(_ *decoder, _ xml.Name) reader { return nil }

// flush makes a node of the text before an element.
func (r *valueReader) flush(d *decoder) {
	if len(d.text) > 0 {
		r.v.Nodes = append(r.v.Nodes, xml.Node{Text: string(d.text)})
		d.text = d.text[:0]
	}
}

func (r *valueReader) element(d *decoder, e *xml.Element) {
	r.v.Nodes = append(r.v.Nodes, xml.Node{Element: e})
}

func (r *valueReader) end(d *decoder) {
	if r.v.Nodes == nil {
		r.v.Text = string(d.text)
	} else {
		r.flush(d)
	}
	if r.v.Null {
		if r.v.Nodes != nil || !blank([]byte(r.v.Text)) {
			d.fail(d.where(), CodeValue, "", d.top().local+" has content and xsi:nil=\"true\"", "a null is empty")
		}
		r.v.Text, r.v.Nodes = "", nil
	}
}

// typed starts an element that holds a value, and writes the value.
func (w *writer) typed(space, local string, v *Value) {
	if v.Type.Space != "" && v.Type.Space != nsXSD && v.Type.Space != NSSQLTypes {
		w.Prefix("valuetype", v.Type.Space)
	}
	if v.Type.Local != "" && v.Type.Space == "" {
		w.fail(CodeType, "", "the type "+excerpt(v.Type.Local)+" of a value is in no namespace", "")
	}
	w.Start(space, local)
	w.valueContent(v)
	w.End()
}

func (w *writer) valueContent(v *Value) {
	if v.Type.Local != "" {
		w.Attr(nsXSI, "type", w.QName(v.Type.Space, v.Type.Local))
	}
	switch {
	case v.Null:
		w.Attr(nsXSI, "nil", "true")
	case len(v.Nodes) > 0:
		w.nodes(v.Nodes)
	default:
		w.Text(v.Text)
	}
}

// nodes writes mixed content. White space between elements is part of it, so
// that an indenting writer must not add any.
func (w *writer) nodes(nodes []xml.Node) {
	if w.indent {
		for i := range nodes {
			if nodes[i].Element != nil {
				w.Attr(nsXML, "space", "preserve")
				break
			}
		}
	}
	for i := range nodes {
		if nodes[i].Element != nil {
			w.Element(nodes[i].Element)
		} else {
			w.Text(nodes[i].Text)
		}
	}
}

// unplace forgets where a tree was read: messages that say the same are equal.
func unplace(e *xml.Element) *xml.Element {
	e.Pos = xml.Position{}
	for _, c := range e.Elements() {
		unplace(c)
	}
	return e
}
