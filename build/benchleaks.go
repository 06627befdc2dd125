package main

import (
	"context"
	"fmt"
	"strings"
)

const (
	leakTimes  = 100_000
	leakSteps  = 10
	leakSettle = 2 // steps until caches and heaps have found their size
)

// leaks does one thing over and over in one process, and looks whether memory
// grows.
func (b *bench) leaks(ctx context.Context) error {
	for _, work := range []struct{ name, unit string }{
		{"parse", "documents parsed"},
		{"session", "sessions begun, used and ended"},
		{"stream", "streams left before their end"},
	} {
		err := console.step("leaks/"+work.name, func() (string, error) { return "measured", b.leak(ctx, work.name, work.unit) })
		if err != nil {
			return err
		}
	}
	return nil
}

// footprint is what a process holds after a collection, in bytes.
type footprint struct{ RSS, Heap, Wasm float64 }

func (b *bench) leak(ctx context.Context, name, unit string) error {
	w, err := b.startSessions(ctx)
	if err != nil {
		return err
	}
	defer w.stop()
	var steps []footprint
	for range leakSteps {
		var got footprint
		err := w.do(map[string]any{"do": "repeat", "work": name, "times": leakTimes / leakSteps}, &got)
		if err != nil {
			return err
		}
		steps = append(steps, got)
	}
	grown := func(id string, of func(footprint) float64) {
		var course []string
		for _, s := range steps {
			course = append(course, amount(of(s)/1e6))
		}
		b.add(figure{
			ID: id, Unit: fmt.Sprintf("MB more after %d %s than after %d", leakTimes, unit, leakTimes*leakSettle/leakSteps),
			Ours:         (of(steps[leakSteps-1]) - of(steps[leakSettle-1])) / 1e6,
			lessIsBetter: true,
			notes:        []string{"MB over time: " + strings.Join(course, " ")},
		})
	}
	grown("leaks/"+name+"-rss", func(f footprint) float64 { return f.RSS })
	grown("leaks/"+name+"-heap", func(f footprint) float64 { return f.Heap })
	grown("leaks/"+name+"-wasm", func(f footprint) float64 { return f.Wasm })
	return nil
}
