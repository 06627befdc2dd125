package main

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
)

func check(ctx context.Context, args []string) error {
	o := newOptions("check", "Looks at everything that can be judged without running it: formatting, vet,\nstaticcheck, TypeScript types, which room imports which, the size of the toolkit.")
	if err := o.read(args); err != nil {
		return err
	}
	t, err := findTree()
	if err != nil {
		return err
	}
	failed, err := t.check(ctx)
	if err == nil && failed > 0 {
		err = errReported
	}
	return err
}

// finding is one kind of look at the sources: its error is what is wrong.
type finding struct {
	name string
	look func(ctx context.Context) (note string, err error)
}

// check does all the looking, prints what is wrong and says how many kinds of
// look found something.
func (t tree) check(ctx context.Context) (failed int, err error) {
	if err := t.setUpPackages(ctx); err != nil {
		return 0, err
	}
	for _, f := range []finding{
		{"gofmt", t.checkFormat},
		{"go vet", t.checkVet},
		{"staticcheck", t.checkStatic},
		{"types (tsc)", t.checkTypes},
		{"arrows", t.checkArrows},
		{"statements", t.checkStatements},
		{"size", t.checkSize},
		{"size of the edge", t.checkEdgeSize},
		{"file length", t.noteLength},
	} {
		err := console.step(f.name, func() (string, error) { return f.look(ctx) })
		if ctx.Err() != nil {
			return failed, ctx.Err()
		}
		if err != nil {
			failed++
			fmt.Fprintf(os.Stdout, "%s\n\n", strings.TrimRight(err.Error(), "\n"))
		}
	}
	return failed, nil
}

// setUpPackages installs what the type checker needs.
func (t tree) setUpPackages(ctx context.Context) error {
	unlock, err := t.lock()
	if err != nil {
		return err
	}
	defer unlock()
	return console.step("npm packages", func() (string, error) { return t.installPackages(ctx) })
}

// wasmPackages are what is compiled for the browser.
var wasmPackages = []string{"./xml/...", "./session/...", "./wasm/..."}

func (t tree) checkVet(ctx context.Context) (string, error) {
	if err := t.tool("go", "vet", "./...").run(ctx); err != nil {
		return "", err
	}
	err := t.tool("go", append([]string{"vet"}, wasmPackages...)...).with("GOOS=js", "GOARCH=wasm").run(ctx)
	return "clean", err
}

// checkStatic builds staticcheck in the version that go.mod names and runs it
// over what is compiled for this machine and for the browser.
func (t tree) checkStatic(ctx context.Context) (string, error) {
	program := t.path(".build/staticcheck")
	if err := t.tool("go", "build", "-o", program, "honnef.co/go/tools/cmd/staticcheck").run(ctx); err != nil {
		return "", err
	}
	native, err := t.nativePackages(ctx)
	if err != nil {
		return "", err
	}
	if err := t.tool(program, native...).run(ctx); err != nil {
		return "", err
	}
	err = t.tool(program, wasmPackages...).with("GOOS=js", "GOARCH=wasm").run(ctx)
	return "clean", err
}

// nativePackages are all but those of wasm/, most of whose code is only called
// in the browser and would seem unused elsewhere.
func (t tree) nativePackages(ctx context.Context) ([]string, error) {
	out, err := t.tool("go", "list", "./...").output(ctx)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(strings.Fields(out), func(p string) bool {
		return strings.HasPrefix(p, modulePath+"/wasm/")
	}), nil
}

// typedFolders hold TypeScript, each with a tsconfig.json of its own.
var typedFolders = []string{"wasm/js", "wasm/edge", "web/page"}

func (t tree) checkTypes(ctx context.Context) (string, error) {
	for _, folder := range typedFolders {
		if err := t.tsc(folder, "--noEmit").run(ctx); err != nil {
			return "", err
		}
	}
	return "clean", nil
}

// checkArrows runs the test beside this file that holds the arrows of the house.
func (t tree) checkArrows(ctx context.Context) (string, error) {
	return "kept", t.tool("go", "test", "-count=1", "-run", "TestHouse", "./build").run(ctx)
}
