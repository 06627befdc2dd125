package xml

import "unicode/utf8"

// Classes of bytes, for the loops that go byte by byte.
const (
	isName    = 1 << iota // may stand in a name; every byte of a non-ASCII character is let through and judged with the name
	isStart               // may begin a name, likewise
	isSpace               // white space of markup
	isText                // needs no second look in text
	isIllegal             // a control character that XML does not allow
)

var class = func() (t [256]uint8) {
	for c := range t {
		switch {
		case c >= 0x80:
			t[c] = isName | isStart
		case c < 0x20 && c != '\t' && c != '\n' && c != '\r':
			t[c] = isIllegal
		case c != '<' && c != '&' && c != ']' && c != '\r':
			t[c] = isText
		}
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c == '_', c == ':':
			t[c] |= isName | isStart
		case c >= '0' && c <= '9', c == '-', c == '.':
			t[c] |= isName
		case c == ' ', c == '\t', c == '\n', c == '\r':
			t[c] |= isSpace
		}
	}
	return t
}()

// isChar is production [2] of XML 1.0.
func isChar(r rune) bool {
	return r >= 0x20 && r <= 0xD7FF || r == '\t' || r == '\n' || r == '\r' ||
		r >= 0xE000 && r <= 0xFFFD || r >= 0x10000 && r <= 0x10FFFF
}

// isNameStart is production [4] of XML 1.0, Fifth Edition.
func isNameStart(r rune) bool {
	if r < 0x80 {
		return class[r&0x7F]&isStart != 0
	}
	return r >= 0xC0 && r <= 0x2FF && r != 0xD7 && r != 0xF7 ||
		r >= 0x370 && r <= 0x1FFF && r != 0x37E ||
		r == 0x200C || r == 0x200D ||
		r >= 0x2070 && r <= 0x218F ||
		r >= 0x2C00 && r <= 0x2FEF ||
		r >= 0x3001 && r <= 0xD7FF ||
		r >= 0xF900 && r <= 0xFDCF ||
		r >= 0xFDF0 && r <= 0xFFFD ||
		r >= 0x10000 && r <= 0xEFFFF
}

// isNameChar is production [4a].
func isNameChar(r rune) bool {
	if r < 0x80 {
		return class[r&0x7F]&isName != 0
	}
	return isNameStart(r) || r == 0xB7 || r >= 0x300 && r <= 0x36F || r == 0x203F || r == 0x2040
}

// badName returns the index of the first character that makes b no Name, or -1.
func badName(b []byte) int {
	for i := 0; i < len(b); {
		c := rune(b[i])
		n := 1
		if c >= 0x80 {
			c, n = utf8.DecodeRune(b[i:])
			if c == utf8.RuneError && n <= 1 {
				return i
			}
		}
		if i == 0 && !isNameStart(c) || i > 0 && !isNameChar(c) {
			return i
		}
		i += n
	}
	if len(b) == 0 {
		return 0
	}
	return -1
}

// width returns the number of bytes of a character that begins with the byte c,
// and 1 if none does.
func width(c byte) int {
	switch {
	case c < 0xC2 || c >= 0xF5:
		return 1
	case c < 0xE0:
		return 2
	case c < 0xF0:
		return 3
	}
	return 4
}

// character looks at the non-ASCII character that begins at b[i]. It returns
// its length, 0 when b ends too early to tell, and -1 when the bytes are not
// UTF-8 or the character is one that XML does not allow.
func character[T string | []byte](b T, i int) int {
	c := b[i]
	switch {
	case c < 0xC2:
		return -1
	case c < 0xE0:
		if i+1 >= len(b) {
			return 0
		}
		if b[i+1]&0xC0 != 0x80 {
			return -1
		}
		return 2
	case c < 0xF0:
		if i+2 >= len(b) {
			return 0
		}
		c1, c2 := b[i+1], b[i+2]
		if c1&0xC0 != 0x80 || c2&0xC0 != 0x80 ||
			c == 0xE0 && c1 < 0xA0 || // overlong
			c == 0xED && c1 >= 0xA0 || // surrogates
			c == 0xEF && c1 == 0xBF && c2 >= 0xBE { // U+FFFE and U+FFFF
			return -1
		}
		return 3
	case c < 0xF5:
		if i+3 >= len(b) {
			return 0
		}
		c1 := b[i+1]
		if c1&0xC0 != 0x80 || b[i+2]&0xC0 != 0x80 || b[i+3]&0xC0 != 0x80 ||
			c == 0xF0 && c1 < 0x90 ||
			c == 0xF4 && c1 >= 0x90 {
			return -1
		}
		return 4
	}
	return -1
}
