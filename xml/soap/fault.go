package soap

import (
	"strings"

	"github.com/dsmlkit/dsmlkit/xml"
)

// Fault says why a message was not carried out.
type Fault struct {
	Version    Version
	Code       xml.Name   // Client, Server, ... of SOAP 1.1; Sender, Receiver, ... of SOAP 1.2
	CodeText   string     // the code as written, prefix included: "SOAP:Client"
	Subcodes   []xml.Name // SOAP 1.2, from the outermost inwards
	Reason     string     // faultstring, or the first Text of Reason
	ReasonLang string     // xml:lang of the reason; SOAP 1.2 asks for one
	Actor      string     // faultactor, or Node of SOAP 1.2
	Role       string     // SOAP 1.2
	// Detail is the detail element itself, verbatim. The Microsoft faults put
	// bare text into it, which SOAP 1.2 does not allow (part 1 section 5.4.5).
	Detail *xml.Element
}

// DetailText returns the text inside the detail element, or else inside the only
// element in it, however deep, without the white space around it; "" when there
// is none.
func (f *Fault) DetailText() string {
	for e := f.Detail; e != nil; {
		if text := strings.TrimSpace(e.Text()); text != "" {
			return text
		}
		inner := e.Elements()
		if len(inner) != 1 {
			break
		}
		e = inner[0]
	}
	return ""
}

// IsSender reports whether the fault blames the message: Client of SOAP 1.1
// with its dotted refinements, or Sender of SOAP 1.2.
func (f *Fault) IsSender() bool {
	c, _, _ := strings.Cut(f.Code.Local, ".")
	return c == "Client" || c == "Sender"
}

// TextDetail returns a detail element that holds bare text, which only SOAP 1.1
// has a place for.
func TextDetail(v Version, text string) *xml.Element {
	e := &xml.Element{Name: detailName(v), Children: []xml.Node{{Text: text}}}
	return e
}

func detailName(v Version) xml.Name {
	if v == V12 {
		return xml.Name{Space: NS12, Local: "Detail"}
	}
	return xml.Name{Local: "detail"}
}

// codeReader resolves the QNames in a fault's codes while the namespaces they
// need are still in scope.
type codeReader struct {
	depth int
	code  bool // inside Code, not inside Detail
	on    bool
	text  []byte
	texts []string
	names []xml.Name
}

func (c *codeReader) token(s *xml.Scanner, k xml.Kind) {
	switch k {
	case xml.StartElement:
		c.depth++
		n := s.Name()
		if c.depth == 2 {
			c.code = n.Local == "Code" || n.Local == "faultcode"
		}
		if c.code && (n.Local == "faultcode" || n.Local == "Value" && n.Space == NS12) {
			c.on = true
			c.text = c.text[:0]
		}
	case xml.Text:
		if c.on {
			c.text = append(c.text, s.Text()...)
		}
	case xml.EndElement:
		c.depth--
		if c.on {
			c.on = false
			text := strings.TrimSpace(string(c.text))
			name := xml.Name{Local: text}
			prefix, local, found := strings.Cut(text, ":")
			if !found {
				prefix, local = "", text
			}
			if plainName(local) {
				uri, _ := s.Namespace(prefix)
				name = xml.Name{Space: uri, Local: local}
			}
			c.texts = append(c.texts, text)
			c.names = append(c.names, name)
		}
	}
}

// plainName reports whether a code's local part is a name. What is not, a fault
// may hold all the same: it is kept and written as text.
func plainName(s string) bool {
	for i := 0; i < len(s); i++ {
		c := s[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z' || c == '_'
		if !letter && (i == 0 || (c < '0' || c > '9') && c != '-' && c != '.') {
			return false
		}
	}
	return s != ""
}

func (d *Decoder) readFault(e *xml.Element) error {
	f := d.env.Fault
	if len(d.code.names) > 0 {
		f.Code = d.code.names[0]
		f.CodeText = d.code.texts[0]
	}
	if f.Version == V12 {
		return d.readFault12(e, f)
	}
	for i := range e.Children {
		c := e.Children[i].Element
		if c == nil {
			continue
		}
		if c.Name.Space != "" {
			if c.Name.Space != d.space {
				continue
			}
			err := d.lenientAt(c.Pos, AllowQualifiedFault, "soap-fault", c.Name.Local+" of a SOAP 1.1 fault is in a namespace",
				"faultcode, faultstring, faultactor and detail are in no namespace")
			if err != nil {
				return err
			}
		}
		switch c.Name.Local {
		case "faultcode":
		case "faultstring":
			f.Reason = strings.TrimSpace(c.Text())
			f.ReasonLang, _ = c.Attr(xmlNS, "lang")
		case "faultactor":
			f.Actor = strings.TrimSpace(c.Text())
		case "detail":
			f.Detail = c
		default:
			err := d.failAt(c.Pos, "soap-fault", "the element "+c.Name.Local+" may not stand in a Fault", "")
			if err != nil {
				return err
			}
		}
	}
	if f.CodeText == "" {
		return d.failAt(e.Pos, "soap-fault", "the Fault has no faultcode", "")
	}
	return nil
}

const xmlNS = "http://www.w3.org/XML/1998/namespace"

func (d *Decoder) readFault12(e *xml.Element, f *Fault) error {
	if len(d.code.names) > 1 {
		f.Subcodes = d.code.names[1:]
	}
	for i := range e.Children {
		c := e.Children[i].Element
		if c == nil || c.Name.Space != NS12 {
			continue
		}
		switch c.Name.Local {
		case "Code":
		case "Reason":
			if t := c.Find(NS12, "Text"); t != nil {
				f.Reason = strings.TrimSpace(t.Text())
				f.ReasonLang, _ = t.Attr(xmlNS, "lang")
			}
		case "Node":
			f.Actor = strings.TrimSpace(c.Text())
		case "Role":
			f.Role = strings.TrimSpace(c.Text())
		case "Detail":
			f.Detail = c
		default:
			err := d.failAt(c.Pos, "soap-fault", "the element "+c.Name.Local+" may not stand in a Fault", "")
			if err != nil {
				return err
			}
		}
	}
	if f.CodeText == "" {
		return d.failAt(e.Pos, "soap-fault", "the Fault has no Code", "")
	}
	return nil
}
