package dsml

import (
	"flag"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of leniencies into LENIENCIES.md")

// leniencyTable is the table of all leniencies, in Markdown.
func leniencyTable() string {
	var b strings.Builder
	b.WriteString("| name | by default | at an endpoint | statement | what is read | who needs it |\n|---|---|---|---|---|---|\n")
	yes := map[bool]string{true: "yes", false: "no"}
	cell := strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`)
	for _, l := range Leniencies {
		b.WriteString("| `" + l.Name + "` | " + yes[l.Default] + " | " + yes[l.Endpoint] + " | " + l.Statement + " | " +
			cell.Replace(l.Description) + " | " + cell.Replace(l.Evidence) + " |\n")
	}
	return b.String()
}

// TestLenienciesAreDocumented: the document tells them as they are.
func TestLenienciesAreDocumented(t *testing.T) {
	const file, begin, end = "LENIENCIES.md", "<!-- leniencies: written by go test -update -->\n\n", "\n<!-- end of leniencies -->"
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, found := strings.Cut(string(text), begin)
	table, after, ended := strings.Cut(rest, end)
	if !found || !ended {
		t.Fatalf("%s lacks the marks %q and %q", file, begin, end)
	}
	if *update {
		if err := os.WriteFile(file, []byte(before+begin+leniencyTable()+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if table != leniencyTable() {
		t.Errorf("%s does not have the leniencies as they are now; `go test ./xml/dsml -run Leniencies -update` writes it", file)
	}
}
