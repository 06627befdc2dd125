package xml

import (
	"strconv"
	"unicode/utf8"
)

// badName says what is wrong with the name b[from:to].
func (s *Scanner) badName(from, to int) (Kind, error) {
	b := s.buf[from:to]
	if i := badName(b); i >= 0 {
		if c := b[i]; c >= 0x80 && character(b, i) <= 0 {
			return s.badCharacter(from+i, to)
		}
		if i == 0 {
			return s.failSeen(from, to, CodeSyntax, "a name cannot begin with "+describe(b, i), "")
		}
		return s.failSeen(from+i, to, CodeSyntax, describe(b, i)+" cannot stand in a name", "")
	}
	return s.failSeen(from, to, CodeNamespace, "the name \""+string(b)+"\" is not a prefix, a colon and a local name",
		"there is at most one colon in a name, with a name on either side of it")
}

func (s *Scanner) longName(from int) (Kind, error) {
	return s.fail(from+s.limits.NameLength, CodeLimit, "a name is longer than "+strconv.Itoa(s.limits.NameLength)+" bytes", raise("NameLength"))
}

// noAttribute says what is wrong where an attribute or the end of a tag should
// be.
func (s *Scanner) noAttribute(i int, spaced bool) (int, bool) {
	what := describe(s.buf, i)
	switch {
	case s.buf[i] == '<':
		s.fail(i, CodeSyntax, "a tag is not closed before the next \"<\"", "\">\" is missing")
	case spaced:
		s.fail(i, CodeSyntax, "there is "+what+" where an attribute or the end of the tag should be", "")
	case len(s.attrs)+len(s.decls) > 0:
		s.fail(i, CodeSyntax, "there is "+what+" right after the value of an attribute", "a quote inside a value is written &quot;")
	default:
		s.fail(i, CodeSyntax, what+" cannot stand in a name", "")
	}
	return 0, false
}

// mismatch says what is wrong with an end tag whose name ends at end.
func (s *Scanner) mismatch(at, end int, want string) (Kind, error) {
	name := s.buf[at+2 : end]
	switch {
	case len(name) == 0:
		return s.fail(end, CodeSyntax, "\"</\" is followed by "+describe(s.buf, end)+" and not by a name", "the element that is open is <"+want+">")
	case badName(name) >= 0:
		return s.badName(at+2, end)
	}
	return s.failSeen(at, end, CodeSyntax, "the end tag </"+string(name)+"> does not belong to the open element <"+want+">",
		"</"+want+"> is missing before it, or one of the two names is misspelt")
}

// badCharacter says what is wrong with the character at buf[i], of which it took
// the bytes up to seen to know it.
func (s *Scanner) badCharacter(i, seen int) (Kind, error) {
	b := s.buf
	if r, n := utf8.DecodeRune(b[i:]); r != utf8.RuneError || n > 1 {
		hint := "leave it out; not even a character reference may name it"
		if r == 0 && s.enc == encUTF8 {
			hint = "leave it out; if every second byte is 0, this is UTF-16 without a byte order mark"
		}
		return s.failSeen(i, seen, CodeSyntax, "the character "+codePoint(r)+" is not allowed in XML", hint)
	}
	switch s.enc {
	case encUTF16LE, encUTF16BE:
		return s.failSeen(i, seen, CodeEncoding, "there is half a surrogate pair or half a character in the UTF-16 text", "")
	case encASCII:
		return s.failSeen(i, seen, CodeEncoding, "there is a byte that is not US-ASCII in a document that declares itself as US-ASCII", "declare the encoding in which it is really written")
	}
	return s.failSeen(i, seen, CodeEncoding, "the byte 0x"+hex(uint32(b[i]), 2)+" is not valid UTF-8 here",
		"if the document is in ISO-8859-1 it has to say so: <?xml version=\"1.0\" encoding=\"ISO-8859-1\"?>")
}

// excerpt shortens what a document says so that it fits into a message.
//
//go:noinline
func excerpt(s string) string {
	const most = 80
	if len(s) <= most {
		return s
	}
	n := most
	for n > 0 && s[n]&0xC0 == 0x80 {
		n--
	}
	return s[:n] + "..."
}

// describe names the character at b[i] for a message.
func describe(b []byte, i int) string {
	if i >= len(b) {
		return "nothing"
	}
	r, n := utf8.DecodeRune(b[i:])
	switch {
	case r == utf8.RuneError && n <= 1:
		return "the byte 0x" + hex(uint32(b[i]), 2)
	case r == ' ':
		return "a space"
	case r == '\n' || r == '\r':
		return "a line end"
	case r == '\t':
		return "a tab"
	case r == '"':
		return "'\"'"
	case r < ' ' || r == 0x7F || r == 0xFEFF || r >= 0x80 && r < 0xA1:
		return "the character " + codePoint(r)
	}
	return "\"" + string(r) + "\""
}

func codePoint(r rune) string { return "U+" + hex(uint32(r), 4) }

func hex(n uint32, width int) string {
	t := strconv.FormatUint(uint64(n), 16)
	for len(t) < width {
		t = "0" + t
	}
	u := []byte(t)
	for i, c := range u {
		if c >= 'a' {
			u[i] = c - 'a' + 'A'
		}
	}
	return string(u)
}
