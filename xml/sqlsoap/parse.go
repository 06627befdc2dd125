package sqlsoap

import (
	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// Parsed is what a text held.
type Parsed struct {
	// Message holds the headers as soon as they were read, even after an error,
	// and no document then: nothing of a message that has an error may be
	// carried out.
	Message
	// Envelope is nil for a bare document. Its header blocks are there verbatim,
	// passwords included.
	Envelope *soap.Envelope
	// Leniencies names those that were needed, in the order of the list.
	Leniencies []string
}

// Parse reads a message, or a bare sqlbatch or sqlbatchResponse. Errors are
// *Error. What could be told about the message is returned with an error too.
func Parse(text []byte, o Options) (*Parsed, error) {
	r := newRouter(o)
	err := xml.Parse(text, o.Limits, r)
	p := r.parsed()
	if err != nil {
		p.Document = nil
		return p, wrap(err)
	}
	return p, nil
}

// Validate reports every problem of a message, warnings included; those of the
// headers come before those of the Body. A text that is not well-formed is read
// up to that point.
func Validate(text []byte, o Options) []Diagnostic {
	var list []Diagnostic
	r := newRouter(o)
	r.d.diagnose = func(p Diagnostic) { list = append(list, p) }
	if err := xml.Parse(text, o.Limits, r); err != nil {
		e := wrap(err)
		list = append(list, Diagnostic{SeverityError, e.Code, e.Message, e.Hint, e.Pos, e.Statement})
	}
	return list
}

// router passes the tokens of a text on: to the envelope where there is one, and
// to the payload.
type router struct {
	d       *decoder
	soap    *soap.Decoder
	seen    bool
	read    bool // the headers have been read
	headers Headers
	fault   *Fault
}

func newRouter(o Options) *router { return &router{d: newDecoder(o)} }

func (r *router) parsed() *Parsed {
	d := r.d
	p := &Parsed{Message: Message{Headers: r.headers}}
	used := d.used
	if r.soap != nil {
		p.Envelope = r.soap.Envelope()
		p.Version = p.Envelope.Version
		used |= r.soap.Used()
	}
	p.Leniencies = AllowNames(used)
	switch {
	case d.batch != nil:
		p.Document = d.batch
	case d.resp != nil:
		p.Document = d.resp
	case r.fault != nil:
		p.Document = r.fault
	}
	return p
}

// Token takes one token of the text.
func (r *router) Token(s *xml.Scanner, k xml.Kind) error {
	d := r.d
	d.s = s
	if k == xml.StartElement && !r.seen {
		r.seen = true
		if n := s.Name(); n.Local == "Envelope" {
			r.envelope()
		} else if d.o.RequireEnvelope {
			d.fail(s.Pos(), "soap-envelope", "", "the root element is "+excerpt(n.Local)+", not Envelope",
				"put the batch into the Body of a SOAP envelope")
		}
	}
	if d.err != nil {
		return d.err
	}
	if r.soap == nil {
		return d.Token(s, k)
	}
	if err := r.soap.Token(s, k); err != nil {
		return wrap(err)
	}
	if k == xml.EndDocument {
		r.finish()
	}
	return d.error()
}

func (r *router) envelope() {
	d := r.d
	r.soap = &soap.Decoder{Payload: xml.SinkFunc(r.payload), Options: soap.Options{Strict: d.o.Strict, Allow: d.o.Allow}}
	if d.diagnose != nil {
		r.soap.Report = func(e *xml.Error) error {
			d.report(wrap(e))
			return nil
		}
		r.soap.Warn = func(e *xml.Error) {
			d.warn(e.Pos, e.Code, "", e.Message, e.Hint)
		}
	}
}

// payload takes the tokens of the payload. The headers come first.
func (r *router) payload(s *xml.Scanner, k xml.Kind) error {
	if !r.read && k == xml.StartElement {
		direction := r.d.o.Expect
		if n := s.Name(); n.Space == NS {
			switch n.Local {
			case "sqlbatch":
				direction = ToServer
			case "sqlbatchResponse":
				direction = FromServer
			}
		}
		if r.readHeaders(direction); r.d.err != nil {
			return r.d.err
		}
	}
	return r.d.Token(s, k)
}

func (r *router) readHeaders(direction Direction) {
	r.read = true
	h := headerReader{problems: &r.d.problems, o: HeaderOptions{Direction: direction, FixedDatabase: r.d.o.FixedDatabase}}
	h.read(r.soap.Envelope().Headers)
	r.headers = h.h
}

// finish reads what there is to read in a message without a batch.
func (r *router) finish() {
	d := r.d
	f := r.soap.Envelope().Fault
	switch {
	case r.read:
	case f == nil:
		r.readHeaders(d.o.Expect)
	default:
		if d.o.Expect == ToServer {
			d.fail(d.here(), CodeRoot, "", "a fault where a request is wanted", "")
		}
		r.readHeaders(FromServer)
		r.fault = d.readFault(f)
		if d.deliver != nil && d.err == nil {
			d.deliver(r.fault)
		}
	}
}
