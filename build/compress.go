package main

import (
	"bytes"
	"compress/gzip"
	"context"
	_ "embed"
	"path"
	"slices"
	"strconv"
)

// compressible are the endings of files that get smaller.
var compressible = []string{".html", ".js", ".css", ".wasm", ".map", ".svg", ".json", ".webmanifest"}

// worthCompressing is the size below which a compressed twin saves nothing.
const worthCompressing = 1000

// compressGzip gives the best that gzip can do.
func compressGzip(content []byte) []byte {
	var out bytes.Buffer
	// Writing to memory fails only for a level that does not exist.
	w, _ := gzip.NewWriterLevel(&out, gzip.BestCompression)
	w.Write(content)
	w.Close()
	return out.Bytes()
}

//go:embed brotli.mjs
var brotliScript string

// Qualities of brotli. The quick one takes a twentieth of the time of the best
// and gives a WebAssembly that is an eighth larger.
const (
	quickBrotli = 9
	bestBrotli  = 11
)

// writeBrotli writes FILE.br beside every file; Go's library has no brotli, and
// Node, which is needed anyway, has.
func (t tree) writeBrotli(ctx context.Context, quality int, files []string) error {
	if len(files) == 0 {
		return nil
	}
	args := append([]string{"--input-type=module", "--eval", brotliScript, "--", strconv.Itoa(quality)}, files...)
	return t.tool("node", args...).run(ctx)
}

func isCompressible(name string, content []byte) bool {
	return len(content) >= worthCompressing && slices.Contains(compressible, path.Ext(name))
}
