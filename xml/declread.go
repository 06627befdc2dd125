package xml

// declarationReader reads the inside of an XML declaration (productions [23]
// to [32] and [80]).
type declarationReader struct {
	s  *Scanner
	b  []byte // from "<?xml" to before "?>"
	i  int
	at int // index of b in the Scanner's buf
}

// read checks the declaration and does what it says.
func (d *declarationReader) read() bool {
	version, at, ok := d.attribute("version")
	if !ok {
		return d.fault(at, "an XML declaration begins with version=\"1.0\"")
	}
	if !isVersion(version) {
		return d.unsupported(at, version)
	}
	encoding, encodingAt, encoded := d.attribute("encoding")
	if d.s.err != nil {
		return false
	}
	if encoded && !isEncodingName(encoding) {
		return d.fault(encodingAt, "\""+excerpt(string(encoding))+"\" cannot be the name of an encoding")
	}
	standalone, at, ok := d.attribute("standalone")
	if d.s.err != nil {
		return false
	}
	if ok && string(standalone) != "yes" && string(standalone) != "no" {
		return d.fault(at, "standalone is \"yes\" or \"no\"")
	}
	d.space()
	if d.i < len(d.b) {
		return d.fault(d.i, "an XML declaration has version, then perhaps encoding, then perhaps standalone, and nothing else")
	}
	if !encoded {
		return true
	}
	return d.s.follow(encoding, d.at+encodingAt, d.at+len(d.b)+len("?>"))
}

func (d *declarationReader) space() bool {
	from := d.i
	for d.i < len(d.b) && class[d.b[d.i]]&isSpace != 0 {
		d.i++
	}
	return d.i > from
}

// attribute reads white space and name="value". When the name is not there it
// moves nothing and returns false.
func (d *declarationReader) attribute(name string) (value []byte, at int, ok bool) {
	from := d.i
	spaced := d.space()
	end := d.i + len(name)
	if end > len(d.b) || string(d.b[d.i:end]) != name {
		at, d.i = d.i, from
		return nil, at, false
	}
	if !spaced {
		return nil, d.i, d.fault(d.i, "there is no white space before "+name)
	}
	d.i = end
	d.space()
	if d.i >= len(d.b) || d.b[d.i] != '=' {
		return nil, d.i, d.fault(d.i, name+" has no value")
	}
	d.i++
	d.space()
	if d.i >= len(d.b) || d.b[d.i] != '"' && d.b[d.i] != '\'' {
		return nil, d.i, d.fault(d.i, "the value of "+name+" is not in quotes")
	}
	quote := d.b[d.i]
	d.i++
	at = d.i
	for ; d.i < len(d.b); d.i++ {
		if d.b[d.i] == quote {
			value = d.b[at:d.i]
			d.i++
			return value, at, true
		}
	}
	return nil, at, d.fault(at, "the value of "+name+" has no closing quote")
}

func (d *declarationReader) fault(i int, message string) bool {
	if d.s.err == nil {
		d.s.fail(d.at+i, CodeSyntax, message, "a declaration is written <?xml version=\"1.0\" encoding=\"UTF-8\"?>")
	}
	return false
}

// unsupported refuses a version (D-09). XML 1.1 allows characters and line
// ends that 1.0 does not, so that reading it as 1.0 could misread it.
func (d *declarationReader) unsupported(i int, version []byte) bool {
	if len(version) == 0 || version[0] < '0' || version[0] > '9' {
		return d.fault(i, "\""+excerpt(string(version))+"\" cannot be a version of XML")
	}
	d.s.fail(d.at+i, CodeEncoding, "the document is in XML "+excerpt(string(version))+", and only XML 1.0 is supported", "write version=\"1.0\"")
	return false
}

// isVersion reports whether documents of this version are read as XML 1.0. The
// Fifth Edition asks for that of every 1.x; 1.1 is the one that exists and
// differs.
func isVersion(v []byte) bool {
	if len(v) < 3 || string(v[:2]) != "1." || string(v) == "1.1" {
		return false
	}
	for _, c := range v[2:] {
		if c < '0' || c > '9' {
			return false
		}
	}
	return true
}

// isEncodingName is production [81].
func isEncodingName(name []byte) bool {
	for i, c := range name {
		letter := c|0x20 >= 'a' && c|0x20 <= 'z'
		if !letter && (i == 0 || !(c >= '0' && c <= '9' || c == '.' || c == '_' || c == '-')) {
			return false
		}
	}
	return len(name) > 0
}
