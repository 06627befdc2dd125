package sqlsoap

import (
	"github.com/dsmlkit/dsmlkit/xml"
)

// BatchResponse is the answer to a Batch.
type BatchResponse struct {
	// Results are in the order in which they came about. There may be none
	// (S-86). An error of a statement is one of them, a *SQLMessage (S-85).
	Results []Result
	// Parameters are those that come back (S-81).
	Parameters []Parameter
}

// Result is a *RowSet, *XML, *SQLMessage, *RowCount, *ResultCode or
// *Transaction.
type Result interface {
	// Element returns the local name of its element.
	Element() string
	result()
}

func (*RowSet) result()      {}
func (*XML) result()         {}
func (*SQLMessage) result()  {}
func (*RowCount) result()    {}
func (*ResultCode) result()  {}
func (*Transaction) result() {}

type responseReader struct {
	step int // 1: the result has come; 2: the parameters have
}

func (*responseReader) content() content { return elementsOnly }
func (*responseReader) names() []string  { return []string{"sqlbatchResult", "Parameters"} }

func (r *responseReader) child(d *decoder, n xml.Name) reader {
	switch n {
	case xml.Name{Space: NS, Local: "sqlbatchResult"}:
		switch r.step {
		case 1:
			d.fail(d.here(), CodeElement, "S-80", "a second sqlbatchResult", "a sqlbatchResponse holds exactly one")
		case 2:
			d.fail(d.here(), CodeOrder, "S-80", "sqlbatchResult stands behind Parameters", "it comes first")
		}
		r.step = max(r.step, 1)
		d.isNull()
		return resultReader{}
	case xml.Name{Space: NS, Local: "Parameters"}:
		switch r.step {
		case 0:
			d.fail(d.here(), CodeOrder, "S-81", "Parameters stands before sqlbatchResult", "sqlbatchResult comes first")
		case 2:
			d.fail(d.here(), CodeElement, "S-81", "a second Parameters", "")
		}
		r.step = 2
		d.isNull()
		return &parametersReader{list: &d.resp.Parameters}
	}
	return nil
}

func (r *responseReader) end(d *decoder) {
	if r.step == 0 {
		d.fail(d.top().pos, CodeElement, "S-80", "the sqlbatchResponse has no sqlbatchResult", "it holds exactly one, which may be empty")
	}
}

// resultReader reads the stream of results.
type resultReader struct{}

var resultNames = []string{"SqlRowSet", "SqlXml", "SqlMessage", "SqlRowCount", "SqlResultCode", "SqlTransaction"}

func (resultReader) content() content { return elementsOnly }
func (resultReader) names() []string  { return resultNames }
func (resultReader) end(*decoder)     {}

func (resultReader) child(d *decoder, n xml.Name) reader {
	if n.Space != NSResultStream {
		return nil
	}
	switch n.Local {
	case "SqlRowSet":
		d.resultType(n.Local, NSTypes)
		return d.readRowSet()
	case "SqlXml":
		d.resultType(n.Local, NSTypes)
		d.text = d.text[:0]
		return &xmlReader{x: new(XML)}
	case "SqlMessage":
		d.resultType(n.Local, NSMessage)
		return capture{done: func(d *decoder, e *xml.Element) { d.add(d.readMessage(e, NSMessage)) }}
	case "SqlRowCount":
		d.resultType(n.Local, NSRowCount)
		return capture{done: func(d *decoder, e *xml.Element) { d.add(d.readRowCount(e)) }}
	case "SqlResultCode":
		d.resultType(n.Local, NSTypes)
		return d.leaf(func(d *decoder, text string) { d.add(d.readResultCode(text)) })
	case "SqlTransaction":
		d.resultType(n.Local, NSTransaction)
		return capture{done: func(d *decoder, e *xml.Element) { d.add(d.readTransaction(e)) }}
	}
	return nil
}

// add takes a result that is complete, or a row set that has begun.
func (d *decoder) add(r Result) {
	if d.deliver != nil {
		d.deliver(r)
	} else {
		d.resp.Results = append(d.resp.Results, r)
	}
}

// resultType checks the xsi:type of the element that has just started: the type
// has its element's name.
func (d *decoder) resultType(local, space string) {
	text, ok := d.s.Attr(nsXSI, "type")
	if !ok {
		return
	}
	if n, ok := d.resolve(string(text)); !ok || n != (xml.Name{Space: space, Local: local}) {
		d.fail(d.here(), CodeType, "", "xsi:type of "+local+" is \""+excerpt(string(text))+"\"",
			"it names "+local+" of \""+space+"\", or is left out")
	}
}

// parts reads the children of a small element, which stand in a certain order
// and hold text. Names in optional may be missing, those with a question mark.
func (p *problems) parts(e *xml.Element, space, statement string, names ...string) []Optional[string] {
	values := make([]Optional[string], len(names))
	step := 0
	plain := make([]string, len(names))
	for i, n := range names {
		plain[i] = n
		if n[len(n)-1] == '?' {
			plain[i] = n[:len(n)-1]
		}
	}
	if trim(e.Text()) != "" {
		p.fail(e.Pos, CodeText, statement, "text stands inside "+e.Name.Local, "only elements may stand there")
	}
	for _, c := range e.Elements() {
		i := indexOf(plain, c.Name.Local)
		switch {
		case i < 0:
			p.fail(c.Pos, CodeElement, statement, "the element "+excerpt(c.Name.Local)+" may not stand inside "+e.Name.Local, hint(c.Name.Local, plain))
			continue
		case c.Name.Space != space:
			p.fail(c.Pos, CodeNamespace, statement, c.Name.Local+" is in the namespace \""+excerpt(c.Name.Space)+"\"", "it belongs into \""+space+"\"")
			continue
		case values[i].Set:
			p.fail(c.Pos, CodeElement, statement, "a second "+c.Name.Local+" inside "+e.Name.Local, "")
			continue
		case i < step:
			p.fail(c.Pos, CodeOrder, statement, c.Name.Local+" stands behind "+plain[step], "the order is "+list(plain))
		}
		step = max(step, i)
		if len(c.Elements()) > 0 {
			p.fail(c.Pos, CodeElement, statement, "elements stand inside "+c.Name.Local, "it holds text")
		}
		values[i] = Some(c.Text())
	}
	for i, n := range names {
		if !values[i].Set && n == plain[i] {
			p.fail(e.Pos, CodeElement, statement, e.Name.Local+" has no "+n, "")
		}
	}
	return values
}

func list(names []string) string {
	s := ""
	for i, n := range names {
		if i > 0 {
			s += ", "
		}
		s += n
	}
	return s
}

// number reads a part that is a whole number.
func (p *problems) number(e *xml.Element, name, statement string, v Optional[string], low int64, bits int) int64 {
	if !v.Set {
		return 0
	}
	n, ok := integer(v.Value, bits)
	if !ok || n < low {
		p.fail(e.Pos, CodeValue, statement, name+" of "+e.Name.Local+" is \""+excerpt(v.Value)+"\"", "a whole number of "+bitNames[bits]+hintLow(low))
		return 0
	}
	return n
}

var bitNames = map[int]string{32: "32 bits", 64: "64 bits"}

func hintLow(low int64) string {
	if low == 0 {
		return ", not below 0"
	}
	return ""
}
