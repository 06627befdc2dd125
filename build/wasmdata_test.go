package main

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"slices"
	"testing"
)

// wasmOf makes a module of a data section between two others.
func wasmOf(segments []segment) []byte {
	out := []byte(wasmHead)
	for _, section := range [][]byte{append([]byte{5}, "memory"...), append([]byte{dataSection}, writeSegments(segments)...), append([]byte{0}, "custom"...)} {
		out = append(out, section[0])
		out = binary.AppendUvarint(out, uint64(len(section)-1))
		out = append(out, section[1:]...)
	}
	return out
}

// memoryOf is what the data of a module makes of a memory, and the number of
// its segments.
func memoryOf(t *testing.T, module []byte) (memory []byte, count int) {
	t.Helper()
	memory = make([]byte, 1<<20)
	for r := (wasmReader{rest: module[len(wasmHead):]}); len(r.rest) > 0; {
		id, content := r.bytes(1)[0], r.bytes(r.unsigned())
		if r.failed {
			t.Fatal("a section is cut off")
		}
		if id != dataSection {
			continue
		}
		segments, err := readSegments(content)
		if err != nil {
			t.Fatal(err)
		}
		count = len(segments)
		for _, s := range segments {
			copy(memory[s.address:], s.data)
		}
	}
	return memory, count
}

// rewrite reads the data of a module and writes it.
func rewrite(file []byte, gap int) ([]byte, error) {
	m, err := readModule(file)
	if err != nil {
		return nil, err
	}
	memory, err := m.memory()
	if err != nil {
		return nil, err
	}
	m.setMemory(memory, gap)
	return m.file(), nil
}

func TestDataKeepsItsPlaceInMemory(t *testing.T) {
	random := rand.New(rand.NewPCG(1, 2))
	for range 200 {
		var segments []segment
		address := 0
		for range random.IntN(100) {
			address += random.IntN(600)
			data := make([]byte, 1+random.IntN(200))
			for i := range data {
				data[i] = byte(random.IntN(256))
			}
			segments = append(segments, segment{address, data})
			address += len(data)
		}
		if len(segments) > 2 && random.IntN(2) == 0 {
			// The linker's sections do not follow one another in all cases.
			i, j := random.IntN(len(segments)), random.IntN(len(segments))
			segments[i], segments[j] = segments[j], segments[i]
		}
		module := wasmOf(segments)
		merged, err := rewrite(module, 256)
		if err != nil {
			t.Fatal(err)
		}
		want, before := memoryOf(t, module)
		got, after := memoryOf(t, merged)
		if !bytes.Equal(got, want) {
			t.Fatal("the memory is not the same")
		}
		if after > before {
			t.Errorf("%d segments became %d", before, after)
		}
		if !bytes.HasSuffix(merged, []byte("\x00\x06custom")) || !bytes.HasPrefix(merged, []byte(wasmHead+"\x05\x06memory")) {
			t.Error("the other sections are not the same")
		}
	}
}

func TestDataIsJoinedUpToTheGap(t *testing.T) {
	segments := []segment{{0, []byte("a")}, {9, []byte("b")}, {19, []byte("c")}}
	module, err := rewrite(wasmOf(segments), 8)
	if err != nil {
		t.Fatal(err)
	}
	if want := wasmOf([]segment{{0, []byte("a\x00\x00\x00\x00\x00\x00\x00\x00b")}, {19, []byte("c")}}); !bytes.Equal(module, want) {
		t.Errorf("got %q, want %q", module, want)
	}
}

func TestDataOfAnotherFormIsRefused(t *testing.T) {
	good := wasmOf([]segment{{100_000, []byte("data")}})
	if _, err := rewrite(good, 8); err != nil {
		t.Fatal(err)
	}
	for name, module := range map[string][]byte{
		"pieces that overlap":          wasmOf([]segment{{0, []byte("data")}, {3, []byte("data")}}),
		"nothing":                      nil,
		"no module":                    []byte("\x00asm\x02\x00\x00\x00"),
		"a cut module":                 good[:len(good)-3],
		"a passive piece":              bytes.Replace(good, []byte{0, i32Const}, []byte{1, i32Const}, 1),
		"a global address":             bytes.Replace(good, []byte{0, i32Const}, []byte{0, 0x23}, 1),
		"an address of too many bytes": []byte(wasmHead + "\x0b\x0b\x01\x00\x41\xff\xff\xff\xff\xff\x01\x0b\x01a"),
		"more pieces than there are":   []byte(wasmHead + "\x0b\x01\x05"),
		"bytes after the last piece":   []byte(wasmHead + "\x0b\x02\x00\x00"),
	} {
		if merged, err := rewrite(module, 8); err == nil {
			t.Errorf("%s became %q", name, merged)
		}
	}
}

func TestSignedNumbers(t *testing.T) {
	for _, n := range []int{0, 63, 64, 127, 128, 8191, 8192, 1<<31 - 1, -1, -64, -65, -1 << 31} {
		r := wasmReader{rest: appendSigned(nil, n)}
		if got := r.signed(); got != n || r.failed || len(r.rest) > 0 {
			t.Errorf("%d became %d", n, got)
		}
	}
	if got := appendSigned(nil, 64); !slices.Equal(got, []byte{0xc0, 0}) {
		t.Errorf("64 is %x", got)
	}
}
