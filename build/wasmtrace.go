package main

import (
	"cmp"
	"encoding/binary"
	"errors"
	"slices"
	"strings"
)

// tracedGo is the Go whose tables of functions dropLines knows. What any other
// links is left as it is: it works, and is larger.
const tracedGo = "go1.26"

var errTables = errors.New("the tables of functions in the WebAssembly are not those of " + tracedGo + ", which dropLines knows")

func (g goTool) traced() bool {
	return g.version == tracedGo || strings.HasPrefix(g.version, tracedGo+".")
}

// shrink takes out of a module that a Go has linked what the program can do
// without, detours among it.
func (g goTool) shrink(linked []byte) ([]byte, error) {
	m, err := readModule(linked)
	if err != nil {
		return nil, err
	}
	memory, err := m.memory()
	if err != nil {
		return nil, err
	}
	if g.traced() {
		t, err := readTables(memory)
		if err != nil {
			return nil, err
		}
		bodies, err := m.bodies(t)
		if err != nil {
			return nil, err
		}
		t.straighten(bodies)
		t.dropUnused(bodies)
		m.setBodies(bodies)
		columns, err := t.dropLines()
		if err != nil {
			return nil, err
		}
		if err := m.addStart(startBody(columns)); err != nil {
			return nil, err
		}
	}
	m.setMemory(memory, dataGap)
	return m.file(), nil
}

// dropLines takes out of the tables of functions what only a trace of the stack
// shows: files, lines, inlined calls and the values of arguments. Functions keep
// their names. What stacks are unwound, grown and searched for pointers by stays,
// and moves together; the rest of the tables' place becomes zeros. The records
// are left to the module's start, which makes them of the columns at the address
// that is returned.
func (t *functionTables) dropLines() (columns int, err error) {
	defer notTables(&err)
	// Places 0 stand for none.
	names, tables, data := pieces{bytes: []byte{0}}, pieces{bytes: []byte{0}}, pieces{}
	var tableTexts []string
	var dataTexts [keptData][]string
	for _, f := range t.functions {
		tableTexts = append(tableTexts, t.table(f.frame), t.table(f.pointers()))
		for kind := range keptData {
			dataTexts[kind] = append(dataTexts[kind], t.datum(f, kind))
		}
	}
	tables.layByUse(tableTexts)
	// What lies at multiples of eight comes first, and of one last.
	for _, kind := range []int{objectsData, argumentsData, localsData, defersData} {
		data.layByUse(dataTexts[kind])
	}
	r := records{index: make([]byte, 8*len(t.functions)+8)}
	for i, f := range t.functions {
		if f.entry != uint32(firstEntry+i) {
			return 0, errTables
		}
		r.numbers = append(r.numbers, uint32(i))
		r.entries = append(r.entries, f.entry)
		r.offsets = append(r.offsets, uint32(len(r.index)+i*shortRecord))
		r.names = append(r.names, uint32(len(names.bytes)))
		names.bytes = append(append(names.bytes, t.name(f.name)...), 0)
		r.args = append(r.args, f.args)
		r.deferReturns = append(r.deferReturns, f.deferReturn)
		r.frames = append(r.frames, tables.place[t.table(f.frame)])
		r.pointers = append(r.pointers, tables.place[t.table(f.pointers())])
		r.counts = append(r.counts, pointersTable+1)
		r.kinds = append(r.kinds, binary.LittleEndian.Uint32([]byte{f.kind[0], f.kind[1], f.kind[2], keptData}))
		for kind := range keptData {
			place := uint32(noData)
			if text := t.datum(f, kind); text != "" {
				place = data.place[text]
			}
			r.data[kind] = append(r.data[kind], place)
		}
	}
	binary.LittleEndian.PutUint32(r.index[8*len(t.functions):], t.afterLast)
	return t.replace(names.bytes, tables.bytes, data.bytes, &r)
}

// records are the columns of the records of functions, and of the tables by which
// they are found.
type records struct {
	index                                          []byte // its last record is not a function's
	numbers, entries, offsets, names, args, frames []uint32
	deferReturns, pointers, counts, kinds          []uint32
	data                                           [keptData][]uint32
}

// shortRecord is the size of a record with two tables and the kept data.
const shortRecord = recordSize + 4*(pointersTable+1) + 4*keptData

// replace writes the tables anew, from where their header is.
func (t *functionTables) replace(names, tables, data []byte, r *records) (columns int, err error) {
	header, search, end := t.word(headerWord), t.word(searchWord), t.word(endWord)
	start := header + headerSize
	var out []byte
	put := func(table []byte) (address int) {
		out = append(out, make([]byte, -len(out)&7)...)
		address = start + len(out)
		out = append(out, table...)
		return address
	}
	slice := func(word, address, size int) {
		t.setWord(word, address)
		t.setWord(word+1, size)
		t.setWord(word+2, size)
	}
	slice(namesWord, put(names), len(names))
	slice(unitsWord, put(nil), 0)
	slice(filesWord, put(nil), 0)
	slice(tablesWord, put(tables), len(tables))
	functions := put(r.index)
	first := put(make([]byte, shortRecord*len(r.entries)))
	slice(recordsWord, functions, start+len(out)-functions)
	t.setWord(functionsWord, functions)
	t.setWord(dataWord, put(data))

	list := []column{
		{address: search, stride: searchStride, sums: true, values: r.numbers},
		{address: functions, stride: 8, sums: true, values: r.entries},
		{address: functions + 4, stride: 8, sums: true, values: r.offsets},
		{address: first, stride: shortRecord, sums: true, values: r.entries},
		{address: first + 4, stride: shortRecord, sums: true, values: r.names},
		{address: first + 8, stride: shortRecord, values: r.args},
		{address: first + 12, stride: shortRecord, values: r.deferReturns},
		{address: first + 16, stride: shortRecord, values: r.frames},
		{address: first + 28, stride: shortRecord, values: r.counts},
		{address: first + 40, stride: shortRecord, values: r.kinds},
		{address: first + recordSize + 4*pointersTable, stride: shortRecord, values: r.pointers},
	}
	for kind, places := range r.data {
		// There often is none, which is the largest number, and so 0 is written.
		at := first + shortRecord - 4*(keptData-kind)
		list = append(list, column{address: at, stride: shortRecord, less: 1, values: places})
	}
	columns = put(writeColumns(list))
	if start+len(out) > search || search+searchStride*(len(r.entries)-1)+searchSize > end {
		return 0, errTables
	}
	clear(t.memory[start:end])
	copy(t.memory[start:], out)
	// The header says the same; only tools outside the program read it there.
	t.setLong(header+16, 0) // files
	for i, word := range offsetWords {
		t.setLong(header+32+8*i, t.word(word)-header)
	}
	return columns, nil
}

// pieces are texts that lie one behind the other, each once.
type pieces struct {
	bytes []byte
	place map[string]uint32
}

// lay adds those of the texts that are new; there is no place for an empty one,
// which stands for none.
func (p *pieces) lay(texts []string) {
	if p.place == nil {
		p.place = map[string]uint32{}
	}
	for _, text := range texts {
		if _, laid := p.place[text]; !laid && text != "" {
			p.place[text] = uint32(len(p.bytes))
			p.bytes = append(p.bytes, text...)
		}
	}
}

// layByUse lays those first that occur most, so that the numbers of their places
// are small and alike.
func (p *pieces) layByUse(texts []string) {
	uses := map[string]int{}
	for _, text := range texts {
		uses[text]++
	}
	texts = slices.Clone(texts)
	slices.SortStableFunc(texts, func(a, b string) int { return cmp.Compare(uses[b], uses[a]) })
	p.lay(texts)
}
