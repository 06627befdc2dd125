package dsml

import (
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"
)

// schemaFile is the schema of the standard, which is not part of this
// repository.
const schemaFile = "../../../shared/reference/DSMLv2.xsd"

const generated = 2400 // documents a run, all kinds

// TestWritten writes generated documents and reads them back strictly: what
// comes back is what was written.
func TestWritten(t *testing.T) {
	for seed := range uint64(generated) {
		doc := newGenerator(seed).document()
		for _, o := range []WriteOptions{{Strict: true}, {Strict: true, Indent: 3, Declaration: true, Envelope: 2}} {
			text, err := Marshal(doc, o)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			p, err := Parse(text, Options{Strict: true})
			if doc, ok := doc.(*BatchRequest); ok && err != nil && missesID(doc) {
				continue // D-23: valid by the schema, refused strictly
			}
			if err != nil {
				t.Fatalf("seed %d: %v\n%s", seed, err, text)
			}
			if !reflect.DeepEqual(p.Document, doc) {
				t.Fatalf("seed %d reads otherwise:\n%s", seed, text)
			}
		}
	}
}

func missesID(b *BatchRequest) bool {
	for _, r := range b.Requests {
		if b.Processing == ProcessParallel && !r.Head().RequestID.Set {
			return true
		}
	}
	return false
}

// TestSchema has xmllint judge what the writer writes.
func TestSchema(t *testing.T) {
	schema, ok := outside(t, "DSMLKIT_SCHEMA", schemaFile)
	if !ok {
		return
	}
	if _, err := exec.LookPath("xmllint"); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Log("nothing to compare with:", err)
		return
	}
	dir := t.TempDir()
	args := []string{"--noout", "--schema", schema}
	kinds := map[string]int{}
	for seed := range uint64(generated) {
		doc := newGenerator(seed).document()
		text, err := Marshal(doc, WriteOptions{Strict: true, Indent: int(seed % 3)})
		if err != nil {
			t.Fatal(err)
		}
		count(kinds, doc)
		file := filepath.Join(dir, strconv.FormatUint(seed, 10)+".xml")
		if err := os.WriteFile(file, text, 0o600); err != nil {
			t.Fatal(err)
		}
		args = append(args, file)
	}
	out, err := exec.Command("xmllint", args...).CombinedOutput()
	valid := strings.Count(string(out), " validates\n")
	if err != nil || valid != generated {
		t.Errorf("%v: %d of %d documents are valid\n%s", err, valid, generated, firstLines(string(out), "error", 10))
	}
	t.Logf("%d documents, all valid; elements in them: %v", valid, kinds)
	for _, n := range append(append([]string(nil), requestNames...), responseNames...) {
		if kinds[n] == 0 {
			t.Errorf("no %s among the documents", n)
		}
	}
}

func count(kinds map[string]int, doc Document) {
	switch d := doc.(type) {
	case *BatchRequest:
		for _, r := range d.Requests {
			kinds[r.Element()]++
		}
	case *BatchResponse:
		for _, r := range d.Responses {
			kinds[r.Element()]++
		}
	}
}

func firstLines(out, with string, most int) string {
	var lines []string
	for _, l := range strings.Split(out, "\n") {
		if strings.Contains(l, with) && len(lines) < most {
			lines = append(lines, l)
		}
	}
	return strings.Join(lines, "\n")
}
