package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// statementsList returns a list without a flaw and the tests that it names.
func statementsList() (text string, tests map[string]bool) {
	var b strings.Builder
	b.WriteString("# Statements\n\n| number | what it asks | source | shown by |\n|---|---|---|---|\n")
	tests = make(map[string]bool)
	for _, p := range promised {
		for n := 1; n <= p.last; n++ {
			name := fmt.Sprintf("Test%s_%02d_Holds", p.letter, n)
			tests[name] = true
			fmt.Fprintf(&b, "| %s-%02d | It holds. | The source | %s |\n", p.letter, n, name)
		}
	}
	return b.String(), tests
}

func TestStatementsListIsHeldToTheTests(t *testing.T) {
	text, tests := statementsList()
	tests["TestSomethingElse"], tests["TestD_1270_Another"], tests["TestClient_D_127_S_47_Both"] = true, true, true
	addTestNames(tests, "func TestTable(t *testing.T) {\n\t{\"D-126 D-127 one\"},\n}\n\nfunc TestOther(t *testing.T) {\n\t\"D-128 x\"\n}\n")
	row := "| D-127 | It holds. | The source | TestD_127_Holds |"
	for name, c := range map[string]struct{ with, complaint string }{
		"as it is":                {row, ""},
		"two tests":               {strings.TrimSuffix(row, " |") + ", TestClient_D_127_S_47_Both |", ""},
		"a reason":                {"| D-127 | It holds. | The source | no test: nothing here could be asked that |", ""},
		"no reason":               {"| D-127 | It holds. | The source | no test: later |", "D-127 has no test and no reason"},
		"no test":                 {"| D-127 | It holds. | The source |  |", `D-127: there is no test ""`},
		"a test that is gone":     {"| D-127 | It holds. | The source | TestD_127_Gone |", `D-127: there is no test "TestD_127_Gone"`},
		"a test without a number": {"| D-127 | It holds. | The source | TestSomethingElse |", "D-127: TestSomethingElse does not carry the number"},
		"a subtest":               {"| D-127 | It holds. | The source | TestTable/D-127 |", ""},
		"a subtest of another":    {"| D-127 | It holds. | The source | TestTable/D-128 |", `D-127: there is no test "TestTable/D-128"`},
		"another's subtest":       {"| D-127 | It holds. | The source | TestTable/D-126 |", "D-127: TestTable/D-126 does not carry"},
		"a longer number":         {"| D-127 | It holds. | The source | TestD_1270_Another |", "D-127: TestD_1270_Another does not carry"},
		"a cell too few":          {"| D-127 | It holds. | TestD_127_Holds |", "D-127 has 3 cells"},
		"a row that is missing":   {"", "D-127 is missing"},
		"a row too many":          {row + "\n" + row, "D-127 stands in LIST already"},
	} {
		t.Run(name, func(t *testing.T) {
			changed := strings.Replace(text, row, c.with, 1)
			seen := make(map[string]string)
			wrong := append(judgeStatements("LIST", changed, tests, seen), missingStatements(seen)...)
			if c.complaint == "" && len(wrong) > 0 || c.complaint != "" && (len(wrong) != 1 || !strings.Contains(wrong[0], c.complaint)) {
				t.Errorf("complaints %q, want %q", wrong, c.complaint)
			}
		})
	}
}

// TestCheckFailsWithoutTheTest looks at a checkout in which a test was renamed.
func TestCheckFailsWithoutTheTest(t *testing.T) {
	root := t.TempDir()
	text, tests := statementsList()
	var source strings.Builder
	source.WriteString("package session\n\nimport \"testing\"\n")
	for name := range tests {
		fmt.Fprintf(&source, "\nfunc %s(t *testing.T) { t.Parallel() }\n", name)
	}
	write := func(name, content string) {
		t.Helper()
		file := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	half := strings.Index(text, "| D-77 ")
	write(statementLists[0], text[:half])
	write(statementLists[1], text[half:])
	for _, file := range statementLists[2:] {
		write(file, "")
	}
	write("session/all_test.go", source.String())
	checkout := tree{root: root}
	if note, err := checkout.checkStatements(t.Context()); err != nil {
		t.Fatalf("%q, %v", note, err)
	}
	write("session/all_test.go", strings.Replace(source.String(), "TestS_47_Holds", "TestS_47_Holds2", 1))
	if _, err := checkout.checkStatements(t.Context()); err == nil || !strings.Contains(err.Error(), `S-47: there is no test "TestS_47_Holds"`) {
		t.Errorf("got %v", err)
	}
	if err := os.Remove(filepath.Join(root, statementLists[1])); err != nil {
		t.Fatal(err)
	}
	if _, err := checkout.checkStatements(t.Context()); err == nil {
		t.Error("a list that is gone was not missed")
	}
}
