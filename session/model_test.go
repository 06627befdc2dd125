package session

import (
	"context"
	"errors"
	"flag"
	"io"
	"slices"
	"strconv"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// histories runs a property with so many random histories, fewer under -short.
func histories(t *testing.T, n int, property func(*rapid.T)) {
	t.Helper()
	flag.Set("rapid.nofailfile", "true") // the seed is enough to run it again
	checks := flag.Lookup("rapid.checks")
	before := checks.Value.String()
	if before == checks.DefValue { // somebody who names a number gets that
		if brief() {
			n /= 20
		}
		checks.Value.Set(strconv.Itoa(n))
		defer checks.Value.Set(before)
	}
	rapid.Check(t, func(t *rapid.T) { rapid.SyncTest(t, property) })
}

// TestModel compares a Table with a model of it that is as plain as can be: a
// list of sessions, each with a list of who is in it and who waits. Every
// history runs in a bubble, which fails when a goroutine is left over.
func TestModel(t *testing.T) {
	for name, overlap := range map[string]bool{"DSML: in turn": false, "SQL: overlapping": true} {
		t.Run(name, func(t *testing.T) {
			histories(t, 10000, func(t *rapid.T) {
				m := newModel(t, overlap)
				t.Repeat(map[string]func(*rapid.T){
					"":          m.check,
					"begin":     m.begin,
					"use":       func(t *rapid.T) { m.join(t, false) },
					"use more":  func(t *rapid.T) { m.join(t, false) },
					"end":       func(t *rapid.T) { m.join(t, true) },
					"release":   m.release,
					"release 2": m.release,
					"give up":   m.giveUp,
					"cancel":    m.cancel,
					"time":      m.time,
					"set clock": m.setClock,
					"end all":   m.endAll,
					"restart":   m.restart,
				})
				m.finish(t)
			})
		})
	}
}

const (
	modelIdle      = 10 * time.Second
	modelMax       = 4
	modelPerClient = 2
	modelWaiting   = 2
)

type modelSession struct {
	id       string
	owner    Peer
	timeout  time.Duration
	resource *held
	in       int
	queue    []*modelWaiter
	dormant  bool
	gone     bool
	deadline time.Time
}

type modelWaiter struct {
	s      *modelSession
	last   bool
	cancel context.CancelFunc
	got    chan joined
	want   func(joined) bool // nil while it waits
}

type joined struct {
	lease *Lease
	err   error
}

type modelLease struct {
	*Lease
	s *modelSession
}

type model struct {
	table    *Table
	clock    *ManualClock
	overlap  bool
	random   io.Reader
	sessions []*modelSession // gone ones too
	leases   []modelLease
	waiters  []*modelWaiter
}

// Two share an address, two an identity.
var modelPeers = []Peer{{"192.0.2.1", "alice"}, {"192.0.2.1", "bob"}, {"192.0.2.2", "alice"}, {"192.0.2.3", ""}}

func newModel(t *rapid.T, overlap bool) *model {
	m := &model{overlap: overlap, clock: NewManualClock(start), random: source()}
	m.start()
	return m
}

// start is the start of a server.
func (m *model) start() {
	m.table = NewTable(TableOptions{
		Clock: m.clock, Rand: m.random, Idle: modelIdle, Max: new(modelMax), MaxPerClient: new(modelPerClient),
		Overlap: m.overlap, MaxWaiting: modelWaiting,
	})
}

func (m *model) held(address string) (all, one int) {
	for _, s := range m.sessions {
		if !s.gone {
			all++
			if s.owner.Address == address {
				one++
			}
		}
	}
	return all, one
}

// expire is what every begin, use and end does first, and the alarm.
func (m *model) expire() {
	for _, s := range m.sessions {
		if !s.gone && !s.dormant && s.in == 0 && !s.deadline.After(m.clock.Now()) {
			s.dormant, s.gone = true, true
		}
	}
}

func (m *model) settle(s *modelSession) {
	for s.in == 0 && len(s.queue) > 0 {
		w := s.queue[0]
		s.queue = s.queue[1:]
		s.in++
		w.want = func(j joined) bool { return j.err == nil && j.lease.ID() == s.id && j.lease.Last() == w.last }
	}
	switch {
	case s.in > 0:
	case s.dormant:
		s.gone = true
	default:
		s.deadline = m.clock.Now().Add(s.timeout)
	}
}

func (m *model) dismiss(s *modelSession) {
	for _, w := range s.queue {
		w.want = func(j joined) bool { return errors.Is(j.err, ErrNoSession) }
	}
	s.queue = nil
}

func (m *model) begin(t *rapid.T) {
	m.expire()
	p := rapid.SampledFrom(modelPeers).Draw(t, "peer")
	asked := time.Duration(rapid.IntRange(0, 15).Draw(t, "timeout")) * time.Second
	fails := rapid.IntRange(0, 9).Draw(t, "fails") == 0
	s := &modelSession{owner: p, timeout: modelIdle, resource: new(held), in: 1}
	if asked > 0 && asked < modelIdle {
		s.timeout = asked
	}
	broken := errors.New("broken")
	var want error
	switch all, one := m.held(p.Address); {
	case all >= modelMax:
		want = ErrTotalLimit
	case one >= modelPerClient:
		want = ErrClientLimit
	case fails:
		want = broken
	}
	lease, err := m.table.BeginWith(t.Context(), Opening{Peer: p, Timeout: asked}, func(ctx context.Context) (io.Closer, error) {
		if fails {
			return nil, broken
		}
		return s.resource.open(ctx)
	})
	if !errors.Is(err, want) {
		t.Fatalf("begin of %v: %v, want %v", p, err, want)
	}
	if err == nil {
		s.id = lease.ID()
		m.sessions = append(m.sessions, s)
		m.leases = append(m.leases, modelLease{lease, s})
	}
}

func (m *model) join(t *rapid.T, last bool) {
	if len(m.sessions) == 0 {
		t.Skip("no session yet")
	}
	m.expire()
	s := rapid.SampledFrom(m.sessions).Draw(t, "session")
	p := s.owner
	if rapid.IntRange(0, 3).Draw(t, "foreign") == 0 {
		p = rapid.SampledFrom(modelPeers).Draw(t, "peer")
	}
	ctx, cancel := context.WithCancel(context.Background())
	w := &modelWaiter{s: s, last: last, cancel: cancel, got: make(chan joined, 1)}
	switch {
	case s.dormant || p != s.owner:
		w.want = func(j joined) bool {
			return errors.Is(j.err, ErrNoSession) && errors.Is(j.err, ErrForeign) == !s.dormant
		}
	case s.in > 0 && !m.overlap && len(s.queue) == modelWaiting:
		w.want = func(j joined) bool { return errors.Is(j.err, ErrBusy) }
	default:
		s.dormant = s.dormant || last
		if m.overlap {
			s.in++
			w.want = func(j joined) bool { return j.err == nil && j.lease.ID() == s.id && j.lease.Last() == last }
		} else {
			s.queue = append(s.queue, w)
			m.settle(s)
		}
	}
	m.waiters = append(m.waiters, w)
	step := m.table.Use
	if last {
		step = m.table.End
	}
	go func() {
		lease, err := step(ctx, s.id, p)
		w.got <- joined{lease, err}
	}()
}

func (m *model) release(t *rapid.T) {
	if len(m.leases) == 0 {
		t.Skip("no lease")
	}
	i := rapid.IntRange(0, len(m.leases)-1).Draw(t, "lease")
	l := m.leases[i]
	m.leases = slices.Delete(m.leases, i, i+1)
	l.Release()
	l.Release() // does nothing
	l.s.in--
	m.settle(l.s)
}

// giveUp is the loss of a resource, or the server's own end of a session.
func (m *model) giveUp(t *rapid.T) {
	if len(m.leases) == 0 {
		t.Skip("no lease")
	}
	l := rapid.SampledFrom(m.leases).Draw(t, "lease")
	if rapid.Bool().Draw(t, "lost") {
		l.Lost()
	} else {
		l.End()
	}
	l.s.dormant = true
	m.dismiss(l.s)
}

func (m *model) cancel(t *rapid.T) {
	if len(m.waiters) == 0 {
		t.Skip("nobody waits")
	}
	w := rapid.SampledFrom(m.waiters).Draw(t, "waiter")
	w.cancel()
	w.want = func(j joined) bool { return errors.Is(j.err, context.Canceled) }
	w.s.queue = slices.DeleteFunc(w.s.queue, func(v *modelWaiter) bool { return v == w })
	m.settle(w.s)
}

func (m *model) time(t *rapid.T) {
	m.clock.Advance(time.Duration(rapid.IntRange(1, 12).Draw(t, "seconds")) * time.Second)
	m.expire()
}

// setClock is a clock that was set, or a machine that slept: no alarm rings in
// between.
func (m *model) setClock(t *rapid.T) {
	m.clock.Set(m.clock.Now().Add(time.Duration(rapid.IntRange(-12, 12).Draw(t, "seconds")) * time.Second))
	if rapid.Bool().Draw(t, "alarms") {
		m.clock.Advance(0)
		m.expire()
	}
}

func (m *model) endAll(t *rapid.T) {
	if rapid.IntRange(0, 4).Draw(t, "really") > 0 {
		t.Skip("not now")
	}
	m.table.EndAll()
	m.clear()
}

func (m *model) clear() {
	for _, s := range m.sessions {
		if !s.gone {
			s.dormant = true
			m.dismiss(s)
			m.settle(s)
		}
	}
}

// restart is a server that goes down in good order and comes up again, with
// nothing of what it had (S-61).
func (m *model) restart(t *rapid.T) {
	if rapid.IntRange(0, 4).Draw(t, "really") > 0 {
		t.Skip("not now")
	}
	m.table.Close()
	m.clear()
	if _, err := m.table.Begin(t.Context(), modelPeers[0], nil); !errors.Is(err, ErrClosed) {
		t.Fatalf("begin at a closed table: %v", err)
	}
	for _, l := range m.leases {
		l.Release()
		l.s.in--
		m.settle(l.s)
	}
	m.leases = nil
	if m.table.Len() != 0 {
		t.Fatalf("%d sessions left by a server that went down", m.table.Len())
	}
	m.start()
}
