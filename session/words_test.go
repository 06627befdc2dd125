package session

import (
	"strconv"
	"strings"
	"testing"
)

func TestExplanationsOfStatuses(t *testing.T) {
	seen := make(map[string]int)
	for _, status := range []int{301, 401, 403, 404, 405, 413, 415, 429, 500, 503} {
		c := opened(t, TrackerOptions{})
		c.must(c.Send(nil))
		r, err := c.Receive([]byte("<html>"), Meta{Status: status})
		if err == nil || !strings.Contains(r.Explanation, "status "+strconv.Itoa(status)) {
			t.Errorf("%d: %q, %v", status, r.Explanation, err)
		}
		reason := r.Explanation[strings.Index(r.Explanation, strconv.Itoa(status))+3:]
		if before, ok := seen[reason]; ok && status != 500 { // 301 and 500 have nothing of their own
			t.Errorf("%d and %d have the same explanation", before, status)
		}
		seen[reason] = status
	}
	c := opened(t, TrackerOptions{})
	c.must(c.Send(nil))
	r, _ := c.Receive([]byte("<html>"), Meta{Status: 200})
	if !strings.Contains(r.Explanation, "line 1, column") {
		t.Errorf("200: %q", r.Explanation)
	}
}

// TestWords holds the words that other programs rely on.
func TestWords(t *testing.T) {
	var got []string
	for s := StateNone; s <= StateLost+1; s++ {
		got = append(got, s.String())
	}
	for k := StepNone; k <= StepEnd+1; k++ {
		got = append(got, k.String())
	}
	for k := Paged; k <= DirSync; k++ {
		got = append(got, k.String())
	}
	for s := Status(0); s <= Dormant; s++ {
		got = append(got, s.String())
	}
	for c := Cause(0); c <= CauseCleared; c++ {
		got = append(got, c.String())
	}
	const want = "none opening open closing closed expired lost  none begin use end none paged vlv dirSync " +
		"none sleeping running dormant none ended expired lost cleared"
	if s := strings.Join(got, " "); s != want {
		t.Errorf("got  %s\nwant %s", s, want)
	}
	table, _ := newTable(TableOptions{})
	lease, err := table.Begin(t.Context(), alice, nil)
	if err != nil || len(lease.Short()) > 10 || !strings.HasPrefix(lease.ID(), strings.TrimSuffix(lease.Short(), "...")) || short("short") != "..." {
		t.Errorf("%q of %q, %v", lease.Short(), lease.ID(), err)
	}
}
