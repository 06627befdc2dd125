package sqlsoap

import (
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"reflect"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml"
)

// FuzzSQL reads anything. It ends, without a panic; Validate and the stream come
// to the same verdict as Parse; and what was accepted can be written, and is
// written the same ever after.
func FuzzSQL(f *testing.F) {
	for seed := range uint64(40) {
		text, err := Marshal(newGenerator(seed).whole(), WriteOptions{})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, seed%2 == 0)
	}
	for _, text := range lenientDocuments {
		f.Add([]byte(text), false)
	}
	files, err := filepath.Glob("testdata/*.xml")
	if err != nil {
		f.Fatal(err)
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text, true)
	}
	f.Add([]byte(`<sqlbatch><a`), true)
	// Small bounds, so that they are met.
	limits := xml.Limits{Depth: 60, Attributes: 20, NameLength: 200, TokenLength: 1 << 14, Length: 1 << 16}
	f.Fuzz(func(t *testing.T, text []byte, strict bool) {
		o := Options{Strict: strict, Limits: limits}
		p, err := Parse(text, o)
		failed := false
		for _, d := range Validate(text, o) {
			failed = failed || d.Severity == SeverityError
		}
		if failed != (err != nil) {
			t.Fatalf("Parse says %v, Validate %v", err, failed)
		}
		items, _, streamErr := stream(text, o, 7)
		if err != nil {
			var a, b *Error
			if !errors.As(err, &a) || !errors.As(streamErr, &b) || a.Code != b.Code || a.Pos != b.Pos || a.Message == "" {
				t.Fatalf("Parse says %v, the stream %v", err, streamErr)
			}
			return
		}
		if streamErr != io.EOF || p.Document != nil && !reflect.DeepEqual(items, parts(p.Document)) {
			t.Fatalf("the stream reads otherwise: %v", streamErr)
		}
		first, err := Marshal(&p.Message, WriteOptions{})
		if err != nil {
			t.Fatalf("%v: %+v", err, p.Message)
		}
		q, err := Parse(first, Options{Strict: strict})
		if err != nil {
			t.Fatalf("%v in what was written: %s", err, first)
		}
		second, err := Marshal(&q.Message, WriteOptions{})
		if err != nil || !bytes.Equal(first, second) {
			t.Fatalf("written twice: %v\n%s\n%s", err, first, second)
		}
		if _, err := Marshal(&p.Message, WriteOptions{Indent: 2}); err != nil {
			t.Fatal(err)
		}
	})
}
