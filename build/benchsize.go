package main

import (
	"context"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"
)

// size weighs what applications have to download and keep.
func (b *bench) size(ctx context.Context) error {
	wasm, err := os.ReadFile(b.path(b.packageFolder() + "/dsmlkit.wasm"))
	if err != nil {
		return err
	}
	weight, err := b.weigh(ctx, wasm)
	if err != nil {
		return err
	}
	b.add(figure{ID: "size/wasm-gzip", Unit: "MB", Ours: weight.gzip, lessIsBetter: true, notes: []string{fmt.Sprintf("as it is: %s MB", amount(float64(len(wasm))/1e6))}})
	b.add(figure{ID: "size/wasm-brotli", Unit: "MB", Ours: weight.brotli, lessIsBetter: true})

	download := figure{ID: "size/download-brotli", Unit: "KB of minified code and WebAssembly for an application that parses", Against: map[string]float64{}, lessIsBetter: true}
	installed := figure{ID: "size/package", Unit: "KB installed, dependencies apart", Against: map[string]float64{}, lessIsBetter: true}
	for i, p := range parsers {
		if p.name == limit || !p.node {
			continue // a part of the runtime
		}
		code, err := b.bundledPeer(ctx, p)
		if err != nil {
			return err
		}
		weight, err := b.weigh(ctx, code)
		if err != nil {
			return err
		}
		folder := "node_modules/" + p.name
		if i == 0 {
			folder = b.packageFolder()
		}
		disk, err := diskSize(b.path(folder))
		if err != nil {
			return err
		}
		if i == 0 {
			rest, err := b.weigh(ctx, wasm)
			if err != nil {
				return err
			}
			download.Ours = (weight.brotli + rest.brotli) * 1e3
			installed.Ours = float64(disk) / 1e3
			continue
		}
		download.Against[p.name] = weight.brotli * 1e3
		installed.Against[p.name] = float64(disk) / 1e3
	}
	b.add(download)
	b.add(installed)
	return nil
}

// weight is in MB.
type weight struct{ gzip, brotli float64 }

// weigh compresses as well as can be, which is what is done to files once.
func (b *bench) weigh(ctx context.Context, content []byte) (weight, error) {
	file := b.scratch + "/weighed"
	if err := writeFile(b.path(file), content); err != nil {
		return weight{}, err
	}
	if err := b.writeBrotli(ctx, bestBrotli, []string{b.path(file)}); err != nil {
		return weight{}, err
	}
	brotli, err := os.Stat(b.path(file + ".br"))
	if err != nil {
		return weight{}, err
	}
	return weight{float64(len(compressGzip(content))) / 1e6, float64(brotli.Size()) / 1e6}, nil
}

var staticImport = regexp.MustCompile(`(?:from|import)\s*"(\./[^"]+)"`)

// bundledPeer is the code that an application with this parser begins with:
// minified, and without what is only fetched when it is needed.
func (b *bench) bundledPeer(ctx context.Context, p xmlParser) ([]byte, error) {
	golang, err := b.goTool(ctx)
	if err != nil {
		return nil, err
	}
	source := "build/bench/peers/" + p.module + ".mjs"
	if p.name == parsers[0].name {
		source = b.packageFolder() + "/index.js"
	}
	files, err := b.bundle(bundle{entries: map[string]string{"main": source}, outdir: b.scratch + "/bundle", minify: true, node: true}, golang)
	if err != nil {
		return nil, err
	}
	var code []byte
	wanted := []string{"main.js"}
	seen := map[string]bool{}
	for len(wanted) > 0 {
		name := wanted[0]
		wanted = wanted[1:]
		if seen[name] {
			continue
		}
		seen[name] = true
		code = append(code, files[name]...)
		for _, found := range staticImport.FindAllSubmatch(files[name], -1) {
			wanted = append(wanted, path.Clean(string(found[1])))
		}
	}
	if len(code) == 0 {
		return nil, fmt.Errorf("the bundle of %s is empty", p.name)
	}
	return code, nil
}

// diskSize adds up the files of a package without those of its dependencies.
func diskSize(folder string) (total int64, err error) {
	err = filepath.WalkDir(folder, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if entry.IsDir() {
			if strings.HasSuffix(file, "node_modules") && file != folder {
				return fs.SkipDir
			}
			return nil
		}
		info, err := entry.Info()
		if err == nil {
			total += info.Size()
		}
		return err
	})
	return total, err
}
