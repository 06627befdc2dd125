package xml

import "slices"

// Memo recognises markup that repeats. In lists of like elements the markup
// between one text and the next is the same bytes again and again:
//
//	</value></attr>
//	<attr name="sn"><value>
//
// What it means depends on the bytes, on the names of the open elements and on
// the bindings in force, and on nothing else. So a stretch of it that was read
// token by token once is, where those are the same, as good as read when its
// bytes are the same; values of chosen attributes are holes in it and are looked
// at each time. Whatever is not the same to the last byte, or cannot be judged
// because the input ends, is left to Next. A Memo therefore never reports an
// error, and never refuses anything.
//
// Learning: Begin at an EndElement, Hole at each StartElement that has such an
// attribute, and Learn at the StartElement after which there is text again. The
// elements that are open then have to be those that were open at the beginning.
//
// Using: Enter once, then Peek and Take as long as Peek finds something, and
// Leave before anything else is asked of the Scanner.
type Memo struct {
	s *Scanner

	// Where the stretches hold.
	names    [memoDepth]*qname // of the innermost elements, outermost first
	bindings []Binding
	scope    uint64 // of the bindings, in the document that was looked at last

	stretches [memoSize]stretch
	count     int
	oldest    int // to be given up next
	taken     int

	// The stretch that is being learnt.
	learning   bool
	from       int
	moves      uint32 // of the buffer; indexes do not outlive one
	pieces     int
	most       int // holes
	start, end [frameHoles + 1]int
	quotes     [frameHoles]byte
	fresh      stretch
	ended      int // where the end tag stood at which Begin was called last

	frame frame

	// From Enter to Leave.
	buf     []byte
	at      int
	limit   int // of a token's length
	last    int // the stretch that was passed over last; -1: none
	step    Step
	scratch []byte // texts of the step that had references in them
}

// Bounds of a Memo. It holds memoSize stretches of at most memoLength bytes,
// some 14 KB.
const (
	memoSize    = 16
	memoLength  = 256
	memoDepth   = 3 // so many elements may end and begin again in a stretch
	maxHoles    = 2
	memoScratch = 64 << 10 // kept for texts with references
	memoBlocks  = memoLength/blockLength + maxHoles + 1
)

// stretch is a sequence of tags, with white space between them.
type stretch struct {
	pieces int
	piece  [maxHoles + 1]piece
	blocks [memoBlocks]block // the bytes, each piece from a block of its own on
	quotes [maxHoles]uint64  // closing quote of each hole, in every byte
	tag    int               // length of the last tag
	simple bool              // one or two pieces of one or two blocks
}

type piece struct {
	first, end int // blocks
	length     int // in bytes
}

// block is bytes that are compared together: branches cost more than words, in
// WebAssembly above all. Masks are zero behind the end of a piece.
type block struct{ words, masks [blockLength / 8]uint64 }

const blockLength = 32

// Memo returns the Scanner's memo. It lasts as long as the Scanner, through
// Reset, so that what was learnt from one document serves the next.
func (s *Scanner) Memo() *Memo {
	if s.memo == nil {
		s.memo = &Memo{s: s}
	}
	return s.memo
}

// Forget gives up all stretches: when what they mean to the caller has changed.
func (m *Memo) Forget() {
	m.count, m.oldest, m.learning = 0, 0, false
	m.frame.known = false
	for i := range m.stretches {
		m.stretches[i].simple = false
	}
}

// same reports whether the innermost elements and the bindings are those for
// which the stretches hold.
func (m *Memo) same() bool {
	s := m.s
	n := len(s.stack) - memoDepth
	if n < 0 || s.spaced {
		return false
	}
	for i := range m.names {
		if o := &s.stack[n+i]; o.name != m.names[i] || o.scope != s.scope {
			return false
		}
	}
	if m.scope == s.scope {
		return true
	}
	if len(m.bindings) != len(s.bindings) {
		return false
	}
	for i := range m.bindings {
		if m.bindings[i] != s.bindings[i] {
			return false
		}
	}
	m.scope = s.scope
	return true
}

// Begin begins a stretch with the end tag that is the current token.
func (m *Memo) Begin() {
	s := m.s
	m.learning = false
	m.ended = s.tok
	n := len(s.stack) - memoDepth
	if n < 0 || s.spaced || s.kind != EndElement || s.buf[s.tok+1] != '/' {
		return
	}
	if !m.same() {
		for i := range m.names {
			if s.stack[n+i].scope != s.scope {
				return // it declares namespaces
			}
		}
		m.Forget()
		for i := range m.names {
			m.names[i] = s.stack[n+i].name
		}
		m.bindings = append(m.bindings[:0], s.bindings...)
		m.scope = s.scope
	}
	m.learning = true
	m.from, m.moves = s.tok, s.moves
	m.pieces, m.most = 1, maxHoles
	m.start[0] = s.tok
	s.low = len(s.stack)
}

// Hole says that the value of attribute i of the current StartElement may
// differ.
func (m *Memo) Hole(i int) {
	s := m.s
	if !m.learning {
		return
	}
	a := &s.attrs[i]
	at := s.attrAt[i] + len(a.Name.Local)
	if m.moves != s.moves || m.pieces > m.most || a.Prefix != "" || s.buf[at] != '=' || s.buf[at+1] != '"' && s.buf[at+1] != '\'' {
		m.learning = false
		return
	}
	quote := s.buf[at+1]
	m.quotes[m.pieces-1] = quote
	m.end[m.pieces-1] = at + 2
	for at += 2; s.buf[at] != quote; at++ {
	}
	m.start[m.pieces] = at
	m.pieces++
}

// Cancel gives up the stretch that is being learnt.
func (m *Memo) Cancel() { m.learning = false }

// Learn ends a stretch with the start tag that is the current token, and
// returns its number, from 0 up to but not including MemoSize. Another one may
// have had the number before.
func (m *Memo) Learn() (number int, ok bool) {
	s := m.s
	if !m.learning {
		return 0, false
	}
	m.learning = false
	m.end[m.pieces-1] = s.end
	if m.moves != s.moves || s.kind != StartElement || s.empty || !m.same() ||
		s.low < len(s.stack)-memoDepth || s.tok < m.start[m.pieces-1] || s.end-m.from > s.limits.TokenLength {
		return 0, false
	}
	total := 0
	for i := range m.pieces {
		total += m.end[i] - m.start[i]
	}
	if total > memoLength {
		return 0, false
	}
	t := &m.fresh
	*t = stretch{pieces: m.pieces, tag: s.end - s.tok}
	n := 0
	for i := range m.pieces {
		b := s.buf[m.start[i]:m.end[i]]
		t.piece[i] = piece{first: n, length: len(b)}
		for len(b) > 0 {
			part := b[:min(len(b), blockLength)]
			b = b[len(part):]
			k := &t.blocks[n]
			for j, c := range part {
				k.words[j/8] |= uint64(c) << (8 * (j % 8))
				k.masks[j/8] |= 0xFF << (8 * (j % 8))
			}
			n++
		}
		t.piece[i].end = n
	}
	t.simple = m.pieces <= 2 && t.piece[0].end <= 2 && n <= t.piece[0].end+2
	for i := range m.pieces - 1 {
		t.quotes[i] = uint64(m.quotes[i]) * ones
	}
	if number = slices.Index(m.stretches[:m.count], *t); number >= 0 {
		return number, true
	}
	if m.count < memoSize {
		number = m.count
		m.count++
	} else {
		number = m.oldest
		m.oldest = (m.oldest + 1) % memoSize
	}
	m.stretches[number] = *t
	return number, true
}

// MemoSize is the number of stretches that a Memo holds at most.
const MemoSize = memoSize
