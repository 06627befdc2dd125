package xml

// Limits bounds what a document may cost. A field that is zero stands for its
// default.
type Limits struct {
	// Depth is the greatest number of elements open at once.
	Depth int
	// Attributes is the greatest number of attributes of one element,
	// namespace declarations included.
	Attributes int
	// Namespaces is the greatest number of namespace declarations in force at
	// once, those hidden by others included.
	Namespaces int
	// NameLength is the greatest length of a name as written, in bytes.
	NameLength int
	// TokenLength is the greatest length of one tag, run of text, comment,
	// CDATA section or processing instruction as written, in bytes of UTF-8.
	// It is also what bounds a Scanner's memory.
	TokenLength int
	// Length is the greatest length of the whole input, in bytes as fed.
	Length int64
}

// The defaults of Limits.
const (
	DefaultDepth       = 256      // real messages stay under 30
	DefaultAttributes  = 1024     // far over any vocabulary, small enough to compare all names
	DefaultNamespaces  = 1024     // real messages stay under 50; prefixes are looked up one by one
	DefaultNameLength  = 1024     // names are kept for the life of a Scanner
	DefaultTokenLength = 64 << 20 // a photograph in base64 fits many times over
	DefaultLength      = 1 << 30  // a full directory export
)

// DefaultLimits returns the limits that stand when none are chosen.
func DefaultLimits() Limits {
	return Limits{
		Depth:       DefaultDepth,
		Attributes:  DefaultAttributes,
		Namespaces:  DefaultNamespaces,
		NameLength:  DefaultNameLength,
		TokenLength: DefaultTokenLength,
		Length:      DefaultLength,
	}
}

func (l Limits) withDefaults() Limits {
	d := DefaultLimits()
	if l.Depth <= 0 {
		l.Depth = d.Depth
	}
	if l.Attributes <= 0 {
		l.Attributes = d.Attributes
	}
	if l.Namespaces <= 0 {
		l.Namespaces = d.Namespaces
	}
	if l.NameLength <= 0 {
		l.NameLength = d.NameLength
	}
	if l.TokenLength <= 0 {
		l.TokenLength = d.TokenLength
	}
	if l.Length <= 0 {
		l.Length = d.Length
	}
	return l
}

// raise is the hint where a limit was reached. Those who meet it are not always
// those who can do something about it.
func raise(limit string) string {
	return "the limit is there for hostile documents; a program in Go can raise it (Limits." + limit + ")"
}
