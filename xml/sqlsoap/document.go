package sqlsoap

// Document is what the Body of a message holds: a *Batch, a *BatchResponse or a
// *Fault.
type Document interface {
	// Element returns the local name of its element.
	Element() string
	document()
}

func (*Batch) document()         {}
func (*BatchResponse) document() {}
func (*Fault) document()         {}

// Batch is a sqlbatch request.
type Batch struct {
	BatchCommands string // Transact-SQL; it may be empty, but not missing (S-79)
	Parameters    []Parameter
}

// Element returns "sqlbatch".
func (*Batch) Element() string { return "sqlbatch" }

// BatchResponse is the answer to a Batch.
type BatchResponse struct {
	// Results are in the order in which they came about. There may be none
	// (S-86). An error of a statement is one of them, a *SQLMessage (S-85).
	Results []Result
	// Parameters are those that come back (S-81).
	Parameters []Parameter
}

// Element returns "sqlbatchResponse".
func (*BatchResponse) Element() string { return "sqlbatchResponse" }
