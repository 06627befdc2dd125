package sqlsoap

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// decodeName returns the name of a column from that of its element, in which
// _xHHHH_ or _xHHHHHHHH_ stands for a character that XML has no place for in a
// name.
func decodeName(local string) string {
	if !strings.Contains(local, "_x") {
		return local
	}
	b := make([]byte, 0, len(local))
	for i := 0; i < len(local); {
		if r, n := escapeAt(local[i:]); n > 0 {
			b = utf8.AppendRune(b, r)
			i += n
			continue
		}
		b = append(b, local[i])
		i++
	}
	return string(b)
}

// escapeAt reads an escape at the start of s and returns its length.
func escapeAt(s string) (rune, int) {
	if !strings.HasPrefix(s, "_x") {
		return 0, 0
	}
	for _, digits := range [...]int{4, 8} {
		end := 2 + digits
		if len(s) <= end || s[end] != '_' {
			continue
		}
		n, err := strconv.ParseUint(s[2:end], 16, 32)
		if err == nil && n <= utf8.MaxRune && utf8.ValidRune(rune(n)) {
			return rune(n), end + 1
		}
	}
	return 0, 0
}

// encodeName returns the name of an element for a column: decodeName gives back
// the name of the column.
func encodeName(name string) string {
	plain := true
	for i, r := range name {
		if !nameRune(r, i == 0) || r == '_' {
			plain = false
			break
		}
	}
	if plain {
		return name
	}
	b := make([]byte, 0, len(name)+16)
	for i, r := range name {
		escape := !nameRune(r, i == 0)
		if r == '_' {
			// What looks like an escape must not be taken for one.
			_, n := escapeAt(name[i:])
			escape = n > 0
		}
		if !escape {
			b = utf8.AppendRune(b, r)
			continue
		}
		digits := strings.ToUpper(strconv.FormatUint(uint64(r), 16))
		width := 4
		if len(digits) > 4 {
			width = 8
		}
		b = append(b, "_x"...)
		for range width - len(digits) {
			b = append(b, '0')
		}
		b = append(append(b, digits...), '_')
	}
	return string(b)
}

// nameRune reports whether a character may stand in a name without a colon, or
// at its start.
func nameRune(r rune, first bool) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r == '_':
		return true
	case r >= '0' && r <= '9', r == '-', r == '.', r == 0xB7, r >= 0x300 && r <= 0x36F, r == 0x203F, r == 0x2040:
		return !first
	case r < 0xC0, r == 0xD7, r == 0xF7, r == 0x37E, r == utf8.RuneError:
		return false
	case r <= 0x1FFF, r == 0x200C, r == 0x200D, r >= 0x2070 && r <= 0x218F, r >= 0x2C00 && r <= 0x2FEF,
		r >= 0x3001 && r <= 0xD7FF, r >= 0xF900 && r <= 0xFDCF, r >= 0xFDF0 && r <= 0xFFFD, r >= 0x10000 && r <= 0xEFFFF:
		return true
	}
	return false
}
