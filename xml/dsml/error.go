package dsml

import "github.com/dsmlkit/dsmlkit/xml"

// ErrorType says why a request has no LDAP result.
type ErrorType uint8

const (
	NotAttempted ErrorType = iota + 1
	CouldNotConnect
	ConnectionClosed
	MalformedRequest
	GatewayInternalError
	AuthenticationFailed
	UnresolvableURI
	OtherError
)

var errorTypes = [...]string{
	NotAttempted:         "notAttempted",
	CouldNotConnect:      "couldNotConnect",
	ConnectionClosed:     "connectionClosed",
	MalformedRequest:     "malformedRequest",
	GatewayInternalError: "gatewayInternalError",
	AuthenticationFailed: "authenticationFailed",
	UnresolvableURI:      "unresolvableURI",
	OtherError:           "other",
}

// String returns the name that the type attribute carries.
func (t ErrorType) String() string {
	if int(t) < len(errorTypes) {
		return errorTypes[t]
	}
	return ""
}

// ErrorResponse is an error outside LDAP: it has a type in place of a result
// code (D-103).
type ErrorResponse struct {
	RequestID Optional
	Type      ErrorType
	Message   string
	Detail    *xml.Element // exactly one element when present (D-105)
}

func (*ErrorResponse) Element() string { return "errorResponse" }

// ID returns the requestID that the error answers.
func (r *ErrorResponse) ID() Optional { return r.RequestID }
