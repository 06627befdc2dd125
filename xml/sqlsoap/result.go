package sqlsoap

import (
	"strconv"

	"github.com/dsmlkit/dsmlkit/xml"
)

// XML is the result of a SELECT ... FOR XML.
type XML struct {
	Content []xml.Node
}

// Element returns "SqlXml".
func (*XML) Element() string { return "SqlXml" }

type xmlReader struct {
	x *XML
}

func (*xmlReader) content() content                    { return mixed }
func (*xmlReader) names() []string                     { return nil }
func (*xmlReader) child(_ *decoder, _ xml.Name) reader { return nil }

func (r *xmlReader) flush(d *decoder) {
	if len(d.text) > 0 {
		r.x.Content = append(r.x.Content, xml.Node{Text: string(d.text)})
		d.text = d.text[:0]
	}
}

func (r *xmlReader) element(_ *decoder, e *xml.Element) {
	r.x.Content = append(r.x.Content, xml.Node{Element: e})
}

func (r *xmlReader) end(d *decoder) {
	r.flush(d)
	d.add(r.x)
}

// RowCount is the number of rows that a statement returned or changed.
type RowCount struct {
	Count int64
}

// Element returns "SqlRowCount".
func (*RowCount) Element() string { return "SqlRowCount" }

func (d *decoder) readRowCount(e *xml.Element) *RowCount {
	v := d.parts(e, NSRowCount, "", "Count")
	return &RowCount{d.number(e, "Count", "", v[0], -1<<63, 64)}
}

// ResultCode is the value that the whole request returns.
type ResultCode struct {
	Value int32
}

// Element returns "SqlResultCode".
func (*ResultCode) Element() string { return "SqlResultCode" }

func (d *decoder) readResultCode(text string) *ResultCode {
	n, ok := integer(text, 32)
	switch {
	case !ok:
		d.fail(d.where(), CodeValue, "", "SqlResultCode is \""+excerpt(text)+"\"", "a whole number of 32 bits")
	case n < 0:
		d.lenient(AllowNegativeResultCode, d.where(), CodeValue, "", "SqlResultCode is below 0", "the schema lets it begin at 0")
	}
	return &ResultCode{int32(n)}
}

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

// TransactionTypeNamed returns the type of that name.
func TransactionTypeNamed(name string) (t TransactionType, ok bool) {
	i := indexOf(transactionTypes, name)
	return TransactionType(max(i, 0)), i > 0
}

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

func (d *decoder) readTransaction(e *xml.Element) *Transaction {
	v := d.parts(e, NSTransaction, "", "Descriptor", "Type")
	t := new(Transaction)
	if v[0].Set {
		t.Descriptor, _ = d.base64(v[0].Value, e.Pos, CodeValue, "Descriptor of SqlTransaction")
	}
	if v[1].Set {
		name := trim(v[1].Value)
		var ok bool
		if t.Type, ok = TransactionTypeNamed(name); !ok {
			d.fail(e.Pos, CodeValue, "", "Type of SqlTransaction is \""+excerpt(name)+"\"", hint(name, transactionTypes[1:]))
		}
	}
	return t
}

func (w *writer) result(r Result) {
	start := func(space string) {
		w.Start(NSResultStream, r.Element())
		w.Attr(nsXSI, "type", w.QName(space, r.Element()))
	}
	switch r := r.(type) {
	case *XML:
		start(NSTypes)
		w.nodes(r.Content)
		w.End()
	case *SQLMessage:
		w.message(r)
	case *RowCount:
		start(NSRowCount)
		w.Start(NSRowCount, "Count")
		w.Text(strconv.FormatInt(r.Count, 10))
		w.End()
		w.End()
	case *ResultCode:
		if r.Value < 0 {
			w.extension(CodeValue, "", "a ResultCode is below 0")
		}
		start(NSTypes)
		w.Text(strconv.Itoa(int(r.Value)))
		w.End()
	case *Transaction:
		if r.Type == 0 || r.Type > TransactionDefect {
			w.fail(CodeValue, "", "a Transaction has no Type", oneOf(transactionTypes[1:]))
		}
		start(NSTransaction)
		w.Start(NSTransaction, "Descriptor")
		w.Base64(r.Descriptor)
		w.End()
		w.Start(NSTransaction, "Type")
		w.Text(r.Type.String())
		w.End()
		w.End()
	}
}
