package dsml

import (
	"github.com/dsmlkit/dsmlkit/xml"
)

// anyReader reads an element of type anyType: controlValue, requestValue and
// response. It may have any attributes, text and elements.
type anyReader struct {
	dst **Value
	typ ValueType
	hex bool
}

func (d *decoder) readAny(dst **Value) reader {
	r := &anyReader{dst: dst}
	simple := false
	list := d.s.Attrs()
	for i := range list {
		if n := &list[i].Name; n.Space != nsXSI || n.Local != "type" {
			continue
		}
		space, name, ok := d.resolveType(i)
		if !ok {
			continue
		}
		if space != nsXSD && plainType(string(trim(list[i].Value))) {
			if d.lenient(AllowUnprefixedType, d.s.AttrPos(i), "dsml-type", "D-85",
				"xsi:type=\""+name+"\" is not in the namespace of XML Schema", "write xsd:"+name) {
				space = nsXSD
			}
		}
		if space == nsXSD {
			simple = name != "anyType"
			switch name {
			case "base64Binary":
				r.typ = Base64Binary
			case "hexBinary":
				r.typ, r.hex = Base64Binary, true
			case "anyURI":
				r.typ = AnyURI
			}
		}
	}
	for i := range list {
		if n := &list[i].Name; simple && n.Space != nsXSI {
			d.lenient(AllowForeignAttributes, d.s.AttrPos(i), "dsml-attribute", "",
				"the attribute "+n.Local+" stands beside an xsi:type that has no attributes", "")
		}
	}
	return r
}

func (r *anyReader) child(*decoder, string) reader { return nil }
func (r *anyReader) children() []string            { return nil }
func (r *anyReader) content() content              { return anything }

func (r *anyReader) tree(d *decoder, e *xml.Element) {
	if !d.isMark {
		d.isMark = true
		d.mark = appendEscaped8(d.mark[:0], d.text)
	}
	w := xml.NewWriter(xml.WriterOptions{})
	w.Element(e)
	if err := w.Err(); err != nil {
		d.fail("dsml-value", "", "the content of "+d.top().local+" cannot be kept: "+err.Error(), "")
		return
	}
	d.mark = append(d.mark, w.Bytes()...)
}

func (r *anyReader) end(d *decoder) {
	v := &Value{Type: r.typ}
	*r.dst = v
	switch {
	case d.isMark:
		if r.typ != Text {
			d.failAt(d.began(), "dsml-element", "D-06", "elements stand inside "+d.top().local+", which its xsi:type does not let hold any", "")
		}
		v.Type = Markup
		v.Data = string(d.mark)
	case r.hex:
		b, ok := decodeHex(d.text)
		if !ok {
			d.failAt(d.began(), "dsml-value", "", "the content of "+d.top().local+" is not hexadecimal", "")
		}
		v.Data = string(b)
	case r.typ == Base64Binary:
		v.Data = string(d.base64(d.text))
	case r.typ == AnyURI:
		v.Data = string(trim(d.text))
	default:
		v.Data = string(d.text)
	}
}

func decodeHex(b []byte) ([]byte, bool) {
	b = trim(b)
	if len(b)%2 != 0 {
		return nil, false
	}
	out := make([]byte, len(b)/2)
	for i := range out {
		hi, lo := nibble(b[2*i]), nibble(b[2*i+1])
		if hi > 15 || lo > 15 {
			return nil, false
		}
		out[i] = hi<<4 | lo
	}
	return out, true
}

func nibble(c byte) byte {
	switch {
	case isDigit(c):
		return c - '0'
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return c | 0x20 - 'a' + 10
	}
	return 0xff
}

// appendEscaped8 appends text as it stands in an XML document.
func appendEscaped8(dst, text []byte) []byte {
	for _, c := range text {
		switch c {
		case '&':
			dst = append(dst, "&amp;"...)
		case '<':
			dst = append(dst, "&lt;"...)
		case '>':
			dst = append(dst, "&gt;"...)
		case '\r':
			dst = append(dst, "&#13;"...)
		default:
			dst = append(dst, c)
		}
	}
	return dst
}

// markup writes the content that a Markup value holds. It goes through a tree,
// so that what is not well-formed cannot get out.
func (w *writer) markup(content string) {
	e, err := xml.ParseElement([]byte("<m>"+content+"</m>"), xml.Limits{})
	if err != nil {
		w.fail("dsml-value", "", "the content of a Markup value is not well-formed", err.Error())
		return
	}
	if len(e.Elements()) > 0 {
		// White space may mean something to whoever made this content: no
		// indentation, not even by others.
		w.w.Attr(nsXML, "space", "preserve")
	}
	for i := range e.Children {
		switch n := &e.Children[i]; {
		case n.Element != nil:
			w.w.Element(n.Element)
		case n.Kind == xml.TextNode:
			w.w.Text(n.Text)
		}
	}
}

// stringReader reads an element that holds a string.
type stringReader struct{ done func(d *decoder, text []byte) }

var stringShape = shape{}

func (d *decoder) readString(done func(d *decoder, text []byte)) reader {
	if len(d.s.Attrs()) > 0 {
		d.stringType()
	}
	return &stringReader{done}
}

// stringType checks the attributes of an element of a simple type: nothing but
// what XML Schema itself puts there.
func (d *decoder) stringType() {
	list := d.s.Attrs()
	for i := range list {
		n := &list[i].Name
		switch {
		case n.Space == nsXSI && n.Local == "type":
			space, name, ok := d.resolveType(i)
			_, known := schemaTypes[name]
			if ok && !(space == nsXSD && (stringTypes[name] || name == "anyURI")) && !(space == Namespace && known) {
				d.failAt(d.s.AttrPos(i), "dsml-type", "D-85", "xsi:type names "+excerpt([]byte(name))+", which is not a type of "+d.s.Name().Local, "leave it out")
			}
		case n.Space == nsXSI:
			d.instance(i, n.Local, &stringShape)
		case n.Space == "" || n.Space == d.space:
			d.failAt(d.s.AttrPos(i), "dsml-attribute", "D-06", "the attribute "+n.Local+" is not known to "+d.s.Name().Local, "")
		default:
			d.lenient(AllowForeignAttributes, d.s.AttrPos(i), "dsml-attribute", "",
				"the attribute "+list[i].Prefix+":"+n.Local+" is not part of DSML", "")
		}
	}
}

func (r *stringReader) child(*decoder, string) reader { return nil }
func (r *stringReader) children() []string            { return nil }
func (r *stringReader) content() content              { return characters }
func (r *stringReader) end(d *decoder)                { r.done(d, d.text) }

// emptyReader reads an element that holds nothing.
type emptyReader struct{}

func (emptyReader) child(*decoder, string) reader { return nil }
func (emptyReader) children() []string            { return nil }
func (emptyReader) content() content              { return nothing }
func (emptyReader) end(*decoder)                  {}
