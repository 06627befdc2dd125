package soap

import (
	"strings"

	"github.com/dsmlkit/dsmlkit/xml"
)

// Options says how a message is read.
type Options struct {
	// Strict refuses every leniency.
	Strict bool
	// Allow is the set of leniencies; zero means DefaultAllow().
	Allow Allow
	// Limits bounds the text.
	Limits xml.Limits
}

func (o *Options) allowed() Allow {
	switch {
	case o.Strict:
		return 0
	case o.Allow == 0:
		return DefaultAllow()
	}
	return o.Allow
}

type place uint8

const (
	outside place = iota
	inEnvelope
	inHeader
	inBody
	inBlock   // a tree is being built for a header block
	inTree    // ... or for a child of Body that no payload sink takes
	inFault   // ... or for a fault
	inPayload // tokens go to the payload sink
	inTrailer // an element behind the Body, passed over
	finished
)

// Decoder reads an envelope from tokens. It is an xml.Sink.
type Decoder struct {
	Options Options
	// Payload gets every token inside Body from the first child on, unless that
	// child is a fault, and then EndDocument. Without it the children of Body
	// are kept as trees.
	Payload xml.Sink
	// Report, when set, gets each problem, and reading goes on where it returns
	// nil. Without it the first problem ends the reading.
	Report func(*xml.Error) error
	// Warn, when set, gets each slip that a leniency let pass.
	Warn func(*xml.Error)

	env      Envelope
	space    string // namespace of the envelope's elements, "" where leniency allows it
	place    place
	back     place // place to return to when the tree is done
	depth    int   // open elements of the payload or the trailer
	tree     *xml.TreeBuilder
	block    Header
	code     codeReader
	sawBody  bool
	sawHead  bool
	children int // of Body
	used     Allow
}

// Parse reads a whole message. Errors are *xml.Error with codes that begin
// with "soap-", or with "xml-" where the text is not well-formed.
func Parse(text []byte, o Options) (*Envelope, error) {
	d := &Decoder{Options: o}
	if err := xml.Parse(text, o.Limits, d); err != nil {
		return nil, err
	}
	return d.Envelope(), nil
}

// Envelope returns what has been read so far.
func (d *Decoder) Envelope() *Envelope { return &d.env }

// Used returns the leniencies that were needed.
func (d *Decoder) Used() Allow { return d.used }

// BodyBegun reports whether the tag of Body has been read. All headers are known
// from then on.
func (d *Decoder) BodyBegun() bool { return d.sawBody }

// Token takes one token.
func (d *Decoder) Token(s *xml.Scanner, k xml.Kind) error {
	switch d.place {
	case inPayload:
		return d.payload(s, k)
	case inBlock, inTree, inFault:
		return d.grow(s, k)
	case inTrailer:
		switch k {
		case xml.StartElement:
			d.depth++
		case xml.EndElement:
			if d.depth--; d.depth == 0 {
				d.place = inEnvelope
			}
		}
		return nil
	}
	switch k {
	case xml.StartElement:
		return d.start(s)
	case xml.EndElement:
		return d.end(s)
	case xml.Text:
		if d.place != outside && d.place != finished && !blank(s.Text()) {
			return d.lenient(s, AllowEnvelopeText, "soap-text", "text stands where only elements may",
				"remove it, or put it into an element of the payload")
		}
	case xml.EndDocument:
		if d.Payload != nil && d.children > 0 && d.env.Fault == nil {
			return d.Payload.Token(s, k)
		}
	}
	return nil
}

func (d *Decoder) start(s *xml.Scanner) error {
	switch d.place {
	case outside:
		return d.startEnvelope(s)
	case inEnvelope:
		return d.startPart(s)
	case inHeader:
		return d.startBlock(s)
	case inBody:
		return d.startChild(s)
	}
	return nil
}

func (d *Decoder) startEnvelope(s *xml.Scanner) error {
	n := s.Name()
	d.place = inEnvelope
	d.space = n.Space
	d.env.Prefix = s.Prefix()
	d.env.Version = V11
	if n.Local != "Envelope" {
		return d.fail(s, "soap-envelope", "the root element is "+n.Local+", not Envelope", "")
	}
	switch n.Space {
	case NS11:
	case NS12:
		d.env.Version = V12
	case "":
		return d.lenient(s, AllowNoNamespace, "soap-namespace", "the Envelope is in no namespace",
			"did you mean xmlns=\""+NS11+"\"?")
	case httpsNS11:
		return d.lenient(s, AllowHTTPSNamespace, "soap-namespace", "the Envelope is in no SOAP namespace: \""+n.Space+"\"",
			"did you mean \""+NS11+"\"?")
	default:
		hint := "did you mean \"" + NS11 + "\"?"
		if strings.Contains(n.Space, "www.w3.org") || strings.Contains(n.Space, "2003") {
			hint = "did you mean \"" + NS12 + "\"?"
		}
		return d.fail(s, "soap-namespace", "the Envelope is in no SOAP namespace: \""+n.Space+"\"", hint)
	}
	return nil
}

func (d *Decoder) startPart(s *xml.Scanner) error {
	n := s.Name()
	local := n.Local
	var err error
	space := n.Space
	// Header is forgiven its namespace too: it changes nothing, whereas a Body
	// has to be beyond doubt.
	if space == d.space && local != "Header" && local != "Body" || space == "" && d.space != "" && strings.EqualFold(local, "Header") {
		for _, want := range [...]string{"Header", "Body"} {
			if strings.EqualFold(local, want) {
				err = d.lenient(s, AllowElementCase, "soap-structure",
					"the element "+local+" is not known to SOAP", "did you mean "+want+", in the namespace of the Envelope?")
				local, space = want, d.space
			}
		}
	}
	if err != nil {
		return err
	}
	switch {
	case space == d.space && local == "Header":
		if d.sawBody || d.sawHead {
			err = d.fail(s, "soap-structure", "Header may stand only once, before Body", "")
		}
		d.sawHead = true
		d.place = inHeader
		return err
	case space == d.space && local == "Body":
		if d.sawBody {
			err = d.fail(s, "soap-structure", "a second Body", "a message has exactly one Body")
		}
		d.sawBody = true
		d.place = inBody
		return err
	case d.sawBody && d.env.Version == V11 && n.Space != "" && n.Space != d.space:
		// SOAP 1.1 section 4 lets other elements follow the Body.
	default:
		err = d.fail(s, "soap-structure", "the element "+local+" may not stand inside Envelope",
			"an Envelope holds a Header, which may be missing, and a Body")
	}
	d.place = inTrailer
	d.depth = 1
	return err
}

func (d *Decoder) startBlock(s *xml.Scanner) error {
	n := s.Name()
	d.block = Header{}
	d.place = inBlock
	d.back = inHeader
	d.tree = new(xml.TreeBuilder)
	if n.Space == "" {
		err := d.lenient(s, AllowUnqualifiedHeader, "soap-header",
			"the header block "+n.Local+" is in no namespace", "SOAP asks for a namespace on every header block")
		if err != nil {
			return err
		}
	}
	space := d.env.Version.Namespace()
	if d.space == httpsNS11 {
		space = d.space
	}
	if v, ok := s.Attr(space, "mustUnderstand"); ok {
		b, good := boolean(string(v))
		d.block.MustUnderstand = b
		if !good {
			err := d.fail(s, "soap-attribute", "mustUnderstand is \""+string(v)+"\"", "it is 1 or 0")
			if err != nil {
				return err
			}
		}
	}
	role := "actor"
	if d.env.Version == V12 {
		role = "role"
		if v, ok := s.Attr(space, "relay"); ok {
			d.block.Relay, _ = boolean(string(v))
		}
	}
	if v, ok := s.Attr(space, role); ok {
		d.block.Actor = strings.TrimSpace(string(v))
	}
	return d.grow(s, xml.StartElement)
}

func (d *Decoder) startChild(s *xml.Scanner) error {
	n := s.Name()
	d.children++
	if n.Local == "Fault" && n.Space == d.space {
		var err error
		if d.children > 1 {
			err = d.fail(s, "soap-body", "a Fault beside other elements", "a Fault is the only child of its Body")
		}
		if err != nil {
			return err
		}
		d.env.Fault = &Fault{Version: d.env.Version}
		d.code = codeReader{}
		d.place, d.back = inFault, inBody
		d.tree = new(xml.TreeBuilder)
		return d.grow(s, xml.StartElement)
	}
	if d.env.Fault != nil {
		if err := d.fail(s, "soap-body", "an element beside a Fault", "a Fault is the only child of its Body"); err != nil {
			return err
		}
	}
	if d.Payload != nil && d.env.Fault == nil {
		d.place = inPayload
		d.depth = 0
		return d.payload(s, xml.StartElement)
	}
	d.place, d.back = inTree, inBody
	d.tree = new(xml.TreeBuilder)
	return d.grow(s, xml.StartElement)
}

// payload passes a token on. The payload has ended when an element closes that
// it has not opened: the Body itself.
func (d *Decoder) payload(s *xml.Scanner, k xml.Kind) error {
	switch k {
	case xml.StartElement:
		d.depth++
	case xml.EndElement:
		if d.depth == 0 {
			d.place = inEnvelope
			return nil
		}
		d.depth--
	}
	return d.Payload.Token(s, k)
}

func (d *Decoder) grow(s *xml.Scanner, k xml.Kind) error {
	if d.place == inFault {
		d.code.token(s, k)
	}
	if err := d.tree.Token(s, k); err != nil {
		return err
	}
	if !d.tree.Done() {
		return nil
	}
	e := d.tree.Element()
	what := d.place
	d.tree = nil
	d.place = d.back
	switch what {
	case inBlock:
		d.block.Element = e
		d.env.Headers = append(d.env.Headers, d.block)
	case inTree:
		d.env.Body = append(d.env.Body, e)
	case inFault:
		return d.readFault(e)
	}
	return nil
}

func (d *Decoder) end(s *xml.Scanner) error {
	switch d.place {
	case inHeader, inBody:
		d.place = inEnvelope
	case inEnvelope:
		d.place = finished
		if !d.sawBody {
			return d.fail(s, "soap-structure", "the Envelope has no Body", "")
		}
	}
	return nil
}

// fail reports a problem at the current token.
func (d *Decoder) fail(s *xml.Scanner, code, message, hint string) error {
	return d.failAt(s.Pos(), code, message, hint)
}

func (d *Decoder) failAt(pos xml.Position, code, message, hint string) error {
	e := &xml.Error{Code: code, Message: message, Hint: hint, Pos: pos}
	if d.Report != nil {
		return d.Report(e)
	}
	return e
}

// lenient lets a slip pass when it is allowed, and reports it otherwise.
func (d *Decoder) lenient(s *xml.Scanner, bit Allow, code, message, hint string) error {
	return d.lenientAt(s.Pos(), bit, code, message, hint)
}

func (d *Decoder) lenientAt(pos xml.Position, bit Allow, code, message, hint string) error {
	if d.Options.allowed()&bit == 0 {
		return d.failAt(pos, code, message, hint)
	}
	d.used |= bit
	if d.Warn != nil {
		d.Warn(&xml.Error{Code: code, Message: message, Hint: hint, Pos: pos})
	}
	return nil
}

func boolean(s string) (value, ok bool) {
	switch strings.TrimSpace(s) {
	case "1", "true":
		return true, true
	case "0", "false":
		return false, true
	}
	return false, false
}

func blank(b []byte) bool {
	for _, c := range b {
		if c != ' ' && c != '\n' && c != '\t' && c != '\r' {
			return false
		}
	}
	return true
}
