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
