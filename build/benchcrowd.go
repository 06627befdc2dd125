package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// load is what came of a number of clients that ask one thing after another.
type load struct {
	latencies []float64 // ms, of each
	seconds   float64   // from the first question to the last answer
}

func (l load) perSecond() float64 { return float64(len(l.latencies)) / l.seconds }

// press lets each client ask again and again, until the time is over and what it
// asked last is answered. once gets a number that nobody else gets.
func press(ctx context.Context, clients int, during time.Duration, once func(ctx context.Context, client, n int) error) (load, error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	var (
		wg    sync.WaitGroup
		asked atomic.Int64
		taken = make([][]float64, clients)
		start = time.Now()
	)
	for client := range clients {
		wg.Go(func() {
			for time.Since(start) < during && ctx.Err() == nil {
				began := time.Now()
				if err := once(ctx, client, int(asked.Add(1))); err != nil {
					cancel(err)
					return
				}
				taken[client] = append(taken[client], milliseconds(time.Since(began)))
			}
		})
	}
	wg.Wait()
	l := load{seconds: time.Since(start).Seconds()}
	for _, t := range taken {
		l.latencies = append(l.latencies, t...)
	}
	return l, context.Cause(ctx)
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

// percentile is the smallest sample that so many in a hundred do not exceed. It
// sorts the samples.
func percentile(samples []float64, percent int) float64 {
	if len(samples) == 0 {
		return 0
	}
	slices.Sort(samples)
	at := (len(samples)*percent + 99) / 100
	return samples[max(at, 1)-1]
}

// resident is the memory of a process, in bytes. Only Linux tells.
func resident(pid int) (float64, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0, err
	}
	return residentIn(string(text))
}

func residentIn(status string) (float64, error) {
	for line := range strings.Lines(status) {
		if kilobytes, ok := strings.CutPrefix(line, "VmRSS:"); ok {
			n, err := strconv.ParseFloat(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(kilobytes), "kB")), 64)
			return n * 1024, err
		}
	}
	return 0, fmt.Errorf("the system does not tell the memory of a process: %.60q", status)
}

// busy is the time that a process has computed, in seconds; 0 where the system
// does not tell.
func busy(pid int) float64 {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	return busyIn(string(text))
}

func busyIn(stat string) float64 {
	const ticks = 100 // a second, in this file, on every machine
	// The name of the program is in parentheses, and may have anything in it.
	fields := strings.Fields(stat[strings.LastIndexByte(stat, ')')+1:])
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.ParseFloat(fields[11], 64)
	system, _ := strconv.ParseFloat(fields[12], 64)
	return (user + system) / ticks
}

// highest calls sample over and over while work is done, and gives the largest
// value.
func highest(every time.Duration, sample func() (float64, error), work func() error) (top float64, err error) {
	done := make(chan error, 1)
	go func() { done <- work() }()
	tick := time.NewTicker(every)
	defer tick.Stop()
	for {
		now, sampleErr := sample()
		top = max(top, now)
		select {
		case err := <-done:
			if err == nil {
				err = sampleErr
			}
			return top, err
		case <-tick.C:
		}
	}
}

// occurrences counts how often a text comes by, in pieces of any length.
type occurrences struct {
	of    string
	count int
	tail  string // of what came by, shorter than the text
}

func (o *occurrences) Write(p []byte) (int, error) {
	text := o.tail + string(p)
	o.count += strings.Count(text, o.of)
	o.tail = text[max(0, len(text)-len(o.of)+1):]
	return len(p), nil
}
