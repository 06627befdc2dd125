package dsml

// ValueType tells how a value travels in the document.
type ValueType uint8

const (
	Text         ValueType = iota // characters, carried as they are (D-82)
	Base64Binary                  // xsi:type="xsd:base64Binary"; Data holds the decoded bytes (D-83)
	AnyURI                        // xsi:type="xsd:anyURI"; Data holds the reference, never what it points at (D-89)
)

// Value is one value of an attribute, an assertion, a control or an extended
// operation.
type Value struct {
	Data string // bytes: UTF-8 text, decoded binary, or the reference
	Type ValueType
}

// Attribute is a named set of values in wire order.
type Attribute struct {
	Name   string
	Values []Value
}
