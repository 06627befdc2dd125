package sqlsoap

import "github.com/dsmlkit/dsmlkit/xml"

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

// name resolves a QName.
func (s scope) name(text string) (xml.Name, bool) {
	prefix, local := splitQName(text)
	space, ok := s.find(prefix)
	return xml.Name{Space: space, Local: local}, ok
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
		for _, child := range e.Elements() {
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
