package main

import (
	"math/bits"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// Entries of a search are nearly all of what crosses the border, so they have
// a form of their own that the other side reads in one tight loop:
//
//	special entries, count, then for each entry
//	  flags, dn, [requestID], number of attributes, then for each
//	    key cell [name], number of values, value cells
//	  and [controls]
const (
	entryHasID       = 1
	entryHasControls = 2
	entryRepeats     = 4 // a name may occur twice: values have to be joined
)

// entryTable is the sink that writes entries while they are read, so that there
// is nothing in between.
type entryTable struct {
	a       *answer
	special int // one of the special values: how entries are announced
	runs    int // lists of entries that were begun since begin
	count   int // the cell of the open list; 0: none is open

	open   bool // an entry is being written
	begun  size // where it begins
	flags  int  // its cells
	attrs  int
	values int

	names []tableName // by number in the Decoder
	entry uint32      // serial number of the entry
}

// tableName is what the table knows of a name.
type tableName struct {
	key  int32  // the key cell plus keyOffset; 0: not known yet
	last uint32 // the entry that had it last
}

const (
	keyNone   = -1 // the name crosses as text
	keyOffset = 1  // keeps key cells from 0
)

// size is how much stands in an answer.
type size struct{ table, narrow, wide, blob int }

func (a *answer) size() size {
	return size{len(a.table), len(a.narrow), len(a.wide), len(a.blob)}
}

// headCells is the number of cells before the first entry of an answer that
// begins with entries: the list, and the special value with the count.
const headCells = 3

// begin begins an answer with a list. What stands in the last one of an entry
// that is not complete comes first in it.
func (t *entryTable) begin() {
	a := t.a
	t.runs, t.count = 0, 0
	if !t.open {
		a.empty()
		a.list(0)
		return
	}
	shift := t.begun.table - headCells
	if shift > 0 {
		a.table = a.table[:headCells+copy(a.table[headCells:], a.table[t.begun.table:])]
	}
	a.narrow = a.narrow[:copy(a.narrow, a.narrow[t.begun.narrow:])]
	a.wide = a.wide[:copy(a.wide, a.wide[t.begun.wide:])]
	a.blob = a.blob[:copy(a.blob, a.blob[t.begun.blob:])]
	a.table[0] = tagList
	t.begun = size{table: headCells}
	t.flags, t.attrs, t.values = t.flags-shift, t.attrs-shift, t.values-shift
	t.head(1)
}

// head announces a list of entries at a cell.
func (t *entryTable) head(at int) {
	t.runs++
	t.a.table[at], t.a.table[at+1] = int32(t.special<<3|tagSpecial), 0
	t.count = at + 1
}

// end ends an answer that has so many other items. It returns how much of what
// is written belongs to it.
func (t *entryTable) end(others int) size {
	all := t.a.size()
	if t.open {
		all = t.begun
		if t.a.table[t.count] == 0 {
			all.table -= 2
			t.runs--
		}
	}
	t.a.table[0] = int32((t.runs+others)<<3 | tagList)
	return all
}

func (t *entryTable) BeginEntry(dn []byte, id dsml.Optional) {
	a := t.a
	if t.count == 0 {
		a.table = append(a.table, 0, 0)
		t.head(len(a.table) - 2)
	}
	t.open = true
	t.begun = a.size()
	t.flags = len(a.table)
	a.table = append(a.table, 0)
	a.characters(dn, -1)
	if id.Set {
		a.table[t.flags] = entryHasID
		a.text(id.Value)
	}
	t.attrs = len(a.table)
	a.table = append(a.table, 0)
	t.entry++
	if t.entry == 0 {
		clear(t.names)
		t.entry = 1
	}
}

func (t *entryTable) BeginAttr(name *dsml.AttributeName) {
	a := t.a
	a.table[t.attrs]++
	n := name.Number
	if n >= len(t.names) && n >= 0 {
		t.names = append(t.names, make([]tableName, n+1-len(t.names))...)
	}
	key := int32(keyNone)
	if n >= 0 {
		known := &t.names[n]
		if known.key == 0 {
			known.key = keyNone
			if i, ok := a.names.number(name.Text); ok {
				known.key = i<<1 + keyOffset
			}
		}
		if known.last == t.entry {
			a.table[t.flags] |= entryRepeats
		}
		known.last = t.entry
		key = known.key
	}
	if key == keyNone {
		a.table[t.flags] |= entryRepeats
		a.table = append(a.table, keyFollows)
		a.text(name.Text)
	} else {
		a.table = append(a.table, key-keyOffset)
	}
	t.values = len(a.table)
	a.table = append(a.table, 0)
}

func (t *entryTable) AttrValue(data []byte, typ dsml.ValueType, units int) {
	t.Step(data, typ, units, nil)
}

// shortText is the length up to which text is copied at once, whatever its
// length is. It is copied in words: of arrays, which could overlap, the compiler
// makes a call.
const shortText = 32

// Step is written so that what is most common goes straight through it: in
// WebAssembly made of Go, jumps and calls are dear.
func (t *entryTable) Step(data []byte, typ dsml.ValueType, units int, next *dsml.AttributeName) {
	a := t.a
	a.table[t.values]++
	n, at, cell := len(data), len(a.narrow), len(a.table)
	if units != n || typ != dsml.Text || n > shortText || cap(data) < shortText || cap(a.narrow) < at+shortText || cap(a.table) < cell+3 {
		t.longer(data, typ, units, next)
		return
	}
	to, from := (*[shortText]byte)(a.narrow[at:at+shortText]), (*[shortText]byte)(data[:shortText])
	setWord(to[0:], word(from[0:]))
	setWord(to[8:], word(from[8:]))
	setWord(to[16:], word(from[16:]))
	setWord(to[24:], word(from[24:]))
	a.narrow = a.narrow[:at+n]
	table := a.table[:cell+3]
	table[cell] = int32(n<<3 | tagNarrow)
	if next == nil {
		a.table = a.table[:cell+1]
		return
	}
	if i := next.Number; uint(i) < uint(len(t.names)) {
		if known := &t.names[i]; known.key > 0 && known.last != t.entry {
			known.last = t.entry
			table[t.attrs]++
			table[cell+1], table[cell+2] = known.key-keyOffset, 0
			a.table, t.values = a.table[:cell+3], cell+2
			return
		}
	}
	a.table = a.table[:cell+1]
	t.BeginAttr(next)
}

// longer is Step for all other values.
func (t *entryTable) longer(data []byte, typ dsml.ValueType, units int, next *dsml.AttributeName) {
	a := t.a
	switch typ {
	case dsml.Base64Binary:
		a.cell(tagBytes, len(data))
		a.blob = put(a.blob, data)
	case dsml.AnyURI:
		o := a.object()
		o.key("anyURI").text(string(data))
		o.end()
	default:
		a.characters(data, units)
	}
	if next != nil {
		t.BeginAttr(next)
	}
}

func (t *entryTable) EndEntry(controls []dsml.Control) {
	if len(controls) > 0 {
		t.a.table[t.flags] |= entryHasControls
		t.a.controls(controls)
	}
	t.a.table[t.count]++
	t.open = false
}

// characters writes text that is valid UTF-8; n is its length in UTF-16 code
// units, or -1 where it was not counted.
func (a *answer) characters(b []byte, n int) {
	if n == len(b) || n < 0 && isASCII(b) {
		a.cell(tagNarrow, len(b))
		a.narrow = put(a.narrow, b)
		return
	}
	if n < 0 {
		n = units(b)
	}
	a.cell(tagWide, n)
	a.wide = put(a.wide, b)
}

// put appends, in a way that is fast for text that is not long.
func put(to, text []byte) []byte {
	at, n := len(to), len(text)
	if n > 256 || at+n+shortText > cap(to) || n+shortText > cap(text) {
		return append(to, text...)
	}
	space, text := to[at:at+n+shortText], text[:n+shortText]
	for i := 0; i < n; i += shortText {
		to, from := (*[shortText]byte)(space[i:]), (*[shortText]byte)(text[i:])
		setWord(to[0:], word(from[0:]))
		setWord(to[8:], word(from[8:]))
		setWord(to[16:], word(from[16:]))
		setWord(to[24:], word(from[24:]))
	}
	return to[:at+n]
}

// entries writes entries that are there as structs.
func (a *answer) entries(entries []*dsml.SearchResultEntry) {
	a.special(specialEntries)
	a.table = append(a.table, int32(len(entries)))
	for _, e := range entries {
		a.entry(e)
	}
}

func (a *answer) entry(e *dsml.SearchResultEntry) {
	flagsAt := len(a.table)
	a.table = append(a.table, 0)
	a.text(e.DN)
	if e.RequestID.Set {
		a.table[flagsAt] |= entryHasID
		a.text(e.RequestID.Value)
	}
	a.table = append(a.table, int32(len(e.Attrs)))
	a.names.beginGroup()
	for i := range e.Attrs {
		if !a.names.firstInGroup(e.Attrs[i].Name) {
			a.table[flagsAt] |= entryRepeats
		}
		a.key(e.Attrs[i].Name)
		a.table = append(a.table, int32(len(e.Attrs[i].Values)))
		for _, v := range e.Attrs[i].Values {
			a.value(v)
		}
	}
	if len(e.Controls) > 0 {
		a.table[flagsAt] |= entryHasControls
		a.controls(e.Controls)
	}
}

const highs = 0x8080808080808080

func isASCII(b []byte) bool {
	for len(b) >= 8 {
		if word(b)&highs != 0 {
			return false
		}
		b = b[8:]
	}
	for _, c := range b {
		if c >= 0x80 {
			return false
		}
	}
	return true
}

// units returns the length of UTF-8 in UTF-16 units: one for each first byte of
// a sequence, two for those of four bytes.
func units(b []byte) int {
	n := len(b)
	for len(b) >= 8 {
		w := word(b)
		n += bits.OnesCount64(w&(w<<1)&(w<<2)&(w<<3)&highs) - bits.OnesCount64(w&^(w<<1)&highs)
		b = b[8:]
	}
	for _, c := range b {
		switch {
		case c >= 0xF0:
			n++
		case c&0xC0 == 0x80:
			n--
		}
	}
	return n
}

func word(b []byte) uint64 {
	_ = b[7]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

func setWord(b []byte, w uint64) {
	_ = b[7]
	b[0], b[1], b[2], b[3] = byte(w), byte(w>>8), byte(w>>16), byte(w>>24)
	b[4], b[5], b[6], b[7] = byte(w>>32), byte(w>>40), byte(w>>48), byte(w>>56)
}
