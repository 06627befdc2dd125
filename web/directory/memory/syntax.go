package memory

import (
	"strings"
	"time"
	"unicode/utf8"
)

// Syntaxes whose values are checked or shown in a way of their own.
const (
	syntaxBitString    = "1.3.6.1.4.1.1466.115.121.1.6"
	syntaxBoolean      = "1.3.6.1.4.1.1466.115.121.1.7"
	syntaxCountry      = "1.3.6.1.4.1.1466.115.121.1.11"
	syntaxDirectory    = "1.3.6.1.4.1.1466.115.121.1.15"
	syntaxIA5          = "1.3.6.1.4.1.1466.115.121.1.26"
	syntaxInteger      = "1.3.6.1.4.1.1466.115.121.1.27"
	syntaxJPEG         = "1.3.6.1.4.1.1466.115.121.1.28"
	syntaxNumeric      = "1.3.6.1.4.1.1466.115.121.1.36"
	syntaxOctets       = "1.3.6.1.4.1.1466.115.121.1.40"
	syntaxPostal       = "1.3.6.1.4.1.1466.115.121.1.41"
	syntaxPrintable    = "1.3.6.1.4.1.1466.115.121.1.44"
	syntaxTelephone    = "1.3.6.1.4.1.1466.115.121.1.50"
	printableCharacter = "'()+,-./:=? "
)

// binary reports whether values of the type travel as base64 even where they
// happen to be text.
func (t *attributeType) binary() bool {
	return t.syntax == syntaxOctets || t.syntax == syntaxJPEG
}

// checked prepares a value for matching and reports whether it is of the type's
// syntax (RFC 4517). For names, numbers and the like the one is the other.
func (s *schema) checked(t *attributeType, raw string) (value, bool) {
	p, ok := s.prepared(t.prepare, raw)
	if !ok {
		p = raw
	}
	return value{raw, p}, ok && s.wellFormed(t, raw)
}

// wellFormed checks what preparation for matching passes over.
func (s *schema) wellFormed(t *attributeType, v string) bool {
	switch t.syntax {
	case syntaxOctets, syntaxJPEG:
		return true
	case syntaxDirectory, syntaxPostal:
		return v != "" && utf8.ValidString(v)
	case syntaxIA5:
		return isASCII(v)
	case syntaxPrintable:
		return isPrintable(v)
	case syntaxTelephone:
		return isPrintable(strings.ReplaceAll(v, "#", "")) && strings.Trim(v, " -") != ""
	case syntaxCountry:
		return len(v) == 2 && isPrintable(v)
	case syntaxNumeric:
		return v != "" && strings.Trim(v, "0123456789 ") == ""
	case syntaxBitString:
		return len(v) >= 3 && v[0] == '\'' && strings.HasSuffix(v, "'B") && strings.Trim(v[1:len(v)-2], "01") == ""
	case syntaxBoolean:
		return v == "TRUE" || v == "FALSE"
	}
	return utf8.ValidString(v)
}

func isASCII(v string) bool {
	for i := range len(v) {
		if v[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func isPrintable(v string) bool {
	for i := range len(v) {
		c := v[i]
		if !(c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'z' || strings.IndexByte(printableCharacter, c) >= 0) {
			return false
		}
	}
	return v != ""
}

const timeForm = "20060102150405Z"

// parseTime reads GeneralizedTime: an hour, minutes and seconds if wanted, a
// fraction of the last of them, and a zone.
func parseTime(v string) (time.Time, bool) {
	digits := 0
	for digits < len(v) && v[digits] >= '0' && v[digits] <= '9' {
		digits++
	}
	forms := map[int]struct {
		form string
		unit time.Duration
	}{10: {"2006010215", time.Hour}, 12: {"200601021504", time.Minute}, 14: {"20060102150405", time.Second}}
	f, ok := forms[digits]
	if !ok {
		return time.Time{}, false
	}
	rest := v[digits:]
	var fraction time.Duration
	if rest != "" && (rest[0] == '.' || rest[0] == ',') {
		n := 1
		scale := f.unit
		for n < len(rest) && rest[n] >= '0' && rest[n] <= '9' {
			scale /= 10
			fraction += time.Duration(rest[n]-'0') * scale
			n++
		}
		if n == 1 {
			return time.Time{}, false
		}
		rest = rest[n:]
	}
	zone := map[int]string{1: "Z0700", 3: "Z07", 5: "Z0700"}[len(rest)]
	if zone == "" {
		return time.Time{}, false
	}
	t, err := time.Parse(f.form+zone, v[:digits]+rest)
	return t.Add(fraction).UTC(), err == nil
}
