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

func TestIdleHeap(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 4))
	var h idleHeap
	var in []*entry
	for range 20000 {
		if len(in) == 0 || r.IntN(200) > len(in) {
			e := &entry{slot: -1, due: start.Add(time.Duration(r.IntN(1000)))}
			h.push(e)
			in = append(in, e)
		} else {
			i := r.IntN(len(in))
			h.remove(in[i])
			if in[i].slot != -1 {
				t.Fatal("a place is left")
			}
			in[i] = in[len(in)-1]
			in = in[:len(in)-1]
		}
		if len(h) != len(in) {
			t.Fatalf("%d entries, want %d", len(h), len(in))
		}
		for i, e := range h {
			if e.slot != i || i > 0 && e.due.Before(h[(i-1)/2].due) {
				t.Fatalf("entry %d of %d is out of order", i, len(h))
			}
		}
	}
}

// countingClock counts the calls that it is asked for.
type countingClock struct {
	*ManualClock
	asked int
}

func (c *countingClock) AfterFunc(d time.Duration, f func()) Timer {
	c.asked++
	return c.ManualClock.AfterFunc(d, f)
}

func TestAlarmIsNotSetForEveryRequest(t *testing.T) {
	clock := &countingClock{ManualClock: NewManualClock(start)}
	table := NewTable(TableOptions{Clock: clock, Rand: source()})
	id, h := begin(t, table, alice)
	for range 1000 {
		clock.Advance(time.Second)
		use(t, table, id, alice).Release()
	}
	if clock.asked > 4 { // one at first, and one more each idle time
		t.Errorf("%d alarms in 1000 seconds", clock.asked)
	}
	clock.Advance(DefaultIdle)
	wantClosed(t, h, 1)
}
