package main

import (
	"math"
	"unicode/utf8"
)

// Tags of the table's cells. A cell is payload<<3 | tag.
const (
	tagNarrow  = 0 // text of one-byte characters (ASCII); payload: length
	tagWide    = 1 // other text; payload: length in UTF-16 units
	tagBytes   = 2 // binary; payload: length
	tagList    = 3 // payload: number of items, which follow
	tagObject  = 4 // payload: number of properties; each is a key cell and a value
	tagInteger = 5 // payload: the number, signed
	tagSpecial = 6 // payload: one of the special values
)

// Special values.
const (
	specialNull    = 0
	specialFalse   = 1
	specialTrue    = 2
	specialFloat   = 3 // the next two cells are the low and high half of a float64
	specialEntries = 4 // the next cell is the number of entries, which follow in their own form
	specialAbsent  = 5 // undefined
	specialItems   = 6 // the same as specialEntries, of items of a stream, which tell their kind
)

// Key cells: a name's number shifted left by one, or, with the lowest bit set,
// a mark that a text cell with the name follows.
const keyFollows = 1

// maxLength is what a cell's payload can count. JavaScript strings end at
// about the same length.
const maxLength = 1<<28 - 1

// answer collects what a call gives back.
type answer struct {
	table  []int32
	narrow []byte
	wide   []byte
	blob   []byte
	names  *names

	tooLong bool // a text or a list was longer than a cell can say
}

// reset is called when a call begins: the names that the last one has brought
// are known on the other side.
func (a *answer) reset() {
	a.empty()
	a.names.fresh = a.names.fresh[:0]
}

func (a *answer) empty() {
	// A large answer's memory is not kept for the small ones that follow.
	const keep = 1 << 20
	a.table = recycle(a.table, keep/4)
	a.narrow = recycle(a.narrow, keep)
	a.wide = recycle(a.wide, keep)
	a.blob = recycle(a.blob, keep)
	a.tooLong = false
}

func recycle[T any](s []T, keep int) []T {
	if cap(s) > keep {
		return nil
	}
	return s[:0]
}

// drop takes back what the call has written so far: a failure is all that is
// answered. Names stay, for they are numbered already.
func (a *answer) drop() {
	a.table = a.table[:0]
	a.narrow = a.narrow[:0]
	a.wide = a.wide[:0]
	a.blob = a.blob[:0]
	a.tooLong = false
}

func (a *answer) cell(tag, payload int) {
	if payload > maxLength {
		a.tooLong = true
		payload = 0
	}
	a.table = append(a.table, int32(payload<<3|tag))
}

func (a *answer) special(s int) { a.table = append(a.table, int32(s<<3|tagSpecial)) }

func (a *answer) absent() { a.special(specialAbsent) }

//go:noinline
func (a *answer) boolean(b bool) {
	if b {
		a.special(specialTrue)
	} else {
		a.special(specialFalse)
	}
}

//go:noinline
func (a *answer) integer(n int64) {
	if n >= -maxLength && n <= maxLength {
		a.table = append(a.table, int32(n<<3|tagInteger))
		return
	}
	a.float(float64(n))
}

//go:noinline
func (a *answer) float(f float64) {
	bits := math.Float64bits(f)
	a.table = append(a.table, int32(specialFloat<<3|tagSpecial), int32(uint32(bits)), int32(uint32(bits>>32)))
}

func (a *answer) text(s string) {
	n := asciiPrefix(s)
	if n == len(s) {
		a.cell(tagNarrow, n)
		a.narrow = append(a.narrow, s...)
		return
	}
	a.cell(tagWide, a.wideText(s, n))
}

// wideText appends text whose first ascii bytes are known to be ASCII and
// returns its length in UTF-16 units. Bytes that are not UTF-8 become U+FFFD
// here, so that the length agrees with what the other side decodes.
func (a *answer) wideText(s string, ascii int) int {
	if utf8.ValidString(s) {
		a.wide = append(a.wide, s...)
		units := ascii
		for i := ascii; i < len(s); i++ {
			// One unit for each first byte of a sequence, two for those of
			// four bytes.
			if c := s[i]; c < 0x80 || c >= 0xC0 {
				units++
				if c >= 0xF0 {
					units++
				}
			}
		}
		return units
	}
	units := 0
	for _, r := range s {
		a.wide = utf8.AppendRune(a.wide, r)
		units++
		if r >= 0x10000 {
			units++
		}
	}
	return units
}

// asciiPrefix returns how many bytes at the start of s are ASCII.
func asciiPrefix(s string) int {
	i := 0
	for ; i+8 <= len(s); i += 8 {
		if (s[i]|s[i+1]|s[i+2]|s[i+3]|s[i+4]|s[i+5]|s[i+6]|s[i+7])&0x80 != 0 {
			break
		}
	}
	for ; i < len(s); i++ {
		if s[i] >= 0x80 {
			break
		}
	}
	return i
}

func (a *answer) bytes(s string) {
	a.cell(tagBytes, len(s))
	a.blob = append(a.blob, s...)
}

//go:noinline
func (a *answer) list(n int) { a.cell(tagList, n) }

// key writes a property's name; its value is written next.
func (a *answer) key(name string) {
	if i, ok := a.names.number(name); ok {
		a.table = append(a.table, i<<1)
		return
	}
	a.table = append(a.table, keyFollows)
	a.text(name)
}

// object begins an object whose number of properties is not known yet; the
// returned value counts them and is told when the object ends.
//
//go:noinline
func (a *answer) object() object {
	a.table = append(a.table, 0)
	return object{a: a, at: len(a.table) - 1}
}

type object struct {
	a  *answer
	at int
	n  int
}

// key begins a property; its value is written to the answer next.
//
//go:noinline
func (o *object) key(name string) *answer {
	o.n++
	o.a.key(name)
	return o.a
}

//go:noinline
func (o *object) end() { o.a.table[o.at] = int32(o.n<<3 | tagObject) }

// opt writes a text property that is left out when it is empty.
func (o *object) opt(name, s string) {
	if s != "" {
		o.key(name).text(s)
	}
}

// flag writes a boolean property that is left out when it is false.
func (o *object) flag(name string, b bool) {
	if b {
		o.key(name).boolean(true)
	}
}
