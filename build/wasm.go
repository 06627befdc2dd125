package main

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
)

// goTool says which Go builds, and where its own files are.
type goTool struct{ version, root string }

func (t tree) goTool(ctx context.Context) (goTool, error) {
	out, err := t.tool("go", "env", "GOVERSION", "GOROOT").output(ctx)
	if err != nil {
		return goTool{}, err
	}
	version, root, _ := strings.Cut(strings.TrimSpace(out), "\n")
	return goTool{version, strings.TrimSpace(root)}, nil
}

// wasmFile is the toolkit as it is served and packed.
const wasmFile = ".build/dsmlkit.wasm"

// notInlined are the packages whose calls stay calls. Inlining makes them
// larger, and none of them is where a document's time goes.
var notInlined = []string{"session", "xml/soap", "xml/sqlsoap", "xml/ldif"}

// wasmEnvironment is that of a build for browsers. The collector of garbage is the
// one before that for many processors, which is larger and on one no faster.
func (g goTool) wasmEnvironment() []string {
	env := []string{"GOOS=js", "GOARCH=wasm"}
	if g.traced() {
		env = append(env, "GOEXPERIMENT=nogreenteagc")
	}
	return env
}

// buildWasm compiles wasm/toolkit. The flags leave out paths, build ids and
// symbol tables: the file is small, and the same source gives the same bytes on
// every machine.
func (t tree) buildWasm(ctx context.Context, golang goTool) (string, error) {
	print, err := t.fingerprint([]string{golang.version, os.Getenv("GOFLAGS")},
		"wasm/toolkit", "session", "xml", "go.mod", "go.sum", "build/wasm.go", "build/wasmdata.go", "build/wasmmodule.go", "build/wasmstart.go", "build/wasmtables.go", "build/wasmtrace.go", "build/wasmunused.go")
	if err != nil {
		return "", err
	}
	return t.unlessCurrent("wasm", print, []string{wasmFile}, func() (string, error) {
		if err := os.MkdirAll(t.path(".build"), 0o755); err != nil {
			return "", err
		}
		output := t.path(wasmFile + ".new")
		args := []string{"build", "-trimpath", "-buildvcs=false", "-ldflags", "-s -w -buildid=", "-o", output}
		for _, name := range notInlined {
			args = append(args, "-gcflags="+modulePath+"/"+name+"=-l")
		}
		err := t.tool("go", append(args, "./wasm/toolkit")...).
			with(golang.wasmEnvironment()...).run(ctx)
		if err != nil {
			return "", err
		}
		linked, err := os.ReadFile(output)
		if err != nil {
			return "", err
		}
		module, err := golang.shrink(linked)
		if err != nil {
			return "", err
		}
		return "built, " + size(len(module)), errors.Join(writeFile(t.path(wasmFile), module), os.Remove(output))
	})
}

// wasmExec is the JavaScript that the toolchain brings for its programs.
func (g goTool) wasmExec() (string, error) {
	text, err := os.ReadFile(filepath.Join(g.root, "lib", "wasm", "wasm_exec.js"))
	return string(text), err
}
