package xml

import (
	"bytes"
	"math/rand/v2"
	"os"
	"testing"
)

// corpus returns the documents of the tests: those accepted, those refused, in
// several encodings, and those of the W3C suite.
func corpus(t *testing.T) []string {
	var docs []string
	for _, a := range accepted {
		docs = append(docs, a.doc)
	}
	for _, r := range refusals {
		docs = append(docs, r.doc)
	}
	for _, e := range encoded {
		docs = append(docs, e.doc)
	}
	for _, c := range readSuite(t) {
		text, err := os.ReadFile(c.path)
		if err != nil {
			t.Fatal(err)
		}
		docs = append(docs, string(text))
		if !hasDoctype(text) {
			continue
		}
		// Most documents of the suite end for us at their declaration: take it out.
		if from, to := doctype(text); to > 0 {
			docs = append(docs, string(text[:from])+string(text[to:]))
		}
	}
	return docs
}

// doctype returns where the document type declaration is, if it is simple.
func doctype(text []byte) (from, to int) {
	from = bytes.Index(text, []byte("<!DOCTYPE"))
	if from < 0 {
		return 0, 0
	}
	end := bytes.Index(text[from:], []byte("]>"))
	if gt := bytes.IndexByte(text[from:], '>'); gt >= 0 && (end < 0 || !bytes.Contains(text[from:from+gt], []byte("["))) {
		return from, from + gt + 1
	}
	if end < 0 {
		return 0, 0
	}
	return from, from + end + 2
}

func sameError(a, b *Error) bool { return a == b || a != nil && b != nil && *a == *b }

// TestChunks feeds every document whole, byte by byte, in two pieces cut at
// every place, and in random pieces: tokens, positions and errors are the same.
// It does so also with limits so low that most documents reach one.
func TestChunks(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	limits := []Limits{{}, {Depth: 2, Attributes: 2, NameLength: 6, TokenLength: 12, Length: 60}, {TokenLength: 20}, {Length: 30}}
	cuts := 0
	s := NewScanner(Limits{})
	for n, doc := range corpus(t) {
		l := limits[n%len(limits)]
		s.Reset(l)
		want, wantErr := traceWith(s, doc, func(int) int { return len(doc) })
		check := func(how string, cut int, size func(i int) int) {
			cuts++
			s.Reset(l)
			got, err := traceWith(s, doc, size)
			if got != want || !sameError(err, wantErr) {
				t.Fatalf("%q with %+v in %s %d:\ngot %v\n%swant %v\n%s", doc, l, how, cut, err, got, wantErr, want)
			}
		}
		check("pieces of", 1, func(int) int { return 1 })
		step := 1 + len(doc)*len(doc)/200_000 // every place in all documents up to 600 bytes
		for cut := 1; cut < len(doc); cut += step {
			check("two pieces at", cut, func(i int) int {
				if i == 0 {
					return cut
				}
				return len(doc)
			})
		}
		for range 5 {
			seed := random.Uint64()
			r := rand.New(rand.NewPCG(seed, 0))
			check("random pieces", 0, func(int) int { return 1 + r.IntN(20) })
		}
	}
	t.Log(cuts, "ways of feeding")
}

// TestBorrowed checks that Parse, which reads text where it is, gives the same
// tokens and leaves the text alone.
func TestBorrowed(t *testing.T) {
	for _, doc := range corpus(t) {
		want, wantErr := trace(doc, len(doc)+1, Limits{})
		s := NewScanner(Limits{})
		text := []byte(doc)
		s.Borrow(text)
		got, err := traceWith(s, "", nil)
		if got != want || !sameError(err, wantErr) {
			t.Fatalf("%q:\ngot %v\n%swant %v\n%s", doc, err, got, wantErr, want)
		}
		if string(text) != doc {
			t.Fatalf("%q was changed", doc)
		}
	}
}

// TestReserve feeds through room in the Scanner's own memory.
func TestReserve(t *testing.T) {
	for n, doc := range corpus(t) {
		want, wantErr := trace(doc, len(doc)+1, Limits{})
		s := NewScanner(Limits{})
		for rest := doc; len(rest) > 0; {
			room := s.Reserve(1 + n%40)
			k := copy(room, rest)
			s.Commit(room, k)
			rest = rest[k:]
			if n%3 == 0 {
				continue // nothing says that tokens are asked for in between
			}
		}
		s.Close()
		got, err := traceWith(s, "", nil)
		if got != want || !sameError(err, wantErr) {
			t.Fatalf("%q:\ngot %v\n%swant %v\n%s", doc, err, got, wantErr, want)
		}
	}
}
