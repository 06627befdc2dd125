package xml

import "math/bits"

// Eight bytes are looked at together. In each mask below the lowest set bit is
// exact: it belongs to the first byte that needs a look. Bits over it may be
// wrong, because a subtraction borrows, so only the lowest may be used.

const (
	ones  = 0x0101010101010101
	highs = 0x8080808080808080
)

// load reads eight bytes; the compiler makes one instruction of it.
func load[T string | []byte](b T, i int) uint64 {
	b = b[i : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

// store writes eight bytes, in one instruction as well.
func store(b []byte, i int, w uint64) {
	b = b[i : i+8]
	b[0], b[1], b[2], b[3] = byte(w), byte(w>>8), byte(w>>16), byte(w>>24)
	b[4], b[5], b[6], b[7] = byte(w>>32), byte(w>>40), byte(w>>48), byte(w>>56)
}

// textMask marks what text needs a look at: control characters, '<', '&', ']'
// and everything that is not ASCII.
func textMask(w uint64) uint64 {
	return ((w - ' '*ones) | ((w ^ '<'*ones) - ones) | ((w ^ '&'*ones) - ones) | ((w ^ ']'*ones) - ones) | w) & highs
}

// valueMask does the same for an attribute value; quotes is the closing quote
// in every byte.
func valueMask(w, quotes uint64) uint64 {
	return ((w - ' '*ones) | ((w ^ '<'*ones) - ones) | ((w ^ '&'*ones) - ones) | ((w ^ quotes) - ones) | w) & highs
}

// plainMask does the same for comments, CDATA sections and processing
// instructions; stops is the first byte of their end in every byte.
func plainMask(w, stops uint64) uint64 {
	return ((w - ' '*ones) | ((w ^ stops) - ones) | w) & highs
}

// controls marks, in the highest bits, control characters, if there are any.
func controls(w uint64) uint64 { return (w - ' '*ones) &^ w }

// equalBytes marks, exactly, every byte of w that equals the byte in cs.
func equalBytes(w, cs uint64) uint64 {
	x := w ^ cs
	return ^((x&^highs + ^uint64(highs)) | x | ^uint64(highs))
}

// escapeMask does the same for what a Writer writes: also '>' needs a look, and
// the quote in every byte of quotes.
func escapeMask(w, quotes uint64) uint64 {
	return ((w - ' '*ones) | ((w ^ '<'*ones) - ones) | ((w ^ '&'*ones) - ones) | ((w ^ '>'*ones) - ones) | ((w ^ quotes) - ones) | w) & highs
}

// nameEndMask marks, exactly for the lowest bit, what ends a name: white space,
// '/', and '<', '=', '>' and '?'. Other bytes that cannot stand in a name are
// left to whoever judges it.
func nameEndMask(w uint64) uint64 {
	return ((w - '!'*ones) | ((w ^ '/'*ones) - ones) | (((w | 3*ones) ^ '?'*ones) - ones)) &^ w & highs
}

// firstByte returns the index of the byte to which the lowest set bit belongs.
func firstByte(mask uint64) int { return bits.TrailingZeros64(mask) >> 3 }

// bytesOf takes the highest bit of each byte together.
func bytesOf(mask uint64) uint64 { return (mask >> 7) * 0x0102040810204080 >> 56 }
