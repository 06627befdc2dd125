package endpoint

import (
	"errors"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// errNoBatch says that a message has everything but a request.
var errNoBatch = errors.New("the Body holds a SOAP fault where a batchRequest is wanted")

// message is a request as far as it could be read: an error in the batch
// leaves the envelope's headers, which come first, usable.
type message struct{ parsed *dsml.Parsed }

// parse reads a request body. The error, if any, is about the document and
// becomes a malformedRequest; the message is never nil.
func (h *DSML) parse(body []byte) (*message, error) {
	parsed, err := dsml.Parse(body, dsml.Options{
		Allow:           dsml.EndpointAllow(),
		Limits:          xml.Limits{Length: h.MaxBody},
		Expect:          dsml.ExpectRequest,
		RequireEnvelope: true,
	})
	if parsed == nil {
		parsed = &dsml.Parsed{}
	}
	if err != nil && !parsed.RequestID.Set {
		parsed.RequestID = spottedID(body, h.MaxBody)
	}
	m := &message{parsed}
	if err == nil && m.request() == nil {
		// An envelope is in order with a fault in its Body, but nobody asks
		// for anything with a fault.
		err = errNoBatch
	}
	return m, err
}

// spottedID looks for the requestID of a batch that was given up before it was
// reached, as where the Envelope is in a namespace that is not SOAP's (D-31).
// What is not well-formed before the batch hides it.
func spottedID(body []byte, most int64) dsml.Optional {
	s := xml.NewScanner(xml.Limits{Length: most})
	s.Borrow(body)
	for {
		kind, err := s.Next()
		switch {
		case err != nil || kind == xml.EndDocument:
			return dsml.Optional{}
		case kind != xml.StartElement || s.Depth() > 3:
			continue
		}
		if name := s.Name(); name.Local == "batchRequest" {
			id, found := s.Attr("", "requestID")
			return dsml.Optional{Set: found, Value: string(id)}
		}
	}
}

func (m *message) headers() []soap.Header {
	if m.parsed.Envelope == nil {
		return nil
	}
	return m.parsed.Envelope.Headers
}

// requestID is the batch's requestID, also where the batch itself is broken
// (D-31).
func (m *message) requestID() dsml.Optional { return m.parsed.RequestID }

// request is the batch of a message that was read without error.
func (m *message) request() *dsml.BatchRequest {
	b, _ := m.parsed.Document.(*dsml.BatchRequest)
	return b
}

// notUnderstood returns the header blocks that have to be understood and are not.
func (m *message) notUnderstood() (blocks []soap.Header) {
	for headers := m.headers(); len(headers) > 0; headers = headers[1:] {
		if soap.NotUnderstood(headers[:1], session.DSMLUnderstands) != nil {
			blocks = append(blocks, headers[0])
		}
	}
	return blocks
}
