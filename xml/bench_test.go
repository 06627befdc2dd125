package xml

import (
	"bytes"
	stdxml "encoding/xml"
	"io"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
)

// searchResponse makes a DSML search response of about size bytes: some ten
// attributes an entry, a few references, some text that is not ASCII, some
// base64. With shuffle the attributes are in random order.
func searchResponse(size int, shuffle bool) []byte {
	random := rand.New(rand.NewPCG(7, uint64(size)))
	var b bytes.Buffer
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>
<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>
<batchResponse xmlns="urn:oasis:names:tc:DSML:2:0:core" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
  <searchResponse requestID="1">
`)
	given := []string{"Anna", "Bj\u00f6rn", "Chlo\u00e9", "Dmitri", "Eva & Adam", "\u4f73\u5b50", "Greta", "Hans-J\u00fcrgen"}
	for n := 0; b.Len() < size; n++ {
		id := strconv.Itoa(n)
		g := given[random.IntN(len(given))]
		cn := g + " Example " + id
		attr := func(name string, values ...string) string {
			var a strings.Builder
			a.WriteString(`      <attr name="` + name + `">`)
			for _, v := range values {
				a.WriteString("<value>" + strings.NewReplacer("&", "&amp;", "<", "&lt;").Replace(v) + "</value>")
			}
			a.WriteString("</attr>\n")
			return a.String()
		}
		attrs := []string{
			attr("objectClass", "top", "person", "organizationalPerson", "inetOrgPerson"),
			attr("cn", cn),
			attr("sn", "Example "+id),
			attr("givenName", g),
			attr("mail", "user"+id+"@example.com", "alias"+id+"@example.org"),
			attr("telephoneNumber", "+1 555 0100 "+id),
			attr("title", "Engineer, Directory <Services>"),
			attr("description", "A description of this entry that is somewhat longer than the other values are, "+id),
			attr("memberOf", "cn=staff,ou=groups,dc=example,dc=com", "cn=all,ou=groups,dc=example,dc=com"),
			"      <attr name=\"objectGUID\"><value xsi:type=\"xsd:base64Binary\">" + "q83vEjRWeJCrze8SNFZ4kA==" + "</value></attr>\n",
		}
		if shuffle {
			random.Shuffle(len(attrs), func(i, j int) { attrs[i], attrs[j] = attrs[j], attrs[i] })
		}
		b.WriteString(`    <searchResultEntry dn="cn=` + strings.ReplaceAll(cn, "&", "&amp;") + `,ou=people,dc=example,dc=com">` + "\n")
		for _, a := range attrs {
			b.WriteString(a)
		}
		b.WriteString("    </searchResultEntry>\n")
	}
	b.WriteString(`    <searchResultDone><resultCode code="0"/></searchResultDone>
  </searchResponse>
</batchResponse>
</soap:Body></soap:Envelope>
`)
	return b.Bytes()
}

// scanAll reads a document that is fed in pieces and counts its tokens.
func scanAll(s *Scanner, doc []byte, piece int) (tokens int, err error) {
	s.Reset(Limits{})
	for {
		k, err := s.Next()
		if err != nil {
			return tokens, err
		}
		switch k {
		case NeedInput:
			if len(doc) == 0 {
				s.Close()
				continue
			}
			n := min(piece, len(doc))
			s.Feed(doc[:n])
			doc = doc[n:]
		case EndDocument:
			return tokens, nil
		}
		tokens++
	}
}

func BenchmarkScanner(b *testing.B) {
	for _, size := range []int{2 << 10, 200 << 10, 5 << 20} {
		doc := searchResponse(size, false)
		b.Run("ours/"+strconv.Itoa(size>>10)+"KB", func(b *testing.B) {
			s := NewScanner(Limits{})
			b.SetBytes(int64(len(doc)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := scanAll(s, doc, 256<<10); err != nil {
					b.Fatal(err)
				}
			}
		})
		b.Run("encoding-xml/"+strconv.Itoa(size>>10)+"KB", func(b *testing.B) {
			b.SetBytes(int64(len(doc)))
			b.ReportAllocs()
			for b.Loop() {
				d := stdxml.NewDecoder(bytes.NewReader(doc))
				for {
					_, err := d.Token()
					if err == io.EOF {
						break
					}
					if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}

func BenchmarkParse(b *testing.B) {
	doc := searchResponse(5<<20, false)
	b.SetBytes(int64(len(doc)))
	b.ReportAllocs()
	sink := SinkFunc(func(s *Scanner, k Kind) error { return nil })
	for b.Loop() {
		if err := Parse(doc, Limits{}, sink); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWriter(b *testing.B) {
	w := NewWriter(WriterOptions{})
	blob := make([]byte, 300)
	write := func() int {
		w.Reset()
		w.Prefix("", "urn:oasis:names:tc:DSML:2:0:core")
		w.Prefix("xsi", "http://www.w3.org/2001/XMLSchema-instance")
		w.Prefix("xsd", "http://www.w3.org/2001/XMLSchema")
		const dsml = "urn:oasis:names:tc:DSML:2:0:core"
		w.Start(dsml, "batchResponse")
		for range 1000 {
			w.Start(dsml, "searchResultEntry")
			w.Attr("", "dn", "cn=Björn Example,ou=people,dc=example,dc=com")
			for range 10 {
				w.Start(dsml, "attr")
				w.Attr("", "name", "telephoneNumber")
				w.Start(dsml, "value")
				w.Text("Engineer, Directory & Services")
				w.End()
				w.End()
			}
			w.Start(dsml, "value")
			w.Attr("http://www.w3.org/2001/XMLSchema-instance", "type", w.QName("http://www.w3.org/2001/XMLSchema", "base64Binary"))
			w.Base64(blob)
			w.End()
			w.End()
		}
		w.End()
		return len(w.Bytes())
	}
	b.SetBytes(int64(write()))
	b.ReportAllocs()
	for b.Loop() {
		if write() == 0 {
			b.Fatal(w.Err())
		}
	}
}
