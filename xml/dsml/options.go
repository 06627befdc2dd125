package dsml

import (
	"github.com/dsmlkit/dsmlkit/xml"
)

// DefaultFilterDepth bounds the nesting of filters, the leaf counted (D-81).
// No directory is known to take deeper ones, and each level costs stack
// further on.
const DefaultFilterDepth = 128

// Expect says which kind of document is wanted.
type Expect uint8

const (
	ExpectAny Expect = iota
	ExpectRequest
	ExpectResponse
)

// Options says how a document is read. The zero value reads leniently, as a
// client or a tool wants it. A server sets Allow to EndpointAllow().
type Options struct {
	// Strict refuses every leniency: what is left is the schema, and those
	// statements that go beyond it.
	Strict bool
	// Allow is the set of leniencies; zero means DefaultAllow(). Strict wins.
	Allow Allow
	// Limits bounds the text. A Depth of zero makes room for the deepest filter.
	Limits xml.Limits
	// MaxRequests bounds the requests of a batch (D-32); zero means no bound.
	MaxRequests int
	// FilterDepth bounds the nesting of filters (D-81); zero means
	// DefaultFilterDepth.
	FilterDepth int
	// Expect refuses documents of the other kind (D-01, D-02).
	Expect Expect
	// RequireEnvelope refuses a bare document (D-117).
	RequireEnvelope bool
	// Partial hands out what was read before an error as Parsed.Document.
	// Without it a document that has an error has no requests, so that none of
	// them can be carried out by mistake (D-30).
	Partial bool
}

func (o *Options) allowed() Allow {
	switch {
	case o.Strict:
		return 0
	case o.Allow == 0:
		return DefaultAllow()
	}
	return o.Allow
}

func (o *Options) filterDepth() int {
	if o.FilterDepth > 0 {
		return o.FilterDepth
	}
	return DefaultFilterDepth
}

func (o *Options) limits() xml.Limits {
	l := o.Limits
	if l.Depth == 0 {
		// The envelope, the batch, the request and the value around the filter.
		l.Depth = max(xml.DefaultLimits().Depth, o.filterDepth()+32)
	}
	return l
}
