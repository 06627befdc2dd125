package sqlsoap

import (
	"strconv"

	"github.com/dsmlkit/dsmlkit/xml"
)

// Column is what the inline schema says about a column.
type Column struct {
	// Name is that of the element, decoded. A column without a name of its own
	// is called Column1, Column2 and so on.
	Name string
	// SQLName is the name of the column where that is another: "" for a column
	// without one.
	SQLName  Optional[string]
	Type     xml.Name // such as int of the namespace NSSQLTypes; zero when Definition says it
	Absent   bool     // a NULL may be left out (minOccurs="0")
	Nillable bool     // a NULL may be xsi:nil="true"

	MaxLength        Optional[int64]
	TotalDigits      Optional[int64] // precision
	FractionDigits   Optional[int64] // scale
	LocaleID         Optional[int32]
	CompareOptions   Optional[CompareOptions]
	SortID           Optional[int32]
	CollationVersion Optional[int32]
	TypeAlias        string // name of a user's type

	// Definition is the xsd:simpleType or xsd:complexType of a column whose type
	// is more than a restriction of the above. It wins over Type.
	Definition *xml.Element
}

// schema takes in an inline schema.
func (s *RowSet) schema(e *xml.Element) {
	if s.Columns == nil {
		if columns, ok := readColumns(e); ok {
			s.Columns = columns
			return
		}
	}
	s.Schemas = append(s.Schemas, unplace(e))
}

// readColumns reads the usual schema of a row set: an element that has rows,
// which have columns.
func readColumns(e *xml.Element) ([]Column, bool) {
	sc := scope(nil).within(e)
	for _, set := range e.Elements() {
		if (set.Name != xml.Name{Space: nsXSD, Local: "element"}) {
			continue
		}
		text, _ := set.Attr(nsMSData, "IsDataSet")
		if is, _ := boolean(text); !is {
			continue
		}
		sc := sc.within(set)
		row, sc, ok := onlySequence(set, sc)
		if !ok {
			return nil, false
		}
		rows := row.Elements()
		if len(rows) != 1 {
			return nil, false
		}
		if name, _ := rows[0].Attr("", "name"); name != "row" {
			return nil, false
		}
		sequence, sc, ok := onlySequence(rows[0], sc.within(rows[0]))
		if !ok {
			return nil, false
		}
		columns := []Column{}
		for _, c := range sequence.Elements() {
			column, ok := readColumn(c, sc)
			if !ok {
				return nil, false
			}
			columns = append(columns, column)
		}
		return columns, true
	}
	return nil, false
}

// onlySequence goes down from an element to the sequence of its complex type,
// where that is all it has.
func onlySequence(e *xml.Element, sc scope) (*xml.Element, scope, bool) {
	for _, local := range [...]string{"complexType", "sequence"} {
		children := e.Elements()
		if len(children) != 1 || (children[0].Name != xml.Name{Space: nsXSD, Local: local}) {
			return nil, nil, false
		}
		e = children[0]
		sc = sc.within(e)
	}
	return e, sc, true
}

func readColumn(e *xml.Element, sc scope) (c Column, ok bool) {
	sc = sc.within(e)
	name, ok := e.Attr("", "name")
	if !ok || (e.Name != xml.Name{Space: nsXSD, Local: "element"}) {
		return c, false
	}
	c.Name = decodeName(name)
	if text, ok := e.Attr(NS, "sqlColumnName"); ok {
		c.SQLName = Some(text)
	}
	if text, ok := e.Attr("", "minOccurs"); ok && trim(text) == "0" {
		c.Absent = true
	}
	if text, ok := e.Attr("", "nillable"); ok {
		c.Nillable, _ = boolean(text)
	}
	if text, ok := e.Attr("", "type"); ok {
		if c.Type, ok = sc.name(text); !ok || c.Type.Space == "" {
			return c, false
		}
	}
	children := e.Elements()
	switch {
	case len(children) == 0:
	case len(children) > 1 || c.Type.Local != "":
		return c, false
	case !c.restriction(children[0], sc.within(children[0])):
		c = Column{Name: c.Name, SQLName: c.SQLName, Absent: c.Absent, Nillable: c.Nillable}
		c.Definition = selfContained(children[0], sc)
	}
	return c, true
}

// restriction reads a simple type that restricts another in the usual ways.
func (c *Column) restriction(simple *xml.Element, sc scope) bool {
	if (simple.Name != xml.Name{Space: nsXSD, Local: "simpleType"}) || len(simple.Elements()) != 1 {
		return false
	}
	for _, a := range simple.Attrs {
		if (a.Name != xml.Name{Space: NSSQLTypes, Local: "sqlTypeAlias"}) {
			return false
		}
		c.TypeAlias = a.Value
	}
	r := simple.Elements()[0]
	if (r.Name != xml.Name{Space: nsXSD, Local: "restriction"}) {
		return false
	}
	sc = sc.within(r)
	for _, a := range r.Attrs {
		ok := true
		switch a.Name {
		case xml.Name{Local: "base"}:
			c.Type, ok = sc.name(a.Value)
			ok = ok && c.Type.Space != ""
		case xml.Name{Space: NSSQLTypes, Local: "localeId"}:
			ok = small(&c.LocaleID, a.Value)
		case xml.Name{Space: NSSQLTypes, Local: "sqlSortId"}:
			ok = small(&c.SortID, a.Value)
		case xml.Name{Space: NSSQLTypes, Local: "sqlCollationVersion"}:
			ok = small(&c.CollationVersion, a.Value)
		case xml.Name{Space: NSSQLTypes, Local: "sqlCompareOptions"}:
			c.CompareOptions.Set = true
			c.CompareOptions.Value, ok = CompareOptionsNamed(a.Value)
		default:
			ok = false
		}
		if !ok {
			return false
		}
	}
	for _, f := range r.Elements() {
		text, _ := f.Attr("", "value")
		n, ok := integer(text, 64)
		if !ok || n < 0 || f.Name.Space != nsXSD || len(f.Attrs) != 1 || len(f.Elements()) > 0 {
			return false
		}
		switch f.Name.Local {
		case "maxLength":
			c.MaxLength = Some(n)
		case "totalDigits":
			c.TotalDigits = Some(n)
		case "fractionDigits":
			c.FractionDigits = Some(n)
		default:
			return false
		}
	}
	return c.Type.Local != ""
}

func small(to *Optional[int32], text string) bool {
	n, ok := integer(text, 32)
	*to = Some(int32(n))
	return ok
}

// plain reports whether the type has no more to it than its name.
func (c *Column) plain() bool {
	return !c.MaxLength.Set && !c.TotalDigits.Set && !c.FractionDigits.Set && !c.LocaleID.Set && !c.CompareOptions.Set &&
		!c.SortID.Set && !c.CollationVersion.Set && c.TypeAlias == ""
}

// schema writes the schema of a row set of that name.
func (w *writer) schema(name string, columns []Column) {
	xsd := func(local string) { w.Start(nsXSD, local) }
	xsd("schema")
	w.Attr("", "targetNamespace", NSRowSet+name)
	w.Attr("", "elementFormDefault", "qualified")
	xsd("import")
	w.Attr("", "namespace", NSSQLTypes)
	w.End()
	xsd("element")
	w.Attr("", "name", name)
	w.Attr(nsMSData, "IsDataSet", "true")
	w.Attr(nsMSData, "DataSetName", "SqlDataSet")
	w.Attr(nsMSData, "DataSetNamespace", nsDataSet)
	xsd("complexType")
	xsd("sequence")
	xsd("element")
	w.Attr("", "name", "row")
	w.Attr("", "minOccurs", "0")
	w.Attr("", "maxOccurs", "unbounded")
	xsd("complexType")
	xsd("sequence")
	for i := range columns {
		w.column(&columns[i])
	}
	for range 7 {
		w.End()
	}
}

func (w *writer) column(c *Column) {
	if c.Name == "" {
		w.fail(CodeColumn, "", "a column has no Name", "call it Column1 and set SQLName to the empty text")
	}
	whole := c.Definition == nil && c.plain()
	if t := c.Type.Space; t != "" && t != nsXSD && t != NSSQLTypes {
		w.Prefix("columntype", t)
	}
	w.Start(nsXSD, "element")
	w.Attr("", "name", encodeName(c.Name))
	if whole && c.Type.Local != "" {
		w.Attr("", "type", w.QName(c.Type.Space, c.Type.Local))
	}
	if c.Absent {
		w.Attr("", "minOccurs", "0")
	}
	if c.Nillable {
		w.Attr("", "nillable", "true")
	}
	if c.SQLName.Set {
		w.Attr(NS, "sqlColumnName", c.SQLName.Value)
	}
	switch {
	case c.Definition != nil:
		w.Element(c.Definition)
	case !whole:
		w.restriction(c)
	}
	w.End()
}

func (w *writer) restriction(c *Column) {
	if c.Type.Local == "" {
		w.fail(CodeColumn, "", "the column "+excerpt(c.Name)+" has facets and no Type", "")
	}
	w.Start(nsXSD, "simpleType")
	if c.TypeAlias != "" {
		w.Attr(NSSQLTypes, "sqlTypeAlias", c.TypeAlias)
	}
	w.Start(nsXSD, "restriction")
	w.Attr("", "base", w.QName(c.Type.Space, c.Type.Local))
	number := func(name string, n Optional[int32]) {
		if n.Set {
			w.Attr(NSSQLTypes, name, strconv.Itoa(int(n.Value)))
		}
	}
	number("localeId", c.LocaleID)
	if c.CompareOptions.Set {
		w.Attr(NSSQLTypes, "sqlCompareOptions", c.CompareOptions.Value.String())
	}
	number("sqlSortId", c.SortID)
	number("sqlCollationVersion", c.CollationVersion)
	facet := func(name string, n Optional[int64]) {
		if !n.Set {
			return
		}
		if n.Value < 0 {
			w.fail(CodeColumn, "", name+" of the column "+excerpt(c.Name)+" is below 0", "")
		}
		w.Start(nsXSD, name)
		w.Attr("", "value", strconv.FormatInt(n.Value, 10))
		w.End()
	}
	facet("maxLength", c.MaxLength)
	facet("totalDigits", c.TotalDigits)
	facet("fractionDigits", c.FractionDigits)
	w.End()
	w.End()
}
