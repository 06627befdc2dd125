package xml

import (
	"errors"
	"strings"
	"testing"
)

// trace writes the tokens of a document, fed in pieces of n bytes, one a line.
func trace(doc string, n int, l Limits) (string, *Error) {
	s := NewScanner(l)
	return traceWith(s, doc, func(i int) int { return n })
}

func traceWith(s *Scanner, doc string, size func(i int) int) (string, *Error) {
	var b strings.Builder
	at := 0
	for {
		k, err := s.Next()
		if err != nil {
			var e *Error
			if !errors.As(err, &e) {
				panic(err)
			}
			return b.String(), e
		}
		p := s.Pos()
		switch k {
		case NeedInput:
			if at >= len(doc) {
				s.Close()
				continue
			}
			n := max(1, min(size(at), len(doc)-at))
			piece := []byte(doc[at : at+n])
			s.Feed(piece)
			for i := range piece { // the Scanner must have copied it
				piece[i] = 'X'
			}
			at += n
			continue
		case StartElement:
			b.WriteString("start " + s.Prefix() + "{" + s.Name().Space + "}" + s.Name().Local)
			for i, a := range s.Attrs() {
				p := s.AttrPos(i)
				b.WriteString(" " + a.Prefix + "{" + a.Name.Space + "}" + a.Name.Local + "=" + quote(a.Value) + place(p))
			}
		case EndElement:
			b.WriteString("end " + s.Prefix() + "{" + s.Name().Space + "}" + s.Name().Local)
		case Text:
			b.WriteString("text " + quote(s.Text()))
		case Comment:
			b.WriteString("comment " + quote(s.Text()))
		case ProcInst:
			b.WriteString("pi " + s.Name().Local + " " + quote(s.Text()))
		case EndDocument:
			b.WriteString("document" + place(p) + "\n")
			return b.String(), nil
		}
		b.WriteString(place(p) + "-" + place(s.EndPos()) + "\n")
	}
}

func TestTokens(t *testing.T) {
	doc := "\uFEFF<?xml version=\"1.0\" encoding='utf-8' ?>\r\n<!-- c -->\n<a xmlns=\"urn:a\" xmlns:p='urn:p' p:x=\"1&#x41;\t&lt;\" y=''>h\u00e9\r\nllo &amp; <p:b/><![CDATA[<]]>x]]><?t  d?></a>\n"
	got, err := trace(doc, len(doc), Limits{})
	if err == nil {
		t.Fatalf("no error for ]]> in text:\n%s", got)
	}
	if err.Pos.Line != 4 {
		t.Errorf("%v", err)
	}
	doc = strings.Replace(doc, "x]]><?t", "x<?t", 1)
	got, err = trace(doc, len(doc), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	want := "comment \" c \"@2:1+44-@2:11+54\n" +
		"start {urn:a}a p{urn:p}x=\"1A <\"@3:34+88 {}y=\"\"@3:53+107@3:1+55-@3:58+112\n" +
		"text \"hé\\nllo & \"@3:58+112-@4:11+127\n" +
		"start p{urn:p}b@4:11+127-@4:17+133\n" +
		"end p{urn:p}b@4:11+127-@4:17+133\n" +
		"text \"<\"@4:17+133-@4:30+146\n" +
		"text \"x\"@4:30+146-@4:31+147\n" +
		"pi t \"d\"@4:31+147-@4:39+155\n" +
		"end {urn:a}a@4:39+155-@4:43+159\n" +
		"document@5:1+160\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	for n := 1; n < len(doc); n++ {
		if got, err := trace(doc, n, Limits{}); err != nil || got != want {
			t.Errorf("in pieces of %d: %v\n%s", n, err, got)
		}
	}
}

func TestWriterBasics(t *testing.T) {
	w := NewWriter(WriterOptions{Indent: 2, Declaration: true})
	w.Prefix("", "urn:a")
	w.Prefix("xsi", "urn:xsi")
	w.Start("urn:a", "root")
	w.Start("urn:a", "x")
	w.Attr("urn:xsi", "type", "a\"b")
	w.Text("1 < 2")
	w.End()
	w.Empty("urn:b", "y")
	w.End()
	const want = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<root xmlns=\"urn:a\" xmlns:xsi=\"urn:xsi\">\n  <x xsi:type=\"a&quot;b\">1 &lt; 2</x>\n  <ns1:y xmlns:ns1=\"urn:b\"/>\n</root>"
	if got := string(w.Bytes()); got != want || w.Err() != nil {
		t.Errorf("%v\n%s", w.Err(), got)
	}
}

func TestIndentBasics(t *testing.T) {
	got, err := Indent([]byte("<?xml version='1.0'?><a><b>x <i>y</i></b> <c\n d='1'/><!--k--></a>\n"), IndentOptions{})
	const want = "<?xml version='1.0'?>\n<a>\n  <b>x <i>y</i></b>\n  <c\n d='1'/>\n  <!--k-->\n</a>\n"
	if err != nil || string(got) != want {
		t.Errorf("%v\n%s", err, got)
	}
}
