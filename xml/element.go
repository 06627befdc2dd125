package xml

import "strings"

// Element is an element with all it contains, for what has no type of its own:
// header blocks nobody knows, the detail of a fault. Written with
// Writer.Element it means what it meant where it was read.
type Element struct {
	Name       Name
	Prefix     string // as written
	Attrs      []ElementAttr
	Namespaces []Binding // declared on it; on the topmost element also those it uses from around it
	Children   []Node
	Pos        Position // of its start tag; zero when it was not read
}

// ElementAttr is an attribute of an Element.
type ElementAttr struct {
	Name   Name
	Prefix string
	Value  string
}

// NodeKind says which of its fields a Node uses.
type NodeKind uint8

// The kinds of nodes. The zero value is text, or the element if there is one.
const (
	TextNode     NodeKind = iota // Text, or Element when that is set
	CommentNode                  // Text
	ProcInstNode                 // Target and Text
)

// Node is what an element contains: an element, text, a comment or a processing
// instruction.
type Node struct {
	Kind    NodeKind
	Element *Element
	Text    string
	Target  string
}

// Text returns the text directly in the element, without comments and without
// that of elements in it.
func (e *Element) Text() string {
	if e == nil {
		return ""
	}
	if len(e.Children) == 1 && e.Children[0].isText() {
		return e.Children[0].Text
	}
	var b strings.Builder
	for _, n := range e.Children {
		if n.isText() {
			b.WriteString(n.Text)
		}
	}
	return b.String()
}

func (n *Node) isText() bool { return n.Kind == TextNode && n.Element == nil }

// AllText returns all the text in the element and in the elements in it.
func (e *Element) AllText() string {
	var b strings.Builder
	e.allText(&b)
	return b.String()
}

func (e *Element) allText(b *strings.Builder) {
	if e == nil {
		return
	}
	for _, n := range e.Children {
		if n.Element != nil {
			n.Element.allText(b)
		} else if n.isText() {
			b.WriteString(n.Text)
		}
	}
}

// Find returns the first child element with this name, or nil. A nil Element
// has no children, so that calls can be chained.
func (e *Element) Find(space, local string) *Element {
	if e == nil {
		return nil
	}
	for _, n := range e.Children {
		if n.Element != nil && n.Element.Name.Local == local && n.Element.Name.Space == space {
			return n.Element
		}
	}
	return nil
}

// Elements returns the child elements.
func (e *Element) Elements() []*Element {
	if e == nil {
		return nil
	}
	var list []*Element
	for _, n := range e.Children {
		if n.Element != nil {
			list = append(list, n.Element)
		}
	}
	return list
}

// Attr returns the value of an attribute.
func (e *Element) Attr(space, local string) (value string, ok bool) {
	if e == nil {
		return "", false
	}
	for i := range e.Attrs {
		if a := &e.Attrs[i]; a.Name.Local == local && a.Name.Space == space {
			return a.Value, true
		}
	}
	return "", false
}

// content reports whether there is an element among the children, and whether
// there is text that is not white space.
func (e *Element) content() (hasElements, hasText bool) {
	for i := range e.Children {
		n := &e.Children[i]
		switch {
		case n.Element != nil:
			hasElements = true
		case n.isText() && strings.Trim(n.Text, " \t\r\n") != "":
			hasText = true
		}
	}
	return hasElements, hasText
}
