package xml

import "strconv"

// writerScope is the namespace bindings in force where a Writer is.
type writerScope struct {
	bindings []Binding
	made     int             // prefixes made up so far
	names    map[Name]string // prefixed names, so that each is put together once
}

func (n *writerScope) reset() {
	n.bindings = n.bindings[:0]
	n.made = 0
}

// find returns what a prefix stands for, and where that was declared.
func (n *writerScope) find(prefix string) (uri string, at int) {
	for i := len(n.bindings) - 1; i >= 0; i-- {
		if n.bindings[i].Prefix == prefix {
			return n.bindings[i].URI, i
		}
	}
	if prefix == "xml" {
		return XMLNamespace, -1
	}
	return "", -1
}

// prefix returns the prefix declared last of those that stand for uri.
func (n *writerScope) prefix(uri string, empty bool) (prefix string, ok bool) {
	if uri == XMLNamespace {
		return "xml", true
	}
	for i := len(n.bindings) - 1; i >= 0; i-- {
		b := &n.bindings[i]
		if b.URI != uri || b.Prefix == "" && !empty {
			continue
		}
		if _, at := n.find(b.Prefix); at == i {
			return b.Prefix, true
		}
	}
	return "", false
}

// fresh makes up a prefix that stands for nothing.
func (n *writerScope) fresh() string {
	for {
		n.made++
		p := "ns" + strconv.Itoa(n.made)
		if _, at := n.find(p); at < 0 {
			return p
		}
	}
}

// qualified puts a name together.
func (n *writerScope) qualified(prefix, local string) string {
	key := Name{prefix, local}
	if name, ok := n.names[key]; ok {
		return name
	}
	if n.names == nil || len(n.names) > 1000 {
		n.names = make(map[Name]string)
	}
	name := prefix + ":" + local
	n.names[key] = name
	return name
}

// declarePending puts the pending declarations that are not in force already in
// force, and returns how many they are.
func (w *Writer) declarePending() int {
	n := 0
	for _, b := range w.pending {
		uri, at := w.ns.find(b.Prefix)
		if uri == b.URI && (at >= 0 || uri == "") {
			continue
		}
		w.ns.bindings = append(w.ns.bindings, b)
		n++
	}
	w.pending = w.pending[:0]
	return n
}

// choosePrefix returns a prefix for an element in space. Declarations of the
// element itself are those from outside on.
func (w *Writer) choosePrefix(space string, outside, declared int) (string, int) {
	if space == "" {
		return "", w.fixPrefix("", "", outside, declared)
	}
	if prefix, ok := w.ns.prefix(space, true); ok {
		return prefix, declared
	}
	prefix := w.ns.fresh()
	return prefix, w.fixPrefix(prefix, space, outside, declared)
}

// fixPrefix makes prefix stand for space on the element that is being started.
func (w *Writer) fixPrefix(prefix, space string, outside, declared int) int {
	uri, at := w.ns.find(prefix)
	switch {
	case uri == space && (at >= 0 || space == "" && prefix == "" || prefix == "xml"):
		return declared
	case at >= outside || space == "" && prefix != "" || prefix == "xml" || prefix == "xmlns" || space == XMLNamespace || space == XMLNSNamespace:
		w.fail(CodeNamespace, "the prefix \""+prefix+"\" cannot stand for \""+space+"\" here")
		return declared
	case prefix != "" && !isNCName(prefix):
		w.fail(CodeSyntax, "\""+prefix+"\" cannot be a prefix")
		return declared
	}
	w.ns.bindings = append(w.ns.bindings, Binding{prefix, space})
	return declared + 1
}

// attrPrefix returns a prefix for an attribute in space and declares one if it
// has to.
func (w *Writer) attrPrefix(preferred, space string) string {
	outside := w.stack[len(w.stack)-1].bindings
	if preferred != "" {
		uri, at := w.ns.find(preferred)
		if uri == space {
			return preferred
		}
		if at < outside && preferred != "xml" && preferred != "xmlns" && isNCName(preferred) && !w.used(preferred) {
			return w.declareInTag(preferred, space)
		}
	}
	if prefix, ok := w.ns.prefix(space, false); ok {
		return prefix
	}
	return w.declareInTag(w.ns.fresh(), space)
}

// used reports whether the open tag has used a prefix already, as its own or
// that of an attribute, so that it cannot be given another meaning in it.
func (w *Writer) used(prefix string) bool {
	uri, _ := w.ns.find(prefix)
	if uri == "" {
		return false
	}
	name := w.stack[len(w.stack)-1].name
	if len(name) > len(prefix) && name[:len(prefix)] == prefix && name[len(prefix)] == ':' {
		return true
	}
	for _, a := range w.attrs[:len(w.attrs)-1] {
		if a.Space == uri {
			return true
		}
	}
	return false
}

func (w *Writer) declareInTag(prefix, space string) string {
	b := Binding{prefix, space}
	w.ns.bindings = append(w.ns.bindings, b)
	w.declaration(b)
	return prefix
}

// declaration writes a declaration into the open tag.
func (w *Writer) declaration(b Binding) {
	w.buf = append(w.buf, " xmlns"...)
	if b.Prefix != "" {
		w.buf = append(append(w.buf, ':'), b.Prefix...)
	}
	w.buf = append(w.buf, '=', '"')
	w.escapeValue(b.URI)
	w.buf = append(w.buf, '"')
}

// QName returns a name to be written into content or into a value, such as
// xsd:base64Binary, with a prefix that is in force. If there is none, that is an
// error.
func (w *Writer) QName(space, local string) string {
	if w.err != nil {
		return ""
	}
	if !isNCName(local) {
		w.fail(CodeSyntax, "\""+local+"\" cannot be a name")
		return ""
	}
	if space == "" {
		if uri, _ := w.ns.find(""); uri != "" {
			w.fail(CodeNamespace, "the name "+local+" is in no namespace, and there is a default namespace in force")
			return ""
		}
		return local
	}
	prefix, ok := w.ns.prefix(space, false)
	if ok {
		return w.ns.qualified(prefix, local)
	}
	if _, ok := w.ns.prefix(space, true); ok {
		return local
	}
	w.fail(CodeNamespace, "no prefix is declared for the namespace "+space+", to which the name "+local+" belongs")
	return ""
}
