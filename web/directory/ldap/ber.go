package ldap

import (
	"errors"
	"strconv"
)

// Identifier octets of the elements that every LDAP message is made of
// (RFC 4511 section 5.1: BER with definite lengths).
const (
	tagBoolean    = 0x01
	tagInteger    = 0x02
	tagOctets     = 0x04
	tagEnumerated = 0x0a
	tagSequence   = 0x30
	tagSet        = 0x31
	tagControls   = 0xa0 // of a message
	tagReferral   = 0xa3 // of a result
)

// element is one BER element.
func element(tag byte, content ...[]byte) []byte {
	n := 0
	for _, c := range content {
		n += len(c)
	}
	b := make([]byte, 0, n+6)
	b = append(b, tag)
	switch {
	case n < 0x80:
		b = append(b, byte(n))
	case n < 1<<8:
		b = append(b, 0x81, byte(n))
	case n < 1<<16:
		b = append(b, 0x82, byte(n>>8), byte(n))
	case n < 1<<24:
		b = append(b, 0x83, byte(n>>16), byte(n>>8), byte(n))
	default:
		b = append(b, 0x84, byte(n>>24), byte(n>>16), byte(n>>8), byte(n))
	}
	for _, c := range content {
		b = append(b, c...)
	}
	return b
}

func octets(s string) []byte { return element(tagOctets, []byte(s)) }

func boolean(v bool) []byte {
	if v {
		return []byte{tagBoolean, 1, 0xff}
	}
	return []byte{tagBoolean, 1, 0}
}

// integer is an INTEGER or ENUMERATED of a number that is not negative.
func integer(tag byte, n int32) []byte {
	b := []byte{tag, 1, byte(n)}
	switch {
	case n >= 1<<23:
		b = []byte{tag, 4, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}
	case n >= 1<<15:
		b = []byte{tag, 3, byte(n >> 16), byte(n >> 8), byte(n)}
	case n >= 1<<7:
		b = []byte{tag, 2, byte(n >> 8), byte(n)}
	}
	return b
}

// errNotLDAP says that what came is no message of the protocol.
var errNotLDAP = errors.New("the bytes that came are no LDAP message")

// header reads the identifier and the length of an element. size is the length
// of both, 0 when there is more of them to come.
func header[T string | []byte](b T) (size, length int, err error) {
	if len(b) < 2 {
		return 0, 0, nil
	}
	if b[0]&0x1f == 0x1f { // a tag of several bytes, of which LDAP has none
		return 0, 0, errNotLDAP
	}
	n := int(b[1])
	if n < 0x80 {
		return 2, n, nil
	}
	n &= 0x7f
	if n == 0 || n > 8 {
		return 0, 0, errNotLDAP
	}
	if len(b) < 2+n {
		return 0, 0, nil
	}
	for _, c := range []byte(b[2 : 2+n]) {
		if length > 1<<30>>8 {
			return 0, 0, errNotLDAP
		}
		length = length<<8 | int(c)
	}
	return 2 + n, length, nil
}

// cursor walks over the elements of an encoding. It is a string so that what
// is taken from it needs no copy. After a mistake it stays where it is, and ok
// is false.
type cursor struct {
	rest string
	bad  bool
}

func (c *cursor) more() bool { return !c.bad && c.rest != "" }

// peek returns the tag of the next element, 0 at the end.
func (c *cursor) peek() byte {
	if !c.more() {
		return 0
	}
	return c.rest[0]
}

// any takes the next element, whatever its tag.
func (c *cursor) any() (tag byte, content string) {
	size, length, err := header(c.rest)
	if c.bad || err != nil || size == 0 || len(c.rest)-size < length {
		c.bad = true
		return 0, ""
	}
	tag, content = c.rest[0], c.rest[size:size+length]
	c.rest = c.rest[size+length:]
	return tag, content
}

// take takes the next element, which has to have the tag.
func (c *cursor) take(tag byte) string {
	got, content := c.any()
	if got != tag {
		c.bad = true
		return ""
	}
	return content
}

// inside is a cursor over the content of the next element.
func (c *cursor) inside(tag byte) *cursor {
	content := c.take(tag)
	return &cursor{rest: content, bad: c.bad}
}

// number takes an INTEGER or ENUMERATED that fits 32 bits.
func (c *cursor) number(tag byte) int32 {
	content := c.take(tag)
	if c.bad || content == "" || len(content) > 8 {
		c.bad = true
		return 0
	}
	n := int64(int8(content[0]))
	for i := 1; i < len(content); i++ {
		n = n<<8 | int64(content[i])
	}
	if n != int64(int32(n)) {
		c.bad = true
		return 0
	}
	return int32(n)
}

// join takes over a mistake of a cursor inside.
func (c *cursor) join(inner *cursor) { c.bad = c.bad || inner.bad }

func itoa(n int) string { return strconv.Itoa(n) }
