package dsml

// CompareRequest asks whether an entry holds a value; the answer is compareTrue
// or compareFalse (D-60).
type CompareRequest struct {
	Message
	DN    string
	Name  string // of the attribute in the assertion
	Value Value
}

func (*CompareRequest) Element() string { return "compareRequest" }
