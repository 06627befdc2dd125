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

// statementLists tell what the protocols ask for, each statement with the tests
// that show it. A statement stands in one of them, in the room that it is about.
var statementLists = []string{"session/STATEMENTS.md", "xml/dsml/STATEMENTS.md", "xml/sqlsoap/STATEMENTS.md"}

// promised are the numbers that the lists together must not leave out: from 1
// to the last.
var promised = []struct {
	letter string
	last   int
}{{"D", 155}, {"S", 92}}

var (
	statementNumber = regexp.MustCompile(`^[DS]-\d+$`)
	testFunction    = regexp.MustCompile(`(?m)^func (Test\w+)\(\w+ \*testing\.T\)`)
	// The name of a subtest begins with the statements that it shows.
	subtestNumbers = regexp.MustCompile("[\"`]((?:[DS]-\\d+ )+)")
)

// noTest begins the reason why a statement is shown by no test.
const noTest = "no test: "

// shortestReason is how many characters such a reason has at least.
const shortestReason = 20

// checkStatements holds the lists to the sources: every number that was promised
// has its row, and every row names tests that exist and carry its number, or
// says why there is none.
func (t tree) checkStatements(context.Context) (string, error) {
	tests, err := t.testNames()
	if err != nil {
		return "", err
	}
	seen := make(map[string]string)
	var wrong []string
	for _, file := range statementLists {
		text, err := os.ReadFile(t.path(file))
		if err != nil {
			return "", err
		}
		wrong = append(wrong, judgeStatements(file, string(text), tests, seen)...)
	}
	wrong = append(wrong, missingStatements(seen)...)
	if len(wrong) > 0 {
		return "", errors.New(strings.Join(wrong, "\n"))
	}
	return fmt.Sprintf("%d, each with its tests", len(seen)), nil
}

// testNames collects the names of all Go tests: functions, and for the numbers
// with which names of their subtests begin "TestFilters/D-70".
func (t tree) testNames() (map[string]bool, error) {
	names := make(map[string]bool)
	err := t.own(func(name string, content []byte) error {
		if strings.HasSuffix(name, "_test.go") {
			addTestNames(names, string(content))
		}
		return nil
	})
	if err == nil && len(names) == 0 {
		err = errors.New("no tests were found under " + filepath.Base(t.root))
	}
	return names, err
}

func addTestNames(names map[string]bool, source string) {
	for _, m := range testFunction.FindAllStringSubmatchIndex(source, -1) {
		name, body := source[m[2]:m[3]], source[m[1]:]
		if end := strings.Index(body, "\n}\n"); end >= 0 {
			body = body[:end]
		}
		names[name] = true
		for _, numbers := range subtestNumbers.FindAllStringSubmatch(body, -1) {
			for number := range strings.FieldsSeq(numbers[1]) {
				names[name+"/"+number] = true
			}
		}
	}
}

// judgeStatements tells what is wrong with a list, and notes in seen which
// statements it has.
func judgeStatements(file, text string, tests map[string]bool, seen map[string]string) (wrong []string) {
	for line := range strings.SplitSeq(text, "\n") {
		cells := strings.Split(strings.TrimSuffix(strings.TrimPrefix(line, "| "), " |"), " | ")
		number := cells[0]
		if !statementNumber.MatchString(number) {
			continue
		}
		complain := func(format string, a ...any) {
			wrong = append(wrong, file+": "+number+fmt.Sprintf(format, a...))
		}
		if before := seen[number]; before != "" {
			complain(" stands in %s already", before)
		}
		seen[number] = file
		if len(cells) != 4 {
			complain(" has %d cells; there are number, sentence, source and tests", len(cells))
			continue
		}
		judgeTests(number, cells[3], tests, complain)
	}
	return wrong
}

// missingStatements names the promised numbers that are in no list.
func missingStatements(seen map[string]string) (wrong []string) {
	for _, p := range promised {
		for n := 1; n <= p.last; n++ {
			if number := fmt.Sprintf("%s-%02d", p.letter, n); seen[number] == "" {
				wrong = append(wrong, number+" is missing: no list has it")
			}
		}
	}
	return wrong
}

// judgeTests looks at the last cell of a row.
func judgeTests(number, cell string, tests map[string]bool, complain func(format string, a ...any)) {
	if reason, none := strings.CutPrefix(cell, noTest); none {
		if len(reason) < shortestReason {
			complain(" has no test and no reason why")
		}
		return
	}
	letter, digits, _ := strings.Cut(number, "-")
	n, _ := strconv.Atoi(digits)
	carried := regexp.MustCompile(fmt.Sprintf(`(^|_|[a-z])%s_0*%d(_|$)`, letter, n))
	for test := range strings.SplitSeq(cell, ", ") {
		function, subtest, _ := strings.Cut(test, "/")
		switch {
		case !tests[test]:
			complain(": there is no test %q", test)
		case subtest != number && !carried.MatchString(function):
			complain(": %s does not carry the number in its name", test)
		}
	}
}
