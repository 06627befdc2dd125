package session

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"
)

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
