package sqlsoap

import (
	"strconv"

	"github.com/dsmlkit/dsmlkit/xml"
)

// Parameter is a parameter of a batch, or one that came back from it. What is
// left alone has its default.
type Parameter struct {
	Name        string // without @
	DBType      DBType
	Direction   ParameterDirection
	MaxLength   Optional[int64] // default 1; -1 is the greatest there is
	Precision   Optional[int64] // default 18, at most 255
	Scale       Optional[int64] // default 0, at most 255
	CLRTypeName string
	// CompareOptions is a list of None, IgnoreCase, IgnoreNonSpace,
	// IgnoreKanaType, IgnoreWidth, BinarySort and BinarySort2 with spaces between;
	// "" is Default.
	CompareOptions      string
	LocaleID            Optional[int64] // default -1
	CollationVersion    Optional[int64] // default 0
	SortID              Optional[int64] // default 0
	XMLSchemaCollection string
	TypeName            string // of a table; only in the WSDL of 2008
	Value               Value
}

// Fields tells the attributes.
func (p *Parameter) Fields(v Visitor) {
	v.Text("name", &p.Name)
	v.Enum("sqlDbType", (*uint8)(&p.DBType), dbTypes)
	v.Enum("direction", (*uint8)(&p.Direction), directions)
	v.OptInt("maxLength", &p.MaxLength, -1, maxInt64, 1)
	v.OptInt("precision", &p.Precision, 0, 255, 18)
	v.OptInt("scale", &p.Scale, 0, 255, 0)
	v.Word("clrTypeName", &p.CLRTypeName)
	v.Word("sqlCompareOptions", &p.CompareOptions)
	v.OptInt("localeId", &p.LocaleID, minInt32, maxInt32, -1)
	v.OptInt("sqlCollationVersion", &p.CollationVersion, minInt32, maxInt32, 0)
	v.OptInt("sqlSortId", &p.SortID, minInt32, maxInt32, 0)
	v.Word("xmlSchemaCollection", &p.XMLSchemaCollection)
	v.Word("typeName", &p.TypeName)
}

// Element returns "SqlParameter".
func (*Parameter) Element() string { return "SqlParameter" }

// MaxParameterName is the number of characters that the name of a parameter may
// have.
const MaxParameterName = 127

// parameter reads the attributes of the element that has just started. Unknown
// ones are ignored.
func (d *decoder) parameter() {
	var attrs attributes
	odd := ""
	for _, a := range d.s.Attrs() {
		x := xml.ElementAttr{Name: a.Name, Value: string(a.Value)}
		if x.Name.Local == "sqlDbType" && x.Name.Space == "" {
			switch odd = x.Value; odd {
			case "Sql_Variant":
				x.Value = Variant.String()
			case dbTypes[UTCDateTime], dbTypes[Structured]:
			default:
				odd = ""
			}
		}
		attrs = append(attrs, x)
	}
	d.param = Parameter{}
	p := &d.param
	from := &fieldReader{problems: &d.problems, from: attrs, of: p.Element(), pos: d.here()}
	p.Fields(from)
	if odd != "" {
		d.lenient(AllowTypeNames, from.pos, CodeValue, "", "sqlDbType is \""+odd+"\"", "the schema has no such type")
	}
	p.CompareOptions = from.compareOptions(p.CompareOptions)
	if problem := badParameterName(p.Name); problem != "" {
		from.bad("name", p.Name, problem)
	}
}

// compareOptions puts a list into the form in which it is written.
func (r *fieldReader) compareOptions(list string) string {
	kept, ok := compareList(list)
	if !ok {
		r.bad("sqlCompareOptions", list, hint(list, compareOptions))
	}
	return kept
}

// badParameterName says what a name must be, if it is not.
func badParameterName(name string) string {
	switch {
	case name == "":
		return "a name"
	case name[0] == '@':
		return "the name without @"
	case characters(name) > MaxParameterName:
		return "at most " + strconv.Itoa(MaxParameterName) + " characters"
	}
	return ""
}

// parameters writes Parameters, unless there are none.
func (w *writer) parameters(list []Parameter) {
	if len(list) == 0 {
		return
	}
	w.start(NS, "Parameters")
	for i := range list {
		w.parameter(&list[i])
	}
	w.End()
}

func (w *writer) parameter(p *Parameter) {
	if problem := badParameterName(p.Name); problem != "" {
		w.fail(CodeValue, "", "the name of a parameter is \""+excerpt(p.Name)+"\"", problem)
	}
	if p.DBType == UTCDateTime || p.DBType == Structured {
		w.extension(CodeValue, "", "the schema has no type "+p.DBType.String())
	}
	w.start(NSParameter, p.Element())
	bad := func(name string) {
		w.fail(CodeValue, "", name+" of the parameter "+excerpt(p.Name)+" has no such value", "")
	}
	for _, a := range attributesOf(p, bad) {
		w.attr("", a.Name.Local, a.Value)
	}
	if _, ok := compareList(p.CompareOptions); !ok {
		bad("CompareOptions")
	}
	if t := p.Value.Type; t.Local != "" && t.Space != nsXSD && t.Space != NSSQLTypes {
		w.fail(CodeType, "", "the value of the parameter "+excerpt(p.Name)+" has a type of the namespace \""+excerpt(t.Space)+"\"", typeSpaces)
	}
	w.typed(NSParameter, "Value", &p.Value)
	w.End()
}

const typeSpaces = "types of values are those of \"" + nsXSD + "\" and \"" + NSSQLTypes + "\""
