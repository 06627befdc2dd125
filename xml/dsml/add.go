package dsml

// AddRequest makes an entry.
type AddRequest struct {
	Message
	DN    string
	Attrs []Attribute
}

func (*AddRequest) Element() string { return "addRequest" }
