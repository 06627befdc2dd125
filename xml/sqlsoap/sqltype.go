package sqlsoap

import "strings"

// DBType is a data type of SQL Server, as sqlDbType names it.
type DBType uint8

// The zero value is the default.
const (
	NVarChar DBType = iota
	BigInt
	Binary
	Bit
	Char
	DateTime
	Decimal
	Float
	Image
	Int
	Money
	NChar
	NText
	Real
	SmallDateTime
	SmallInt
	SmallMoney
	Text
	Timestamp
	TinyInt
	Udt
	UniqueIdentifier
	VarBinary
	VarChar
	Variant
	Xml
	UTCDateTime // of the WSDL of 2005 only
	Structured  // of the WSDL of 2008 only: a table
)

var dbTypes = []string{
	"NVarChar", "BigInt", "Binary", "Bit", "Char", "DateTime", "Decimal", "Float", "Image", "Int", "Money", "NChar",
	"NText", "Real", "SmallDateTime", "SmallInt", "SmallMoney", "Text", "Timestamp", "TinyInt", "Udt",
	"UniqueIdentifier", "VarBinary", "VarChar", "Variant", "Xml", "UtcDateTime", "Structured",
}

// String returns the name that sqlDbType carries; "" for no type.
func (t DBType) String() string { return nameOf(dbTypes, int(t)) }

// DBTypeNamed returns the type of that name.
func DBTypeNamed(name string) (t DBType, ok bool) {
	i := indexOf(dbTypes, name)
	return DBType(max(i, 0)), i >= 0
}

// IsBinary reports whether values of the type are base64.
func (t DBType) IsBinary() bool {
	switch t {
	case Binary, Image, Timestamp, VarBinary:
		return true
	}
	return false
}

// ParameterDirection says whether a parameter comes back.
type ParameterDirection uint8

// The zero value is the default.
const (
	Input ParameterDirection = iota
	InputOutput
)

var directions = []string{"Input", "InputOutput"}

// String returns the name that direction carries.
func (d ParameterDirection) String() string { return nameOf(directions, int(d)) }

// ParameterDirectionNamed returns the direction of that name.
func ParameterDirectionNamed(name string) (d ParameterDirection, ok bool) {
	i := indexOf(directions, name)
	return ParameterDirection(max(i, 0)), i >= 0
}

// CompareOptions is how strings are compared: a set. The zero value is Default.
type CompareOptions uint8

// Members of the set.
const (
	CompareNone CompareOptions = 1 << iota
	IgnoreCase
	IgnoreNonSpace
	IgnoreKanaType
	IgnoreWidth
	BinarySort
	BinarySort2
)

var compareOptions = []string{"None", "IgnoreCase", "IgnoreNonSpace", "IgnoreKanaType", "IgnoreWidth", "BinarySort", "BinarySort2"}

// String returns the names in the set, with spaces between, or "Default".
func (c CompareOptions) String() string {
	if c == 0 {
		return "Default"
	}
	var names []string
	for i, n := range compareOptions {
		if c&(1<<i) != 0 {
			names = append(names, n)
		}
	}
	return strings.Join(names, " ")
}

// CompareOptionsNamed reads a list of names with white space between.
func CompareOptionsNamed(list string) (c CompareOptions, ok bool) {
	for _, name := range strings.Fields(list) {
		i := indexOf(compareOptions, name)
		switch {
		case i >= 0:
			c |= 1 << i
		case name != "Default":
			return 0, false
		}
	}
	return c, true
}

//go:noinline
func nameOf(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return ""
}

//go:noinline
func indexOf(names []string, name string) int {
	for i, n := range names {
		if n == name {
			return i
		}
	}
	return -1
}
