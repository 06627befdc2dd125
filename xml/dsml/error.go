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

var errorTypes = []string{
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
func (t ErrorType) String() string { return nameOf(errorTypes, int(t)) }

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

var errorShape = shape{"ErrorResponse", []string{"requestID", "type"}}

type errorReader struct {
	r    *ErrorResponse
	step int // 1: a message has come; 2: a detail has
}

func (d *decoder) readErrorResponse() reader {
	a := d.attributes(&errorShape)
	r := &ErrorResponse{RequestID: a.optional(0)}
	// The schema lets the type be absent; without it the element says nothing.
	if a.at[1] == 0 {
		a.missing(1, "D-102", oneOf(errorTypes[1:]))
	}
	r.Type = ErrorType(a.enum(1, errorTypes[1:], 0, "D-104") + 1)
	return &errorReader{r: r}
}

func (r *errorReader) children() []string { return []string{"message", "detail"} }

func (r *errorReader) child(d *decoder, local string) reader {
	switch local {
	case "message":
		if r.step > 0 {
			d.fail("dsml-order", "D-105", "message stands twice, or behind detail", "")
		}
		r.step = 1
		return d.readString(func(_ *decoder, text []byte) { r.r.Message = string(text) })
	case "detail":
		if r.step > 1 {
			d.fail("dsml-duplicate", "D-105", "a second detail", "")
		}
		r.step = 2
		d.attributes(&detailShape)
		return &detailReader{r: r.r}
	}
	return nil
}

func (r *errorReader) end(d *decoder) { d.response(r.r) }

var detailShape = shape{}

type detailReader struct {
	r     *ErrorResponse
	count int
}

func (r *detailReader) child(*decoder, string) reader { return nil }
func (r *detailReader) children() []string            { return nil }
func (r *detailReader) content() content              { return anything }

func (r *detailReader) tree(d *decoder, e *xml.Element) {
	if r.count++; r.count == 2 {
		d.failAt(e.Pos, "dsml-detail", "D-105", "a second element inside detail", "exactly one may stand there")
	}
	r.r.Detail = e
	unplace(e)
}

// unplace forgets where a tree was read: documents that say the same are equal.
func unplace(e *xml.Element) {
	e.Pos = xml.Position{}
	for _, c := range e.Elements() {
		unplace(c)
	}
}

func (r *detailReader) end(d *decoder) {
	if !blank(d.text) {
		d.failAt(d.began(), "dsml-detail", "D-105", "text stands inside detail", "put it into an element")
	}
	if r.count == 0 {
		d.failAt(d.began(), "dsml-detail", "D-105", "detail is empty", "it holds exactly one element; leave it out otherwise")
	}
}

func (r *ErrorResponse) write(w *writer) {
	w.start("errorResponse")
	w.optional("requestID", r.RequestID)
	w.enum("type", errorTypes, int(r.Type))
	if r.Message != "" {
		w.start("message")
		w.w.Text(printable(r.Message))
		w.w.End()
	}
	if r.Detail != nil {
		w.start("detail")
		w.w.Element(r.Detail)
		w.w.End()
	}
	w.w.End()
}
