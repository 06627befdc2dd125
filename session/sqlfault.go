package session

import (
	"errors"
	"strings"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// Subcodes of SQL faults. Only the first two are documented; the others are
// names of ours for cases whose names no source gives.
const (
	subcodeHeader   = "SoapHeader"
	subcodeSession  = "SessionIdIsInvalid"
	subcodeDisabled = "SessionsAreDisabled"
	subcodeInvalid  = "SessionHeaderIsInvalid"
	subcodeLimit    = "TooManySessions"
)

// ErrDisabled: the endpoint keeps no sessions (S-20).
var ErrDisabled = errors.New("sessions are disabled at this endpoint")

// SQLFault returns the fault for an error of SQLStep, SQLSettings or a Table, and
// whether the answer's header carries sqlSession with terminate: it does when
// the request named a session that it cannot use (S-43 to S-46, S-57).
//
//   - SoapHeader, SessionIdIsInvalid (S-84) for ErrNoSession in all its forms,
//     ErrMalformedID and ErrMissingID. It says the same about a session that is
//     not there and one that is somebody else's (S-47).
//   - SoapHeader and a subcode of ours for ErrDisabled, ErrTwoHeaders,
//     ErrBadHeader, ErrTotalLimit and ErrClientLimit.
//   - Server or Receiver without subcodes for everything else.
//
// node is the endpoint's URL. The fault is one of the version; a SOAP 1.1 fault
// embeds that of SOAP 1.2 in its detail (S-83).
func SQLFault(err error, v soap.Version, node string) (f *soap.Fault, terminate bool) {
	sender := true
	var subcodes []string
	switch {
	case errors.Is(err, ErrNoSession), errors.Is(err, ErrMissingID):
		subcodes, terminate = []string{subcodeHeader, subcodeSession}, true
	case errors.Is(err, ErrDisabled):
		subcodes = []string{subcodeHeader, subcodeDisabled}
	case errors.Is(err, ErrTwoHeaders), errors.Is(err, ErrBadHeader):
		subcodes = []string{subcodeHeader, subcodeInvalid}
	case errors.Is(err, ErrTotalLimit), errors.Is(err, ErrClientLimit):
		subcodes = []string{subcodeHeader, subcodeLimit}
	default:
		sender = false
	}
	return sqlFault(sender, subcodes, v, node), terminate
}

func sqlFault(sender bool, subcodes []string, v soap.Version, node string) *soap.Fault {
	code11, code12, start := "Server", "Receiver", "The request could not be carried out:  "
	if sender {
		code11, code12, start = "Client", "Sender", "There was an error in the incoming SOAP request packet:  "
	}
	f := &soap.Fault{
		Version:    soap.V12,
		Code:       xml.Name{Space: soap.NS12, Local: code12},
		Reason:     start + strings.Join(append([]string{code12}, subcodes...), ", "),
		ReasonLang: "en-US",
		Actor:      node,
		Role:       SQLNamespace,
	}
	for _, s := range subcodes {
		f.Subcodes = append(f.Subcodes, xml.Name{Space: sqlFaultNamespace, Local: s})
	}
	if v == soap.V12 {
		return f
	}
	return &soap.Fault{
		Version: soap.V11,
		Code:    xml.Name{Space: soap.NS11, Local: code11},
		Reason:  start + strings.Join(append([]string{code11}, subcodes...), ", "),
		Actor:   SQLNamespace,
		Detail:  embedded(f),
	}
}

// embedded returns the detail element of a SOAP 1.1 fault with the whole fault
// of SOAP 1.2 in it.
func embedded(f *soap.Fault) *xml.Element {
	const prefix = "SOAP-1_2-ENV"
	const codes = "sqlsoapfaultcode"
	node := func(local string, children ...xml.Node) xml.Node {
		return xml.Node{Element: &xml.Element{Name: xml.Name{Space: soap.NS12, Local: local}, Prefix: prefix, Children: children}}
	}
	text := func(s string) xml.Node { return xml.Node{Text: s} }

	code := []xml.Node{node("Value", text(prefix+":"+f.Code.Local))}
	var inner []xml.Node
	for i := len(f.Subcodes) - 1; i >= 0; i-- {
		inner = []xml.Node{node("Subcode", append([]xml.Node{node("Value", text(codes+":"+f.Subcodes[i].Local))}, inner...)...)}
	}
	reason := node("Text", text(f.Reason))
	reason.Element.Attrs = []xml.ElementAttr{{Name: xml.Name{Space: "http://www.w3.org/XML/1998/namespace", Local: "lang"}, Prefix: "xml", Value: f.ReasonLang}}
	return &xml.Element{
		Name:       xml.Name{Local: "detail"},
		Namespaces: []xml.Binding{{Prefix: prefix, URI: soap.NS12}, {Prefix: codes, URI: sqlFaultNamespace}},
		Children: []xml.Node{
			node("Code", append(code, inner...)...),
			node("Reason", reason),
			node("Node", text(f.Actor)),
			node("Role", text(f.Role)),
			node("Detail"),
		},
	}
}
