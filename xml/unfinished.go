package xml

import "strconv"

// need is called when the input ends inside a token, or between tokens with
// something still to come.
func (s *Scanner) need(w wait) (Kind, error) {
	switch {
	case len(s.buf)-s.at > s.limits.TokenLength && w != waitNothing:
		return s.tooLong()
	case s.cut:
		return s.report(len(s.buf), CodeLimit, "the document is longer than "+strconv.FormatInt(s.limits.Length, 10)+" bytes", raise("Length"))
	case s.closed:
		return s.unfinished(w)
	}
	if w == waitTag && s.wait != waitTag {
		s.scanned = len(s.buf)
	}
	s.wait = w
	s.compact()
	s.kind = NeedInput
	s.clearToken()
	return NeedInput, nil
}

// unfinished says what is missing at the end of the input.
func (s *Scanner) unfinished(w wait) (Kind, error) {
	var where string
	switch w {
	case waitMarkup, waitTag:
		where = "inside a tag"
	case waitComment:
		where = "inside a comment"
	case waitCDATA:
		where = "inside a CDATA section"
	case waitTarget, waitSpace, waitPI:
		where = "inside a processing instruction"
	case waitDeclaration:
		where = "inside the XML declaration"
	default:
		if len(s.stack) == 0 {
			return s.report(len(s.buf), CodeSyntax, "the document has no root element", "a document is one element with all it contains")
		}
		name := s.stack[len(s.stack)-1].name.raw
		return s.report(len(s.buf), CodeSyntax, "the document ends inside the element <"+name+">",
			"</"+name+"> is missing; the document may have been cut off")
	}
	return s.report(len(s.buf), CodeSyntax, "the document ends "+where, "the document may have been cut off")
}
