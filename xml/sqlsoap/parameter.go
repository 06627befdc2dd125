package sqlsoap

import (
	"strconv"
	"strings"

	"github.com/dsmlkit/dsmlkit/xml"
)

// Parameter is a parameter of a batch, or one that came back from it. What is
// left alone has its default.
type Parameter struct {
	Name                string // without @
	DBType              DBType
	Direction           ParameterDirection
	MaxLength           Optional[int64] // default 1; -1 is the greatest there is
	Precision           Optional[uint8] // default 18
	Scale               uint8
	CLRTypeName         string
	CompareOptions      CompareOptions
	LocaleID            Optional[int32] // default -1
	CollationVersion    int32
	SortID              int32
	XMLSchemaCollection string
	TypeName            string // of a table; only in the WSDL of 2008
	Value               Value
}

// Defaults of a Parameter.
const (
	DefaultMaxLength = 1
	DefaultPrecision = 18
	DefaultLocaleID  = -1
)

// MaxParameterName is the number of characters that the name of a parameter may
// have.
const MaxParameterName = 127

type parametersReader struct {
	list *[]Parameter
}

func (*parametersReader) content() content { return elementsOnly }
func (*parametersReader) names() []string  { return []string{"SqlParameter"} }
func (*parametersReader) end(*decoder)     {}

func (r *parametersReader) child(d *decoder, n xml.Name) reader {
	if (n != xml.Name{Space: NSParameter, Local: "SqlParameter"}) {
		return nil
	}
	p := &parameterReader{list: r.list}
	d.parameter(&p.p)
	return p
}

var parameterAttributes = []string{
	"name", "sqlDbType", "direction", "maxLength", "precision", "scale", "clrTypeName", "sqlCompareOptions", "localeId",
	"sqlCollationVersion", "sqlSortId", "xmlSchemaCollection", "typeName",
}

// parameter reads the attributes. Unknown ones are ignored.
func (d *decoder) parameter(p *Parameter) {
	named := false
	list := d.s.Attrs()
	for i := range list {
		if list[i].Name.Space != "" {
			continue
		}
		name, text := list[i].Name.Local, string(list[i].Value)
		bad := func(must string) {
			d.fail(d.s.AttrPos(i), CodeValue, "", name+" is \""+excerpt(text)+"\"", must)
		}
		number := func(low, high int64) int64 {
			n, ok := integer(text, 64)
			if !ok || n < low || n > high {
				bad("a whole number from " + strconv.FormatInt(low, 10) + " to " + strconv.FormatInt(high, 10))
				return 0
			}
			return n
		}
		switch name {
		case "name":
			named = true
			p.Name = text
			if problem := badParameterName(text); problem != "" {
				bad(problem)
			}
		case "sqlDbType":
			p.DBType = d.dbType(i, text)
		case "direction":
			v, ok := ParameterDirectionNamed(text)
			if !ok {
				bad(hint(text, directions))
			}
			p.Direction = v
		case "maxLength":
			if n := number(-1, 1<<63-1); n != DefaultMaxLength {
				p.MaxLength = Some(n)
			}
		case "precision":
			if n := number(0, 255); n != DefaultPrecision {
				p.Precision = Some(uint8(n))
			}
		case "scale":
			p.Scale = uint8(number(0, 255))
		case "clrTypeName":
			p.CLRTypeName = text
		case "sqlCompareOptions":
			v, ok := CompareOptionsNamed(text)
			if !ok {
				bad("some of Default, " + strings.Join(compareOptions, ", "))
			}
			p.CompareOptions = v
		case "localeId":
			if n := number(-1<<31, 1<<31-1); n != DefaultLocaleID {
				p.LocaleID = Some(int32(n))
			}
		case "sqlCollationVersion":
			p.CollationVersion = int32(number(-1<<31, 1<<31-1))
		case "sqlSortId":
			p.SortID = int32(number(-1<<31, 1<<31-1))
		case "xmlSchemaCollection":
			p.XMLSchemaCollection = text
		case "typeName":
			p.TypeName = text
		default:
			if h := suggest(name, parameterAttributes); h != "" {
				d.warn(d.s.AttrPos(i), CodeAttribute, "", "the attribute "+name+" is not known to SqlParameter", h)
			}
		}
	}
	if !named {
		d.fail(d.here(), CodeAttribute, "", "SqlParameter has no attribute name", "")
	}
}

// dbType reads attribute i, a name of a type.
func (d *decoder) dbType(i int, text string) DBType {
	t, ok := DBTypeNamed(text)
	switch {
	case text == "Sql_Variant":
		t = Variant
	case ok && t < UTCDateTime:
		return t
	case !ok:
		d.fail(d.s.AttrPos(i), CodeValue, "", "sqlDbType is \""+excerpt(text)+"\"", hint(text, dbTypes[:UTCDateTime]))
		return t
	}
	d.lenient(AllowTypeNames, d.s.AttrPos(i), CodeValue, "", "sqlDbType is \""+text+"\"", oneOf(dbTypes[:UTCDateTime]))
	return t
}

// badParameterName says what a name must be, if it is not.
func badParameterName(name string) string {
	switch {
	case name == "":
		return "a name"
	case strings.HasPrefix(name, "@"):
		return "the name without @"
	case characters(name) > MaxParameterName:
		return "at most " + strconv.Itoa(MaxParameterName) + " characters"
	}
	return ""
}

type parameterReader struct {
	p     Parameter
	list  *[]Parameter
	seen  bool
	value parameterValueReader
}

type parameterValueReader struct {
	valueReader
	p *Parameter
}

func (r *parameterValueReader) end(d *decoder) {
	r.valueReader.end(d)
	r.p.Value = r.v
}

func (*parameterReader) content() content { return elementsOnly }
func (*parameterReader) names() []string  { return []string{"Value"} }

func (r *parameterReader) child(d *decoder, n xml.Name) reader {
	if (n != xml.Name{Space: NSParameter, Local: "Value"}) {
		return nil
	}
	if r.seen {
		d.fail(d.here(), CodeElement, "", "a second Value", "a SqlParameter holds exactly one")
	}
	r.seen = true
	d.readValue(&r.value.valueReader, true)
	r.value.p = &r.p
	return &r.value
}

func (r *parameterReader) end(d *decoder) {
	if !r.seen {
		d.fail(d.top().pos, CodeElement, "", "the SqlParameter has no Value", "a null is a Value with xsi:nil=\"true\"")
	}
	if d.deliver != nil && d.resp != nil {
		d.deliver(&r.p)
	} else {
		*r.list = append(*r.list, r.p)
	}
}

// Element returns "SqlParameter".
func (*Parameter) Element() string { return "SqlParameter" }

// parameters writes Parameters, unless there are none.
func (w *writer) parameters(list []Parameter) {
	if len(list) == 0 {
		return
	}
	w.Start(NS, "Parameters")
	for i := range list {
		w.parameter(&list[i])
	}
	w.End()
}

func (w *writer) parameter(p *Parameter) {
	if problem := badParameterName(p.Name); problem != "" {
		w.fail(CodeValue, "", "the name of a parameter is \""+excerpt(p.Name)+"\"", problem)
	}
	w.Start(NSParameter, "SqlParameter")
	w.Attr("", "name", p.Name)
	text := func(name, value, def string) {
		if value != def {
			w.Attr("", name, value)
		}
	}
	number := func(name string, value, def int64) {
		if value != def {
			w.Attr("", name, strconv.FormatInt(value, 10))
		}
	}
	switch {
	case p.DBType > Structured:
		w.fail(CodeValue, "", "the type of the parameter "+p.Name+" has no name", "")
	case p.DBType >= UTCDateTime:
		w.extension(CodeValue, "", "the schema has no type "+p.DBType.String())
	}
	if p.Direction > InputOutput {
		w.fail(CodeValue, "", "the direction of the parameter "+p.Name+" has no name", "")
	}
	if p.MaxLength.Or(DefaultMaxLength) < -1 {
		w.fail(CodeValue, "", "the MaxLength of the parameter "+p.Name+" is below -1", "")
	}
	text("sqlDbType", p.DBType.String(), NVarChar.String())
	text("direction", p.Direction.String(), Input.String())
	number("maxLength", p.MaxLength.Or(DefaultMaxLength), DefaultMaxLength)
	number("precision", int64(p.Precision.Or(DefaultPrecision)), DefaultPrecision)
	number("scale", int64(p.Scale), 0)
	text("clrTypeName", p.CLRTypeName, "")
	text("sqlCompareOptions", p.CompareOptions.String(), "Default")
	number("localeId", int64(p.LocaleID.Or(DefaultLocaleID)), DefaultLocaleID)
	number("sqlCollationVersion", int64(p.CollationVersion), 0)
	number("sqlSortId", int64(p.SortID), 0)
	text("xmlSchemaCollection", p.XMLSchemaCollection, "")
	text("typeName", p.TypeName, "")
	if t := p.Value.Type; t.Local != "" && t.Space != nsXSD && t.Space != NSSQLTypes {
		w.fail(CodeType, "", "the value of the parameter "+p.Name+" has a type of the namespace \""+excerpt(t.Space)+"\"",
			"types of values are those of \""+nsXSD+"\" and \""+NSSQLTypes+"\"")
	}
	w.typed(NSParameter, "Value", &p.Value)
	w.End()
}
