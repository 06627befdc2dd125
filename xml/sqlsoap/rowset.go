package sqlsoap

import (
	"strconv"

	"github.com/dsmlkit/dsmlkit/xml"
)

// RowSet is what a query returned.
type RowSet struct {
	// Name is that of the element around the rows; "" stands for SqlRowSet and
	// the number of the set in its answer, from 1.
	Name string
	// Columns are those that the inline schema tells; nil without one (S-87).
	Columns []Column
	// Schemas are the inline schemas that say something else: those of typed XML,
	// and ones that are not of the usual form.
	Schemas []*xml.Element
	Rows    []Row
}

// Element returns "SqlRowSet".
func (*RowSet) Element() string { return "SqlRowSet" }

// Row is the columns of a row, in order. A NULL may be left out.
type Row []Cell

// Element returns "row".
func (Row) Element() string { return "row" }

// Cell is a column of a row.
type Cell struct {
	Name string // of the column
	Value
}

// Value returns the first column of that name in a row. One that is left out is
// NULL.
func (r Row) Value(name string) Value {
	for i := range r {
		if r[i].Name == name {
			return r[i].Value
		}
	}
	return Null()
}

func defaultSetName(n int) string { return "SqlRowSet" + strconv.Itoa(n) }

type rowSetReader struct {
	set  *RowSet
	seen bool // the diffgram has come
}

func (d *decoder) readRowSet() reader {
	d.sets++
	return &rowSetReader{set: new(RowSet)}
}

func (*rowSetReader) content() content { return elementsOnly }
func (*rowSetReader) names() []string  { return []string{"schema", "diffgram"} }

func (r *rowSetReader) child(d *decoder, n xml.Name) reader {
	switch n {
	case xml.Name{Space: nsXSD, Local: "schema"}:
		if r.seen {
			d.fail(d.here(), CodeOrder, "S-87", "a schema stands behind the diffgram", "schemas come first")
		}
		return capture{done: func(_ *decoder, e *xml.Element) { r.set.schema(e) }}
	case xml.Name{Space: nsDiffgr, Local: "diffgram"}:
		if r.seen {
			d.fail(d.here(), CodeElement, "S-87", "a second diffgram", "a SqlRowSet holds exactly one")
		}
		r.seen = true
		return &diffgramReader{set: r.set}
	}
	return nil
}

func (r *rowSetReader) end(d *decoder) {
	if !r.seen {
		d.fail(d.top().pos, CodeElement, "S-87", "the SqlRowSet has no diffgram", "one without rows has an empty diffgram")
	}
}

// diffgramReader reads the element around the rows. What a diffgram may say
// about changes, a result has not.
type diffgramReader struct {
	set  *RowSet
	seen bool
}

func (*diffgramReader) content() content { return elementsOnly }
func (*diffgramReader) names() []string  { return nil }

func (r *diffgramReader) child(d *decoder, n xml.Name) reader {
	if n.Space == nsDiffgr {
		d.warn(d.here(), CodeElement, "", "the element "+excerpt(n.Local)+" of the diffgram is passed over", "")
		return ignored{}
	}
	if r.seen {
		d.fail(d.here(), CodeElement, "S-87", "a second row set in one diffgram", "")
		return ignored{}
	}
	r.seen = true
	if n.Local != defaultSetName(d.sets) {
		r.set.Name = n.Local
	}
	d.add(r.set)
	return &rowsReader{set: r.set, space: n.Space}
}

func (r *diffgramReader) end(d *decoder) {
	if !r.seen {
		d.add(r.set)
	}
}

type rowsReader struct {
	set   *RowSet
	space string
	row   rowReader
}

func (*rowsReader) content() content { return elementsOnly }
func (*rowsReader) names() []string  { return []string{"row"} }
func (*rowsReader) end(*decoder)     {}

func (r *rowsReader) child(_ *decoder, n xml.Name) reader {
	if n.Local != "row" || n.Space != r.space {
		return nil
	}
	r.row.set, r.row.space, r.row.at = r.set, r.space, 0
	r.row.row = make(Row, 0, max(r.row.width, len(r.set.Columns)))
	return &r.row
}

type rowReader struct {
	set   *RowSet
	space string
	row   Row
	width int // of the row before
	at    int // columns of the schema that are past
}

func (*rowReader) content() content { return elementsOnly }
func (*rowReader) names() []string  { return nil }

func (r *rowReader) child(d *decoder, n xml.Name) reader {
	if n.Space != r.space {
		return nil
	}
	c := &d.cell
	d.readValue(&c.valueReader, false)
	c.row, c.name = &r.row, d.columnName(n.Local)
	if columns := r.set.Columns; columns != nil {
		if at := after(columns, r.at, c.name); at > 0 {
			r.at = at
		} else {
			d.lenient(AllowRowColumns, d.here(), CodeColumn, "", strayColumn(c.name), "a row has the columns of the schema, in their order")
		}
	}
	return c
}

// after returns the index behind the column of that name, which is searched from
// an index on; 0 when there is none.
func after(columns []Column, from int, name string) int {
	for i := from; i < len(columns); i++ {
		if columns[i].Name == name {
			return i + 1
		}
	}
	return 0
}

func strayColumn(name string) string {
	return "the column " + excerpt(name) + " of a row is none of its row set, or stands out of order"
}

func (r *rowReader) end(d *decoder) {
	r.width = len(r.row)
	if d.deliver != nil {
		d.deliver(r.row)
	} else {
		r.set.Rows = append(r.set.Rows, r.row)
	}
}

type cellReader struct {
	valueReader
	row  *Row
	name string
}

func (r *cellReader) end(d *decoder) {
	r.valueReader.end(d)
	*r.row = append(*r.row, Cell{r.name, r.v})
}

// columnName decodes the name of an element, once for each name.
func (d *decoder) columnName(local string) string {
	name, ok := d.columns[local]
	if !ok {
		name = decodeName(local)
		if d.columns == nil {
			d.columns = make(map[string]string)
		}
		if len(d.columns) < 1024 {
			d.columns[local] = name
		}
	}
	return name
}
