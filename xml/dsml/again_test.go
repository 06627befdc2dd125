package dsml

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml"
)

// reading is what a decoder tells of a document: what went to the sink, what came
// behind that, and the requestIDs of the batch and of its search.
type reading struct {
	entries, rest string
	batch, search Optional
}

// readWhole reads a document that comes whole; positions do not count, for they
// are not those of the document before.
func readWhole(d *Decoder, o Options, generic bool, doc []byte) reading {
	var sink eventSink
	d.Reset(o)
	d.Entries(&sink)
	d.r.d.repeat.off = generic
	d.Feed(doc)
	d.Close()
	if d.Again() {
		if _, err := d.Next(); err == nil {
			sink.WriteString("an item behind the end")
		}
		p := d.Parsed()
		if p.Complete != 1 || p.IsRequest || p.Document.(*BatchResponse).RequestID != p.RequestID {
			fmt.Fprintf(&sink, "%+v", p)
		}
		return reading{sink.String(), "", p.RequestID, d.SearchID()}
	}
	sink.Reset()
	var rest strings.Builder
	var search Optional
	for entries := 0; ; {
		item, err := d.Next()
		if sink.Len() > entries {
			entries = sink.Len()
			sink.WriteString(rest.String())
			rest.Reset()
		}
		if err == nil {
			search = d.SearchID()
			fmt.Fprintf(&rest, "%s %+v\n", item.Element(), item)
			continue
		}
		if e := (*Error)(nil); errors.As(err, &e) {
			fmt.Fprintf(&rest, "%s %v %q %q %s\n", e.Code, e.Pos, e.Message, e.Hint, e.Statement)
		}
		p := d.Parsed()
		fmt.Fprintf(&rest, "%v %v %d %t %v", err, p.IsRequest, p.Complete, p.Envelope == nil, d.s.Encoding())
		return reading{sink.String(), rest.String(), p.RequestID, search}
	}
}

// pages returns a function that writes documents which differ in their entries
// and requestIDs only, as the pages of a search do.
func pages(r *rand.Rand) func() []byte {
	pick := func(of ...string) string { return of[r.IntN(len(of))] }
	line, p, q := pick("\n", "\n  ", ""), pick("", "", "d:"), pick(`"`, `"`, `'`)
	head, tail := pick("", `<?xml version="1.0" encoding="UTF-8"?>`, "\uFEFF"), ""
	if r.IntN(2) == 0 {
		head += `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header><x/></s:Header><s:Body>`
		tail = `</s:Body></s:Envelope>`
	}
	head += `<` + p + `batchResponse xmlns` + strings.TrimSuffix(":"+p, ":") + `="urn:oasis:names:tc:DSML:2:0:core" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`
	ids := []string{"", ` requestID="@"`, ` requestID='@'`, ` resquestID="@"`}
	head += ids[r.IntN(3)] + `>` + pick("", "", "", "", "", "", "", "<"+p+`authResponse><`+p+`resultCode code="0"/></`+p+`authResponse>`) + line + `<` + p + `searchResponse` + ids[r.IntN(20)%4] + `>`
	done := `<` + p + `searchResultDone><` + p + `resultCode code="` + pick("0", "4") + `"/></` + p + `searchResultDone>`
	tail = pick("", "", "", "", "", "", "", `<`+p+`searchResultReference><`+p+`ref>ldap://x/</`+p+`ref></`+p+`searchResultReference>`) + done + `</` + p + `searchResponse>` + pick("", "", "", "", "", "", "", `<`+p+`searchResponse><`+p+`searchResultDone><`+p+`resultCode code="0"/></`+p+`searchResultDone></`+p+`searchResponse>`) + `</` + p + `batchResponse>` + tail + pick("", "\n", "<!-- end -->")
	names := []string{"cn", "sn", "objectClass", "mail", "telephoneNumber", "physicalDeliveryOfficeName", "description;lang-de", "2.5.4.3"}
	texts := []string{"a", "", "another value", "Zoë", "佳子 😀", "&lt;tag&gt;", "&#x2013;", "cn=some,ou=thing that is longer,dc=example,dc=com", strings.Repeat("x", 70)}
	return func() []byte {
		var b strings.Builder
		for i, part := range strings.Split(head, "@") {
			if i > 0 {
				b.WriteString(pick("1", "2", "", "4", "5", "6", "a&amp;b", "a\tb", "\u00e9", "a rather long requestID that somebody has thought of"))
			}
			b.WriteString(part)
		}
		for range 1 + r.IntN(3) {
			b.WriteString(line + `<` + p + `searchResultEntry dn=` + q + `cn=` + pick(texts...) + `,dc=example` + q + `>`)
			for range 1 + r.IntN(5) {
				b.WriteString(line + `<` + p + `attr name=` + q + pick(names...) + q + `>`)
				for range 1 + r.IntN(10)/8 {
					typ, text := "", pick(texts...)
					switch r.IntN(100) {
					case 0, 1, 2, 3, 4, 5:
						typ, text = ` xsi:type="xsd:base64Binary"`, pick("AAECAwQF", "q83vEjRWeJCrze8SNFZ4kA==", "")
					case 6:
						typ, text = ` xsi:type="xsd:base64Binary"`, "QR=="
					case 7:
						text = "]]"
					}
					b.WriteString(`<` + p + `value` + typ + `>` + text + `</` + p + `value>`)
				}
				b.WriteString(`</` + p + `attr>`)
			}
			b.WriteString(`</` + p + `searchResultEntry>`)
		}
		b.WriteString(line + tail)
		return []byte(b.String())
	}
}

// TestAgain reads documents, many of them like the one before, at once and token
// by token: entries and what comes behind them are the same.
func TestAgain(t *testing.T) {
	r := rand.New(rand.NewPCG(*repeatSeed, 5))
	plain, again := NewDecoder(Options{}), NewDecoder(Options{})
	settings := []Options{{Strict: true}, {Allow: EndpointAllow()}, {Expect: ExpectRequest}, {Limits: xml.Limits{TokenLength: 60}}, {Limits: xml.Limits{Length: 1500}}, {Limits: xml.Limits{Depth: 7}}}
	var page func() []byte
	var last string // what came behind the entries of the document that was read token by token
	var o Options
	atOnce, refused := 0, 0
	for n := range *repeatDocuments {
		if n%50 == 0 {
			page, o = pages(r), Options{}
			if r.IntN(4) == 0 {
				o = settings[r.IntN(len(settings))]
			}
		}
		doc := page()
		if r.IntN(4) == 0 {
			doc = damage(r, doc)
		}
		if r.IntN(200) == 0 {
			o = settings[r.IntN(len(settings))]
		}
		want := readWhole(plain, o, true, doc)
		got := readWhole(again, o, false, doc)
		switch {
		case got.rest == "": // at once
			atOnce++
			got.rest = last
		case again.Like():
			last = got.rest
		}
		if got != want {
			t.Fatalf("document %d with %+v:\n%s\n\nread as\n%s%s\n\ninstead of\n%s%s", n, o, doc, got.entries, got.rest, want.entries, want.rest)
		}
		if !strings.Contains(want.rest, "EOF") {
			refused++
		}
	}
	t.Log(*repeatDocuments, "documents,", atOnce, "read at once,", refused, "refused")
	if atOnce*20 < *repeatDocuments {
		t.Error("too few documents were read at once for this to be a test")
	}
}

// TestAgainEncodings shows that a document which looks like the last one only after
// it has been rewritten in UTF-8 is not taken for it.
func TestAgainEncodings(t *testing.T) {
	doc := `<?xml version="1.0" encoding="ISO-8859-1"?><batchResponse xmlns="urn:oasis:names:tc:DSML:2:0:core"><searchResponse>` +
		strings.Repeat(`<searchResultEntry dn="cn=a"><attr name="cn"><value>a</value></attr></searchResultEntry>`, 4) +
		`<searchResultDone><resultCode code="0"/></searchResultDone></searchResponse></batchResponse>`
	for _, encoding := range []string{"ISO-8859-1", "US-ASCII", "UTF-16"} {
		d := NewDecoder(Options{})
		text := strings.Replace(doc, "ISO-8859-1", encoding, 1)
		wide := text
		if encoding == "UTF-16" {
			wide = "\xFE\xFF"
			for _, c := range []byte(text) {
				wide += "\x00" + string(rune(c))
			}
		}
		for range 5 {
			if got := readWhole(d, Options{}, false, []byte(wide)); !strings.Contains(got.rest, "EOF") || d.Like() {
				t.Errorf("%s: %s", encoding, got.rest)
			}
		}
	}
	d := NewDecoder(Options{})
	text := strings.Replace(doc, "ISO-8859-1", "UTF-8", 1)
	for range 5 {
		readWhole(d, Options{}, false, []byte(text))
	}
	if got := readWhole(d, Options{}, false, []byte(text)); got.rest != "" {
		t.Error("a document in UTF-8 that came five times was not read at once")
	}
	if got := readWhole(d, Options{}, false, []byte(strings.Replace(text, ">a<", ">\xe4<", 1))); !strings.Contains(got.rest, "UTF-8") {
		t.Error(got.rest)
	}
}
