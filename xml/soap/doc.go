// Package soap reads and writes the envelopes of SOAP 1.1 and SOAP 1.2: header
// blocks, faults and the frame around a payload that some other package
// understands.
//
// The reader is a sink for the tokens of package xml. What stands in the Body
// goes token by token to a payload sink, so a large payload is never held as a
// tree; header blocks, which are small and of unknown vocabularies, are kept as
// trees, verbatim.
package soap

import "github.com/dsmlkit/dsmlkit/xml"

// The namespaces of the two versions.
const (
	NS11 = "http://schemas.xmlsoap.org/soap/envelope/"
	NS12 = "http://www.w3.org/2003/05/soap-envelope"
)

// httpsNS11 is what becomes of NS11 where addresses are rewritten.
const httpsNS11 = "https://schemas.xmlsoap.org/soap/envelope/"

// Roles that every receiver may have to play.
const (
	ActorNext            = "http://schemas.xmlsoap.org/soap/actor/next"
	RoleNext             = "http://www.w3.org/2003/05/soap-envelope/role/next"
	RoleUltimateReceiver = "http://www.w3.org/2003/05/soap-envelope/role/ultimateReceiver"
	RoleNone             = "http://www.w3.org/2003/05/soap-envelope/role/none"
)

// Version is a version of SOAP.
type Version uint8

const (
	V11 Version = iota + 1
	V12
)

// String returns "1.1" or "1.2".
func (v Version) String() string {
	switch v {
	case V11:
		return "1.1"
	case V12:
		return "1.2"
	}
	return ""
}

// Namespace returns the namespace of the version's elements.
func (v Version) Namespace() string {
	switch v {
	case V11:
		return NS11
	case V12:
		return NS12
	}
	return ""
}

// Header is one header block, verbatim, and what the envelope's own attributes
// on it say.
type Header struct {
	*xml.Element
	MustUnderstand bool
	Actor          string // actor of SOAP 1.1 or role of SOAP 1.2; "" when absent
	Relay          bool   // SOAP 1.2
}

// Envelope is one message.
type Envelope struct {
	Version Version
	Prefix  string // of the envelope's namespace; "" means the default namespace when read, and "soap" when written
	Headers []Header
	Body    []*xml.Element // what no payload sink took
	Fault   *Fault
}

// Header returns the first header block of that name, or nil.
func (e *Envelope) Header(space, local string) *Header {
	for i := range e.Headers {
		if n := e.Headers[i].Name; n.Space == space && n.Local == local {
			return &e.Headers[i]
		}
	}
	return nil
}
