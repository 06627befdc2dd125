package session

import (
	"context"
	"errors"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/xml/soap"
)

func TestMillionBegins(t *testing.T) {
	n := 1000000
	if brief() {
		n /= 20
	}
	table, clock := newTable(TableOptions{})
	var before, after runtime.MemStats
	for i := range 5 * DefaultMax { // fill it
		if lease, err := table.Begin(t.Context(), Peer{Address: strconv.Itoa(i)}, nil); err == nil {
			lease.Release()
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&before)
	for i := range n {
		_, err := table.Begin(t.Context(), Peer{Address: strconv.Itoa(i), Identity: "mallory"}, nil)
		if !errors.Is(err, ErrTotalLimit) {
			t.Fatalf("D-128: begin %d got %v", i, err)
		}
	}
	clock.Advance(DefaultIdle)
	for i := range n / 10 { // and as many that come and go, from everywhere
		p := Peer{Address: strconv.Itoa(i)}
		lease, err := table.Begin(t.Context(), p, nil)
		if err != nil {
			t.Fatal(err)
		}
		lease.Release()
		if lease, err = table.End(t.Context(), lease.ID(), p); err != nil {
			t.Fatal(err)
		}
		lease.Release()
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 1<<20 {
		t.Errorf("memory has grown by %d bytes", grown)
	}
	if table.Len() != 0 || len(table.clients) != 0 || clock.Timers() != 0 {
		t.Errorf("%d sessions, %d clients, %d timers left", table.Len(), len(table.clients), clock.Timers())
	}
}

func TestS_46_AnotherEndpointsID(t *testing.T) {
	one, _ := newTable(TableOptions{})
	other, _ := newTable(TableOptions{NewID: func() (string, error) { return "f00df00df00df00d", nil }})
	id, h := begin(t, one, alice)
	wantNoSession(t, other, id, alice)
	wantClosed(t, h, 0)
	use(t, one, id, alice).Release() // S-48
}

func TestReplayedEnds(t *testing.T) {
	table, _ := newTable(TableOptions{})
	id, h := begin(t, table, alice)
	lease, err := table.End(t.Context(), id, alice)
	if err != nil {
		t.Fatal(err)
	}
	lease.Release()
	for range 1000 {
		if _, err := table.End(t.Context(), id, alice); !errors.Is(err, ErrNoSession) {
			t.Fatalf("got %v", err)
		}
	}
	wantClosed(t, h, 1)
	if c := table.Counters(); c.Ends != 1001 || c.Unknown != 1000 { // S-64
		t.Errorf("counters %+v", c)
	}
}

// TestS_47_ForeignAndUnknownLookAlike compares what a stranger gets to see, and
// how long it takes.
func TestS_47_ForeignAndUnknownLookAlike(t *testing.T) {
	table, _ := newTable(TableOptions{Max: new(-1), MaxPerClient: new(-1)})
	var foreign string
	for range 1000 {
		foreign, _ = begin(t, table, alice)
	}
	unknown := strings.Repeat("0", len(foreign))
	for _, step := range []func(context.Context, string, Peer) (*Lease, error){table.Use, table.End} {
		_, one := step(t.Context(), foreign, bob)
		_, other := step(t.Context(), unknown, bob)
		if one.Error() != other.Error() {
			t.Errorf("%q and %q", one, other)
		}
		a, b := DSMLFault(one, soap.V11), DSMLFault(other, soap.V11)
		if a.CodeText != b.CodeText || a.Reason != b.Reason || a.DetailText() != b.DetailText() {
			t.Errorf("%+v and %+v", a, b)
		}
		c, terminateC := SQLFault(one, 0, "")
		d, terminateD := SQLFault(other, 0, "")
		if c.Reason != d.Reason || terminateC != terminateD {
			t.Errorf("%+v and %+v", c, d)
		}
	}
	// The least of many measurements is what the work itself takes. On a busy
	// machine more of them are needed, and what really differs differs for ever.
	took := func(id string) time.Duration {
		begun := time.Now()
		for range 2000 {
			table.Use(context.Background(), id, bob)
		}
		return time.Since(begun)
	}
	const long = time.Duration(1<<63 - 1)
	a, b := long, long
	alike := false
	for range 100 {
		for range 50 {
			a, b = min(a, took(foreign)), min(b, took(unknown))
		}
		if ratio := float64(a) / float64(b); ratio > 0.5 && ratio < 2 {
			alike = true
			break
		}
	}
	if !alike {
		t.Errorf("2000 foreign ids took %v, 2000 unknown ones %v", a, b)
	}
}

// TestClockIsSetAtTheTable: a clock that jumps neither ends a session early nor
// lets one be used whose time is over by then, though no alarm has rung.
func TestClockIsSetAtTheTable(t *testing.T) {
	table, clock := newTable(TableOptions{})
	id, h := begin(t, table, alice)
	clock.Set(start.Add(-24 * time.Hour))
	use(t, table, id, alice).Release() // idle time counts anew from here
	clock.Advance(DefaultIdle - 1)
	use(t, table, id, alice).Release()
	clock.Set(start.Add(24 * time.Hour))
	wantNoSession(t, table, id, alice)
	wantClosed(t, h, 1)
	if table.Len() != 0 || clock.Timers() != 0 {
		t.Errorf("%d sessions, %d timers left", table.Len(), clock.Timers())
	}
	id, h = begin(t, table, alice)
	clock.Set(clock.Now().Add(-time.Hour))
	clock.Advance(time.Hour + DefaultIdle) // as long as it lies there, and the jump
	wantNoSession(t, table, id, alice)
	wantClosed(t, h, 1)
}
