package memory

import (
	"cmp"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// preparation is how a value is brought into the form in which equal values
// are equal strings. Values are prepared once, when they are written; filters
// prepare the value they assert.
type preparation uint8

const (
	prepareOctets    preparation = iota // as they are
	prepareFold                         // case and white space do not count
	prepareExact                        // white space does not count
	prepareNumeric                      // spaces go
	prepareTelephone                    // spaces and hyphens go
	prepareInteger
	prepareBoolean
	prepareTime
	prepareDN
	prepareNameAndUID
	prepareOID
	prepareFirstOID // of a definition
	prepareUUID
)

// isString reports whether the values are text for people.
func (p preparation) isString() bool {
	return p == prepareFold || p == prepareExact || p == prepareNumeric || p == prepareTelephone
}

type bitTest uint8

const (
	noBits bitTest = iota
	bitAnd         // all bits of the assertion are set
	bitOr          // one of them is
)

type matchingRule struct {
	oid, name  string
	prepare    preparation
	substrings bool
	bits       bitTest
}

var rulePreparations = map[string]preparation{
	"objectIdentifierMatch": prepareOID, "objectIdentifierFirstComponentMatch": prepareFirstOID,
	"distinguishedNameMatch": prepareDN, "uniqueMemberMatch": prepareNameAndUID,
	"caseIgnoreMatch": prepareFold, "caseIgnoreOrderingMatch": prepareFold, "caseIgnoreSubstringsMatch": prepareFold,
	"caseIgnoreListMatch": prepareFold, "caseIgnoreListSubstringsMatch": prepareFold,
	"caseIgnoreIA5Match": prepareFold, "caseIgnoreIA5SubstringsMatch": prepareFold,
	"caseExactMatch": prepareExact, "caseExactOrderingMatch": prepareExact, "caseExactSubstringsMatch": prepareExact,
	"caseExactIA5Match": prepareExact, "caseExactIA5SubstringsMatch": prepareExact,
	"numericStringMatch": prepareNumeric, "numericStringOrderingMatch": prepareNumeric, "numericStringSubstringsMatch": prepareNumeric,
	"telephoneNumberMatch": prepareTelephone, "telephoneNumberSubstringsMatch": prepareTelephone,
	"booleanMatch": prepareBoolean, "bitStringMatch": prepareOctets,
	"integerMatch": prepareInteger, "integerOrderingMatch": prepareInteger, "integerBitAndMatch": prepareInteger, "integerBitOrMatch": prepareInteger,
	"octetStringMatch": prepareOctets, "octetStringOrderingMatch": prepareOctets,
	"generalizedTimeMatch": prepareTime, "generalizedTimeOrderingMatch": prepareTime,
	"uuidMatch": prepareUUID, "uuidOrderingMatch": prepareUUID,
}

// prepared brings a value into its form for matching; false means that the
// value is not one of the syntax that the preparation is for.
func (s *schema) prepared(p preparation, v string) (string, bool) {
	switch p {
	case prepareOctets:
		return v, true
	case prepareFold, prepareExact, prepareNumeric, prepareTelephone:
		v, ok := fold(p, v)
		if p == prepareFold || p == prepareExact {
			v = trimSpace(v)
		}
		return v, ok
	case prepareInteger:
		return canonicalInteger(v)
	case prepareBoolean:
		v = strings.ToUpper(v)
		return v, v == "TRUE" || v == "FALSE"
	case prepareTime:
		t, ok := parseTime(v)
		return t.Format("20060102150405.000000000"), ok
	case prepareDN:
		n, err := s.parseName(v)
		return n.key(), err == nil
	case prepareNameAndUID:
		uid := ""
		if i := strings.LastIndexByte(v, '#'); i > 0 && strings.HasPrefix(v[i:], "#'") && strings.HasSuffix(v, "'B") && v[i-1] != '\\' {
			v, uid = v[:i], v[i:]
		}
		n, err := s.parseName(v)
		return n.key() + uid, err == nil
	case prepareOID:
		return s.canonicalOID(v)
	case prepareFirstOID:
		v = strings.TrimSpace(v)
		if strings.HasPrefix(v, "(") { // a definition, not an assertion
			if f := strings.Fields(v[1:]); len(f) > 0 {
				v = f[0]
			}
		}
		return s.canonicalOID(v)
	case prepareUUID:
		v = strings.ToLower(v)
		return v, isUUID(v)
	}
	return "", false
}

// preparedPart brings a part of a substring assertion into the form in which
// it can be looked for in prepared values.
func (s *schema) preparedPart(p preparation, v string, first, last bool) (string, bool) {
	v, ok := fold(p, v)
	if p == prepareFold || p == prepareExact {
		if first {
			v = strings.TrimLeft(v, " ")
		}
		if last {
			v = strings.TrimRight(v, " ")
		}
	}
	return v, ok
}

// fold does the string preparation of RFC 4518 as far as it matters here:
// case, compatibility forms, white space, and what each syntax leaves out.
// Runs of white space become one space; the ends are left to the caller.
func fold(p preparation, v string) (string, bool) {
	ascii := true
	plain := true // nothing to do
	space := false
	for i := 0; i < len(v); i++ {
		c := v[i]
		switch {
		case c >= utf8.RuneSelf:
			ascii = false
		case c <= ' ' || c == 0x7f:
			if c != ' ' || space || p != prepareFold && p != prepareExact {
				plain = false
			}
		case c >= 'A' && c <= 'Z' && p != prepareExact, c == '-' && p == prepareTelephone:
			plain = false
		}
		space = c == ' '
	}
	if ascii && plain {
		return v, true
	}
	if !ascii {
		if !utf8.ValidString(v) {
			return "", false
		}
		v = norm.NFKC.String(v)
	}
	b := make([]byte, 0, len(v))
	for _, r := range v {
		switch {
		case unicode.IsSpace(r):
			if (p == prepareFold || p == prepareExact) && (len(b) == 0 || b[len(b)-1] != ' ') {
				b = append(b, ' ')
			}
		case unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == '\u034f' || r >= '\ufe00' && r <= '\ufe0f':
			// mapped to nothing
		case r == '-' && p == prepareTelephone:
		case p == prepareExact:
			b = utf8.AppendRune(b, r)
		case r == 'ß' || r == 'ẞ':
			b = append(b, "ss"...)
		default:
			b = utf8.AppendRune(b, foldRune(r))
		}
	}
	return string(b), true
}

// foldRune returns the same rune for all that differ in case only.
func foldRune(r rune) rune {
	if r < utf8.RuneSelf {
		if r >= 'A' && r <= 'Z' {
			r += 'a' - 'A'
		}
		return r
	}
	if l := unicode.ToLower(unicode.ToUpper(r)); l != r {
		return l // σ and ς alike
	}
	return r
}

func trimSpace(v string) string { return strings.Trim(v, " ") }

// approximate takes away what approximate matching passes over: accents,
// punctuation and white space.
func approximate(v string) string {
	v, _ = fold(prepareFold, v)
	b := make([]byte, 0, len(v))
	for _, r := range norm.NFKD.String(v) {
		if unicode.IsLetter(r) || unicode.IsNumber(r) {
			b = utf8.AppendRune(b, r)
		}
	}
	return string(b)
}

// compare orders two prepared values.
func (p preparation) compare(a, b string) int {
	if p != prepareInteger {
		return cmp.Compare(a, b)
	}
	negative := strings.HasPrefix(a, "-")
	if other := strings.HasPrefix(b, "-"); negative != other {
		if negative {
			return -1
		}
		return 1
	}
	order := cmp.Or(cmp.Compare(len(a), len(b)), cmp.Compare(a, b))
	if negative {
		return -order
	}
	return order
}

func canonicalInteger(v string) (string, bool) {
	digits, negative := strings.CutPrefix(strings.TrimSpace(v), "-")
	if digits == "" {
		return "", false
	}
	for i := range len(digits) {
		if digits[i] < '0' || digits[i] > '9' {
			return "", false
		}
	}
	digits = strings.TrimLeft(digits, "0")
	switch {
	case digits == "":
		return "0", true
	case negative:
		return "-" + digits, true
	}
	return digits, true
}

// canonicalOID turns the names of classes and types into their OIDs. A name
// that nothing here has is kept, so that a value such as a control's name can
// still be equal to itself, but it is told.
func (s *schema) canonicalOID(v string) (string, bool) {
	v = strings.TrimSpace(v)
	if c := s.class(v); c != nil {
		return c.oid, true
	}
	if t := s.attribute(v); t != nil {
		return t.oid, true
	}
	if r := s.rule(v); r != nil {
		return r.oid, true
	}
	return v, isNumericOID(v)
}

func isNumericOID(v string) bool {
	dot := true
	for i := range len(v) {
		switch c := v[i]; {
		case c >= '0' && c <= '9':
			dot = false
		case c == '.' && !dot:
			dot = true
		default:
			return false
		}
	}
	return !dot && strings.Contains(v, ".")
}

func isUUID(v string) bool {
	if len(v) != 36 {
		return false
	}
	for i := range len(v) {
		c := v[i]
		if i == 8 || i == 13 || i == 18 || i == 23 {
			if c != '-' {
				return false
			}
		} else if !(c >= '0' && c <= '9' || c >= 'a' && c <= 'f') {
			return false
		}
	}
	return true
}
