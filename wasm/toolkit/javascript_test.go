package main

import (
	"encoding/binary"
	"math"
	"testing"
	"unicode/utf16"
)

// These play JavaScript's part of the border, for tests without any: they read
// an answer into plain values and write plain values as a call.

// javascript reads answers and keeps the names that it has learnt.
type javascript struct {
	t     testing.TB
	kit   *toolkit
	names []string
}

func newJS(t testing.TB) *javascript { return &javascript{t: t, kit: newToolkit()} }

// call runs an operation and returns its answer.
func (j *javascript) call(name string, args map[string]any) (any, int) {
	j.t.Helper()
	for i, op := range operations {
		if op.name == name {
			message := encodeJS(nil, args)
			copy(j.kit.reserve(len(message)), message)
			status := j.kit.call(i, len(message))
			return j.read(), status
		}
	}
	j.t.Fatalf("no operation %s", name)
	return nil, 0
}

// read takes the answer of the toolkit apart.
func (j *javascript) read() any { return j.readPart(&j.kit.out, j.kit.out.size()) }

// readPart takes a part of an answer apart.
func (j *javascript) readPart(out *answer, all size) any {
	j.names = append(j.names, out.names.fresh...)
	r := jsReader{
		j: j, table: out.table[:all.table], narrow: out.narrow[:all.narrow],
		wide: utf16.Encode([]rune(string(out.wide[:all.wide]))), blob: out.blob[:all.blob],
	}
	var v any
	if len(r.table) > 0 {
		v = r.value()
	}
	if len(r.table) != 0 || len(r.narrow) != 0 || len(r.wide) != 0 || len(r.blob) != 0 {
		j.t.Fatalf("left over: %d cells, %d narrow, %d wide, %d bytes", len(r.table), len(r.narrow), len(r.wide), len(r.blob))
	}
	return v
}

type jsReader struct {
	j      *javascript
	table  []int32
	narrow []byte
	wide   []uint16
	blob   []byte
}

func (r *jsReader) cell() int32 {
	c := r.table[0]
	r.table = r.table[1:]
	return c
}

func (r *jsReader) value() any {
	c := r.cell()
	n := int(uint32(c) >> 3)
	switch c & 7 {
	case tagNarrow:
		s := string(r.narrow[:n])
		r.narrow = r.narrow[n:]
		return s
	case tagWide:
		s := string(utf16.Decode(r.wide[:n]))
		r.wide = r.wide[n:]
		return s
	case tagBytes:
		b := r.blob[:n:n]
		r.blob = r.blob[n:]
		return append([]byte{}, b...)
	case tagList:
		list := make([]any, n)
		for i := range list {
			list[i] = r.value()
		}
		return list
	case tagObject:
		o := map[string]any{}
		for range n {
			key := r.key()
			if _, twice := o[key]; twice {
				r.j.t.Fatalf("the property %s is given twice", key)
			}
			o[key] = r.value()
		}
		return o
	case tagInteger:
		return float64(c >> 3)
	}
	switch n {
	case specialNull, specialAbsent:
		return nil
	case specialFalse:
		return false
	case specialTrue:
		return true
	case specialFloat:
		low := uint64(uint32(r.cell()))
		return math.Float64frombits(low | uint64(uint32(r.cell()))<<32)
	case specialEntries, specialItems:
		return r.entries(int(r.cell()))
	}
	r.j.t.Fatalf("special %d", n)
	return nil
}

func (r *jsReader) key() string {
	if c := r.cell(); c != keyFollows {
		return r.j.names[c>>1]
	}
	return r.value().(string)
}

func (r *jsReader) entries(n int) []any {
	entries := make([]any, n)
	for i := range entries {
		e := map[string]any{}
		flags := r.cell()
		e["dn"] = r.value()
		if flags&entryHasID != 0 {
			e["requestID"] = r.value()
		}
		attrs := map[string]any{}
		for range r.cell() {
			name := r.key()
			values := []any{}
			for range r.cell() {
				values = append(values, r.value())
			}
			if old, twice := attrs[name]; twice {
				if flags&entryRepeats == 0 {
					r.j.t.Fatalf("the attribute %s occurs twice unannounced", name)
				}
				values = append(old.([]any), values...)
			}
			attrs[name] = values
		}
		e["attrs"] = attrs
		if flags&entryHasControls != 0 {
			e["controls"] = r.value()
		}
		entries[i] = e
	}
	return entries
}

// encodeJS writes a value as a part of a call.
func encodeJS(b []byte, v any) []byte {
	count := func(tag byte, n int) { b = binary.LittleEndian.AppendUint32(append(b, tag), uint32(n)) }
	switch v := v.(type) {
	case nil:
		return append(b, inNull)
	case bool:
		if v {
			return append(b, inTrue)
		}
		return append(b, inFalse)
	case float64:
		return binary.LittleEndian.AppendUint64(append(b, inNumber), math.Float64bits(v))
	case int:
		return encodeJS(b, float64(v))
	case string:
		count(inText, len(v))
		return append(b, v...)
	case []byte:
		count(inBytes, len(v))
		return append(b, v...)
	case []any:
		count(inList, len(v))
		for _, x := range v {
			b = encodeJS(b, x)
		}
		return b
	case map[string]any:
		count(inObject, len(v))
		for k, x := range v {
			b = binary.LittleEndian.AppendUint32(b, uint32(len(k)))
			b = encodeJS(append(b, k...), x)
		}
		return b
	}
	panic("no JavaScript value")
}
