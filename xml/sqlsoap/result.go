package sqlsoap

import (
	"strconv"

	"github.com/dsmlkit/dsmlkit/xml"
)

// Result is a *RowSet, *XML, *SQLMessage, *RowCount, *ResultCode or
// *Transaction.
type Result interface {
	// Element returns the local name of its element.
	Element() string
	// Fields tells what it holds, but for content, columns and rows.
	Fields(Visitor)
	result()
}

func (*RowSet) result()      {}
func (*XML) result()         {}
func (*SQLMessage) result()  {}
func (*RowCount) result()    {}
func (*ResultCode) result()  {}
func (*Transaction) result() {}

// XML is the result of a SELECT ... FOR XML.
type XML struct {
	Content []xml.Node
}

// Element returns "SqlXml".
func (*XML) Element() string { return "SqlXml" }

// Fields tells nothing.
func (*XML) Fields(Visitor) {}

// SQLMessage is an error or a message of the server, or a change that was asked
// to be reported. The numbers are of 32 bits and not below 0.
type SQLMessage struct {
	Class      int64 // severity
	LineNumber int64 // of the batch or procedure
	Message    string
	Number     int64
	Procedure  Optional[string]
	Server     Optional[string]
	Source     string // "Microsoft-SQL/9.0" is SQL Server 2005, 10.0 is 2008
	State      int64
}

// Sources of messages, by version of SQL Server.
const (
	Source2005 = "Microsoft-SQL/9.0"
	Source2008 = "Microsoft-SQL/10.0"
)

// Element returns "SqlMessage".
func (*SQLMessage) Element() string { return "SqlMessage" }

// Fields tells the elements, which stand in this order (S-82).
func (m *SQLMessage) Fields(v Visitor) {
	v.Int("class", &m.Class, 0, maxInt32)
	v.Int("lineNumber", &m.LineNumber, 0, maxInt32)
	v.Text("message", &m.Message)
	v.Int("number", &m.Number, 0, maxInt32)
	v.OptText("procedure", &m.Procedure)
	v.OptText("server", &m.Server)
	v.Text("source", &m.Source)
	v.Int("state", &m.State, 0, maxInt32)
}

// RowCount is the number of rows that a statement returned or changed.
type RowCount struct {
	Count int64
}

// Element returns "SqlRowCount".
func (*RowCount) Element() string { return "SqlRowCount" }

// Fields tells the element.
func (c *RowCount) Fields(v Visitor) { v.Int("count", &c.Count, minInt64, maxInt64) }

// ResultCode is the value that the whole request returns, of 32 bits.
type ResultCode struct {
	Value int64
}

// Element returns "SqlResultCode".
func (*ResultCode) Element() string { return "SqlResultCode" }

// Fields tells the value.
func (c *ResultCode) Fields(v Visitor) { v.Int("value", &c.Value, minInt32, maxInt32) }

// TransactionType is what happened to a transaction.
type TransactionType uint8

// The types. The zero value is none of them.
const (
	TransactionBegin TransactionType = iota + 1
	TransactionCommit
	TransactionRollback
	TransactionEnlistDTC
	TransactionDefect
)

var transactionTypes = []string{"", "Begin", "Commit", "Rollback", "EnlistDTC", "Defect"}

// String returns the name that Type carries.
func (t TransactionType) String() string { return nameOf(transactionTypes, int(t)) }

// Open reports whether there is a transaction after it, to be named in
// Session.TransactionDescriptor.
func (t TransactionType) Open() bool { return t == TransactionBegin || t == TransactionEnlistDTC }

// Transaction reports a change of a transaction. It is only sent where
// EnvironmentChangeNotifications asked for it (S-71, S-74).
type Transaction struct {
	Descriptor []byte
	Type       TransactionType
}

// Element returns "SqlTransaction".
func (*Transaction) Element() string { return "SqlTransaction" }

// Fields tells the elements.
func (t *Transaction) Fields(v Visitor) {
	v.Bytes("descriptor", &t.Descriptor, true)
	v.Enum("type", (*uint8)(&t.Type), transactionTypes)
}

// resultSpace returns the namespace of a result's type, which is that of the
// elements in it, and its usual prefix.
func resultSpace(local string) (space, prefix string) {
	switch local {
	case "SqlMessage":
		return NSMessage, prefixMessage
	case "SqlRowCount":
		return NSRowCount, prefixRowCount
	case "SqlTransaction":
		return NSTransaction, prefixTransaction
	}
	return NSTypes, prefixTypes
}

// readResult reads a small result from its tree.
func (d *decoder) readResult(e *xml.Element) {
	space, _ := resultSpace(e.Name.Local)
	switch e.Name.Local {
	case "SqlMessage":
		d.add(d.readMessage(e, space))
	case "SqlRowCount":
		r := new(RowCount)
		d.fields(r, e, space, "")
		d.add(r)
	case "SqlTransaction":
		r := new(Transaction)
		d.fields(r, e, space, "")
		d.add(r)
	case "SqlResultCode":
		r := new(ResultCode)
		value := attributes{{Name: xml.Name{Local: "value"}, Value: e.Text()}}
		if len(childElements(e)) > 0 {
			d.fail(e.Pos, CodeElement, "", "elements stand inside "+e.Name.Local, "it holds text")
		}
		r.Fields(&fieldReader{problems: &d.problems, from: value, of: e.Name.Local, pos: e.Pos})
		if r.Value < 0 {
			d.lenient(AllowNegativeResultCode, e.Pos, CodeValue, "", e.Name.Local+" is below 0", "the schema lets it begin at 0")
		}
		d.add(r)
	}
}

// readMessage reads a SqlMessage, the parts of which are in space.
func (p *problems) readMessage(e *xml.Element, space string) *SQLMessage {
	m := new(SQLMessage)
	p.fields(m, e, space, "S-82")
	return m
}

// resultType checks the xsi:type of the result that has just started: the type
// has its element's name.
func (d *decoder) resultType(local string) {
	text, ok := d.s.Attr(nsXSI, "type")
	if !ok {
		return
	}
	space, _ := resultSpace(local)
	prefix, name := splitQName(string(text))
	if uri, _ := d.s.Namespace(prefix); uri != space || name != local {
		d.fail(d.here(), CodeType, "", "xsi:type of "+local+" is \""+excerpt(string(text))+"\"",
			"it names "+local+" of \""+space+"\", or is left out")
	}
}

func (w *writer) badField(name string) {
	st := ""
	if name != "type" && name != "value" {
		st = "S-82"
	}
	w.fail(CodeValue, st, capital(name)+" of a result is not what it may be", "")
}

func (w *writer) startResult(r Result) {
	space, _ := resultSpace(r.Element())
	w.start(NSResultStream, r.Element())
	w.attr(nsXSI, "type", w.QName(space, r.Element()))
}

func (w *writer) result(r Result) {
	switch r := r.(type) {
	case *XML:
		w.startResult(r)
		w.nodes(r.Content)
		w.End()
	case *ResultCode:
		if r.Value < 0 {
			w.extension(CodeValue, "", "a ResultCode is below 0")
		}
		w.startResult(r)
		w.Text(strconv.FormatInt(r.Value, 10))
		w.End()
	default:
		space, prefix := resultSpace(r.Element())
		w.Element(elementsOf(r, space, prefix, w.badField))
	}
}
