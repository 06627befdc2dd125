package dsml

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// ValueType tells how a value travels in the document.
type ValueType uint8

const (
	Text         ValueType = iota // characters, carried as they are (D-82)
	Base64Binary                  // xsi:type="xsd:base64Binary"; Data holds the decoded bytes (D-83)
	AnyURI                        // xsi:type="xsd:anyURI"; Data holds the reference, never what it points at (D-89)
	// Markup is for the values that the schema leaves open: controlValue,
	// requestValue and response. Data holds their content as XML text, where
	// each element declares the namespaces that it needs.
	Markup
)

// Value is one value of an attribute, an assertion, a control or an extended
// operation.
type Value struct {
	Data string // bytes: UTF-8 text, decoded binary, or the reference
	Type ValueType
}

// Attribute is a named set of values in wire order.
type Attribute struct {
	Name   string
	Values []Value
}

// valueTarget is a reader that holds values.
type valueTarget interface {
	// value takes one. data is valid during the call.
	value(d *decoder, local string, data []byte, t ValueType)
}

// valueReader reads an element of type DsmlValue. Values hold no elements, so
// one reader serves them all.
type valueReader struct {
	target valueTarget
	local  string
	typ    ValueType
}

var valueShape = shape{typ: "DsmlValue"}

func (d *decoder) readValue(local string, target valueTarget) reader {
	d.val = valueReader{target: target, local: local}
	if len(d.s.Attrs()) > 0 {
		d.val.typ = d.valueType()
	}
	return &d.val
}

func (r *valueReader) child(*decoder, string) reader { return nil }
func (r *valueReader) children() []string            { return nil }

func (r *valueReader) end(d *decoder) {
	data := d.text
	switch r.typ {
	case Base64Binary:
		data = d.base64(data)
	case AnyURI:
		data = trim(data)
	}
	r.target.value(d, r.local, data, r.typ)
}

// base64 decodes in place and ignores white space (D-83, D-84).
func (d *decoder) base64(b []byte) []byte {
	out, rest, ok := decodeGroups(b)
	switch {
	case !ok:
		d.failAt(d.began(), "dsml-base64", "D-84", "the content of "+d.top().local+" is not base64",
			"letters, digits, + and / in groups of four, the last filled up with =")
	case rest != 0:
		d.lenient(AllowBase64Bits, d.began(), "dsml-base64", "D-84", "the content of "+d.top().local+" is not canonical base64",
			"bits are set that belong to no byte; the text may be damaged")
	}
	return out
}

const (
	b64Bad   = 0xff
	b64Space = 0xfe
	b64Pad   = 0xfd
)

var b64 = func() (t [256]byte) {
	for i := range t {
		t[i] = b64Bad
	}
	for i, c := range []byte("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/") {
		t[c] = byte(i)
	}
	t[' '], t['\n'], t['\r'], t['\t'] = b64Space, b64Space, b64Space, b64Space
	t['='] = b64Pad
	return t
}()

// decodeBase64 decodes into the space of b.
func decodeBase64(b []byte) ([]byte, bool) {
	out, _, ok := decodeGroups(b)
	return out, ok
}

// decodeGroups decodes into the space of b. rest holds the bits of the last
// group that belong to no byte; an encoder leaves them zero.
func decodeGroups(b []byte) (out []byte, rest uint32, ok bool) {
	out = b[:0]
	var acc uint32
	n, pad := 0, 0
	for i := 0; i < len(b); i++ {
		if n == 0 && pad == 0 && i+4 <= len(b) {
			v0, v1, v2, v3 := b64[b[i]], b64[b[i+1]], b64[b[i+2]], b64[b[i+3]]
			if v0|v1|v2|v3 < 64 {
				acc = uint32(v0)<<18 | uint32(v1)<<12 | uint32(v2)<<6 | uint32(v3)
				out = append(out, byte(acc>>16), byte(acc>>8), byte(acc))
				acc = 0
				i += 3
				continue
			}
		}
		v := b64[b[i]]
		switch {
		case v < 64:
			if pad > 0 {
				return nil, 0, false
			}
			acc = acc<<6 | uint32(v)
			if n++; n == 4 {
				out = append(out, byte(acc>>16), byte(acc>>8), byte(acc))
				acc, n = 0, 0
			}
		case v == b64Space:
		case v == b64Pad:
			if n < 2 || n+pad >= 4 {
				return nil, 0, false
			}
			pad++
		default:
			return nil, 0, false
		}
	}
	switch {
	case n == 0:
		return out, 0, pad == 0
	case n+pad != 4:
		return nil, 0, false
	case n == 2:
		return append(out, byte(acc>>4)), acc & 15, true
	}
	return append(out, byte(acc>>10), byte(acc>>2)), acc & 3, true
}

// cleanBase64 appends what b stands for. It reports whether decodeGroups has
// nothing to say about b; if it has, what is appended means nothing.
func cleanBase64(out, b []byte) ([]byte, bool) {
	n := len(out)
	out = slices.Grow(out, len(b))
	free := out[n:cap(out)]
	for len(b) >= 8 && len(free) >= 6 {
		v0, v1, v2, v3 := b64[b[0]], b64[b[1]], b64[b[2]], b64[b[3]]
		v4, v5, v6, v7 := b64[b[4]], b64[b[5]], b64[b[6]], b64[b[7]]
		if v0|v1|v2|v3|v4|v5|v6|v7 >= 64 {
			break
		}
		free[0], free[1], free[2] = v0<<2|v1>>4, v1<<4|v2>>2, v2<<6|v3
		free[3], free[4], free[5] = v4<<2|v5>>4, v5<<4|v6>>2, v6<<6|v7
		free, b = free[6:], b[8:]
		n += 6
	}
	if len(b) == 0 {
		return out[:n], true
	}
	rest, bits, ok := decodeGroups(append(out[:n], b...)[n:])
	return out[:n+len(rest)], ok && bits == 0
}

// xmlSafe reports whether a value can travel as text: it is UTF-8, and every
// character is one of XML 1.0 (D-87).
func xmlSafe(s string) bool {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c < 0x20 && c != '\t' && c != '\n' && c != '\r' {
				return false
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || r == 0xFFFE || r == 0xFFFF {
			return false
		}
		i += n
	}
	return true
}

// write writes one element of type DsmlValue.
func (v *Value) write(w *writer, local string) {
	w.start(local)
	w.value(v)
	w.w.End()
}

// value writes type and content into the element that has just been started.
func (w *writer) value(v *Value) {
	switch {
	case v.Type == Markup:
		w.markup(v.Data)
	case v.Type == Base64Binary, !xmlSafe(v.Data):
		w.typed("base64Binary")
		w.w.Base64([]byte(v.Data))
	case v.Type == AnyURI:
		w.typed("anyURI")
		w.w.Text(strings.Trim(v.Data, " \t\r\n"))
	default:
		w.w.Text(v.Data)
	}
}

// typed reports whether a value is written with an xsi:type.
//
//go:noinline
func (v *Value) typed() bool {
	return v.Type == Base64Binary || v.Type == AnyURI || v.Type != Markup && !xmlSafe(v.Data)
}
