package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// unwinding is a program that depends on the tables of functions: stacks grow
// and are searched for pointers while the only ones are in deep frames, and
// panics pass deferred calls of all kinds. It ends with a trace.
const unwinding = `package main

import "runtime"

type node struct {
	next *node
	n    int
}

//go:noinline
func deep(n int, p *node) (int, *node) {
	var frame [40]*node
	frame[n%40] = &node{p, n}
	if n == 0 {
		runtime.GC()
		return 0, frame[0]
	}
	sum, last := deep(n-1, frame[n%40])
	if frame[n%40].n != n || frame[n%40].next != p {
		panic("a node is lost")
	}
	return sum + n, last
}

type adder interface{ add(n int) int }

type pair struct{ a, b *int }

func (p pair) add(n int) int {
	runtime.GC()
	return *p.a + *p.b + n
}

//go:noinline
func caught(f func()) (what any) {
	defer func() { what = recover() }()
	f()
	return "nothing"
}

func short(list []int, i int) int { return list[i] }

//go:noinline
func breaks(list []int) { short(list, 7) }

func main() {
	sums := make(chan int)
	for i := range 30 {
		go func() {
			sum, last := deep(150*i, nil)
			for ; last != nil; last = last.next {
				sum -= last.n
			}
			sums <- sum
		}()
	}
	for range 30 {
		if sum := <-sums; sum != 0 {
			println("a sum is", sum)
		}
	}
	x, y := 1, 2
	var a adder = pair{&x, &y}
	println(a.add(4))
	err := caught(func() { breaks(nil) }).(error)
	println(err.Error())
	println(caught(func() {
		defer func() { panic("second after " + recover().(string)) }()
		defer runtime.GC()
		panic("first")
	}).(string))
	for i := range 5 {
		n := caught(func() {
			for j := range i {
				defer func() { x += j; runtime.GC() }()
			}
			defer recover()
			panic(i)
		}).(int)
		println(n, x)
	}
	breaks(make([]int, 3))
}
`

// linkUnwinding compiles the program.
func linkUnwinding(t *testing.T) []byte {
	t.Helper()
	folder := t.TempDir()
	source, output := filepath.Join(folder, "main.go"), filepath.Join(folder, "main.wasm")
	if err := os.WriteFile(source, []byte(unwinding), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := checkout(t).tool("go", "build", "-trimpath", "-ldflags=-s -w", "-o", output, source).
		with("GOOS=js", "GOARCH=wasm").run(t.Context()); err != nil {
		t.Fatal(err)
	}
	module, err := os.ReadFile(output)
	if err != nil {
		t.Fatal(err)
	}
	return module
}

// runModule returns what a program prints.
func runModule(t *testing.T, golang goTool, module []byte) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "main.wasm")
	if err := os.WriteFile(file, module, 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), "node", filepath.Join(golang.root, "lib", "wasm", "wasm_exec_node.js"), file)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, &out
	if err := cmd.Run(); err == nil {
		t.Error("the program ended without its panic")
	}
	return out.String()
}

func TestProgramWithoutLines(t *testing.T) {
	golang, err := checkout(t).goTool(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	linked := linkUnwinding(t)
	module, err := mergeData(linked, dataGap, dropLines)
	if err != nil {
		t.Fatal(err)
	}
	if before, after := len(compressGzip(linked)), len(compressGzip(module)); after*8 > before*7 {
		t.Errorf("%d bytes became %d", before, after)
	}
	want, wantTrace, _ := strings.Cut(runModule(t, golang, linked), "goroutine 1 [running]:")
	got, trace, _ := strings.Cut(runModule(t, golang, module), "goroutine 1 [running]:")
	if got != want {
		t.Errorf("the program prints %q, and %q without lines", want, got)
	}
	if !strings.Contains(wantTrace, "main.go:44 ") || strings.Contains(trace, ".go:") {
		t.Errorf("the trace %q became %q", wantTrace, trace)
	}
	for _, name := range []string{"main.breaks()\n", "main.main()\n"} {
		if !strings.Contains(trace, name) {
			t.Errorf("the trace lacks %s: %s", name, trace)
		}
	}
}

// TestWhatTablesTell compares the tables by address of all functions.
func TestWhatTablesTell(t *testing.T) {
	read := func(module []byte, edits ...func([]byte) error) (tables *functionTables) {
		_, err := mergeData(module, dataGap, append(edits, func(memory []byte) (err error) {
			tables, err = readTables(memory)
			return err
		})...)
		if err != nil {
			t.Fatal(err)
		}
		return tables
	}
	linked := linkUnwinding(t)
	before, after := read(linked), read(linked, dropLines)
	if len(before.functions) < 500 || len(before.functions) != len(after.functions) || before.afterLast != after.afterLast {
		t.Fatalf("%d functions became %d", len(before.functions), len(after.functions))
	}
	for i, f := range before.functions {
		g := after.functions[i]
		name := before.name(f.name)
		if f.entry != g.entry || f.args != g.args || f.deferReturn != g.deferReturn || f.kind != g.kind || name != after.name(g.name) ||
			before.table(f.frame) != after.table(g.frame) || before.table(f.pointers()) != after.table(g.pointers()) {
			t.Errorf("%s: %+v became %+v", name, f, g)
		}
		for kind := range keptData {
			if before.datum(f, kind) != after.datum(g, kind) {
				t.Errorf("%s: data %d are not the same", name, kind)
			}
		}
	}
}

func TestTablesOfAnotherForm(t *testing.T) {
	linked := linkUnwinding(t)
	for name, spoil := range map[string]func(memory []byte, header, module int){
		"no header":                func(memory []byte, header, _ int) { memory[header] = 0xf0 },
		"another size of pointers": func(memory []byte, header, _ int) { memory[header+7] = 4 },
		"fewer functions":          func(memory []byte, header, _ int) { memory[header+8]-- },
		"names elsewhere":          func(memory []byte, header, _ int) { memory[header+32]++ },
		"tables elsewhere":         func(memory []byte, _, module int) { memory[module+8*tablesWord]++ },
		"data behind the end":      func(memory []byte, _, module int) { memory[module+8*dataWord+3] = 0x7f },
		"a record beside its place": func(memory []byte, _, module int) {
			memory[(&functionTables{memory: memory, module: module}).word(functionsWord)+4] += 4
		},
	} {
		spoiled := false
		_, err := mergeData(linked, dataGap, func(memory []byte) error {
			tables, err := readTables(memory)
			if err != nil {
				return err
			}
			spoiled = true
			spoil(memory, tables.word(headerWord), tables.module)
			return dropLines(slices.Clone(memory))
		})
		if !spoiled || err != errTables {
			t.Errorf("%s: %v", name, err)
		}
	}
	if err := dropLines(nil); err != errTables {
		t.Error(err)
	}
}

func TestOnlyKnownTablesAreEdited(t *testing.T) {
	for version, want := range map[string]int{"go1.26": 1, "go1.26.8": 1, "go1.26rc1": 0, "go1.27.0": 0, "go1.260": 0, "devel go1.27-abc": 0} {
		if got := len(goTool{version: version}.edits()); got != want {
			t.Errorf("%s: %d edits", version, got)
		}
	}
}
