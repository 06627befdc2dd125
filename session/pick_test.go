package session

import (
	"strings"
	"testing"
)

// titled is a case of a table of tests.
type titled interface{ title() string }

// pick runs the cases whose title begins with numbers of statements that
// include the given one; with "", those without any.
func pick[C titled](t *testing.T, cases []C, number string, run func(*testing.T, C)) {
	t.Helper()
	found := false
	for _, c := range cases {
		mine := number == ""
		for _, word := range strings.Fields(c.title()) {
			if len(word) < 4 || word[1] != '-' || strings.IndexByte("DS", word[0]) < 0 {
				break
			}
			if mine = word == number; mine {
				break
			}
		}
		if mine {
			found = true
			t.Run(c.title(), func(t *testing.T) { run(t, c) })
		}
	}
	if !found {
		t.Errorf("no case of %q", number)
	}
}
