package main

import (
	"fmt"
	"io"
	"os"
	"sync"
	"time"
)

// progress prints a line for each piece of work: what it is, what came of it,
// how long it took. Work that takes a while is announced as well, so that
// nobody waits in front of a silent terminal.
type progress struct {
	out io.Writer
	mu  sync.Mutex
}

var console = &progress{out: os.Stdout}

// announceAfter is how long a piece of work may take without a word.
const announceAfter = 1500 * time.Millisecond

// step runs work and prints its line. The note that work gives, such as
// "up to date", stands in the line.
func (p *progress) step(name string, work func() (note string, err error)) error {
	start := time.Now()
	announce := time.AfterFunc(announceAfter, func() { p.printf("%-18s working ...\n", name) })
	note, err := work()
	announce.Stop()
	if err != nil {
		note = "failed"
	}
	p.printf("%-18s %s (%s)\n", name, note, seconds(time.Since(start)))
	return err
}

func (p *progress) printf(format string, args ...any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	fmt.Fprintf(p.out, format, args...)
}

func seconds(d time.Duration) string { return fmt.Sprintf("%.1f s", d.Seconds()) }

// size prints a count of bytes for people.
func size(n int) string {
	if n < 10_000 {
		return fmt.Sprintf("%d B", n)
	}
	return fmt.Sprintf("%d KB", (n+500)/1000)
}
