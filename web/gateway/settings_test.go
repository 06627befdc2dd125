package gateway

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write the table of settings into README.md")

// settingsTable is the table of all settings for the README, in Markdown.
func settingsTable() string {
	var b strings.Builder
	group, c := "", Defaults()
	for _, s := range settings {
		if s.group != group {
			if group != "" {
				b.WriteString("\n")
			}
			group = s.group
			fmt.Fprintf(&b, "**%s**\n\n| setting | default | what it does |\n| --- | --- | --- |\n", group)
		}
		value := ""
		if d := s.defaultText(c); d != "" {
			value = "`" + d + "`"
		}
		name := s.name
		if s.value != "" {
			name += " " + strings.ToUpper(s.value)
		}
		fmt.Fprintf(&b, "| `--%s` | %s | %s |\n", name, value, escapeCell(s.about))
	}
	return b.String()
}

func escapeCell(s string) string {
	s = strings.NewReplacer("|", `\|`, "<", "&lt;", "*", `\*`).Replace(s)
	return strings.ToUpper(s[:1]) + s[1:] + "."
}

// The README tells the settings between two marks.
func TestSettings_ReadmeHasTheTable(t *testing.T) {
	const file, begin, end = "README.md", "<!-- settings: written by go test -update -->\n\n", "\n<!-- end of settings -->"
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
		if err := os.WriteFile(file, []byte(before+begin+settingsTable()+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if table != settingsTable() {
		t.Errorf("%s does not have the table of settings as it is now; `go test ./web/gateway -run Readme -update` writes it", file)
	}
}
