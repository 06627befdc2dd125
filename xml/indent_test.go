package xml

import (
	"bytes"
	"strings"
	"testing"
)

func TestIndent(t *testing.T) {
	for _, c := range []struct{ what, doc, want string }{
		{"elements", "<a><b><c/></b><d>e</d></a>", "<a>\n  <b>\n    <c/>\n  </b>\n  <d>e</d>\n</a>"},
		{"laid out otherwise", "\n<a>\r\n\t<b>\n\n<c/></b   > <d>e</d>\n\n\n</a>", "<a>\n  <b>\n    <c/>\n  </b   >\n  <d>e</d>\n</a>"},
		{"declaration", "<?xml version='1.0'  ?><a/>", "<?xml version='1.0'  ?>\n<a/>"},
		{"byte order mark", "\uFEFF <a><b/></a>\n\n", "\uFEFF<a>\n  <b/>\n</a>\n"},
		{"values keep their white space", "<a><b>  </b><c> x </c><d>\n</d></a>", "<a>\n  <b>  </b>\n  <c> x </c>\n  <d>\n</d>\n</a>"},
		{"mixed content stays", "<a> <p>some <b>bold</b> <i>text</i></p> <q/></a>", "<a>\n  <p>some <b>bold</b> <i>text</i></p>\n  <q/>\n</a>"},
		{"and what is inside it", "<a><p>x<b> <i/> <i/> </b></p></a>", "<a>\n  <p>x<b> <i/> <i/> </b></p>\n</a>"},
		{"xml:space", "<a><b xml:space='preserve'> <c/> <d xml:space='default'> <e/> </d></b></a>", "<a>\n  <b xml:space='preserve'> <c/> <d xml:space='default'>\n      <e/>\n    </d></b>\n</a>"},
		{"references to white space", "<a><b>&#32;<c/></b></a>", "<a>\n  <b>&#32;<c/></b>\n</a>"},
		{"CDATA sections", "<a><b><![CDATA[ ]]><c/></b><d><![CDATA[<x>]]></d></a>", "<a>\n  <b><![CDATA[ ]]><c/></b>\n  <d><![CDATA[<x>]]></d>\n</a>"},
		{"an empty CDATA section", "<a><![CDATA[]]><b/></a>", "<a><![CDATA[]]><b/></a>"},
		{"comments and processing instructions", "<!-- 1\n  2 --><?p?><a><!--3--><b/><?q?></a><!--4-->", "<!-- 1\n  2 -->\n<?p?>\n<a>\n  <!--3-->\n  <b/>\n  <?q?>\n</a>\n<!--4-->"},
		{"a comment alone is no element", "<a> <!--c--> </a>", "<a> <!--c--> </a>"},
		{"the inside of tags", "<a\n  b = '1'\tc=\"2&#x41;&gt;\" ><d\n/></a\n>", "<a\n  b = '1'\tc=\"2&#x41;&gt;\" >\n  <d\n/>\n</a\n>"},
		{"references", "<a><b>&amp;&#xE9;&#10;é</b></a>", "<a>\n  <b>&amp;&#xE9;&#10;é</b>\n</a>"},
	} {
		got, err := Indent([]byte(c.doc), IndentOptions{})
		if err != nil || string(got) != c.want {
			t.Errorf("%s: %v\ngot\n%s\nwant\n%s", c.what, err, got, c.want)
		}
	}
	got, err := Indent([]byte("<?xml version='1.0'?>\n<a>\n <b> </b>\n <c>\n  <d/> </c></a>\n"), IndentOptions{Indent: -1})
	if want := "<?xml version='1.0'?><a><b> </b><c><d/></c></a>"; err != nil || string(got) != want {
		t.Errorf("%v\ngot  %s\nwant %s", err, got, want)
	}
	if got, err := Indent([]byte("<a><b>"), IndentOptions{}); err == nil || got != nil {
		t.Errorf("a document that is cut off: %q", got)
	}
	if _, err := Indent([]byte("<a><b/></a>"), IndentOptions{Limits: Limits{Depth: 1}}); err == nil {
		t.Error("the limits are not followed")
	}
}

// checkIndent checks what Indent promises, for a document that is accepted.
func checkIndent(t *testing.T, doc []byte) {
	t.Helper()
	before, err := ParseElement(doc, Limits{})
	if err != nil {
		if _, ierr := Indent(doc, IndentOptions{}); ierr == nil {
			t.Fatalf("%q is refused (%v) and was laid out", doc, err)
		}
		return
	}
	withoutSpace := func(b []byte) []byte {
		return bytes.Map(func(r rune) rune {
			if strings.ContainsRune(" \t\r\n", r) {
				return -1
			}
			return r
		}, bytes.ToValidUTF8(b, []byte("?")))
	}
	for _, indent := range []int{-1, 1, 4} {
		o := IndentOptions{Indent: indent}
		got, err := Indent(doc, o)
		if err != nil {
			t.Fatalf("%q: %v", doc, err)
		}
		after, err := ParseElement(got, Limits{})
		if err != nil {
			t.Fatalf("%q became\n%q\n%v", doc, got, err)
		}
		if !sameTree(before, after, false) {
			t.Fatalf("%q says something else than\n%q", got, doc)
		}
		again, err := Indent(got, o)
		if err != nil || !bytes.Equal(got, again) {
			t.Fatalf("%q became\n%q\nand then\n%q\n%v", doc, got, again, err)
		}
		s := NewScanner(Limits{})
		s.Borrow(doc)
		s.Next()
		if s.Encoding() == "UTF-8" && !bytes.Equal(withoutSpace(doc), withoutSpace(got)) {
			t.Fatalf("%q became\n%q", doc, got)
		}
	}
}

func TestIndentKeepsMeaning(t *testing.T) {
	for _, doc := range corpus(t) {
		checkIndent(t, []byte(doc))
	}
	checkIndent(t, searchResponse(4<<10, true))
}

// TestIndentKeepsEncoding lays out documents that are not in UTF-8.
func TestIndentKeepsEncoding(t *testing.T) {
	for _, c := range []struct{ doc, want string }{
		{in16("\uFEFF<a>\r\n<b>é😀</b></a>", true), in16("\uFEFF<a>\n  <b>é😀</b>\n</a>", true)},
		{in16("<?xml version='1.0' encoding='UTF-16'?><a><b/></a>\n", false), in16("<?xml version='1.0' encoding='UTF-16'?>\n<a>\n  <b/>\n</a>\n", false)},
		{in8859("<?xml version='1.0' encoding='ISO-8859-1'?><a><é/></a>"), in8859("<?xml version='1.0' encoding='ISO-8859-1'?>\n<a>\n  <é/>\n</a>")},
	} {
		got, err := Indent([]byte(c.doc), IndentOptions{})
		if err != nil || string(got) != c.want {
			t.Errorf("%v\ngot  %q\nwant %q", err, got, c.want)
		}
	}
}
