package dsml

// ModifyOp is what a modification does to the values of one attribute.
type ModifyOp uint8

const (
	ModifyAdd ModifyOp = iota
	ModifyDelete
	ModifyReplace
	ModifyIncrement // RFC 4525; not in the schema, so read leniently and written only where asked
)

// Modification changes the values of one attribute.
type Modification struct {
	Name   string
	Op     ModifyOp
	Values []Value
}

// ModifyRequest changes an entry; its modifications apply in order, all or
// none (D-52).
type ModifyRequest struct {
	Message
	DN            string
	Modifications []Modification
}

func (*ModifyRequest) Element() string { return "modifyRequest" }
