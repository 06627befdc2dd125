package xml

import (
	"bytes"
	"math/rand/v2"
	"testing"
	"unsafe"
)

// memoDamage changes a document in a place or two.
func memoDamage(r *rand.Rand, doc []byte) []byte {
	doc = bytes.Clone(doc)
	words := []string{"<", ">", "/", "\"", "&", "]]>", " ", "\n", "\r\n", "\x00", "\xff", "é", "\xe4\xbd", "<!-- -->", "<?p i?>", "<![CDATA[x]]>", "</value>", "<value>", "</attr>",
		"<value/>", " xmlns:q=\"u\"", " xml:space=\"preserve\"", "&amp;", "&bad;", "&#x2013;", "&#65;", "&#13;", "&#x0;", "&#xD800;", "&#x110000;", "&#00000000038;", "&#;", "&#x;", "&#6 5;", "<x/>", "A", "'"}
	for range 1 + r.IntN(2) {
		at := r.IntN(len(doc))
		length := min(1+r.IntN(30), len(doc)-at)
		switch r.IntN(5) {
		case 0:
			doc[at] = byte(r.IntN(256))
		case 1:
			doc = append(doc[:at:at], doc[at+length:]...)
		case 2:
			doc = []byte(string(doc[:at]) + words[r.IntN(len(words))] + string(doc[at:]))
		case 3:
			doc = []byte(string(doc[:at+length]) + string(doc[at:]))
		case 4:
			if end := bytes.Index(doc[at:], []byte("</")); end > 0 {
				doc = []byte(string(doc[:at+end]) + words[r.IntN(len(words))] + string(doc[at+end:]))
			}
		}
	}
	return doc
}

// TestMemo reads damaged documents with two Scanners side by side. One passes
// over what its Memo recognises, the other reads each token: they are at the
// same place in the same state afterwards, and meet the same error.
func TestMemo(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	long, plain := NewScanner(Limits{}), NewScanner(Limits{})
	bases := [][]byte{searchResponse(3<<10, false), searchResponse(4<<10, true), []byte(`<r><e n='1'><a n='x'><value>1</value><value>2</value></a><a n='y'><value>3</value><value>4</value></a></e></r>`)}
	words := 0
	limits := []Limits{{}, {}, {}, {TokenLength: 70}, {Depth: 6}, {Length: 3000}}
	for n := range 60_000 {
		doc := bases[n%len(bases)]
		if n >= len(bases) {
			doc = memoDamage(r, doc)
		}
		l := limits[r.IntN(len(limits))]
		long.Reset(l)
		plain.Reset(l)
		plain.Borrow(doc)
		rest := doc
		m := long.Memo()
		next := func(s *Scanner) (Kind, error) {
			for {
				k, err := s.Next()
				if k != NeedInput || err != nil {
					return k, err
				}
				if len(rest) == 0 {
					s.Close()
					continue
				}
				piece := min(len(rest), 100+r.IntN(4000))
				s.Feed(rest[:piece])
				rest = rest[piece:]
			}
		}
		value := func() bool { return long.Name().Local == "value" }
		same := func(what string) {
			if long.Pos() != plain.Pos() || long.EndPos() != plain.EndPos() || long.Name() != plain.Name() || long.Prefix() != plain.Prefix() ||
				long.Depth() != plain.Depth() || long.Depth() > 0 && value() && long.StartPos(long.Depth()) != plain.StartPos(plain.Depth()) || long.Space() != plain.Space() || !bytes.Equal(long.Raw(), plain.Raw()) {
				t.Fatalf("%q with %+v: after %s at %v %q depth %d, and not at %v %q depth %d",
					doc, l, what, long.Pos(), long.Raw(), long.Depth(), plain.Pos(), plain.Raw(), plain.Depth())
			}
		}
		for {
			k, err := next(long)
			want, wantErr := plain.Next()
			if k != want || (err == nil) != (wantErr == nil) || err != nil && *err.(*Error) != *wantErr.(*Error) {
				t.Fatalf("%q with %+v: %d %v, and not %d %v", doc, l, k, err, want, wantErr)
			}
			if err != nil || k == EndDocument {
				break
			}
			same("a token")
			if k == Text && !bytes.Equal(long.Text(), plain.Text()) {
				t.Fatalf("%q: text %q, and not %q", doc, long.Text(), plain.Text())
			}
			switch {
			case k == EndElement && value():
				m.Begin()
			case k == StartElement && !value() && len(long.Attrs()) == 1:
				m.Hole(0)
			case k == StartElement && value():
				m.Learn()
			}
			if !value() && k != Text || k == EndElement || !m.Enter() {
				continue
			}
			for {
				step := m.Peek(r.IntN(MemoSize))
				if step == nil {
					break
				}
				var text []byte
				if n := m.stretches[step.Stretch].pieces - 1; n > 0 && step.Word != (Word{}) {
					if last := string(step.Holes[n-1]); step.Word != NewWord(last) {
						t.Fatalf("%q: %x is not the word of %q", doc, step.Word, last)
					}
					words++
				}
				holes := step.Holes[:m.stretches[step.Stretch].pieces-1]
				stop := false
				for !stop {
					k, err := plain.Next()
					if err != nil {
						t.Fatalf("%q with %+v: passed over %v", doc, l, err)
					}
					switch k {
					case Text:
						if text == nil {
							text = bytes.Clone(plain.Text())
						}
					case StartElement:
						if len(holes) > 0 && len(plain.Attrs()) == 1 {
							if !bytes.Equal(holes[0], plain.Attrs()[0].Value) {
								t.Fatalf("%q: value %q, and not %q", doc, holes[0], plain.Attrs()[0].Value)
							}
							holes = holes[1:]
						}
						stop = plain.Name().Local == "value"
					}
				}
				if len(step.Text) > 0 && !bytes.Equal(text, step.Text) {
					t.Fatalf("%q: text %q, and not %q", doc, step.Text, text)
				}
				m.Take()
				if r.IntN(2) == 0 {
					m.Leave()
					same("a stretch")
					if !m.Enter() {
						t.Fatalf("%q: no stretch may follow one", doc)
					}
				}
			}
			m.Leave()
			same("stretches")
		}
	}
	t.Log(long.Memo().Taken(), "stretches passed over,", words, "words")
	if long.Memo().Taken() < 300_000 || words < 20_000 {
		t.Error("too few stretches were recognised for this to be a test")
	}
	if size := unsafe.Sizeof(Memo{}); size > 16<<10 {
		t.Errorf("a Memo takes %d bytes", size)
	}
}

func TestNamedReferences(t *testing.T) {
	for text, want := range map[string]byte{"&amp;": '&', "&lt;": '<', "&gt;": '>', "&quot;": '"', "&apos;": '\'', "&amp": 0, "&am;": 0, "&#38;": 0, "&LT;": 0, "&lt": 0, "&gt,": 0} {
		c, n := named([]byte(text+"........"), 0)
		if c != want || n != 0 && n != len(text) || (n == 0) != (want == 0) {
			t.Errorf("%s: %q of length %d", text, c, n)
		}
	}
}

func TestNumberedReferences(t *testing.T) {
	for text, want := range map[string]rune{"&#65;": 'A', "&#xe9;": 'é', "&#x2013;": '–', "&#13;": '\r', "&#x10FFFF;": 0x10FFFF, "&#1114111;": 0x10FFFF,
		"&#0;": 0, "&#x8;": 0, "&#xD800;": 0, "&#xFFFE;": 0, "&#x110000;": 0, "&#;": 0, "&#x;": 0, "&#X41;": 0, "&#-5;": 0, "&#x4G;": 0, "&#65": 0, "&#0000000065;": 0, "&amp;": 0} {
		r, n := numbered([]byte(text+"........"), 0)
		if r != want || n != 0 && n != len(text) || (n == 0) != (want == 0) {
			t.Errorf("%s: %q of length %d", text, r, n)
		}
	}
	if _, n := numbered([]byte("&#65;"), 0); n != 0 {
		t.Error("a reference is read where the input may end")
	}
}
