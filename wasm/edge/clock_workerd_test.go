//go:build workerd

package main

import (
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"
)

// sleep is the machine asleep: nothing runs, and time passes.
func (w *worker) sleep(t *testing.T, d time.Duration) {
	t.Helper()
	for _, what := range []syscall.Signal{syscall.SIGSTOP, syscall.SIGCONT} {
		if err := w.process.Signal(what); err != nil {
			t.Fatal(err)
		}
		if what == syscall.SIGSTOP {
			time.Sleep(d)
		}
	}
}

// setClock sets the clock of the machine wrong.
func (w *worker) setClock(t *testing.T, wrong time.Duration) {
	t.Helper()
	w.ask(t, "Clock", strconv.FormatInt(wrong.Milliseconds(), 10))
}

// mustGoOn fails unless the session answers, and as itself.
func (c client) mustGoOn(id, when string) {
	c.t.Helper()
	if a := c.post(header("Session", id), rootSearch); a.status != 200 || a.id != id || strings.Count(a.body, "<searchResultEntry") != 1 {
		c.t.Fatalf("%s: %d %s", when, a.status, a.body)
	}
}

// mustBeOver fails unless the session is told to be over, with its connection
// and its place, which is the only one.
func (c client) mustBeOver(id string, m *monitored) {
	c.t.Helper()
	for range 2 {
		if a := c.post(header("Session", id), rootSearch); !a.refused() {
			c.t.Fatalf("a session that is over: %d %s", a.status, a.body)
		}
	}
	waitFor(c.t, "its connection closed", func() bool { return m.connections() == 0 })
	waitFor(c.t, "room for another", func() bool { return c.post(header("BeginSession", ""), "").status == 200 })
}

func TestEdge_D_131_MachineThatSlept(t *testing.T) {
	const idle = 2 * time.Second
	m, w := onMonitored(t, 0, map[string]string{"DSMLKIT_SESSION_TTL": idle.String(), "DSMLKIT_SESSIONS_MAX_PER_CLIENT": "1"})
	c := admin(t, w, "192.0.2.1")
	id := c.begin()
	w.sleep(t, idle+time.Second)
	c.mustBeOver(id, m)
}

// A sleep that is shorter than the idle time takes nothing from a session.
func TestEdge_MachineThatNapped(t *testing.T) {
	_, w := onLDAP(t, nil)
	c := admin(t, w, "192.0.2.1")
	id := c.begin()
	w.sleep(t, 2*time.Second)
	c.mustGoOn(id, "after the nap")
}

func TestEdge_D_131_ClockSetForward(t *testing.T) {
	m, w := onMonitored(t, 0, map[string]string{"DSMLKIT_SESSIONS_MAX_PER_CLIENT": "1", "DSMLKIT_ADMIN_TOKEN": "let-me"})
	c := admin(t, w, "192.0.2.1")
	id := c.begin()
	// Less than the idle time, but more than the coordinator waits for a session
	// to be heard of: it goes on, and counts.
	w.setClock(t, 5*time.Minute)
	view(t, w, "let-me") // the coordinator gives up what it has not heard of
	c.mustGoOn(id, "five minutes later")
	waitFor(t, "the session to be seen again", func() bool { return len(view(t, w, "let-me")) == 1 })
	if a := c.post(header("BeginSession", ""), ""); !a.refused() {
		t.Fatalf("a second session of one client: %d %s", a.status, a.body)
	}
	w.setClock(t, time.Hour)
	c.mustBeOver(id, m)
}

func TestEdge_ClockSetBack(t *testing.T) {
	_, w := onLDAP(t, map[string]string{"DSMLKIT_SESSIONS_MAX_PER_CLIENT": "1", "DSMLKIT_ADMIN_TOKEN": "let-me"})
	c := admin(t, w, "192.0.2.1")
	id := c.begin()
	w.setClock(t, -time.Hour)
	c.mustGoOn(id, "an hour earlier")
	// A place that nobody speaks for any more is not held for the hour.
	view(t, w, "let-me") // the coordinator notices
	if a := c.post(header("Session", id), rootSearch, "Break", "object"); a.status != 503 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	w.setClock(t, -time.Hour+3*time.Minute)
	c.begin()
}

// No session outlives its idle time because the clock goes back.
func TestEdge_D_131_ClockSetBackMakesNoSessionImmortal(t *testing.T) {
	m, w := onMonitored(t, 0, map[string]string{"DSMLKIT_SESSION_TTL": "2s", "DSMLKIT_SESSIONS_MAX_PER_CLIENT": "1"})
	c := admin(t, w, "192.0.2.1")
	id := c.begin()
	w.setClock(t, -time.Hour)
	waitFor(t, "the session to run out", func() bool { return m.connections() == 0 })
	c.mustBeOver(id, m)
}
