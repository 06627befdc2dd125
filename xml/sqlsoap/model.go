package sqlsoap

import "github.com/dsmlkit/dsmlkit/xml"

// kind is what an element of the payload is.
type kind uint8

const (
	kBatch kind = iota
	kResponse
	kCommands
	kParameters
	kParameter
	kValue
	kResults
	kRowSet
	kXML
	kSmall // a result that is read from its tree
	kSchema
	kDiffgram
	kRows
	kRow
	kCell
	kIgnored
)

// content says what an element may hold.
type content uint8

const (
	elementsOnly content = iota // elements and white space
	textOnly                    // text and no elements
	mixed                       // text and any elements
)

func (k kind) content() content {
	switch k {
	case kCommands:
		return textOnly
	case kValue, kCell, kXML:
		return mixed
	}
	return elementsOnly
}

// particle is a child that an element may have.
type particle struct {
	name      xml.Name
	kind      kind
	required  bool
	many      bool
	statement string // that says how often, and where, it stands
}

// models lists the children of elements in the order in which they stand. In the
// result stream there is no order. The children of diffgrams and rows have names
// of their own.
var models = [kIgnored + 1][]particle{
	kBatch: {
		{xml.Name{Space: NS, Local: "BatchCommands"}, kCommands, true, false, "S-79"},
		{xml.Name{Space: NS, Local: "Parameters"}, kParameters, false, false, ""},
	},
	kResponse: {
		{xml.Name{Space: NS, Local: "sqlbatchResult"}, kResults, true, false, "S-80"},
		{xml.Name{Space: NS, Local: "Parameters"}, kParameters, false, false, "S-81"},
	},
	kParameters: {{xml.Name{Space: NSParameter, Local: "SqlParameter"}, kParameter, false, true, ""}},
	kParameter:  {{xml.Name{Space: NSParameter, Local: "Value"}, kValue, true, false, ""}},
	kResults: {
		{xml.Name{Space: NSResultStream, Local: "SqlRowSet"}, kRowSet, false, true, ""},
		{xml.Name{Space: NSResultStream, Local: "SqlXml"}, kXML, false, true, ""},
		{xml.Name{Space: NSResultStream, Local: "SqlMessage"}, kSmall, false, true, ""},
		{xml.Name{Space: NSResultStream, Local: "SqlRowCount"}, kSmall, false, true, ""},
		{xml.Name{Space: NSResultStream, Local: "SqlResultCode"}, kSmall, false, true, ""},
		{xml.Name{Space: NSResultStream, Local: "SqlTransaction"}, kSmall, false, true, ""},
	},
	kRowSet: {
		{xml.Name{Space: nsXSD, Local: "schema"}, kSchema, false, true, "S-87"},
		{xml.Name{Space: nsDiffgr, Local: "diffgram"}, kDiffgram, true, false, "S-87"},
	},
}

// frame is an open element.
type frame struct {
	kind  kind
	local string
	space string       // of the rows
	pos   xml.Position // of the start; zero for rows and what is in them, where counting lines costs too much
	seen  uint         // particles that have come
	step  int          // the last of them in order
}
