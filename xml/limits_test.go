package xml

import (
	"strings"
	"testing"
	"time"
)

// TestLimits checks each bound at the boundary: what just fits is accepted, one
// more is refused.
func TestLimits(t *testing.T) {
	nest := func(n int) string { return strings.Repeat("<a>", n) + strings.Repeat("</a>", n) }
	attrs := func(n int) string {
		var b strings.Builder
		b.WriteString("<a")
		for i := range n {
			b.WriteString(" a" + number(i) + "=''")
		}
		return b.String() + "/>"
	}
	decls := func(n int) string {
		var b strings.Builder
		for i := range n {
			b.WriteString(" xmlns:a" + number(i) + "='u'")
		}
		return b.String()
	}
	name := func(n int) string { return strings.Repeat("n", n) }
	for _, c := range []struct {
		what         string
		l            Limits
		fits, breaks string
		at           Position
	}{
		{"depth", Limits{Depth: 3}, nest(3), nest(4), Position{1, 10, 9}},
		{"default depth", Limits{}, nest(DefaultDepth), nest(DefaultDepth + 1), Position{1, 769, 768}},
		{"attributes", Limits{Attributes: 3}, attrs(3), attrs(4), Position{1, 22, 21}},
		{"attributes and declarations", Limits{Attributes: 2}, "<a xmlns='u' b=''/>", "<a xmlns='u' b='' c=''/>", Position{1, 19, 18}},
		{"declarations in force", Limits{Namespaces: 2}, "<a xmlns='u'><b xmlns:p='v'/><b xmlns='v'/></a>", "<a xmlns='u'><b xmlns:p='v' xmlns='v'/></a>", Position{1, 29, 28}},
		{"default declarations in force", Limits{}, "<a" + decls(DefaultNamespaces) + "/>", "<a" + decls(DefaultNamespaces) + "><b xmlns='u'/></a>", Position{1, 15281, 15280}},
		{"default attributes", Limits{}, attrs(DefaultAttributes), attrs(DefaultAttributes + 1), Position{1, 8110, 8109}},
		{"element name", Limits{NameLength: 5}, "<" + name(5) + "/>", "<" + name(6) + "/>", Position{1, 7, 6}},
		{"attribute name", Limits{NameLength: 5}, "<a " + name(5) + "=''/>", "<a " + name(6) + "=''/>", Position{1, 9, 8}},
		{"target", Limits{NameLength: 5}, "<?" + name(5) + "?><a/>", "<?" + name(6) + "?><a/>", Position{1, 8, 7}},
		{"entity name", Limits{NameLength: 5}, "<a>&quot;</a>", "<a>&quotes;</a>", Position{1, 10, 9}},
		{"default name", Limits{}, "<" + name(DefaultNameLength) + "/>", "<" + name(DefaultNameLength+1) + "/>", Position{1, DefaultNameLength + 2, DefaultNameLength + 1}},
		{"text", Limits{TokenLength: 10}, "<a>1234567890</a>", "<a>12345678901</a>", Position{1, 4, 3}},
		{"text with references", Limits{TokenLength: 10}, "<a>&#0000065;</a>", "<a>&#00000065;</a>", Position{1, 4, 3}},
		{"start tag", Limits{TokenLength: 10}, "<a b='45'/>"[:9] + ">" + "</a>", "<a b='456'></a>", Position{1, 1, 0}},
		{"end tag", Limits{TokenLength: 10}, "<a></a      >", "<a></a       >", Position{1, 4, 3}},
		{"comment", Limits{TokenLength: 10}, "<a><!--123--></a>", "<a><!--1234--></a>", Position{1, 4, 3}},
		{"CDATA section", Limits{TokenLength: 14}, "<a><![CDATA[12]]></a>", "<a><![CDATA[123]]></a>", Position{1, 4, 3}},
		{"processing instruction", Limits{TokenLength: 10}, "<a><?t 1234?></a>"[:11] + "?></a>", "<a><?t 12345?></a>", Position{1, 4, 3}},
		{"declaration", Limits{TokenLength: 21}, "<?xml version='1.0'?><a/>", "<?xml version='1.0' ?><a/>", Position{1, 1, 0}},
		{"length", Limits{Length: 10}, "<a>123</a>", "<a>1234</a>", Position{1, 11, 10}},
		{"length, after the root", Limits{Length: 10}, "<a>1</a>\n\n", "<a>1</a>\n\n\n", Position{3, 1, 10}},
	} {
		if _, err := trace(c.fits, len(c.fits), c.l); err != nil {
			t.Errorf("%s: %.100s: %v", c.what, c.fits, err)
		}
		for _, piece := range []int{len(c.breaks), 1} {
			_, err := trace(c.breaks, piece, c.l)
			if err == nil || err.Code != CodeLimit || err.Pos != c.at || !strings.Contains(err.Hint, "raise it (Limits.") {
				t.Errorf("%s: %.100s: got %+v, want it refused at %+v", c.what, c.breaks, err, c.at)
			}
		}
	}
	if l := (Limits{Depth: 7}).withDefaults(); l.Depth != 7 || l.Attributes != DefaultAttributes || l.Length != DefaultLength {
		t.Errorf("defaults: %+v", l)
	}
}

// TestMemoryIsBounded feeds far more than a Scanner may keep.
func TestMemoryIsBounded(t *testing.T) {
	s := NewScanner(Limits{TokenLength: 1000})
	s.Feed([]byte("<a>"))
	piece := []byte(strings.Repeat("<b c='d'>text &amp; more</b>\n", 100))
	for range 1000 {
		s.Feed(piece)
		for {
			k, err := s.Next()
			if err != nil {
				t.Fatal(err)
			}
			if k == NeedInput {
				break
			}
		}
	}
	if cap(s.buf) > 4*len(piece) || cap(s.scratch) > 2000 || cap(s.stack) > 16 || cap(s.attrs) > 16 {
		t.Errorf("buffers grew to %d, %d, %d, %d", cap(s.buf), cap(s.scratch), cap(s.stack), cap(s.attrs))
	}

	// What never ends is not kept beyond the limit.
	for _, beginning := range []string{"<a>", "<a b='", "<a ", "<", "<!--", "<a><![CDATA[", "<?t ", "<?", "<?xml ", "<a>&", "<a>&#", "<a></"} {
		s := NewScanner(Limits{TokenLength: 1000})
		s.Feed([]byte(beginning))
		var err error
		fed := 0
		for ; err == nil && fed < 100_000; fed++ {
			for k := Text; k != NeedInput && err == nil; {
				k, err = s.Next()
			}
			s.Feed([]byte("0"))
		}
		if err == nil || fed > 1100 {
			t.Errorf("%q was followed for %d bytes: %v", beginning, fed, err)
		}
	}
}

// TestManyNames checks that more names than are kept are read right.
func TestManyNames(t *testing.T) {
	var doc, want strings.Builder
	doc.WriteString("<r>")
	want.WriteString("start {}r\n")
	for i := range 5000 {
		n := "n" + number(i*7919%5000)
		doc.WriteString("<p:" + n + " xmlns:p='u" + n + "' " + n + "='' p:" + n + "=''/>")
		want.WriteString("start p{u" + n + "}" + n + " {}" + n + "=\"\" p{u" + n + "}" + n + "=\"\"\nend p{u" + n + "}" + n + "\n")
	}
	doc.WriteString("</r>")
	want.WriteString("end {}r\n")
	got, err := trace(doc.String(), doc.Len(), Limits{})
	if err != nil || tokensOnly(got) != want.String() {
		t.Errorf("%v\n%.1000s", err, got)
	}
}

// TestTimeIsLinear feeds large tokens byte by byte. Were each byte to make the
// Scanner look at all bytes of the token again, this would take hours.
func TestTimeIsLinear(t *testing.T) {
	const n = 1 << 20
	long := strings.Repeat("x", n)
	for _, doc := range []string{
		"<a>" + long + "</a>",
		"<a>" + strings.Repeat("&amp;", n/5) + "</a>",
		"<a>&#" + strings.Repeat("0", n) + "65;</a>",
		"<a>" + strings.Repeat("]", n) + "</a>",
		"<a>" + strings.Repeat("\r", n) + "</a>",
		"<a b='" + long + "'/>",
		"<a b='" + strings.Repeat("\r", n) + "'/>",
		"<a" + strings.Repeat(" ", n) + "/>",
		"<a><!--" + strings.Repeat("- ", n/2) + "--></a>",
		"<a><![CDATA[" + strings.Repeat("]", n) + "]]></a>",
		"<a><?t " + strings.Repeat("?", n) + "?></a>",
		"<a><?t" + strings.Repeat(" ", n) + "?></a>",
		"<?xml version='1.0'" + strings.Repeat(" ", n) + "?><a/>",
		"<a>" + strings.Repeat("<b>", 200) + strings.Repeat("<c/>", n/4) + strings.Repeat("</b>", 200) + "</a>",
	} {
		s := NewScanner(Limits{})
		start := time.Now()
		for i := range len(doc) {
			s.Feed([]byte{doc[i]})
			for {
				k, err := s.Next()
				if err != nil {
					t.Fatalf("%.20s: %v", doc, err)
				}
				if k == NeedInput {
					break
				}
			}
			if i%4096 == 0 && time.Since(start) > 20*time.Second {
				t.Fatalf("%.20s: %d bytes took %v", doc, i, time.Since(start))
			}
		}
		s.Close()
		if k, err := s.Next(); k != EndDocument {
			t.Fatalf("%.20s: %v %v", doc, k, err)
		}
	}
}

// TestNoAllocations checks that a Scanner that has seen a document of its kind
// reads another without allocating.
func TestNoAllocations(t *testing.T) {
	doc := searchResponse(20<<10, true)
	s := NewScanner(Limits{})
	if n := testing.AllocsPerRun(10, func() {
		if _, err := scanAll(s, doc, 4<<10); err != nil {
			t.Fatal(err)
		}
	}); n > 0 {
		t.Errorf("%v allocations", n)
	}
}
