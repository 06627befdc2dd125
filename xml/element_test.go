package xml

import (
	"reflect"
	"strings"
	"testing"
)

const treeDocument = `<s:Envelope xmlns:s="urn:s" xmlns="urn:d" xmlns:x="urn:x" xmlns:unused="urn:n">
  <s:Header>
    <q:block xmlns:q="urn:q" s:mustUnderstand="1" kind="x:thing">
      <inner>text<![CDATA[ & more]]></inner><!--c--><?p i?>
      <q:name>
        x:other
      </q:name><q:not>unused-colon: no name</q:not>
      <none xmlns=""/>
    </q:block>
  </s:Header>
</s:Envelope>`

// subtree builds the first element with this local name.
func subtree(t *testing.T, doc, local string) *Element {
	t.Helper()
	var tree TreeBuilder
	found := false
	err := Parse([]byte(doc), Limits{}, SinkFunc(func(s *Scanner, k Kind) error {
		if found = found || k == StartElement && s.Name().Local == local; found {
			return tree.Token(s, k)
		}
		return nil
	}))
	if err != nil || !tree.Done() {
		t.Fatalf("%v, done: %v", err, tree.Done())
	}
	return tree.Element()
}

func TestElement(t *testing.T) {
	e := subtree(t, treeDocument, "block")
	if e.Name != (Name{"urn:q", "block"}) || e.Prefix != "q" || e.Pos.Line != 3 || e.Pos.Column != 5 {
		t.Errorf("%+v", e)
	}
	want := []Binding{{"q", "urn:q"}, {"s", "urn:s"}, {"x", "urn:x"}, {"", "urn:d"}}
	if !reflect.DeepEqual(e.Namespaces, want) {
		t.Errorf("namespaces: %v, want %v", e.Namespaces, want)
	}
	if v, ok := e.Attr("urn:s", "mustUnderstand"); v != "1" || !ok {
		t.Error("mustUnderstand is not there")
	}
	if _, ok := e.Attr("", "mustUnderstand"); ok {
		t.Error("mustUnderstand is there without its namespace")
	}
	if got := e.Find("urn:d", "inner").Text(); got != "text & more" {
		t.Errorf("inner: %q", got)
	}
	if got := e.Find("urn:x", "inner").Find("", "x").Text(); got != "" {
		t.Errorf("nothing: %q", got)
	}
	if got := strings.Fields(e.AllText()); !reflect.DeepEqual(got, []string{"text", "&", "more", "x:other", "unused-colon:", "no", "name"}) {
		t.Errorf("all text: %q", got)
	}
	if got := len(e.Elements()); got != 4 {
		t.Errorf("%d elements", got)
	}
	inner := e.Find("urn:d", "inner")
	if len(inner.Children) != 1 {
		t.Errorf("text is divided: %+v", inner.Children)
	}
}

// TestElementElsewhere writes a tree into another document: what it means does
// not change, and what is in force there is not declared again.
func TestElementElsewhere(t *testing.T) {
	e := subtree(t, treeDocument, "block")
	got, err := written(WriterOptions{}, func(w *Writer) {
		w.Prefix("", "urn:other")
		w.Prefix("x", "urn:hidden")
		w.Prefix("s", "urn:s")
		w.Start("urn:other", "root")
		w.Element(e)
		w.End()
	})
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(got, `"urn:s"`); n != 1 {
		t.Errorf("urn:s is declared %d times:\n%s", n, got)
	}
	again := subtree(t, got, "block")
	if !sameTree(e, again, true) {
		t.Errorf("%s", got)
	}

	// Laid out, it is still the same but for white space.
	got, err = written(WriterOptions{Indent: 1}, func(w *Writer) { w.Element(e) })
	if err != nil {
		t.Fatal(err)
	}
	again = subtree(t, got, "block")
	if !sameTree(e, again, false) || !strings.Contains(got, "\n <inner>text &amp; more</inner>\n <!--c-->\n <?p i?>\n <q:name>\n") {
		t.Errorf("%s", got)
	}
}

// sameTree compares what two trees say. Unless exact is set, white space among
// child elements does not count.
func sameTree(a, b *Element, exact bool) bool {
	if a.Name != b.Name || len(a.Attrs) != len(b.Attrs) {
		return false
	}
	for _, attr := range a.Attrs {
		if v, ok := b.Attr(attr.Name.Space, attr.Name.Local); !ok || v != attr.Value {
			return false
		}
	}
	x, y := significant(a, exact), significant(b, exact)
	if len(x) != len(y) {
		return false
	}
	for i := range x {
		if (x[i].Element == nil) != (y[i].Element == nil) {
			return false
		}
		if x[i].Element != nil && !sameTree(x[i].Element, y[i].Element, exact) {
			return false
		}
		if x[i].Kind != y[i].Kind || x[i].Text != y[i].Text || x[i].Target != y[i].Target {
			return false
		}
	}
	return true
}

func significant(e *Element, exact bool) []Node {
	elements, text := e.content()
	if exact || !elements || text {
		return e.Children
	}
	var list []Node
	for _, n := range e.Children {
		if !n.isText() {
			list = append(list, n)
		}
	}
	return list
}

// TestElementByHand writes trees that were not read, which may leave the
// declaration of namespaces to the Writer.
func TestElementByHand(t *testing.T) {
	e := &Element{Name: Name{"urn:a", "a"}, Prefix: "p",
		Attrs:    []ElementAttr{{Name: Name{"", "b"}, Value: "1"}, {Name: Name{"urn:c", "c"}, Prefix: "p", Value: "2"}, {Name: Name{"urn:d", "d"}, Value: "3"}},
		Children: []Node{{Text: "x<y"}, {Element: &Element{Name: Name{"", "e"}}}}}
	got, err := written(WriterOptions{}, func(w *Writer) { w.Element(e) })
	const want = `<p:a xmlns:p="urn:a" b="1" xmlns:ns1="urn:c" ns1:c="2" xmlns:ns2="urn:d" ns2:d="3">x&lt;y<e/></p:a>`
	if err != nil || got != want {
		t.Errorf("%v\ngot  %s\nwant %s", err, got, want)
	}
}

// TestTreeBuilderStops checks that nothing after the element is taken.
func TestTreeBuilderStops(t *testing.T) {
	e := subtree(t, "<a><b>1</b><b>2</b><!--c--></a>", "b")
	if e.Text() != "1" || len(e.Children) != 1 {
		t.Errorf("%+v", e)
	}
	var tree TreeBuilder
	if tree.Done() || tree.Element() != nil {
		t.Error("an unused TreeBuilder has an element")
	}
	if err := Parse([]byte("<!--c--><?p?><a/>"), Limits{}, &tree); err != nil || !tree.Done() || len(tree.Element().Children) != 0 {
		t.Errorf("%v %+v", err, tree.Element())
	}
	tree.Reset()
	if tree.Done() || tree.Element() != nil {
		t.Error("Reset left something")
	}
}

// TestTreeBuilderReservedPrefixes checks that what looks like a name with the
// prefix xml or xmlns, which nobody can declare, does not make a tree that
// cannot be written.
func TestTreeBuilderReservedPrefixes(t *testing.T) {
	e := subtree(t, `<a><b c="xmlns:d" e="xml:lang">xmlns:f</b></a>`, "b")
	got, err := written(WriterOptions{}, func(w *Writer) { w.Element(e) })
	if want := `<b c="xmlns:d" e="xml:lang">xmlns:f</b>`; err != nil || got != want {
		t.Errorf("%v\ngot  %s\nwant %s", err, got, want)
	}
}
