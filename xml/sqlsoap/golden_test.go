package sqlsoap

import (
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the golden files anew")

// Each document of testdata is read strictly, and what is written of it is its
// golden file. Reading that gives the same message.
func TestGoldenFiles(t *testing.T) {
	files, err := filepath.Glob("testdata/*.xml")
	if err != nil || len(files) < 8 {
		t.Fatalf("%v, %v", files, err)
	}
	for _, name := range files {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".xml"), func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			p := parse(t, string(text), Options{Strict: true})
			got, err := Marshal(&p.Message, WriteOptions{Indent: 2, Declaration: true, Strict: true})
			if err != nil {
				t.Fatal(err)
			}
			golden := strings.TrimSuffix(name, ".xml") + ".golden"
			if *update {
				if err := os.WriteFile(golden, append(got, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(golden)
			if err != nil {
				t.Fatal(err)
			}
			if string(got)+"\n" != string(want) {
				t.Errorf("got %s, want %s", got, want)
			}
			flat := again(t, &p.Message, WriteOptions{Strict: true})
			bare(&p.Message)
			if bare(&flat.Message); !reflect.DeepEqual(flat.Message, p.Message) {
				t.Errorf("read again: %+v", flat.Message)
			}
		})
	}
}
