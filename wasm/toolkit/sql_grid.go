package main

import (
	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/sqlsoap"
)

// grid is the columns of a row set as they are known so far: those that its
// schema declares, and between them those that rows have without being
// declared. Without a schema all are of the second kind.
type grid struct {
	columns []gridColumn
	at      []int // where the cells of the row went that was placed last
	padding int   // NULLs written for cells that rows leave out

	undeclared int  // columns
	full       bool // a bound was reached
}

// A few bytes of a document can stand for a row of many NULLs, or add a column
// to all rows. These bounds keep what is made of them in proportion.
const (
	maxUndeclared = 4096 // columns; no SELECT of SQL Server has more
	maxPadding    = 1 << 25
)

type gridColumn struct {
	name     string
	declared *sqlsoap.Column // nil for one that the schema has not
	binary   bool
}

func newGrid(set *sqlsoap.RowSet) *grid {
	g := &grid{}
	for i := range set.Columns {
		c := &set.Columns[i]
		g.columns = append(g.columns, gridColumn{c.Name, c, c.Definition == nil && sqlsoap.IsBinary(c.Type)})
	}
	return g
}

// place finds the column of each cell of a row, and reports whether it had to
// add some. Names may repeat: a cell belongs to the first column of its name
// behind that of the cell before.
func (g *grid) place(row sqlsoap.Row) (grown bool) {
	g.at = g.at[:0]
	next := 0
	for i := range row {
		at := next
		for at < len(g.columns) && g.columns[at].name != row[i].Name {
			at++
		}
		if at == len(g.columns) {
			if g.undeclared++; g.undeclared > maxUndeclared {
				g.full = true
				return false
			}
			at = next
			g.columns = append(g.columns, gridColumn{})
			copy(g.columns[at+1:], g.columns[at:])
			g.columns[at] = gridColumn{name: row[i].Name}
			grown = true
		}
		g.at = append(g.at, at)
		next = at + 1
	}
	return grown
}

// row writes the values of a row that has been placed, one for each column.
// Those that the row leaves out are NULL.
func (g *grid) row(a *answer, row sqlsoap.Row) {
	g.padding += len(g.columns) - len(row)
	if g.full || g.padding > maxPadding {
		a.tooLong = true
		a.list(0)
		return
	}
	a.list(len(g.columns))
	next := 0
	for i := range row {
		for ; next < g.at[i]; next++ {
			a.special(specialNull)
		}
		a.sqlValue(&row[i].Value, g.columns[next].binary)
		next++
	}
	for ; next < len(g.columns); next++ {
		a.special(specialNull)
	}
}

// list writes the columns.
func (g *grid) list(a *answer) {
	a.list(len(g.columns))
	for i := range g.columns {
		a.column(&g.columns[i])
	}
}

func (a *answer) column(g *gridColumn) {
	o := a.object()
	o.key("name").text(g.name)
	c := g.declared
	if c == nil {
		o.flag("undeclared", true)
		o.end()
		return
	}
	if c.SQLName.Set {
		o.key("sqlColumnName").text(c.SQLName.Value)
	}
	if c.Type.Local != "" {
		o.key("type").text(typeText(c.Type))
	}
	o.flag("optional", c.Absent)
	o.flag("nillable", c.Nillable)
	c.Fields(fieldsOut{&o})
	if c.Definition != nil {
		o.key("definition").fragment([]xml.Node{{Element: c.Definition}})
	}
	o.end()
}
