package main

import (
	"bytes"
	"encoding/binary"
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
	module, err := goTool{version: tracedGo}.shrink(linked)
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

// tablesOf reads the tables of a module.
func tablesOf(t *testing.T, file []byte) (wasmModule, *functionTables) {
	t.Helper()
	m, err := readModule(file)
	if err != nil {
		t.Fatal(err)
	}
	memory, err := m.memory()
	if err != nil {
		t.Fatal(err)
	}
	tables, err := readTables(memory)
	if err != nil {
		t.Fatal(err)
	}
	return m, tables
}

// unfold does what the start function does.
func unfold(t *testing.T, memory []byte, at int) {
	t.Helper()
	word := func() int {
		at += 4
		return int(binary.LittleEndian.Uint32(memory[at-4:]))
	}
	for to := word(); to != 0; to = word() {
		stride, sums, less, end, last := word(), word(), word(), word(), 0
		for ; to != end; to += stride {
			n, size := binary.Uvarint(memory[at:])
			last = last*sums + int(n) - less
			binary.LittleEndian.PutUint32(memory[to:], uint32(last))
			at += size
		}
	}
}

// TestWhatTablesTell compares the tables by address of all functions.
func TestWhatTablesTell(t *testing.T) {
	linked := linkUnwinding(t)
	_, before := tablesOf(t, linked)
	_, after := tablesOf(t, linked)
	columns, err := after.dropLines()
	if err != nil {
		t.Fatal(err)
	}
	unfold(t, after.memory, columns)
	after, err = readTables(after.memory)
	if err != nil {
		t.Fatal(err)
	}
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
		if at := after.word(searchWord) + searchStride*i; int(after.half(at)) != i || after.memory[at+4] != 0 {
			t.Errorf("%s is not found", name)
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
	for name, spoil := range map[string]func(t *functionTables, header int){
		"no header":                 func(t *functionTables, header int) { t.memory[header] = 0xf0 },
		"another size of pointers":  func(t *functionTables, header int) { t.memory[header+7] = 4 },
		"fewer functions":           func(t *functionTables, header int) { t.memory[header+8]-- },
		"names elsewhere":           func(t *functionTables, header int) { t.memory[header+32]++ },
		"tables elsewhere":          func(t *functionTables, _ int) { t.setWord(tablesWord, t.word(tablesWord)+1) },
		"data behind the end":       func(t *functionTables, _ int) { t.setWord(dataWord, mostData) },
		"a record beside its place": func(t *functionTables, _ int) { t.memory[t.word(functionsWord)+4] += 4 },
	} {
		m, tables := tablesOf(t, linked)
		spoil(tables, tables.word(headerWord))
		m.setMemory(tables.memory, dataGap)
		if _, err := (goTool{version: tracedGo}).shrink(m.file()); err != errTables {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, spoil := range map[string]func(m wasmModule){
		"no code":    func(m wasmModule) { m.section(codeSection).content = []byte{0} },
		"more bytes": func(m wasmModule) { m.section(codeSection).content = append(m.section(codeSection).content, 0) },
	} {
		m, _ := tablesOf(t, linked)
		spoil(m)
		if _, err := (goTool{version: tracedGo}).shrink(m.file()); err != errTables {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := readTables(nil); err != errTables {
		t.Error(err)
	}
}

func TestOnlyKnownTablesAreShrunk(t *testing.T) {
	linked := linkUnwinding(t)
	for version, known := range map[string]bool{"go1.26": true, "go1.26.8": true, "go1.26rc1": false, "go1.27.0": false, "go1.260": false, "devel go1.27-abc": false} {
		module, err := goTool{version: version}.shrink(linked)
		if err != nil {
			t.Fatal(err)
		}
		_, before := tablesOf(t, linked)
		m, err := readModule(module)
		if err != nil {
			t.Fatal(err)
		}
		after, err := m.memory()
		if err != nil {
			t.Fatal(err)
		}
		if got := !bytes.Equal(bytes.TrimRight(before.memory, "\x00"), bytes.TrimRight(after, "\x00")); got != known {
			t.Errorf("%s: edited %v", version, got)
		}
	}
}

// TestUnusedFunctionsAreThere shows that Go still has what the build takes out.
func TestUnusedFunctionsAreThere(t *testing.T) {
	_, tables := tablesOf(t, linkUnwinding(t))
	for _, group := range neverRun {
		for _, start := range group.functions {
			found := slices.ContainsFunc(tables.functions, func(f function) bool { return strings.HasPrefix(tables.name(f.name), start) })
			// The program of this test does without the rest of Go's library.
			if !found && strings.HasPrefix(start, "runtime.") && start != "runtime.initMetrics" {
				t.Errorf("no function starts with %s", start)
			}
		}
	}
}
