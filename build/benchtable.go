package main

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strings"
)

// fastest stands for whichever parser of the run came out best.
const fastest = "fastest peer"

// limit is what the runtime needs for the same data as JSON. It is nobody to be
// faster than, but something to be near to.
const limit = "JSON.parse"

// target is what this project has set itself: to be so many times as good as
// another, or, without another, to stay within so much of the unit.
type target struct {
	figure, against string
	value           float64
}

var targets = []target{
	{"parse/2KB", "fast-xml-parser", 15},
	{"parse/2KB", "saxes", 4},
	{"parse/2KB", fastest, 2.5},
	{"parse/2KB", limit, 1.0 / 4},
	{"parse/2KB-chromium", "DOMParser", 15},
	{"parse/200KB", "fast-xml-parser", 25},
	{"parse/200KB", "saxes", 7},
	{"parse/200KB", fastest, 5},
	{"parse/200KB", limit, 1.0 / 2},
	{"parse/200KB-chromium", "DOMParser", 20},
	{"parse/5MB", "fast-xml-parser", 20},
	{"parse/5MB", "saxes", 6},
	{"parse/5MB", fastest, 4},
	{"parse/5MB", limit, 1.0 / 2},
	{"parse/5MB-chromium", "DOMParser", 20},
	{"parse/5MB-random-order", "fast-xml-parser", 15},
	{"parse/5MB-random-order", "saxes", 4},
	{"parse/5MB-random-order", fastest, 2.5},
	{"parse/5MB-random-order", limit, 1 / 2.5},
	{"parse/50MB", "fast-xml-parser", 15},
	{"parse/50MB", "saxes", 4},
	{"parse/50MB", fastest, 2.5},
	{"parse/50MB", limit, 1 / 2.5},
	{"stream/50MB", "saxes", 5},
	{"stream/50MB-memory", "", 40},
	{"stream/50MB-wasm", "", 8},
	{"stream/1GB", "saxes", 5},
	{"stream/1GB-memory", "", 40},
	{"stream/1GB-wasm", "", 8},
	{"size/wasm-gzip", "", 0.90},
	{"size/wasm-brotli", "", 0.68},
	{"native/scanner/200KB", "encoding/xml tokens", 10},
	{"native/scanner/5MB", "encoding/xml tokens", 10},
	// From 10 sessions to 100,000 a logarithm grows five times.
	{"sessions/table-use", fewSessions, 1.0 / 5},
	{"sessions/table-begin-end", fewSessions, 1.0 / 5},
	// What is lost with each of 80,000 would add up to more.
	{"leaks/parse-heap", "", 2},
	{"leaks/parse-wasm", "", 2},
	{"leaks/parse-rss", "", 20},
	{"leaks/session-heap", "", 2},
	{"leaks/session-wasm", "", 2},
	{"leaks/session-rss", "", 20},
	{"leaks/stream-heap", "", 2},
	{"leaks/stream-wasm", "", 2},
	{"leaks/stream-rss", "", 20},
	{"gateway/searches-1", directLDAP, 0.7},
	{"gateway/searches-16", directLDAP, 0.7},
	{"gateway/searches-128", directLDAP, 0.7},
	// Ten times the entries, and the memory of a heap that breathes.
	{"gateway/stream-memory", fewerEntries, 0.8},
	{"edge/session", stockWorker, 8},
	{"edge/session-in-memory", stockWorker, 8},
	{"edge/routing-p50", emptyWorker, 1 / 2.5},
}

// ratio says how many times as good ours is as theirs.
func (f figure) ratio(theirs float64) float64 {
	if f.lessIsBetter {
		return theirs / f.Ours
	}
	return f.Ours / theirs
}

// best is the peer that comes nearest to us, or is farthest ahead.
func (f figure) best() (name string, found bool) {
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(f.Against)), func(name string) bool { return name == limit })
	if len(names) == 0 {
		return "", false
	}
	return slices.MinFunc(names, func(a, b string) int { return cmp.Compare(f.ratio(f.Against[a]), f.ratio(f.Against[b])) }), true
}

// verdicts are the targets of the figure for one row: a peer, or "" for ours.
func (f figure) verdicts(row string) (texts []string) {
	best, _ := f.best()
	for _, t := range targets {
		if t.figure != f.ID {
			continue
		}
		switch {
		case row == "" && t.against == "":
			texts = append(texts, fmt.Sprintf("target %s at most: %s", amount(t.value), met(f.Ours <= t.value)))
		case row != "" && t.against == row:
			texts = append(texts, fmt.Sprintf("target %sx: %s", amount(t.value), met(f.ratio(f.Against[row]) >= t.value)))
		case row != "" && t.against == fastest && row == best && !f.partial:
			texts = append(texts, fmt.Sprintf("%s, target %sx: %s", fastest, amount(t.value), met(f.ratio(f.Against[row]) >= t.value)))
		}
	}
	return texts
}

func met(yes bool) string {
	if yes {
		return "met"
	}
	return "MISSED"
}

// table is the figure for people: ours, and the others in order of merit.
func (f figure) table() string {
	var b strings.Builder
	row := func(name, value, ratio string, verdicts []string) {
		if by, known := f.byProcessor[name]; known && ratio != "" {
			ratio += fmt.Sprintf(" %8s", "("+amount(by)+"x)")
		} else if f.byProcessor != nil {
			ratio += strings.Repeat(" ", 9)
		}
		line := fmt.Sprintf("  %-22s %10s %9s   %s", name, value, ratio, strings.Join(verdicts, "; "))
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	unit := f.Unit
	if f.lessIsBetter {
		unit += ", less is better"
	}
	fmt.Fprintf(&b, "%s  (%s)\n", f.ID, unit)
	row("dsmlkit", amount(f.Ours), "", f.verdicts(""))
	names := slices.SortedFunc(maps.Keys(f.Against), func(x, y string) int {
		return cmp.Or(cmp.Compare(f.ratio(f.Against[x]), f.ratio(f.Against[y])), cmp.Compare(x, y))
	})
	for _, name := range names {
		row(name, amount(f.Against[name]), amount(f.ratio(f.Against[name]))+"x", f.verdicts(name))
	}
	for _, note := range f.notes {
		fmt.Fprintf(&b, "  %s\n", note)
	}
	return b.String()
}

// amount writes a number with three digits that count.
func amount(n float64) string {
	switch size := math.Abs(n); {
	case math.IsInf(n, 0) || math.IsNaN(n):
		return "-"
	case size >= 100:
		return fmt.Sprintf("%.0f", n)
	case size >= 10:
		return fmt.Sprintf("%.1f", n)
	default:
		return fmt.Sprintf("%.2f", n)
	}
}
