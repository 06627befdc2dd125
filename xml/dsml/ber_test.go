package dsml

import (
	"bytes"
	"encoding/hex"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
)

// sameBER compares how this package and asn1-ber read the elements of text, in
// which checkBER found nothing wrong.
func sameBER(t *testing.T, text string, packets []*ber.Packet) {
	t.Helper()
	r := berReader{oid: "1.2.3", rest: text}
	for _, p := range packets {
		identifier := byte(p.ClassType) | byte(p.TagType) | byte(p.Tag)
		if !r.has(identifier) || r.rest[0] != identifier {
			t.Fatalf("%x begins with another element than %x", r.rest, identifier)
		}
		before := r
		content := r.content(identifier, "an element")
		if r.err != nil {
			t.Fatalf("%x: %v", text, r.err)
		}
		if p.TagType == ber.TypeConstructed {
			sameBER(t, content, p.Children)
			continue
		}
		if content != p.Data.String() {
			t.Fatalf("%x: content %x, want %x", text, content, p.Data.Bytes())
		}
		if identifier == berInteger || identifier == berEnumerated {
			n, err := ber.ParseInt64([]byte(content))
			ok := err == nil && content != ""
			got := before.integer(identifier, math.MinInt64, math.MaxInt64, "a number")
			// Theirs refuses more than eight bytes, ours those that matter.
			if len(content) <= 8 && (ok != (before.err == nil) || ok && n != got) {
				t.Fatalf("%x is %d, %v; want %d, %v", content, got, before.err, n, err)
			}
		}
	}
	if err := r.end(); err != nil {
		t.Fatalf("%x: %v", text, err)
	}
}

// FuzzBER holds that asn1-ber reads what this package does, and alike.
func FuzzBER(f *testing.F) {
	for _, s := range []string{"30050201050400", "3084000000050201050400", "a30704026d6e040161", "30800000", "0500", "0101ff",
		"640704023d6130003000", "308100", "02098000000000000000ff", "0a00", "1f8101", "308900000000000000000100"} {
		b, err := hex.DecodeString(s)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(b)
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		wrong := checkBER(string(b))
		if wrong != "" {
			return
		}
		p, err := ber.DecodePacketErr(b)
		if err != nil {
			t.Fatalf("%x: asn1-ber refuses it: %v", b, err)
		}
		sameBER(t, string(b), []*ber.Packet{p})
	})
}

// TestBERAgainstASN1BER takes random elements, many of them damaged, through
// both readers, and holds that both write the same bytes.
func TestBERAgainstASN1BER(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	read, refused := 0, 0
	for range 20_000 {
		w := &berWriter{}
		want := randomBER(random, w, 0)
		if !bytes.Equal(w.text, want.Bytes()) {
			t.Fatalf("written as %x, want %x", w.text, want.Bytes())
		}
		text := w.text
		for range random.IntN(3) {
			switch i := random.IntN(len(text)); random.IntN(3) {
			case 0:
				text[i] ^= 1 << random.IntN(8)
			case 1:
				text = append(text[:i:i], text[min(i+1+random.IntN(3), len(text)):]...)
			default:
				text = append(text[:i:i], append([]byte{byte(random.IntN(256))}, text[i:]...)...)
			}
			if len(text) == 0 {
				break
			}
		}
		if wrong := checkBER(string(text)); wrong != "" {
			refused++
			continue
		}
		p, err := ber.DecodePacketErr(text)
		if err != nil {
			t.Fatalf("%x: asn1-ber refuses it: %v", text, err)
		}
		sameBER(t, string(text), []*ber.Packet{p})
		read++
	}
	if read < 5000 || refused < 5000 {
		t.Errorf("%d texts read, %d refused: too few of one kind", read, refused)
	}
}

// randomBER writes an element and returns it as asn1-ber has it.
func randomBER(random *rand.Rand, w *berWriter, depth int) *ber.Packet {
	kind := random.IntN(8)
	if depth > 5 {
		kind = random.IntN(5)
	}
	switch kind {
	case 0:
		n := int64(random.Uint64()) >> random.IntN(64)
		w.integer(berInteger, n)
		return ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, n, "")
	case 1:
		n := int64(random.IntN(1 << 16))
		w.integer(berEnumerated, n)
		return ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, n, "")
	case 2:
		b := random.IntN(2) == 1
		w.boolean(berBoolean, b)
		return ber.NewLDAPBoolean(ber.ClassUniversal, ber.TypePrimitive, ber.TagBoolean, b, "")
	case 3, 4:
		s := strings.Repeat("x", random.IntN(1<<random.IntN(11)))
		if kind == 3 {
			w.octets(s)
			return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, s, "")
		}
		tag := random.IntN(31)
		w.string(berContext|byte(tag), s)
		return ber.NewString(ber.ClassContext, ber.TypePrimitive, ber.Tag(tag), s, "")
	}
	p := ber.NewSequence("")
	place := w.start(berSequence)
	for range random.IntN(4) {
		p.AppendChild(randomBER(random, w, depth+1))
	}
	w.end(place)
	return p
}

func TestBERIntegers(t *testing.T) {
	for n, want := range map[int64]string{
		0: "020100", 127: "02017f", 128: "02020080", 255: "020200ff", 256: "02020100", -1: "0201ff", -128: "020180", -129: "0202ff7f",
		math.MaxInt64: "02087fffffffffffffff", math.MinInt64: "02088000000000000000",
	} {
		w := &berWriter{}
		w.integer(berInteger, n)
		if got := hex.EncodeToString(w.text); got != want {
			t.Errorf("%d is written as %s, want %s", n, got, want)
		}
		r := berReader{rest: string(w.text)}
		if got := r.integer(berInteger, math.MinInt64, math.MaxInt64, "it"); got != n || r.end() != nil {
			t.Errorf("%s is read as %d, %v; want %d", want, got, r.err, n)
		}
	}
}

// TestBERLengths writes contents around the places where lengths grow.
func TestBERLengths(t *testing.T) {
	for n, head := range map[int]string{0: "00", 127: "7f", 128: "8180", 255: "81ff", 256: "820100", 65535: "82ffff", 65536: "83010000"} {
		content := strings.Repeat("\x05\x00", n/2)
		w := &berWriter{}
		w.octets(content + "x"[:n%2])
		if got := hex.EncodeToString(w.text[1 : len(w.text)-n]); got != head {
			t.Errorf("a string of %d bytes has the length %s, want %s", n, got, head)
		}
		if n%2 == 1 {
			continue
		}
		w = startBER(berSequence)
		for range n / 2 {
			w.string(berNull, "")
		}
		w.end(2)
		if got := hex.EncodeToString(w.text[1 : len(w.text)-n]); got != head || string(w.text[len(w.text)-n:]) != content {
			t.Errorf("a sequence of %d bytes has the length %s, want %s", n, got, head)
		}
	}
}
