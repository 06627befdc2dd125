package dsml

// Scope is how far a search looks below its base.
type Scope uint8

const (
	BaseObject Scope = iota
	SingleLevel
	WholeSubtree
)

// DerefAliases is when a search follows aliases.
type DerefAliases uint8

const (
	NeverDerefAliases DerefAliases = iota
	DerefInSearching
	DerefFindingBaseObj
	DerefAlways
)

var (
	scopes         = []string{"baseObject", "singleLevel", "wholeSubtree"}
	derefAliasings = []string{"neverDerefAliases", "derefInSearching", "derefFindingBaseObj", "derefAlways"}
)

// String returns the scope as the document names it.
func (s Scope) String() string { return nameOf(scopes, int(s)) }

// String returns the choice as the document names it.
func (a DerefAliases) String() string { return nameOf(derefAliasings, int(a)) }

func nameOf(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return ""
}

// SearchRequest asks for entries. The limits are what the client imposes; zero
// is none (D-42). Attributes empty asks for all user attributes (D-44), "1.1"
// for none (D-45).
type SearchRequest struct {
	Message
	DN           string
	Scope        Scope
	DerefAliases DerefAliases
	SizeLimit    int32 // entries
	TimeLimit    int32 // seconds
	TypesOnly    bool
	Filter       *Filter
	Attributes   []string
}

func (*SearchRequest) Element() string { return "searchRequest" }

// SearchResponse answers a search: entries, then references, then one result
// (D-93).
type SearchResponse struct {
	RequestID  Optional
	Entries    []*SearchResultEntry
	References []*SearchResultReference
	Done       *Result // its Kind is SearchResultDone
}

func (*SearchResponse) Element() string { return "searchResponse" }

func (r *SearchResponse) ID() Optional { return r.RequestID }

// SearchResultEntry is one entry that a search found.
type SearchResultEntry struct {
	Message
	DN    string
	Attrs []Attribute
}

// SearchResultReference points to servers where a search may go on.
type SearchResultReference struct {
	Message
	Refs []string // URIs, at least one
}

// Element returns "searchResultEntry".
func (*SearchResultEntry) Element() string { return "searchResultEntry" }

// Element returns "searchResultReference".
func (*SearchResultReference) Element() string { return "searchResultReference" }
