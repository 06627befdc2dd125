package xml

import (
	"errors"
	"strings"
	"testing"
)

// written runs f on a new Writer and returns the document.
func written(o WriterOptions, f func(w *Writer)) (string, error) {
	w := NewWriter(o)
	f(w)
	b := w.Bytes()
	return string(b), w.Err()
}

func TestWriterEscapes(t *testing.T) {
	const hard = "<>&\"'\t\n\r\r\n ]]> é€😀\u0085\uFFFD "
	got, err := written(WriterOptions{}, func(w *Writer) {
		w.Start("", "a")
		w.Attr("", "b", hard)
		w.Text(hard)
		w.Text("]]")
		w.Text(">")
		w.TextBytes([]byte(hard))
		w.End()
	})
	const want = "<a b=\"&lt;&gt;&amp;&quot;'&#x9;&#xA;&#xD;&#xD;&#xA; ]]&gt; é€😀\u0085\uFFFD \">" +
		"&lt;&gt;&amp;\"'\t\n&#xD;&#xD;\n ]]&gt; é€😀\u0085\uFFFD ]]&gt;&lt;&gt;&amp;\"'\t\n&#xD;&#xD;\n ]]&gt; é€😀\u0085\uFFFD </a>"
	if err != nil || got != want {
		t.Errorf("%v\n%s\n%s", err, got, want)
	}
	e, err := ParseElement([]byte(got), Limits{})
	if err != nil {
		t.Fatal(err)
	}
	if v, _ := e.Attr("", "b"); v != hard || e.Text() != hard+"]]>"+hard {
		t.Errorf("read back as %q and %q", v, e.Text())
	}
}

func TestWriterNamespaces(t *testing.T) {
	for _, c := range []struct {
		what, want string
		write      func(w *Writer)
	}{
		{"the default namespace is declared once", `<a xmlns="u"><b><c/></b></a>`, func(w *Writer) {
			w.Prefix("", "u")
			w.Start("u", "a")
			w.Prefix("", "u")
			w.Start("u", "b")
			w.Empty("u", "c")
			w.End()
			w.End()
		}},
		{"a declaration ends with its element", `<a><p:b xmlns:p="u"/><p:b xmlns:p="u"/></a>`, func(w *Writer) {
			w.Start("", "a")
			for range 2 {
				w.Prefix("p", "u")
				w.Empty("u", "b")
			}
			w.End()
		}},
		{"prefixes are made up", `<ns1:a xmlns:ns1="u" ns1:b="1" xmlns:ns2="v" ns2:c="2" ns2:d="3"><ns1:e/><ns2:f/></ns1:a>`, func(w *Writer) {
			w.Start("u", "a")
			w.Attr("u", "b", "1")
			w.Attr("v", "c", "2")
			w.Attr("v", "d", "3")
			w.Empty("u", "e")
			w.Empty("v", "f")
			w.End()
		}},
		{"an attribute cannot use the default namespace", `<a xmlns="u" xmlns:ns1="u" ns1:b="1" b="2"/>`, func(w *Writer) {
			w.Prefix("", "u")
			w.Start("u", "a")
			w.Attr("u", "b", "1")
			w.Attr("", "b", "2")
			w.End()
		}},
		{"the default namespace is taken away", `<a xmlns="u"><b xmlns=""><c/><a xmlns="u"/></b></a>`, func(w *Writer) {
			w.Prefix("", "u")
			w.Start("u", "a")
			w.Start("", "b")
			w.Empty("", "c")
			w.Prefix("", "u")
			w.Empty("u", "a")
			w.End()
			w.End()
		}},
		{"a hidden prefix is not used", `<p:a xmlns:p="u"><p:b xmlns:p="v"><ns1:c xmlns:ns1="u"/></p:b></p:a>`, func(w *Writer) {
			w.Prefix("p", "u")
			w.Start("u", "a")
			w.Prefix("p", "v")
			w.Start("v", "b")
			w.Empty("u", "c")
			w.End()
			w.End()
		}},
		{"prefixes made up avoid those in use", `<ns1:a xmlns:ns1="u"><ns2:b xmlns:ns2="v"/></ns1:a>`, func(w *Writer) {
			w.Prefix("ns1", "u")
			w.Start("u", "a")
			w.Empty("v", "b")
			w.End()
		}},
		{"names in content", `<a xmlns="d" xmlns:xsd="x"><b>xsd:string</b><b>c</b></a>`, func(w *Writer) {
			w.Prefix("", "d")
			w.Prefix("xsd", "x")
			w.Start("d", "a")
			w.Start("d", "b")
			w.Text(w.QName("x", "string"))
			w.End()
			w.Start("d", "b")
			w.Text(w.QName("d", "c"))
			w.End()
			w.End()
		}},
		{"the prefix xml is never declared", `<a xml:lang="en"><xml:b/></a>`, func(w *Writer) {
			w.Prefix("xml", XMLNamespace)
			w.Start("", "a")
			w.Attr(XMLNamespace, "lang", "en")
			w.Empty(XMLNamespace, "b")
			w.End()
		}},
		{"a namespace is escaped", `<p:a xmlns:p="a&amp;b"/>`, func(w *Writer) {
			w.Prefix("p", "a&b")
			w.Empty("a&b", "a")
		}},
		{"a prefix that is asked for", `<p:a xmlns:p="u"><q:b xmlns:q="u"/><c xmlns="u"/></p:a>`, func(w *Writer) {
			w.StartPrefix("p", "u", "a")
			w.StartPrefix("q", "u", "b")
			w.End()
			w.StartPrefix("", "u", "c")
			w.End()
			w.End()
		}},
	} {
		got, err := written(WriterOptions{}, c.write)
		if err != nil || got != c.want {
			t.Errorf("%s: %v\ngot  %s\nwant %s", c.what, err, got, c.want)
		}
		if _, err := ParseElement([]byte(got), Limits{}); err != nil {
			t.Errorf("%s: %s: %v", c.what, got, err)
		}
	}
}

func TestWriterBase64(t *testing.T) {
	for _, c := range [][2]string{{"", "<a/>"}, {"f", "<a>Zg==</a>"}, {"fo", "<a>Zm8=</a>"}, {"foo", "<a>Zm9v</a>"}, {"foob", "<a>Zm9vYg==</a>"}, {"\xFB\xFF\xFE\x00\x10", "<a>+//+ABA=</a>"}} {
		got, err := written(WriterOptions{}, func(w *Writer) {
			w.Start("", "a")
			w.Base64([]byte(c[0]))
			w.End()
		})
		if err != nil || got != c[1] {
			t.Errorf("%q: %s %v", c[0], got, err)
		}
	}
}

// TestWriterRefuses checks that nothing that is not well-formed can be written.
func TestWriterRefuses(t *testing.T) {
	a := func(f func(w *Writer)) func(w *Writer) {
		return func(w *Writer) {
			w.Start("", "a")
			f(w)
			w.End()
		}
	}
	for _, c := range []struct {
		what, code, message string
		write               func(w *Writer)
	}{
		{"nothing", CodeSyntax, "needs a root element", func(w *Writer) {}},
		{"only a comment", CodeSyntax, "needs a root element", func(w *Writer) { w.Comment("c") }},
		{"an element not ended", CodeSyntax, "<b> is not ended", func(w *Writer) { w.Start("", "a"); w.Start("", "b"); w.End(); w.Start("", "b") }},
		{"an end too many", CodeSyntax, "no open element", func(w *Writer) { w.Empty("", "a"); w.End() }},
		{"two roots", CodeSyntax, "second root", func(w *Writer) { w.Empty("", "a"); w.Empty("", "b") }},
		{"text before the root", CodeSyntax, "outside the root", func(w *Writer) { w.Text("x"); w.Empty("", "a") }},
		{"text after the root", CodeSyntax, "outside the root", func(w *Writer) { w.Empty("", "a"); w.TextBytes([]byte("\n")) }},
		{"base64 after the root", CodeSyntax, "outside the root", func(w *Writer) { w.Empty("", "a"); w.Base64([]byte("x")) }},
		{"no name", CodeSyntax, "name of an element", func(w *Writer) { w.Empty("", "") }},
		{"a bad name", CodeSyntax, "name of an element", func(w *Writer) { w.Empty("", "1") }},
		{"a name with a colon", CodeSyntax, "name of an element", func(w *Writer) { w.Empty("", "p:a") }},
		{"a name with a space", CodeSyntax, "name of an element", func(w *Writer) { w.Empty("", "a b='c'") }},
		{"a name that is not UTF-8", CodeSyntax, "name of an element", func(w *Writer) { w.Empty("", "a\xFF") }},
		{"a bad prefix", CodeSyntax, "cannot be a prefix", func(w *Writer) { w.Prefix("p q", "u"); w.Empty("u", "a") }},
		{"a bad prefix that is asked for", CodeSyntax, "cannot be a prefix", func(w *Writer) { w.StartPrefix("1", "u", "a"); w.End() }},
		{"a bad attribute name", CodeSyntax, "name of an attribute", a(func(w *Writer) { w.Attr("", "b c", "") })},
		{"an attribute twice", CodeSyntax, "twice", a(func(w *Writer) { w.Attr("", "b", ""); w.Attr("", "c", ""); w.Attr("", "b", "") })},
		{"an attribute twice in a namespace", CodeSyntax, "twice", a(func(w *Writer) { w.Attr("u", "b", ""); w.Attr("u", "b", "") })},
		{"an attribute after text", CodeSyntax, "no start tag", a(func(w *Writer) { w.Text("x"); w.Attr("", "b", "") })},
		{"an attribute after a child", CodeSyntax, "no start tag", a(func(w *Writer) { w.Empty("", "b"); w.Attr("", "b", "") })},
		{"an attribute first", CodeSyntax, "no start tag", func(w *Writer) { w.Attr("", "b", "") }},
		{"xmlns as an attribute", CodeNamespace, "with Prefix", a(func(w *Writer) { w.Attr("", "xmlns", "u") })},
		{"xmlns:p as an attribute", CodeNamespace, "with Prefix", a(func(w *Writer) { w.Attr(XMLNSNamespace, "p", "u") })},
		{"a prefix for two namespaces", CodeNamespace, "declared twice", func(w *Writer) { w.Prefix("p", "u"); w.Prefix("p", "v"); w.Empty("u", "a") }},
		{"a prefix for no namespace", CodeNamespace, "empty namespace", func(w *Writer) { w.Prefix("p", ""); w.Empty("", "a") }},
		{"the prefix xmlns", CodeNamespace, "cannot stand for", func(w *Writer) { w.Prefix("xmlns", "u"); w.Empty("", "a") }},
		{"the prefix xml for another namespace", CodeNamespace, "cannot stand for", func(w *Writer) { w.Prefix("xml", "u"); w.Empty("", "a") }},
		{"another prefix for that of xml", CodeNamespace, "cannot stand for", func(w *Writer) { w.Prefix("p", XMLNamespace); w.Empty("", "a") }},
		{"the namespace of xmlns", CodeNamespace, "cannot stand for", func(w *Writer) { w.Empty(XMLNSNamespace, "a") }},
		{"the namespace of xmlns asked for", CodeNamespace, "cannot stand for", func(w *Writer) { w.StartPrefix("xmlns", XMLNSNamespace, "a"); w.End() }},
		{"a default namespace around an element of none", CodeNamespace, "cannot stand for", func(w *Writer) { w.Prefix("", "u"); w.Empty("", "a") }},
		{"a prefix for an element of none", CodeNamespace, "cannot stand for", func(w *Writer) { w.StartPrefix("p", "", "a"); w.End() }},
		{"an unknown namespace in content", CodeNamespace, "no prefix is declared", a(func(w *Writer) { w.Text(w.QName("u", "b")) })},
		{"no namespace in content", CodeNamespace, "default namespace in force", func(w *Writer) { w.Prefix("", "u"); w.Start("u", "a"); w.Text(w.QName("", "b")); w.End() }},
		{"a bad name in content", CodeSyntax, "cannot be a name", a(func(w *Writer) { w.Text(w.QName("", "b c")) })},
		{"NUL", CodeSyntax, "U+0000", a(func(w *Writer) { w.Text("a\x00b") })},
		{"a control character", CodeSyntax, "U+001B", a(func(w *Writer) { w.TextBytes([]byte("\x1B[1m")) })},
		{"a control character in a value", CodeSyntax, "U+0008", a(func(w *Writer) { w.Attr("", "b", "\b") })},
		{"a control character in a namespace", CodeSyntax, "U+0008", func(w *Writer) { w.Prefix("p", "\b"); w.Empty("\b", "a") }},
		{"U+FFFE", CodeSyntax, "U+FFFE", a(func(w *Writer) { w.Text("\uFFFE") })},
		{"U+FFFF", CodeSyntax, "U+FFFF", a(func(w *Writer) { w.Comment("\uFFFF") })},
		{"bytes that are not UTF-8", CodeEncoding, "0xE9", a(func(w *Writer) { w.Text("caf\xE9") })},
		{"half a character", CodeEncoding, "0xC3", a(func(w *Writer) { w.Text("\xC3"); w.Text("\xA9") })},
		{"a surrogate", CodeEncoding, "0xED", a(func(w *Writer) { w.Attr("", "b", "\xED\xA0\x80") })},
		{"a comment with --", CodeSyntax, "comment", a(func(w *Writer) { w.Comment("a--b") })},
		{"a comment that ends with -", CodeSyntax, "comment", a(func(w *Writer) { w.Comment("a-") })},
		{"CR in a comment", CodeSyntax, "CR", a(func(w *Writer) { w.Comment("a\rb") })},
		{"a control character in a comment", CodeSyntax, "U+0001", a(func(w *Writer) { w.Comment("\x01") })},
		{"the target xml", CodeSyntax, "target", a(func(w *Writer) { w.ProcInst("XML", "") })},
		{"?> in a processing instruction", CodeSyntax, "?>", a(func(w *Writer) { w.ProcInst("t", "a?>b") })},
		{"white space before a processing instruction", CodeSyntax, "white space", a(func(w *Writer) { w.ProcInst("t", " a") })},
	} {
		for _, o := range []WriterOptions{{}, {Indent: 1, Declaration: true}} {
			w := NewWriter(o)
			c.write(w)
			out := w.Bytes()
			var e *Error
			if out != nil || !errors.As(w.Err(), &e) || e.Code != c.code || !strings.Contains(e.Message, c.message) {
				t.Errorf("%s: got %q, %v; want %s ...%s...", c.what, out, w.Err(), c.code, c.message)
			}
			if again := w.Take(); again != nil {
				t.Errorf("%s: after the error, Take gives %q", c.what, again)
			}
			w.Reset()
			w.Empty("", "ok")
			if out := string(w.Bytes()); w.Err() != nil || !strings.HasSuffix(out, "<ok/>") {
				t.Errorf("%s: after Reset: %q, %v", c.what, out, w.Err())
			}
		}
	}
}

func TestWriterIndents(t *testing.T) {
	for _, c := range []struct {
		what, want string
		write      func(w *Writer)
	}{
		{"elements", "<a>\n  <b>\n    <c/>\n  </b>\n  <d>text</d>\n</a>", func(w *Writer) {
			w.Start("", "a")
			w.Start("", "b")
			w.Empty("", "c")
			w.End()
			w.Start("", "d")
			w.Text("text")
			w.End()
			w.End()
		}},
		{"text first", "<a>text<b><c/></b></a>", func(w *Writer) {
			w.Start("", "a")
			w.Text("text")
			w.Start("", "b")
			w.Text("")
			w.Start("", "c")
			w.End()
			w.End()
			w.End()
		}},
		{"text last", "<a><b/><c>\n    <d/>\n  </c>text<e/></a>", func(w *Writer) {
			w.Start("", "a")
			w.Empty("", "b")
			w.Start("", "c")
			w.Empty("", "d")
			w.End()
			w.Text("text")
			w.Empty("", "e")
			w.End()
		}},
		{"white space is text", "<a><b/> </a>", func(w *Writer) {
			w.Start("", "a")
			w.Empty("", "b")
			w.Text(" ")
			w.End()
		}},
		{"xml:space", "<a>\n  <b xml:space=\"preserve\"><c/><d xml:space=\"default\">\n      <e/>\n    </d></b>\n</a>", func(w *Writer) {
			w.Start("", "a")
			w.Start("", "b")
			w.Attr(XMLNamespace, "space", "preserve")
			w.Empty("", "c")
			w.Start("", "d")
			w.Attr(XMLNamespace, "space", "default")
			w.Empty("", "e")
			w.End()
			w.End()
			w.End()
		}},
		{"comments and processing instructions", "<!--c-->\n<?p i?>\n<a>\n  <!--d-->\n  <?q?>\n</a>\n<!--e-->", func(w *Writer) {
			w.Comment("c")
			w.ProcInst("p", "i")
			w.Start("", "a")
			w.Comment("d")
			w.ProcInst("q", "")
			w.End()
			w.Comment("e")
		}},
	} {
		got, err := written(WriterOptions{Indent: 2}, c.write)
		if err != nil || got != c.want {
			t.Errorf("%s: %v\ngot\n%s\nwant\n%s", c.what, err, got, c.want)
		}
	}
}

// TestWriterTake takes the document piece by piece.
func TestWriterTake(t *testing.T) {
	for _, indent := range []int{0, 2} {
		document := func(w *Writer, step func()) {
			w.Prefix("p", "u")
			w.Start("u", "a")
			step()
			w.Attr("", "b", "c")
			step()
			for range 3 {
				w.Start("", "d")
				step()
				w.Attr("v", "e", "f")
				step()
				w.Text("text")
				step()
				w.End()
				step()
			}
			w.Empty("u", "g")
			w.End()
		}
		want, err := written(WriterOptions{Indent: indent, Declaration: true}, func(w *Writer) { document(w, func() {}) })
		if err != nil {
			t.Fatal(err)
		}
		w := NewWriter(WriterOptions{Indent: indent, Declaration: true})
		var got strings.Builder
		var last []byte
		var lastSaid string
		document(w, func() {
			if string(last) != lastSaid {
				t.Errorf("what Take gave changed from %q to %q before the next Take", lastSaid, last)
			}
			last = w.Take()
			lastSaid = string(last)
			got.Write(last)
		})
		got.Write(w.Bytes())
		if w.Err() != nil || got.String() != want {
			t.Errorf("%v\ngot\n%s\nwant\n%s", w.Err(), got.String(), want)
		}
	}

	// White space that was sent cannot be taken back.
	w := NewWriter(WriterOptions{Indent: 2})
	w.Start("", "a")
	w.Empty("", "b")
	w.Take()
	w.Empty("", "b")
	w.Text("text")
	if w.Err() == nil {
		t.Error("text after elements that were indented and taken was accepted")
	}
}
