package session

import (
	"bytes"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// Outgoing is a message ready for HTTP POST.
type Outgoing struct {
	Body        []byte // UTF-8
	ContentType string // D-113
	SOAPAction  string // value of the header, quotes included (D-112); "": no such header
	Step        Step
	Number      int // for Meta.Answers

	others bool // it has header blocks besides that of the session
}

// Wrap makes a message of one step from what a person or a program wants to
// send:
//
//   - nothing but white space: an empty batch, which is a legal one (D-16);
//   - a document: it becomes the payload of a new envelope of version v;
//   - a whole envelope: its session header is set, replaced or, for StepNone,
//     removed, and every other byte stays as it is.
//
// Text in another encoding than UTF-8 is re-encoded. Errors are *xml.Error
// where the text is not well-formed, else *Error: for an envelope without a
// Body, and for an id that cannot be written.
func (d Dialect) Wrap(body []byte, v soap.Version, step Step) (Outgoing, error) {
	p := d.protocol()
	if v == 0 {
		v = soap.V11
	}
	if !sendable(step.ID) {
		return Outgoing{}, &Error{CodeBody, "the session id has characters that cannot stand in XML", "send the id as the server wrote it"}
	}
	var b builder
	others := false
	if len(bytes.TrimSpace(bytes.TrimPrefix(body, byteOrderMark))) == 0 {
		b.envelope(p, v, step, []byte(p.payload()))
	} else {
		body, err := toUTF8(body)
		if err != nil {
			return Outgoing{}, err
		}
		m, err := survey(body, p)
		switch {
		case err != nil:
			return Outgoing{}, err
		case m.version == 0:
			b.envelope(p, v, step, body[m.root.start:m.root.end])
		default:
			v, others = m.version, m.others
			b.insert(p, m, body, step)
		}
	}
	out := Outgoing{Body: b.text, Step: step, others: others}
	action := `"` + p.action() + `"`
	if v == soap.V12 {
		out.ContentType = "application/soap+xml; charset=utf-8; action=" + action
	} else {
		out.ContentType = "text/xml; charset=utf-8"
		out.SOAPAction = action
	}
	return out, nil
}

// place is where an element stands: all of it, and its start tag alone, which
// is all of it for an empty-element tag.
type place struct {
	start, end int
	tag        int // end of the start tag
	prefix     string
}

// layout is where things stand in a message. It is a sink for the message's
// tokens.
type layout struct {
	p       protocol
	version soap.Version // 0: the root is no envelope
	root    place
	header  *place
	blocks  []place // session headers
	others  bool    // there are other header blocks
	body    bool
	open    []*place // those of the above whose end has not come, by depth
}

// survey finds the parts of a message by the positions of its tokens.
func survey(text []byte, p protocol) (*layout, error) {
	m := &layout{p: p}
	if err := xml.Parse(text, xml.Limits{}, m); err != nil {
		return nil, err
	}
	if m.version != 0 && !m.body {
		return nil, &Error{CodeBody, "the envelope has no Body", "put the payload into a Body behind the Header"}
	}
	return m, nil
}

// Token takes one token.
func (m *layout) Token(s *xml.Scanner, k xml.Kind) error {
	depth := s.Depth()
	switch {
	case k == xml.StartElement:
		p, err := m.wanted(s.Name(), depth)
		if err != nil {
			return err
		}
		if p != nil {
			*p = place{start: int(s.Pos().Offset), tag: int(s.EndPos().Offset), prefix: s.Prefix()}
			m.open = append(m.open, p)
		}
	case k == xml.EndElement && depth == len(m.open):
		m.open[depth-1].end = int(s.EndPos().Offset)
		m.open = m.open[:depth-1]
	}
	return nil
}

// wanted returns where to note the place of an element, nil for those that do
// not matter. An element matters only inside one that does, so its depth is the
// number of those that are open.
func (m *layout) wanted(name xml.Name, depth int) (*place, error) {
	switch {
	case depth == 1:
		var err error
		m.version, err = envelope(name)
		return &m.root, err
	case m.version == 0 || depth != len(m.open)+1:
		return nil, nil
	case depth == 3:
		if m.p.mine(name) {
			m.blocks = append(m.blocks, place{})
			return &m.blocks[len(m.blocks)-1], nil
		}
		m.others = true
	case depth == 2 && name.Space == m.version.Namespace():
		switch {
		case name.Local == "Body":
			m.body = true
		case name.Local == "Header" && m.header == nil && !m.body:
			m.header = new(place)
			return m.header, nil
		}
	}
	return nil, nil
}

// envelope returns the version of an envelope, 0 for another element.
func envelope(n xml.Name) (soap.Version, error) {
	if n.Local != "Envelope" {
		return 0, nil
	}
	switch n.Space {
	case soap.NS11:
		return soap.V11, nil
	case soap.NS12:
		return soap.V12, nil
	}
	return 0, &Error{CodeBody, "the Envelope is in no SOAP namespace, so it cannot carry a session header", `did you mean xmlns:soap="` + soap.NS11 + `"?`}
}

// builder puts a message together.
type builder struct{ text []byte }

func (b *builder) add(s string) { b.text = append(b.text, s...) }

// attr writes an attribute so that it is read back as it is, white space
// included.
func (b *builder) attr(name, value string) {
	b.add(" " + name + `="`)
	for i := range len(value) {
		switch c := value[i]; c {
		case '&':
			b.add("&amp;")
		case '<':
			b.add("&lt;")
		case '"':
			b.add("&quot;")
		case '\t':
			b.add("&#9;")
		case '\n':
			b.add("&#10;")
		case '\r':
			b.add("&#13;")
		default:
			b.text = append(b.text, c)
		}
	}
	b.add(`"`)
}

// envelope writes a new envelope around a payload.
func (b *builder) envelope(p protocol, v soap.Version, step Step, payload []byte) {
	const prefix = soap.DefaultPrefix
	b.add("<" + prefix + ":Envelope")
	b.attr("xmlns:"+prefix, v.Namespace())
	b.add(">")
	if step.Kind != StepNone {
		b.add("<" + prefix + ":Header>")
		p.block(b, step, prefix+":mustUnderstand")
		b.add("</" + prefix + ":Header>")
	}
	b.add("<" + prefix + ":Body>")
	b.text = append(b.text, payload...)
	b.add("</" + prefix + ":Body></" + prefix + ":Envelope>")
}

// insert copies an envelope and sets its session header: in the place of the
// first one that stands there, else as the first block.
func (b *builder) insert(p protocol, m *layout, text []byte, step Step) {
	copied := 0
	upTo := func(end int) {
		b.text = append(b.text, text[copied:end]...)
		copied = end
	}
	prefix := m.root.prefix
	if m.header != nil {
		prefix = m.header.prefix
	}
	block := func() {
		if step.Kind != StepNone {
			b.block(p, step, prefix, m.version)
		}
	}
	switch {
	case len(m.blocks) > 0:
		for i, old := range m.blocks {
			upTo(old.start)
			if i == 0 {
				block()
			}
			copied = old.end
		}
	case step.Kind == StepNone:
	case m.header == nil:
		upTo(m.root.tag)
		name := qualified(prefix, "Header")
		b.add("<" + name + ">")
		block()
		b.add("</" + name + ">")
	case m.header.tag == m.header.end: // an empty-element tag
		upTo(m.header.tag - len("/>"))
		b.add(">")
		block()
		b.add("</" + qualified(prefix, "Header") + ">")
		copied = m.header.end
	default:
		upTo(m.header.tag)
		block()
	}
	upTo(len(text))
}

// block writes a session header into an envelope whose elements have the
// prefix. mustUnderstand needs a prefix, and one that the block does not
// declare anew, so it gets its own where the envelope has none to lend.
func (b *builder) block(p protocol, step Step, prefix string, v soap.Version) {
	own := prefix == "" || prefix == dsmlPrefix || prefix == sqlPrefix
	if own {
		prefix = soap.DefaultPrefix
	}
	at := len(b.text)
	p.block(b, step, prefix+":mustUnderstand")
	if !own {
		return
	}
	// The declaration goes behind the element's name.
	rest := b.text[at:]
	i := bytes.IndexByte(rest, ' ')
	tail := bytes.Clone(rest[i:])
	b.text = b.text[:at+i]
	b.attr("xmlns:"+prefix, v.Namespace())
	b.text = append(b.text, tail...)
}

func qualified(prefix, local string) string {
	if prefix == "" {
		return local
	}
	return prefix + ":" + local
}
