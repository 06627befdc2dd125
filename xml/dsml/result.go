package dsml

// ResultKind names the elements that are nothing but an LDAP result.
type ResultKind uint8

const (
	AuthResponse ResultKind = iota + 1
	SearchResultDone
	ModifyResponse
	AddResponse
	DelResponse
	ModDNResponse
	CompareResponse
)

var resultElements = [...]string{
	AuthResponse:     "authResponse",
	SearchResultDone: "searchResultDone",
	ModifyResponse:   "modifyResponse",
	AddResponse:      "addResponse",
	DelResponse:      "delResponse",
	ModDNResponse:    "modDNResponse",
	CompareResponse:  "compareResponse",
}

// String returns the local name of the element.
func (k ResultKind) String() string {
	if int(k) < len(resultElements) {
		return resultElements[k]
	}
	return ""
}

// LDAPResult is how the directory answered one operation.
type LDAPResult struct {
	Message
	MatchedDN    string // written only when not empty (D-101)
	Code         ResultCode
	ErrorMessage string
	Referrals    []string // URIs
}

// ID returns the requestID that the result answers.
func (r *LDAPResult) ID() Optional { return r.RequestID }

// Result is a response element that is an LDAP result and nothing more.
type Result struct {
	Kind ResultKind
	LDAPResult
}

// Element returns the local name of the result's element.
func (r *Result) Element() string { return r.Kind.String() }
