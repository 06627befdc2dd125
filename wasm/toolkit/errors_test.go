package main

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
	"github.com/dsmlkit/dsmlkit/xml/sqlsoap"
)

// TestEveryCodeIsDocumented compares the codes in the sources with the list
// that JavaScript developers get, both ways.
func TestEveryCodeIsDocumented(t *testing.T) {
	list, err := os.ReadFile("../js/error-codes.ts")
	if err != nil {
		t.Fatal(err)
	}
	documented := map[string]bool{}
	for _, m := range regexp.MustCompile(`(?m)^  "?([a-z0-9-]+)"?: "`).FindAllSubmatch(list, -1) {
		documented[string(m[1])] = true
	}
	leniencies := map[string]bool{}
	for _, l := range slices.Concat(dsml.Leniencies, sqlsoap.Leniencies) {
		leniencies[l.Name] = true
	}
	code := regexp.MustCompile(`"((?:xml|soap|dsml|ldif|session|sql)-[a-z0-9-]+)"|\bcode: "([a-z-]+)"|= "(argument|internal|limit)"`)
	used := map[string]bool{}
	for _, root := range []string{"../../xml", "../../session", ".", "../js"} {
		err := filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
			if err != nil || d.IsDir() && d.Name() == "test" {
				return fs.SkipDir
			}
			if strings.HasSuffix(path, "_test.go") || strings.HasSuffix(path, "error-codes.ts") ||
				!strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, ".ts") {
				return nil
			}
			text, err := os.ReadFile(path)
			for _, m := range code.FindAllStringSubmatch(string(text), -1) {
				name := m[1] + m[2] + m[3]
				if leniencies[name] || name == "dsmlkit-session" {
					continue
				}
				used[name] = true
				if !documented[name] {
					t.Errorf("%s has the code %s, which error-codes.ts does not explain", path, name)
				}
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	for name := range documented {
		if !used[name] {
			t.Errorf("error-codes.ts explains %s, which nothing uses", name)
		}
	}
}
