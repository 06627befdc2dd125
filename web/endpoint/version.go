package endpoint

import (
	"errors"
	"net/http"
	"strings"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// type12 is the media type of SOAP 1.2 (RFC 3902).
const type12 = "application/soap+xml"

// Version is the version of SOAP that a message is answered in: that of its
// Envelope or, where it has none that SOAP knows, what its Content-Type says. err
// is what dsml.Parse returned beside the message.
func Version(r *http.Request, m *dsml.Parsed, err error) soap.Version {
	if m.Envelope == nil || m.Envelope.Version == 0 || noEnvelope(err) {
		return typeVersion(r)
	}
	return m.Envelope.Version
}

// typeVersion is the version that the Content-Type of a message stands for.
func typeVersion(r *http.Request) soap.Version {
	media, _, _ := strings.Cut(r.Header.Get("Content-Type"), ";")
	if strings.EqualFold(strings.TrimSpace(media), type12) {
		return soap.V12
	}
	return soap.V11
}

// noEnvelope reports whether the message has a root element, which is not the
// Envelope of a version of SOAP.
func noEnvelope(err error) bool {
	var e *dsml.Error
	return errors.As(err, &e) && (e.Code == "soap-namespace" || e.Code == "soap-envelope")
}

// mismatch answers what came as SOAP 1.2 and is not, with the versions that are
// known here, the best one first (part 1 sections 5.4.6 and 5.4.7). Whoever does
// not say that it sends SOAP 1.2 gets the malformedRequest of DSML (D-117).
func (a *answer) mismatch(err error) {
	upgrade := &xml.Element{Name: xml.Name{Space: soap.NS12, Local: "Upgrade"}, Prefix: session.DSMLFaultPrefix}
	for _, space := range []string{soap.NS12, soap.NS11} {
		upgrade.Children = append(upgrade.Children, xml.Node{Element: naming("SupportedEnvelope", xml.Name{Space: space, Local: "Envelope"})})
	}
	a.fault(&soap.Fault{
		Code:   xml.Name{Space: soap.NS12, Local: "VersionMismatch"},
		Reason: err.Error() + "; nothing was run",
	}, soap.Header{Element: upgrade})
}

// notUnderstood answers a message that has header blocks which have to be
// understood and are not. SOAP 1.2 lists them in the header (part 1 section
// 5.4.8).
func (a *answer) notUnderstood(blocks []soap.Header) {
	fault := &soap.Fault{
		Code:   xml.Name{Space: a.version.Namespace(), Local: "MustUnderstand"},
		Reason: "the header block {" + blocks[0].Name.Space + "}" + blocks[0].Name.Local + " has to be understood and is not known here; nothing was run",
	}
	var headers []soap.Header
	if a.version == soap.V12 {
		for _, b := range blocks {
			headers = append(headers, soap.Header{Element: naming("NotUnderstood", b.Name)})
		}
	}
	a.fault(fault, headers...)
}

// naming is an element of SOAP 1.2 whose attribute qname holds a name. A name in
// no namespace has no prefix, and there is no default namespace around it.
func naming(local string, n xml.Name) *xml.Element {
	e := &xml.Element{Name: xml.Name{Space: soap.NS12, Local: local}, Prefix: session.DSMLFaultPrefix}
	value := n.Local
	if n.Space != "" {
		value = "q:" + value
		e.Namespaces = []xml.Binding{{Prefix: "q", URI: n.Space}}
	}
	e.Attrs = []xml.ElementAttr{{Name: xml.Name{Local: "qname"}, Value: value}}
	return e
}
