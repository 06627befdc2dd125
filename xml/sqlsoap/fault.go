package sqlsoap

import (
	"strings"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// Fault says why a request was not carried out. It is the same in both versions
// of SOAP: a fault of SOAP 1.1 embeds that of SOAP 1.2 in its detail (S-83).
type Fault struct {
	Code     xml.Name   // CodeSender, CodeReceiver or another code of SOAP 1.2
	Subcodes []xml.Name // from the outermost inwards, of NSFaultCode
	Reason   string
	// ReasonLang is the language of the reason; "" stands for en-US.
	ReasonLang string
	Node       string // URL of the endpoint
	Role       string // NS
	// FaultString is the reason in a fault of SOAP 1.1 where that is not Reason
	// with the names of the codes exchanged.
	FaultString string
	// Messages are those of SQL Server.
	Messages []SQLMessage
	// Detail is what else the detail holds.
	Detail []xml.Node
}

// Element returns "Fault".
func (*Fault) Element() string { return "Fault" }

// Codes of faults.
var (
	CodeSender              = xml.Name{Space: soap.NS12, Local: "Sender"}
	CodeReceiver            = xml.Name{Space: soap.NS12, Local: "Receiver"}
	CodeMustUnderstand      = xml.Name{Space: soap.NS12, Local: "MustUnderstand"}
	CodeVersionMismatch     = xml.Name{Space: soap.NS12, Local: "VersionMismatch"}
	CodeDataEncodingUnknown = xml.Name{Space: soap.NS12, Local: "DataEncodingUnknown"}
)

// Subcodes that are known. Only these two are in the documents; together they
// say that a session id is of no session (S-84).
const (
	SubcodeSoapHeader         = "SoapHeader"
	SubcodeSessionIDIsInvalid = "SessionIdIsInvalid"
	SubcodeInvalidXML         = "InvalidXml"
)

// NewFault returns a fault of the endpoint at the URL node: the sender is to
// blame, or the receiver. Its reason lists the codes, as those of SQL Server do.
func NewFault(sender bool, node string, subcodes ...string) *Fault {
	f := &Fault{Code: CodeReceiver, Node: node, Role: NS}
	start := "The request could not be carried out:  "
	if sender {
		f.Code = CodeSender
		start = "There was an error in the incoming SOAP request packet:  "
	}
	f.Reason = start + strings.Join(append([]string{f.Code.Local}, subcodes...), ", ")
	for _, s := range subcodes {
		f.Subcodes = append(f.Subcodes, xml.Name{Space: NSFaultCode, Local: s})
	}
	return f
}

// HasSubcode reports whether a subcode of SQL Server is among those of the
// fault.
func (f *Fault) HasSubcode(local string) bool {
	for _, s := range f.Subcodes {
		if s.Space == NSFaultCode && s.Local == local {
			return true
		}
	}
	return false
}

const defaultLang = "en-US"

// exchanged are the codes that have another name in SOAP 1.1.
var exchanged = [...]struct{ v11, v12 string }{{"Client", "Sender"}, {"Server", "Receiver"}}

// faultString returns the reason as SOAP 1.1 has it: the list of codes behind
// the colon begins with Client in place of Sender.
func (f *Fault) faultString() string {
	for _, x := range exchanged {
		if f.Code.Local == x.v12 {
			return strings.Replace(f.Reason, ":  "+x.v12, ":  "+x.v11, 1)
		}
	}
	return f.Reason
}

// standard reports whether a code is one that SOAP 1.2 defines.
func standard(code xml.Name) bool {
	switch code {
	case CodeSender, CodeReceiver, CodeMustUnderstand, CodeVersionMismatch, CodeDataEncodingUnknown:
		return true
	}
	return false
}

// SOAP returns the fault as a version of SOAP has it.
func (f *Fault) SOAP(v soap.Version) *soap.Fault { return f.soap(v, func(string) {}) }

func (f *Fault) soap(v soap.Version, bad func(name string)) *soap.Fault {
	lang := f.ReasonLang
	if lang == "" {
		lang = defaultLang
	}
	s := &soap.Fault{Version: v, Code: f.Code, Reason: f.Reason}
	if f.Code.Space == "" {
		s.CodeText = f.Code.Local
	}
	if v == soap.V12 {
		s.ReasonLang, s.Actor, s.Role = lang, f.Node, f.Role
		for _, n := range f.Subcodes {
			s.Subcodes = append(s.Subcodes, asText(n))
		}
		if content := f.detail(bad); len(content) > 0 {
			s.Detail = &xml.Element{Name: xml.Name{Space: soap.NS12, Local: "Detail"}, Prefix: soap.DefaultPrefix, Children: content}
		}
		return s
	}
	if s.Reason = f.FaultString; s.Reason == "" {
		s.Reason = f.faultString()
	}
	s.Actor = f.Role
	s.Detail = f.embedded(lang, bad)
	return s
}

// asText takes the namespace from a code that is no name, so that it is written
// as it is.
func asText(n xml.Name) xml.Name {
	if !isName(n.Local) {
		n.Space = ""
	}
	return n
}

// detail returns the content of Detail.
func (f *Fault) detail(bad func(name string)) []xml.Node {
	var content []xml.Node
	for i := range f.Messages {
		content = append(content, xml.Node{Element: elementsOf(&f.Messages[i], NSMessage, prefixMessage, bad)})
	}
	return append(content, f.Detail...)
}

// embedded returns the detail element of a SOAP 1.1 fault with all of the fault
// in it (S-83).
func (f *Fault) embedded(lang string, bad func(name string)) *xml.Element {
	d := &xml.Element{Name: xml.Name{Local: "detail"}, Namespaces: []xml.Binding{{Prefix: prefixEmbedded, URI: soap.NS12}}}
	text := func(local, s string, attrs ...xml.ElementAttr) *xml.Element {
		return textElement(soap.NS12, prefixEmbedded, local, s, attrs...)
	}
	node := func(local string, children ...xml.Node) *xml.Element {
		e := text(local, "")
		e.Children = children
		return e
	}
	prefixes := map[string]string{soap.NS12: prefixEmbedded}
	code := func(n xml.Name) *xml.Element {
		if n = asText(n); n.Space == "" {
			return text("Value", n.Local)
		}
		prefix, ok := prefixes[n.Space]
		if !ok {
			prefix = prefixFaultCode
			if n.Space != NSFaultCode {
				prefix = "code" + string(rune('a'+len(prefixes)%26))
			}
			prefixes[n.Space] = prefix
			d.Namespaces = append(d.Namespaces, xml.Binding{Prefix: prefix, URI: n.Space})
		}
		return text("Value", prefix+":"+n.Local)
	}
	codes := node("Code", xml.Node{Element: code(f.Code)})
	inner := codes
	for _, s := range f.Subcodes {
		sub := node("Subcode", xml.Node{Element: code(s)})
		inner.Children = append(inner.Children, xml.Node{Element: sub})
		inner = sub
	}
	language := xml.ElementAttr{Name: xml.Name{Space: nsXML, Local: "lang"}, Prefix: "xml", Value: lang}
	for _, part := range []*xml.Element{
		codes,
		node("Reason", xml.Node{Element: text("Text", f.Reason, language)}),
		text("Node", f.Node),
		text("Role", f.Role),
		node("Detail", f.detail(bad)...),
	} {
		d.Children = append(d.Children, xml.Node{Element: part})
	}
	return d
}

// soapFault returns the fault to be written.
func (w *writer) soapFault(f *Fault, v soap.Version) *soap.Fault {
	if !standard(f.Code) {
		if f.Code.Local == "" {
			w.fail(CodeFault, "", "a fault has no Code", "")
		}
		w.extension(CodeFault, "", "SOAP defines no code "+excerpt(f.Code.Local))
	}
	s := f.soap(v, w.badField)
	if w.indent && s.Detail != nil {
		// What the detail holds besides messages is not known: white space may
		// mean something in it.
		if hasElement(f.Detail) {
			space := xml.ElementAttr{Name: xml.Name{Space: nsXML, Local: "space"}, Prefix: "xml", Value: "preserve"}
			s.Detail.Attrs = append(s.Detail.Attrs, space)
		}
	}
	return s
}
