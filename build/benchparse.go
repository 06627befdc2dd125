package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// xmlParser is a way from the bytes of a document to plain objects. Its module in
// build/bench/peers sets it up so that what it gives is the same as of all others.
type xmlParser struct {
	name, module string
	node         bool // measured in Node
	browser      bool // measured in Chromium
}

// ours stands first: it is what the others are compared with.
var parsers = []xmlParser{
	{"dsmlkit", "dsmlkit", true, true},
	{limit, "json", true, true},
	{"htmlparser2", "htmlparser2", true, false},
	{"txml", "txml", true, false},
	{"saxen", "saxen", true, false},
	{"saxes", "saxes", true, false},
	{"libxml2-wasm", "libxml2-wasm", true, false},
	{"fast-xml-parser", "fast-xml-parser", true, true},
	{"@xmldom/xmldom", "xmldom", true, false},
	{"DOMParser", "domparser", false, true},
}

func peerNames() string {
	var names []string
	for _, p := range parsers[1:] {
		names = append(names, p.name)
	}
	return strings.Join(names, ", ")
}

// chosen are the parsers to be measured: ours always.
func (b *bench) chosen(where func(xmlParser) bool) (list []xmlParser) {
	for i, p := range parsers {
		if where(p) && (i == 0 || len(b.peers) == 0 || slices.Contains(b.peers, p.name)) {
			list = append(list, p)
		}
	}
	return list
}

// contest is one document and how it is measured.
type contest struct {
	id       string
	size     int // bytes, about
	shuffle  bool
	chromium bool
	rounds   int
	memory   bool // is looked at as well
	perCall  bool // calls a second are counted, of the smallest document
	vary     bool // no document begins as the one before: each has another requestID
}

var contests = []contest{
	{id: "parse/2KB", size: 2_000, rounds: 7},
	{id: "parse/2KB-other-requestID", size: 2_000, rounds: 7, vary: true},
	{id: "parse/200KB", size: 200_000, rounds: 7},
	{id: "parse/5MB", size: 5_000_000, rounds: 7},
	{id: "parse/5MB-random-order", size: 5_000_000, shuffle: true, rounds: 7},
	{id: "parse/50MB", size: 50_000_000, rounds: 5, memory: true},
	{id: "parse/2KB-chromium", size: 2_000, chromium: true, rounds: 5},
	{id: "parse/200KB-chromium", size: 200_000, chromium: true, rounds: 5},
	{id: "parse/5MB-chromium", size: 5_000_000, chromium: true, rounds: 5},
}

const (
	// warmUp is the same for all, and enough for all to have been compiled for
	// good: of WebAssembly, V8 does that function by function as calls add up,
	// and of JavaScript as well.
	warmUp = 2 * time.Second
	// sampleTime is how long a sample is: as many runs as it takes, at least one. A
	// process that has waited for its turn is slower at first.
	sampleTime = 500 * time.Millisecond
	// contestTime is what one parser may take of one contest before it gets no
	// further turn. The first run, which is a little slower, is a sample only
	// where it takes as long by itself.
	contestTime = 6 * time.Second
)

func (b *bench) parse(ctx context.Context) error {
	if err := b.need(ctx, chromium); err != nil {
		return err
	}
	browser, err := b.startBrowserSide(ctx)
	if err != nil {
		return err
	}
	defer browser.stop()
	for _, c := range contests {
		open := b.openInNode
		runsIn := func(p xmlParser) bool { return p.node }
		if c.chromium {
			open = browser.open
			runsIn = func(p xmlParser) bool { return p.browser }
		}
		err := console.step(c.id, func() (string, error) { return "measured", b.contest(ctx, c, b.chosen(runsIn), open) })
		if err != nil {
			return err
		}
	}
	return nil
}

// opener starts a worker for a parser and a document, which lies in files that
// are called data.xml and data.json.
type opener func(ctx context.Context, p xmlParser, data string) (*worker, error)

func (b *bench) openInNode(ctx context.Context, p xmlParser, data string) (*worker, error) {
	return b.startWorker(ctx, p.name, nil, "node.mjs", b.path("build/bench/peers/"+p.module+".mjs"), b.packageURL(), b.path(data))
}

func (b *bench) packageURL() string { return "file://" + b.path(b.packageFolder()+"/index.js") }

// contestant is a parser under measurement.
type contestant struct {
	xmlParser
	*worker
	vary      bool
	spent     time.Duration
	samples   []float64 // milliseconds a run
	processor []float64 // the same in processor time, of all threads
}

// contest measures parsers on one document, in turns.
func (b *bench) contest(ctx context.Context, c contest, list []xmlParser, open opener) error {
	d := generate(c.size, c.shuffle)
	if c.perCall {
		d = smallest()
	}
	data := b.scratch + "/" + strings.ReplaceAll(c.id, "/", "-")
	if err := errors.Join(writeFile(b.path(data+".xml"), d.xml), writeFile(b.path(data+".json"), d.json)); err != nil {
		return err
	}
	all := make([]*contestant, len(list))
	defer func() {
		for _, p := range all {
			if p != nil {
				p.stop()
			}
		}
	}()
	// Browsers take seconds to start; nothing is measured yet.
	errs := make([]error, len(list))
	var starting sync.WaitGroup
	for i, p := range list {
		starting.Go(func() {
			var w *worker
			if w, errs[i] = open(ctx, p, data); errs[i] == nil {
				all[i] = &contestant{xmlParser: p, worker: w}
			}
		})
	}
	starting.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	for _, p := range all {
		p.vary = c.vary
		if err := p.begin(c.id, d.digest); err != nil {
			return err
		}
	}
	for range c.rounds {
		for _, p := range all {
			if p.spent < contestTime {
				if err := p.sample(sampleTime); err != nil {
					return err
				}
			}
		}
	}
	f := figure{ID: c.id, Unit: "MB/s", Against: map[string]float64{}}
	if c.perCall {
		f.Unit = "calls/s"
	}
	for i, p := range all {
		ms := median(p.samples)
		speed := float64(len(d.xml)) / 1e3 / ms
		if c.perCall {
			speed = 1e3 / ms
		}
		if i == 0 {
			f.Ours = speed
		} else {
			f.Against[p.xmlParser.name] = speed
		}
	}
	f.byProcessor = byProcessor(all)
	f.notes = notes(all, c)
	f.partial = len(b.peers) > 0
	b.add(f)
	if c.memory {
		return b.memory(c, all)
	}
	return nil
}

// memory asks by how much each process has grown since it had the document in
// its hands.
func (b *bench) memory(c contest, all []*contestant) error {
	f := figure{ID: c.id + "-memory", Unit: "MB more than before the first run", Against: map[string]float64{}, lessIsBetter: true}
	for i, p := range all {
		var got struct{ Bytes float64 }
		if err := p.do(map[string]any{"do": "memory"}, &got); err != nil {
			return err
		}
		if i == 0 {
			f.Ours = got.Bytes / 1e6
		} else {
			f.Against[p.xmlParser.name] = got.Bytes / 1e6
		}
	}
	b.add(f)
	return nil
}

// begin looks at the result and warms up.
func (p *contestant) begin(id, digest string) error {
	ms, err := p.check("first", id, digest)
	if err != nil {
		return err
	}
	if p.spent = duration(ms); p.spent >= contestTime {
		p.samples = append(p.samples, ms)
		return nil
	}
	if err := p.sample(warmUp); err != nil {
		return err
	}
	p.samples, p.processor, p.spent = nil, nil, 0
	return nil
}

// check has the document parsed once and compares what comes of it with what
// the generator put in.
func (w *worker) check(task, id, digest string) (ms float64, err error) {
	var first struct {
		MS      float64
		Digest  string
		Entries int
	}
	if err := w.do(map[string]any{"do": task}, &first); err != nil {
		return 0, err
	}
	if first.Digest != digest {
		return 0, fmt.Errorf("%s does not make of %s what is in it: the digest of its %d entries is %s, not %s", w.name, id, first.Entries, first.Digest, digest)
	}
	return first.MS, nil
}

func (p *contestant) sample(atLeast time.Duration) error {
	var got struct {
		MS        float64
		Runs      int
		Processor *float64
	}
	if err := p.do(map[string]any{"do": "sample", "atLeast": atLeast.Milliseconds(), "vary": p.vary}, &got); err != nil {
		return err
	}
	p.samples = append(p.samples, got.MS)
	if got.Processor != nil {
		p.processor = append(p.processor, *got.Processor)
	}
	p.spent += duration(got.MS * float64(got.Runs))
	return nil
}

func duration(ms float64) time.Duration { return time.Duration(ms * float64(time.Millisecond)) }

// byProcessor is how many times as good as each other one ours is when processor
// time counts instead of time: on a machine that is busy with something else,
// that is nearer to the truth. It is of all threads of a process, so that a
// collector which works beside the parser counts in full. Nil where it is not
// known.
func byProcessor(all []*contestant) map[string]float64 {
	if all[0].processor == nil {
		return nil
	}
	ratios := map[string]float64{}
	for _, p := range all[1:] {
		if p.processor != nil {
			ratios[p.xmlParser.name] = median(p.processor) / median(all[0].processor)
		}
	}
	return ratios
}

// notes say what a reader of the figures has to know.
func notes(all []*contestant, c contest) (texts []string) {
	var fewer []string
	for _, p := range all {
		if n := len(p.samples); n < c.rounds {
			fewer = append(fewer, fmt.Sprintf("%s %d", p.xmlParser.name, n))
		}
	}
	if fewer != nil {
		texts = append(texts, fmt.Sprintf("samples instead of %d: %s", c.rounds, strings.Join(fewer, ", ")))
	}
	return texts
}
