package xml

import "unicode/utf8"

// status is how far a part of a token could be read.
type status uint8

const (
	done   status = iota
	more          // the input ends inside it
	failed        // s.err is set
)

// startText prepares for text, or the inside of what ends like text, which
// begins at buf[i].
func (s *Scanner) startText(w wait, i int) {
	s.wait = w
	s.scanned, s.clean, s.ref = i, i, 0
	s.decoded = false
	s.scratch = s.scratch[:0]
}

// keep moves what was found clean to scratch, up to i, and goes on at next.
func (s *Scanner) keep(i, next int) {
	s.scratch = append(s.scratch, s.buf[s.clean:i]...)
	s.clean, s.decoded = next, true
}

// content returns the text from start to i.
func (s *Scanner) content(start, i int) []byte {
	if !s.decoded {
		return s.buf[start:i:i]
	}
	s.scratch = append(s.scratch, s.buf[s.clean:i]...)
	return s.scratch
}

// text reads on to the next "<".
func (s *Scanner) text() (Kind, error) {
	b := s.buf
	i := s.scanned
	if s.ref > 0 {
		for s.ref < len(b) && (class[b[s.ref]]&isName != 0 || b[s.ref] == '#') {
			s.ref++
		}
		if s.ref == len(b) && !s.closed && !s.cut && !s.long(len(b)) {
			return s.need(waitText)
		}
		s.ref = 0
	}
	for {
		for i+8 <= len(b) {
			if m := textMask(load(b, i)); m != 0 {
				i += firstByte(m)
				break
			}
			i += 8
		}
		if i >= len(b) {
			break
		}
		switch c := b[i]; {
		case c == '<':
			if s.long(i) {
				return s.tooLong()
			}
			s.data = s.content(s.at, i)
			return s.done(Text, i)
		case class[c]&isText != 0:
			i++
		case c >= 0x80:
			n := character(b, i)
			if n < 0 || n == 0 && s.final() {
				return s.badCharacter(i, i+width(c)-1)
			}
			if n == 0 {
				s.scanned = i
				return s.need(waitText)
			}
			i += n
		case c == '&':
			r, end, st := s.reference(i)
			switch st {
			case failed:
				return NeedInput, s.err
			case more:
				s.scanned, s.ref = i, len(b)
				return s.need(waitText)
			}
			s.keep(i, end)
			s.scratch = appendRune(s.scratch, r)
			i = end
		case c == '\r':
			if i+1 >= len(b) && !s.final() {
				s.scanned = i
				return s.need(waitText)
			}
			i = s.lineEnd(i)
		case c == ']':
			if n := len("]]>"); i+n <= len(b) {
				if b[i+1] == ']' && b[i+2] == '>' {
					return s.failSeen(i, i+2, CodeSyntax, "there is \"]]>\" in text", "write ]]&gt;")
				}
			} else if (i+1 == len(b) || b[i+1] == ']') && !s.final() {
				s.scanned = i
				return s.need(waitText)
			}
			i++
		default:
			return s.badCharacter(i, i)
		}
	}
	s.scanned = i
	return s.need(waitText)
}

// lineEnd replaces CR or CR LF at buf[i] by LF (section 2.11).
func (s *Scanner) lineEnd(i int) int {
	if i+1 < len(s.buf) && s.buf[i+1] == '\n' {
		s.keep(i, i+1)
		return i + 2
	}
	s.keep(i, i+1)
	s.scratch = append(s.scratch, '\n')
	return i + 1
}

// plain reads on to the end of a comment, a CDATA section or a processing
// instruction. s.wait says which.
func (s *Scanner) plain() (Kind, error) {
	b := s.buf
	i := s.scanned
	w := s.wait
	var stop byte
	var start int
	switch w {
	case waitComment:
		stop, start = '-', s.at+len("<!--")
	case waitCDATA:
		stop, start = ']', s.at+len("<![CDATA[")
	default:
		stop, start = '?', s.at+s.data0
	}
	stops := uint64(stop) * ones
	for {
		for i+8 <= len(b) {
			if m := plainMask(load(b, i), stops); m != 0 {
				i += firstByte(m)
				break
			}
			i += 8
		}
		if i >= len(b) {
			break
		}
		switch c := b[i]; {
		case c == stop:
			end, st := s.plainEnd(w, i)
			switch st {
			case failed:
				return NeedInput, s.err
			case more:
				s.scanned = i
				return s.need(w)
			}
			if end == 0 {
				i++
				continue
			}
			if s.long(end) {
				return s.tooLong()
			}
			s.data = s.content(start, i)
			switch w {
			case waitComment:
				return s.done(Comment, end)
			case waitCDATA:
				return s.done(Text, end)
			}
			return s.done(ProcInst, end)
		case c >= 0x80:
			n := character(b, i)
			if n < 0 || n == 0 && s.final() {
				return s.badCharacter(i, i+width(c)-1)
			}
			if n == 0 {
				s.scanned = i
				return s.need(w)
			}
			i += n
		case c == '\r':
			if i+1 >= len(b) && !s.final() {
				s.scanned = i
				return s.need(w)
			}
			i = s.lineEnd(i)
		case class[c]&isIllegal != 0:
			return s.badCharacter(i, i)
		default:
			i++
		}
	}
	s.scanned = i
	return s.need(w)
}

// plainEnd returns the index after the end of the construct if its end is at
// buf[i], and 0 if it is not.
func (s *Scanner) plainEnd(w wait, i int) (int, status) {
	b := s.buf
	if i+1 >= len(b) {
		return 0, more
	}
	if w == waitPI {
		if b[i+1] == '>' {
			return i + 2, done
		}
		return 0, done
	}
	if b[i+1] != b[i] {
		return 0, done
	}
	if i+2 >= len(b) {
		return 0, more
	}
	if b[i+2] == '>' {
		return i + 3, done
	}
	if w == waitComment {
		s.failSeen(i, i+2, CodeSyntax, "there is \"--\" inside a comment", "a comment ends with -->, and \"--\" may not stand in it before that")
		return 0, failed
	}
	return 0, done
}

// procInst reads the beginning of a processing instruction.
func (s *Scanner) procInst(at int) (Kind, error) {
	b := s.buf
	i := at + 2
	for i < len(b) && class[b[i]]&isName != 0 {
		i++
	}
	if i-at-2 > s.limits.NameLength {
		return s.longName(at + 2)
	}
	if i == len(b) {
		return s.need(waitTarget)
	}
	target := b[at+2 : i]
	if len(target) == 0 {
		return s.fail(i, CodeSyntax, "\"<?\" is followed by "+describe(b, i)+" and not by a name", "")
	}
	q := s.names.get(target)
	if q == nil {
		return s.badName(at+2, i)
	}
	if q.prefix != "" {
		return s.failSeen(at+2, i, CodeNamespace, "there is a colon in the target of a processing instruction", "")
	}
	if len(target) == 3 && target[0]|0x20 == 'x' && target[1]|0x20 == 'm' && target[2]|0x20 == 'l' {
		if string(target) == "xml" {
			return s.failSeen(at, i, CodeSyntax, "there is an XML declaration, and not at the very beginning", "remove what stands before it, white space too")
		}
		return s.failSeen(at, i, CodeSyntax, "the target of a processing instruction cannot be \""+q.raw+"\"", "an XML declaration is written in lower case")
	}
	if b[i] == '?' {
		if i+1 == len(b) {
			return s.need(waitTarget)
		}
		if b[i+1] != '>' {
			return s.failSeen(i, i+1, CodeSyntax, "\"?\" cannot stand in a name", "")
		}
	} else {
		if class[b[i]]&isSpace == 0 {
			return s.fail(i, CodeSyntax, describe(b, i)+" cannot stand in a name", "")
		}
	}
	s.target = q.local
	return s.procInstText(i)
}

// procInstText skips the white space behind the target of a processing
// instruction, of which s.buf[i] is the first, and reads what follows.
func (s *Scanner) procInstText(i int) (Kind, error) {
	for i < len(s.buf) && class[s.buf[i]]&isSpace != 0 {
		i++
	}
	if i == len(s.buf) {
		s.scanned = i
		return s.need(waitSpace)
	}
	s.startText(waitPI, i)
	s.data0 = i - s.at
	return s.plain()
}

func appendRune(b []byte, r rune) []byte {
	if r < 0x80 {
		return append(b, byte(r))
	}
	return utf8.AppendRune(b, r)
}
