package ldif

import (
	"strings"
	"unicode/utf8"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// Parse reads a text of content records or of change records.
func Parse(text []byte, o Options) (*File, error) {
	l, err := newLines(text, o)
	if err != nil {
		return nil, err
	}
	p := &parser{o: o}
	for first := true; ; {
		record, more, err := p.record(l, first)
		first = first && len(record) == 0
		if err == nil && len(record) > 0 {
			err = p.take(record)
		}
		if err != nil {
			return nil, err
		}
		if !more {
			return &p.file, nil
		}
	}
}

type parser struct {
	o    Options
	file File
	buf  []line
}

// record collects the lines up to a blank one; there may be none. more is false
// at the end of the text.
func (p *parser) record(l *lines, first bool) (record []line, more bool, err error) {
	record = p.buf[:0]
	for {
		ln, ok, err := l.next()
		if err != nil {
			return nil, false, err
		}
		p.buf = record
		if !ok || ln.blank() {
			return record, ok, nil
		}
		if first && len(record) == 0 && is(&ln, "version") {
			if ln.value != "1" {
				return nil, false, fail(CodeVersion, at(ln.pos, ln.at), "LDIF of version "+ln.value, "RFC 2849 describes version 1, and there is no other")
			}
			first = false
			continue
		}
		record = append(record, ln)
	}
}

// is compares names as LDAP does, whatever their case.
func is(l *line, name string) bool { return l.sep != '-' && strings.EqualFold(l.name, name) }

func (p *parser) take(record []line) error {
	head := &record[0]
	if !is(head, "dn") {
		return fail(CodeSyntax, head.pos, "a record begins with "+head.name+", not with dn", "records are separated by blank lines, and the first line of each is dn")
	}
	dn, err := p.text(head)
	if err != nil {
		return err
	}
	rest := record[1:]
	if len(rest) > 0 && (is(&rest[0], "control") || is(&rest[0], "changetype")) {
		if len(p.file.Entries) > 0 {
			return mixed(head)
		}
		return p.change(dn, head, rest)
	}
	if p.file.Batch != nil {
		return mixed(head)
	}
	attrs, err := p.attributes(rest)
	if err != nil {
		return err
	}
	p.file.Entries = append(p.file.Entries, &dsml.SearchResultEntry{DN: dn, Attrs: attrs})
	return nil
}

func mixed(head *line) error {
	return fail(CodeMixed, head.pos, "records with changetype and records without in one text",
		"give records that add entries the line \"changetype: add\"")
}

// text returns a value that has to be Unicode.
func (p *parser) text(l *line) (string, error) {
	if l.sep == '<' {
		return "", p.refuseURL(l)
	}
	if !utf8.ValidString(l.value) {
		return "", fail(CodeSyntax, at(l.pos, l.at), "the value of "+l.name+" is not UTF-8", "")
	}
	return l.value, nil
}

func (p *parser) refuseURL(l *line) error {
	return fail(CodeURL, at(l.pos, l.at), "the value of "+l.name+" is given by reference, which is never fetched",
		"put the value itself in, in base64 after two colons")
}

func (p *parser) value(l *line) (dsml.Value, error) {
	switch l.sep {
	case 'b':
		return dsml.Value{Data: l.value, Type: dsml.Base64Binary}, nil
	case '<':
		if !p.o.URLs {
			return dsml.Value{}, p.refuseURL(l)
		}
		return dsml.Value{Data: l.value, Type: dsml.AnyURI}, nil
	}
	return dsml.Value{Data: l.value}, nil
}

// attributes groups lines by name, in the order of first appearance: LDIF
// repeats the name for each value, DSML does not.
func (p *parser) attributes(record []line) ([]dsml.Attribute, error) {
	var attrs []dsml.Attribute
	index := make(map[string]int, len(record))
	for i := range record {
		l := &record[i]
		if l.sep == '-' {
			return nil, fail(CodeSyntax, l.pos, "a hyphen on a line of its own outside a modification", "")
		}
		if err := checkName(l, l.name); err != nil {
			return nil, err
		}
		v, err := p.value(l)
		if err != nil {
			return nil, err
		}
		key := strings.ToLower(l.name)
		at, ok := index[key]
		if !ok {
			at = len(attrs)
			index[key] = at
			attrs = append(attrs, dsml.Attribute{Name: l.name})
		}
		attrs[at].Values = append(attrs[at].Values, v)
	}
	return attrs, nil
}

// checkName refuses what cannot be an attribute description, leniently: letters,
// digits, hyphens, dots, semicolons, and the underscores and range options that
// directories have in the field.
func checkName(l *line, name string) error {
	if name == "" {
		return fail(CodeSyntax, l.pos, "the name of an attribute is empty", "")
	}
	for i := 0; i < len(name); i++ {
		c := name[i]
		switch {
		case c >= 'a' && c <= 'z', c >= 'A' && c <= 'Z', c >= '0' && c <= '9',
			c == '-', c == '.', c == ';', c == '_', c == '=', c == '*':
		default:
			return fail(CodeSyntax, l.pos, excerpt([]byte(name))+" cannot be the name of an attribute", "")
		}
	}
	return nil
}
