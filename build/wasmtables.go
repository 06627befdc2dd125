package main

import (
	"bytes"
	"encoding/binary"
)

// functionTables are pcHeader, moduledata (runtime/symtab.go) and the records of
// functions (runtime/runtime2.go) in the memory of a program. cmd/link writes
// them one behind the other, but for moduledata, which is among the variables.
type functionTables struct {
	memory    []byte
	module    int // where moduledata is
	functions []function
	afterLast uint32 // the entry after that of the last function
}

const (
	headerMagic = "\xf1\xff\xff\xff\x00\x00\x01\x08" // a version, the quantum of addresses, the size of a pointer
	headerSize  = 72
	recordSize  = 44
	noData      = 1<<32 - 1

	// A function is found by its number from records of 20 bytes, 16 of them for
	// each, as if addresses within it were spread over them; they are not, and
	// of the first a number and one byte that is added are used.
	searchSize   = 4 + 1
	searchStride = 16 * 20
)

// Words of moduledata; a slice has three.
const (
	headerWord    = 0
	namesWord     = 1
	unitsWord     = 4
	filesWord     = 7
	tablesWord    = 10
	recordsWord   = 13
	functionsWord = 16
	searchWord    = 19
	dataWord      = 40
	endWord       = 41
)

// offsetWords are those whose tables the header has the offsets of.
var offsetWords = []int{namesWord, unitsWord, filesWord, tablesWord, recordsWord}

// pointersTable is the table of a function that tells which of the maps of
// pointers holds at an address. Of those beside it one is for traces, and one for
// threads that are interrupted, which WebAssembly has not.
const pointersTable = 1

// Data of a function that it runs by. The others, of inlined calls, arguments
// and wrappers, are printed or profiled.
const (
	argumentsData = 0 // maps of the pointers in them
	localsData    = 1
	objectsData   = 2
	defersData    = 4
	keptData      = 5
)

// function is the record of one. Offsets of 0 stand for no name and no table.
type function struct {
	entry, name, args, deferReturn uint32
	frame                          uint32 // table of the frame's size
	kind                           [3]byte
	tables, data                   []uint32
}

// pointers is the table that tells which of the maps of pointers holds.
func (f *function) pointers() uint32 {
	if pointersTable < len(f.tables) {
		return f.tables[pointersTable]
	}
	return 0
}

func (t *functionTables) word(n int) int { return t.long(t.module + 8*n) }

func (t *functionTables) setWord(n, value int) { t.setLong(t.module+8*n, value) }

func (t *functionTables) long(address int) int {
	return int(binary.LittleEndian.Uint64(t.memory[address:]))
}

func (t *functionTables) setLong(address, value int) {
	binary.LittleEndian.PutUint64(t.memory[address:], uint64(value))
}

func (t *functionTables) half(address int) uint32 {
	return binary.LittleEndian.Uint32(t.memory[address:])
}

// readTables finds and reads the tables.
func readTables(memory []byte) (t *functionTables, err error) {
	defer notTables(&err)
	t = &functionTables{memory: memory}
	header := bytes.Index(memory, []byte(headerMagic))
	count := t.long(header + 8)
	// moduledata starts with the addresses of the header and of the names.
	start := binary.LittleEndian.AppendUint64(nil, uint64(header))
	start = binary.LittleEndian.AppendUint64(start, uint64(header+t.long(header+32)))
	t.module = bytes.Index(memory, start)
	if header%8 != 0 || t.module%8 != 0 || !t.inOrder(header, count) {
		return nil, errTables
	}
	at := t.word(functionsWord)
	for range count {
		f := t.record(t.word(recordsWord) + int(t.half(at+4)))
		if f.entry != t.half(at) {
			return nil, errTables
		}
		t.functions = append(t.functions, f)
		at += 8
	}
	t.afterLast = t.half(at)
	return t, nil
}

// notTables is deferred where addresses in the tables are followed: those that
// lead out of the memory belong to something else.
func notTables(err *error) {
	if recover() != nil {
		*err = errTables
	}
}

// inOrder reports whether moduledata and the header tell of the same tables, and
// those lie as they are known to.
func (t *functionTables) inOrder(header, count int) bool {
	end := header + headerSize
	for i, word := range offsetWords {
		address, size := t.word(word), t.word(word+1)
		if word == unitsWord {
			size *= 4
		}
		if address != header+t.long(header+32+8*i) || address < end || t.word(word+1) != t.word(word+2) {
			return false
		}
		end = address + size
	}
	return count > 0 && t.word(functionsWord) == t.word(recordsWord) && t.word(functionsWord+1) == count+1 &&
		end <= t.word(dataWord) && t.word(dataWord) < t.word(searchWord) && t.word(searchWord) < t.word(endWord) && t.word(endWord) <= len(t.memory)
}

func (t *functionTables) record(at int) function {
	f := function{entry: t.half(at), name: t.half(at + 4), args: t.half(at + 8), deferReturn: t.half(at + 12),
		frame: t.half(at + 16), kind: [3]byte(t.memory[at+40:])}
	tables, data := t.half(at+28), t.memory[at+recordSize-1]
	at += recordSize
	for range tables {
		f.tables = append(f.tables, t.half(at))
		at += 4
	}
	for range data {
		f.data = append(f.data, t.half(at))
		at += 4
	}
	return f
}

func (t *functionTables) name(offset uint32) string {
	if offset == 0 {
		return ""
	}
	name, _, _ := bytes.Cut(t.memory[t.word(namesWord)+int(offset):], []byte{0})
	return string(name)
}

// table returns a table by address: pairs of numbers, how much the value differs
// from that of the pair before and for how long it holds, until a value that does
// not differ. The last value holds to the end of the function; it is made to hold
// for longer, so that more tables are the same.
func (t *functionTables) table(offset uint32) string {
	if offset == 0 {
		return ""
	}
	rest := t.memory[t.word(tablesWord)+int(offset):]
	var out, length []byte
	for first := true; first || rest[0] != 0; first = false {
		_, value := binary.Uvarint(rest)
		_, size := binary.Uvarint(rest[value:])
		out = append(append(out, length...), rest[:value]...)
		length, rest = rest[value:value+size], rest[value+size:]
	}
	switch len(length) {
	case 1:
		length = []byte{0x7f}
	case 2:
		length = []byte{0xff, 0x7f}
	}
	return string(append(append(out, length...), 0))
}

// datum returns what a function has of a kind of data.
func (t *functionTables) datum(f function, kind int) string {
	if kind >= len(f.data) || f.data[kind] == noData {
		return ""
	}
	at := t.word(dataWord) + int(f.data[kind])
	size := 0
	switch kind {
	case argumentsData, localsData: // a number of maps, the bits of each, the maps
		size = (8 + int(t.half(at))*((int(t.half(at+4))+7)/8) + 3) &^ 3
	case objectsData: // a number of objects, those
		size = 8 + t.long(at)*16
	case defersData: // two numbers
		_, size = binary.Uvarint(t.memory[at:])
		_, second := binary.Uvarint(t.memory[at+size:])
		size += second
	}
	return string(t.memory[at:][:size])
}
