package xml

import "bytes"

// IndentOptions says how Indent lays out a document.
type IndentOptions struct {
	// Indent is the number of spaces by which an element is indented in its
	// parent. 0 stands for 2; a negative number takes the white space out
	// instead, so that everything is on one line.
	Indent int
	Limits Limits
}

// Indent lays out a document: every element, comment and processing instruction
// that stands between elements gets a line of its own. White space is changed
// only between the children of an element that contains elements and no text,
// does not stand in text itself, and where xml:space="preserve" is not in force;
// and around the root element.
// White space written as a reference or in a CDATA section counts as text.
// Everything else, the white space inside tags too, stays as it is byte for
// byte, in the encoding in which it is written.
func Indent(text []byte, o IndentOptions) ([]byte, error) {
	var s Scanner
	s.Reset(o.Limits)
	s.Borrow(text)
	list, err := layouts(&s)
	if err != nil {
		return nil, err
	}
	s.Reset(o.Limits)
	s.Borrow(text)
	if o.Indent == 0 {
		o.Indent = 2
	}
	p := printer{s: &s, indent: o.Indent, layouts: list}
	if err := p.print(); err != nil {
		return nil, err
	}
	if o.Indent > 0 && bytes.HasSuffix(s.buf, []byte("\n")) {
		p.out = append(p.out, '\n')
	}
	if s.enc == encUTF8 {
		return p.out, nil
	}
	return s.enc.encode(p.out, s.bom), nil
}

// layout is what an element allows.
type layout uint8

const (
	fixed layout = iota // xml:space="preserve", or no elements in it
	mixed               // text and elements, so that nothing inside may be moved
	free                // only elements
)

// layouts finds out for each element, in the order of the start tags, what it
// allows.
func layouts(s *Scanner) ([]layout, error) {
	type element struct {
		index                    int
		elements, text, preserve bool
	}
	var list []layout
	var stack []element
	for {
		k, err := s.Next()
		if err != nil {
			return nil, err
		}
		switch k {
		case StartElement:
			if n := len(stack); n > 0 {
				stack[n-1].elements = true
			}
			stack = append(stack, element{index: len(list), preserve: s.Space()})
			list = append(list, fixed)
		case Text:
			if !blank(s.Raw()) {
				stack[len(stack)-1].text = true
			}
		case EndElement:
			e := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			switch {
			case e.elements && e.text:
				list[e.index] = mixed
			case e.elements && !e.preserve:
				list[e.index] = free
			}
		case EndDocument:
			return list, nil
		}
	}
}

type printer struct {
	s       *Scanner
	indent  int
	layouts []layout // of the elements still to come
	stack   []layout // of the open ones
	out     []byte
}

func (p *printer) print() error {
	for first := true; ; first = false {
		k, err := p.s.Next()
		if err != nil {
			return err
		}
		if first {
			p.out = append(p.out, p.s.buf[:p.s.start]...)
		}
		raw := p.s.Raw()
		switch k {
		case StartElement:
			p.lineBreak(len(p.stack))
			l := p.layouts[0]
			p.layouts = p.layouts[1:]
			if n := len(p.stack); n > 0 && p.stack[n-1] == mixed {
				l = mixed
			}
			p.stack = append(p.stack, l)
		case EndElement:
			l := p.stack[len(p.stack)-1]
			p.stack = p.stack[:len(p.stack)-1]
			if raw[1] != '/' {
				continue // an empty-element tag, which was written as a start
			}
			if l == free {
				p.newLine(len(p.stack))
			}
		case Text:
			if p.stack[len(p.stack)-1] == free {
				continue
			}
		case Comment, ProcInst:
			p.lineBreak(len(p.stack))
		case EndDocument:
			return nil
		}
		p.out = append(p.out, raw...)
	}
}

// lineBreak goes to a new line where the innermost open element allows it.
func (p *printer) lineBreak(depth int) {
	if n := len(p.stack); n > 0 && p.stack[n-1] != free {
		return
	}
	if len(bytes.TrimPrefix(p.out, []byte("\uFEFF"))) > 0 {
		p.newLine(depth)
	}
}

func (p *printer) newLine(depth int) {
	if p.indent < 0 {
		return
	}
	p.out = append(p.out, '\n')
	for range depth * p.indent {
		p.out = append(p.out, ' ')
	}
}

func blank(b []byte) bool {
	for _, c := range b {
		if class[c]&isSpace == 0 {
			return false
		}
	}
	return true
}
