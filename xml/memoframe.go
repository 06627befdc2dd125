package xml

import "bytes"

// frame is what stands around the texts and stretches of a document. Documents
// of one sender often begin and end with the same bytes, all of them: what those
// mean needs to be found out only once. Like a stretch, a frame never decides
// anything else than Next would.
//
// Learning: BeginFrame at a StartElement, Hole there and at others, Head at the
// StartElement after which the first text stands, and Tail at the end of the
// document. Tail begins where Begin was called last.
//
// Using: EnterFrame before the first Next, then Peek and Take as long as Peek
// finds something, Last, and LeaveFrame. The Scanner is where it was then.
type frame struct {
	head   [frameHoles + 1][]byte // from the beginning of the document to the first text
	quotes [frameHoles]uint64
	pieces int
	tail   []byte // from the end of the last text to the end of the document
	known  bool
	found  [frameHoles][]byte
}

// Bounds of a frame: holes, and the bytes of its head and of its tail.
const (
	frameHoles  = 4
	frameLength = 8 << 10
)

// BeginFrame begins a frame with the document; the current token is a
// StartElement.
func (m *Memo) BeginFrame() {
	s := m.s
	m.frame.known = false
	m.learning = s.kind == StartElement && s.base.offset == 0 && s.base.index == 0 && s.enc == encUTF8 && s.forced == encUnknown
	m.from, m.moves = 0, s.moves
	m.pieces, m.most = 1, frameHoles
	m.start[0] = 0
}

// Head ends the head of a frame with the start tag that is the current token.
// It reports whether there may be a frame; stretches have to be known, and be
// such as may follow here.
func (m *Memo) Head() bool {
	s := m.s
	if !m.learning {
		return false
	}
	m.learning = false
	if m.count == 0 || m.moves != s.moves || s.kind != StartElement || s.empty || s.end > frameLength ||
		s.tok < m.start[m.pieces-1] || !m.same() {
		return false
	}
	m.end[m.pieces-1] = s.end
	f := &m.frame
	f.pieces = m.pieces
	for i := range f.pieces {
		f.head[i] = append(f.head[i][:0], s.buf[m.start[i]:m.end[i]]...)
	}
	for i := range f.pieces - 1 {
		f.quotes[i] = uint64(m.quotes[i]) * ones
	}
	return true
}

// Tail ends the frame whose head was learnt last; the current token is
// EndDocument. It reports whether there is a frame now.
func (m *Memo) Tail() bool {
	s := m.s
	if s.kind != EndDocument || m.moves != s.moves || len(s.buf)-m.ended > frameLength {
		return false
	}
	m.frame.tail = append(m.frame.tail[:0], s.buf[m.ended:]...)
	m.frame.known = true
	return true
}

// EnterFrame reports whether the document, which has come whole, begins and ends
// with the frame, and returns the holes of its head. They are valid until the
// next call of any method. If it does not, nothing has to be left.
func (m *Memo) EnterFrame() (holes [][]byte, ok bool) {
	s, f := m.s, &m.frame
	if !f.known || s.begun || !s.closed || s.cut || s.err != nil || s.forced != encUnknown ||
		!bytes.HasPrefix(s.buf, f.head[0]) || !bytes.HasSuffix(s.buf, f.tail) {
		return nil, false
	}
	holes = f.found[:f.pieces-1]
	m.enter(s.buf, 0)
	m.scratch = m.scratch[:0]
	at := len(f.head[0])
	for i := range holes {
		if holes[i], at = m.hole(s.buf, at, f.quotes[i]); at < 0 || !bytes.HasPrefix(s.buf[at:], f.head[i+1]) {
			m.LeaveFrame()
			return nil, false
		}
		at += len(f.head[i+1])
	}
	if at > m.limit {
		m.LeaveFrame() // one of its tags may be too long
		return nil, false
	}
	m.at = at
	return holes, true
}

// Last returns the text before the tail as a Step, or nil if something else is
// there.
func (m *Memo) Last() *Step {
	m.scratch = m.scratch[:0]
	end := m.text(m.at)
	if end != len(m.buf)-len(m.frame.tail) || end-m.at > m.limit {
		return nil
	}
	return &m.step
}

// LeaveFrame ends what EnterFrame began.
func (m *Memo) LeaveFrame() {
	m.buf = nil
	clear(m.frame.found[:])
}
