package xml

import (
	"math/bits"
	"unicode/utf8"
)

// Texts and values that a Memo looks at closer.

// text goes on with a text at b[i], where there is something to look at, and
// returns where it ends; -1 where it has to be left to Next.
func (m *Memo) text(i int) int {
	b, clean := m.buf, m.at
	scratch := m.scratch
	fewer := 0 // units than bytes
	for {
		switch c := b[i]; {
		case c == '<':
			step := &m.step
			if clean == m.at {
				step.Text = b[clean:i]
			} else {
				scratch = extend(scratch, b, clean, i)
				m.scratch, step.Text = scratch, scratch
			}
			step.Units = len(step.Text) - fewer
			return i
		case c == '&':
			scratch = extend(scratch, b, clean, i)
			if c, n := named(b, i); n > 0 {
				scratch = append(scratch, c)
				i += n
			} else if r, n := numbered(b, i); n > 0 {
				before := len(scratch)
				scratch = utf8.AppendRune(scratch, r)
				if n := len(scratch) - before; n > 1 {
					fewer += n - 1 - n>>2
				}
				i += n
			} else {
				return -1
			}
			clean = i
		case c >= 0x80:
			n := character(b, i)
			if n <= 0 {
				return -1
			}
			fewer += n - 1 - n>>2
			i += n
		case class[c]&isText != 0:
			i++
		default:
			return -1
		}
		for {
			if i+8 > len(b) {
				return -1
			}
			mask := textMask(load(b, i))
			if mask != 0 {
				i += firstByte(mask)
				break
			}
			i += 8
		}
	}
}

// extend appends b[from:to], and does so at once where that is short.
func extend(to, b []byte, from, end int) []byte {
	const short = 16
	at, n := len(to), end-from
	if n > short || from+short > len(b) || at+short > cap(to) {
		return append(to, b[from:end]...)
	}
	to = to[:at+short]
	store(to, at, load(b, from))
	store(to, at+8, load(b, from+8))
	return to[:at+n]
}

// hole returns the value of an attribute at b[i] and where it ends, which is -1
// where it has to be left to Next.
func (m *Memo) hole(b []byte, i int, quotes uint64) (value []byte, end int) {
	from, clean := i, i
	start := len(m.scratch)
	for i+blockLength <= len(b) {
		w := (*[blockLength]byte)(b[i:])
		marks := bytesOf(valueMask(load(w[:], 0), quotes)) | bytesOf(valueMask(load(w[:], 8), quotes))<<8 |
			bytesOf(valueMask(load(w[:], 16), quotes))<<16 | bytesOf(valueMask(load(w[:], 24), quotes))<<24
		if marks == 0 {
			i += blockLength
			continue
		}
		i += bits.TrailingZeros64(marks)
		c := b[i]
		switch {
		case c == byte(quotes):
			if clean == from {
				return b[from:i], i
			}
			m.scratch = append(m.scratch, b[clean:i]...)
			return m.scratch[start:len(m.scratch):len(m.scratch)], i
		case c == '&':
			n := m.reference(b, clean, i)
			if n == 0 {
				return nil, -1
			}
			i += n
			clean = i
		case c < ' ' || c == '<':
			return nil, -1
		case c < 0x80:
			i++
		default:
			n := character(b, i)
			if n <= 0 {
				return nil, -1
			}
			i += n
		}
	}
	return nil, -1
}

// reference puts b[clean:i] into the scratch, and what the reference at b[i]
// stands for. It returns the length of the reference, and 0 where it has to be
// left to Next.
func (m *Memo) reference(b []byte, clean, i int) (length int) {
	c, n := named(b, i)
	if n > 0 {
		m.scratch = append(extend(m.scratch, b, clean, i), c)
		return n
	}
	r, n := numbered(b, i)
	if n > 0 {
		m.scratch = utf8.AppendRune(append(m.scratch, b[clean:i]...), r)
	}
	return n
}

// numbered reads a reference to the number of a character, unless it is longer
// than such references need to be.
func numbered(b []byte, i int) (r rune, length int) {
	const most = len("&#x10FFFF;")
	if i+most > len(b) || b[i+1] != '#' {
		return 0, 0
	}
	j := i + 2
	base := rune(10)
	if b[j] == 'x' {
		base = 16
		j++
	}
	for first := j; j < i+most; j++ {
		c := rune(b[j])
		switch {
		case c-'0' >= 0 && c-'0' < 10:
			r = r*base + c - '0'
		case base == 16 && c|0x20 >= 'a' && c|0x20 <= 'f':
			r = r*base + (c | 0x20 - 'a' + 10)
		case c == ';' && j > first && isChar(r):
			return r, j + 1 - i
		default:
			return 0, 0
		}
	}
	return 0, 0
}

// named reads one of the five references that have names.
func named(b []byte, i int) (c byte, length int) {
	if i+8 > len(b) {
		return 0, 0
	}
	switch w := load(b, i); {
	case w<<24 == 0x3B706D6126000000:
		return '&', len("&amp;")
	case w<<32 == 0x3B746C2600000000:
		return '<', len("&lt;")
	case w<<32 == 0x3B74672600000000:
		return '>', len("&gt;")
	case w<<16 == 0x3B746F7571260000:
		return '"', len("&quot;")
	case w<<16 == 0x3B736F7061260000:
		return '\'', len("&apos;")
	}
	return 0, 0
}
