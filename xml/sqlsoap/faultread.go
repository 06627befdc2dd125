package sqlsoap

import (
	"strings"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// oldMessageNamespace is the one that faults in the field have.
const oldMessageNamespace = NS + "/SqlMessage"

// ReadFault reads the fault of an envelope. Errors are *Error.
func ReadFault(f *soap.Fault, o Options) (*Fault, error) {
	p := &problems{allow: allowed(o.Strict, o.Allow)}
	return p.readFault(f), p.error()
}

func (p *problems) readFault(s *soap.Fault) *Fault {
	if s.Version == soap.V12 {
		f := &Fault{Code: s.Code, Subcodes: s.Subcodes, Reason: s.Reason, ReasonLang: lang(s.ReasonLang), Node: s.Actor, Role: s.Role}
		p.known(f, s)
		p.readDetail(f, s.Detail, nil)
		return f
	}
	f := &Fault{Reason: s.Reason, Role: s.Actor}
	code := find(s.Detail, soap.NS12, "Code")
	if code == nil {
		p.lenient(AllowPlainFault, place(s), CodeFault, "S-83", "the detail of the fault embeds no Code of SOAP 1.2",
			"a SOAP 1.1 fault embeds Code, Reason, Node, Role and Detail")
		f.Code, f.ReasonLang = newCode(s.Code), lang(s.ReasonLang)
		if f.Code.Space == "" {
			f.Code.Local = s.CodeText
		}
		p.known(f, s)
		p.readDetail(f, s.Detail, nil)
		return f
	}
	sc := scope(nil).within(s.Detail)
	p.readCodes(f, code, sc)
	p.known(f, s)
	seen := make(map[string]bool)
	for _, n := range s.Detail.Children {
		e := n.Element
		if e == nil || e.Name.Space != soap.NS12 {
			p.readNode(f, n, sc)
			continue
		}
		if seen[e.Name.Local] {
			p.fail(e.Pos, CodeFault, "S-83", "a second "+excerpt(e.Name.Local)+" in the detail of the fault", "")
			continue
		}
		seen[e.Name.Local] = true
		switch e.Name.Local {
		case "Code":
		case "Reason":
			t := find(e, soap.NS12, "Text")
			f.Reason = trim(t.Text())
			l, _ := attr(t, nsXML, "lang")
			f.ReasonLang = lang(l)
		case "Node":
			f.Node = trim(e.Text())
		case "Role":
			f.Role = trim(e.Text())
		case "Detail":
			p.readDetail(f, e, sc)
		default:
			p.fail(e.Pos, CodeFault, "S-83", "the element "+excerpt(e.Name.Local)+" may not stand in the detail of a fault", "")
		}
	}
	if !seen["Reason"] {
		p.lenient(AllowPlainFault, s.Detail.Pos, CodeFault, "S-83", "the detail of the fault embeds no Reason", "")
	}
	if s.Reason != f.faultString() {
		f.FaultString = s.Reason
	}
	return f
}

// lang leaves the default out.
func lang(l string) string {
	if l == defaultLang {
		return ""
	}
	return l
}

// known reports a code that SOAP does not define.
func (p *problems) known(f *Fault, s *soap.Fault) {
	if !standard(f.Code) {
		p.lenient(AllowPlainFault, place(s), CodeFault, "", "SOAP defines no code "+excerpt(f.Code.Local), "")
	}
}

// place is somewhere in a fault, where that is known.
func place(s *soap.Fault) xml.Position {
	if s.Detail != nil {
		return s.Detail.Pos
	}
	return xml.Position{}
}

// newCode returns the counterpart that a code of SOAP 1.1 has in SOAP 1.2.
func newCode(n xml.Name) xml.Name {
	if n.Space != soap.NS11 {
		return n
	}
	c := xml.Name{Space: soap.NS12, Local: n.Local}
	for _, x := range exchanged {
		if n.Local == x.v11 {
			c.Local = x.v12
		}
	}
	if standard(c) {
		return c
	}
	return n
}

// readCodes reads an embedded Code.
func (p *problems) readCodes(f *Fault, code *xml.Element, sc scope) {
	for first := true; code != nil; first = false {
		sc = sc.within(code)
		value := find(code, soap.NS12, "Value")
		if value == nil {
			p.fail(code.Pos, CodeFault, "S-83", code.Name.Local+" has no Value", "")
			return
		}
		n := codeName(value, sc, first)
		if first {
			f.Code = n
		} else {
			f.Subcodes = append(f.Subcodes, n)
		}
		code = find(code, soap.NS12, "Subcode")
	}
}

// codeName resolves a code. Its prefix may be declared outside the detail, where
// nothing is known of it any more: SOAP has codes of its own then, and SQL
// Server the subcodes.
func codeName(e *xml.Element, sc scope, first bool) xml.Name {
	text := trim(e.Text())
	prefix, local := splitQName(text)
	if !isName(local) || text[0] == ':' {
		return xml.Name{Local: text}
	}
	sc = sc.within(e)
	_, ok := sc.find(prefix)
	n := sc.name(text)
	guess := xml.Name{Space: NSFaultCode, Local: local}
	if first {
		guess.Space = soap.NS12
	}
	switch {
	case ok:
		return n
	case prefix != "" && (!first || standard(guess)):
		return guess
	}
	return xml.Name{Local: text}
}

func isName(s string) bool {
	for i, r := range s {
		if !nameRune(r, i == 0) {
			return false
		}
	}
	return s != ""
}

// readDetail reads the content of Detail.
func (p *problems) readDetail(f *Fault, e *xml.Element, sc scope) {
	if e == nil {
		return
	}
	sc = sc.within(e)
	for _, n := range e.Children {
		p.readNode(f, n, sc)
	}
}

func (p *problems) readNode(f *Fault, n xml.Node, sc scope) {
	e := n.Element
	switch {
	case e == nil && n.Kind == xml.TextNode:
		if strings.Trim(n.Text, xmlSpace) != "" {
			f.Detail = append(f.Detail, n)
		}
	case e == nil:
	case is(e.Name, NSResultStream, "SqlMessage"):
		f.Messages = append(f.Messages, *p.readMessage(e, NSMessage))
	case is(e.Name, oldMessageNamespace, "SqlMessage"):
		p.lenient(AllowMessageNamespace, e.Pos, CodeNamespace, "S-82", "SqlMessage is in the namespace \""+oldMessageNamespace+"\"",
			"it belongs into \""+NSResultStream+"\", and its children into \""+NSMessage+"\"")
		f.Messages = append(f.Messages, *p.readMessage(e, oldMessageNamespace))
	default:
		f.Detail = append(f.Detail, xml.Node{Element: selfContained(e, sc)})
	}
}
