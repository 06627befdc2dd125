package sqlsoap

import "github.com/dsmlkit/dsmlkit/xml"

// Options says how a message is read. The zero value reads leniently, as a
// client or a tool wants it. A server sets Allow to EndpointAllow() and Expect
// to ToServer.
type Options struct {
	// Strict refuses every leniency.
	Strict bool
	// Allow is the set of leniencies; zero means DefaultAllow(). Strict wins.
	Allow Allow
	// Limits bounds the text.
	Limits xml.Limits
	// Expect refuses documents that go the other way.
	Expect Direction
	// RequireEnvelope refuses a bare document.
	RequireEnvelope bool
	// FixedDatabase says that the endpoint has a database of its own, which
	// forbids initialDatabase (S-69).
	FixedDatabase bool
}

// allowed is the set of leniencies that options ask for.
func allowed(strict bool, a Allow) Allow {
	switch {
	case strict:
		return 0
	case a == 0:
		return DefaultAllow()
	}
	return a
}
