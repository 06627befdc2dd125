package main

import "github.com/dsmlkit/dsmlkit/xml"

// outerElement writes an element with its text, as header blocks, children of
// a body and details have it.
func (a *answer) outerElement(e *xml.Element) {
	o := a.object()
	o.element(e)
	o.end()
}

// element writes the properties of an outer element.
func (o *object) element(e *xml.Element) {
	o.tree(e)
	w := xml.NewWriter(xml.WriterOptions{})
	w.Element(e)
	// What was read can be written; if not, the structure stands alone.
	if w.Err() == nil {
		o.key("xml").text(string(w.Bytes()))
	}
}

// tree writes the structure of an element and of what is in it.
func (o *object) tree(e *xml.Element) {
	a := o.a
	o.key("name").text(e.Name.Local)
	o.key("namespace").text(e.Name.Space)
	o.opt("prefix", e.Prefix)
	if len(e.Namespaces) > 0 {
		o.key("namespaces").list(len(e.Namespaces))
		for _, b := range e.Namespaces {
			n := a.object()
			n.key("prefix").text(b.Prefix)
			n.key("namespace").text(b.URI)
			n.end()
		}
	}
	if len(e.Attrs) > 0 {
		o.key("attributes").list(len(e.Attrs))
		for i := range e.Attrs {
			attr := a.object()
			attr.key("name").text(e.Attrs[i].Name.Local)
			attr.key("namespace").text(e.Attrs[i].Name.Space)
			attr.opt("prefix", e.Attrs[i].Prefix)
			attr.key("value").text(e.Attrs[i].Value)
			attr.end()
		}
	}
	n := 0
	for i := range e.Children {
		if isContent(&e.Children[i]) {
			n++
		}
	}
	if n == 0 {
		return
	}
	o.key("children").list(n)
	for i := range e.Children {
		child := &e.Children[i]
		switch {
		case !isContent(child):
		case child.Element != nil:
			sub := a.object()
			sub.tree(child.Element)
			sub.end()
		default:
			a.text(child.Text)
		}
	}
}

// isContent tells elements and text from comments and processing instructions,
// which are in the element's text only.
func isContent(n *xml.Node) bool { return n.Element != nil || n.Kind == xml.TextNode }
