package session

import (
	"bytes"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dsmlkit/dsmlkit/xml"
)

var declarationStart = []byte("<?xml")

// Decoded returns text that was decoded before, as the strings of JavaScript
// are, without an XML declaration that names another encoding than UTF-8: what
// it says was true of bytes that are no longer there.
func Decoded(text []byte) []byte {
	end, encoding := declaration(text)
	if encoding == "" || bytes.EqualFold([]byte(encoding), []byte("utf-8")) {
		return text
	}
	return text[end:]
}

// declaration returns where the XML declaration of a text ends, 0 without one,
// and the encoding that it names.
func declaration(text []byte) (end int, encoding string) {
	if !bytes.HasPrefix(text, declarationStart) {
		return 0, ""
	}
	end = bytes.Index(text, []byte("?>"))
	if end < 0 {
		return 0, ""
	}
	d := text[:end]
	end += len("?>")
	_, d, found := bytes.Cut(d, []byte("encoding"))
	d = bytes.TrimLeft(d, " \t\r\n=")
	if !found || len(d) == 0 {
		return end, ""
	}
	name, _, _ := bytes.Cut(d[1:], d[:1])
	return end, string(name)
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
	end, _ := declaration(out)
	return out[end:], nil
}

var byteOrderMark = []byte("\ufeff")
