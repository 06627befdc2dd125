package dsml

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/dsmlkit/dsmlkit/xml"
)

var (
	repeatDocuments = flag.Int("repeat-documents", 60_000, "damaged documents that TestRepeat reads")
	repeatSeed      = flag.Uint64("repeat-seed", 1, "seed of TestRepeat")
)

// eventSink writes down what it is given.
type eventSink struct{ bytes.Buffer }

func (s *eventSink) BeginEntry(dn []byte, id Optional) { fmt.Fprintf(s, "entry %q %v\n", dn, id) }
func (s *eventSink) BeginAttr(name *AttributeName)     { fmt.Fprintf(s, "attr %q\n", name.Text) }
func (s *eventSink) AttrValue(data []byte, t ValueType, units int) {
	fmt.Fprintf(s, "value %q %d\n", data, t)
	if units >= 0 && units != len(utf16.Encode([]rune(string(data)))) {
		fmt.Fprintf(s, "these are not %d units\n", units)
	}
}
func (s *eventSink) Step(data []byte, t ValueType, units int, next *AttributeName) {
	s.AttrValue(data, t, units)
	if next != nil {
		s.BeginAttr(next)
	}
}
func (s *eventSink) EndEntry(controls []Control) { fmt.Fprintf(s, "end %+v\n", controls) }

// events reads a document and tells all that came of it: entries, items with
// the place where they were complete, the error, the leniencies.
func events(d *Decoder, o Options, generic bool, doc []byte, piece func() int) string {
	var sink eventSink
	d.Reset(o)
	d.Entries(&sink)
	d.r.d.repeat.off = generic
	for {
		item, err := d.Next()
		switch {
		case err == nil:
			fmt.Fprintf(&sink, "%s %+v at %v to %v depth %d\n", item.Element(), item, d.s.Pos(), d.s.EndPos(), d.s.Depth())
		case errors.Is(err, ErrNeedInput) && len(doc) > 0:
			n := min(piece(), len(doc))
			d.More(n < len(doc) && n%3 > 0)
			if n%2 == 0 {
				d.Feed(doc[:n])
			} else {
				room := d.Reserve(n)
				d.Commit(room, copy(room, doc))
			}
			doc = doc[n:]
		case errors.Is(err, ErrNeedInput):
			d.Close()
		default:
			if e := (*Error)(nil); errors.As(err, &e) {
				fmt.Fprintf(&sink, "%s %v %q %q %s\n", e.Code, e.Pos, e.Message, e.Hint, e.Statement)
			}
			p := d.Parsed()
			fmt.Fprintf(&sink, "%v %v %v %v %d %t %v %v", err, p.Leniencies, p.IsRequest, p.RequestID, p.Complete, p.Envelope == nil, d.s.Pos(), d.s.Encoding())
			return sink.String()
		}
	}
}

// respond writes a search response of some shape.
func respond(r *rand.Rand) []byte {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	odd := r.IntN(3) == 0 // it has what most documents have not
	line := pick("\n", "\n", "\r\n", "")
	step := ""
	if line != "" {
		step = pick("  ", "\t", "    ")
	}
	in := func(n int) string { return line + strings.Repeat(step, n) }
	p := pick("", "", "", "d:")
	ns := "xmlns"
	if p != "" {
		ns = "xmlns:d"
	}
	quote := pick(`"`, `"`, `'`)
	attrs := []string{"cn", "sn", "objectClass", "mail", "telephoneNumber", "telephoneNumberX", "description;lang-de", "2.5.4.3", "odd_name", "member;range=0-9"}
	if !odd {
		attrs = attrs[:7]
	}
	known := attrs[:3+r.IntN(len(attrs)-2)]
	var b strings.Builder
	b.WriteString(pick("", "", `<?xml version="1.0" encoding="UTF-8"?>`+"\n", "\uFEFF"))
	soap := r.IntN(3) == 0
	if soap {
		b.WriteString(`<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>`)
	}
	b.WriteString(`<` + p + `batchResponse ` + ns + `="urn:oasis:names:tc:DSML:2:0:core" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">`)
	oddEntry := pick("", "", "", ` requestID="e"`, ` xmlns:z="urn:z"`, ` xml:space="preserve"`)
	for range 1 + r.IntN(2) {
		b.WriteString(in(1) + `<` + p + `searchResponse requestID="1">`)
		for n := range 2 + r.IntN(5) {
			extra := ""
			if odd && r.IntN(3) == 0 {
				extra = oddEntry
			}
			b.WriteString(in(2) + `<` + p + `searchResultEntry dn=` + quote + `cn=` + pick("Ann", "Björn", "a&amp;b", "佳子", "x") + strconv.Itoa(n) + `,dc=example` + quote + extra + `>`)
			if odd && r.IntN(12) == 0 {
				b.WriteString(in(3) + `<` + p + `control type="1.2.3"/>`)
			}
			list := append([]string(nil), known...)
			if r.IntN(2) == 0 {
				r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
			}
			for _, a := range list {
				b.WriteString(in(3) + `<` + p + `attr name=` + quote + a + quote + `>`)
				for range r.IntN(10) % 4 {
					typ, text := "", pick("plain", "some text that is longer than that", "", "Jürgen", "a &amp; b", "😀 x")
					what := r.IntN(12)
					if what == 0 {
						typ, text = ` xsi:type="xsd:base64Binary"`, pick("AAECAwQF", "q83vEjRWeJCrze8SNFZ4kA==", "QUJD\n REVG", "", "QQ==")
					}
					if !odd {
						what = 12
					}
					switch what {
					case 0:
						text = pick(text, text, text, "QR==", "A", "====")
					case 4:
						text = pick("a]b", "line\nline", "<![CDATA[<raw>]]>", "&#x41;&lt;")
					case 1:
						typ, text = ` xsi:type="xsd:anyURI"`, pick("http://example.org/", " x ")
					case 2:
						typ = pick(` xsi:type="xsd:string"`, ` xsi:type="base64Binary"`, ` xml:space="preserve"`, ` xsi:type='xsd:string'`)
					case 3:
						text += pick("<!-- c -->", "<?pi x?>", "<!-- c -->more")
					}
					b.WriteString(pick("", "", "", in(4)) + `<` + p + `value` + typ + `>` + text + `</` + p + `value>`)
				}
				b.WriteString(pick("", "", "", "", "", "", "", " ", "<!-- c -->") + `</` + p + `attr>`)
			}
			b.WriteString(in(2) + `</` + p + `searchResultEntry>`)
		}
		if r.IntN(4) == 0 {
			b.WriteString(in(2) + `<` + p + `searchResultReference><` + p + `ref>ldap://x/</` + p + `ref></` + p + `searchResultReference>`)
		}
		b.WriteString(in(2) + `<` + p + `searchResultDone><` + p + `resultCode code="0"/></` + p + `searchResultDone>` + in(1) + `</` + p + `searchResponse>`)
	}
	b.WriteString(line + `</` + p + `batchResponse>`)
	if soap {
		b.WriteString(`</s:Body></s:Envelope>`)
	}
	return []byte(b.String())
}

// damage changes a document in a few places. Most results are wrong somewhere.
func damage(r *rand.Rand, doc []byte) []byte {
	doc = bytes.Clone(doc)
	words := []string{"<", ">", "/", "\"", "'", "&", ";", "]]>", "=", " ", "\n", "\r", "\x00", "\xff", "\xc3", "é", "\xe4\xbd", "<!--", "-->", "<![CDATA[", "</value>", "<value>", "</attr>",
		"<value/>", "<attr name=\"x\">", "<attr name=\"x\"/>", "</searchResultEntry>", "xmlns=\"\"", " xmlns:q=\"u\"", "xml:space=\"preserve\"", "&amp;", "&bad;", "&#0;", "&#x20AC;", "<x/>", "A", "="}
	for range 1 + r.IntN(2) {
		at := r.IntN(len(doc))
		if r.IntN(2) == 0 { // far behind, where much has been learnt
			at = len(doc)/2 + at/2
		}
		length := min(1+r.IntN(1+r.IntN(60)), len(doc)-at)
		switch r.IntN(9) {
		case 0: // one other byte
			doc[at] = byte(r.IntN(256))
		case 1: // something taken out
			doc = append(doc[:at:at], doc[at+length:]...)
		case 2, 3: // something put in
			doc = []byte(string(doc[:at]) + words[r.IntN(len(words))] + string(doc[at:]))
		case 4: // something twice
			doc = []byte(string(doc[:at+length]) + string(doc[at:]))
		case 5: // a piece from elsewhere
			from := r.IntN(len(doc) - length + 1)
			copy(doc[at:at+length], bytes.Clone(doc[from:from+length]))
		case 6: // one letter
			doc[at] = "abcnx<>\"/= "[r.IntN(11)]
		default: // text, where there is some
			if end := bytes.Index(doc[at:], []byte("</")); end > 0 {
				doc = []byte(string(doc[:at+end]) + words[r.IntN(len(words))] + string(doc[at+end:]))
			}
		}
		if len(doc) == 0 {
			return []byte("<")
		}
	}
	if r.IntN(20) == 0 {
		doc = doc[:r.IntN(len(doc))]
	}
	return doc
}

// TestRepeat reads damaged documents with and without what has been learnt
// about their markup, the former whole and in pieces: entries, items, errors,
// positions and leniencies are the same. One decoder reads them all, so that
// what it learnt from one document meets the next.
func TestRepeat(t *testing.T) {
	r := rand.New(rand.NewPCG(*repeatSeed, 2))
	plain, learned := NewDecoder(Options{}), NewDecoder(Options{})
	settings := []Options{{}, {}, {}, {}, {}, {}, {}, {Strict: true}, {Allow: EndpointAllow()},
		{Limits: xml.Limits{TokenLength: 60, Attributes: 3}}, {Limits: xml.Limits{Length: 1500, NameLength: 17, Namespaces: 4}}, {Limits: xml.Limits{Depth: 7}}}
	var base []byte
	skipped, refused := 0, 0
	for n := range *repeatDocuments {
		if n%8 == 0 {
			base = respond(r)
		}
		doc := base
		if n%8 > 0 {
			doc = damage(r, base)
		}
		o := settings[r.IntN(len(settings))]
		want := events(plain, o, true, doc, func() int { return len(doc) })
		if !strings.Contains(want, "\nEOF ") && !strings.HasPrefix(want, "EOF ") {
			refused++
		}
		piece := func() int { return len(doc) }
		if n%3 == 0 {
			piece = func() int { return 1 + r.IntN(300) }
		}
		before := learned.s.Memo().Taken()
		if got := events(learned, o, false, doc, piece); got != want {
			t.Fatalf("document %d with %+v:\n%s\n\nread as\n%s\n\ninstead of\n%s", n, o, doc, got, want)
		}
		skipped += learned.s.Memo().Taken() - before
	}
	t.Log(*repeatDocuments, "documents,", refused, "refused,", skipped, "stretches recognised")
	if skipped < 5**repeatDocuments {
		t.Error("too few stretches were recognised for this to be a test")
	}
}

// TestRepeatParse checks the structs that Parse makes in the same way, on whole
// documents of every shape.
func TestRepeatParse(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	for range 500 {
		doc := respond(r)
		got, err := Parse(doc, Options{})
		d := NewDecoder(Options{})
		d.r.d.repeat.off = true
		d.r.d.delivers = false
		d.Feed(doc)
		d.Close()
		_, wantErr := d.Next()
		if wantErr == io.EOF {
			wantErr = nil
		}
		want := d.Parsed()
		if wantErr != nil {
			want.Document = nil
		}
		if a, b := fmt.Sprintf("%+v", deep(got)), fmt.Sprintf("%+v", deep(want)); a != b || fmt.Sprint(err) != fmt.Sprint(wantErr) {
			t.Fatalf("%s\nread as %v\n%s\ninstead of %v\n%s", doc, err, a, wantErr, b)
		}
	}
}

// deep takes the entries out of their pointers.
func deep(p *Parsed) []any {
	list := []any{p.IsRequest, p.RequestID, p.Complete, p.Leniencies}
	if b, ok := p.Document.(*BatchResponse); ok {
		for _, response := range b.Responses {
			if s, ok := response.(*SearchResponse); ok {
				list = append(list, s.RequestID, len(s.References), *s.Done)
				for _, e := range s.Entries {
					list = append(list, *e)
				}
			}
		}
	}
	return list
}
