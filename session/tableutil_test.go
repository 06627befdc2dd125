package session

import (
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
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

type repeating struct{}

func (repeating) Read(b []byte) (int, error) { clear(b); return len(b), nil }

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

func waitFor(t *testing.T, done func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if done() {
			return
		}
	}
	t.Fatal("it never came about")
}

// brief reports whether the long tests should be shorter: where it was asked
// for, and in JavaScript, where there is only one thread to run them on and
// nothing to find that they do not find elsewhere.
func brief() bool { return testing.Short() || runtime.GOOS == "js" }
