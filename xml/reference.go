package xml

// reference reads a reference at buf[i] and returns the character it stands for
// and the index after it.
func (s *Scanner) reference(i int) (r rune, end int, st status) {
	b := s.buf
	j := i + 1
	if j >= len(b) {
		return 0, 0, more
	}
	if b[j] == '#' {
		return s.charReference(i)
	}
	if class[b[j]]&isStart == 0 {
		return s.ampersand(i, j)
	}
	for j < len(b) && class[b[j]]&isName != 0 {
		j++
	}
	if j-i-1 > s.limits.NameLength {
		s.longName(i + 1)
		return 0, 0, failed
	}
	if j >= len(b) {
		return 0, 0, more
	}
	if b[j] != ';' {
		return s.ampersand(i, j)
	}
	switch string(b[i+1 : j]) {
	case "amp":
		r = '&'
	case "lt":
		r = '<'
	case "gt":
		r = '>'
	case "quot":
		r = '"'
	case "apos":
		r = '\''
	default:
		if badName(b[i+1:j]) >= 0 {
			s.badName(i+1, j)
			return 0, 0, failed
		}
		s.failSeen(i, j, CodeSyntax, "the entity \""+string(b[i+1:j])+"\" is not declared",
			"without a DTD there are only &amp; &lt; &gt; &quot; and &apos;; write the character itself, or a reference to its number such as &#xA0;")
		return 0, 0, failed
	}
	return r, j + 1, done
}

func (s *Scanner) ampersand(i, seen int) (rune, int, status) {
	s.failSeen(i, seen, CodeSyntax, "\"&\" begins no reference", "write &amp; for a literal \"&\"")
	return 0, 0, failed
}

// charReference reads a character reference. The digits are as many as one
// likes: leading zeros do not count.
func (s *Scanner) charReference(i int) (rune, int, status) {
	b := s.buf
	j := i + 2
	hexadecimal := j < len(b) && b[j] == 'x'
	if hexadecimal {
		j++
	}
	first := j
	n := uint32(0)
	for ; j < len(b); j++ {
		c := uint32(b[j])
		switch {
		case c-'0' < 10:
			c -= '0'
		case hexadecimal && (c|0x20)-'a' < 6:
			c = (c | 0x20) - 'a' + 10
		default:
			c = 99
		}
		if c == 99 {
			break
		}
		if hexadecimal {
			n = n<<4 | c
		} else {
			n = n*10 + c
		}
		n = min(n, 0x110000) // stays over all characters, and does not overflow
	}
	if s.divided(j) {
		return 0, 0, more
	}
	if j == first || b[j] != ';' {
		s.failSeen(j, j+width(b[j])-1, CodeSyntax, "there is "+describe(b, j)+" in a character reference", "one is written &#233; or &#xE9;")
		return 0, 0, failed
	}
	if !isChar(rune(n)) {
		s.failSeen(i, j, CodeSyntax, "the character reference "+string(b[i:min(j+1, i+40)])+" names no character that XML allows",
			"bytes that are not text are written in base64")
		return 0, 0, failed
	}
	return rune(n), j + 1, done
}
