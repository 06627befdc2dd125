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

// compareOptions are what sqlCompareOptions may list besides Default.
var compareOptions = []string{"None", "IgnoreCase", "IgnoreNonSpace", "IgnoreKanaType", "IgnoreWidth", "BinarySort", "BinarySort2"}

// compareList returns a list of those names as it is written: with single
// spaces, and "" for Default.
func compareList(list string) (string, bool) {
	names := strings.Fields(list)
	kept := names[:0]
	for _, name := range names {
		switch {
		case name == "Default":
		case indexOf(compareOptions, name) < 0:
			return list, false
		default:
			kept = append(kept, name)
		}
	}
	return strings.Join(kept, " "), true
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
