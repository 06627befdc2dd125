package dsml

import (
	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// Parsed is what a text held.
type Parsed struct {
	// Document is a *BatchRequest or a *BatchResponse; nil when the message is a
	// fault, and after an error unless Options.Partial is set.
	Document Document
	// Envelope is nil for a bare document (D-153). Its Fault is set when the
	// message is a fault.
	Envelope *soap.Envelope
	// IsRequest reports whether the root of the document is a batchRequest. It
	// and RequestID hold even after an error, once the root has been read: the
	// answer to a malformed document echoes the requestID (D-31).
	IsRequest bool
	RequestID Optional
	// Complete counts the requests or responses that were read whole.
	Complete int
	// Leniencies names those that were needed, in the order of the list.
	Leniencies []string
}

// Parse reads a document, bare or in a SOAP envelope. Errors are *Error. What
// could be told about the document is returned with an error too.
func Parse(text []byte, o Options) (*Parsed, error) {
	r := newRouter(o)
	s := xml.NewScanner(o.limits())
	s.Borrow(text)
	err := r.drain(s)
	p := r.parsed()
	if err != nil {
		if !o.Partial {
			p.Document = nil
		}
		return p, wrap(err)
	}
	return p, nil
}

// Validate reports every problem of a document, warnings included, in the order
// of the text. A text that is not well-formed is read up to that point.
func Validate(text []byte, o Options) []Diagnostic {
	var list []Diagnostic
	r := newRouter(o)
	r.d.diagnose = func(p Diagnostic) { list = append(list, p) }
	r.d.repeat.off = true
	if err := xml.Parse(text, o.limits(), r); err != nil {
		e := wrap(err)
		list = append(list, Diagnostic{SeverityError, e.Code, e.Message, e.Hint, e.Pos, e.Statement})
	}
	return list
}

// router passes the tokens of a text on: to the envelope where there is one, and
// to the batch.
type router struct {
	d    *decoder
	soap *soap.Decoder
	seen bool
}

func newRouter(o Options) *router { return &router{d: newDecoder(o)} }

func (r *router) parsed() *Parsed {
	d := r.d
	p := &Parsed{IsRequest: d.isRequest, RequestID: d.requestID, Complete: d.count}
	used := d.used
	if r.soap != nil {
		p.Envelope = r.soap.Envelope()
		used |= r.soap.Used()
	}
	p.Leniencies = AllowNames(used)
	switch {
	case d.req != nil:
		p.Document = d.req
	case d.resp != nil:
		p.Document = d.resp
	}
	return p
}

// drain reads all the tokens of a text.
func (r *router) drain(s *xml.Scanner) error {
	for {
		k, err := r.next(s)
		if err != nil || k == xml.EndDocument {
			return err
		}
	}
}

// reach is how many bytes are left for when more have come.
const reach = 1 << 10

// next reads up to the end of another token.
func (r *router) next(s *xml.Scanner) (xml.Kind, error) {
	if r.d.repeat.inside {
		r.d.repeat.run(r.d)
		if len(r.d.items) > 0 {
			return xml.StartElement, nil
		}
		if r.d.more && r.d.s.Memo().Wait(reach) {
			return xml.NeedInput, nil
		}
	}
	k, err := s.Next()
	if err == nil && k != xml.NeedInput {
		err = r.Token(s, k)
	}
	return k, err
}

// Token takes one token of the text.
func (r *router) Token(s *xml.Scanner, k xml.Kind) error {
	d := r.d
	d.s = s
	if k == xml.StartElement && !r.seen {
		r.seen = true
		if n := s.Name(); n.Local == "Envelope" {
			r.soap = &soap.Decoder{Payload: d, Options: soap.Options{Strict: d.o.Strict, Allow: d.o.Allow}}
			if d.diagnose != nil {
				r.soap.Report = func(e *xml.Error) error {
					d.report(wrap(e))
					return nil
				}
				r.soap.Warn = func(e *xml.Error) {
					d.warn(e.Pos, e.Code, statements[e.Code], e.Message, e.Hint)
				}
			}
		} else if d.o.RequireEnvelope {
			d.fail("soap-envelope", "D-117", "the root element is "+n.Local+", not Envelope",
				"put the batch into the Body of a SOAP envelope")
			if d.err != nil {
				return d.err
			}
		}
	}
	if r.soap == nil {
		return d.Token(s, k)
	}
	if err := r.soap.Token(s, k); err != nil {
		return wrap(err)
	}
	if k == xml.EndDocument && d.roots == 0 && r.soap.Envelope().Fault == nil && !d.failed {
		d.fail("dsml-body", "D-109", "the Body is empty", "it holds exactly one batchRequest or batchResponse")
		if d.err != nil {
			return d.err
		}
	}
	return nil
}
