package sqlsoap

import (
	"encoding/base64"
	"strconv"
	"strings"

	"github.com/dsmlkit/dsmlkit/xml"
)

const xmlSpace = " \t\r\n"

//go:noinline
func trim(s string) string { return strings.Trim(s, xmlSpace) }

func blank(b []byte) bool {
	for _, c := range b {
		if c != ' ' && c != '\t' && c != '\r' && c != '\n' {
			return false
		}
	}
	return true
}

// boolean reads an xs:boolean.
func boolean(s string) (value, ok bool) {
	switch trim(s) {
	case "true", "1":
		return true, true
	case "false", "0":
		return false, true
	}
	return false, false
}

// integer reads a whole number as XML Schema writes it: a sign and digits.
func integer(s string, bits int) (int64, bool) {
	s = trim(s)
	digits := strings.TrimLeft(s, "+-")
	if digits == "" || len(s)-len(digits) > 1 || strings.Trim(digits, "0123456789") != "" {
		return 0, false
	}
	n, err := strconv.ParseInt(s, 10, bits)
	return n, err == nil
}

// unspaced takes out white space, which may stand anywhere in base64.
func unspaced(s string) string {
	if !strings.ContainsAny(s, xmlSpace) {
		return s
	}
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(xmlSpace, r) {
			return -1
		}
		return r
	}, s)
}

var strictBase64 = base64.StdEncoding.Strict()

// base64 decodes the value of what. The error tells nothing of the value. In an
// answer a value that is none is passed over where that is allowed.
func (p *problems) base64(s string, pos xml.Position, code, what string, answer bool) ([]byte, bool) {
	s = unspaced(s)
	b, err := strictBase64.DecodeString(s)
	if err == nil {
		return b, true
	}
	if b, err = base64.StdEncoding.DecodeString(s); err == nil {
		return b, p.lenient(AllowBase64Bits, pos, code, "S-06", what+" is not canonical base64",
			"bits are set that belong to no byte; the value may be damaged")
	}
	message, hint := what+" is not base64", "letters, digits, + and / in groups of four, the last filled up with ="
	if answer {
		p.lenient(AllowAnswerHeader, pos, code, "S-06", message, hint)
	} else {
		p.fail(pos, code, "S-06", message, hint)
	}
	return nil, false
}

// decodeBase64 decodes leniently.
func decodeBase64(s string) ([]byte, bool) {
	p := problems{allow: AllowBase64Bits}
	return p.base64(s, xml.Position{}, CodeValue, "", false)
}

func encodeBase64(b []byte) string { return base64.StdEncoding.EncodeToString(b) }

// characters counts the characters of a text.
func characters(s string) int {
	n := 0
	for range s {
		n++
	}
	return n
}
