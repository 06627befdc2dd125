package session

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

var start = time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)

// held is a resource that counts how often it was closed.
type held struct{ closed atomic.Int32 }

func (h *held) Close() error {
	h.closed.Add(1)
	return nil
}

func (h *held) open(context.Context) (io.Closer, error) { return h, nil }

// source is a deterministic source of ids; a Table reads it under its lock.
func source() io.Reader { return rand.NewChaCha8([32]byte{1}) }

func newTable(o TableOptions) (*Table, *ManualClock) {
	clock := NewManualClock(start)
	o.Clock = clock
	if o.Rand == nil && o.NewID == nil {
		o.Rand = source()
	}
	return NewTable(o), clock
}

var (
	alice = Peer{Address: "192.0.2.1", Identity: "alice"}
	bob   = Peer{Address: "192.0.2.2", Identity: "bob"}
)

func begin(t *testing.T, table *Table, p Peer) (string, *held) {
	t.Helper()
	h := new(held)
	lease, err := table.Begin(t.Context(), p, h.open)
	if err != nil {
		t.Fatalf("begin: %v", err)
	}
	lease.Release()
	return lease.ID(), h
}

func use(t *testing.T, table *Table, id string, p Peer) *Lease {
	t.Helper()
	lease, err := table.Use(t.Context(), id, p)
	if err != nil {
		t.Fatalf("use: %v", err)
	}
	return lease
}

func wantNoSession(t *testing.T, table *Table, id string, p Peer) {
	t.Helper()
	for _, step := range []func(context.Context, string, Peer) (*Lease, error){table.Use, table.End} {
		if lease, err := step(t.Context(), id, p); lease != nil || !errors.Is(err, ErrNoSession) {
			t.Errorf("got %v, %v, want ErrNoSession", lease, err)
		}
	}
}

func wantClosed(t *testing.T, h *held, times int32) {
	t.Helper()
	if n := h.closed.Load(); n != times {
		t.Errorf("resource closed %d times, want %d", n, times)
	}
}

func TestD_123_BeginMakesAnIDNotInUse(t *testing.T) {
	zeros := strings.NewReader(strings.Repeat("\x00", 3*idBytes) + strings.Repeat("\x01", idBytes))
	table, _ := newTable(TableOptions{Rand: zeros})
	first, _ := begin(t, table, alice)
	second, _ := begin(t, table, alice) // reads two ids that are taken
	if first != strings.Repeat("00", idBytes) || second != strings.Repeat("01", idBytes) {
		t.Errorf("ids %q and %q", first, second)
	}
}

func TestD_123_NoRandomnessNoSession(t *testing.T) {
	for name, r := range map[string]io.Reader{
		"source at its end":      strings.NewReader("short"),
		"source repeats itself":  repeating{},
		"repeating after a good": repeating{},
	} {
		t.Run("D-123 "+name, func(t *testing.T) {
			table, _ := newTable(TableOptions{Rand: r})
			if _, ok := r.(repeating); ok {
				begin(t, table, alice)
			}
			before := table.Len()
			h := new(held)
			lease, err := table.Begin(t.Context(), alice, h.open)
			if lease != nil || !errors.Is(err, ErrNoID) {
				t.Fatalf("got %v, %v", lease, err)
			}
			wantClosed(t, h, 1)
			if table.Len() != before {
				t.Errorf("place not given back")
			}
		})
	}
}

type repeating struct{}

func (repeating) Read(b []byte) (int, error) { clear(b); return len(b), nil }

func TestD_142_IDsAreLongAndDiffer(t *testing.T) {
	table, _ := newTable(TableOptions{Max: new(-1), MaxPerClient: new(-1)})
	seen := make(map[string]bool)
	for range 1000 {
		id, _ := begin(t, table, alice)
		if len(id) != 32 || strings.Trim(id, hexDigits) != "" {
			t.Fatalf("id %q", id)
		}
		if seen[id] {
			t.Fatalf("id %q twice", id)
		}
		seen[id] = true
	}
	for _, i := range table.List() {
		if len(i.ID) >= 32 || !strings.HasSuffix(i.ID, "...") {
			t.Fatalf("List shows id %q", i.ID)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a table without a source of ids came to be")
		}
	}()
	NewTable(TableOptions{})
}

func TestD_124_BatchOfBeginRunsInTheSession(t *testing.T) {
	table, clock := newTable(TableOptions{})
	h := new(held)
	lease, err := table.Begin(t.Context(), alice, h.open)
	if err != nil {
		t.Fatal(err)
	}
	if lease.Resource() != io.Closer(h) {
		t.Error("another resource")
	}
	if got := table.List()[0]; got.Status != Running || got.Requests != 1 || !got.Began.Equal(start) {
		t.Errorf("got %+v", got)
	}
	clock.Advance(time.Hour) // S-35: a batch does not run the session out
	lease.Release()
	lease.Release()
	use(t, table, lease.ID(), alice).Release()
	wantClosed(t, h, 0)
}

func TestD_125_UseRunsInTheSameSessionAndResetsTheTimer(t *testing.T) {
	table, clock := newTable(TableOptions{})
	id, h := begin(t, table, alice)
	for range 10 { // S-37
		clock.Advance(DefaultIdle - time.Nanosecond)
		lease := use(t, table, id, alice)
		if lease.ID() != id || lease.Resource() != io.Closer(h) || lease.Last() {
			t.Fatal("another session")
		}
		clock.Advance(DefaultIdle) // running: does not count (S-33)
		lease.Release()
	}
	wantClosed(t, h, 0)
	clock.Advance(DefaultIdle)
	wantClosed(t, h, 1)
}

func TestD_126_EndRunsItsBatchThenEnds(t *testing.T) {
	table, _ := newTable(TableOptions{})
	id, h := begin(t, table, alice)
	lease, err := table.End(t.Context(), id, alice)
	if err != nil {
		t.Fatal(err)
	}
	if lease.ID() != id || !lease.Last() {
		t.Error("not the last lease of the session")
	}
	wantClosed(t, h, 0)
	if got := table.List()[0].Status; got != Dormant {
		t.Errorf("status %v while the last batch runs", got)
	}
	wantNoSession(t, table, id, alice) // S-55
	lease.Release()
	wantClosed(t, h, 1)
	lease.Release()
	wantClosed(t, h, 1)
	if table.Len() != 0 {
		t.Error("session left in the table")
	}
}

func TestD_127_UnknownOrEndedSession(t *testing.T) {
	table, clock := newTable(TableOptions{})
	id, _ := begin(t, table, alice)
	for _, odd := range []string{"", id[1:], id + "0", strings.ToUpper(id), "\x00", "é", strings.Repeat("a", 1<<20)} {
		if odd != id {
			wantNoSession(t, table, odd, alice)
		}
	}
	lease, _ := table.End(t.Context(), id, alice)
	lease.Release()
	wantNoSession(t, table, id, alice)
	id, _ = begin(t, table, alice)
	clock.Advance(DefaultIdle)
	wantNoSession(t, table, id, alice)
}

func TestD_128_TotalLimit(t *testing.T) {
	table, clock := newTable(TableOptions{MaxPerClient: new(-1)})
	for range DefaultMax {
		begin(t, table, alice)
	}
	wantRefused(t, table, bob, ErrTotalLimit)
	clock.Advance(DefaultIdle)
	begin(t, table, bob)
}

func TestD_129_LimitPerAddress(t *testing.T) {
	table, _ := newTable(TableOptions{})
	var id string
	for range DefaultMaxPerClient {
		id, _ = begin(t, table, alice)
	}
	wantRefused(t, table, alice, ErrClientLimit)
	wantRefused(t, table, Peer{Address: alice.Address, Identity: "somebody else"}, ErrClientLimit)
	begin(t, table, bob)
	lease, _ := table.End(t.Context(), id, alice)
	wantRefused(t, table, alice, ErrClientLimit) // its last batch still runs
	lease.Release()
	begin(t, table, alice)
}

func TestD_130_LimitOfZeroRefusesAll(t *testing.T) {
	table, _ := newTable(TableOptions{Max: new(0)})
	wantRefused(t, table, alice, ErrTotalLimit)
	table, _ = newTable(TableOptions{MaxPerClient: new(0)})
	wantRefused(t, table, alice, ErrClientLimit)
}

func wantRefused(t *testing.T, table *Table, p Peer, want error) {
	t.Helper()
	h := new(held)
	opened := false
	lease, err := table.Begin(t.Context(), p, func(ctx context.Context) (io.Closer, error) {
		opened = true
		return h.open(ctx)
	})
	if lease != nil || !errors.Is(err, want) {
		t.Errorf("got %v, %v, want %v", lease, err, want)
	}
	if opened {
		t.Error("a resource was opened for a session that was refused")
	}
}

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

func TestD_132_D_133_OwnerChecks(t *testing.T) {
	moved := Peer{Address: "192.0.2.99", Identity: "alice"}
	renamed := Peer{Address: "192.0.2.1", Identity: "mallory"}
	for _, c := range []struct {
		name                            string
		skipAddress, skipIdentity       bool
		movedRefused, renamedRefused    bool
		neitherMatchesRefused, ownWorks bool
	}{
		{"D-132 D-133 both checked", false, false, true, true, true, true},
		{"D-132 address not checked", true, false, false, true, true, true},
		{"D-133 identity not checked", false, true, true, false, true, true},
		{"nothing checked", true, true, false, false, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, clock := newTable(TableOptions{SkipAddressMatch: c.skipAddress, SkipIdentityMatch: c.skipIdentity})
			id, h := begin(t, table, alice)
			for p, refused := range map[Peer]bool{moved: c.movedRefused, renamed: c.renamedRefused, bob: c.neitherMatchesRefused, alice: false} {
				lease, err := table.Use(t.Context(), id, p)
				if refused {
					if !errors.Is(err, ErrForeign) || !errors.Is(err, ErrNoSession) || err.Error() != ErrNoSession.Error() {
						t.Errorf("%v: got %v", p, err)
					}
					if _, err := table.End(t.Context(), id, p); !errors.Is(err, ErrForeign) {
						t.Errorf("%v: end got %v", p, err)
					}
					continue
				}
				if err != nil {
					t.Errorf("%v: got %v", p, err)
					continue
				}
				lease.Release()
			}
			// S-48, S-58: nothing of this touches the session, not even its timer.
			clock.Advance(DefaultIdle - 1)
			table.Use(t.Context(), id, Peer{})
			wantClosed(t, h, 0)
		})
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

func TestRequestsOfASessionRunInOrderOfArrival(t *testing.T) {
	table, _ := newTable(TableOptions{})
	id, _ := begin(t, table, alice)
	first := use(t, table, id, alice)
	var mu sync.Mutex
	var order []int
	var wg sync.WaitGroup
	for i := range 20 {
		wg.Go(func() {
			lease, err := table.Use(t.Context(), id, alice)
			if err != nil {
				t.Error(err)
				return
			}
			mu.Lock()
			order = append(order, i)
			mu.Unlock()
			lease.Release()
		})
		waitFor(t, func() bool { return table.List()[0].Waiting == i+1 })
	}
	first.Release()
	wg.Wait()
	for i, n := range order {
		if i != n {
			t.Fatalf("order %v", order)
		}
	}
}

// waitFor waits for what another goroutine is about to do.
func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for range 5000 {
		if done() {
			return
		}
		time.Sleep(time.Millisecond)
	}
	t.Fatal("it never came about")
}

func TestWaitEndsWithItsContext(t *testing.T) {
	table, _ := newTable(TableOptions{})
	id, h := begin(t, table, alice)
	first := use(t, table, id, alice)
	ctx, cancel := context.WithCancel(t.Context())
	got := make(chan error)
	for _, step := range []func(context.Context, string, Peer) (*Lease, error){table.Use, table.End} {
		go func() {
			_, err := step(ctx, id, alice)
			got <- err
		}()
	}
	waitFor(t, func() bool { l := table.List()[0]; return l.Waiting == 2 || l.Waiting == 1 && l.Status == Dormant })
	cancel()
	var ended bool
	for range 2 {
		err := <-got
		ended = ended || errors.Is(err, ErrNoSession) // came behind the end
		if !errors.Is(err, context.Canceled) && !errors.Is(err, ErrNoSession) {
			t.Errorf("got %v", err)
		}
	}
	wantNoSession(t, table, id, alice) // the end was seen
	wantClosed(t, h, 0)
	first.Release()
	wantClosed(t, h, 1)
}

func TestS_56_EndWaitsForWhatCameBefore(t *testing.T) {
	table, _ := newTable(TableOptions{})
	id, h := begin(t, table, alice)
	running := use(t, table, id, alice)
	before := make(chan *Lease)
	go func() { before <- use(t, table, id, alice) }()
	waitFor(t, func() bool { return table.List()[0].Waiting == 1 })
	end := make(chan *Lease)
	go func() {
		lease, err := table.End(t.Context(), id, alice)
		if err != nil {
			t.Error(err)
		}
		end <- lease
	}()
	waitFor(t, func() bool { return table.List()[0].Waiting == 2 })
	wantNoSession(t, table, id, alice)
	running.Release()
	queued := <-before
	select {
	case <-end:
		t.Fatal("the end overtook a request")
	case <-time.After(10 * time.Millisecond):
	}
	queued.Release()
	last := <-end
	wantClosed(t, h, 0)
	last.Release()
	wantClosed(t, h, 1)
}

func TestS_56_OverlappingBatchesFinish(t *testing.T) {
	table, _ := newTable(TableOptions{Overlap: true})
	id, h := begin(t, table, alice)
	one, two := use(t, table, id, alice), use(t, table, id, alice)
	end, err := table.End(t.Context(), id, alice)
	if err != nil {
		t.Fatal(err)
	}
	wantNoSession(t, table, id, alice)
	end.Release() // the asker need not be the last
	one.Release()
	wantClosed(t, h, 0)
	two.Release()
	wantClosed(t, h, 1)
}

func TestBusySession(t *testing.T) {
	table, _ := newTable(TableOptions{MaxWaiting: 1})
	id, _ := begin(t, table, alice)
	lease := use(t, table, id, alice)
	done := make(chan struct{})
	go func() {
		defer close(done)
		use(t, table, id, alice).Release()
	}()
	waitFor(t, func() bool { return table.List()[0].Waiting == 1 })
	for _, step := range []func(context.Context, string, Peer) (*Lease, error){table.Use, table.End} {
		if _, err := step(t.Context(), id, alice); !errors.Is(err, ErrBusy) {
			t.Errorf("got %v", err)
		}
	}
	lease.Release()
	<-done
	use(t, table, id, alice).Release() // a refused end ends nothing
}

func TestD_143_LostResourceEndsTheSession(t *testing.T) {
	var causes []Cause
	table, _ := newTable(TableOptions{Ended: func(_ Info, why Cause, _ error) { causes = append(causes, why) }})
	id, h := begin(t, table, alice)
	lease := use(t, table, id, alice)
	waiting := make(chan error)
	go func() {
		_, err := table.Use(t.Context(), id, alice)
		waiting <- err
	}()
	waitFor(t, func() bool { return table.List()[0].Waiting == 1 })
	lease.Lost()
	if err := <-waiting; !errors.Is(err, ErrNoSession) {
		t.Errorf("waiting request got %v", err)
	}
	wantNoSession(t, table, id, alice)
	wantClosed(t, h, 0)
	lease.Release()
	wantClosed(t, h, 1)
	lease.Lost()
	if len(causes) != 1 || causes[0] != CauseLost || table.Counters().Lost != 1 {
		t.Errorf("causes %v, counters %+v", causes, table.Counters())
	}
}

func TestServerGivesASessionUp(t *testing.T) {
	table, _ := newTable(TableOptions{})
	h := new(held)
	lease, _ := table.Begin(t.Context(), alice, h.open)
	lease.End() // its answer could not be sent
	lease.Release()
	wantClosed(t, h, 1)
	lease.End()
	if table.Len() != 0 {
		t.Error("session left")
	}
}

func TestFailedOpenLeavesNothing(t *testing.T) {
	table, clock := newTable(TableOptions{Max: new(1)})
	broken := errors.New("no connection")
	lease, err := table.Begin(t.Context(), alice, func(context.Context) (io.Closer, error) { return nil, broken })
	if lease != nil || !errors.Is(err, broken) {
		t.Errorf("got %v, %v", lease, err)
	}
	func() {
		defer func() { _ = recover() }()
		table.Begin(t.Context(), alice, func(context.Context) (io.Closer, error) { panic("open") })
	}()
	if table.Len() != 0 || clock.Timers() != 0 {
		t.Errorf("%d places taken, %d timers", table.Len(), clock.Timers())
	}
	begin(t, table, alice)
}

func TestS_62_EndAllEndsEverySession(t *testing.T) {
	var causes []Cause
	table, _ := newTable(TableOptions{Ended: func(_ Info, why Cause, _ error) { causes = append(causes, why) }})
	other, _ := newTable(TableOptions{})
	idle, idleHeld := begin(t, table, alice)
	busy, busyHeld := begin(t, table, alice)
	_, otherHeld := begin(t, other, alice)
	lease := use(t, table, busy, alice)
	waiting := make(chan error)
	go func() {
		_, err := table.End(t.Context(), busy, alice)
		waiting <- err
	}()
	waitFor(t, func() bool { return table.List()[1].Waiting == 1 })
	opening := new(held)
	_, err := table.Begin(t.Context(), bob, func(ctx context.Context) (io.Closer, error) {
		table.EndAll()
		return opening.open(ctx)
	})
	if !errors.Is(err, ErrClosed) {
		t.Errorf("a begin from before got %v", err)
	}
	wantClosed(t, opening, 1)
	if err := <-waiting; !errors.Is(err, ErrNoSession) {
		t.Errorf("waiting request got %v", err)
	}
	wantClosed(t, idleHeld, 1)
	wantNoSession(t, table, idle, alice)
	wantClosed(t, busyHeld, 0)
	wantNoSession(t, table, busy, alice)
	lease.Release()
	wantClosed(t, busyHeld, 1)
	begin(t, table, alice)
	wantClosed(t, otherHeld, 0) // S-63
	if len(causes) != 2 || causes[0] != CauseCleared {
		t.Errorf("causes %v", causes)
	}
}

func TestCloseRefusesLaterBegins(t *testing.T) {
	table, clock := newTable(TableOptions{})
	_, h := begin(t, table, alice)
	table.Close()
	table.Close()
	wantClosed(t, h, 1)
	wantRefused(t, table, alice, ErrClosed)
	if clock.Timers() != 0 {
		t.Errorf("%d timers left", clock.Timers())
	}
}
