package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"time"
)

// group is a set of figures that are measured together.
type group struct {
	name    string
	summary string
	run     func(b *bench, ctx context.Context) error
}

var groups = []group{
	{"parse", "bytes to plain objects in Node and Chromium, against other parsers", (*bench).parse},
	{"stream", "a response of 50 MB (and with --long 1 GB) in chunks of 64 KB, and the memory it takes", (*bench).stream},
	{"size", "what applications download and install", (*bench).size},
	{"load", "from nothing to ready, in Node and Chromium", (*bench).load},
	{"native", "the Go packages, against encoding/xml", (*bench).native},
	{"calls", "the smallest calls from JavaScript, in calls per second", (*bench).calls},
	{"sessions", "sessions of the server and of the package, few and many", (*bench).sessions},
	{"leaks", "memory over 100,000 parses, sessions and streams in one process", (*bench).leaks},
	{"gateway", "searches of an LDAP server through the gateway, against go-ldap at the same server", (*bench).gateway},
	{"edge", "requests in sessions of a Worker, against a Go program for each request and an empty Worker", (*bench).edge},
}

// bench is one run of the command.
type bench struct {
	tree
	scratch string // a folder of this run alone, relative to the checkout
	long    bool
	peers   []string // only these, unless empty
	figures []figure
}

// figure is one measured quantity of this project and the same of others.
type figure struct {
	ID      string             `json:"id"`
	Unit    string             `json:"unit"`
	Ours    float64            `json:"ours"`
	Against map[string]float64 `json:"against"`

	lessIsBetter bool
	partial      bool               // some peers were left out
	byProcessor  map[string]float64 // ratios in processor time, where it was measured
	notes        []string
}

func runBench(ctx context.Context, args []string) error {
	var about strings.Builder
	about.WriteString("Measures speed, memory and size of what was built, beside what others offer for the\nsame, and prints a table. It never fails because something is slow; it does fail when\ntwo parsers do not make the same of a document. Names of groups limit it to these:\n\n")
	for _, g := range groups {
		fmt.Fprintf(&about, "  %-10s %s\n", g.name, g.summary)
	}
	about.WriteString("\nFigures are medians of runs in turns; parsers run 2 s before, to be compiled. Ratios in\nbrackets are those of processor time. Machines differ and drift: read the ratios.")
	o := newOptions("bench", about.String())
	file := o.String("json", "", "also write the figures to `FILE`")
	long := o.Bool("long", false, "stream 1 GB as well")
	var peers list
	o.Var(&peers, "against", "measure only against this `peer` (repeatable)")
	words, err := o.readWords(args)
	if err != nil {
		return err
	}
	for _, word := range words {
		if !slices.ContainsFunc(groups, func(g group) bool { return g.name == word }) {
			return &usageError{fmt.Sprintf("bench: there is no group %q; there are %s", word, groupNames())}
		}
	}
	for _, name := range peers {
		if !slices.ContainsFunc(parsers, func(p xmlParser) bool { return p.name == name }) {
			return &usageError{fmt.Sprintf("bench: there is no peer %q; there are %s", name, peerNames())}
		}
	}
	t, err := findTree()
	if err != nil {
		return err
	}
	// The table is for standard output, how far it has come is not.
	stdout := console
	console = &progress{out: os.Stderr}
	defer func() { console = stdout }()
	b := &bench{tree: t, scratch: fmt.Sprintf(".build/bench-%d", os.Getpid()), long: *long, peers: peers}
	defer os.RemoveAll(b.path(b.scratch))
	if err := b.setUpBench(ctx); err != nil {
		return err
	}
	fmt.Printf("%s/%s, %d CPUs, %s, Node %s\n", runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), runtime.Version(), b.nodeVersion(ctx))
	for _, g := range groups {
		if len(words) > 0 && !slices.Contains(words, g.name) {
			continue
		}
		start := time.Now()
		if err := g.run(b, ctx); err != nil {
			return fmt.Errorf("bench %s: %w", g.name, err)
		}
		console.printf("%-18s done (%s)\n", g.name, seconds(time.Since(start)))
	}
	if *file == "" {
		return nil
	}
	text, err := report(b.figures)
	if err != nil {
		return err
	}
	path, err := filepath.Abs(*file)
	if err != nil {
		return err
	}
	return writeFile(path, text)
}

// report is what --json writes.
func report(figures []figure) ([]byte, error) {
	text, err := json.MarshalIndent(map[string]any{"figures": figures}, "", "  ")
	return append(text, '\n'), err
}

// add keeps a figure and prints its part of the table.
func (b *bench) add(f figure) {
	if f.Against == nil {
		f.Against = map[string]float64{}
	}
	b.figures = append(b.figures, f)
	fmt.Printf("\n%s", f.table())
}

// readWords reads options and the words between them.
func (o *options) readWords(args []string) (words []string, err error) {
	for {
		if o.Parse(args) != nil {
			return nil, o.read(args)
		}
		if args = o.Args(); len(args) == 0 {
			return words, nil
		}
		words, args = append(words, args[0]), args[1:]
	}
}

func groupNames() string {
	var names []string
	for _, g := range groups {
		names = append(names, g.name)
	}
	return strings.Join(names, ", ")
}

// packageFolder holds the npm package as the bench uses it: a copy, so that
// whoever builds during a long run does not change what is measured.
func (b *bench) packageFolder() string { return b.scratch + "/dsmlkit" }

func (b *bench) setUpBench(ctx context.Context) error {
	unlock, err := b.lock()
	if err != nil {
		return err
	}
	defer unlock()
	golang, err := b.goTool(ctx)
	if err != nil {
		return err
	}
	if err := console.step("npm packages", func() (string, error) { return b.installPackages(ctx) }); err != nil {
		return err
	}
	if err := console.step("toolkit (wasm)", func() (string, error) { return b.buildWasm(ctx, golang) }); err != nil {
		return err
	}
	if err := b.distNPM(ctx); err != nil {
		return err
	}
	return os.CopyFS(b.path(b.packageFolder()), os.DirFS(b.path("dist/npm")))
}

func (b *bench) nodeVersion(ctx context.Context) string {
	version, err := b.node(ctx)
	if err != nil {
		return "(" + err.Error() + ")"
	}
	return strings.TrimPrefix(version, "v")
}
