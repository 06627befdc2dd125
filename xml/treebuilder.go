package xml

import "strings"

// TreeBuilder is a Sink that builds an Element from the first StartElement it
// is handed to the EndElement that belongs to it. The zero value is ready.
type TreeBuilder struct {
	root  *Element
	stack []*Element
	done  bool
}

// Reset makes the TreeBuilder ready for another element.
func (t *TreeBuilder) Reset() { *t = TreeBuilder{stack: t.stack[:0]} }

// Done reports whether the element is complete.
func (t *TreeBuilder) Done() bool { return t.done }

// Element returns the element, or nil if it has not begun.
func (t *TreeBuilder) Element() *Element { return t.root }

// Token takes the next token. What comes after the element is not looked at.
func (t *TreeBuilder) Token(s *Scanner, k Kind) error {
	if t.done {
		return nil
	}
	switch k {
	case StartElement:
		t.start(s)
	case EndElement:
		if n := len(t.stack); n > 0 {
			t.stack = t.stack[:n-1]
			t.done = n == 1
		}
	case Text:
		if n := len(t.stack); n > 0 {
			t.text(s, t.stack[n-1])
		}
	case Comment:
		t.add(Node{Kind: CommentNode, Text: string(s.Text())})
	case ProcInst:
		t.add(Node{Kind: ProcInstNode, Target: s.Name().Local, Text: string(s.Text())})
	}
	return nil
}

func (t *TreeBuilder) add(n Node) {
	if len(t.stack) > 0 {
		e := t.stack[len(t.stack)-1]
		e.Children = append(e.Children, n)
	}
}

func (t *TreeBuilder) start(s *Scanner) {
	e := &Element{Name: s.Name(), Prefix: s.Prefix(), Pos: s.Pos()}
	e.Namespaces = append(e.Namespaces, s.Declared()...)
	if t.root == nil {
		t.root = e
	}
	t.add(Node{Element: e})
	t.stack = append(t.stack, e)
	t.need(s, e.Prefix)
	for _, a := range s.Attrs() {
		value := string(a.Value)
		e.Attrs = append(e.Attrs, ElementAttr{Name: a.Name, Prefix: a.Prefix, Value: value})
		if a.Prefix != "" {
			t.need(s, a.Prefix)
		}
		t.needInContent(s, value)
	}
}

func (t *TreeBuilder) text(s *Scanner, e *Element) {
	text := string(s.Text())
	if text == "" { // an empty CDATA section
		return
	}
	t.needInContent(s, text)
	// Text that a CDATA section divides is one text.
	if n := len(e.Children); n > 0 && e.Children[n-1].isText() {
		e.Children[n-1].Text += text
		return
	}
	e.Children = append(e.Children, Node{Text: text})
}

// need makes sure that the tree knows what a prefix stands for where it is used,
// also when the declaration is outside.
func (t *TreeBuilder) need(s *Scanner, prefix string) {
	if prefix == "xml" || prefix == "xmlns" { // these need no declaration, and can have none
		return
	}
	for _, e := range t.stack {
		for _, b := range e.Namespaces {
			if b.Prefix == prefix {
				return
			}
		}
	}
	if uri, ok := s.Namespace(prefix); ok && uri != "" {
		t.root.Namespaces = append(t.root.Namespaces, Binding{prefix, uri})
	}
}

// needInContent does the same for a value that looks like a name with a prefix,
// as that of xsi:type is or a fault code. Whether it is one, only its reader
// knows; a declaration too many does no harm.
func (t *TreeBuilder) needInContent(s *Scanner, value string) {
	value = strings.Trim(value, " \t\r\n")
	colon := strings.IndexByte(value, ':')
	if colon <= 0 || len(value) > DefaultNameLength || badName([]byte(value)) >= 0 {
		return
	}
	if _, ok := s.Namespace(value[:colon]); ok {
		t.need(s, value[:colon])
	}
}

// ParseElement reads a document into a tree.
func ParseElement(text []byte, l Limits) (*Element, error) {
	var t TreeBuilder
	if err := Parse(text, l, &t); err != nil {
		return nil, err
	}
	return t.root, nil
}
