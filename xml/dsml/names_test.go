package dsml

import (
	stdxml "encoding/xml"
	"io"
	"strings"
	"testing"
)

// TestD_05_AttributesWithoutNamespace reads what the writer writes with another
// parser: no attribute is in the namespace of the elements.
func TestD_05_AttributesWithoutNamespace(t *testing.T) {
	seen := 0
	for seed := range uint64(200) {
		text, err := Marshal(newGenerator(seed).document(), WriteOptions{})
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		for d := stdxml.NewDecoder(strings.NewReader(string(text))); ; {
			token, err := d.Token()
			if err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("seed %d: %v\n%s", seed, err, text)
			}
			start, ok := token.(stdxml.StartElement)
			if !ok || start.Name.Space != Namespace {
				continue
			}
			for _, a := range start.Attr {
				switch a.Name.Space {
				case "":
					seen++
				case Namespace:
					t.Fatalf("seed %d: %s has the attribute %s with a prefix\n%s", seed, start.Name.Local, a.Name.Local, text)
				}
			}
		}
	}
	if seen == 0 {
		t.Error("no document had an attribute")
	}
}
