package session

import (
	"context"
	"errors"
	"io"
	"testing"
)

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

type panicking struct{ held }

func (p *panicking) Close() error {
	p.held.Close()
	panic("closing failed badly")
}

// TestD_143_OnePanicKeepsNoOtherOpen: a resource whose Close panics costs no
// other session its own.
func TestD_143_OnePanicKeepsNoOtherOpen(t *testing.T) {
	table, _ := newTable(TableOptions{})
	resources := make([]panicking, 4)
	for i := range resources {
		lease, err := table.Begin(t.Context(), alice, func(context.Context) (io.Closer, error) { return &resources[i], nil })
		if err != nil {
			t.Fatal(err)
		}
		lease.Release()
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("the panic was swallowed")
			}
		}()
		table.Close()
	}()
	for i := range resources {
		wantClosed(t, &resources[i].held, 1)
	}
	if table.Len() != 0 {
		t.Errorf("%d sessions left", table.Len())
	}
}
