package xml

import (
	"strings"
	"unicode/utf8"
)

// encoding is how the input is written. Those after encUTF8 are rewritten in
// UTF-8 as they come. What cannot be rewritten becomes the byte badUnit, which
// no UTF-8 contains, so that it is found and reported at its place.
type encoding uint8

const (
	encUnknown encoding = iota
	encUTF8
	encUTF16LE
	encUTF16BE
	encLatin1
	encASCII
)

const badUnit = 0xFF

func (e encoding) String() string {
	return [...]string{"", "UTF-8", "UTF-16LE", "UTF-16BE", "ISO-8859-1", "US-ASCII"}[e]
}

// encodingNames are the names of the encodings, and their aliases in the IANA
// registry and in use.
var encodingNames = [...]struct {
	name     string
	encoding encoding
}{
	{"UTF-8", encUTF8}, {"UTF8", encUTF8},
	{"UTF-16", encUTF16LE}, {"UTF-16LE", encUTF16LE}, {"UTF-16BE", encUTF16BE}, {"ISO-10646-UCS-2", encUTF16LE},
	{"ISO-8859-1", encLatin1}, {"ISO_8859-1", encLatin1}, {"ISO8859-1", encLatin1}, {"latin1", encLatin1}, {"l1", encLatin1},
	{"US-ASCII", encASCII}, {"ASCII", encASCII}, {"ISO646-US", encASCII}, {"ANSI_X3.4-1968", encASCII},
}

// encodingNamed returns the encoding that a declaration names. UTF-16 without
// an endianness is given as encUTF16LE.
func encodingNamed(name string) encoding {
	for _, n := range encodingNames {
		if strings.EqualFold(name, n.name) {
			return n.encoding
		}
	}
	return encUnknown
}

func (e encoding) utf16() bool { return e == encUTF16LE || e == encUTF16BE }

// Encoding returns how the document is written: UTF-8, UTF-16LE, UTF-16BE,
// ISO-8859-1 or US-ASCII. It is empty before the first token.
func (s *Scanner) Encoding() string { return s.enc.String() }

// SetEncoding says how the document is written when that is known from outside:
// from a charset parameter, or because the text was decoded before, which is
// "UTF-8". What the document says about itself is then not followed. It must be
// called before the first Next and reports whether it knows the name.
func (s *Scanner) SetEncoding(name string) bool {
	s.forced = encodingNamed(name)
	return s.forced != encUnknown
}

// transcode appends chunk to buf, in UTF-8.
func (s *Scanner) transcode(chunk []byte) {
	switch s.enc {
	case encLatin1:
		for _, c := range chunk {
			s.buf = appendRune(s.buf, rune(c))
		}
	case encASCII:
		for _, c := range chunk {
			if c >= 0x80 {
				c = badUnit
			}
			s.buf = append(s.buf, c)
		}
	default:
		// The few bytes left over stand in front of the new ones.
		for len(chunk) > 0 && s.parts > 0 {
			s.partial[s.parts] = chunk[0]
			s.parts++
			chunk = chunk[1:]
			n := s.utf16(s.partial[:s.parts])
			copy(s.partial[:], s.partial[n:s.parts])
			s.parts -= n
		}
		n := s.utf16(chunk)
		s.parts += copy(s.partial[s.parts:], chunk[n:])
	}
}

// utf16 appends the whole characters of b and returns how many bytes they take.
// What remains is less than four bytes.
func (s *Scanner) utf16(b []byte) int {
	lo, hi := 0, 1
	if s.enc == encUTF16BE {
		lo, hi = 1, 0
	}
	i := 0
	for ; i+1 < len(b); i += 2 {
		u := rune(b[i+lo]) | rune(b[i+hi])<<8
		switch {
		case u < 0x80:
			s.buf = append(s.buf, byte(u))
		case u < 0xD800 || u >= 0xE000:
			s.buf = utf8.AppendRune(s.buf, u)
		case u >= 0xDC00:
			s.buf = append(s.buf, badUnit)
		default:
			if i+3 >= len(b) {
				return i
			}
			v := rune(b[i+2+lo]) | rune(b[i+2+hi])<<8
			if v < 0xDC00 || v >= 0xE000 {
				s.buf = append(s.buf, badUnit)
				continue
			}
			s.buf = utf8.AppendRune(s.buf, 0x10000+(u-0xD800)<<10+(v-0xDC00))
			i += 2
		}
	}
	return i
}

// flushPartial deals with half a character at the end of the input.
func (s *Scanner) flushPartial() {
	if s.parts > 0 {
		s.buf = append(s.buf, badUnit)
		s.parts = 0
	}
}

// sizeOf returns how many bytes of input became b, half a character counted as a
// whole one.
func (e encoding) sizeOf(b []byte) int64 {
	n := int64(characters(b))
	if !e.utf16() {
		return n
	}
	for _, c := range b {
		if c >= 0xF0 && c != badUnit {
			n++ // a surrogate pair
		}
	}
	return 2 * n
}

// encode writes UTF-8 text in encoding e, which is not UTF-8.
func (e encoding) encode(text []byte, bom bool) []byte {
	var out []byte
	put := func(u uint16) {
		if e == encUTF16LE {
			out = append(out, byte(u), byte(u>>8))
		} else {
			out = append(out, byte(u>>8), byte(u))
		}
	}
	if bom {
		put(0xFEFF)
	}
	for len(text) > 0 {
		r, n := utf8.DecodeRune(text)
		text = text[n:]
		switch {
		case !e.utf16():
			out = append(out, byte(r))
		case r >= 0x10000:
			r -= 0x10000
			put(uint16(0xD800 + r>>10))
			put(uint16(0xDC00 + r&0x3FF))
		default:
			put(uint16(r))
		}
	}
	return out
}
