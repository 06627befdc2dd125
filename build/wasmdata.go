package main

import (
	"encoding/binary"
	"slices"
)

// dataGap is how many zero bytes between two pieces of data are written out
// rather than left out. Go's linker leaves out eight and more, and gives each
// piece, of which there are some ten thousands, an address of its own. Zeros
// cost next to nothing once they are compressed, and addresses do not: writing
// the zeros makes the file a tenth larger, and what is downloaded a fifteenth
// smaller.
const dataGap = 256

// memory returns what the module's data makes of its memory, from address 0.
func (m wasmModule) memory() ([]byte, error) {
	section := m.section(dataSection)
	if section == nil {
		return nil, nil
	}
	segments, err := readSegments(section.content)
	if err != nil {
		return nil, err
	}
	return fill(segments)
}

// setMemory writes it in segments that have more than gap zeros between them.
func (m wasmModule) setMemory(memory []byte, gap int) {
	if section := m.section(dataSection); section != nil {
		section.content = writeSegments(split(memory, gap))
	}
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
