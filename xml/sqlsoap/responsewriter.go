package sqlsoap

import "github.com/dsmlkit/dsmlkit/xml"

// ResponseWriter writes a sqlbatchResponse while its results come about, bare,
// at the place where its xml.Writer stands. Each method returns the first error
// there has been.
type ResponseWriter struct {
	w    writer
	sets int
	set  *RowSet // the open one
	name string
}

// NewResponseWriter opens a sqlbatchResponse. It is as strict as
// WriteOptions.Strict asks for.
func NewResponseWriter(w *xml.Writer) *ResponseWriter {
	r := &ResponseWriter{w: writer{Writer: w, strict: true}}
	r.open()
	return r
}

func (r *ResponseWriter) open() {
	w := &r.w
	w.Prefix(prefixSQL, NS)
	w.valuePrefixes()
	w.Prefix(prefixTypes, NSTypes)
	w.Prefix(prefixRowCount, NSRowCount)
	w.Prefix(prefixMessage, NSMessage)
	w.Prefix(prefixResultStream, NSResultStream)
	w.Prefix(prefixParameter, NSParameter)
	w.Prefix(prefixTransaction, NSTransaction)
	w.Prefix("msdata", nsMSData)
	w.start(NS, "sqlbatchResponse")
	w.start(NS, "sqlbatchResult")
}

// response writes a whole response.
func (w *writer) response(b *BatchResponse) {
	r := &ResponseWriter{w: *w}
	r.open()
	for _, x := range b.Results {
		r.Result(x)
	}
	r.End(b.Parameters)
	w.err = r.w.err
}

// Result writes a result, a row set with all its rows.
func (r *ResponseWriter) Result(x Result) error {
	switch x := x.(type) {
	case nil:
		r.w.fail(CodeElement, "", "a nil result", "")
	case *RowSet:
		r.StartRowSet(x)
		for _, row := range x.Rows {
			r.Row(row)
		}
		return r.EndRowSet()
	default:
		r.w.result(x)
	}
	return r.w.error()
}

// StartRowSet opens a row set. Its Rows are not written.
func (r *ResponseWriter) StartRowSet(set *RowSet) error {
	w := &r.w
	r.sets++
	r.set, r.name = set, set.Name
	if r.name == "" {
		r.name = defaultSetName(r.sets)
	}
	w.startResult(set)
	w.attr(nsMSData, "UseDataSetSchemaOnly", "true")
	w.attr(nsMSData, "UDTColumnValueWrapped", "true")
	if set.Columns != nil {
		w.schema(r.name, set.Columns)
	}
	for _, s := range set.Schemas {
		w.Element(s)
	}
	w.Prefix("diffgr", nsDiffgr)
	w.start(nsDiffgr, "diffgram") // always there (S-87)
	w.Prefix("", NSRowSet+r.name)
	w.start(NSRowSet+r.name, r.name)
	return w.error()
}

// Row writes a row into the open row set. Where the set has Columns, the row has
// none but these, in their order.
func (r *ResponseWriter) Row(row Row) error {
	w := &r.w
	space := NSRowSet + r.name
	w.start(space, "row")
	at := 0
	for i := range row {
		c := &row[i]
		if c.Name == "" {
			w.fail(CodeColumn, "", "a column of a row has no Name", "")
		}
		if columns := r.set.Columns; columns != nil {
			if next := after(columns, at, c.Name); next > 0 {
				at = next
			} else {
				w.extension(CodeColumn, "", strayColumn(c.Name))
			}
		}
		w.typed(space, w.columnElement(c.Name), &c.Value)
	}
	w.End()
	return w.error()
}

// EndRowSet closes the open row set.
func (r *ResponseWriter) EndRowSet() error {
	for range 3 {
		r.w.End()
	}
	r.set = nil
	return r.w.error()
}

// End writes the parameters that come back, and closes the sqlbatchResponse.
func (r *ResponseWriter) End(parameters []Parameter) error {
	r.w.End()
	r.w.parameters(parameters)
	r.w.End()
	return r.w.error()
}
