package xml

import "unicode/utf8"

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
// Using: Enter once, then Peek and Take as long as Peek finds something.
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
	start, end [maxHoles + 1]int
	quotes     [maxHoles]byte

	step    Step
	scratch []byte // texts of the step that had references in them
}

// Bounds of a Memo. It holds memoSize stretches of at most memoLength bytes,
// some 9 KB.
const (
	memoSize    = 12
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
}

type piece struct {
	first, end int // blocks
	length     int // in bytes
}

// block is bytes that are compared together: branches cost more than words, in
// WebAssembly above all. Masks are zero behind the end of a piece.
type block struct{ words, masks [blockLength / 8]uint64 }

const blockLength = 32

// Word is a text that is expected in a hole.
type Word struct {
	Text       string
	word, mask uint64 // its first eight bytes
}

// NewWord returns a text that may be expected. It needs no rewriting and is not
// empty.
func NewWord(text string) Word {
	w := Word{Text: text}
	for i := range min(len(text), 8) {
		w.word |= uint64(text[i]) << (8 * i)
		w.mask |= 0xFF << (8 * i)
	}
	return w
}

// Step is a text and the stretch that follows it.
type Step struct {
	Text    []byte
	ASCII   bool // Text is
	Stretch int  // which one, as Learn numbered it
	Holes   [maxHoles][]byte
	AsWord  bool // the last hole is the word that was expected

	at int // where the step ends
}

// Memo returns the Scanner's memo. It lasts as long as the Scanner, through
// Reset, so that what was learnt from one document serves the next.
func (s *Scanner) Memo() *Memo {
	if s.memo == nil {
		s.memo = &Memo{s: s}
	}
	return s.memo
}

// Forget gives up all stretches: when what they mean to the caller has changed.
func (m *Memo) Forget() { m.count, m.oldest, m.learning = 0, 0, false }

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
	m.pieces = 1
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
	if m.moves != s.moves || m.pieces > maxHoles || a.Prefix != "" || s.buf[at] != '=' || s.buf[at+1] != '"' && s.buf[at+1] != '\'' {
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
	if m.count < memoSize {
		number = m.count
		m.count++
	} else {
		number = m.oldest
		m.oldest = (m.oldest + 1) % memoSize
	}
	t := &m.stretches[number]
	t.pieces, t.tag = m.pieces, s.end-s.tok
	n := 0
	for i := range m.pieces {
		b := s.buf[m.start[i]:m.end[i]]
		t.piece[i] = piece{first: n, length: len(b)}
		for len(b) > 0 {
			part := b[:min(len(b), blockLength)]
			b = b[len(part):]
			k := &t.blocks[n]
			*k = block{}
			for j, c := range part {
				k.words[j/8] |= uint64(c) << (8 * (j % 8))
				k.masks[j/8] |= 0xFF << (8 * (j % 8))
			}
			n++
		}
		t.piece[i].end = n
	}
	for i := range m.pieces - 1 {
		t.quotes[i] = uint64(m.quotes[i]) * ones
	}
	return number, true
}

// MemoSize is the number of stretches that a Memo holds at most.
const MemoSize = memoSize

// Enter reports whether stretches may follow what is at hand: the Scanner has
// just given the start tag of the innermost element, or something in it.
func (m *Memo) Enter() bool {
	s := m.s
	return m.count > 0 && s.err == nil && s.wait == waitNothing && !s.empty && s.kind != EndElement && s.kind != NeedInput && m.same()
}

// Peek looks for text, perhaps none, and a stretch that follows it. Line ends
// that need rewriting and references that are not well-formed are left to Next. The one that guess numbers is tried first, and word in its last
// hole; both need not be right. What Peek returns is valid until the next call
// of any method.
func (m *Memo) Peek(guess int, word *Word) *Step {
	s := m.s
	b := s.buf
	from := s.at
	i, clean := from, from
	ascii := true
	if cap(m.scratch) > memoScratch {
		m.scratch = nil
	}
	m.scratch = m.scratch[:0]
	for {
		if i+16 > len(b) {
			return nil
		}
		mask := textMask(load(b, i))
		if mask == 0 {
			i += 8
			mask = textMask(load(b, i))
			if mask == 0 {
				i += 8
				continue
			}
		}
		i += firstByte(mask)
		c := b[i]
		if c == '<' {
			break
		}
		if c >= 0x80 {
			n := character(b, i)
			if n <= 0 {
				return nil
			}
			ascii = false
			i += n
		} else if class[c]&isText != 0 {
			i++
		} else if c != '&' {
			return nil
		} else if n := m.reference(b, clean, i); n > 0 {
			ascii = ascii && m.scratch[len(m.scratch)-1] < 0x80
			i += n
			clean = i
		} else {
			return nil
		}
	}
	if i-from > s.limits.TokenLength {
		return nil
	}
	step := &m.step
	step.Text, step.ASCII = b[from:i:i], ascii
	if clean > from {
		m.scratch = append(m.scratch, b[clean:i]...)
		step.Text = m.scratch
	}
	if guess < m.count && m.match(guess, b, i, word) {
		return step
	}
	for n := range m.count {
		if n != guess && m.match(n, b, i, word) {
			return step
		}
	}
	return nil
}

// match compares a stretch with what is at b[i].
func (m *Memo) match(number int, b []byte, i int, word *Word) bool {
	t := &m.stretches[number]
	from := i
	for p := 0; ; p++ {
		piece := &t.piece[p]
		at := i
		for n := piece.first; n < piece.end; n++ {
			if at+blockLength > len(b) {
				return false
			}
			k, c := &t.blocks[n], (*[blockLength]byte)(b[at:])
			if (load(c[:], 0)^k.words[0])&k.masks[0]|(load(c[:], 8)^k.words[1])&k.masks[1]|
				(load(c[:], 16)^k.words[2])&k.masks[2]|(load(c[:], 24)^k.words[3])&k.masks[3] != 0 {
				return false
			}
			at += blockLength
		}
		i += piece.length
		if p == t.pieces-1 {
			break
		}
		end := -1
		m.step.AsWord = false
		if p == t.pieces-2 && word != nil {
			if n := i + len(word.Text); n+8 < len(b) && (load(b, i)^word.word)&word.mask == 0 && b[n] == byte(t.quotes[p]) &&
				(len(word.Text) <= 8 || string(b[i:n]) == word.Text) {
				end = n
				m.step.AsWord = true
			}
		}
		if end < 0 {
			if m.step.Holes[p], end = m.hole(b, i, t.quotes[p]); end < 0 {
				return false
			}
		} else {
			m.step.Holes[p] = b[i:end:end]
		}
		i = end
	}
	m.step.Stretch, m.step.at = number, i
	return i-from <= m.s.limits.TokenLength
}

// hole returns the value of an attribute at b[i] and where it ends, which is -1
// where it has to be left to Next.
func (m *Memo) hole(b []byte, i int, quotes uint64) (value []byte, end int) {
	from, clean := i, i
	start := len(m.scratch)
	for i+8 <= len(b) {
		mask := valueMask(load(b, i), quotes)
		if mask == 0 {
			i += 8
			continue
		}
		i += firstByte(mask)
		c := b[i]
		switch {
		case c == byte(quotes):
			if clean == from {
				return b[from:i:i], i
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
		m.scratch = append(append(m.scratch, b[clean:i]...), c)
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

// Take passes over what Peek found. The current token is then the StartElement
// at the end of the stretch, but for its attributes. Of elements that began
// before it in the stretch StartPos does not tell the place.
func (m *Memo) Take() {
	s := m.s
	t := m.step.Stretch
	m.taken++
	s.at, s.end, s.tok = m.step.at, m.step.at, m.step.at-m.stretches[t].tag
	s.kind = StartElement
	s.data = nil
	s.attrs, s.attrAt = s.attrs[:0], s.attrAt[:0]
	s.stack[len(s.stack)-1].at = s.tok
}

// Taken returns how many stretches were passed over since the Memo was made.
func (m *Memo) Taken() int { return m.taken }
