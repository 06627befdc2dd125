package dsml

import (
	"errors"
	"io"
	"reflect"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// inOrder puts the references of each search behind its entries, as a document
// that was read whole has them; a stream hands them out as they come.
func inOrder(items []Item) (out []Item) {
	var references []Item
	for _, i := range items {
		switch i.(type) {
		case *SearchResultReference:
			references = append(references, i)
			continue
		case *SearchResultEntry:
		default:
			out = append(out, references...)
			references = nil
		}
		out = append(out, i)
	}
	return append(out, references...)
}

// FuzzParse reads anything. It ends, without a panic; Validate and the stream
// come to the same verdict as Parse; and what was accepted can be written and
// reads the same again.
func FuzzParse(f *testing.F) {
	for seed := range uint64(24) {
		text, err := Marshal(newGenerator(seed).document(), WriteOptions{Envelope: soap.Version(seed % 3)})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, seed%2 == 0)
	}
	for _, texts := range lenientDocuments {
		for _, text := range texts {
			f.Add([]byte(text), false)
		}
	}
	f.Add([]byte(enveloped(soap.NS11, `<s:Fault><faultcode>s:Client</faultcode><detail>Bad Request</detail></s:Fault>`)), true)
	f.Add([]byte(`<batchRequest><a`), true)
	// Small bounds, so that they are met.
	limits := xml.Limits{Depth: 60, Attributes: 20, NameLength: 100, TokenLength: 1 << 14, Length: 1 << 16}
	f.Fuzz(func(t *testing.T, text []byte, strict bool) {
		o := Options{Strict: strict, Limits: limits, FilterDepth: 8, MaxRequests: 6}
		p, err := Parse(text, o)
		if got := Validate(text, o); hasErrors(got) != (err != nil) {
			t.Fatalf("Parse says %v, Validate says %+v", err, got)
		}
		items, _, streamErr := stream(text, o, 7)
		if err != nil {
			checkError(t, "fuzz", err)
			var a, b *Error
			if errors.As(err, &a) && (!errors.As(streamErr, &b) || a.Code != b.Code || a.Pos != b.Pos) {
				t.Fatalf("Parse says %v, the stream %v", err, streamErr)
			}
			return
		}
		if streamErr != io.EOF || p.Document != nil && !reflect.DeepEqual(inOrder(items), inOrder(parts(p.Document))) {
			t.Fatalf("the stream reads otherwise: %v", streamErr)
		}
		roundTrip(t, "fuzz", p)
	})
}
