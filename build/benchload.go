package main

import (
	"context"
	"encoding/json"
)

const loadRounds = 9

// load takes the time from nothing to a parser that is ready.
func (b *bench) load(ctx context.Context) error {
	ready := xmlParser{name: "libxml2-wasm", module: "libxml2-wasm"}
	fresh := func(p xmlParser) (float64, error) {
		out, err := b.tool("node", b.path("build/bench/load.mjs"), b.path("build/bench/peers/"+p.module+".mjs"), b.packageURL()).output(ctx)
		if err != nil {
			return 0, err
		}
		var got struct{ MS float64 }
		err = json.Unmarshal([]byte(out), &got)
		return got.MS, err
	}
	err := console.step("load/node", func() (string, error) {
		return "measured", b.race("load/node", "ms in a new process", loadRounds, []xmlParser{parsers[0], ready}, fresh)
	})
	if err != nil {
		return err
	}

	if err := b.need(ctx, chromium); err != nil {
		return err
	}
	browser, err := b.startBrowserSide(ctx, ready)
	if err != nil {
		return err
	}
	defer browser.stop()
	return console.step("load/chromium", func() (string, error) {
		w, err := b.startWorker(ctx, "Chromium", []string{"CHROMIUM=" + browser.program}, "chromium-load.mjs", browser.address)
		if err != nil {
			return "", err
		}
		defer w.stop()
		inPage := func(p xmlParser) (float64, error) {
			var got struct{ MS float64 }
			err := w.do(map[string]any{"do": "load", "peer": p.module}, &got)
			return got.MS, err
		}
		return "measured", b.race("load/chromium", "ms in a new page without a cache", loadRounds, []xmlParser{parsers[0], ready}, inPage)
	})
}

// race takes turns in asking for milliseconds; the first of the list is ours.
func (b *bench) race(id, unit string, rounds int, list []xmlParser, once func(xmlParser) (float64, error)) error {
	samples := make([][]float64, len(list))
	for range rounds {
		for i, p := range list {
			ms, err := once(p)
			if err != nil {
				return err
			}
			samples[i] = append(samples[i], ms)
		}
	}
	f := figure{ID: id, Unit: unit, Ours: median(samples[0]), Against: map[string]float64{}, lessIsBetter: true}
	for i, p := range list[1:] {
		f.Against[p.name] = median(samples[i+1])
	}
	b.add(f)
	return nil
}
