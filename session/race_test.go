package session

import (
	"context"
	"crypto/rand"
	"errors"
	"io"
	mrand "math/rand/v2"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// guarded is a resource that knows who is at work with it.
type guarded struct {
	in, closed atomic.Int32
	misuse     atomic.Pointer[string]
	shared     bool
}

func (g *guarded) complain(s string) { g.misuse.CompareAndSwap(nil, &s) }

func (g *guarded) Close() error {
	if g.closed.Add(1) > 1 {
		g.complain("closed twice")
	}
	if g.in.Load() != 0 {
		g.complain("closed while a batch ran")
	}
	return nil
}

func (g *guarded) batch(work func()) {
	if n := g.in.Add(1); n > 1 && !g.shared {
		g.complain("two batches at once")
	}
	if g.closed.Load() != 0 {
		g.complain("used after it was closed")
	}
	work()
	g.in.Add(-1)
}

// TestConcurrentUse has 64 goroutines do everything at once to 1,000 sessions.
func TestConcurrentUse(t *testing.T) {
	for _, c := range []struct {
		name    string
		overlap bool
		real    bool
	}{
		{"in turn, fake clock", false, false},
		{"overlapping, fake clock", true, false},
		{"in turn, real clock", false, true},
		{"overlapping, real clock", true, true},
	} {
		t.Run(c.name, func(t *testing.T) { concurrently(t, c.overlap, c.real) })
	}
}

func concurrently(t *testing.T, overlap, realClock bool) {
	const (
		goroutines = 64
		sessions   = 1000
		idle       = 20 * time.Millisecond
	)
	steps := 700
	if brief() {
		steps = 100
	}
	before := runtime.NumGoroutine()
	clock := NewManualClock(start)
	o := TableOptions{Clock: clock, Rand: rand.Reader, Idle: idle, Max: new(sessions), MaxPerClient: new(-1), Overlap: overlap}
	if realClock {
		o.Clock = SystemClock{}
	}
	var ended atomic.Int64
	o.Ended = func(Info, Cause, error) { ended.Add(1) }
	table := NewTable(o)

	var all sync.Map // of *guarded
	var begun atomic.Int64
	var ids [sessions]atomic.Pointer[string]
	unknown := "0123456789abcdef0123456789abcdef"
	for i := range ids {
		ids[i].Store(&unknown)
	}
	begin := func(r *mrand.Rand, p Peer) {
		g := &guarded{shared: overlap}
		lease, err := table.Begin(context.Background(), p, func(context.Context) (io.Closer, error) {
			if r.IntN(20) == 0 {
				return nil, io.ErrUnexpectedEOF
			}
			return g, nil
		})
		switch {
		case err == nil:
			all.Store(g, nil)
			begun.Add(1)
			id := lease.ID()
			ids[r.IntN(sessions)].Store(&id)
			g.batch(func() {})
			lease.Release()
		case errors.Is(err, ErrClosed):
			if g.closed.Load() != 1 {
				t.Error("a resource made in vain was not closed")
			}
		case !errors.Is(err, ErrTotalLimit) && !errors.Is(err, io.ErrUnexpectedEOF):
			t.Errorf("begin: %v", err)
		}
	}
	peers := [...]Peer{alice, bob, {"192.0.2.3", "carol"}}

	// All of them at once to begin with: each lease is held until the last place is taken.
	var full, wg sync.WaitGroup
	full.Add(sessions)
	looked := make(chan struct{})
	for n := range goroutines {
		wg.Go(func() {
			var leases []*Lease
			for i := n; i < sessions; i += goroutines {
				g := &guarded{shared: overlap}
				lease, err := table.Begin(context.Background(), peers[i%len(peers)], func(context.Context) (io.Closer, error) { return g, nil })
				full.Done()
				if err != nil {
					t.Errorf("begin %d: %v", i, err)
					continue
				}
				all.Store(g, nil)
				begun.Add(1)
				id := lease.ID()
				ids[i].Store(&id)
				leases = append(leases, lease)
			}
			full.Wait()
			if n == 0 {
				wantRefused(t, table, alice, ErrTotalLimit)
				close(looked)
			}
			<-looked
			for _, lease := range leases {
				lease.Release()
			}
		})
	}
	wg.Wait()

	for n := range goroutines {
		wg.Go(func() {
			r := mrand.New(mrand.NewPCG(7, uint64(n)))
			for range steps {
				p := peers[r.IntN(len(peers))]
				id := *ids[r.IntN(sessions)].Load()
				ctx, cancel := context.Background(), func() {}
				if r.IntN(4) == 0 {
					ctx, cancel = context.WithTimeout(ctx, time.Duration(r.IntN(200))*time.Microsecond)
				}
				step := table.Use
				switch r.IntN(12) {
				case 0, 1, 2:
					begin(r, p)
				case 3:
					step = table.End
				case 4:
					table.List()
					table.Counters()
					clock.Advance(idle / 20)
				case 5:
					if r.IntN(200) == 0 {
						table.EndAll()
					}
				}
				lease, err := step(ctx, id, p)
				switch {
				case err == nil:
					lease.Resource().(*guarded).batch(func() {
						if r.IntN(3) == 0 {
							runtime.Gosched()
						}
					})
					if r.IntN(10) == 0 {
						lease.Lost()
					}
					lease.Release()
				case !errors.Is(err, ErrNoSession) && !errors.Is(err, ErrBusy) && !errors.Is(err, ctx.Err()):
					t.Errorf("use: %v", err)
				}
				cancel()
			}
		})
	}
	wg.Wait()
	table.Close()

	count := int64(0)
	all.Range(func(key, _ any) bool {
		count++
		g := key.(*guarded)
		if m := g.misuse.Load(); m != nil {
			t.Error(*m)
		}
		if n := g.closed.Load(); n != 1 {
			t.Errorf("a resource was closed %d times", n)
		}
		return count < 100000
	})
	if begun.Load() < sessions+goroutines || count != begun.Load() || ended.Load() != count {
		t.Errorf("%d sessions begun, %d resources, %d ended", begun.Load(), count, ended.Load())
	}
	if table.Len() != 0 || len(table.clients) != 0 || len(table.sleeping) != 0 || table.alarm != nil {
		t.Errorf("left in the table: %d sessions, %d clients, %d sleepers, alarm %v", table.Len(), len(table.clients), len(table.sleeping), table.alarm)
	}
	waitFor(t, func() bool { return runtime.NumGoroutine() <= before })
}

// TestCancelledAsItIsLetIn has a request's context end at the very moment that
// its turn comes: whichever wins, nobody may keep the session for ever.
func TestCancelledAsItIsLetIn(t *testing.T) {
	table, _ := newTable(TableOptions{})
	id, _ := begin(t, table, alice)
	for range 500 {
		first := use(t, table, id, alice)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan struct{})
		go func() {
			defer close(done)
			if lease, err := table.Use(ctx, id, alice); err == nil {
				lease.Release()
			}
		}()
		for table.List()[0].Waiting == 0 {
			runtime.Gosched()
		}
		go cancel()
		first.Release()
		<-done
		cancel()
	}
	use(t, table, id, alice).Release()
}

func BenchmarkUse(b *testing.B) {
	for _, n := range []int{10, 1000, 100000} {
		b.Run(strconv.Itoa(n)+" sessions", func(b *testing.B) {
			table := NewTable(TableOptions{Rand: rand.Reader, Max: new(-1), MaxPerClient: new(-1)})
			defer table.Close()
			ids := make([]string, n)
			for i := range ids {
				lease, err := table.Begin(b.Context(), alice, nil)
				if err != nil {
					b.Fatal(err)
				}
				ids[i] = lease.ID()
				lease.Release()
			}
			r := mrand.New(mrand.NewPCG(1, 1))
			b.ReportAllocs()
			for b.Loop() {
				lease, err := table.Use(b.Context(), ids[r.IntN(n)], alice)
				if err != nil {
					b.Fatal(err)
				}
				lease.Release()
			}
		})
	}
}

func BenchmarkBeginAndEnd(b *testing.B) {
	for _, n := range []int{10, 100000} {
		b.Run(strconv.Itoa(n)+" sessions", func(b *testing.B) {
			table := NewTable(TableOptions{Rand: rand.Reader, Max: new(-1), MaxPerClient: new(-1)})
			defer table.Close()
			for range n {
				lease, err := table.Begin(b.Context(), alice, nil)
				if err != nil {
					b.Fatal(err)
				}
				lease.Release()
			}
			b.ReportAllocs()
			for b.Loop() {
				lease, err := table.Begin(b.Context(), bob, nil)
				if err != nil {
					b.Fatal(err)
				}
				lease.Release()
				if lease, err = table.End(b.Context(), lease.ID(), bob); err != nil {
					b.Fatal(err)
				}
				lease.Release()
			}
		})
	}
}
