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

// Fields tells the name.
func (s *RowSet) Fields(v Visitor) { v.Word("name", &s.Name) }

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

// instance decides about a child of a diffgram: the element around the rows.
// What a diffgram may say about changes, a result has not.
func (d *decoder) instance(top *frame, n xml.Name) kind {
	if n.Space == nsDiffgr {
		d.warn(d.here(), CodeElement, "", "the element "+excerpt(n.Local)+" of the diffgram is passed over", "")
		return kIgnored
	}
	if top.seen > 0 {
		d.fail(d.here(), CodeElement, "S-87", "a second row set in one diffgram", "")
		return kIgnored
	}
	top.seen = 1
	if n.Local != defaultSetName(d.sets) {
		d.set.Name = n.Local
	}
	d.add(d.set)
	return kRows
}

// startCell begins with a column of a row.
func (d *decoder) startCell(local string) {
	d.text, d.nodes = d.text[:0], nil
	d.startValue(false)
	d.column = d.columnName(local)
	if columns := d.set.Columns; columns != nil {
		if at := after(columns, d.at, d.column); at > 0 {
			d.at = at
		} else {
			d.lenient(AllowRowColumns, d.here(), CodeColumn, "", strayColumn(d.column), "a row has the columns of the schema, in their order")
		}
	}
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
