package dsml

// DelRequest removes an entry.
type DelRequest struct {
	Message
	DN string
}

func (*DelRequest) Element() string { return "delRequest" }
