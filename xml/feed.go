package xml

// Feed appends a piece of the input. The piece is copied.
func (s *Scanner) Feed(chunk []byte) {
	if s.closed || s.err != nil {
		return
	}
	s.take(s.admit(chunk))
}

// Reserve returns room for n bytes of input, to be filled by the caller and
// handed over with Commit. It saves the copy that Feed makes. Calls of other
// methods in between make the room invalid.
func (s *Scanner) Reserve(n int) []byte {
	if s.closed || s.err != nil || s.enc > encUTF8 {
		return make([]byte, n)
	}
	s.own()
	for cap(s.buf)-len(s.buf) < n {
		s.buf = append(s.buf[:cap(s.buf)], make([]byte, n)...)[:len(s.buf)]
	}
	return s.buf[len(s.buf) : len(s.buf)+n]
}

// Commit feeds the first n bytes of room, which Reserve returned.
func (s *Scanner) Commit(room []byte, n int) {
	if s.closed || s.err != nil {
		return
	}
	room = s.admit(room[:n])
	if free := s.buf[len(s.buf):cap(s.buf)]; s.enc <= encUTF8 && len(room) > 0 && len(free) >= len(room) && &free[0] == &room[0] {
		s.buf = s.buf[:len(s.buf)+len(room)]
		return
	}
	s.take(room)
}

// Close says that no more input will come.
func (s *Scanner) Close() {
	if s.closed {
		return
	}
	s.closed = true
	s.flushPartial()
}

// admit counts what is fed and cuts it off at the limit.
func (s *Scanner) admit(chunk []byte) []byte {
	if room := s.limits.Length - s.fed; int64(len(chunk)) > room {
		chunk = chunk[:room]
		s.cut = true
	}
	s.fed += int64(len(chunk))
	return chunk
}

// take appends admitted input to buf, in UTF-8.
func (s *Scanner) take(chunk []byte) {
	s.own()
	if s.enc <= encUTF8 {
		s.buf = append(s.buf, chunk...)
		return
	}
	s.transcode(chunk)
}

// own makes buf safe to write to.
func (s *Scanner) own() {
	if s.borrowed {
		s.buf = append([]byte(nil), s.buf...)
		s.borrowed = false
	}
}

// Borrow lets the Scanner read text where it is. It stands for Feed and Close.
func (s *Scanner) Borrow(text []byte) {
	text = s.admit(text)
	s.buf, s.borrowed, s.closed = text[:len(text):len(text)], true, true
}

// compact moves what is not used yet to the beginning of buf.
func (s *Scanner) compact() {
	if s.at == 0 || s.borrowed {
		return
	}
	// The tags stand in their order: one walk counts for all of them.
	m := s.base
	for i := range s.stack {
		o := &s.stack[i]
		if o.at < 0 {
			continue
		}
		if o.at < m.index {
			m = s.base
		}
		m.advance(s, o.at)
		o.pos, o.at = m.position(), -1
	}
	if s.mark.index < m.index && m.index <= s.at {
		s.mark = m
	}
	s.mark.advance(s, s.at)
	n := copy(s.buf, s.buf[s.at:])
	s.buf = s.buf[:n]
	s.mark.index = 0
	s.base = s.mark
	s.moves++
	s.scanned -= s.at
	s.clean -= s.at
	s.ref -= s.at
	s.at, s.tok, s.end = 0, 0, 0
}

// final reports whether the end of buf is the end of the document.
func (s *Scanner) final() bool { return s.closed && !s.cut }
