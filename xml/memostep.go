package xml

import "math/bits"

// Word is a short text of a hole, in a form that is quickly compared.
type Word struct{ low, high uint64 }

// Hash mixes the bits of a Word into the lower ones of a number.
func (w Word) Hash() uint32 {
	return uint32((w.low*0x9E3779B97F4A7C15 ^ w.high*0xC2B2AE3D27D4EB4F) >> 40)
}

// shorter has, by length, the bits of the texts that have this length.
var shorter = func() (w [32]Word) {
	for n := 1; n <= 16; n++ {
		w[n] = w[n-1]
		if n <= 8 {
			w[n].low = w[n].low<<8 | 0xFF
		} else {
			w[n].high = w[n].high<<8 | 0xFF
		}
	}
	return w
}()

// NewWord returns the Word of a text that needs no rewriting. That of a text
// which is empty or longer than 16 bytes equals none that a Step has.
func NewWord(text string) (w Word) {
	if text == "" || len(text) > 16 {
		return Word{^uint64(0), ^uint64(0)}
	}
	for i := range len(text) {
		if i < 8 {
			w.low |= uint64(text[i]) << (8 * i)
		} else {
			w.high |= uint64(text[i]) << (8 * (i - 8))
		}
	}
	return w
}

// Step is a text and the stretch that follows it.
type Step struct {
	Text    []byte
	Units   int // length of Text in UTF-16 code units; that of Text if it is ASCII
	Stretch int // which one, as Learn numbered it
	Holes   [maxHoles][]byte
	Word    Word // the last hole, if it is short; otherwise nothing

	at int // where the step ends
}

// Enter reports whether stretches may follow what is at hand: the Scanner has
// just given the start tag of the innermost element, or something in it. It has
// to be told with Leave when no more is looked for.
func (m *Memo) Enter() bool {
	if m.count == 0 || !m.s.between() || !m.same() {
		return false
	}
	s := m.s
	m.enter(s.buf, s.at)
	return true
}

func (m *Memo) enter(b []byte, at int) {
	m.buf, m.at, m.limit, m.last = b, at, m.s.limits.TokenLength, -1
	if cap(m.scratch) > memoScratch {
		m.scratch = nil
	}
}

// Leave brings the Scanner to where the last Take ended. Its current token is
// then the StartElement at the end of the stretch, but for its attributes. Of
// elements that began before it in the stretch StartPos does not tell the place.
func (m *Memo) Leave() {
	s := m.s
	m.buf = nil
	if m.last < 0 {
		return
	}
	s.at, s.end, s.tok = m.at, m.at, m.at-m.stretches[m.last].tag
	s.kind = StartElement
	s.data = nil
	s.attrs, s.attrAt = s.attrs[:0], s.attrAt[:0]
	s.stack[len(s.stack)-1].at = s.tok
}

// Wait is called where Enter may be. It reports whether fewer than so many bytes
// are left of the input; the Scanner then waits for more, as if Next had given
// NeedInput. A stretch that the end of the input has cut can be known then.
func (m *Memo) Wait(bytes int) bool {
	s := m.s
	if len(s.buf)-s.at >= bytes || s.closed || s.cut || !s.between() {
		return false
	}
	_, _ = s.need(waitNothing)
	return true
}

// between reports whether the Scanner is between two tokens inside the innermost
// element, and not at its end.
func (s *Scanner) between() bool {
	return s.err == nil && s.wait == waitNothing && !s.empty && s.kind != EndElement
}

// Peek looks for text, perhaps none, and a stretch that follows it. Line ends
// that need rewriting and references that are not well-formed are left to Next.
// The one that guess numbers, which need not be right, is tried first. What Peek
// returns is valid until the next call of any method.
//
// What is most common goes straight through it: in WebAssembly made of Go, jumps
// back are looked up in a table, and calls are dearer still. Blocks are compared
// in place for that reason; a function that does it is not compiled inline.
func (m *Memo) Peek(guess int) *Step {
	b, from := m.buf, m.at
	step := &m.step
	m.scratch = m.scratch[:0]
	i := from
	for {
		if i+blockLength > len(b) {
			return nil
		}
		w := (*[blockLength]byte)(b[i:])
		marks := bytesOf(textMask(load(w[:], 0))) | bytesOf(textMask(load(w[:], 8)))<<8 |
			bytesOf(textMask(load(w[:], 16)))<<16 | bytesOf(textMask(load(w[:], 24)))<<24
		if marks != 0 {
			i += bits.TrailingZeros64(marks)
			break
		}
		i += blockLength
	}
	step.Units = i - from
	step.Text = b[from:i]
	if b[i] != '<' {
		if i = m.text(i); i < 0 {
			return nil
		}
	}
	t := &m.stretches[guess&(memoSize-1)]
	if i+simpleReach > len(b) || !t.simple {
		return m.search(guess, -1, i)
	}
	odd := false // the hole has to be looked at closer
	at := i + t.piece[0].length
	k, c := &t.blocks[0], (*[blockLength]byte)(b[i:])
	differs := (load(c[:], 0)^k.words[0])&k.masks[0] | (load(c[:], 8)^k.words[1])&k.masks[1] |
		(load(c[:], 16)^k.words[2])&k.masks[2] | (load(c[:], 24)^k.words[3])&k.masks[3]
	if t.piece[0].end > 1 {
		k, c = &t.blocks[1], (*[blockLength]byte)(b[i+blockLength:])
		differs |= (load(c[:], 0)^k.words[0])&k.masks[0] | (load(c[:], 8)^k.words[1])&k.masks[1] |
			(load(c[:], 16)^k.words[2])&k.masks[2] | (load(c[:], 24)^k.words[3])&k.masks[3]
	}
	if t.pieces > 1 {
		low, high := load(b, at), load(b, at+8)
		marks := bytesOf(valueMask(low, t.quotes[0])) | bytesOf(valueMask(high, t.quotes[0]))<<8 | 1<<16
		n := bits.TrailingZeros64(marks)
		end := at + n
		step.Holes[0] = b[at:end]
		odd = b[end] != byte(t.quotes[0])
		short := &shorter[n&31]
		step.Word.low, step.Word.high = low&short.low, high&short.high
		first := t.piece[1].first & 3
		k, c = &t.blocks[first], (*[blockLength]byte)(b[end:])
		differs |= (load(c[:], 0)^k.words[0])&k.masks[0] | (load(c[:], 8)^k.words[1])&k.masks[1] |
			(load(c[:], 16)^k.words[2])&k.masks[2] | (load(c[:], 24)^k.words[3])&k.masks[3]
		if t.piece[1].end > first+1 {
			k, c = &t.blocks[first+1], (*[blockLength]byte)(b[end+blockLength:])
			differs |= (load(c[:], 0)^k.words[0])&k.masks[0] | (load(c[:], 8)^k.words[1])&k.masks[1] |
				(load(c[:], 16)^k.words[2])&k.masks[2] | (load(c[:], 24)^k.words[3])&k.masks[3]
		}
		at = end + t.piece[1].length
	}
	if differs != 0 || at-from > m.limit {
		if odd {
			return m.search(guess, -1, i)
		}
		return m.search(-1, guess, i)
	}
	step.Stretch, step.at = guess, at
	return step
}

// simpleReach is how far a look at a simple stretch goes.
const simpleReach = 4*blockLength + 16

// search looks for a stretch at b[i], behind the text of the step: first for the
// one that first numbers, and then for all others but not. -1 numbers none.
func (m *Memo) search(first, not, i int) *Step {
	b := m.buf
	if i-m.at > m.limit || i+16 > len(b) {
		return nil
	}
	if first >= 0 && first < m.count {
		if m.match(first, i) {
			return &m.step
		}
		not = first
	}
	// Begins of stretches are much alike; the second word mostly decides.
	second := load(b, i+8)
	for n := range m.count {
		k := &m.stretches[n].blocks[0]
		if (second^k.words[1])&k.masks[1] == 0 && n != not && m.match(n, i) {
			return &m.step
		}
	}
	return nil
}

// match compares a stretch with what is at b[i].
func (m *Memo) match(number, i int) bool {
	b, t, step := m.buf, &m.stretches[number], &m.step
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
		if step.Holes[p], i = m.hole(b, i, t.quotes[p]); i < 0 {
			return false
		}
	}
	step.Word = Word{}
	if t.pieces > 1 {
		if last := step.Holes[t.pieces-2]; len(last) <= 16 && cap(last) >= 16 {
			last = last[:16]
			short := &shorter[len(step.Holes[t.pieces-2])]
			step.Word = Word{load(last, 0) & short.low, load(last, 8) & short.high}
		}
	}
	step.Stretch, step.at = number, i
	return i-from <= m.limit
}

// Take passes over what Peek found.
func (m *Memo) Take() {
	m.at, m.last = m.step.at, m.step.Stretch
	m.taken++
}

// Taken returns how many stretches were passed over since the Memo was made.
func (m *Memo) Taken() int { return m.taken }
