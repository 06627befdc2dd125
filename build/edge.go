package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// edgeFolder holds the Worker as it would be deployed: worker.js and the
// WebAssembly that it imports.
const (
	edgeFolder = ".build/edge"
	edgeModule = edgeFolder + "/edge.wasm"
	// memoryModule is the one with a directory in memory, which has no use for sockets.
	memoryModule = edgeFolder + "/tab.wasm"
)

// inlined are the packages with inlined calls: those that every request goes
// through, which makes it a fifth cheaper. In all of them, TLS and HTTP/2 among
// them, inlined calls would make the program a tenth larger.
var inlined = []string{modulePath + "/...", "github.com/hack-pad/...", "runtime", "runtime/...", "internal/...", "syscall/js",
	"sync", "sync/...", "context", "time", "bytes", "strings", "strconv", "unicode/...", "net/url", "net/textproto", "bufio", "errors", "io", "sort"}

// buildEdge compiles wasm/edge and bundles the Worker around it.
func (t tree) buildEdge(ctx context.Context, golang goTool) (string, error) {
	print, err := t.edgeFingerprint(golang, "wasm/toolkit", "build/wasm.go")
	if err != nil {
		return "", err
	}
	toolkit := edgeFolder + "/dsmlkit.wasm"
	return t.unlessCurrent("edge", print, []string{edgeModule, memoryModule, toolkit, edgeFolder + "/worker.js"}, func() (string, error) {
		files, err := t.bundle(bundle{entries: map[string]string{"worker": "wasm/js/edge.ts"}, outdir: edgeFolder}, golang)
		if err != nil {
			return "", err
		}
		for name, content := range files {
			if err := writeFile(t.path(edgeFolder+"/"+name), content); err != nil {
				return "", err
			}
		}
		if _, err := t.compileEdge(ctx, golang, memoryModule, "-tags", "tab"); err != nil {
			return "", err
		}
		// The front Worker reads session headers with the toolkit.
		reader, err := os.ReadFile(t.path(wasmFile))
		if err != nil {
			return "", err
		}
		if err := writeFile(t.path(toolkit), reader); err != nil {
			return "", err
		}
		return t.compileEdge(ctx, golang, edgeModule)
	})
}

// edgeFingerprint stands for all that the programs of wasm/edge are made of.
func (t tree) edgeFingerprint(golang goTool, more ...string) (string, error) {
	return t.fingerprint([]string{golang.version, os.Getenv("GOFLAGS")}, append([]string{"wasm/edge", "wasm/js", "web/endpoint", "web/directory",
		"session", "xml", "go.mod", "go.sum", "build/edge.go", "build/bundle.go", "build/wasmcode.go", "build/wasmdata.go", "build/wasmjumps.go", "build/wasmmodule.go", "build/wasmstart.go", "build/wasmtables.go", "build/wasmtrace.go", "build/wasmunused.go"}, more...)...)
}

// compileEdge compiles wasm/edge into the file of that path, and says how large
// it has become.
func (t tree) compileEdge(ctx context.Context, golang goTool, module string, options ...string) (string, error) {
	output := t.path(module + ".new")
	if err := os.MkdirAll(filepath.Dir(output), 0o755); err != nil {
		return "", err
	}
	args := []string{"build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid=", "-o", output, "-gcflags=all=-l"}
	for _, name := range inlined {
		args = append(args, "-gcflags="+name+"=")
	}
	args = append(args, options...)
	if err := t.tool("go", append(args, "./wasm/edge")...).with("GOOS=js", "GOARCH=wasm").run(ctx); err != nil {
		return "", err
	}
	linked, err := os.ReadFile(output)
	if err != nil {
		return "", err
	}
	built, err := golang.shrink(linked)
	if err != nil {
		return "", err
	}
	return "built, " + size(len(built)) + ", gzip " + size(len(compressGzip(built))), errors.Join(writeFile(t.path(module), built), os.Remove(output))
}

// testEdge runs the tests of the edge against workerd, the runtime that Workers
// have at Cloudflare, which is an npm package: those of the Worker in general
// from Node, and those with an LDAP server behind it from Go, where that server
// and the suite of the native endpoint are.
func (t tree) testEdge(ctx context.Context, golang goTool) (tally, error) {
	if err := t.setUpPackages(ctx); err != nil {
		return tally{}, err
	}
	if err := t.setUpEdge(ctx, golang); err != nil {
		return tally{}, err
	}
	counted, err := t.nodeTest(ctx, "edge", "wasm/edge/test", "DSMLKIT_EDGE="+t.path(edgeFolder))
	if err != nil {
		return counted, err
	}
	if err := t.need(ctx, slapd); err != nil {
		return counted, err
	}
	workerd, err := t.tool("node", "--print", "require('workerd').default").output(ctx)
	if err != nil {
		return counted, err
	}
	onLDAP, err := t.goTest(ctx, t.tool("go", "test", "-json", "-vet=off", "-timeout="+goTestTimeout, "-tags=workerd", "-run=^TestEdge_", "./wasm/edge").
		with("DSMLKIT_EDGE="+t.path(edgeFolder), "DSMLKIT_WORKERD="+strings.TrimSpace(workerd)))
	counted.add(onLDAP)
	return counted, err
}

func (t tree) setUpEdge(ctx context.Context, golang goTool) error {
	unlock, err := t.lock()
	if err != nil {
		return err
	}
	defer unlock()
	if err := console.step("toolkit (wasm)", func() (string, error) { return t.buildWasm(ctx, golang) }); err != nil {
		return err
	}
	return console.step("edge (wasm, Worker)", func() (string, error) { return t.buildEdge(ctx, golang) })
}
