package main

import "encoding/binary"

// straighten makes jumps direct where they can be. Go's assembler lays the parts
// of a function out one after the other, each behind the end of a block of its
// own, in a loop that begins with a table: a function that is resumed, when a
// call in it returns on another goroutine's time, goes to its place by that
// table. So does each jump, which sets the number of the place and goes round the
// loop. Forwards, the end of the block is in reach of a branch: that takes less
// time and fewer bytes, and shows an engine what follows what. Jumps backwards
// stay. Places to which nothing goes by the table any more leave it, so that an
// engine need not reckon with it everywhere.
//
// A function that has another form is left as it is.
func (t *functionTables) straighten(bodies [][]byte) (jumps int) {
	deferReturns := map[int]int{}
	for _, f := range t.functions {
		deferReturns[int(f.entry)] = int(f.deferReturn)
	}
	for i, body := range bodies {
		entry := firstEntry + i
		// Where functions begin, a function that has to be resumed behind its
		// beginning, which the runtime starts goroutines with the end of, and
		// where one goes on that has recovered.
		j := jumpReader{wasmReader: wasmReader{rest: body}, entry: entry, needed: map[int]bool{0: true, 1: true, deferReturns[entry]: true}}
		if straight, n := j.straighten(body); n > 0 {
			bodies[i] = straight
			jumps += n
		}
	}
	return jumps
}

// jumpReader reads the code of a function.
type jumpReader struct {
	wasmReader
	entry  int
	places []int        // by number, the block of the table at whose end the place is
	needed map[int]bool // the numbers that the table is asked for

	blocks int // of the table
	left   int // of these, the open ones
	inner  int // open blocks in these
}

func (j *jumpReader) straighten(body []byte) (straight []byte, jumps int) {
	for range j.unsigned() { // variables
		j.unsigned()
		j.bytes(1)
	}
	if !j.take("\x23\x00\x21\x01") { // the stack pointer, from its global to its variable
		return nil, 0 // it is assembly
	}
	unwinds := j.take("\x02\x40") // the block by whose end a function leaves that is to be resumed
	head := body[:len(body)-len(j.rest)]
	if !j.take("\x03\x40") { // the loop
		return nil, 0
	}
	for j.take("\x02\x40") {
		j.blocks++
	}
	if j.left = j.blocks; j.blocks == 0 || !j.take("\x20\x00\x0e") { // the table, which takes the first variable
		return nil, 0
	}
	j.places = make([]int, j.unsigned()+1)
	for i := range j.places {
		j.places[i] = j.unsigned()
	}
	var code []byte
	for j.inner+j.left >= 0 {
		at := j.rest
		if depth, ok := j.forward(0); ok {
			code = append(code, codeBranch)
			code = binary.AppendUvarint(code, uint64(depth))
			jumps++
			continue
		}
		if j.take("\x04\x40") { // a condition, and nothing but a jump
			if depth, ok := j.forward(1); ok && j.take("\x0b") {
				code = append(code, codeBranchIf)
				code = binary.AppendUvarint(code, uint64(depth-1))
				jumps++
				continue
			}
			j.rest = at
		}
		op, number := j.instruction()
		switch {
		case op == codeBlock || op == codeLoop || op == codeIf:
			j.inner++
		case op == codeEnd && j.inner > 0:
			j.inner--
		case op == codeEnd:
			j.left--
		case op == codeLongConst && number>>16 == j.entry:
			j.needed[number&0xffff] = true // where a call returns to
		case (op == codeBranch || op == codeBranchIf) && unwinds && number == j.inner+j.left+1:
			code = append(code, op)
			code = binary.AppendUvarint(code, uint64(number+1)) // out of the block around the loop, too
			continue
		case (op == codeBranch || op == codeBranchIf) && number > j.inner+j.left:
			return nil, 0
		}
		if j.failed {
			return nil, 0
		}
		code = append(code, at[:len(at)-len(j.rest)]...)
	}
	end := "\x00\x0b"
	if unwinds {
		end = "\x00\x0b\x41\x01\x0b"
	}
	if string(j.rest) != end {
		return nil, 0
	}
	// What the table is not asked for is behind the end of a block around the loop:
	// the program ends there.
	straight = append(straight, head...)
	straight = append(straight, "\x02\x40\x03\x40"...)
	for range j.blocks {
		straight = append(straight, "\x02\x40"...)
	}
	straight = append(straight, "\x20\x00\x0e"...)
	last := len(j.places) - 1
	straight = binary.AppendUvarint(straight, uint64(last))
	for number, block := range j.places {
		if number < last && !j.needed[number] {
			block = j.blocks + 1
		}
		straight = binary.AppendUvarint(straight, uint64(block))
	}
	straight = append(append(straight, code...), codeEnd)
	return append(straight, j.rest...), jumps
}

// forward passes over a jump forwards, if one is next, which is so many blocks
// further in, and returns how many blocks its place is outwards.
func (j *jumpReader) forward(further int) (depth int, ok bool) {
	ahead := j.wasmReader
	if !ahead.take("\x41") {
		return 0, false
	}
	number := ahead.signed()
	if !ahead.take("\x21\x00\x0c") || ahead.unsigned() != j.inner+further+j.left || ahead.failed {
		return 0, false
	}
	ended := j.blocks - j.left
	if number < 0 || number >= len(j.places) || j.places[number] < ended {
		j.needed[number] = true // backwards
		return 0, false
	}
	j.rest = ahead.rest
	return j.inner + further + j.places[number] - ended, true
}
