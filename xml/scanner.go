package xml

import "strconv"

// Kind says what a token is.
type Kind uint8

// The kinds of tokens. The XML declaration is consumed silently. A CDATA
// section is Text. All text between two pieces of markup is one Text token, but
// a CDATA section, a comment or a processing instruction divides it: consumers
// concatenate.
const (
	NeedInput    Kind = iota // everything fed so far is used up
	StartElement             // Name, Prefix, Attrs
	EndElement               // Name, Prefix; also after an empty-element tag
	Text                     // Text; never empty, except for an empty CDATA section
	Comment                  // Text
	ProcInst                 // the target in Name().Local, the rest in Text
	EndDocument              // given again and again once everything is read
)

// What Next waits for when the input ends inside a token.
type wait uint8

const (
	waitNothing wait = iota
	waitMarkup       // the first bytes after '<'
	waitTag
	waitText
	waitComment
	waitCDATA
	waitTarget // a processing instruction, up to the end of its target
	waitSpace  // a processing instruction, up to the beginning of its text
	waitPI
	waitDeclaration
	waitStart // the first bytes of the document
)

// Scanner reads a document as a sequence of tokens. Feed it bytes, ask for
// tokens with Next, feed more when Next says NeedInput, and Close it when there
// is no more. What a token's methods return stays valid until the next call of
// Next; strings stay valid for ever.
//
// A Scanner is not safe for use by several goroutines at once.
type Scanner struct {
	limits Limits

	// The input, in UTF-8, from some point on. Everything before at is used up.
	buf      []byte
	at       int
	borrowed bool // buf belongs to the caller and must not be written to

	fed     int64 // bytes taken so far, as fed
	cut     bool  // more was fed than Limits.Length allows
	closed  bool
	begun   bool // byte order mark and XML declaration are dealt with
	enc     encoding
	bom     bool     // it begins with a byte order mark
	named   bool     // it declares its encoding
	start   int      // where the document begins behind byte order mark and XML declaration
	forced  encoding // told from outside
	partial [4]byte  // the beginning of a character that is not UTF-8
	parts   int

	// A token that is not complete yet. Scanning goes on at scanned, so that
	// feeding a token in small pieces costs no more than feeding it whole.
	wait    wait
	scanned int
	quote   byte   // waitTag: the quote that is open
	ref     int    // waitText: scanned is at '&', and no ';' was found before ref
	clean   int    // text from here to scanned is not in scratch yet
	target  string // waitSpace, waitPI
	data0   int    // waitPI: where the text begins, counted from at
	decoded bool   // scratch is in use

	// The current token.
	kind    Kind
	tok     int // where it begins in buf
	end     int // where it ends
	data    []byte
	attrs   []Attr
	attrAt  []int
	empty   bool // an empty-element tag, whose EndElement is still to come
	scratch []byte

	stack    []open
	bindings []Binding
	decls    []declaration
	scope    uint64 // identifies the set of bindings in force
	scopes   uint64 // the last number given to one
	rooted   bool   // the root element has begun
	names    nameTable
	uris     stringTable
	seen     map[Name]struct{}

	memo   *Memo
	moves  uint32 // times that buf has moved on
	low    int    // the least number of open elements since memo began a stretch
	spaced bool   // xml:space occurs: what is in force is then more than memo compares

	mark mark // the furthest place that was asked for
	base mark // the beginning of buf
	err  *Error
}

// open is an element whose end has not come.
type open struct {
	name     *qname
	space    string
	scope    uint64 // the scope outside it
	bindings int32  // number of bindings outside it
	preserve bool   // xml:space="preserve" is in force in it
	at       int    // where its tag begins in buf; -1: at pos
	pos      Position
}

// NewScanner returns a Scanner for one document.
func NewScanner(l Limits) *Scanner {
	s := &Scanner{}
	s.Reset(l)
	return s
}

// Reset makes the Scanner ready for another document. It keeps its memory.
func (s *Scanner) Reset(l Limits) {
	if s.borrowed {
		s.buf = nil
	}
	if l = l.withDefaults(); l != s.limits && s.memo != nil {
		s.memo.Forget()
	}
	s.limits = l
	s.moves++
	s.spaced = false
	s.buf, s.at, s.borrowed = s.buf[:0], 0, false
	s.fed, s.cut, s.closed, s.begun, s.start = 0, false, false, false, 0
	s.enc, s.bom, s.named, s.forced, s.parts = encUnknown, false, false, encUnknown, 0
	s.wait, s.scanned, s.quote, s.ref, s.clean, s.decoded = waitNothing, 0, 0, 0, 0, false
	s.kind, s.tok, s.end, s.empty = NeedInput, 0, 0, false
	s.clearToken()
	s.stack, s.bindings, s.decls = s.stack[:0], s.bindings[:0], s.decls[:0]
	s.scopes++
	s.scope = s.scopes
	s.rooted = false
	s.base = mark{line: 1, column: 1}
	s.mark = s.base
	s.err = nil
}

// Next reads the next token. It returns NeedInput when all the input is used up
// and Close was not called. An error is an *Error, and the same one is returned
// ever after.
func (s *Scanner) Next() (Kind, error) {
	if s.err != nil {
		return NeedInput, s.err
	}
	if s.kind == EndElement {
		s.pop()
	}
	if s.empty {
		s.empty = false
		s.kind = EndElement
		s.attrs, s.attrAt = s.attrs[:0], s.attrAt[:0]
		return EndElement, nil
	}
	if !s.begun {
		if ready, err := s.begin(); !ready {
			return NeedInput, err
		}
	}
	s.clearToken()
	if s.wait > waitMarkup {
		return s.resume()
	}
	s.wait = waitNothing
	b := s.buf
	i := s.at
	if len(s.stack) == 0 {
		for i < len(b) && class[b[i]]&isSpace != 0 {
			i++
		}
		s.at = i
	}
	s.tok = i
	if i >= len(b) {
		return s.exhausted()
	}
	if b[i] != '<' {
		if len(s.stack) == 0 {
			return s.outside(i, i)
		}
		j := i
		for j+8 <= len(b) {
			if m := textMask(load(b, j)); m != 0 {
				if j += firstByte(m); b[j] == '\n' {
					j++
					continue
				}
				break
			}
			j += 8
		}
		if j < len(b) && b[j] == '<' && !s.long(j) { // most text
			s.data = b[i:j:j]
			return s.done(Text, j)
		}
		s.startText(waitText, i)
		s.scanned = j
		return s.text()
	}
	if i+1 >= len(b) {
		return s.need(waitMarkup)
	}
	switch c := b[i+1]; {
	case class[c]&isStart != 0:
		return s.startTag(i)
	case c == '/':
		return s.endTag(i)
	case c == '?':
		return s.procInst(i)
	case c == '!':
		return s.bang(i)
	}
	hint := "write &lt; for a literal \"<\""
	if b[i+1] == 0 {
		hint = hint16
	}
	return s.fail(i+1, CodeSyntax, "\"<\" is followed by "+describe(b, i+1)+", which begins no tag", hint)
}

// resume goes on with a token of which only a part had come.
func (s *Scanner) resume() (Kind, error) {
	s.tok = s.at
	switch s.wait {
	case waitTag:
		if !s.findTagEnd() && !s.closed && !s.cut && !s.long(len(s.buf)) {
			return s.need(waitTag)
		}
		s.wait = waitNothing
		if s.buf[s.at+1] == '/' {
			return s.endTag(s.at)
		}
		return s.startTag(s.at)
	case waitText:
		return s.text()
	case waitTarget:
		return s.procInst(s.at)
	case waitSpace:
		return s.procInstText(s.scanned)
	}
	return s.plain()
}

const hint16 = "this looks like UTF-16 without a byte order mark"

// bang reads what begins with "<!".
func (s *Scanner) bang(at int) (Kind, error) {
	const comment, cdata, doctype = "<!--", "<![CDATA[", "<!DOCTYPE"
	rest := s.buf[at:]
	matched := 0 // the number of bytes in which it is like one of them
	for _, opening := range [...]string{comment, cdata, doctype} {
		n := min(len(rest), len(opening))
		if string(rest[:n]) != opening[:n] {
			for i := 0; rest[i] == opening[i]; i++ {
				matched = max(matched, i+1)
			}
			continue
		}
		if n < len(opening) {
			return s.need(waitMarkup)
		}
		switch opening {
		case comment:
			s.startText(waitComment, at+n)
			return s.plain()
		case cdata:
			if len(s.stack) == 0 {
				return s.outside(at, at+n-1)
			}
			s.startText(waitCDATA, at+n)
			return s.plain()
		}
		return s.failSeen(at, at+n-1, CodeDTD, "the document has a document type declaration, and those are refused",
			"remove <!DOCTYPE ...>; SOAP and DSML do not allow one")
	}
	return s.failSeen(at, at+matched, CodeSyntax, "\"<!\" begins neither a comment nor a CDATA section",
		"a comment is written <!-- ... -->, a CDATA section <![CDATA[ ... ]]>, both exactly so")
}

// outside refuses what stands before or after the root element.
func (s *Scanner) outside(at, seen int) (Kind, error) {
	if s.rooted {
		return s.failSeen(at, seen, CodeSyntax, "there is text after the end of the root element",
			"a document is one element; only white space, comments and processing instructions may follow it")
	}
	hint := "a document begins with \"<\""
	if s.buf[at] == 0 {
		hint = hint16
	}
	return s.failSeen(at, seen, CodeSyntax, "there is text before the root element", hint)
}

// exhausted is called between tokens, when there is no input left.
func (s *Scanner) exhausted() (Kind, error) {
	if !s.closed || s.cut || len(s.stack) > 0 || !s.rooted {
		return s.need(waitNothing)
	}
	s.kind, s.end = EndDocument, s.at
	s.clearToken()
	return EndDocument, nil
}

// done ends a token.
func (s *Scanner) done(k Kind, end int) (Kind, error) {
	s.at, s.end = end, end
	s.wait = waitNothing
	s.kind = k
	return k, nil
}

func (s *Scanner) clearToken() {
	s.data = nil
	s.attrs, s.attrAt = s.attrs[:0], s.attrAt[:0]
}

// fail makes an error of what stands at buf[i].
//
//go:noinline
func (s *Scanner) fail(i int, code, message, hint string) (Kind, error) {
	return s.failSeen(i, i, code, message, hint)
}

// failSeen does the same when the error shows only at buf[seen]. A place that is
// beyond the greatest length of a token would not have been reached had the
// input come in small pieces, so that it does not count.
func (s *Scanner) failSeen(i, seen int, code, message, hint string) (Kind, error) {
	if s.long(seen + 1) {
		return s.tooLong()
	}
	return s.report(i, code, message, hint)
}

// divided reports whether the input ends, for now, inside the character at
// buf[i], so that it cannot be named in a message yet.
func (s *Scanner) divided(i int) bool {
	return i >= len(s.buf) || s.buf[i] >= 0x80 && character(s.buf, i) == 0 && !s.final()
}

func (s *Scanner) tooLong() (Kind, error) {
	return s.report(s.at, CodeLimit, "a tag, text or comment is longer than "+strconv.Itoa(s.limits.TokenLength)+" bytes", raise("TokenLength"))
}

func (s *Scanner) report(i int, code, message, hint string) (Kind, error) {
	s.err = &Error{Code: code, Message: message, Hint: hint, Pos: s.position(i)}
	s.kind, s.empty = NeedInput, false
	s.clearToken()
	return NeedInput, s.err
}

// long reports whether a complete token that ends before end is too long.
func (s *Scanner) long(end int) bool { return end-s.at > s.limits.TokenLength }

// Name returns the expanded name of a StartElement or EndElement. Of a ProcInst
// it returns the target, as Local.
func (s *Scanner) Name() Name {
	switch s.kind {
	case StartElement, EndElement:
		top := &s.stack[len(s.stack)-1]
		return Name{top.space, top.name.local}
	case ProcInst:
		return Name{Local: s.target}
	}
	return Name{}
}

// Prefix returns the prefix of a StartElement or EndElement as written.
func (s *Scanner) Prefix() string {
	if s.kind == StartElement || s.kind == EndElement {
		return s.stack[len(s.stack)-1].name.prefix
	}
	return ""
}

// Attrs returns the attributes of a StartElement in the order in which they are
// written, without namespace declarations.
func (s *Scanner) Attrs() []Attr { return s.attrs }

// Attr returns the value of one attribute of a StartElement.
func (s *Scanner) Attr(space, local string) (value []byte, ok bool) {
	for i := range s.attrs {
		if a := &s.attrs[i]; a.Name.Local == local && a.Name.Space == space {
			return a.Value, true
		}
	}
	return nil, false
}

// Text returns what a Text, Comment or ProcInst says, with references replaced
// and line ends as LF.
func (s *Scanner) Text() []byte { return s.data }

// Raw returns the current token as it is written, in UTF-8.
func (s *Scanner) Raw() []byte { return s.buf[s.tok:s.end] }

// Depth returns the number of open elements. The element of a StartElement or
// EndElement is counted.
func (s *Scanner) Depth() int { return len(s.stack) }

// Space reports whether xml:space="preserve" is in force.
func (s *Scanner) Space() bool {
	return len(s.stack) > 0 && s.stack[len(s.stack)-1].preserve
}
