package dsml

import (
	ber "github.com/go-asn1-ber/asn1-ber"
)

// What a control value may be made of. Values come from strangers, and the
// parser below keeps a copy of the content at each level and some 200 bytes
// for each element, so both are counted before it is let loose.
const (
	berDepth    = 128 + 8 // a filter as deep as filter text may be, in its control
	berElements = 20_000
	berContent  = 16 << 20 // bytes copied over all levels together
)

// controlError says what is wrong with the value of a control.
func controlError(oid, message string) error {
	what := OIDName(oid) + " control"
	switch {
	case oid == OIDPasswordModify:
		what = "password modify request"
	case OIDName(oid) == "":
		what = "control " + oid
	}
	return &Error{Code: "dsml-control", Message: what + ": " + message}
}

// berControl makes a control whose value is the encoding of p.
func berControl(oid string, criticality bool, p *ber.Packet) Control {
	return Control{Type: oid, Criticality: criticality, Value: &Value{Data: string(p.Bytes()), Type: Base64Binary}}
}

// controlBytes returns the BER bytes of a control's value. A value without
// xsi:type should be text, but clients leave the type out and servers decode
// base64 whatever the type says, so text that is base64 is decoded.
func controlBytes(c Control) ([]byte, error) {
	if c.Value == nil || c.Value.Data == "" {
		return nil, controlError(c.Type, "it has no value")
	}
	b := []byte(c.Value.Data)
	switch c.Value.Type {
	case Base64Binary:
		return b, nil
	case Text:
		if b, ok := decodeBase64(b); ok {
			return b, nil
		}
	}
	return nil, controlError(c.Type, "its value is not base64Binary")
}

// decodeBER parses the value of a control of the given OID.
func decodeBER(c Control, oid string) (*berReader, error) {
	if c.Type != oid {
		return nil, controlError(oid, "the control at hand is "+c.Type)
	}
	b, err := controlBytes(c)
	if err != nil {
		return nil, err
	}
	p, err := parseBER(b)
	if err != nil {
		return nil, controlError(oid, err.Error())
	}
	return &berReader{oid: oid, packets: []*ber.Packet{p}}, nil
}

type berError string

func (e berError) Error() string { return string(e) }

// parseBER parses one BER element that fills b. Lengths are definite, as RFC
// 4511 section 5.1 has it, and may be written in more bytes than they need
// (D-149).
func parseBER(b []byte) (*ber.Packet, error) {
	m := berMeter{text: b}
	end, err := m.element(0, len(b), 1)
	if err != nil {
		return nil, err
	}
	if end != len(b) {
		return nil, berError("bytes follow the end of its value")
	}
	p, err := ber.DecodePacketErr(b)
	if err != nil {
		return nil, berError("its value is not BER: " + err.Error())
	}
	return p, nil
}

// berMeter walks over an encoding without keeping anything of it.
type berMeter struct {
	text     []byte
	elements int
	content  int
}

func (m *berMeter) element(i, end, depth int) (next int, err error) {
	const short = berError("its value is cut off")
	m.elements++
	if depth > berDepth || m.elements > berElements {
		return 0, berError("its value is too deep or has too many elements")
	}
	if i+2 > end {
		return 0, short
	}
	tag := m.text[i]
	i++
	if !berTag(tag) {
		return 0, berError("its value has a tag that no control uses")
	}
	length := int(m.text[i])
	i++
	if length == 0x80 {
		return 0, berError("its value has an indefinite length")
	}
	if length > 0x80 {
		n := length & 0x7f
		if n > end-i {
			return 0, short
		}
		length = 0
		for _, c := range m.text[i : i+n] {
			if length > 1<<23 {
				return 0, short // longer than any text that can be here
			}
			length = length<<8 | int(c)
		}
		i += n
		if n > 8 {
			return 0, berError("its value has a length of more than eight bytes")
		}
	}
	if length > end-i {
		return 0, short
	}
	if m.content += length; m.content > berContent {
		return 0, berError("its value is too long")
	}
	end = i + length
	if tag&0x20 != 0 {
		for i < end {
			if i, err = m.element(i, end, depth+1); err != nil {
				return 0, err
			}
		}
	}
	return end, nil
}

// berTag reports whether a control may use the tag: the universal types of RFC
// 4511 and the short tags of the other classes. The parser never gets to see
// real numbers, dates and the like, which no control has.
func berTag(tag byte) bool {
	const constructed = 0x20
	if tag&0x1f == 0x1f {
		return false
	}
	switch tag {
	case byte(ber.TagBoolean), byte(ber.TagInteger), byte(ber.TagOctetString), byte(ber.TagNULL), byte(ber.TagEnumerated),
		byte(ber.TagSequence) | constructed, byte(ber.TagSet) | constructed:
		return true
	}
	return ber.Class(tag)&ber.ClassBitmask != ber.ClassUniversal
}

// berReader takes elements one after the other; the first error sticks and
// later calls return zero values, so a value is read without a check per line.
type berReader struct {
	oid     string
	packets []*ber.Packet
	err     error
}

func (r *berReader) fail(message string) {
	if r.err == nil {
		r.err = controlError(r.oid, message)
	}
}

// more reports whether there is something left to read.
func (r *berReader) more() bool { return r.err == nil && len(r.packets) > 0 }

// next returns the next element if it has the wanted class and tag.
func (r *berReader) next(class ber.Class, tag ber.Tag) *ber.Packet {
	if r.err != nil || !r.has(class, tag) {
		return nil
	}
	p := r.packets[0]
	r.packets = r.packets[1:]
	return p
}

// has reports whether the next element has this class and tag.
func (r *berReader) has(class ber.Class, tag ber.Tag) bool {
	return len(r.packets) > 0 && r.packets[0].ClassType == class && r.packets[0].Tag == tag
}

// inside reads a constructed element and returns a reader of its children.
func (r *berReader) inside(class ber.Class, tag ber.Tag, what string) *berReader {
	p := r.next(class, tag)
	if p == nil || p.TagType != ber.TypeConstructed {
		r.fail(what + " is missing")
		return &berReader{oid: r.oid, err: r.err}
	}
	return &berReader{oid: r.oid, packets: p.Children}
}

func (r *berReader) sequence(what string) *berReader {
	return r.inside(ber.ClassUniversal, ber.TagSequence, what)
}

// bytes reads a primitive string.
func (r *berReader) bytes(class ber.Class, tag ber.Tag, what string) []byte {
	p := r.next(class, tag)
	if p == nil || p.TagType != ber.TypePrimitive {
		r.fail(what + " is missing")
		return nil
	}
	if p.Data.Len() == 0 {
		return nil
	}
	return p.Data.Bytes()
}

func (r *berReader) octets(what string) []byte {
	return r.bytes(ber.ClassUniversal, ber.TagOctetString, what)
}

// optionalOctets reads a string that may be missing: nil then, and not nil when
// it is there and empty.
func (r *berReader) optionalOctets(what string) []byte {
	if !r.has(ber.ClassUniversal, ber.TagOctetString) {
		return nil
	}
	if b := r.octets(what); b != nil {
		return b
	}
	return []byte{}
}

// integer reads an integer of the given bounds.
func (r *berReader) integer(tag ber.Tag, low, high int64, what string) int64 {
	b := r.bytes(ber.ClassUniversal, tag, what)
	if r.err != nil {
		return 0
	}
	for len(b) > 8 && (b[0] == 0 && b[1] < 0x80 || b[0] == 0xff && b[1] >= 0x80) {
		b = b[1:] // more bytes than it needs
	}
	n, err := ber.ParseInt64(b)
	if err != nil || len(b) == 0 || n < low || n > high {
		r.fail(what + " is not a number in its range")
		return 0
	}
	return n
}

// boolean reads a universal boolean, or one with a context tag when tag is one.
func (r *berReader) boolean(class ber.Class, tag ber.Tag, what string) bool {
	b := r.bytes(class, tag, what)
	if r.err == nil && len(b) != 1 {
		r.fail(what + " is not a boolean")
	}
	return r.err == nil && b[0] != 0
}

// end makes sure that nothing is left and returns the first error.
func (r *berReader) end() error {
	if len(r.packets) > 0 {
		r.fail("its value has more parts than the control knows")
	}
	return r.err
}

const maxInt = 1<<31 - 1 // of RFC 4511

func berSequence(children ...*ber.Packet) *ber.Packet {
	p := ber.NewSequence("")
	for _, c := range children {
		if c != nil {
			p.AppendChild(c)
		}
	}
	return p
}

func berInteger(n int64) *ber.Packet {
	return ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagInteger, n, "")
}

func berEnumerated(n int64) *ber.Packet {
	return ber.NewInteger(ber.ClassUniversal, ber.TypePrimitive, ber.TagEnumerated, n, "")
}

func berString(s string) *ber.Packet {
	return ber.NewString(ber.ClassUniversal, ber.TypePrimitive, ber.TagOctetString, s, "")
}

// berContext makes a string with a context tag.
func berContext(tag ber.Tag, s string) *ber.Packet {
	return ber.NewString(ber.ClassContext, ber.TypePrimitive, tag, s, "")
}

func berBoolean(b bool) *ber.Packet {
	return ber.NewLDAPBoolean(ber.ClassUniversal, ber.TypePrimitive, ber.TagBoolean, b, "")
}
