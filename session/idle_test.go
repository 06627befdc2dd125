package session

import (
	"math/rand/v2"
	"testing"
	"time"
)

func TestD_131_IdleSessionEnds(t *testing.T) {
	var causes []Cause
	table, clock := newTable(TableOptions{Ended: func(_ Info, why Cause, _ error) { causes = append(causes, why) }})
	id, h := begin(t, table, alice)
	if got := table.List()[0]; got.Status != Sleeping || !got.Deadline.Equal(start.Add(600*time.Second)) {
		t.Errorf("got %+v", got)
	}
	clock.Advance(600*time.Second - 1)
	wantClosed(t, h, 0)
	clock.Advance(1)
	wantClosed(t, h, 1)
	wantNoSession(t, table, id, alice)
	if len(causes) != 1 || causes[0] != CauseExpired {
		t.Errorf("causes %v", causes)
	}
	if clock.Timers() != 0 {
		t.Errorf("%d timers left of an empty table", clock.Timers())
	}
}

func TestD_131_LateAlarm(t *testing.T) {
	// The machine slept: the time is over, the timer has not run.
	table, clock := newTable(TableOptions{Max: new(1)})
	id, h := begin(t, table, alice)
	clock.Set(start.Add(DefaultIdle))
	wantNoSession(t, table, id, alice)
	wantClosed(t, h, 1)
	_, h = begin(t, table, alice)
	clock.Set(start.Add(2 * DefaultIdle))
	begin(t, table, bob) // its place is free
	wantClosed(t, h, 1)
}

func TestD_131_ManyDeadlines(t *testing.T) {
	table, clock := newTable(TableOptions{Max: new(-1), MaxPerClient: new(-1)})
	r := rand.New(rand.NewPCG(1, 2))
	const n = 500
	var ids [n]string
	var resources [n]*held
	var last [n]time.Time
	for i := range n {
		ids[i], resources[i] = begin(t, table, alice)
		last[i] = clock.Now()
		clock.Advance(time.Duration(r.Int64N(int64(2 * time.Second))))
	}
	for range 5000 {
		clock.Advance(time.Duration(r.Int64N(int64(400 * time.Millisecond))))
		i := r.IntN(n)
		lease, err := table.Use(t.Context(), ids[i], alice)
		if alive := clock.Now().Sub(last[i]) < DefaultIdle; alive != (err == nil) {
			t.Fatalf("session %d: %v since its last use, and got %v", i, clock.Now().Sub(last[i]), err)
		}
		if err == nil {
			lease.Release()
			last[i] = clock.Now()
		}
	}
	for i, h := range resources {
		alive := clock.Now().Sub(last[i]) < DefaultIdle
		if alive != (h.closed.Load() == 0) {
			t.Errorf("session %d: closed %d times", i, h.closed.Load())
		}
	}
	if clock.Timers() > 1 {
		t.Errorf("%d timers for one table", clock.Timers())
	}
	clock.Advance(DefaultIdle)
	for _, h := range resources {
		wantClosed(t, h, 1)
	}
}

func TestForeignUseDoesNotRenew(t *testing.T) {
	table, clock := newTable(TableOptions{})
	_, h := begin(t, table, alice)
	id, _ := begin(t, table, alice)
	clock.Advance(DefaultIdle - 1)
	table.Use(t.Context(), id, bob)
	clock.Advance(1)
	wantClosed(t, h, 1)
	if c := table.Counters(); c.Foreign != 1 || c.Unknown != 1 || c.Expired != 2 || c.Begins != 2 {
		t.Errorf("counters %+v", c)
	}
}
