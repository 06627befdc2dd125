package main

import "encoding/binary"

// firstEntry is the entry of the first function of a module's code.
const firstEntry = 0x1000

// bodies returns the code of a module's functions: that of the entry firstEntry
// and those behind it.
func (m wasmModule) bodies(t *functionTables) (bodies [][]byte, err error) {
	code := m.section(codeSection)
	if code == nil {
		return nil, errWasm
	}
	r := wasmReader{rest: code.content}
	for range r.unsigned() {
		bodies = append(bodies, r.bytes(r.unsigned()))
	}
	if r.failed || len(r.rest) > 0 || firstEntry+len(bodies) != int(t.afterLast) {
		return nil, errTables
	}
	return bodies, nil
}

func (m wasmModule) setBodies(bodies [][]byte) {
	out := binary.AppendUvarint(nil, uint64(len(bodies)))
	for _, body := range bodies {
		out = binary.AppendUvarint(out, uint64(len(body)))
		out = append(out, body...)
	}
	m.section(codeSection).content = out
}

// First bytes of instructions, and what a block has that gives no result.
const (
	codeBlock       = 0x02
	codeLoop        = 0x03
	codeIf          = 0x04
	codeEnd         = 0x0b
	codeBranch      = 0x0c
	codeBranchIf    = 0x0d
	codeBranchTable = 0x0e
	codeLongConst   = 0x42

	noResult = 0x40
)

// instruction passes over one and returns its first byte, and its number if it
// has one.
func (r *wasmReader) instruction() (code byte, number int) {
	switch code = r.bytes(1)[0]; {
	case code == codeBlock || code == codeLoop || code == codeIf:
		if r.bytes(1)[0] != noResult {
			r.failed = true // Go has no others
		}
	case code == codeBranch || code == codeBranchIf || code == 0x10 || code >= 0x20 && code <= 0x24: // call, variables
		number = r.unsigned()
	case code == codeBranchTable:
		for range r.unsigned() + 1 {
			r.unsigned()
		}
	case code == 0x11 || code >= 0x28 && code <= 0x3e: // call_indirect, loads and stores
		r.unsigned()
		r.unsigned()
	case code == 0x3f || code == 0x40: // size of the memory
		r.bytes(1)
	case code == 0x41 || code == codeLongConst:
		number = r.long()
	case code == 0x43:
		r.bytes(4)
	case code == 0x44:
		r.bytes(8)
	case code == 0xfc:
		switch r.unsigned() {
		case 0, 1, 2, 3, 4, 5, 6, 7: // conversions
		case 10: // memory.copy
			r.bytes(2)
		case 11: // memory.fill
			r.bytes(1)
		default:
			r.failed = true
		}
	case code <= 0x01 || code == 0x05 || code == codeEnd || code == 0x0f || code == 0x1a || code == 0x1b || code >= 0x45 && code <= 0xc4:
		// nop and unreachable, else, end, return, drop, select, arithmetic
	default:
		r.failed = true
	}
	return code, number
}

// take passes over bytes if they are next.
func (r *wasmReader) take(bytes string) bool {
	if len(r.rest) < len(bytes) || string(r.rest[:len(bytes)]) != bytes {
		return false
	}
	r.rest = r.rest[len(bytes):]
	return true
}
