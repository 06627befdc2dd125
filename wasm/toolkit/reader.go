package main

import (
	"encoding/binary"
	"errors"
	"math"
)

// Tags of the values of a call.
const (
	inAbsent = iota
	inNull
	inFalse
	inTrue
	inNumber // 8 bytes, float64, little endian
	inText   // 4 bytes length, UTF-8
	inBytes  // 4 bytes length, bytes
	inList   // 4 bytes count, values
	inObject // 4 bytes count; for each a key (4 bytes length, UTF-8) and a value
	inTail   // as inText, but the bytes are at the end of the message: 1 byte whether binary, 4 bytes length
)

// maxNesting bounds the nesting of argument values; JavaScript refuses deeper
// ones with the argument's name before they come here.
const maxNesting = 1024

var errMalformedCall = errors.New("malformed call")

// value is one argument, or a part of one.
type value struct {
	kind  byte // one of the tags; inTrue and inFalse for booleans, inTail never
	num   float64
	data  []byte // of text and bytes; a piece of the message
	keys  []string
	items []value
}

// reader takes a message apart. Pieces of text stay where they are.
type reader struct {
	rest []byte
	tail []byte
	keys map[string]string // few distinct keys occur very often
}

// readCall returns the arguments in a message: an object of them by name.
func readCall(message []byte) (value, error) {
	r := reader{rest: message, keys: map[string]string{}}
	v, ok := r.value(0)
	if !ok || v.kind != inObject || len(r.rest) != len(r.tail) {
		return value{}, errMalformedCall
	}
	return v, nil
}

func (r *reader) length() (int, bool) {
	if len(r.rest) < 4 {
		return 0, false
	}
	n := binary.LittleEndian.Uint32(r.rest)
	r.rest = r.rest[4:]
	if uint64(n) > uint64(len(r.rest)) {
		return 0, false
	}
	return int(n), true
}

func (r *reader) chunk() ([]byte, bool) {
	n, ok := r.length()
	if !ok {
		return nil, false
	}
	b := r.rest[:n:n]
	r.rest = r.rest[n:]
	return b, true
}

func (r *reader) value(depth int) (v value, ok bool) {
	if len(r.rest) == 0 || depth > maxNesting {
		return v, false
	}
	v.kind = r.rest[0]
	r.rest = r.rest[1:]
	switch v.kind {
	case inAbsent, inNull, inFalse, inTrue:
		return v, true
	case inNumber:
		if len(r.rest) < 8 {
			return v, false
		}
		v.num = math.Float64frombits(binary.LittleEndian.Uint64(r.rest))
		r.rest = r.rest[8:]
		return v, true
	case inText, inBytes:
		v.data, ok = r.chunk()
		return v, ok
	case inTail:
		if len(r.rest) == 0 || r.tail != nil {
			return v, false
		}
		v.kind = inText
		if r.rest[0] != 0 {
			v.kind = inBytes
		}
		r.rest = r.rest[1:]
		n, ok := r.length()
		if !ok {
			return v, false
		}
		v.data = r.rest[len(r.rest)-n:]
		r.tail = v.data
		return v, true
	case inList:
		n, ok := r.length() // each item takes a byte at least, so the count is bounded by what is left
		if !ok {
			return v, false
		}
		v.items = make([]value, n)
		for i := range v.items {
			if v.items[i], ok = r.value(depth + 1); !ok {
				return v, false
			}
		}
		return v, true
	case inObject:
		n, ok := r.length()
		if !ok {
			return v, false
		}
		v.keys = make([]string, n)
		v.items = make([]value, n)
		for i := range v.items {
			k, ok := r.chunk()
			if !ok {
				return v, false
			}
			if v.keys[i], ok = r.keys[string(k)]; !ok {
				v.keys[i] = string(k)
				r.keys[v.keys[i]] = v.keys[i]
			}
			if v.items[i], ok = r.value(depth + 1); !ok {
				return v, false
			}
		}
		return v, true
	}
	return v, false
}
