package xml

import "strconv"

// Namespaces that are bound to a prefix in every document.
const (
	// XMLNamespace is that of the prefix xml.
	XMLNamespace = "http://www.w3.org/XML/1998/namespace"
	// XMLNSNamespace is that of namespace declarations.
	XMLNSNamespace = "http://www.w3.org/2000/xmlns/"
)

// Binding is a prefix and the namespace it stands for. The empty prefix is the
// default namespace; the empty URI takes the default namespace away.
type Binding struct{ Prefix, URI string }

// push opens the element whose tag ends at end: it resolves the names and
// checks what can only be checked when the whole tag is known.
func (s *Scanner) push(q *qname, at, end int) (Kind, error) {
	if len(s.stack) >= s.limits.Depth {
		return s.deep()
	}
	outside, scope := len(s.bindings), s.scope
	if len(s.decls) > 0 && !s.declare(outside) {
		return NeedInput, s.err
	}
	if q.scope != s.scope {
		space, ok := s.lookup(q.prefix)
		if !ok || q.prefix == "xmlns" {
			return s.unbound(at+1, q.prefix)
		}
		q.space, q.scope = space, s.scope
	}
	preserve := s.Space()
	if len(s.attrs) > 0 {
		ok := true
		if preserve, ok = s.resolveAttrs(preserve); !ok {
			return NeedInput, s.err
		}
	}
	n := len(s.stack)
	if n == cap(s.stack) {
		s.stack = append(s.stack, open{})
	} else {
		s.stack = s.stack[:n+1]
	}
	top := &s.stack[n] // field by field is quicker than a whole open
	top.name, top.space, top.scope, top.bindings, top.preserve = q, q.space, scope, int32(outside), preserve
	top.at = at
	s.rooted = true
	return s.done(StartElement, end)
}

// pop closes the innermost element.
func (s *Scanner) pop() {
	top := &s.stack[len(s.stack)-1]
	s.bindings = s.bindings[:top.bindings]
	s.scope = top.scope
	s.stack = s.stack[:len(s.stack)-1]
	s.low = min(s.low, len(s.stack))
}

// declare puts the declarations of a tag in force.
func (s *Scanner) declare(outside int) bool {
	for _, d := range s.decls {
		uri := s.uris.get(d.uri)
		var message, hint string
		switch {
		case d.prefix == "xmlns":
			message = "the prefix xmlns cannot be declared"
		case (d.prefix == "xml") != (uri == XMLNamespace):
			message = "the prefix xml and the namespace " + XMLNamespace + " belong together and to nothing else"
		case uri == XMLNSNamespace:
			message = "the namespace " + XMLNSNamespace + " cannot be bound to a prefix"
		case uri == "" && d.prefix != "":
			message, hint = "the prefix "+d.prefix+" is declared as the empty namespace", "only the default namespace can be taken away, with xmlns=\"\""
		}
		for _, b := range s.bindings[outside:] {
			if message == "" && b.Prefix == d.prefix {
				message, hint = "the same namespace declaration stands twice in one tag", "keep one of them"
				s.fail(d.at, CodeSyntax, message, hint)
				return false
			}
		}
		if message != "" {
			s.fail(d.at, CodeNamespace, message, hint)
			return false
		}
		if len(s.bindings) >= s.limits.Namespaces {
			s.fail(d.at, CodeLimit, "more than "+strconv.Itoa(s.limits.Namespaces)+" namespace declarations are in force", raise("Namespaces"))
			return false
		}
		s.bindings = append(s.bindings, Binding{d.prefix, uri})
	}
	s.scopes++
	s.scope = s.scopes
	return true
}

// lookup returns the namespace of a prefix that is in force.
func (s *Scanner) lookup(prefix string) (uri string, ok bool) {
	for i := len(s.bindings) - 1; i >= 0; i-- {
		if b := &s.bindings[i]; b.Prefix == prefix {
			return b.URI, true
		}
	}
	switch prefix {
	case "":
		return "", true
	case "xml":
		return XMLNamespace, true
	case "xmlns":
		return XMLNSNamespace, true
	}
	return "", false
}

// manyAttributes is the number of attributes from which on a table is quicker
// than comparing each with each.
const manyAttributes = 16

// resolveAttrs expands the names of the attributes and checks that they differ.
func (s *Scanner) resolveAttrs(preserve bool) (bool, bool) {
	many := len(s.attrs) > manyAttributes
	if many {
		if s.seen == nil {
			s.seen = make(map[Name]struct{})
		}
		clear(s.seen)
	}
	for i := range s.attrs {
		a := &s.attrs[i]
		if a.Prefix != "" {
			space, ok := s.lookup(a.Prefix)
			if !ok {
				s.unbound(s.attrAt[i], a.Prefix)
				return false, false
			}
			a.Name.Space = space
			if space == XMLNamespace && a.Name.Local == "space" {
				s.spaced = true
				switch string(a.Value) {
				case "preserve":
					preserve = true
				case "default":
					preserve = false
				}
			}
		}
		if many {
			if _, dup := s.seen[a.Name]; dup {
				s.duplicate(i)
				return false, false
			}
			s.seen[a.Name] = struct{}{}
			continue
		}
		for j := range s.attrs[:i] {
			if s.attrs[j].Name == a.Name {
				s.duplicate(i)
				return false, false
			}
		}
	}
	return preserve, true
}

func (s *Scanner) duplicate(i int) {
	a := &s.attrs[i]
	if a.Name.Space == "" {
		s.fail(s.attrAt[i], CodeSyntax, "the attribute "+a.Name.Local+" stands twice in one tag", "keep one of them")
		return
	}
	for j := range s.attrs[:i] {
		if b := &s.attrs[j]; b.Name == a.Name && b.Prefix != a.Prefix {
			s.fail(s.attrAt[i], CodeNamespace, "the attributes "+b.Prefix+":"+b.Name.Local+" and "+a.Prefix+":"+a.Name.Local+" are the same one",
				"both prefixes stand for "+excerpt(a.Name.Space))
			return
		}
	}
	s.fail(s.attrAt[i], CodeSyntax, "the attribute "+a.Prefix+":"+a.Name.Local+" stands twice in one tag", "keep one of them")
}

func (s *Scanner) unbound(at int, prefix string) (Kind, error) {
	if prefix == "xmlns" {
		return s.fail(at, CodeNamespace, "an element cannot have the prefix xmlns", "")
	}
	return s.fail(at, CodeNamespace, "the prefix "+prefix+" is not bound to a namespace", "declare it, on this element or around it: xmlns:"+prefix+"=\"...\"")
}

// Namespace returns the namespace that a prefix stands for at the current
// token, for names that occur in content, such as the value of xsi:type. The
// empty prefix asks for the default namespace, which is always known. The prefix
// xmlns stands for none there: it declares others, and no name may have it.
func (s *Scanner) Namespace(prefix string) (uri string, ok bool) {
	if prefix == "xmlns" {
		return "", false
	}
	return s.lookup(prefix)
}

// Declared returns the namespace declarations of the innermost open element.
// They stay valid until the next call of Next.
func (s *Scanner) Declared() []Binding {
	if len(s.stack) == 0 {
		return nil
	}
	return s.bindings[s.stack[len(s.stack)-1].bindings:]
}
