package xml

import "strings"

// begin finds out how the document is written, and reads the XML declaration.
// It reports whether what follows can be read.
func (s *Scanner) begin() (bool, error) {
	if s.enc == encUnknown {
		if ready, err := s.detect(); !ready {
			return false, err
		}
	}
	const opening = "<?xml"
	b := s.buf[s.at:]
	n := min(len(b), len(opening))
	for i := range n {
		if b[i] != opening[i] {
			return s.started(s.at + i)
		}
	}
	if len(b) <= len(opening) {
		if s.final() {
			return s.started(s.at)
		}
		_, err := s.need(waitStart)
		return false, err
	}
	if class[b[len(opening)]]&isName != 0 { // a processing instruction such as xml-stylesheet
		return s.started(s.at + len(opening))
	}
	from := max(s.scanned-s.at, len(opening))
	end := 0
	for end < len(b)-from-1 && (b[from+end] != '?' || b[from+end+1] != '>') {
		end++
	}
	if end >= len(b)-from-1 {
		_, err := s.need(waitDeclaration)
		s.scanned = s.at + len(b) - 1
		return false, err
	}
	b = b[:from+end]
	if s.long(s.at + len(b) + len("?>")) {
		_, err := s.tooLong()
		return false, err
	}
	d := declarationReader{s: s, b: b, i: len(opening), at: s.at}
	if !d.read() {
		return false, s.err
	}
	s.at += len(b) + len("?>")
	return s.started(s.at - 1)
}

// started ends the search for an XML declaration, which took the bytes up to
// seen. Text in UTF-16 has a byte order mark or says that it is UTF-16 (section
// 4.3.3).
func (s *Scanner) started(seen int) (bool, error) {
	if s.enc.utf16() && !s.bom && !s.named && s.forced == encUnknown {
		_, err := s.failSeen(s.start, seen, CodeEncoding, "the document is in UTF-16, without a byte order mark and without declaring it", "begin it with a byte order mark, or write it in UTF-8")
		return false, err
	}
	s.wait, s.scanned, s.start, s.begun = waitNothing, 0, s.at, true
	return true, nil
}

// detect looks at the first bytes (appendix F of XML 1.0).
func (s *Scanner) detect() (bool, error) {
	b := s.buf
	if len(b) < 4 && !s.closed && !s.cut {
		s.kind = NeedInput
		return false, nil
	}
	has := func(p string) bool { return len(b) >= len(p) && string(b[:len(p)]) == p }
	enc, bom := encUTF8, 0
	switch {
	case has("\xFF\xFE\x00\x00"), has("\x00\x00\xFE\xFF"), has("\x00\x00\x00<"), has("<\x00\x00\x00"):
		_, err := s.report(0, CodeEncoding, "the document is in UTF-32, which is not supported", "write it in UTF-8")
		return false, err
	case has("\x4C\x6F\xA7\x94"):
		_, err := s.report(0, CodeEncoding, "the document is in EBCDIC, which is not supported", "write it in UTF-8")
		return false, err
	case has("\xEF\xBB\xBF"):
		bom = 3
	case has("\xFF\xFE"):
		enc, bom = encUTF16LE, 2
	case has("\xFE\xFF"):
		enc, bom = encUTF16BE, 2
	case has("<\x00?\x00"):
		enc = encUTF16LE
	case has("\x00<\x00?"):
		enc = encUTF16BE
	}
	if s.forced != encUnknown && bom == 0 && !(s.forced.utf16() && enc.utf16()) {
		enc = s.forced
	}
	s.bom = bom > 0
	s.enc = enc
	s.mark.offset = int64(bom)
	if enc == encUTF8 {
		s.at, s.mark.index = bom, bom
		s.base = s.mark
		return true, nil
	}
	s.rewrite(bom)
	return true, nil
}

// rewrite puts what buf holds from i on into UTF-8.
func (s *Scanner) rewrite(i int) {
	rest := s.buf[i:]
	if s.borrowed {
		s.buf = append([]byte(nil), s.buf[:i]...)
		s.borrowed = false
	} else {
		rest = append([]byte(nil), rest...)
		s.buf = s.buf[:i]
	}
	s.at, s.mark.index = min(s.at, i), min(s.mark.index, i)
	if s.enc.utf16() {
		s.buf, s.at, s.mark.index = s.buf[:0], 0, 0
		s.base = s.mark
	}
	s.transcode(rest)
	if s.closed {
		s.flushPartial()
	}
}

// follow makes the encoding that the declaration names that of the rest. at is
// where its name stands, end where the declaration ends.
func (s *Scanner) follow(name []byte, at, end int) bool {
	s.named = true
	if s.forced != encUnknown {
		return true
	}
	named := encodingNamed(string(name))
	switch {
	case named == encUnknown:
		s.fail(at, CodeEncoding, "the encoding "+excerpt(string(name))+" is not supported", "UTF-8, UTF-16, ISO-8859-1 and US-ASCII are; UTF-8 is the best choice")
		return false
	case named.utf16() && s.enc.utf16():
		if s.bom || strings.EqualFold(string(name), "UTF-16") || named == s.enc {
			return true
		}
	case named == encUTF8 && s.enc == encUTF8:
		return true
	case !named.utf16() && !s.enc.utf16() && !s.bom:
		s.enc = named
		s.rewrite(end)
		return true
	}
	written := s.enc.String()
	if s.bom {
		written += " with a byte order mark"
	}
	s.fail(at, CodeEncoding, "the document declares the encoding "+excerpt(string(name))+" and is written in "+written, "make the declaration say how the document is written, or leave the encoding out of it")
	return false
}
