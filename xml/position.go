package xml

import (
	"bytes"
	"math/bits"
)

// mark is a place in buf whose position is known. Other positions are counted
// from there, and only when somebody asks.
type mark struct {
	index        int
	line, column int
	offset       int64
	cr           bool // the byte before is CR, so that LF would not be another line end
}

// Pos returns the position of the first character of the current token. The
// EndElement of an empty-element tag is where the tag is.
func (s *Scanner) Pos() Position {
	if s.tok < s.mark.index {
		return s.position(s.tok)
	}
	s.mark.advance(s, s.tok)
	return s.mark.position()
}

// StartPos returns the position of the start tag of an open element: at depth 1
// that of the root, at Depth() that of the innermost. It counts only when it is
// asked, long after the tag was read too.
func (s *Scanner) StartPos(depth int) Position {
	o := &s.stack[depth-1]
	if o.at < 0 {
		return o.pos
	}
	return s.position(o.at)
}

// EndPos returns the position after the last character of the current token.
func (s *Scanner) EndPos() Position { return s.position(s.end) }

// AttrPos returns the position of the name of attribute i.
//
//go:noinline
func (s *Scanner) AttrPos(i int) Position { return s.position(s.attrAt[i]) }

func (s *Scanner) position(index int) Position {
	m := s.mark
	if index < m.index {
		m = s.base
	}
	m.advance(s, index)
	return m.position()
}

func (m *mark) position() Position { return Position{m.line, m.column, m.offset} }

// advance moves m forward to index.
func (m *mark) advance(s *Scanner, index int) {
	if index <= m.index {
		return
	}
	b := s.buf[m.index:index]
	if s.enc <= encUTF8 {
		m.offset += int64(len(b))
	} else {
		m.offset = min(m.offset+s.enc.sizeOf(b), s.fed) // the last character may be half a one
	}
	m.index = index
	m.lines(b)
}

// lines counts line ends and characters. The LF of a CR LF takes no room: what
// follows it is at the beginning of the line that CR began.
func (m *mark) lines(b []byte) {
	var last int             // the index after the last line end, or 0
	n, end, cr := 0, 0, m.cr // none of the n line ends stands at end or behind it
	i := 0
	for i+16 <= len(b) {
		// Long lines are passed over quickly.
		for i+64 <= len(b) {
			w := (*[64]byte)(b[i:])
			if (controls(load(w[:], 0))|controls(load(w[:], 8))|controls(load(w[:], 16))|controls(load(w[:], 24))|
				controls(load(w[:], 32))|controls(load(w[:], 40))|controls(load(w[:], 48))|controls(load(w[:], 56)))&highs != 0 {
				break
			}
			i += 64
		}
		if i+16 > len(b) {
			break
		}
		v, w := load(b, i), load(b, i+8)
		if v, w := equalBytes(v, '\n'*ones), equalBytes(w, '\n'*ones); v|w != 0 {
			n += bits.OnesCount64(v) + bits.OnesCount64(w)
			end = i + 16
		}
		if v, w := v^'\r'*ones, w^'\r'*ones; ((v-ones)&^v|(w-ones)&^w)&highs != 0 {
			cr = true
			break
		}
		i += 16
	}
	for ; i < len(b); i++ {
		switch b[i] {
		case '\n':
			n++
			end = i + 1
		case '\r':
			cr = true
		}
	}
	if cr {
		last = m.linesCR(b)
	} else if n > 0 {
		m.line += n
		last = bytes.LastIndexByte(b[:end], '\n') + 1
	}
	if last > 0 {
		m.column = 1
	}
	m.column += characters(b[last:])
}

// linesCR counts line ends where there is a CR.
func (m *mark) linesCR(b []byte) (last int) {
	for i, c := range b {
		if c == '\r' || c == '\n' {
			if c == '\r' || !m.cr {
				m.line++
			}
			last = i + 1
		}
		m.cr = c == '\r'
	}
	return last
}

// characters counts the bytes that are not the continuation of a character.
func characters(b []byte) int {
	n := len(b)
	i := 0
	for ; i+8 <= len(b); i += 8 {
		w := load(b, i)
		n -= bits.OnesCount64(w & highs &^ (w << 1))
	}
	for ; i < len(b); i++ {
		if b[i]&0xC0 == 0x80 {
			n--
		}
	}
	return n
}
