package sqlsoap

import "github.com/dsmlkit/dsmlkit/xml"

// attr, childElements and find are those of xml, kept out of line like problems.fail.
//
//go:noinline
func attr(e *xml.Element, space, local string) (string, bool) { return e.Attr(space, local) }

//go:noinline
func childElements(e *xml.Element) []*xml.Element { return e.Elements() }

//go:noinline
func find(e *xml.Element, space, local string) *xml.Element { return e.Find(space, local) }

// is compares a name.
//
//go:noinline
func is(n xml.Name, space, local string) bool { return n.Local == local && n.Space == space }

// scope is the namespace declarations that are in force at an element of a tree,
// the innermost last.
type scope []xml.Binding

//go:noinline
func (s scope) within(e *xml.Element) scope {
	return append(s[:len(s):len(s)], e.Namespaces...)
}

func (s scope) find(prefix string) (uri string, ok bool) {
	for i := len(s) - 1; i >= 0; i-- {
		if s[i].Prefix == prefix {
			return s[i].URI, true
		}
	}
	return "", prefix == ""
}

// name resolves a QName. One without a namespace, or with a prefix that is not
// known, is in none.
func (s scope) name(text string) xml.Name {
	prefix, local := splitQName(text)
	space, _ := s.find(prefix)
	return xml.Name{Space: space, Local: local}
}

// selfContained returns a copy of an element that carries the declarations it
// uses from around it.
func selfContained(e *xml.Element, around scope) *xml.Element {
	c := *e
	c.Namespaces = append([]xml.Binding(nil), e.Namespaces...)
	var need func(e *xml.Element, inside scope)
	add := func(prefix string, inside scope) {
		if prefix == "xml" {
			return
		}
		if declares(inside, prefix) || declares(c.Namespaces, prefix) {
			return
		}
		if uri, ok := around.find(prefix); ok && uri != "" {
			c.Namespaces = append(c.Namespaces, xml.Binding{Prefix: prefix, URI: uri})
		}
	}
	need = func(e *xml.Element, inside scope) {
		inside = inside.within(e)
		add(e.Prefix, inside)
		value := func(s string) {
			if prefix, _ := splitQName(s); prefix != "" {
				add(prefix, inside)
			}
		}
		for _, a := range e.Attrs {
			if a.Prefix != "" {
				add(a.Prefix, inside)
			}
			value(a.Value)
		}
		value(e.Text())
		for _, child := range childElements(e) {
			need(child, inside)
		}
	}
	need(e, nil)
	return unplace(&c)
}

func declares(s []xml.Binding, prefix string) bool {
	for _, b := range s {
		if b.Prefix == prefix {
			return true
		}
	}
	return false
}
