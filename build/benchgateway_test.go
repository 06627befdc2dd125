package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/go-ldap/ldap/v3"

	backends "github.com/dsmlkit/dsmlkit/web/directory/ldap"
	openldap "github.com/dsmlkit/dsmlkit/web/directory/slapd"
)

func TestDirectoryLDIF_LoadsAndHasTeams(t *testing.T) {
	// Eleven teams: the first and the last are of one kind.
	server := openldap.Start(t, openldap.Options{Suffixes: []string{directorySuffix}, LDIF: directoryLDIF(11)})
	a, err := newLDAPAsker(server.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer a.close()
	backend, err := backends.New(backends.Options{URL: server.URL})
	if err != nil {
		t.Fatal(err)
	}
	defer backend.Close()
	own, err := newOwnAsker(t.Context(), backend)
	if err != nil {
		t.Fatal(err)
	}
	defer own.close()
	for filter, want := range map[string]int{teamFilter(0): teamSize, teamFilter(10): teamSize, teamFilter(11): 0, someFilter: 2 * teamSize, allFilter: 11 * teamSize} {
		got, err := a.ask(t.Context(), filter)
		if err != nil {
			t.Fatal(err)
		}
		if got.count() != want {
			t.Errorf("%s finds %d entries, want %d", filter, got.count(), want)
		}
		other, err := own.ask(t.Context(), filter)
		if err != nil {
			t.Fatal(err)
		}
		if _, same := sameEntries(got, other); !same {
			t.Errorf("%s: two clients find different entries, %d and %d", filter, got.count(), other.count())
		}
	}
}

func TestSameEntries(t *testing.T) {
	of := func(values ...string) found {
		r := &ldap.SearchResult{}
		for _, v := range values {
			r.Entries = append(r.Entries, ldap.NewEntry("cn="+v, map[string][]string{"sn": {v}}))
		}
		return foundLDAP{r}
	}
	if n, same := sameEntries(of("a", "b"), of("b", "a")); !same || n != 2*(4+2+1) {
		t.Errorf("the same in another order: %d bytes, %v", n, same)
	}
	for _, other := range []found{of("a"), of("a", "c"), of("a", "b", "b")} {
		if _, same := sameEntries(of("a", "b"), other); same {
			t.Errorf("a, b is the same as %v", other.entries())
		}
	}
}

func TestPress(t *testing.T) {
	synctest.Test(t, func(t *testing.T) { // where 30 ms are 30 ms, whatever the machine does besides
		asked := make(map[int]bool)
		var mu sync.Mutex
		got, err := press(t.Context(), 3, 30*time.Millisecond, func(_ context.Context, _, n int) error {
			mu.Lock()
			asked[n] = true
			mu.Unlock()
			time.Sleep(time.Millisecond)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		if len(got.latencies) != 90 || len(asked) != 90 || slices.Min(got.latencies) != 1 || slices.Max(got.latencies) != 1 || got.seconds != 0.03 {
			t.Errorf("%d latencies of %d questions in %v s: %v", len(got.latencies), len(asked), got.seconds, got.latencies)
		}
	})
	wrong := errors.New("wrong")
	_, err := press(t.Context(), 2, time.Minute, func(_ context.Context, client, n int) error {
		if n == 5 {
			return wrong
		}
		return nil
	})
	if !errors.Is(err, wrong) {
		t.Errorf("a client that fails: %v", err)
	}
}

func TestPercentile(t *testing.T) {
	var hundred []float64
	for i := 100; i > 0; i-- {
		hundred = append(hundred, float64(i))
	}
	for _, c := range []struct {
		samples []float64
		percent int
		want    float64
	}{{hundred, 50, 50}, {hundred, 99, 99}, {hundred, 100, 100}, {[]float64{7}, 99, 7}, {[]float64{3, 1, 2}, 50, 2}, {nil, 50, 0}} {
		if got := percentile(c.samples, c.percent); got != c.want {
			t.Errorf("%d in a hundred of %d samples: %v, want %v", c.percent, len(c.samples), got, c.want)
		}
	}
}

func TestProcessFigures(t *testing.T) {
	if got, err := residentIn("Name:\tx\nVmHWM:\t   99 kB\nVmRSS:\t   1024 kB\n"); got != 1<<20 || err != nil {
		t.Errorf("%v, %v", got, err)
	}
	if _, err := residentIn("Name:\tx\n"); err == nil {
		t.Error("a process without memory")
	}
	if got := busyIn("12 (a (b) c) S 1 2 3 4 5 6 7 8 9 10 150 50 0 0 20 0 9 0 1\n"); got != 2 {
		t.Errorf("%v seconds, want 2", got)
	}
	if got := busyIn("nothing"); got != 0 {
		t.Errorf("%v seconds of nothing", got)
	}
}

func TestHighest(t *testing.T) {
	values := []float64{1, 5, 2}
	seen := make(chan struct{})
	top, err := highest(time.Millisecond, func() (float64, error) {
		if len(values) == 0 {
			return 0, nil
		}
		v := values[0]
		if values = values[1:]; len(values) == 0 {
			close(seen)
		}
		return v, nil
	}, func() error { <-seen; return nil })
	if top != 5 || err != nil {
		t.Errorf("%v, %v", top, err)
	}
	if _, err := highest(time.Millisecond, func() (float64, error) { return 0, nil }, func() error { return io.EOF }); !errors.Is(err, io.EOF) {
		t.Errorf("work that fails: %v", err)
	}
}

func TestOccurrences_InPieces(t *testing.T) {
	text := []byte(strings.Repeat("<entry a><entryb></entry>", 50))
	for _, size := range []int{1, 2, 7, 24, len(text)} {
		o := &occurrences{of: "<entry "}
		for piece := range slices.Chunk(text, size) {
			if _, err := o.Write(piece); err != nil {
				t.Fatal(err)
			}
		}
		if want := bytes.Count(text, []byte("<entry ")); o.count != want {
			t.Errorf("in pieces of %d: %d, want %d", size, o.count, want)
		}
	}
}

func TestEndpointIn(t *testing.T) {
	got, err := endpointIn("The page is at http://127.0.0.1:4711/ (its endpoint at /dsml). Ctrl+C stops the server.\n")
	if got != "http://127.0.0.1:4711/dsml" || err != nil {
		t.Errorf("%q, %v", got, err)
	}
	if _, err := endpointIn("nowhere\n"); err == nil {
		t.Error("an address in a greeting without one")
	}
}
