package main

import (
	"encoding/binary"
	"errors"
	"slices"
)

// wasmHead is what a module starts with.
const wasmHead = "\x00asm\x01\x00\x00\x00"

// Sections of a module.
const (
	typeSection     = 1
	importSection   = 2
	functionSection = 3
	startSection    = 8
	elementSection  = 9
	codeSection     = 10
	dataSection     = 11
)

var errWasm = errors.New("the linker's WebAssembly has a form that the build does not know")

// wasmModule is a module in its sections.
type wasmModule []wasmSection

type wasmSection struct {
	id      byte
	content []byte
}

func readModule(file []byte) (m wasmModule, err error) {
	if len(file) < len(wasmHead) || string(file[:len(wasmHead)]) != wasmHead {
		return nil, errWasm
	}
	for r := (wasmReader{rest: file[len(wasmHead):]}); len(r.rest) > 0; {
		id := r.bytes(1)[0]
		content := r.bytes(r.unsigned())
		if r.failed {
			return nil, errWasm
		}
		m = append(m, wasmSection{id, content})
	}
	return m, nil
}

func (m wasmModule) file() []byte {
	out := []byte(wasmHead)
	for _, s := range m {
		out = append(out, s.id)
		out = binary.AppendUvarint(out, uint64(len(s.content)))
		out = append(out, s.content...)
	}
	return out
}

// section returns the one of that id, or nil when there is none.
func (m wasmModule) section(id byte) *wasmSection {
	i := slices.IndexFunc(m, func(s wasmSection) bool { return s.id == id })
	if i < 0 {
		return nil
	}
	return &m[i]
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
	b := r.rest[:n:n] // what is appended to it goes elsewhere
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
func (r *wasmReader) signed() int { return r.signedOf(32) }

// long reads one of 64 bits.
func (r *wasmReader) long() int { return r.signedOf(64) }

func (r *wasmReader) signedOf(bits int) int {
	n, shift := 0, 0
	for shift < bits {
		b := r.bytes(1)[0]
		n |= int(b&0x7f) << shift
		shift += 7
		if b&0x80 == 0 {
			if shift >= 64 {
				return n
			}
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
