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

// shrink takes out of a module that a Go has linked what the program can do
// without.
func (g goTool) shrink(linked []byte) ([]byte, error) {
	m, err := readModule(linked)
	if err != nil {
		return nil, err
	}
	memory, err := m.memory()
	if err != nil {
		return nil, err
	}
	if g.version == tracedGo || strings.HasPrefix(g.version, tracedGo+".") {
		t, err := readTables(memory)
		if err != nil {
			return nil, err
		}
		if err := m.dropUnused(t); err != nil {
			return nil, err
		}
		if err := t.dropLines(); err != nil {
			return nil, err
		}
	}
	m.setMemory(memory, dataGap)
	return m.file(), nil
}

// dropLines takes out of the tables of functions what only a trace of the stack
// shows: files, lines, inlined calls and the values of arguments. Functions keep
// their names. What stacks are unwound, grown and searched for pointers by stays,
// and moves together; the rest of the tables' place becomes zeros.
func (t *functionTables) dropLines() (err error) {
	defer notTables(&err)
	// Places 0 stand for none.
	names, tables, data := pieces{bytes: []byte{0}}, pieces{bytes: []byte{0}}, pieces{}
	var nameTexts, tableTexts []string
	var dataTexts [keptData][]string
	for _, f := range t.functions {
		nameTexts = append(nameTexts, t.name(f.name))
		tableTexts = append(tableTexts, t.table(f.frame), t.table(f.pointers()))
		for kind := range keptData {
			dataTexts[kind] = append(dataTexts[kind], t.datum(f, kind))
		}
	}
	names.lay(nameTexts)
	tables.layByUse(tableTexts)
	// What lies at multiples of eight comes first, and of one last.
	for _, kind := range []int{objectsData, argumentsData, localsData, defersData} {
		data.layByUse(dataTexts[kind])
	}

	half := binary.LittleEndian.AppendUint32
	indexSize := 8*len(t.functions) + 8
	var index, records []byte
	for _, f := range t.functions {
		index = half(half(index, f.entry), uint32(indexSize+len(records)))
		for _, n := range []uint32{f.entry, names.place[t.name(f.name)], f.args, f.deferReturn, tables.place[t.table(f.frame)], 0, 0} {
			records = half(records, n)
		}
		var lists []uint32
		pointers := tables.place[t.table(f.pointers())]
		if pointers != 0 {
			lists = append(lists, 0, pointers)
		}
		records = half(half(half(records, uint32(len(lists))), 0), 0)
		places := len(lists)
		for kind := range keptData {
			if text := t.datum(f, kind); text != "" {
				for len(lists) < places+kind {
					lists = append(lists, noData)
				}
				lists = append(lists, data.place[text])
			}
		}
		records = append(append(records, f.kind[:]...), byte(len(lists)-places))
		for _, n := range lists {
			records = half(records, n)
		}
	}
	index = half(half(index, t.afterLast), 0)
	return t.replace(names.bytes, tables.bytes, append(index, records...), data.bytes)
}

// replace writes the tables anew, from where their header is.
func (t *functionTables) replace(names, tables, records, data []byte) error {
	header, end := t.word(headerWord), t.word(searchWord)
	at := header + headerSize
	var out []byte
	put := func(table []byte) (address int) {
		out = append(out, make([]byte, -len(out)&7)...)
		address = at + len(out)
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
	address := put(records)
	slice(recordsWord, address, len(records))
	t.setWord(functionsWord, address)
	t.setWord(dataWord, put(data))
	if at+len(out) > end {
		return errTables
	}
	clear(t.memory[at:end])
	copy(t.memory[at:], out)
	// The header says the same; only tools outside the program read it there.
	t.setLong(header+16, 0) // files
	for i, word := range offsetWords {
		t.setLong(header+32+8*i, t.word(word)-header)
	}
	return nil
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
