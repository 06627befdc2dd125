package xml

import "unicode/utf8"

// WriterOptions says how a Writer lays out its document.
type WriterOptions struct {
	// Indent is the number of spaces by which an element is indented in its
	// parent. 0 writes no white space at all.
	Indent int
	// Declaration asks for <?xml version="1.0" encoding="UTF-8"?>.
	Declaration bool
}

// Writer writes one document, in UTF-8. What it is asked to write and what
// would not be well-formed makes an error that stays; after an error nothing
// more is written. The errors are *Error without a position.
type Writer struct {
	options WriterOptions
	buf     []byte
	spare   []byte // the buffer that Take gave out before
	taken   int    // bytes given out by Take
	tag     int    // where the start tag that is still open begins in buf, or -1
	stack   []level
	pending []Binding // declared for the next element
	attrs   []Name    // of the open tag
	ns      writerScope
	rooted  bool
	err     *Error
}

// level is an element that is open.
type level struct {
	name     string // as written
	bindings int    // number of bindings outside it
	elements bool   // has child elements, comments or processing instructions
	text     bool   // has text, so that white space in it means something
	inText   bool   // stands in text, and is part of it
	preserve bool   // xml:space="preserve" is in force
	breaks   []int  // where in the document line breaks were put into it
}

// free reports whether white space may be put between the children.
func (l *level) free() bool { return !l.text && !l.inText && !l.preserve }

// NewWriter returns a Writer.
func NewWriter(o WriterOptions) *Writer {
	w := &Writer{options: o}
	w.Reset()
	return w
}

// Reset begins another document. It keeps the memory, so that what Bytes and
// Take have returned is no longer valid.
func (w *Writer) Reset() {
	w.buf, w.taken, w.tag = w.buf[:0], 0, -1
	w.stack, w.pending, w.attrs = w.stack[:0], w.pending[:0], w.attrs[:0]
	w.ns.reset()
	w.rooted, w.err = false, nil
	if w.options.Declaration {
		w.buf = append(w.buf, `<?xml version="1.0" encoding="UTF-8"?>`...)
	}
}

// Prefix declares a prefix on the next element to be started. The empty prefix
// declares the default namespace. A declaration that is in force already is not
// repeated.
func (w *Writer) Prefix(prefix, uri string) {
	switch {
	case w.err != nil:
		return
	case prefix == "xmlns", prefix == "xml" && uri != XMLNamespace, prefix != "xml" && uri == XMLNamespace, uri == XMLNSNamespace:
		w.fail(CodeNamespace, "the prefix \""+prefix+"\" cannot stand for \""+uri+"\"")
		return
	case prefix == "xml":
		return
	case prefix != "" && uri == "":
		w.fail(CodeNamespace, "the prefix "+prefix+" cannot be declared as the empty namespace")
		return
	case prefix != "" && !isNCName(prefix):
		w.fail(CodeSyntax, "\""+prefix+"\" cannot be a prefix")
		return
	}
	for i := range w.pending {
		if b := &w.pending[i]; b.Prefix == prefix {
			if b.URI != uri {
				w.fail(CodeNamespace, "the prefix \""+prefix+"\" is declared twice on one element")
			}
			return
		}
	}
	w.pending = append(w.pending, Binding{prefix, uri})
}

// Start begins an element. Of the prefixes that stand for space it takes the
// one declared last; if there is none it declares one.
func (w *Writer) Start(space, local string) { w.start("", false, space, local) }

// StartPrefix begins an element with the prefix that is given. If that stands
// for another namespace it is declared anew.
func (w *Writer) StartPrefix(prefix, space, local string) { w.start(prefix, true, space, local) }

func (w *Writer) start(prefix string, fixed bool, space, local string) {
	if w.err != nil {
		return
	}
	if !isNCName(local) {
		w.fail(CodeSyntax, "\""+local+"\" cannot be the name of an element")
		return
	}
	if len(w.stack) == 0 && w.rooted {
		w.fail(CodeSyntax, "a document cannot have a second root element, <"+local+">")
		return
	}
	w.closeTag()
	w.child()
	outside := len(w.ns.bindings)
	declared := w.declarePending()
	if fixed {
		declared = w.fixPrefix(prefix, space, outside, declared)
	} else {
		prefix, declared = w.choosePrefix(space, outside, declared)
	}
	if w.err != nil {
		return
	}
	name := local
	if prefix != "" {
		name = w.ns.qualified(prefix, local)
	}
	w.tag = len(w.buf)
	w.buf = append(append(w.buf, '<'), name...)
	preserve, inText := false, false
	if n := len(w.stack); n > 0 {
		preserve = w.stack[n-1].preserve
		inText = w.stack[n-1].text || w.stack[n-1].inText
	}
	w.pushLevel(level{name: name, bindings: outside, preserve: preserve, inText: inText})
	for _, b := range w.ns.bindings[outside : outside+declared] {
		w.declaration(b)
	}
	w.attrs = w.attrs[:0]
	w.rooted = true
}

// pushLevel keeps the memory that an element at this depth used before.
func (w *Writer) pushLevel(l level) {
	if n := len(w.stack); n < cap(w.stack) {
		l.breaks = w.stack[:n+1][n].breaks[:0]
	}
	w.stack = append(w.stack, l)
}

// Attr gives the element that was just started an attribute. An attribute in a
// namespace gets a prefix that stands for it, which is declared if there is
// none.
//
//go:noinline
func (w *Writer) Attr(space, local, value string) { w.attr("", space, local, value) }

// attr is Attr with a prefix to prefer.
func (w *Writer) attr(prefix, space, local, value string) {
	switch {
	case w.err != nil:
		return
	case w.tag < 0:
		w.fail(CodeSyntax, "there is no start tag to which the attribute "+local+" could belong")
		return
	case !isNCName(local):
		w.fail(CodeSyntax, "\""+local+"\" cannot be the name of an attribute")
		return
	case space == XMLNSNamespace, space == "" && local == "xmlns":
		w.fail(CodeNamespace, "namespaces are declared with Prefix, not with Attr")
		return
	}
	name := Name{space, local}
	for _, a := range w.attrs {
		if a == name {
			w.fail(CodeSyntax, "the attribute "+local+" would stand twice in one tag")
			return
		}
	}
	w.attrs = append(w.attrs, name)
	if space != "" {
		prefix = w.attrPrefix(prefix, space)
		w.buf = append(append(append(w.buf, ' '), prefix...), ':')
	} else {
		w.buf = append(w.buf, ' ')
	}
	w.buf = append(append(w.buf, local...), '=', '"')
	w.escapeValue(value)
	w.buf = append(w.buf, '"')
	if space == XMLNamespace && local == "space" {
		top := &w.stack[len(w.stack)-1]
		top.preserve = value == "preserve" || top.preserve && value != "default"
	}
}

// End ends the innermost element. One without content is written as an
// empty-element tag.
func (w *Writer) End() {
	if w.err != nil {
		return
	}
	n := len(w.stack)
	if n == 0 {
		w.fail(CodeSyntax, "there is no open element to end")
		return
	}
	top := &w.stack[n-1]
	if w.tag >= 0 {
		w.buf = append(w.buf, '/', '>')
		w.tag = -1
	} else {
		if top.elements && top.free() {
			w.lineBreak(n - 1)
		}
		w.buf = append(append(append(w.buf, '<', '/'), top.name...), '>')
	}
	w.ns.bindings = w.ns.bindings[:top.bindings]
	w.stack = w.stack[:n-1]
}

// Empty writes an element without attributes and content.
func (w *Writer) Empty(space, local string) {
	w.Start(space, local)
	w.End()
}

// closeTag ends the start tag that is open.
func (w *Writer) closeTag() {
	if w.tag >= 0 {
		w.buf = append(w.buf, '>')
		w.tag = -1
	}
}

// child prepares for a child that is not text.
func (w *Writer) child() {
	n := len(w.stack)
	if n == 0 {
		if len(w.buf) > 0 || w.taken > 0 {
			w.lineBreak(0)
		}
		return
	}
	top := &w.stack[n-1]
	top.elements = true
	if w.options.Indent > 0 && top.free() {
		top.breaks = append(top.breaks, w.taken+len(w.buf))
		w.lineBreak(n)
	}
}

// lineBreak goes to a new line at some depth.
func (w *Writer) lineBreak(depth int) {
	if w.options.Indent <= 0 {
		return
	}
	w.buf = append(w.buf, '\n')
	for range depth * w.options.Indent {
		w.buf = append(w.buf, ' ')
	}
}

// mixed is called when text is written into the innermost element. Line breaks
// that were put into it before would now be read as part of the text: they are
// taken out again.
func (w *Writer) mixed() bool {
	top := &w.stack[len(w.stack)-1]
	if top.text {
		return true
	}
	top.text = true
	if len(top.breaks) == 0 {
		return true
	}
	if top.breaks[0] < w.taken {
		w.fail(CodeSyntax, "text follows child elements that are indented and were taken already")
		return false
	}
	size := 1 + len(w.stack)*w.options.Indent
	to := top.breaks[0] - w.taken
	for i, at := range top.breaks {
		from := at - w.taken + size
		end := len(w.buf)
		if i+1 < len(top.breaks) {
			end = top.breaks[i+1] - w.taken
		}
		to += copy(w.buf[to:], w.buf[from:end])
	}
	w.buf = w.buf[:to]
	top.breaks = top.breaks[:0]
	return true
}

//go:noinline
func (w *Writer) fail(code, message string) {
	if w.err == nil {
		w.err = &Error{Code: code, Message: message}
	}
}

// Err returns the first error.
func (w *Writer) Err() error {
	if w.err == nil {
		return nil
	}
	return w.err
}

// Close checks that the document is complete and returns the first error.
func (w *Writer) Close() error {
	switch {
	case w.err != nil:
	case len(w.stack) > 0:
		w.fail(CodeSyntax, "the element <"+w.stack[len(w.stack)-1].name+"> is not ended")
	case !w.rooted:
		w.fail(CodeSyntax, "a document needs a root element")
	}
	return w.Err()
}

// Bytes returns the document, or what of it was not taken yet, once it is
// complete. When there is an error, or the document is not complete, which then
// is an error, it returns nil.
func (w *Writer) Bytes() []byte {
	if w.Close() != nil {
		return nil
	}
	return w.buf
}

// Len returns the number of bytes written so far that were not taken.
func (w *Writer) Len() int { return len(w.buf) }

// Take returns what can be sent already and goes on behind it. It is valid until
// the next call of Take. After an error it returns nil.
func (w *Writer) Take() []byte {
	if w.err != nil {
		return nil
	}
	end := len(w.buf)
	if w.tag >= 0 {
		end = w.tag
	}
	out := w.buf[:end:end]
	w.buf, w.spare = append(w.spare[:0], w.buf[end:]...), w.buf
	w.taken += end
	if w.tag >= 0 {
		w.tag = 0
	}
	for i := range w.stack {
		// One break that cannot be taken back is enough to know.
		if b := w.stack[i].breaks; len(b) > 1 {
			w.stack[i].breaks = b[:1]
		}
	}
	return out
}

func isNCName(s string) bool {
	for i := 0; i < len(s); {
		c := s[i]
		if c < 0x80 {
			if class[c]&isName == 0 || c == ':' || i == 0 && class[c]&isStart == 0 {
				return false
			}
			i++
			continue
		}
		n := character(s, i)
		if n <= 0 {
			return false
		}
		if r, _ := utf8.DecodeRuneInString(s[i:]); !isNameChar(r) || i == 0 && !isNameStart(r) {
			return false
		}
		i += n
	}
	return s != ""
}
