package main

import (
	"context"
	"fmt"
)

// stream reads long responses as they arrive, in chunks of 64 KB.
func (b *bench) stream(ctx context.Context) error {
	d := generate(5_000_000, false)
	data := b.scratch + "/stream.xml"
	if err := writeFile(b.path(data), d.xml); err != nil {
		return err
	}
	lengths := []streamLength{{"stream/50MB", 10, 3}}
	if b.long {
		lengths = append(lengths, streamLength{"stream/1GB", 200, 3})
	}
	for _, l := range lengths {
		err := console.step(l.id, func() (string, error) { return "measured", b.streamLength(ctx, l, d, data) })
		if err != nil {
			return err
		}
	}
	return nil
}

// streamLength is a document that repeats its entries so many times.
type streamLength struct {
	id            string
	times, rounds int
}

// streamed is what one process tells of one document, memory in bytes.
type streamed struct {
	MS, First, Length, Rise, Wasm float64
	Entries                       int
}

func (b *bench) streamLength(ctx context.Context, l streamLength, d document, data string) error {
	speed := figure{ID: l.id, Unit: "MB/s", Against: map[string]float64{}}
	first := figure{ID: l.id + "-first", Unit: "MB/s in a fresh process", Against: map[string]float64{}}
	rise := figure{ID: l.id + "-memory", Unit: "MB more than before", Against: map[string]float64{}, lessIsBetter: true}
	wasm := figure{ID: l.id + "-wasm", Unit: "MB of WebAssembly memory", lessIsBetter: true}
	names := []string{"dsmlkit", "saxes"}
	samples := map[string][]streamed{}
	for _, name := range names {
		if err := b.streamCheck(ctx, name, l, d, data); err != nil {
			return err
		}
	}
	for range l.rounds {
		for _, name := range names {
			got, err := b.streamOnce(ctx, name, l, d, data)
			if err != nil {
				return err
			}
			samples[name] = append(samples[name], got)
		}
	}
	middle := func(name string, of func(streamed) float64) float64 {
		var values []float64
		for _, s := range samples[name] {
			values = append(values, of(s))
		}
		return median(values)
	}
	perSecond := func(s streamed) float64 { return s.Length / 1e3 / s.MS }
	atFirst := func(s streamed) float64 { return s.Length / 1e3 / s.First }
	grown := func(s streamed) float64 { return s.Rise / 1e6 }
	speed.Ours, speed.Against["saxes"] = middle("dsmlkit", perSecond), middle("saxes", perSecond)
	first.Ours, first.Against["saxes"] = middle("dsmlkit", atFirst), middle("saxes", atFirst)
	rise.Ours, rise.Against["saxes"] = middle("dsmlkit", grown), middle("saxes", grown)
	wasm.Ours = middle("dsmlkit", func(s streamed) float64 { return s.Wasm / 1e6 })
	for _, f := range []figure{speed, first, rise, wasm} {
		b.add(f)
	}
	return nil
}

// streamCheck compares the digest of what comes out of a short document. It has
// a process of its own, because it keeps all entries in memory.
func (b *bench) streamCheck(ctx context.Context, name string, l streamLength, d document, data string) error {
	w, err := b.startStream(ctx, name, data)
	if err != nil {
		return err
	}
	defer w.stop()
	_, err = w.check("check", l.id, d.digest)
	return err
}

func (b *bench) startStream(ctx context.Context, name, data string) (*worker, error) {
	return b.startWorker(ctx, name, nil, "stream.mjs", name, b.packageURL(), b.path(data))
}

// streamOnce has a fresh process read the document.
func (b *bench) streamOnce(ctx context.Context, name string, l streamLength, d document, data string) (got streamed, err error) {
	w, err := b.startStream(ctx, name, data)
	if err != nil {
		return got, err
	}
	defer w.stop()
	if err := w.do(map[string]any{"do": "run", "times": l.times, "warmUp": warmUp.Milliseconds()}, &got); err != nil {
		return got, err
	}
	if want := d.entries * l.times; got.Entries != want {
		return got, fmt.Errorf("%s gives %d entries of %s, not %d", name, got.Entries, l.id, want)
	}
	return got, nil
}
