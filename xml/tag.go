package xml

import "strconv"

// Attr is an attribute of the current StartElement. Value is decoded and
// normalised, and valid until the next call of Next.
type Attr struct {
	Name   Name
	Prefix string
	Value  []byte
}

// declaration is a namespace declaration in the tag that is being read.
type declaration struct {
	prefix string
	uri    []byte
	at     int
}

// startTag reads a start tag or an empty-element tag. It reads from the "<"
// each time: when the input ends inside the tag, findTagEnd says when reading it
// again is worth while.
func (s *Scanner) startTag(at int) (Kind, error) {
	if s.rooted && len(s.stack) == 0 {
		return s.failSeen(at, at+1, CodeSyntax, "there is a second root element", "a document is one element with all it contains")
	}
	b := s.buf
	s.attrs, s.attrAt, s.decls, s.scratch = s.attrs[:0], s.attrAt[:0], s.decls[:0], s.scratch[:0]
	q, i := s.names.at(b, at+1)
	if q == nil {
		i = at + 1
		for i < len(b) && class[b[i]]&isName != 0 {
			i++
		}
	}
	if i-at-1 > s.limits.NameLength {
		return s.longName(at + 1)
	}
	if q == nil {
		if i == len(b) {
			s.quote = 0
			return s.need(waitTag)
		}
		if q = s.names.get(b[at+1 : i]); q == nil {
			return s.badName(at+1, i)
		}
	}
	if b[i] == '>' { // most tags
		i++
	} else if next, ok := s.attributes(i); ok {
		i = next
	} else if s.err != nil {
		return NeedInput, s.err
	} else {
		return s.need(waitTag)
	}
	if s.long(i) {
		return s.tooLong()
	}
	return s.push(q, at, i)
}

// attributes reads from the end of an element's name to the end of its tag and
// returns the index after it. When it returns false there is an error, or the
// input ended and s.quote is set for findTagEnd.
func (s *Scanner) attributes(i int) (int, bool) {
	b := s.buf
	for {
		s.quote = 0
		if i >= len(b) {
			return 0, false
		}
		c := b[i]
		spaced := class[c]&isSpace != 0
		for class[c]&isSpace != 0 {
			if i++; i >= len(b) {
				return 0, false
			}
			c = b[i]
		}
		switch {
		case c == '>':
			return i + 1, true
		case c == '/':
			if s.divided(i + 1) {
				return 0, false
			}
			if b[i+1] != '>' {
				s.failSeen(i+1, i+width(b[i+1]), CodeSyntax, "\"/\" in a tag is followed by "+describe(b, i+1)+" and not by \">\"", "")
				return 0, false
			}
			s.empty = true
			return i + 2, true
		case class[c]&isStart == 0:
			return s.noAttribute(i, spaced)
		case !spaced:
			s.fail(i, CodeSyntax, "there is no white space before an attribute", "separate attributes with a space")
			return 0, false
		}
		if len(s.attrs)+len(s.decls) >= s.limits.Attributes {
			s.fail(i, CodeLimit, "an element has more than "+strconv.Itoa(s.limits.Attributes)+" attributes", raise("Attributes"))
			return 0, false
		}
		name := i
		q, end := s.names.at(b, name)
		if q != nil {
			i = end
		} else {
			for i < len(b) && class[b[i]]&isName != 0 {
				i++
			}
		}
		if i-name > s.limits.NameLength {
			s.longName(name)
			return 0, false
		}
		if q == nil {
			if i == len(b) {
				return 0, false
			}
			if q = s.names.get(b[name:i]); q == nil {
				s.badName(name, i)
				return 0, false
			}
		}
		if b[i] != '=' || i+1 >= len(b) || b[i+1] != '"' {
			var ok bool
			if i, ok = s.equals(i, q); !ok {
				return 0, false
			}
		} else {
			i++
		}
		value, next, ok := s.value(i)
		if !ok {
			return 0, false
		}
		i = next
		if q.declares {
			s.decls = append(s.decls, declaration{prefix: q.declared(), uri: value, at: name})
			continue
		}
		n := len(s.attrs)
		if n == cap(s.attrs) {
			s.attrs = append(s.attrs, Attr{})
		} else {
			s.attrs = s.attrs[:n+1]
		}
		a := &s.attrs[n] // field by field is quicker than a whole Attr
		a.Name.Space, a.Name.Local, a.Prefix, a.Value = "", q.local, q.prefix, value
		s.attrAt = append(s.attrAt, name)
	}
}

// equals reads what stands between an attribute's name and the opening quote.
func (s *Scanner) equals(i int, q *qname) (quote int, ok bool) {
	b := s.buf
	for i < len(b) && class[b[i]]&isSpace != 0 {
		i++
	}
	if i >= len(b) {
		return 0, false
	}
	if b[i] != '=' {
		if class[b[i]]&(isName|isSpace) == 0 && b[i] != '>' && b[i] != '/' && b[i] != '"' && b[i] != '\'' {
			s.fail(i, CodeSyntax, describe(b, i)+" cannot stand in a name", "")
		} else {
			s.fail(i, CodeSyntax, "the attribute "+q.raw+" has no value", "write "+q.raw+"=\"...\"")
		}
		return 0, false
	}
	i++
	for i < len(b) && class[b[i]]&isSpace != 0 {
		i++
	}
	if i >= len(b) {
		return 0, false
	}
	if b[i] != '"' && b[i] != '\'' {
		s.fail(i, CodeSyntax, "the value of the attribute "+q.raw+" is not in quotes", "write "+q.raw+"=\"...\"")
		return 0, false
	}
	return i, true
}

// value reads an attribute value from its opening quote on and returns the
// index after the closing one. White space in it is normalised as for CDATA
// attributes (section 3.3.3): without a DTD there are no others.
func (s *Scanner) value(i int) (value []byte, next int, ok bool) {
	b := s.buf
	quote := b[i]
	quotes := uint64(quote) * ones
	s.quote = quote
	i++
	start, clean := i, i
	scratch := len(s.scratch)
	for {
		for i+8 <= len(b) {
			if m := valueMask(load(b, i), quotes); m != 0 {
				i += firstByte(m)
				break
			}
			i += 8
		}
		if i >= len(b) {
			return nil, 0, false
		}
		c := b[i]
		switch {
		case c == quote:
			if clean == start {
				return b[start:i:i], i + 1, true
			}
			s.scratch = append(s.scratch, b[clean:i]...)
			return s.scratch[scratch:len(s.scratch):len(s.scratch)], i + 1, true
		case c >= 0x80:
			n := character(b, i)
			if n <= 0 {
				if n < 0 || s.final() {
					s.badCharacter(i, i+width(b[i])-1)
				}
				return nil, 0, false
			}
			i += n
		case c == '<':
			s.fail(i, CodeSyntax, "there is \"<\" in the value of an attribute", "write &lt; for a literal \"<\", or close the quote")
			return nil, 0, false
		case c == '&':
			r, end, status := s.reference(i)
			if status != done {
				return nil, 0, false
			}
			s.scratch = append(s.scratch, b[clean:i]...)
			s.scratch = appendRune(s.scratch, r)
			i, clean = end, end
		case class[c]&isSpace != 0 && c != ' ':
			if c == '\r' {
				if i+1 >= len(b) {
					return nil, 0, false
				}
				if b[i+1] == '\n' { // a line end is one space
					s.scratch = append(s.scratch, b[clean:i]...)
					i, clean = i+1, i+1
				}
			}
			s.scratch = append(s.scratch, b[clean:i]...)
			s.scratch = append(s.scratch, ' ')
			i++
			clean = i
		case c < ' ':
			s.badCharacter(i, i)
			return nil, 0, false
		default:
			i++
		}
	}
}

// endTag reads an end tag.
func (s *Scanner) endTag(at int) (Kind, error) {
	b := s.buf
	if len(s.stack) == 0 {
		return s.failSeen(at, at+1, CodeSyntax, "there is an end tag, and no element is open", "")
	}
	q := s.stack[len(s.stack)-1].name
	raw := q.raw
	i := at + 2
	if n := i + len(raw); i+8 <= len(b) && q.key != 0 && load(b, i)&(1<<(8*len(raw))-1) == q.key && b[n] == '>' {
		i = n
	} else if n < len(b) && b[n] == '>' && string(b[i:n]) == raw {
		i = n
	} else {
		for i < len(b) && class[b[i]]&isName != 0 {
			i++
		}
		if i-at-2 > s.limits.NameLength {
			return s.longName(at + 2)
		}
		if i == len(b) {
			s.quote = 0
			return s.need(waitTag)
		}
		if string(b[at+2:i]) != raw {
			return s.mismatch(at, i, raw)
		}
		for i < len(b) && class[b[i]]&isSpace != 0 {
			i++
		}
		if s.divided(i) {
			s.quote = 0
			return s.need(waitTag)
		}
		if b[i] != '>' {
			return s.failSeen(i, i+width(b[i])-1, CodeSyntax, "there is "+describe(b, i)+" in the end tag </"+raw+">", "an end tag has a name and nothing else")
		}
	}
	if s.long(i + 1) {
		return s.tooLong()
	}
	return s.done(EndElement, i+1)
}

// findTagEnd looks for the end of a tag whose beginning has been read already,
// from scanned on. A "<" ends the search too: it is an error for startTag to
// report.
func (s *Scanner) findTagEnd() bool {
	b := s.buf
	i, quote := s.scanned, s.quote
	for ; i < len(b); i++ {
		switch c := b[i]; {
		case quote != 0:
			if c == quote {
				quote = 0
			}
		case c == '"' || c == '\'':
			quote = c
		case c == '>' || c == '<':
			return true
		}
	}
	s.scanned, s.quote = i, quote
	return false
}
