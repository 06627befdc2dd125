package ldap

import (
	"context"
	"strings"
	"sync/atomic"
	"time"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// binarySyntaxes are those whose values are no text for people, even where
// they happen to be characters (RFC 4517, and RFC 2252 for the older ones).
var binarySyntaxes = map[string]bool{
	"1.3.6.1.4.1.1466.115.121.1.4":  true, // Audio
	"1.3.6.1.4.1.1466.115.121.1.5":  true, // Binary
	"1.3.6.1.4.1.1466.115.121.1.8":  true, // Certificate
	"1.3.6.1.4.1.1466.115.121.1.9":  true, // Certificate List
	"1.3.6.1.4.1.1466.115.121.1.10": true, // Certificate Pair
	"1.3.6.1.4.1.1466.115.121.1.23": true, // Fax
	"1.3.6.1.4.1.1466.115.121.1.28": true, // JPEG
	"1.3.6.1.4.1.1466.115.121.1.40": true, // Octet String
	"1.3.6.1.4.1.1466.115.121.1.49": true, // Supported Algorithm
}

// attributeTypes knows the types of the server's schema whose values are
// binary, by name and by object identifier, in lower case. nil knows none.
type attributeTypes struct{ isBinary map[string]bool }

// binary reports whether the values of an attribute are binary.
func (t *attributeTypes) binary(description string) bool {
	name, options, _ := strings.Cut(description, ";")
	if options != "" && strings.Contains(";"+strings.ToLower(options)+";", ";binary;") {
		return true // RFC 4522
	}
	return t != nil && t.isBinary[strings.ToLower(name)]
}

// How long a schema that was read is good for, and how long one that could not
// be read is not asked for again.
const (
	schemaAge   = time.Hour
	schemaRetry = time.Minute
)

// schema is what is known of the server's schema. It is read once for all
// connections, on the first that searches.
type schema struct {
	known   atomic.Pointer[schemaRead]
	reading atomic.Bool
}

type schemaRead struct {
	types *attributeTypes
	until time.Time
}

// of returns the types of the schema, which it reads on the link when it is
// not known. Without one, values are judged by their bytes.
func (s *schema) of(ctx context.Context, l *link) (*attributeTypes, error) {
	r := s.known.Load()
	if r != nil && time.Now().Before(r.until) {
		return r.types, nil
	}
	if r != nil && !s.reading.CompareAndSwap(false, true) {
		return r.types, nil // somebody else is at it; what was known before is good enough
	}
	defer s.reading.Store(false)
	types, err := readSchema(ctx, l)
	if err != nil {
		return nil, err
	}
	age := schemaAge
	if types == nil {
		age = schemaRetry
	}
	s.known.Store(&schemaRead{types, time.Now().Add(age)})
	return types, nil
}

// readSchema reads the subschema that the root DSE names. The types are nil
// when the server publishes none that the link may see; the error is one of
// the link.
func readSchema(ctx context.Context, l *link) (*attributeTypes, error) {
	root, err := readEntry(ctx, l, "", "objectClass", "subschemaSubentry")
	if err != nil || len(root["subschemasubentry"]) == 0 {
		return nil, err
	}
	sub, err := readEntry(ctx, l, root["subschemasubentry"][0], "subschema", "attributeTypes", "ldapSyntaxes")
	if err != nil || len(sub["attributetypes"]) == 0 {
		return nil, err
	}
	return parseSchema(sub["attributetypes"], sub["ldapsyntaxes"]), nil
}

// readEntry returns attributes of one entry by their names in lower case, none
// when it cannot be read.
func readEntry(ctx context.Context, l *link, dn, class string, attributes ...string) (map[string][]string, error) {
	filter := &dsml.Filter{Kind: dsml.EqualityMatch, Name: "objectClass", Value: dsml.Value{Data: class}}
	if class == "objectClass" {
		filter = &dsml.Filter{Kind: dsml.Present, Name: class}
	}
	found := map[string][]string{}
	err := l.call(ctx, encodeSearch(&dsml.SearchRequest{DN: dn, Filter: filter, Attributes: attributes}), nil, func(m *message) (bool, error) {
		if m.op == opEntry {
			if it, ok := m.item(nil); ok {
				for _, a := range it.Entry.Attrs {
					for _, v := range a.Values {
						found[strings.ToLower(a.Name)] = append(found[strings.ToLower(a.Name)], v.Data)
					}
				}
			}
		}
		return m.op == opDone, nil
	})
	return found, err
}

// parseSchema finds the binary types among descriptions of types and syntaxes
// (RFC 4512 section 4.1).
func parseSchema(types, syntaxes []string) *attributeTypes {
	binary := map[string]bool{}
	for oid := range binarySyntaxes {
		binary[oid] = true
	}
	for _, text := range syntaxes {
		d := describe(text)
		if len(d.field("X-NOT-HUMAN-READABLE")) == 1 && d.field("X-NOT-HUMAN-READABLE")[0] == "TRUE" {
			binary[d.oid] = true
		}
	}
	known := make(map[string]description, 2*len(types))
	for _, text := range types {
		d := describe(text)
		known[strings.ToLower(d.oid)] = d
		for _, n := range d.field("NAME") {
			known[strings.ToLower(n)] = d
		}
	}
	t := &attributeTypes{isBinary: map[string]bool{}}
	for name, d := range known {
		if binary[d.syntax(known)] {
			t.isBinary[name] = true
		}
	}
	return t
}

// description is a definition in the form "( oid KEYWORD value ... )".
type description struct {
	oid    string
	tokens []string // with parentheses left out; quoted strings keep a quote in front
}

func describe(text string) description {
	var d description
	for i := 0; i < len(text); {
		switch c := text[i]; c {
		case ' ', '(', ')', '\t', '\n', '\r', '$':
			i++
		case '\'':
			end := strings.IndexByte(text[i+1:], '\'')
			if end < 0 {
				end = len(text) - i - 1
			}
			d.tokens = append(d.tokens, text[i:i+1+end])
			i += end + 2
		default:
			end := strings.IndexAny(text[i:], " ()'\t\n\r$")
			if end < 0 {
				end = len(text) - i
			}
			d.tokens = append(d.tokens, text[i:i+end])
			i += end
		}
	}
	if len(d.tokens) > 0 {
		d.oid, d.tokens = d.tokens[0], d.tokens[1:]
	}
	return d
}

// field returns the quoted strings behind a keyword, or the one word.
func (d description) field(keyword string) []string {
	for i, t := range d.tokens {
		if t != keyword {
			continue
		}
		var values []string
		for _, v := range d.tokens[i+1:] {
			quoted := strings.HasPrefix(v, "'")
			if !quoted && len(values) > 0 {
				break
			}
			values = append(values, strings.TrimPrefix(v, "'"))
			if !quoted {
				break
			}
		}
		return values
	}
	return nil
}

// supertypes bounds the way up: a schema may go round in circles.
const supertypes = 32

// syntax returns the object identifier of the type's syntax, which it may have
// from a supertype.
func (d description) syntax(known map[string]description) string {
	for range supertypes {
		if s := d.field("SYNTAX"); len(s) == 1 {
			oid, _, _ := strings.Cut(s[0], "{")
			return oid
		}
		sup := d.field("SUP")
		if len(sup) != 1 {
			return ""
		}
		d = known[strings.ToLower(sup[0])]
	}
	return ""
}
