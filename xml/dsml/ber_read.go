package dsml

// Identifier octets of BER elements (X.690 section 8.1.2): the class in the two
// highest bits, whether it is constructed in the next, the tag in the rest.
const (
	berBoolean    = 0x01
	berInteger    = 0x02
	berOctets     = 0x04
	berNull       = 0x05
	berEnumerated = 0x0a
	berSequence   = 0x30
	berSet        = 0x31

	berConstructed = 0x20
	berApplication = 0x40
	berContext     = 0x80
	berTagBits     = 0x1f
	berClassBits   = 0xc0
)

// What an encoding may be made of: it comes from strangers. As it is read where
// it lies, its length bounds the memory it takes.
const (
	berDepth    = 128 + 8 // a filter as deep as filter text may be, in its control
	berElements = 20_000
)

// checkBER returns what is wrong with text as one BER element, "" when nothing
// is. Lengths are definite, as RFC 4511 section 5.1 has it, and may be written
// in more bytes than they need (D-149).
func checkBER(text string) string {
	c := berChecker{}
	if rest := c.element(text, 1); c.wrong == "" && rest != "" {
		c.wrong = "bytes follow the end of its value"
	}
	return c.wrong
}

type berChecker struct {
	elements int
	wrong    string
}

// element checks the first element of text and all inside it, and returns what
// follows.
func (c *berChecker) element(text string, depth int) (rest string) {
	c.elements++
	if depth > berDepth || c.elements > berElements {
		c.wrong = "its value is too deep or has too many elements"
		return ""
	}
	identifier, content, rest, wrong := cutBER(text)
	if wrong != "" {
		c.wrong = wrong
		return ""
	}
	if identifier&berConstructed != 0 {
		for content != "" && c.wrong == "" {
			content = c.element(content, depth+1)
		}
	}
	return rest
}

// cutBER cuts the first element off text.
func cutBER(text string) (identifier byte, content, rest, wrong string) {
	const short = "its value is cut off"
	if len(text) < 2 {
		return 0, "", "", short
	}
	identifier = text[0]
	if !berAllowed(identifier) {
		return 0, "", "", "its value has a tag that no control uses"
	}
	length := int(text[1])
	text = text[2:]
	switch {
	case length == 0x80:
		return 0, "", "", "its value has an indefinite length"
	case length > 0x80:
		n := length & 0x7f
		if n > len(text) {
			return 0, "", "", short
		}
		length = 0
		for i := range n {
			if length > 1<<23 {
				return 0, "", "", short // longer than any text that can be here
			}
			length = length<<8 | int(text[i])
		}
		text = text[n:]
		if n > 8 {
			return 0, "", "", "its value has a length of more than eight bytes"
		}
	}
	if length > len(text) {
		return 0, "", "", short
	}
	return identifier, text[:length], text[length:], ""
}

// berAllowed reports whether a control may use the identifier: those of the
// universal types of RFC 4511, and the short tags of the other classes.
func berAllowed(identifier byte) bool {
	if identifier&berTagBits == berTagBits {
		return false // the tag goes on in the next bytes
	}
	switch identifier {
	case berBoolean, berInteger, berOctets, berNull, berEnumerated, berSequence, berSet:
		return true
	}
	return identifier&berClassBits != 0
}

// berReader takes elements one after the other. The first error sticks and
// later calls return zero values, so a value is read without a check per line.
type berReader struct {
	oid  string
	rest string // elements that checkBER found nothing wrong with
	err  error
}

//go:noinline
func (r *berReader) fail(message string) {
	if r.err == nil {
		r.err = controlError(r.oid, message)
	}
}

// more reports whether there is something left to read.
//
//go:noinline
func (r *berReader) more() bool { return r.err == nil && r.rest != "" }

// has reports whether the next element has the class and the tag of identifier.
// Whether it is constructed is for those to check that read it.
//
//go:noinline
func (r *berReader) has(identifier byte) bool {
	return r.more() && (r.rest[0]^identifier)&^berConstructed == 0
}

// content reads the element of this identifier, and refuses any other.
func (r *berReader) content(identifier byte, what string) string {
	if !r.more() || r.rest[0] != identifier {
		r.fail(what + " is missing")
		return ""
	}
	_, content, rest, wrong := cutBER(r.rest)
	if wrong != "" {
		r.fail(wrong)
	}
	r.rest = rest
	return content
}

// inside returns a reader of what a constructed element holds.
//
//go:noinline
func (r *berReader) inside(identifier byte, what string) *berReader {
	content := r.content(identifier, what)
	return &berReader{oid: r.oid, rest: content, err: r.err}
}

// octets reads an OCTET STRING.
//
//go:noinline
func (r *berReader) octets(what string) string { return r.content(berOctets, what) }

// optional reads a string of the given identifier; not set when the next
// element is another one.
func (r *berReader) optional(identifier byte, what string) Optional {
	if !r.has(identifier) {
		return Optional{}
	}
	return Some(r.content(identifier, what))
}

// integer reads an INTEGER or ENUMERATED between the bounds.
func (r *berReader) integer(identifier byte, low, high int64, what string) int64 {
	b := r.content(identifier, what)
	if r.err != nil {
		return 0
	}
	for len(b) > 8 && (b[0] == 0 && b[1] < 0x80 || b[0] == 0xff && b[1] >= 0x80) {
		b = b[1:] // more bytes than it needs
	}
	var n int64
	if b != "" {
		n = int64(int8(b[0])) // the first bit is the sign
		for i := 1; i < len(b); i++ {
			n = n<<8 | int64(b[i])
		}
	}
	if b == "" || len(b) > 8 || n < low || n > high {
		r.fail(what + " is not a number in its range")
		return 0
	}
	return n
}

// number reads an INTEGER from 0 to maxInt.
//
//go:noinline
func (r *berReader) number(what string) int32 {
	return int32(r.integer(berInteger, 0, maxInt, what))
}

// flags reads an INTEGER of 32 bits, of which the highest may be set.
//
//go:noinline
func (r *berReader) flags(what string) int32 {
	return int32(r.integer(berInteger, -maxInt-1, maxInt, what))
}

// code reads an ENUMERATED from 0 to maxInt.
//
//go:noinline
func (r *berReader) code(what string) ResultCode {
	return ResultCode(r.integer(berEnumerated, 0, maxInt, what))
}

// boolean reads a BOOLEAN, which may have a context tag instead of its own.
func (r *berReader) boolean(identifier byte, what string) bool {
	b := r.content(identifier, what)
	if r.err == nil && len(b) != 1 {
		r.fail(what + " is not a boolean")
	}
	return r.err == nil && b[0] != 0
}

// end makes sure that nothing is left and returns the first error.
//
//go:noinline
func (r *berReader) end() error {
	if r.rest != "" {
		r.fail("its value has more parts than the control knows")
	}
	return r.err
}

// endWithin does the same, and has the reader around it keep the error.
//
//go:noinline
func (r *berReader) endWithin(outer *berReader) {
	if err := r.end(); outer.err == nil {
		outer.err = err
	}
}
