package main

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestBench_UnknownGroup(t *testing.T) {
	err := run(t.Context(), []string{"bench", "parse", "speed"})
	var usage *usageError
	if !errors.As(err, &usage) {
		t.Fatalf("an unknown group: %v, want a usage error", err)
	}
	for _, g := range groups {
		if !strings.Contains(err.Error(), g.name) {
			t.Errorf("%q does not name the group %s", err, g.name)
		}
	}
	err = run(t.Context(), []string{"bench", "--against", "nobody"})
	if !errors.As(err, &usage) || !strings.Contains(err.Error(), "saxes") {
		t.Errorf("an unknown peer: %v, want a usage error with the list of peers", err)
	}
}

func TestBench_OptionsBetweenWords(t *testing.T) {
	o := newOptions("bench", "")
	file := o.String("json", "", "")
	words, err := o.readWords([]string{"parse", "--json", "x.json", "size"})
	if err != nil || strings.Join(words, " ") != "parse size" || *file != "x.json" {
		t.Errorf("words %q, --json %q, %v", words, *file, err)
	}
}

func TestGenerate_Deterministic(t *testing.T) {
	first, second := generate(200_000, false), generate(200_000, false)
	if !bytes.Equal(first.xml, second.xml) || !bytes.Equal(first.json, second.json) || first.digest != second.digest {
		t.Error("two documents of the same size differ")
	}
	if n := len(first.xml); n < 190_000 || n > 210_000 {
		t.Errorf("%d bytes, want about 200,000", n)
	}
	if shuffled := generate(200_000, true); shuffled.digest == first.digest {
		t.Error("random order changes nothing")
	}
}

// What is measured must be what the documents of directories are like: a second
// reader, which the bench does not use for its digest, looks at it.
func TestGenerate_Content(t *testing.T) {
	d := generate(200_000, false)
	var found struct {
		Entries []struct {
			DN    string `xml:"dn,attr"`
			Attrs []struct {
				Values []struct {
					Type string `xml:"http://www.w3.org/2001/XMLSchema-instance type,attr"`
					Text string `xml:",chardata"`
				} `xml:"value"`
			} `xml:"attr"`
		} `xml:"searchResponse>searchResultEntry"`
	}
	if err := xml.Unmarshal(d.xml, &found); err != nil {
		t.Fatal(err)
	}
	var list []json.RawMessage
	if err := json.Unmarshal(d.json, &list); err != nil {
		t.Fatal(err)
	}
	if len(found.Entries) != d.entries || len(list) != d.entries {
		t.Errorf("%d entries in XML, %d in JSON, want %d", len(found.Entries), len(list), d.entries)
	}
	attrs, binary, wide := 0, 0, 0
	for _, e := range found.Entries {
		attrs += len(e.Attrs)
		for _, a := range e.Attrs {
			for _, v := range a.Values {
				if v.Type == "xsd:base64Binary" {
					binary++
				}
				if strings.ContainsFunc(v.Text, func(r rune) bool { return r > 0x7f }) {
					wide++
				}
			}
		}
	}
	if mean := float64(attrs) / float64(d.entries); mean < 9 || mean > 12 {
		t.Errorf("%.1f attributes an entry, want about ten", mean)
	}
	if binary == 0 || wide == 0 || bytes.Count(d.xml, []byte("&")) < d.entries/2 {
		t.Errorf("%d values in base64, %d not ASCII, %d references: want some of each", binary, wide, bytes.Count(d.xml, []byte("&")))
	}
}

func TestReport_Shape(t *testing.T) {
	text, err := report([]figure{
		{ID: "parse/2KB", Unit: "MB/s", Ours: 120.5, Against: map[string]float64{"saxes": 22}, notes: []string{"for people"}},
		{ID: "size/gzip", Unit: "MB", Ours: 0.8, Against: map[string]float64{}, lessIsBetter: true},
	})
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	if err := json.Compact(&got, text); err != nil {
		t.Fatal(err)
	}
	const want = `{"figures":[{"id":"parse/2KB","unit":"MB/s","ours":120.5,"against":{"saxes":22}},{"id":"size/gzip","unit":"MB","ours":0.8,"against":{}}]}`
	if got.String() != want {
		t.Errorf("%s, want %s", got.String(), want)
	}
}

func TestFigure_Targets(t *testing.T) {
	f := figure{ID: "parse/2KB", Unit: "MB/s", Ours: 100, Against: map[string]float64{"fast-xml-parser": 5, "saxes": 30, "txml": 50, limit: 250}}
	for row, want := range map[string]string{
		"fast-xml-parser": "target 15.0x: met",
		"saxes":           "target 4.00x: MISSED",
		"txml":            "fastest peer, target 2.50x: MISSED",
		limit:             "target 0.25x: met",
	} {
		if got := strings.Join(f.verdicts(row), "; "); got != want {
			t.Errorf("%s: %q, want %q", row, got, want)
		}
	}
	less := figure{Ours: 10, Against: map[string]float64{"a": 40, "b": 20}, lessIsBetter: true}
	if name, _ := less.best(); name != "b" || less.ratio(40) != 4 {
		t.Errorf("best is %s, 40 beside 10 is %v times", name, less.ratio(40))
	}
}

func TestFigure_ProcessorTime(t *testing.T) {
	f := figure{ID: "parse/x", Unit: "MB/s", Ours: 100, Against: map[string]float64{"saxes": 25}}
	of := func(name string, processor ...float64) *contestant {
		return &contestant{xmlParser: xmlParser{name: name}, worker: &worker{name: name}, processor: processor}
	}
	if got := byProcessor([]*contestant{of("dsmlkit"), of("saxes")}); got != nil {
		t.Errorf("%v without samples", got)
	}
	f.Against["txml"] = 20
	f.byProcessor = byProcessor([]*contestant{of("dsmlkit", 3, 1, 2), of("saxes", 10), of("txml")})
	if table := f.table(); !strings.Contains(table, "4.00x  (5.00x)") || strings.Count(table, "(5.00x)") != 1 || strings.Contains(table, "NaN") {
		t.Errorf("not one ratio of processor time in\n%s", table)
	}
}

func TestTargets_NameWhatIsMeasured(t *testing.T) {
	known := map[string]bool{}
	for _, c := range contests {
		known[c.id] = true
	}
	for _, target := range targets {
		if strings.HasPrefix(target.figure, "parse/") && !known[target.figure] {
			t.Errorf("a target names %s, which nothing measures", target.figure)
		}
		if strings.HasPrefix(target.figure, "parse/") && target.against != fastest && !strings.Contains(peerNames(), target.against) {
			t.Errorf("a target names %s, which is no parser", target.against)
		}
	}
}

// A parser that gets one value wrong, makes objects only when they are looked
// at, or fails, must not get a figure.
func TestDigest_CatchesWrongParsers(t *testing.T) {
	checkout, err := findTree()
	if err != nil {
		t.Fatal(err)
	}
	d := generate(20_000, false)
	data := filepath.Join(t.TempDir(), "data")
	if err := errors.Join(os.WriteFile(data+".xml", d.xml, 0o644), os.WriteFile(data+".json", d.json, 0o644)); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{
		"right":     "",
		"value":     "does not make of it",
		"missing":   "does not make of it",
		"undecoded": "does not make of it",
		"lazy":      "is no plain property",
		"failing":   "line 1 is wrong",
	} {
		w, err := checkout.startWorker(t.Context(), name, nil, "node.mjs", checkout.path("build/testdata/bench/"+name+".mjs"), "", data)
		if err != nil {
			t.Fatal(err)
		}
		_, err = w.check("first", "it", d.digest)
		w.stop()
		switch {
		case want == "" && err != nil:
			t.Errorf("a right parser: %v", err)
		case want != "" && (err == nil || !strings.Contains(err.Error(), want)):
			t.Errorf("%s: %v, want an error with %q", name, err, want)
		}
	}
	if _, err := checkout.startWorker(t.Context(), "nobody", nil, "node.mjs", "no-such-module.mjs", "", data); err == nil {
		t.Error("a worker without a parser starts")
	}
}

// Each peer is set up so that it gives what all others give. The package itself
// is checked in the same way by every run of the bench.
func TestPeers_Agree(t *testing.T) {
	checkout, err := findTree()
	if err != nil {
		t.Fatal(err)
	}
	d := generate(20_000, true)
	data := filepath.Join(t.TempDir(), "data")
	if err := errors.Join(os.WriteFile(data+".xml", d.xml, 0o644), os.WriteFile(data+".json", d.json, 0o644)); err != nil {
		t.Fatal(err)
	}
	for _, p := range parsers[1:] {
		if !p.node {
			continue
		}
		w, err := checkout.startWorker(t.Context(), p.name, nil, "node.mjs", checkout.path("build/bench/peers/"+p.module+".mjs"), "", data)
		if err != nil {
			t.Fatalf("%v\nThe packages come with `npm ci` or any command of build", err)
		}
		if _, err := w.check("first", "a short document", d.digest); err != nil {
			t.Error(err)
		}
		w.stop()
	}
}

func TestDuel_WaysThatDisagree(t *testing.T) {
	d := generate(2_000, false)
	shorter := func(text []byte) (outcome, error) {
		return scanTokens(bytes.Replace(text, []byte("<value>top</value>"), nil, 1))
	}
	b := &bench{}
	err := b.duel(t.Context(), "native/it", d, "the other", scanTokens, shorter)
	if err == nil || !strings.Contains(err.Error(), "the other finds") || len(b.figures) != 0 {
		t.Errorf("two ways that disagree: %v, %d figures", err, len(b.figures))
	}
	for _, ways := range [][2]func([]byte) (outcome, error){{scanTokens, standardTokens}, {parseDSML, unmarshalDSML}} {
		first, err1 := ways[0](d.xml)
		second, err2 := ways[1](d.xml)
		if err := errors.Join(err1, err2); err != nil {
			t.Fatal(err)
		}
		if first() != second() {
			t.Errorf("%s beside %s", first(), second())
		}
	}
}

func TestDiskSize_WithoutDependencies(t *testing.T) {
	folder := t.TempDir()
	for name, length := range map[string]int{"index.js": 10, "lib/a.js": 20, "node_modules/other/index.js": 1000} {
		if err := writeFile(filepath.Join(folder, name), make([]byte, length)); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := diskSize(folder); got != 30 || err != nil {
		t.Errorf("%d bytes, %v, want 30", got, err)
	}
}
