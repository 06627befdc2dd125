package main

import (
	"context"
	"os"
)

// edgeFolder holds the Worker as it would be deployed: worker.js and the
// WebAssembly that it imports.
const edgeFolder = ".build/edge"

// buildEdge compiles wasm/edge and bundles the Worker around it.
func (t tree) buildEdge(ctx context.Context, golang goTool) (string, error) {
	print, err := t.fingerprint([]string{golang.version, os.Getenv("GOFLAGS")},
		"wasm/edge", "wasm/js", "web/endpoint", "web/directory", "session", "xml", "go.mod", "go.sum", "build/edge.go", "build/bundle.go")
	if err != nil {
		return "", err
	}
	module, script := edgeFolder+"/edge.wasm", edgeFolder+"/worker.js"
	return t.unlessCurrent("edge", print, []string{module, script}, func() (string, error) {
		if err := os.MkdirAll(t.path(edgeFolder), 0o755); err != nil {
			return "", err
		}
		output := t.path(module + ".new")
		err := t.tool("go", "build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid=", "-o", output, "./wasm/edge").
			with("GOOS=js", "GOARCH=wasm").run(ctx)
		if err != nil {
			return "", err
		}
		files, err := t.bundle(bundle{entries: map[string]string{"worker": "wasm/js/edge.ts"}, outdir: edgeFolder}, golang)
		if err != nil {
			return "", err
		}
		for name, content := range files {
			if err := writeFile(t.path(edgeFolder+"/"+name), content); err != nil {
				return "", err
			}
		}
		built, err := os.ReadFile(output)
		if err != nil {
			return "", err
		}
		return "built, " + size(len(built)) + ", gzip " + size(len(compressGzip(built))), os.Rename(output, t.path(module))
	})
}

// testEdge runs the tests of the edge against workerd, the runtime that Workers
// have at Cloudflare, which is an npm package.
func (t tree) testEdge(ctx context.Context, golang goTool) (tally, error) {
	if err := t.setUpPackages(ctx); err != nil {
		return tally{}, err
	}
	if err := t.setUpEdge(ctx, golang); err != nil {
		return tally{}, err
	}
	return t.nodeTest(ctx, "edge", "wasm/edge/test", "DSMLKIT_EDGE="+t.path(edgeFolder))
}

func (t tree) setUpEdge(ctx context.Context, golang goTool) error {
	unlock, err := t.lock()
	if err != nil {
		return err
	}
	defer unlock()
	return console.step("edge (wasm, Worker)", func() (string, error) { return t.buildEdge(ctx, golang) })
}
