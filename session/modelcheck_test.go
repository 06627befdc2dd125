package session

import (
	"slices"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"
)

// check compares everything that can be seen.
func (m *model) check(t *rapid.T) {
	synctest.Wait()
	for _, w := range m.waiters {
		select {
		case j := <-w.got:
			if w.want == nil || !w.want(j) {
				t.Fatalf("session %s: a request got %v", short(w.s.id), j.err)
			}
			w.cancel()
			if j.err == nil {
				m.leases = append(m.leases, modelLease{j.lease, w.s})
			}
			w.want, w.got = nil, nil
		default:
			if w.want != nil {
				t.Fatalf("session %s: a request waits that should not", short(w.s.id))
			}
		}
	}
	m.waiters = slices.DeleteFunc(m.waiters, func(w *modelWaiter) bool { return w.got == nil })

	list := m.table.List()
	n := 0
	for _, s := range m.sessions {
		closed := int32(0)
		if s.gone {
			closed = 1
		}
		if got := s.resource.closed.Load(); got != closed {
			t.Fatalf("resource closed %d times, want %d", got, closed)
		}
		if s.gone {
			continue
		}
		if n >= len(list) {
			t.Fatalf("%d sessions listed, want more", len(list))
		}
		i := list[n]
		n++
		want := Sleeping
		switch {
		case s.dormant:
			want = Dormant
		case s.in > 0:
			want = Running
		}
		if i.Status != want || i.Waiting != len(s.queue) || i.Peer != s.owner || i.Timeout != s.timeout || i.ID != short(s.id) {
			t.Fatalf("listed as %+v, want %v with %d waiting, %+v", i, want, len(s.queue), s)
		}
		deadline := time.Time{}
		if want == Sleeping {
			deadline = s.deadline
		}
		if !i.Deadline.Equal(deadline) {
			t.Fatalf("deadline %v, want %v", i.Deadline, deadline)
		}
	}
	if n != len(list) || n != m.table.Len() {
		t.Fatalf("%d sessions listed, %d counted, want %d", len(list), m.table.Len(), n)
	}
	if timers := m.clock.Timers(); timers > 1 || timers > n {
		t.Fatalf("%d timers for %d sessions", timers, n)
	}
}

// finish lets everything go; the bubble then finds goroutines that are left.
func (m *model) finish(t *rapid.T) {
	m.table.Close()
	for _, l := range m.leases {
		l.Release()
	}
	for _, s := range m.sessions {
		wantOnce(t, s.resource)
	}
	if m.table.Len() != 0 || m.clock.Timers() != 0 {
		t.Fatalf("%d sessions, %d timers left", m.table.Len(), m.clock.Timers())
	}
}

func wantOnce(t *rapid.T, h *held) {
	if n := h.closed.Load(); n != 1 {
		t.Fatalf("resource closed %d times in the end", n)
	}
}
