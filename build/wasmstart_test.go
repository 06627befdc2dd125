package main

import (
	"bytes"
	"encoding/binary"
	"testing"
)

func TestColumnsAreUnfolded(t *testing.T) {
	memory := make([]byte, 400)
	columns := []column{
		{address: 200, stride: 8, values: []uint32{7, 0, 1 << 31, 1<<32 - 1}},
		{address: 204, stride: 8, sums: true, values: []uint32{0x1000, 0x1001, 0x1009, 5}},
		{address: 300, stride: 12, less: 1, values: []uint32{noData, 0, 300}},
	}
	copy(memory, writeColumns(columns))
	unfold(t, memory, 0)
	for _, c := range columns {
		for i, want := range c.values {
			if got := binary.LittleEndian.Uint32(memory[c.address+i*c.stride:]); got != want {
				t.Errorf("%d of the column at %d: %d, want %d", i, c.address, got, want)
			}
		}
	}
}

// TestStartIsOfItsModule adds a start to a module of one imported function and
// two of its own.
func TestStartIsOfItsModule(t *testing.T) {
	sections := func() wasmModule {
		return wasmModule{
			{typeSection, []byte("\x01\x60\x00\x00")},
			{importSection, []byte("\x01\x02go\x01f\x00\x00")},
			{functionSection, []byte("\x02\x00\x00")},
			{codeSection, []byte("\x02\x02\x00\x0b\x02\x00\x0b")},
			{dataSection, []byte("\x00")},
		}
	}
	m := sections()
	if err := m.addStart([]byte("\x00\x01\x0b")); err != nil {
		t.Fatal(err)
	}
	want := wasmModule{
		{typeSection, []byte("\x02\x60\x00\x00\x60\x00\x00")},
		{importSection, []byte("\x01\x02go\x01f\x00\x00")},
		{functionSection, []byte("\x03\x00\x00\x01")},
		{startSection, []byte("\x03")},
		{codeSection, []byte("\x03\x02\x00\x0b\x02\x00\x0b\x03\x00\x01\x0b")},
		{dataSection, []byte("\x00")},
	}
	if got := m.file(); !bytes.Equal(got, want.file()) {
		t.Errorf("the module is %q, want %q", got, want.file())
	}
	if err := m.addStart([]byte("\x00\x0b")); err != errWasm {
		t.Errorf("a second start: %v", err)
	}
	for name, spoil := range map[string]func(m wasmModule){
		"an imported memory": func(m wasmModule) { m[1].content = []byte("\x01\x02go\x01f\x02\x00") },
		"imports cut off":    func(m wasmModule) { m[1].content = []byte("\x02\x02go\x01f\x00\x00") },
		"no functions":       func(m wasmModule) { m[2].id = 0 },
		"no code":            func(m wasmModule) { m[3].id = 0 },
	} {
		m := sections()
		spoil(m)
		if err := m.addStart([]byte("\x00\x0b")); err != errWasm {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestWhatTurnsThemOnKeepsFunctions: a program that has linked what starts
// profiles keeps what makes them.
func TestWhatTurnsThemOnKeepsFunctions(t *testing.T) {
	tables := func(names ...string) *functionTables {
		f := &functionTables{memory: make([]byte, 1000)}
		at := 500
		f.setWord(namesWord, 400)
		for _, name := range names {
			f.functions = append(f.functions, function{name: uint32(at - 400)})
			at += copy(f.memory[at:], name) + 1
		}
		return f
	}
	if got := tables("main.main", "runtime.(*profBuf).read", "runtime.schedtrace").unused(); len(got) != 2 || got[0] != 1 || got[1] != 2 {
		t.Errorf("without profiles: %d", got)
	}
	if got := tables("main.main", "runtime.(*profBuf).read", "runtime/pprof.StartCPUProfile", "runtime.schedtrace").unused(); len(got) != 1 || got[0] != 3 {
		t.Errorf("with profiles: %d", got)
	}
}
