package session

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dsmlkit/dsmlkit/xml"
)

var declarationStart = []byte("<?xml")

// Decoded returns text that was decoded before, as the strings of JavaScript
// are, with an XML declaration that names no other encoding than UTF-8: what it
// says was true of bytes that are no longer there. White space takes the place
// of the name, so that everything else stays where it is. The text given is not
// changed.
func Decoded(text []byte) []byte {
	d := declaration(text)
	if d.encoding == "" || strings.EqualFold(d.encoding, "utf-8") {
		return text
	}
	text = bytes.Clone(text)
	for i := d.from; i < d.to; i++ {
		text[i] = ' '
	}
	return text
}

// xmlDeclaration is where the XML declaration of a text ends, 0 without one, and
// where it names which encoding.
type xmlDeclaration struct {
	end, from, to int
	encoding      string
}

func declaration(text []byte) (d xmlDeclaration) {
	start := len(text) - len(bytes.TrimPrefix(text, byteOrderMark))
	if !bytes.HasPrefix(text[start:], declarationStart) {
		return d
	}
	end := bytes.Index(text, []byte("?>"))
	if end < 0 {
		return d
	}
	d.end = end + len("?>")
	from := bytes.Index(text[:end], []byte("encoding"))
	if from < 0 {
		return d
	}
	rest := bytes.TrimLeft(text[from+len("encoding"):end], " \t\r\n=")
	if len(rest) == 0 {
		return d
	}
	name, _, closed := bytes.Cut(rest[1:], rest[:1])
	if closed {
		d.from, d.to = from, end-len(rest)+len(name)+2
		d.encoding = string(name)
	}
	return d
}

// toUTF8 returns a text in UTF-8. One that is written otherwise loses its XML
// declaration, which would no longer be true; others are returned as they are.
func toUTF8(text []byte) ([]byte, error) {
	if len(text) == 0 || text[0] != 0 && text[0] < utf8.RuneSelf && !bytes.HasPrefix(text, declarationStart) && !bytes.HasPrefix(text, []byte("<\x00")) {
		return text, nil // the usual case: no mark of another encoding
	}
	s := xml.NewScanner(xml.Limits{})
	s.Feed(text)
	s.Close()
	if _, err := s.Next(); err != nil {
		return nil, err
	}
	var out []byte
	switch s.Encoding() {
	case "ISO-8859-1":
		for _, c := range text {
			out = utf8.AppendRune(out, rune(c))
		}
	case "UTF-16LE", "UTF-16BE":
		low := 0
		if s.Encoding() == "UTF-16BE" {
			low = 1
		}
		units := make([]uint16, len(text)/2)
		for i := range units {
			units[i] = uint16(text[2*i+low]) | uint16(text[2*i+1-low])<<8
		}
		for _, r := range utf16.Decode(units) {
			out = utf8.AppendRune(out, r)
		}
		out = bytes.TrimPrefix(out, byteOrderMark)
	case "US-ASCII":
		out = text
	default:
		return text, nil
	}
	return out[declaration(out).end:], nil
}

var byteOrderMark = []byte("\ufeff")
