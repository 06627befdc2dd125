package xml

import (
	"math/rand/v2"
	"testing"
)

// addSeeds adds the documents of the tests.
func addSeeds(f *testing.F, add func(doc []byte)) {
	for _, a := range accepted {
		add([]byte(a.doc))
	}
	for _, r := range refusals {
		add([]byte(r.doc))
	}
	for _, e := range encoded {
		add([]byte(e.doc))
	}
	add([]byte(treeDocument))
	add(searchResponse(2<<10, false))
}

// FuzzScanner checks that no input makes the Scanner panic, that tokens and
// errors do not depend on how it is fed, and that it agrees with encoding/xml.
func FuzzScanner(f *testing.F) {
	addSeeds(f, func(doc []byte) { f.Add(doc, uint64(1), uint8(0)) })
	f.Fuzz(func(t *testing.T, doc []byte, seed uint64, low uint8) {
		var l Limits
		if low > 0 {
			l = Limits{Depth: 2 + int(low)%5, Attributes: 1 + int(low)%3, NameLength: 1 + int(low)%7, TokenLength: int(low), Length: 3 * int64(low)}
		}
		want, wantErr := trace(string(doc), len(doc)+1, l)
		got, err := trace(string(doc), 1, l)
		if got != want || !sameError(err, wantErr) {
			t.Fatalf("byte by byte, %+v:\ngot %v\n%swant %v\n%s", l, err, got, wantErr, want)
		}
		r := rand.New(rand.NewPCG(seed, 0))
		got, err = traceWith(NewScanner(l), string(doc), func(int) int { return 1 + r.IntN(40) })
		if got != want || !sameError(err, wantErr) {
			t.Fatalf("in random pieces, %+v:\ngot %v\n%swant %v\n%s", l, err, got, wantErr, want)
		}
		if wantErr != nil && (wantErr.Pos.Line < 1 || wantErr.Pos.Column < 1 || wantErr.Pos.Offset < 0 || wantErr.Pos.Offset > int64(len(doc)) || wantErr.Message == "" || wantErr.Code == "") {
			t.Fatalf("%+v", wantErr)
		}
		agree(t, "fuzz", doc)
	})
}

// FuzzRoundTrip checks that a document that is read, written and read again
// says the same.
func FuzzRoundTrip(f *testing.F) {
	addSeeds(f, func(doc []byte) { f.Add(doc) })
	f.Fuzz(func(t *testing.T, doc []byte) {
		first, err := ParseElement(doc, Limits{})
		if err != nil {
			return
		}
		for _, indent := range []int{0, 2} {
			w := NewWriter(WriterOptions{Indent: indent, Declaration: true})
			w.Element(first)
			text := w.Bytes()
			if w.Err() != nil {
				t.Fatalf("%q: %v", doc, w.Err())
			}
			second, err := ParseElement(text, Limits{})
			if err != nil {
				t.Fatalf("%q was written as\n%q\n%v", doc, text, err)
			}
			if !sameTree(first, second, indent == 0) {
				t.Fatalf("%q was written as\n%q", doc, text)
			}
		}
	})
}

// FuzzIndent checks what Indent promises.
func FuzzIndent(f *testing.F) {
	addSeeds(f, func(doc []byte) { f.Add(doc) })
	f.Fuzz(func(t *testing.T, doc []byte) { checkIndent(t, doc) })
}

// FuzzWriter gives a Writer random commands: it refuses them or writes a
// document that the Scanner accepts.
func FuzzWriter(f *testing.F) {
	f.Add([]byte("Sa\x00AbvTtext\x00E"), 0)
	f.Add([]byte("Pp\x00u\x00Sa\x00u\x00SbEEE"), 2)
	f.Add([]byte("Cc\x00It\x00d\x00Sa\x00\x00Yp\x00u\x00b\x00EKE"), 1)
	f.Fuzz(func(t *testing.T, commands []byte, indent int) {
		w := NewWriter(WriterOptions{Indent: indent % 5, Declaration: indent%2 == 1})
		var out []byte
		word := func() string {
			for i, c := range commands {
				if c == 0 {
					s := string(commands[:i])
					commands = commands[i+1:]
					return s
				}
			}
			s := string(commands)
			commands = nil
			return s
		}
		for len(commands) > 0 && w.Err() == nil {
			c := commands[0]
			commands = commands[1:]
			switch c {
			case 'S':
				w.Start(word(), word())
			case 'Y':
				w.StartPrefix(word(), word(), word())
			case 'P':
				w.Prefix(word(), word())
			case 'A':
				w.Attr(word(), word(), word())
			case 'T':
				w.Text(word())
			case 'B':
				w.TextBytes([]byte(word()))
			case 'X':
				w.Base64([]byte(word()))
			case 'C':
				w.Comment(word())
			case 'I':
				w.ProcInst(word(), word())
			case 'Q':
				w.Text(w.QName(word(), word()))
			case 'K':
				out = append(out, w.Take()...)
			default:
				w.End()
			}
		}
		for w.Err() == nil && len(w.stack) > 0 {
			w.End()
		}
		out = append(out, w.Bytes()...)
		if w.Err() != nil {
			return
		}
		if err := Parse(out, Limits{Depth: 1 << 20, NameLength: 1 << 20}, SinkFunc(func(*Scanner, Kind) error { return nil })); err != nil {
			t.Fatalf("%q: %v", out, err)
		}
	})
}
