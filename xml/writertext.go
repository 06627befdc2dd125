package xml

import (
	"strings"
	"unicode/utf8"
)

// Text writes text into the innermost element.
func (w *Writer) Text(s string) {
	if len(s) > 0 && w.content() {
		writeEscaped(w, s, false)
	}
}

// TextBytes is Text for bytes, which are not kept.
func (w *Writer) TextBytes(b []byte) {
	if len(b) > 0 && w.content() {
		writeEscaped(w, b, false)
	}
}

// escapeValue writes an attribute value.
func (w *Writer) escapeValue(s string) { writeEscaped(w, s, true) }

// content prepares for text.
func (w *Writer) content() bool {
	if w.err != nil {
		return false
	}
	if len(w.stack) == 0 {
		w.fail(CodeSyntax, "there cannot be text outside the root element")
		return false
	}
	w.closeTag()
	return w.mixed()
}

// writeEscaped writes s so that a reader gives back the same characters. CR is
// always a reference, because a reader makes LF of it; in a value so are tab
// and LF, because a reader makes a space of them.
func writeEscaped[T string | []byte](w *Writer, s T, value bool) {
	quotes := uint64('"' * ones)
	if !value {
		quotes = '<' * ones
	}
	clean, i := 0, 0
	for {
		for i+8 <= len(s) {
			if m := escapeMask(load(s, i), quotes); m != 0 {
				i += firstByte(m)
				break
			}
			i += 8
		}
		if i >= len(s) {
			break
		}
		c := s[i]
		if c >= 0x80 {
			n := character(s, i)
			if n <= 0 {
				w.refuse(string(s[i:min(i+utf8.UTFMax, len(s))]))
				return
			}
			i += n
			continue
		}
		var escape string
		switch {
		case c == '<':
			escape = "&lt;"
		case c == '&':
			escape = "&amp;"
		case c == '>':
			// Only "]]>" must not stand in text; which "]" came before may be
			// in a piece written earlier.
			escape = "&gt;"
		case c == '\r':
			escape = "&#xD;"
		case c == '"' && value:
			escape = "&quot;"
		case c == '\t' && value:
			escape = "&#x9;"
		case c == '\n' && value:
			escape = "&#xA;"
		case class[c]&isIllegal != 0:
			w.refuse(string(s[i : i+1]))
			return
		default:
			i++
			continue
		}
		w.buf = append(append(w.buf, s[clean:i]...), escape...)
		i++
		clean = i
	}
	w.buf = append(w.buf, s[clean:]...)
}

// refuse makes an error of what stands at the beginning of s.
func (w *Writer) refuse(s string) {
	r, n := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && n <= 1 {
		w.fail(CodeEncoding, "the byte 0x"+hex(uint32(s[0]), 2)+" is not part of valid UTF-8; bytes that are not text are written in base64")
		return
	}
	w.fail(CodeSyntax, "the character "+codePoint(r)+" is not allowed in XML; bytes that are not text are written in base64")
}

// Base64 writes bytes in base64 into the innermost element.
func (w *Writer) Base64(b []byte) {
	if len(b) == 0 || !w.content() {
		return
	}
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for ; len(b) >= 3; b = b[3:] {
		n := uint(b[0])<<16 | uint(b[1])<<8 | uint(b[2])
		w.buf = append(w.buf, digits[n>>18], digits[n>>12&63], digits[n>>6&63], digits[n&63])
	}
	switch len(b) {
	case 1:
		w.buf = append(w.buf, digits[b[0]>>2], digits[b[0]&3<<4], '=', '=')
	case 2:
		n := uint(b[0])<<8 | uint(b[1])
		w.buf = append(w.buf, digits[n>>10], digits[n>>4&63], digits[n&15<<2], '=')
	}
}

// Comment writes a comment. "--" cannot stand in one, nor "-" at its end.
func (w *Writer) Comment(text string) {
	if w.err != nil {
		return
	}
	if strings.Contains(text, "--") || strings.HasSuffix(text, "-") {
		w.fail(CodeSyntax, "\"--\" cannot stand in a comment")
		return
	}
	w.closeTag()
	w.child()
	w.buf = append(w.buf, "<!--"...)
	w.plain(text)
	w.buf = append(w.buf, "-->"...)
}

// ProcInst writes a processing instruction.
func (w *Writer) ProcInst(target, text string) {
	if w.err != nil {
		return
	}
	if !isNCName(target) || strings.EqualFold(target, "xml") {
		w.fail(CodeSyntax, "\""+target+"\" cannot be the target of a processing instruction")
		return
	}
	if strings.Contains(text, "?>") || strings.TrimLeft(text, " \t\r\n") != text {
		w.fail(CodeSyntax, "the text of a processing instruction cannot contain \"?>\" nor begin with white space")
		return
	}
	w.closeTag()
	w.child()
	w.buf = append(append(w.buf, "<?"...), target...)
	if text != "" {
		w.buf = append(w.buf, ' ')
		w.plain(text)
	}
	w.buf = append(w.buf, "?>"...)
}

// plain writes text that cannot contain references.
func (w *Writer) plain(s string) {
	for i := 0; i < len(s); {
		n := 1
		switch c := s[i]; {
		case c >= 0x80:
			n = max(character(s, i), 0)
		case c == '\r':
			w.fail(CodeSyntax, "CR cannot stand in a comment or processing instruction, where a reader makes LF of it")
			return
		case class[c]&isIllegal != 0:
			n = 0
		}
		if n == 0 {
			w.refuse(s[i:])
			return
		}
		i += n
	}
	w.buf = append(w.buf, s...)
}

// Element writes a tree. Its prefixes are kept; namespaces that are not in force
// already are declared.
func (w *Writer) Element(e *Element) {
	if w.err != nil || e == nil {
		return
	}
	for _, b := range e.Namespaces {
		w.Prefix(b.Prefix, b.URI)
	}
	w.StartPrefix(e.Prefix, e.Name.Space, e.Name.Local)
	for _, a := range e.Attrs {
		w.attr(a.Prefix, a.Name.Space, a.Name.Local, a.Value)
	}
	if elements, text := e.content(); w.err == nil && (!elements || text) {
		w.stack[len(w.stack)-1].text = true // whatever white space there is stays as it is
	}
	for i := range e.Children {
		w.node(&e.Children[i])
	}
	w.End()
}

func (w *Writer) node(n *Node) {
	switch {
	case n.Element != nil:
		w.Element(n.Element)
	case n.Kind == CommentNode:
		w.Comment(n.Text)
	case n.Kind == ProcInstNode:
		w.ProcInst(n.Target, n.Text)
	case w.options.Indent > 0 && w.err == nil && len(w.stack) > 0 && w.stack[len(w.stack)-1].free():
		// White space between elements, which is laid out anew.
	default:
		w.Text(n.Text)
	}
}
