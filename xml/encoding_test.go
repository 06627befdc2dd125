package xml

import (
	"strings"
	"testing"
	"unicode/utf16"
)

// in16 writes s in UTF-16.
func in16(s string, big bool) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		if big {
			b.WriteByte(byte(u >> 8))
			b.WriteByte(byte(u))
		} else {
			b.WriteByte(byte(u))
			b.WriteByte(byte(u >> 8))
		}
	}
	return b.String()
}

func in8859(s string) string {
	var b strings.Builder
	for _, r := range s {
		b.WriteByte(byte(r))
	}
	return b.String()
}

const polyglot = "<a é='ü'>\r\n€ 😀 &#x20AC;<b/></a>"

// encoded are documents in encodings other than UTF-8, and what is read: the
// encoding and the text of the first element up to the first child, or the
// message of the error and its place.
var encoded = []struct {
	doc, encoding, text string
	line, column        int
	offset              int64
}{
	{in16("\uFEFF"+polyglot, false), "UTF-16LE", "\n€ 😀 €", 2, 13, 50},
	{in16("\uFEFF"+polyglot, true), "UTF-16BE", "\n€ 😀 €", 2, 13, 50},
	{in16("\uFEFF<?xml version='1.0' encoding='UTF-16'?>"+polyglot, true), "UTF-16BE", "\n€ 😀 €", 2, 13, 128},
	{in16("\uFEFF<?xml version='1.0' encoding='utf-16le'?>"+polyglot, false), "UTF-16LE", "\n€ 😀 €", 2, 13, 132},
	{in16("<?xml version='1.0' encoding='UTF-16'?>"+polyglot, false), "UTF-16LE", "\n€ 😀 €", 2, 13, 126},
	{in16("<?xml version='1.0' encoding='UTF-16BE'?>"+polyglot, true), "UTF-16BE", "\n€ 😀 €", 2, 13, 130},
	{in8859("<?xml version='1.0' encoding='iso-8859-1'?><a ö='é'>ÿ\u0080<b/></a>"), "ISO-8859-1", "ÿ\u0080", 1, 55, 54},
	{"<?xml version='1.0' encoding='US-ASCII'?><a>x&#xE9;<b/></a>", "US-ASCII", "xé", 1, 52, 51},
	{"\uFEFF<?xml version='1.0' encoding='utf-8'?><a>é<b/></a>", "UTF-8", "é", 1, 43, 46},

	{in16("\uFEFF<?xml version='1.0' encoding='UTF-8'?><a/>", false), "", "declares the encoding UTF-8 and is written in UTF-16LE with a byte order mark", 1, 31, 62},
	{in16("<?xml version='1.0' encoding='UTF-16BE'?><a/>", false), "", "declares the encoding UTF-16BE and is written in UTF-16LE", 1, 31, 60},
	{in16("<?xml version='1.0' encoding='ISO-8859-1'?><a/>", true), "", "declares the encoding ISO-8859-1 and is written in UTF-16BE", 1, 31, 60},
	{in16("<?xml version='1.0'?><a/>", false), "", "without declaring it", 1, 1, 0},
	{in16("<?t?><a/>", true), "", "without declaring it", 1, 1, 0},
	{in16("<a/>", false), "", "U+0000", 1, 2, 1},
	{in16("\uFEFF<a>é", true) + "\xD8\x00\x00\x20</a>", "", "half a surrogate pair", 1, 5, 10},
	{in16("\uFEFF<a>é", true) + "\xDC\x00", "", "half a surrogate pair", 1, 5, 10},
	{in16("\uFEFF<a>😀", false) + "x", "", "half a surrogate pair or half a character", 1, 5, 12},
	{in16("\uFEFF<a>😀", false) + "\x00\xD8", "", "half a surrogate pair", 1, 5, 12},
	{in16("\uFEFF<a>\uFFFE</a>", false), "", "U+FFFE", 1, 4, 8},
	{"<?xml version='1.0' encoding='us-ascii'?><a>x\xE9</a>", "", "not US-ASCII", 1, 46, 45},
	{"\xFF\xFE\x00\x00<\x00\x00\x00", "", "UTF-32", 1, 1, 0},
	{"\x00\x00\x00<\x00\x00\x00a", "", "UTF-32", 1, 1, 0},
	{"\x4C\x6F\xA7\x94\x93", "", "EBCDIC", 1, 1, 0},
	{"\xFF\xFE", "", "no root element", 1, 1, 2},
	{"\xEF\xBB\xBF", "", "no root element", 1, 1, 3},
	{"\xEF\xBB", "", "text before the root", 1, 1, 0},
}

func TestD_09_Encodings(t *testing.T) {
	for _, e := range encoded {
		s := NewScanner(Limits{})
		s.Feed([]byte(e.doc))
		s.Close()
		var text strings.Builder
		var err error
		var pos Position
		for k := NeedInput; err == nil && k != EndDocument; {
			if k, err = s.Next(); err != nil {
				break
			}
			if k == StartElement && s.Name().Local == "b" {
				pos = s.Pos()
			}
			if k == Text {
				text.Write(s.Text())
			}
		}
		want := Position{e.line, e.column, e.offset}
		if e.encoding == "" {
			x, _ := err.(*Error)
			if x == nil || !strings.Contains(x.Message, e.text) || x.Pos != want {
				t.Errorf("%q: got %v %+v, want %s %+v", e.doc, err, x, e.text, want)
			}
			continue
		}
		if err != nil || s.Encoding() != e.encoding || text.String() != e.text || pos != want {
			t.Errorf("%q: %v, %s, %q, %+v", e.doc, err, s.Encoding(), text.String(), pos)
		}
	}
}

// TestSetEncoding checks that what is known from outside counts for more than
// the declaration, and a byte order mark for more than both.
func TestSetEncoding(t *testing.T) {
	for _, c := range []struct{ doc, encoding, text string }{
		{"<?xml version='1.0' encoding='utf-16'?><a>é</a>", "utf-8", "é"},
		{"<?xml version='1.0' encoding='x-unknown'?><a>\xE9</a>", "ISO-8859-1", "é"},
		{"<a>\xE9</a>", "latin1", "é"},
		{in16("<a>é</a>", true), "UTF-16BE", "é"},
		{in16("<?xml version='1.0' encoding='UTF-16'?><a>é</a>", true), "UTF-16", "é"},
		{in16("\uFEFF<a>é</a>", true), "UTF-8", "é"},
	} {
		s := NewScanner(Limits{})
		if !s.SetEncoding(c.encoding) {
			t.Errorf("%s is not known", c.encoding)
		}
		s.Feed([]byte(c.doc))
		s.Close()
		s.Next()
		if k, err := s.Next(); k != Text || string(s.Text()) != c.text {
			t.Errorf("%q: %v %q %v", c.doc, k, s.Text(), err)
		}
	}
	if NewScanner(Limits{}).SetEncoding("EUC-JP") {
		t.Error("EUC-JP is said to be known")
	}
}
