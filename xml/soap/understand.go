package soap

import "github.com/dsmlkit/dsmlkit/xml"

// NotUnderstood returns the first header block that has to be understood and
// is not, or nil. Such a block means that nothing of the message may be
// carried out and that the answer is a MustUnderstand fault (D-118); blocks
// that need not be understood are passed over (D-119), and so are those that
// are meant for somebody else.
func NotUnderstood(headers []Header, understood func(xml.Name) bool) *Header {
	for i := range headers {
		h := &headers[i]
		if h.MustUnderstand && h.ForUs() && !understood(h.Name) {
			return h
		}
	}
	return nil
}

// ForUs reports whether the block is meant for the receiver at the end of the
// path: it names no actor, or the next one, or the ultimate receiver.
func (h *Header) ForUs() bool {
	switch h.Actor {
	case "", ActorNext, RoleNext, RoleUltimateReceiver:
		return true
	}
	return false
}
