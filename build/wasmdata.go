package main

import (
	"encoding/binary"
	"errors"
	"slices"
)

// dataGap is how many zero bytes between two pieces of data are written out
// rather than left out. Go's linker leaves out eight and more, and gives each
// piece, of which there are some ten thousands, an address of its own. Zeros
// cost next to nothing once they are compressed, and addresses do not: writing
// the zeros makes the file a tenth larger, and what is downloaded a fifteenth
// smaller.
const dataGap = 256

const (
	wasmHead    = "\x00asm\x01\x00\x00\x00"
	dataSection = 11
)

var errWasm = errors.New("the linker's WebAssembly has a form that mergeData does not know")

// mergeData edits what the data segments of a module make of its memory, and
// writes it in segments that have more than gap zeros between them. Without edits
// the memory is the same, byte for byte.
func mergeData(module []byte, gap int, edits ...func(memory []byte) error) ([]byte, error) {
	if len(module) < len(wasmHead) || string(module[:len(wasmHead)]) != wasmHead {
		return nil, errWasm
	}
	out := append([]byte(nil), wasmHead...)
	for r := (wasmReader{rest: module[len(wasmHead):]}); len(r.rest) > 0; {
		id := r.bytes(1)
		content := r.bytes(r.unsigned())
		if r.failed {
			return nil, errWasm
		}
		if id[0] == dataSection {
			segments, err := readSegments(content)
			if err != nil {
				return nil, err
			}
			memory, err := fill(segments)
			if err != nil {
				return nil, err
			}
			for _, edit := range edits {
				if err := edit(memory); err != nil {
					return nil, err
				}
			}
			content = writeSegments(split(memory, gap))
		}
		out = append(out, id[0])
		out = binary.AppendUvarint(out, uint64(len(content)))
		out = append(out, content...)
	}
	return out, nil
}

// segment is what the module puts at an address of its memory.
type segment struct {
	address int
	data    []byte
}

func (s segment) end() int { return s.address + len(s.data) }

// mostData is more than a program of this size has.
const mostData = 1 << 26

// fill returns the memory that segments fill, from address 0.
func fill(segments []segment) (memory []byte, err error) {
	slices.SortFunc(segments, func(a, b segment) int { return a.address - b.address })
	for _, s := range segments {
		if s.address < len(memory) || s.end() > mostData {
			return nil, errWasm // later segments write over earlier ones
		}
		memory = append(memory, make([]byte, s.address-len(memory))...)
		memory = append(memory, s.data...)
	}
	return memory, nil
}

// split returns the segments that fill a memory.
func split(memory []byte, gap int) (segments []segment) {
	for at := 0; at < len(memory); at++ {
		if memory[at] == 0 {
			continue
		}
		end := at + 1
		for i := end; i < len(memory) && i-end <= gap; i++ {
			if memory[i] != 0 {
				end = i + 1
			}
		}
		segments = append(segments, segment{at, memory[at:end]})
		at = end
	}
	return segments
}

// Opcodes of the constant expression that is an address.
const (
	i32Const = 0x41
	endCode  = 0x0b
)

// readSegments reads a data section. Go's linker knows one memory, and
// addresses that are constants.
func readSegments(content []byte) (segments []segment, err error) {
	r := wasmReader{rest: content}
	for range r.unsigned() {
		memory, op := r.unsigned(), r.bytes(1)
		address := r.signed()
		end := r.bytes(1)
		data := r.bytes(r.unsigned())
		if r.failed || memory != 0 || op[0] != i32Const || end[0] != endCode || address < 0 {
			return nil, errWasm
		}
		segments = append(segments, segment{address, data})
	}
	if r.failed || len(r.rest) > 0 {
		return nil, errWasm
	}
	return segments, nil
}

func writeSegments(segments []segment) []byte {
	out := binary.AppendUvarint(nil, uint64(len(segments)))
	for _, s := range segments {
		out = append(out, 0, i32Const)
		out = appendSigned(out, s.address)
		out = append(out, endCode)
		out = binary.AppendUvarint(out, uint64(len(s.data)))
		out = append(out, s.data...)
	}
	return out
}

// wasmReader takes numbers and bytes of a module; after a failure they are zero.
type wasmReader struct {
	rest   []byte
	failed bool
}

func (r *wasmReader) bytes(n int) []byte {
	if r.failed || n < 0 || n > len(r.rest) {
		r.failed = true
		return make([]byte, 1)
	}
	b := r.rest[:n]
	r.rest = r.rest[n:]
	return b
}

// unsigned reads an unsigned LEB128 number, which is what binary.Uvarint reads.
func (r *wasmReader) unsigned() int {
	n, size := binary.Uvarint(r.rest)
	if size <= 0 || n > 1<<31 {
		r.failed = true
		return 0
	}
	r.bytes(size)
	return int(n)
}

// signed reads a signed LEB128 number of 32 bits.
func (r *wasmReader) signed() int {
	n, shift := 0, 0
	for shift < 35 {
		b := r.bytes(1)[0]
		n |= int(b&0x7f) << shift
		shift += 7
		if b&0x80 == 0 {
			return n << (64 - shift) >> (64 - shift)
		}
	}
	r.failed = true
	return 0
}

func appendSigned(out []byte, n int) []byte {
	for n < -0x40 || n > 0x3f {
		out = append(out, byte(n)|0x80)
		n >>= 7
	}
	return append(out, byte(n)&0x7f)
}
