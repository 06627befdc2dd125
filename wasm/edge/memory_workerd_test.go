//go:build workerd

package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// resident is the memory of the runtime, in bytes, once it has been cleared of
// what nothing refers to.
func (w *worker) resident(t *testing.T) int {
	t.Helper()
	w.ask(t, "Break", "memory")
	said, err := exec.Command("ps", "-o", "rss=", "-p", strconv.Itoa(w.process.Pid)).Output()
	if status, noProc := os.ReadFile(fmt.Sprintf("/proc/%d/status", w.process.Pid)); noProc == nil {
		_, rest, _ := bytes.Cut(status, []byte("VmRSS:"))
		said, _, _ = bytes.Cut(rest, []byte("kB"))
	} else if err != nil {
		t.Fatalf("neither /proc nor ps tells the memory of a process: %v, %v", noProc, err)
	}
	kB, err := strconv.Atoi(strings.TrimSpace(string(said)))
	if err != nil {
		t.Fatal(err)
	}
	return kB << 10
}

// level is the least that it comes down to.
func (w *worker) level(t *testing.T) int {
	t.Helper()
	least := w.resident(t)
	for same := 0; same < 5; same++ {
		time.Sleep(200 * time.Millisecond)
		if now := w.resident(t); now < least-1<<20 {
			least, same = now, 0
		}
	}
	return least
}

// comesDownTo waits until the runtime has no more memory than that.
func (w *worker) comesDownTo(t *testing.T, most, before int) {
	t.Helper()
	now := 0
	for end := time.Now().Add(time.Minute); ; time.Sleep(200 * time.Millisecond) {
		if now = w.resident(t); now <= most {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%d MB, %d before; %d are allowed for", now>>20, before>>20, most>>20)
		}
	}
	t.Logf("%d MB, %d before", now>>20, before>>20)
}

// Sessions that are over have given back their memory, however they ended. Each
// is a program of Go of 6 MB: were they left behind, it would be ten times what
// is allowed for here, and more than twice that if it were only those that ended
// in one of the four ways.
func TestEdge_MemoryComesBack(t *testing.T) {
	const sessions, more, slack = 20, 4, 48 << 20
	m, w := onMonitored(t, 3000, map[string]string{
		"DSMLKIT_SESSION_TTL": "3s", "DSMLKIT_SESSIONS_MAX": "-1", "DSMLKIT_SESSIONS_MAX_PER_CLIENT": "-1",
	})
	c := admin(t, w, "192.0.2.1")
	one := func(i int) {
		id := c.begin()
		// Where the machine is slow it may have run out by now, which is as good.
		if a := c.post(header("Session", id), rootSearch); a.status != 200 && !a.refused() {
			t.Errorf("%d %s", a.status, a.body)
		}
		switch i % 4 {
		case 0: // runs out
		case 1: // is left in the middle of an answer, and runs out
			if res, err := c.send(header("Session", id), allOfIt); err == nil {
				res.Body.Close()
			}
		case 2:
			c.post(header("Session", id), rootSearch, "Break", []string{"go", "object"}[i/4%2])
		case 3:
			c.post(header("EndSession", id), "")
		}
	}
	round := func() {
		var all sync.WaitGroup
		for i := range sessions {
			all.Go(func() { one(i) })
		}
		all.Wait()
		waitFor(t, "all connections closed", func() bool { return m.connections() == 0 })
	}
	for range 2 {
		round()
	}
	level := w.level(t)
	for range more {
		round()
	}
	w.comesDownTo(t, level+slack, level)
}
