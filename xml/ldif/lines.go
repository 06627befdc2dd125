package ldif

import (
	"bytes"
	"encoding/base64"
	"strconv"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/dsmlkit/dsmlkit/xml"
)

// line is one logical line: folded lines are joined, comments left out. A line
// with an empty name separates records.
type line struct {
	name  string
	value string
	sep   byte // ':' plain, 'b' base64 (already decoded), '<' URL; '-' for a line that is a hyphen
	pos   xml.Position
	at    int // column of the value, 1-based, in characters of the unfolded line
}

func (l *line) blank() bool { return l.name == "" && l.sep == 0 }

// lines takes a text apart.
type lines struct {
	text   []byte
	at     int // start of the next physical line
	number int // of the next physical line, 1-based
	limit  int
	folded []byte
}

func newLines(text []byte, o Options) (*lines, error) {
	d := xml.DefaultLimits()
	length, token := o.Limits.Length, o.Limits.TokenLength
	if length == 0 {
		length = d.Length
	}
	if token == 0 {
		token = d.TokenLength
	}
	if int64(len(text)) > length {
		return nil, &xml.Error{Code: CodeLimit, Message: "the text is longer than " + strconv.FormatInt(length, 10) + " bytes", Pos: xml.Position{Line: 1, Column: 1}}
	}
	return &lines{text: toUTF8(text), number: 1, limit: token}, nil
}

// toUTF8 takes off a byte order mark and converts UTF-16.
func toUTF8(text []byte) []byte {
	switch {
	case bytes.HasPrefix(text, []byte("\xEF\xBB\xBF")):
		return text[3:]
	case bytes.HasPrefix(text, []byte("\xFF\xFE")), bytes.HasPrefix(text, []byte("\xFE\xFF")):
		little := text[0] == 0xFF
		units := make([]uint16, 0, len(text)/2)
		for i := 2; i+1 < len(text); i += 2 {
			lo, hi := text[i], text[i+1]
			if !little {
				lo, hi = hi, lo
			}
			units = append(units, uint16(hi)<<8|uint16(lo))
		}
		return []byte(string(utf16.Decode(units)))
	}
	return text
}

// physical returns the next line of the text without its end.
func (l *lines) physical() (text []byte, ok bool) {
	if l.at >= len(l.text) {
		return nil, false
	}
	rest := l.text[l.at:]
	n := bytes.IndexByte(rest, '\n')
	if n < 0 {
		l.at = len(l.text)
		n = len(rest)
	} else {
		l.at += n + 1
	}
	l.number++
	if n > 0 && rest[n-1] == '\r' {
		n--
	}
	return rest[:n], true
}

// continues reports whether the next line is folded onto the one before.
func (l *lines) continues() bool { return l.at < len(l.text) && l.text[l.at] == ' ' }

// next returns the next logical line; ok is false at the end.
func (l *lines) next() (ln line, ok bool, err error) {
	for {
		pos := xml.Position{Line: l.number, Column: 1, Offset: int64(l.at)}
		text, ok := l.physical()
		if !ok {
			return ln, false, nil
		}
		if len(text) == 0 {
			return line{pos: pos}, true, nil
		}
		if text[0] == ' ' {
			return ln, false, fail(CodeSyntax, pos, "a continuation line continues nothing", "a line that begins with a space is joined to the one before")
		}
		if l.continues() {
			l.folded = append(l.folded[:0], text...)
			for l.continues() {
				more, _ := l.physical()
				l.folded = append(l.folded, more[1:]...)
				if len(l.folded) > l.limit {
					break
				}
			}
			text = l.folded
		}
		if len(text) > l.limit {
			return ln, false, fail(CodeLimit, pos, "a line is longer than "+strconv.Itoa(l.limit)+" bytes", "")
		}
		if text[0] == '#' {
			continue
		}
		ln, err = split(text, pos)
		return ln, err == nil, err
	}
}

// split takes a logical line apart at its colon.
func split(text []byte, pos xml.Position) (line, error) {
	if len(text) == 1 && text[0] == '-' {
		return line{sep: '-', pos: pos}, nil
	}
	colon := bytes.IndexByte(text, ':')
	if colon <= 0 {
		return line{}, fail(CodeSyntax, pos, "the line has no name before a colon: "+excerpt(text),
			"values that do not fit on a line go on after a space at the start of the next")
	}
	l := line{name: string(text[:colon]), sep: ':', pos: pos}
	rest := text[colon+1:]
	switch {
	case bytes.HasPrefix(rest, []byte(":")):
		l.sep = 'b'
	case bytes.HasPrefix(rest, []byte("<")):
		l.sep = '<'
	}
	if l.sep != ':' {
		rest = rest[1:]
	}
	trimmed := bytes.TrimLeft(rest, " ")
	l.at = utf8.RuneCount(text[:len(text)-len(trimmed)]) + 1
	if l.sep == 'b' {
		decoded, err := decode64(trimmed)
		if err != nil {
			return line{}, fail(CodeBase64, at(pos, l.at), "the value of "+l.name+" is not base64", "two colons announce base64; plain text takes one")
		}
		l.value = string(decoded)
		return l, nil
	}
	if !utf8.Valid(trimmed) {
		return line{}, fail(CodeSyntax, at(pos, l.at), "the value of "+l.name+" is not UTF-8", "bytes that are not text are written in base64, after two colons")
	}
	l.value = string(trimmed)
	return l, nil
}

// decode64 accepts base64 with or without the final padding, as programs write
// both.
func decode64(text []byte) ([]byte, error) {
	text = bytes.TrimRight(text, " ")
	out := make([]byte, base64.StdEncoding.DecodedLen(len(text))+3)
	n, err := base64.StdEncoding.Decode(out, text)
	if err != nil {
		n, err = base64.RawStdEncoding.Decode(out, text)
	}
	return out[:n], err
}

func fail(code string, pos xml.Position, message, hint string) *xml.Error {
	return &xml.Error{Code: code, Message: message, Hint: hint, Pos: pos}
}

// at is a place further to the right on the same line.
func at(pos xml.Position, column int) xml.Position {
	pos.Offset += int64(column - pos.Column)
	pos.Column = column
	return pos
}

func excerpt(text []byte) string {
	const most = 40
	s := string(text)
	if len(s) > most {
		s = s[:most]
		for len(s) > 0 && !utf8.ValidString(s) {
			s = s[:len(s)-1]
		}
		s += "..."
	}
	return strconv.Quote(s)
}
