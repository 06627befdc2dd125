package dsml

// FilterKind names the ten forms of a search filter.
type FilterKind uint8

const (
	And FilterKind = iota + 1
	Or
	Not
	EqualityMatch
	Substrings
	GreaterOrEqual
	LessOrEqual
	Present
	ApproxMatch
	ExtensibleMatch
)

var filterElements = []string{
	And:             "and",
	Or:              "or",
	Not:             "not",
	EqualityMatch:   "equalityMatch",
	Substrings:      "substrings",
	GreaterOrEqual:  "greaterOrEqual",
	LessOrEqual:     "lessOrEqual",
	Present:         "present",
	ApproxMatch:     "approxMatch",
	ExtensibleMatch: "extensibleMatch",
}

// String returns the local name of the element.
func (k FilterKind) String() string { return nameOf(filterElements, int(k)) }

// Filter is one node of a search filter. Which fields carry meaning depends on
// Kind: Filters for And, Or and Not (exactly one there); Name and Value for
// the four comparisons; Name, Initial, Any and Final for Substrings; Name
// alone for Present; Name, MatchingRule, DNAttributes and Value for
// ExtensibleMatch.
type Filter struct {
	Kind         FilterKind
	Name         string
	Value        Value
	Filters      []*Filter
	Initial      *Value
	Any          []Value
	Final        *Value
	MatchingRule string
	DNAttributes bool
}
