package sqlsoap

import (
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
	LocaleID         Optional[int64]
	CompareOptions   string // as in Parameter
	SortID           Optional[int64]
	CollationVersion Optional[int64]
	TypeAlias        string // name of a user's type

	// Definition is the xsd:simpleType or xsd:complexType of a column whose type
	// is more than a restriction of the above. It wins over Type.
	Definition *xml.Element
}

// Fields tells the facets of the type: three that are elements of a schema, and
// then attributes.
func (c *Column) Fields(v Visitor) {
	v.OptInt("maxLength", &c.MaxLength, 0, maxInt64, noDefault)
	v.OptInt("totalDigits", &c.TotalDigits, 0, maxInt64, noDefault)
	v.OptInt("fractionDigits", &c.FractionDigits, 0, maxInt64, noDefault)
	v.OptInt("localeId", &c.LocaleID, minInt32, maxInt32, noDefault)
	v.Word("sqlCompareOptions", &c.CompareOptions)
	v.OptInt("sqlSortId", &c.SortID, minInt32, maxInt32, noDefault)
	v.OptInt("sqlCollationVersion", &c.CollationVersion, minInt32, maxInt32, noDefault)
	v.Word(aliasName, &c.TypeAlias)
}

const aliasName = "sqlTypeAlias"

func isFacet(name string) bool {
	return name == "maxLength" || name == "totalDigits" || name == "fractionDigits"
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
	var set *xml.Element
	for _, c := range childElements(e) {
		text, _ := attr(c, nsMSData, "IsDataSet")
		if is, _ := boolean(text); is {
			set = c
			break
		}
	}
	// Down to the columns, each step the only way.
	for _, step := range [...]string{"complexType", "sequence", "element", "complexType", "sequence"} {
		if set == nil {
			return nil, false
		}
		sc = sc.within(set)
		children := childElements(set)
		if len(children) != 1 || !is(children[0].Name, nsXSD, step) {
			return nil, false
		}
		set = children[0]
		if name, _ := attr(set, "", "name"); step == "element" && name != "row" {
			return nil, false
		}
	}
	columns := []Column{}
	for _, c := range childElements(set) {
		column, ok := readColumn(c, sc.within(set))
		if !ok {
			return nil, false
		}
		columns = append(columns, column)
	}
	return columns, true
}

func readColumn(e *xml.Element, sc scope) (c Column, ok bool) {
	sc = sc.within(e)
	name, ok := attr(e, "", "name")
	if !ok || !is(e.Name, nsXSD, "element") {
		return c, false
	}
	c.Name = decodeName(name)
	c.SQLName.Value, c.SQLName.Set = attr(e, NS, "sqlColumnName")
	occurs, _ := attr(e, "", "minOccurs")
	c.Absent = trim(occurs) == "0"
	nillable, _ := attr(e, "", "nillable")
	c.Nillable, _ = boolean(nillable)
	text, typed := attr(e, "", "type")
	if typed {
		if c.Type = sc.name(text); c.Type.Space == "" || !isName(c.Type.Local) {
			return c, false
		}
	}
	children := childElements(e)
	if len(children) == 0 {
		return c, true
	}
	if len(children) > 1 || typed {
		return c, false
	}
	plain := c
	if !c.restriction(children[0], sc.within(children[0])) {
		c = plain
		c.Definition = selfContained(children[0], sc)
	}
	return c, true
}

// restriction reads a simple type that restricts another in the usual ways.
func (c *Column) restriction(simple *xml.Element, sc scope) bool {
	children := childElements(simple)
	if !is(simple.Name, nsXSD, "simpleType") || len(children) != 1 ||
		!is(children[0].Name, nsXSD, "restriction") {
		return false
	}
	r := children[0]
	base, _ := attr(r, "", "base")
	if c.Type = sc.within(r).name(base); c.Type.Space == "" || !isName(c.Type.Local) {
		return false
	}
	var facets attributes
	for _, a := range append(simple.Attrs, r.Attrs...) {
		if a.Name.Space == NSSQLTypes && !isFacet(a.Name.Local) {
			facets = append(facets, xml.ElementAttr{Name: xml.Name{Local: a.Name.Local}, Value: a.Value})
		} else if (a.Name != xml.Name{Local: "base"}) {
			return false
		}
	}
	for _, f := range childElements(r) {
		text, ok := attr(f, "", "value")
		if !ok || f.Name.Space != nsXSD || !isFacet(f.Name.Local) || len(f.Attrs) != 1 || len(childElements(f)) > 0 {
			return false
		}
		facets = append(facets, xml.ElementAttr{Name: xml.Name{Local: f.Name.Local}, Value: text})
	}
	p := fieldReader{problems: new(problems), from: facets}
	c.Fields(&p)
	c.CompareOptions = p.compareOptions(c.CompareOptions)
	return !p.failed && p.found == len(facets)
}

// schema writes the schema of a row set of that name.
func (w *writer) schema(name string, columns []Column) {
	w.start(nsXSD, "schema")
	w.attr("", "targetNamespace", NSRowSet+name)
	w.attr("", "elementFormDefault", "qualified")
	w.start(nsXSD, "import")
	w.attr("", "namespace", NSSQLTypes)
	w.End()
	w.start(nsXSD, "element")
	w.attr("", "name", name)
	w.attr(nsMSData, "IsDataSet", "true")
	w.attr(nsMSData, "DataSetName", "SqlDataSet")
	w.attr(nsMSData, "DataSetNamespace", nsDataSet)
	w.start(nsXSD, "complexType")
	w.start(nsXSD, "sequence")
	w.start(nsXSD, "element")
	w.attr("", "name", "row")
	w.attr("", "minOccurs", "0")
	w.attr("", "maxOccurs", "unbounded")
	w.start(nsXSD, "complexType")
	w.start(nsXSD, "sequence")
	for i := range columns {
		w.columnType(&columns[i])
	}
	for range 7 {
		w.End()
	}
}

func (w *writer) columnType(c *Column) {
	bad := func(name string) {
		w.fail(CodeColumn, "", "the column \""+excerpt(c.Name)+"\" cannot be told: "+name, "")
	}
	if c.Name == "" {
		bad("it has no Name; call it Column1 and set SQLName to the empty text")
	}
	if _, ok := compareList(c.CompareOptions); !ok {
		bad("CompareOptions")
	}
	if t := c.Type.Space; t != "" && t != nsXSD && t != NSSQLTypes {
		w.Prefix("columntype", t)
	}
	facets := attributesOf(c, bad)
	whole := c.Definition == nil && len(facets) == 0
	if !whole && c.Definition == nil && c.Type.Local == "" {
		bad("it has facets and no Type")
	}
	w.start(nsXSD, "element")
	w.attr("", "name", encodeName(c.Name))
	if whole && c.Type.Local != "" {
		w.attr("", "type", w.QName(c.Type.Space, c.Type.Local))
	}
	if c.Absent {
		w.attr("", "minOccurs", "0")
	}
	if c.Nillable {
		w.attr("", "nillable", "true")
	}
	if c.SQLName.Set {
		w.attr(NS, "sqlColumnName", c.SQLName.Value)
	}
	switch {
	case c.Definition != nil:
		w.Element(c.Definition)
	case !whole:
		w.restriction(c.Type, facets)
	}
	w.End()
}

func (w *writer) restriction(base xml.Name, facets []xml.ElementAttr) {
	w.start(nsXSD, "simpleType")
	for _, f := range facets {
		if f.Name.Local == aliasName {
			w.attr(NSSQLTypes, aliasName, f.Value)
		}
	}
	w.start(nsXSD, "restriction")
	w.attr("", "base", w.QName(base.Space, base.Local))
	for _, f := range facets {
		if !isFacet(f.Name.Local) && f.Name.Local != aliasName {
			w.attr(NSSQLTypes, f.Name.Local, f.Value)
		}
	}
	for _, f := range facets {
		if isFacet(f.Name.Local) {
			w.start(nsXSD, f.Name.Local)
			w.attr("", "value", f.Value)
			w.End()
		}
	}
	w.End()
	w.End()
}
