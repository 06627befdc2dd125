package main

import "encoding/binary"

// column is one number of every record of a table whose records lie a stride
// apart. Records are all alike and hardly two numbers that follow one another in
// the file are, which is the worst there is for compression; so the file has
// the columns, and the module's start function writes the records.
type column struct {
	address, stride int
	sums            bool   // each value is added to the one before
	less            uint32 // each value is stored as so much less
	values          []uint32
}

// columnHead is the size of what precedes the values of a column.
const columnHead = 20

// writeColumns returns the columns as the start function reads them: of each its
// address, its stride, whether it sums (1 or 0), what is taken off, and the
// address where it ends, in words; then the values as LEB128 numbers. A zero
// ends the list.
func writeColumns(columns []column) (out []byte) {
	word := binary.LittleEndian.AppendUint32
	for _, c := range columns {
		sums := uint32(0)
		if c.sums {
			sums = 1
		}
		out = word(word(word(out, uint32(c.address)), uint32(c.stride)), sums)
		out = word(word(out, c.less), uint32(c.address+c.stride*len(c.values)))
		last := uint32(0)
		for _, value := range c.values {
			out = binary.AppendUvarint(out, uint64(value-last*sums+c.less))
			last = value
		}
	}
	return word(out, 0)
}

// Variables of the start function.
const (
	varFrom = iota
	varTo
	varEnd
	varStride
	varSums
	varLess
	varLast
	varValue
	varShift
	varByte
	varCount
)

// Instructions, those for 32 bits.
const (
	opLoop     = "\x03\x40"
	opEnd      = "\x0b"
	opRepeat   = "\x0d" // and of how many loops outwards; takes a condition
	opGet      = "\x20"
	opSet      = "\x21"
	opTee      = "\x22"
	opLoad     = "\x28\x00" // and an offset; at any address
	opLoadByte = "\x2d\x00\x00"
	opStore    = "\x36\x00\x00"
	opConst    = "\x41"
	opDiffers  = "\x47"
	opAdd      = "\x6a"
	opSubtract = "\x6b"
	opMultiply = "\x6c"
	opAnd      = "\x71"
	opOr       = "\x72"
	opShift    = "\x74"
)

// startBody is the code that writes the columns that are at an address.
func startBody(address int) []byte {
	get := func(name byte) string { return opGet + string([]byte{name}) }
	set := func(name byte) string { return opSet + string([]byte{name}) }
	number := func(n int) string { return opConst + string(appendSigned(nil, n)) }
	head := func(offset byte, name byte) string { return get(varFrom) + opLoad + string([]byte{offset}) + set(name) }
	step := func(name byte, by string) string { return get(name) + by + opAdd + set(name) }
	code := number(address) + set(varFrom) +
		opLoop +
		/**/ head(0, varTo) + head(4, varStride) + head(8, varSums) + head(12, varLess) + head(16, varEnd) +
		/**/ step(varFrom, number(columnHead)) + number(0) + set(varLast) +
		/**/ opLoop +
		/**/ /**/ number(0) + set(varValue) + number(0) + set(varShift) +
		/**/ /**/ opLoop +
		/**/ /**/ /**/ get(varFrom) + opLoadByte + set(varByte) + step(varFrom, number(1)) +
		/**/ /**/ /**/ get(varValue) + get(varByte) + number(0x7f) + opAnd + get(varShift) + opShift + opOr + set(varValue) +
		/**/ /**/ /**/ step(varShift, number(7)) +
		/**/ /**/ /**/ get(varByte) + number(0x80) + opAnd + opRepeat + "\x00" +
		/**/ /**/ opEnd +
		/**/ /**/ get(varTo) + get(varLast) + get(varSums) + opMultiply + get(varValue) + opAdd + get(varLess) + opSubtract +
		/**/ /**/ opTee + string([]byte{varLast}) + opStore +
		/**/ /**/ step(varTo, get(varStride)) + get(varTo) + get(varEnd) + opDiffers + opRepeat + "\x00" +
		/**/ opEnd +
		/**/ get(varFrom) + opLoad + "\x00" + opRepeat + "\x00" +
		opEnd
	const variables = "\x01" + string(rune(varCount)) + "\x7f" // one group, all of 32 bits
	return []byte(variables + code + opEnd)
}

// addStart adds a function that runs when the module is instantiated.
func (m *wasmModule) addStart(body []byte) error {
	types, functions, code := m.section(typeSection), m.section(functionSection), m.section(codeSection)
	imported, err := m.imports()
	if err != nil || types == nil || functions == nil || code == nil || m.section(startSection) != nil {
		return errWasm
	}
	kind := types.add([]byte("\x60\x00\x00")) // a function of nothing, with no result
	functions.add(binary.AppendUvarint(nil, uint64(kind)))
	number := code.add(append(binary.AppendUvarint(nil, uint64(len(body))), body...))
	start := wasmSection{startSection, binary.AppendUvarint(nil, uint64(imported+number))}
	for i, s := range *m {
		if s.id >= elementSection {
			*m = append((*m)[:i:i], append(wasmModule{start}, (*m)[i:]...)...)
			return nil
		}
	}
	return errWasm
}

// imports returns how many functions the module imports; Go's imports are all
// functions.
func (m wasmModule) imports() (count int, err error) {
	section := m.section(importSection)
	if section == nil {
		return 0, nil
	}
	r := wasmReader{rest: section.content}
	count = r.unsigned()
	for range count {
		r.bytes(r.unsigned()) // the module's name
		r.bytes(r.unsigned())
		if kind := r.bytes(1); kind[0] != 0 {
			return 0, errWasm
		}
		r.unsigned() // its type
	}
	if r.failed || len(r.rest) > 0 {
		return 0, errWasm
	}
	return count, nil
}

// add appends an item to a section that is a list, and returns its number.
func (s *wasmSection) add(item []byte) (number int) {
	r := wasmReader{rest: s.content}
	number = r.unsigned()
	s.content = append(append(binary.AppendUvarint(nil, uint64(number)+1), r.rest...), item...)
	return number
}
