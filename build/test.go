package main

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"
)

// suite is one part of the tests.
type suite struct {
	name string
	run  func(t tree, ctx context.Context) (tally, error)
}

var suites = []suite{
	{"go", tree.testGo},
	{"wasm", tree.testWasm},
	{"js", tree.testPackage},
	{"runtimes", tree.testRuntimes},
	{"page", tree.testPage},
}

// suitePatience ends a suite that hangs; each takes a fraction of it.
const suitePatience = 12 * time.Minute

func runTests(ctx context.Context, args []string) error {
	var only list
	o := newOptions("test", "Checks the sources and runs every test: Go natively (with the race detector where\nthere is a C compiler) and as WebAssembly, the npm package in Node and\nevery other runtime, the page in Chromium. What is missing on the machine is installed where that is possible.\nThe last line reads `N passed, N failed`.")
	o.Var(&only, "only", "one `suite` without the check: go, wasm, js, runtimes or page (repeatable)")
	if err := o.read(args); err != nil {
		return err
	}
	for _, name := range only {
		if !slices.ContainsFunc(suites, func(s suite) bool { return s.name == name }) {
			return &usageError{fmt.Sprintf("test: there is no suite %q; there are go, wasm, js, runtimes, page", name)}
		}
	}
	t, err := findTree()
	if err != nil {
		return err
	}
	return t.test(ctx, only)
}

// test runs the check, unless suites are named, and the suites, and sums up.
func (t tree) test(ctx context.Context, only []string) error {
	var total tally
	var summary []string
	start := time.Now()
	note := func(name, text string, since time.Time) {
		summary = append(summary, fmt.Sprintf("%-8s %s (%s)", name, text, seconds(time.Since(since))))
	}
	if len(only) == 0 {
		failed, err := t.check(ctx)
		if err != nil {
			failed++
			console.printf("%v\n", err)
		}
		total.failed += failed
		text := "clean"
		if failed > 0 {
			text = fmt.Sprintf("%d kinds of check failed", failed)
		}
		note("check", text, start)
	}
	for _, s := range suites {
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if len(only) > 0 && !slices.Contains(only, s.name) {
			continue
		}
		begin := time.Now()
		console.printf("\n-- tests: %s\n", s.name)
		patience, cancel := context.WithTimeout(ctx, suitePatience)
		got, err := s.run(t, patience)
		if patience.Err() != nil && ctx.Err() == nil {
			err = fmt.Errorf("the tests were not done after %v and were ended", suitePatience)
		}
		cancel()
		if err == nil && got.passed+got.failed == 0 {
			err = fmt.Errorf("no test was run")
		}
		if err != nil {
			got.failed++
			console.printf("%s\n", strings.TrimRight(err.Error(), "\n"))
		}
		total.add(got)
		note(s.name, got.String(), begin)
	}
	console.printf("\n%s\n%-8s %s\n\n%s\n", strings.Join(summary, "\n"), "all", seconds(time.Since(start)), total)
	if total.failed > 0 {
		return errReported
	}
	return nil
}

// tally counts tests.
type tally struct{ passed, failed, skipped int }

func (n *tally) add(m tally) {
	n.passed += m.passed
	n.failed += m.failed
	n.skipped += m.skipped
}

func (n tally) String() string {
	text := fmt.Sprintf("%d passed, %d failed", n.passed, n.failed)
	if n.skipped > 0 {
		text += fmt.Sprintf(", %d skipped", n.skipped)
	}
	return text
}
