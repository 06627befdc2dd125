package memory

import (
	"errors"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-ldap/ldap/v3"
)

// name is a distinguished name taken apart. Two names are the same when their
// keys are.
type name struct {
	rdns []rdn // the entry's own first; empty for the root
}

// rdn is one step of a name.
type rdn struct {
	text string // as it was written
	key  string // the same for all that match
	avas []ava
}

type ava struct {
	name  string         // of the type, as it was written
	typ   *attributeType // nil when the schema does not know it
	value string
}

var errName = errors.New("the distinguished name cannot be read")

// parseName reads a distinguished name in the form of RFC 4514.
func (s *schema) parseName(text string) (name, error) {
	if !utf8.ValidString(text) {
		return name{}, errName
	}
	text = Unquoted(text)
	parsed, err := ldap.ParseDN(text)
	if err != nil {
		return name{}, err
	}
	texts := splitName(text)
	if len(parsed.RDNs) == 0 {
		return name{}, nil
	}
	if len(texts) != len(parsed.RDNs) {
		return name{}, errName
	}
	n := name{rdns: make([]rdn, len(texts))}
	for i, p := range parsed.RDNs {
		r := rdn{text: texts[i], avas: make([]ava, len(p.Attributes))}
		keys := make([]string, len(p.Attributes))
		for j, a := range p.Attributes {
			typ := s.attribute(a.Type)
			if typ == nil && !isAttributeName(a.Type) {
				return name{}, errName
			}
			r.avas[j] = ava{name: a.Type, typ: typ, value: a.Value}
			keys[j] = s.avaKey(r.avas[j])
		}
		slices.Sort(keys)
		r.key = strings.Join(keys, "+")
		n.rdns[i] = r
	}
	return n, nil
}

// avaKey never holds a comma or a plus sign of the value, so that keys of
// different names cannot come out alike.
func (s *schema) avaKey(a ava) string {
	p, typ := prepareFold, strings.ToLower(a.name)
	if a.typ != nil {
		p, typ = a.typ.prepare, a.typ.oid
		if p == prepareDN || p == prepareNameAndUID {
			p = prepareFold // names inside names compare as text; deeper is not worth it
		}
	}
	v, ok := s.prepared(p, a.value)
	if !ok {
		v = a.value
	}
	return typ + "=" + keyEscape.Replace(v)
}

var keyEscape = strings.NewReplacer(`\`, `\\`, ",", `\2c`, "+", `\2b`)

// splitName cuts a name at its commas, and at the semicolons that RFC 2253
// still allowed.
func splitName(text string) []string {
	var parts []string
	start := 0
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case ',', ';':
			parts = append(parts, trimRDN(text[start:i]))
			start = i + 1
		}
	}
	return append(parts, trimRDN(text[start:]))
}

// trimRDN takes the spaces off the ends, but for one that is escaped.
func trimRDN(s string) string {
	t := strings.Trim(s, " ")
	slashes := len(t) - len(strings.TrimRight(t, `\`))
	if slashes%2 == 1 {
		t += " "
	}
	return t
}

// isAttributeName accepts names that no type here has: they may be in the
// schema of the server that a name leads to.
func isAttributeName(v string) bool {
	if v == "" {
		return false
	}
	if v[0] >= '0' && v[0] <= '9' {
		return isNumericOID(v)
	}
	for i := range len(v) {
		c := v[i]
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || !(c >= '0' && c <= '9' || c == '-' || c == '_')) {
			return false
		}
	}
	return true
}

// key is the same string for all names that match.
func (n name) key() string {
	switch len(n.rdns) {
	case 0:
		return ""
	case 1:
		return n.rdns[0].key
	}
	var b strings.Builder
	for i, r := range n.rdns {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(r.key)
	}
	return b.String()
}

// String returns the name as it was written, without spaces around commas.
func (n name) String() string {
	var b strings.Builder
	for i, r := range n.rdns {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(r.text)
	}
	return b.String()
}

func (n name) isRoot() bool { return len(n.rdns) == 0 }

// parent is the name without its first step; the root has none but itself.
func (n name) parent() name {
	if n.isRoot() {
		return n
	}
	return name{n.rdns[1:]}
}

// under reports whether n is base or below it.
func (n name) under(base name) bool {
	d := len(n.rdns) - len(base.rdns)
	if d < 0 {
		return false
	}
	for i, r := range base.rdns {
		if n.rdns[d+i].key != r.key {
			return false
		}
	}
	return true
}

// child is the name of an entry below n.
func (n name) child(r rdn) name {
	return name{append([]rdn{r}, n.rdns...)}
}
