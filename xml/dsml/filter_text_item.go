package dsml

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// item reads one comparison: everything that is not and, or and not.
func (p *filterParser) item() (*Filter, error) {
	start := p.i
	name, err := p.name("attribute name")
	if err != nil {
		return nil, err
	}
	p.space()
	op := p.peek()
	if name == "" && op != ':' {
		switch {
		case p.i == p.end || op == ')':
			return nil, p.fail(p.i, "a condition is missing here", "write an attribute name, a comparison and a value: (cn=a)")
		case op == '=' || op == '<' || op == '>' || op == '~':
			return nil, p.fail(p.i, "the attribute name is missing", "write it before the comparison: (cn=a)")
		case op == '*':
			return nil, p.fail(p.i, "an asterisk cannot stand for an attribute name", "write (objectClass=*) to find every entry")
		}
		return nil, p.fail(p.i, "an attribute name cannot begin with this character", "names begin with a letter, numeric OIDs with a digit")
	}
	switch op {
	case '=':
		p.i++
		return p.equality(name)
	case '>', '<', '~':
		at := p.i
		p.i++
		if p.peek() != '=' {
			hint := "the comparisons are =, >=, <=, ~= and :="
			if op != '~' {
				hint = "LDAP has no " + string(op) + " alone; write " + string(op) + "= and, to leave out the value itself, and it with a not"
			}
			return nil, p.fail(at, "this comparison needs an = after it", hint)
		}
		p.i++
		v, err := p.value("this comparison")
		if err != nil {
			return nil, err
		}
		f := &Filter{Kind: GreaterOrEqual, Name: name, Value: v}
		if op == '<' {
			f.Kind = LessOrEqual
		} else if op == '~' {
			f.Kind = ApproxMatch
		}
		return f, nil
	case ':':
		return p.extensible(start, name)
	case '!':
		return nil, p.fail(p.i, "filters have no != comparison", "write (!("+name+"=value))")
	}
	if p.i == p.end || op == ')' {
		return nil, p.fail(p.i, "the comparison after "+name+" is missing", "write ("+name+"=*) to ask only whether it is there")
	}
	return nil, p.fail(p.i, "a comparison is wanted after "+name, "the comparisons are =, >=, <=, ~= and :=")
}

// name reads an attribute description or a matching rule: a keyword or a
// numeric OID with options. It returns "" when none stands here.
func (p *filterParser) name(what string) (string, error) {
	start := p.i
	c := p.peek()
	switch {
	case isLetter(c):
		for isNameByte(p.peek()) {
			p.i++
		}
	case isDigit(c):
		for {
			arc := p.i
			for isDigit(p.peek()) {
				p.i++
			}
			if arc == p.i {
				return "", p.fail(p.i, "a number is missing in the OID", "a numeric OID is numbers with dots between them: 2.5.4.3")
			}
			if p.peek() != '.' {
				break
			}
			p.i++
		}
		if isNameByte(p.peek()) {
			return "", p.fail(p.i, "this character cannot stand in a numeric OID", "an "+what+" that begins with a digit is numbers with dots between them: 2.5.4.3")
		}
	default:
		return "", nil
	}
	for p.peek() == ';' {
		p.i++
		option := p.i
		for isNameByte(p.peek()) {
			p.i++
		}
		if option == p.i {
			return "", p.fail(p.i, "the attribute option is empty", "options follow a semicolon: cn;lang-en")
		}
	}
	return p.text[start:p.i], nil
}

// equality reads the value after =, which is presence, equality or substrings
// by the asterisks that stand in it without a backslash (D-80).
func (p *filterParser) equality(name string) (*Filter, error) {
	var parts []string
	for {
		part, err := p.part()
		if err != nil {
			return nil, err
		}
		parts = append(parts, part)
		if p.peek() != '*' {
			break
		}
		p.i++
	}
	if len(parts) == 1 {
		return &Filter{Kind: EqualityMatch, Name: name, Value: filterValue(parts[0])}, nil
	}
	f := &Filter{Kind: Substrings, Name: name}
	last := len(parts) - 1
	if parts[0] != "" {
		v := filterValue(parts[0])
		f.Initial = &v
	}
	for _, part := range parts[1:last] {
		if part != "" {
			f.Any = append(f.Any, filterValue(part))
		}
	}
	if parts[last] != "" {
		v := filterValue(parts[last])
		f.Final = &v
	}
	if f.Initial == nil && f.Any == nil && f.Final == nil {
		f.Kind = Present
	}
	return f, nil
}

// extensible reads the rest of (name:dn:rule:=value); the first colon is next.
func (p *filterParser) extensible(start int, name string) (*Filter, error) {
	f := &Filter{Kind: ExtensibleMatch, Name: name}
	for {
		p.i++ // the colon
		if p.peek() == '=' {
			p.i++
			break
		}
		at := p.i
		word, err := p.name("matching rule")
		if err != nil {
			return nil, err
		}
		switch {
		case word == "":
			return nil, p.fail(at, "dn, a matching rule or = is wanted after the colon", "the forms are (cn:=a), (cn:dn:=a), (cn:rule:=a), (cn:dn:rule:=a), (:rule:=a) and (:dn:rule:=a)")
		case strings.IndexByte(word, ';') >= 0:
			return nil, p.fail(at, "a matching rule has no options", "options belong to the attribute name: (cn;lang-en:rule:=a)")
		case f.MatchingRule != "":
			return nil, p.fail(at, "only := can follow the matching rule", "")
		case !f.DNAttributes && strings.EqualFold(word, "dn"):
			f.DNAttributes = true
		default:
			f.MatchingRule = word
		}
		if p.peek() != ':' {
			return nil, p.fail(p.i, "a colon is wanted here", "the comparison of an extensible match is :=")
		}
	}
	if f.Name == "" && f.MatchingRule == "" {
		return nil, p.fail(start, "an extensible match needs an attribute name or a matching rule", "write (cn:dn:=a) or (:dn:caseExactMatch:=a)")
	}
	v, err := p.value("an extensible match")
	f.Value = v
	return f, err
}

// value reads a value in which no asterisk may stand.
func (p *filterParser) value(where string) (Value, error) {
	s, err := p.part()
	if err == nil && p.peek() == '*' {
		err = p.fail(p.i, where+" takes no asterisk", "only = has patterns; write \\2a for an asterisk in the value")
	}
	return filterValue(s), err
}

// part reads a value, or a piece of one, up to an asterisk, a closing
// parenthesis or the end, and undoes its escapes.
func (p *filterParser) part() (string, error) {
	var b []byte
	start := p.i // of what has not been copied to b
	for p.i < p.end {
		switch c := p.text[p.i]; c {
		case '*', ')':
			return string(append(b, p.text[start:p.i]...)), nil
		case '(':
			return "", p.fail(p.i, "an opening parenthesis inside a value", "write \\28 for it, or close the filter before it")
		case 0:
			return "", p.fail(p.i, "a NUL character inside a value", "write \\00 for it")
		case '\\':
			b = append(b, p.text[start:p.i]...)
			rest := p.text[p.i+1 : p.end]
			hi, lo := hexDigit(rest, 0), hexDigit(rest, 1)
			switch {
			case hi >= 0 && lo >= 0:
				b = append(b, byte(hi<<4|lo))
				p.i += 3
			case rest != "" && strings.IndexByte(`*()\`, rest[0]) >= 0:
				b = append(b, rest[0])
				p.i += 2
			default:
				return "", p.fail(p.i, "two hexadecimal digits are wanted after the backslash", "write \\5c for a backslash, \\2a for *, \\28 for (, \\29 for )")
			}
			start = p.i
		default:
			p.i++
		}
	}
	return string(append(b, p.text[start:p.i]...)), nil
}

// filterValue makes text of what can stand in an XML document and base64 of
// the rest.
//
//go:noinline
func filterValue(s string) Value {
	if xmlSafe(s) {
		return Value{Data: s}
	}
	return Value{Data: s, Type: Base64Binary}
}

// firstInvalid returns where s stops being UTF-8, or -1.
func firstInvalid(s string) int {
	if utf8.ValidString(s) {
		return -1
	}
	for i, r := range s {
		if r == utf8.RuneError {
			if _, n := utf8.DecodeRuneInString(s[i:]); n == 1 {
				return i
			}
		}
	}
	return -1
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
func isDigit(c byte) bool  { return c >= '0' && c <= '9' }

// isNameByte allows the underscore as well, which real schemas use.
func isNameByte(c byte) bool { return isLetter(c) || isDigit(c) || c == '-' || c == '_' }

// hexDigit returns the value of digit i of s, or -1.
func hexDigit(s string, i int) int {
	if i >= len(s) {
		return -1
	}
	switch c := s[i]; {
	case isDigit(c):
		return int(c - '0')
	case c|0x20 >= 'a' && c|0x20 <= 'f':
		return int(c|0x20-'a') + 10
	}
	return -1
}

func itoa(n int) string { return strconv.Itoa(n) }
