package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

// statementsFile lists what a protocol asks for, each statement with the tests
// that show it.
const statementsFile = "session/STATEMENTS.md"

// promised are the numbers that the list must not leave out.
var promised = []struct {
	letter      string
	first, last int
}{
	{"D", 118, 119}, {"D", 123, 152},
	{"S", 1, 70}, {"S", 75, 75}, {"S", 77, 77}, {"S", 83, 84},
}

var (
	statementNumber = regexp.MustCompile(`^[DS]-\d+$`)
	testFunction    = regexp.MustCompile(`(?m)^func (Test\w+)\(\w+ \*testing\.T\)`)
)

// noTest begins the reason why a statement is shown by no test.
const noTest = "no test: "

// shortestReason is how many characters such a reason has at least.
const shortestReason = 20

// checkStatements holds the list to the sources: every number that was promised
// has its row, and every row names tests that exist and carry its number, or
// says why there is none.
func (t tree) checkStatements(context.Context) (string, error) {
	text, err := os.ReadFile(t.path(statementsFile))
	if err != nil {
		return "", err
	}
	tests, err := t.testNames()
	if err != nil {
		return "", err
	}
	rows, wrong := judgeStatements(string(text), tests)
	if len(wrong) > 0 {
		return "", fmt.Errorf("%s:\n  %s", statementsFile, strings.Join(wrong, "\n  "))
	}
	return fmt.Sprintf("%d, each with its tests", rows), nil
}

// testNames collects the names of all Go tests.
func (t tree) testNames() (map[string]bool, error) {
	names := make(map[string]bool)
	err := t.own(func(name string, content []byte) error {
		if strings.HasSuffix(name, "_test.go") {
			for _, m := range testFunction.FindAllSubmatch(content, -1) {
				names[string(m[1])] = true
			}
		}
		return nil
	})
	if err == nil && len(names) == 0 {
		err = errors.New("no tests were found under " + filepath.Base(t.root))
	}
	return names, err
}

// judgeStatements counts the rows of the list and tells what is wrong with it.
func judgeStatements(text string, tests map[string]bool) (rows int, wrong []string) {
	seen := make(map[string]bool)
	for line := range strings.SplitSeq(text, "\n") {
		cells := strings.Split(strings.TrimSuffix(strings.TrimPrefix(line, "| "), " |"), " | ")
		number := cells[0]
		if !statementNumber.MatchString(number) {
			continue
		}
		rows++
		if seen[number] {
			wrong = append(wrong, number+" stands twice")
		}
		seen[number] = true
		if len(cells) != 4 {
			wrong = append(wrong, fmt.Sprintf("%s has %d cells; there are number, sentence, source and tests", number, len(cells)))
			continue
		}
		wrong = append(wrong, judgeTests(number, cells[3], tests)...)
	}
	for _, span := range promised {
		for n := span.first; n <= span.last; n++ {
			if number := fmt.Sprintf("%s-%02d", span.letter, n); !seen[number] {
				wrong = append(wrong, number+" is missing")
			}
		}
	}
	return rows, wrong
}

// judgeTests looks at the last cell of a row.
func judgeTests(number, cell string, tests map[string]bool) (wrong []string) {
	if reason, none := strings.CutPrefix(cell, noTest); none {
		if len(reason) < shortestReason {
			return []string{number + " has no test and no reason why"}
		}
		return nil
	}
	letter, digits, _ := strings.Cut(number, "-")
	n, _ := strconv.Atoi(digits)
	carried := regexp.MustCompile(fmt.Sprintf(`(^|_|[a-z])%s_0*%d(_|$)`, letter, n))
	for test := range strings.SplitSeq(cell, ", ") {
		switch {
		case !tests[test]:
			wrong = append(wrong, fmt.Sprintf("%s: there is no test %q", number, test))
		case !carried.MatchString(test):
			wrong = append(wrong, fmt.Sprintf("%s: %s does not carry the number in its name", number, test))
		}
	}
	return wrong
}
