package session

import (
	"io/fs"
	"os"
	"regexp"
	"strings"
	"testing"
)

// TestStatements holds STATEMENTS.md: every number has its row, and every row
// names tests that exist and carry its number, or says why there is none.
func TestStatements(t *testing.T) {
	text, err := os.ReadFile("STATEMENTS.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := make(map[string]bool)
	name := regexp.MustCompile(`(?m)^func (Test\w+)\(`)
	for _, dir := range []string{".", "../web", "../xml"} {
		err := fs.WalkDir(os.DirFS(dir), ".", func(path string, _ fs.DirEntry, err error) error {
			if err != nil || !strings.HasSuffix(path, "_test.go") {
				return err
			}
			source, err := fs.ReadFile(os.DirFS(dir), path)
			for _, m := range name.FindAllSubmatch(source, -1) {
				tests[string(m[1])] = true
			}
			return err
		})
		if err != nil {
			t.Fatal(err)
		}
	}
	rows := 0
	number := regexp.MustCompile(`^[DS]-\d+$`)
	for line := range strings.SplitSeq(string(text), "\n") {
		cells := strings.Split(line, " | ")
		n := strings.TrimPrefix(cells[0], "| ")
		if !number.MatchString(n) {
			continue
		}
		rows++
		if len(cells) != 4 {
			t.Errorf("%s: %d cells", n, len(cells))
			continue
		}
		by := strings.TrimSuffix(cells[3], " |")
		if reason, none := strings.CutPrefix(by, "no test: "); none {
			if len(reason) < 10 {
				t.Errorf("%s: no test and no reason", n)
			}
			continue
		}
		for test := range strings.SplitSeq(by, ", ") {
			if !tests[test] {
				t.Errorf("%s: there is no %s", n, test)
			}
			if !regexp.MustCompile(strings.Replace(n, "-", "_", 1) + `(\D|$)`).MatchString(test) {
				t.Errorf("%s: %s does not carry the number", n, test)
			}
		}
	}
	if rows < 110 {
		t.Errorf("only %d statements", rows)
	}
}
