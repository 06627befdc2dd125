package main

import (
	"strconv"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/sqlsoap"
)

// columnIn is a column of a row set that is to be written.
type columnIn struct {
	sqlsoap.Column
	undeclared, binary bool
}

func readRowSet(a *argument) *sqlsoap.RowSet {
	set := &sqlsoap.RowSet{}
	rows := a.get("rows")
	if rows.kind != inList {
		rows.refuse("an array")
	}
	columns := readColumns(a.get("columns"), set, rows.list() > 0)
	// A NULL that says no more than that is left out where it can be; not beside
	// columns that are known by their places in the rows alone.
	whole := len(columns) != len(set.Columns)
	schemas := a.get("schemas")
	for i := range schemas.list() {
		set.Schemas = append(set.Schemas, readSQLElement(schemas.at(i)))
	}
	for i := range rows.list() {
		in := rows.at(i)
		if in.kind != inList || in.list() != len(columns) {
			in.refuse("an array of " + strconv.Itoa(len(columns)) + ", one value for each column")
			break
		}
		row := make(sqlsoap.Row, 0, len(columns))
		cell := &argument{up: in, errs: in.errs} // one for all: rows are nearly all of what is built
		for j := range columns {
			c := &columns[j]
			cell.value, cell.index = in.items[j], j
			v := readSQLValue(cell, c.binary)
			if whole || !c.Absent || !v.Null || v.Type.Local != "" {
				row = append(row, sqlsoap.Cell{Name: c.Name, Value: v})
			}
		}
		set.Rows = append(set.Rows, row)
	}
	return set
}

// readColumns converts the columns, and gives the set those that its schema
// declares.
func readColumns(a *argument, set *sqlsoap.RowSet, rows bool) []columnIn {
	if !a.given() {
		return nil
	}
	columns := make([]columnIn, 0, len(a.items))
	declared := []sqlsoap.Column{}
	for i := range a.list() {
		in := a.at(i)
		if !in.object("a column object") {
			break
		}
		c := columnIn{undeclared: in.get("undeclared").boolean(false)}
		c.Name = in.get("name").text()
		if c.undeclared {
			if !rows {
				in.get("undeclared").refuse("left out where there are no rows: nothing else tells of such a column")
			}
			for _, key := range in.keys {
				if key != "name" && key != "undeclared" {
					in.get(key).refuse("left out: only a schema tells it, and the column is undeclared")
				}
			}
		} else {
			readColumn(in, &c.Column)
			c.binary = c.Definition == nil && sqlsoap.IsBinary(c.Type)
			declared = append(declared, c.Column)
		}
		columns = append(columns, c)
	}
	if len(declared) > 0 || len(columns) == 0 {
		set.Columns = declared
	}
	return columns
}

func readColumn(in *argument, c *sqlsoap.Column) {
	c.SQLName.Value, c.SQLName.Set = in.get("sqlColumnName").optText()
	if text, ok := in.get("type").optText(); ok {
		c.Type = typeOf(text)
	}
	c.Absent = in.get("optional").boolean(false)
	c.Nillable = in.get("nillable").boolean(false)
	c.Fields(fieldsIn{in})
	if d := in.get("definition"); d.given() {
		c.Definition = readSQLElement(d)
	}
}

// readSQLElement reads the text of an element.
func readSQLElement(a *argument) *xml.Element {
	a.text()
	return readElement(a)
}
