package dsml

import (
	"strings"
	"unicode/utf8"

	"github.com/dsmlkit/dsmlkit/xml"
)

// ParseFilter reads the LDAP filter text of RFC 4515 with the empty and and or
// of RFC 4526. The values lose their backslash escapes (D-79): a value that
// can stand in an XML document comes back as Text, any other as Base64Binary.
//
// An error is an [*Error] of code "dsml-filter" whose position is that in the
// filter text: the column is the character (from 1), the offset the byte (from
// 0) that is wrong; the line is always 1. Filters may be nested
// [DefaultFilterDepth] deep, as in a document (D-81).
//
// Beyond RFC 4515 it accepts what people and older programs write:
//
//   - no outer pair of parentheses, as in "cn=a*" or "&(cn=a)(sn=b)"; white
//     space at the end is then not part of the value;
//   - white space around filters and before and after an attribute name;
//   - no parentheses around the filter inside a not, as in "(!cn=a)", which
//     Active Directory takes;
//   - the escapes \*, \(, \) and \\ of RFC 1960;
//   - several asterisks in a row, which mean what one means;
//   - underscores in attribute names.
func ParseFilter(s string) (*Filter, error) {
	p := filterParser{text: s, end: len(s)}
	if i := firstInvalid(s); i >= 0 {
		return nil, p.fail(i, "the filter is not valid UTF-8", "write bytes that are not text as \\xx, two hexadecimal digits")
	}
	p.space()
	if p.i == p.end {
		return nil, p.fail(p.i, "the filter is empty", "write (objectClass=*) to find every entry")
	}
	var f *Filter
	var err error
	if p.text[p.i] == '(' {
		f, err = p.filter(1)
	} else {
		p.end = len(strings.TrimRight(s, filterSpace))
		f, err = p.component(1)
	}
	if err != nil {
		return nil, err
	}
	p.space()
	switch {
	case p.i == p.end:
		return f, nil
	case p.text[p.i] == '(':
		return nil, p.fail(p.i, "a second filter after the end of the first", "join filters with and, (&(...)(...)), or with or, (|(...)(...))")
	case p.text[p.i] == ')':
		return nil, p.fail(p.i, "a closing parenthesis without an opening one", "write \\29 for a parenthesis inside a value")
	}
	return nil, p.fail(p.i, "text after the end of the filter", "")
}

const filterSpace = " \t\r\n"

type filterParser struct {
	text string
	i    int // next byte
	end  int // of the text that counts
}

//go:noinline
func (p *filterParser) fail(at int, message, hint string) error {
	return &Error{
		Code: "dsml-filter", Message: message, Hint: hint,
		Pos: xml.Position{Line: 1, Column: utf8.RuneCountInString(p.text[:at]) + 1, Offset: int64(at)},
	}
}

func (p *filterParser) space() {
	for p.i < p.end && strings.IndexByte(filterSpace, p.text[p.i]) >= 0 {
		p.i++
	}
}

// peek returns the next byte, or 0 at the end; a NUL in the text is an error
// wherever peek is asked, so the two need not be told apart.
//
//go:noinline
func (p *filterParser) peek() byte {
	if p.i < p.end {
		return p.text[p.i]
	}
	return 0
}

// filter reads one filter with its parentheses; the opening one is next.
func (p *filterParser) filter(depth int) (*Filter, error) {
	open := p.i
	p.i++
	p.space()
	f, err := p.component(depth)
	if err != nil {
		return nil, err
	}
	p.space()
	switch {
	case p.i == p.end:
		return nil, p.fail(p.i, "the filter ends before its closing parenthesis", "the parenthesis at character "+itoa(utf8.RuneCountInString(p.text[:open])+1)+" is still open")
	case p.text[p.i] == '(' && f.Kind == Not:
		return nil, p.fail(p.i, "not takes exactly one filter", "join several inside it: (!(&(...)(...)))")
	case p.text[p.i] != ')':
		return nil, p.fail(p.i, "a closing parenthesis is missing here", "")
	}
	p.i++
	return f, nil
}

// component reads what stands between a filter's parentheses.
func (p *filterParser) component(depth int) (*Filter, error) {
	if depth > DefaultFilterDepth {
		return nil, p.fail(p.i, "the filter is nested deeper than "+itoa(DefaultFilterDepth)+" levels", "join conditions of the same kind in one and, or one or")
	}
	switch p.peek() {
	case '&':
		p.i++
		return p.list(And, depth)
	case '|':
		p.i++
		return p.list(Or, depth)
	case '!':
		p.i++
		p.space()
		var inner *Filter
		var err error
		switch p.peek() {
		case '(':
			inner, err = p.filter(depth + 1)
		case ')', 0:
			return nil, p.fail(p.i, "not takes exactly one filter", "write (!(cn=a))")
		default:
			inner, err = p.component(depth + 1)
		}
		if err != nil {
			return nil, err
		}
		return &Filter{Kind: Not, Filters: []*Filter{inner}}, nil
	case '(':
		return nil, p.fail(p.i, "one pair of parentheses too many", "a filter stands in one pair; only &, | and ! hold other filters")
	}
	return p.item()
}

func (p *filterParser) list(kind FilterKind, depth int) (*Filter, error) {
	f := &Filter{Kind: kind}
	for {
		p.space()
		switch p.peek() {
		case '(':
			inner, err := p.filter(depth + 1)
			if err != nil {
				return nil, err
			}
			f.Filters = append(f.Filters, inner)
		case ')':
			return f, nil
		default:
			if p.i == p.end {
				return f, nil // filter finds out whether a parenthesis is missing
			}
			return nil, p.fail(p.i, "a filter in parentheses is wanted here", "write each condition in its own pair: (&(cn=a)(sn=b))")
		}
	}
}

// String returns the filter as RFC 4515 text. Asterisks, parentheses,
// backslashes, control characters and bytes that are not UTF-8 are escaped,
// so that [ParseFilter] gives back a filter of the same meaning (D-79). A
// value that is a reference (AnyURI) is written as the text of the reference:
// filter text has no other form for it.
func (f *Filter) String() string {
	return string(f.appendText(nil))
}

func (f *Filter) appendText(b []byte) []byte {
	if f == nil {
		return b
	}
	b = append(b, '(')
	switch f.Kind {
	case And, Or, Not:
		b = append(b, "&|!"[f.Kind-And])
		for _, inner := range f.Filters {
			b = inner.appendText(b)
		}
	case EqualityMatch:
		b = appendEscaped(append(append(b, f.Name...), '='), f.Value.Data)
	case GreaterOrEqual:
		b = appendEscaped(append(append(b, f.Name...), ">="...), f.Value.Data)
	case LessOrEqual:
		b = appendEscaped(append(append(b, f.Name...), "<="...), f.Value.Data)
	case ApproxMatch:
		b = appendEscaped(append(append(b, f.Name...), "~="...), f.Value.Data)
	case Present:
		b = append(append(b, f.Name...), "=*"...)
	case Substrings:
		b = append(append(b, f.Name...), '=')
		if f.Initial != nil {
			b = appendEscaped(b, f.Initial.Data)
		}
		b = append(b, '*')
		for _, v := range f.Any {
			b = append(appendEscaped(b, v.Data), '*')
		}
		if f.Final != nil {
			b = appendEscaped(b, f.Final.Data)
		}
	case ExtensibleMatch:
		b = append(b, f.Name...)
		if f.DNAttributes {
			b = append(b, ":dn"...)
		}
		if f.MatchingRule != "" {
			b = append(append(b, ':'), f.MatchingRule...)
		}
		b = appendEscaped(append(b, ":="...), f.Value.Data)
	}
	return append(b, ')')
}

// appendEscaped writes a value. Control characters are escaped beyond what
// RFC 4515 asks: a line break would not survive a one-line text box.
func appendEscaped(b []byte, s string) []byte {
	const hex = "0123456789abcdef"
	for i := 0; i < len(s); {
		c := s[i]
		if c >= utf8.RuneSelf {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r != utf8.RuneError || n > 1 {
				b = append(b, s[i:i+n]...)
				i += n
				continue
			}
		} else if c >= ' ' && c != 0x7f && c != '*' && c != '(' && c != ')' && c != '\\' {
			b = append(b, c)
			i++
			continue
		}
		b = append(b, '\\', hex[c>>4], hex[c&15])
		i++
	}
	return b
}
