package sqlsoap

import (
	"reflect"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml"
)

func rowSet(schema, rows string) string {
	return results(`<r:SqlRowSet xsi:type="t:SqlRowSet" ms:UseDataSetSchemaOnly="true">` + schema + `<d:diffgram>` + rows + `</d:diffgram></r:SqlRowSet>`)
}

func rows1(rows string) string {
	return `<SqlRowSet1 xmlns="` + NSRowSet + `SqlRowSet1">` + rows + `</SqlRowSet1>`
}

func schema(columns string) string {
	return `<xsd:schema targetNamespace="` + NSRowSet + `SqlRowSet1" elementFormDefault="qualified"><xsd:import namespace="` + NSSQLTypes + `"/>` +
		`<xsd:element name="SqlRowSet1" ms:IsDataSet="true" ms:DataSetName="SqlDataSet" ms:DataSetNamespace="` + nsDataSet + `">` +
		`<xsd:complexType><xsd:sequence><xsd:element name="row" minOccurs="0" maxOccurs="unbounded"><xsd:complexType><xsd:sequence>` + columns +
		`</xsd:sequence></xsd:complexType></xsd:element></xsd:sequence></xsd:complexType></xsd:element></xsd:schema>`
}

func firstSet(t *testing.T, p *Parsed) *RowSet {
	t.Helper()
	set, ok := p.Document.(*BatchResponse).Results[0].(*RowSet)
	if !ok {
		t.Fatalf("%+v", p.Document)
	}
	return set
}

func sqlType(local string) xml.Name { return xml.Name{Space: NSSQLTypes, Local: local} }

func TestS_87_RowSets(t *testing.T) {
	cell := func(name, text string) Cell { return Cell{name, TextValue(text)} }
	for _, c := range []struct {
		name, schema, rows string
		want               RowSet
	}{
		{"S-87 no rows at all", ``, ``, RowSet{}},
		{"S-87 no rows", ``, rows1(``), RowSet{}},
		{"S-87 without a schema", ``, rows1(` <row><a>1</a><b> x </b></row> <row/>`), RowSet{Rows: []Row{{cell("a", "1"), cell("b", " x ")}, {}}}},
		{"S-87 with a schema", schema(`<xsd:element name="a" type="st:int"/>`), rows1(`<row><a>1</a></row>`),
			RowSet{Columns: []Column{{Name: "a", Type: sqlType("int")}}, Rows: []Row{{cell("a", "1")}}}},
		{"a schema without columns", schema(``), rows1(`<row/>`), RowSet{Columns: []Column{}, Rows: []Row{{}}}},
		{"another name", ``, strings.ReplaceAll(rows1(`<row><a/></row>`), "SqlRowSet1", "SqlRowSet7"), RowSet{Name: "SqlRowSet7", Rows: []Row{{cell("a", "")}}}},
		{"null", ``, rows1(`<row><a xsi:nil="true"/></row>`), RowSet{Rows: []Row{{{"a", Null()}}}}},
		{"sql_variant", ``, rows1(`<row><a xsi:type="st:money">1.5</a></row>`), RowSet{Rows: []Row{{{"a", Value{Type: sqlType("money"), Text: "1.5"}}}}}},
		{"type of the user", ``, rows1(`<row><a xmlns:u="urn:u" xsi:type="u:point">1 2</a></row>`), RowSet{Rows: []Row{{{"a", Value{Type: xml.Name{Space: "urn:u", Local: "point"}, Text: "1 2"}}}}}},
		{"a name twice", ``, rows1(`<row><a>1</a><a>2</a></row>`), RowSet{Rows: []Row{{cell("a", "1"), cell("a", "2")}}}},
		{"names that XML has no place for", ``, rows1(`<row><Order_x0020_No>1</Order_x0020_No><_x0031_st/><a_x005F_x0041_/><_x1F600_/><_x0001F600_/></row>`),
			RowSet{Rows: []Row{{cell("Order No", "1"), cell("1st", ""), cell("a_x0041_", ""), cell("_x1F600_", ""), cell("😀", "")}}}},
		{"xml", ``, rows1(`<row><a><b xmlns="">c</b></a></row>`), RowSet{Rows: []Row{{{"a", Value{Nodes: []xml.Node{{Element: &xml.Element{Name: xml.Name{Local: "b"}, Children: []xml.Node{{Text: "c"}}}}}}}}}}},
		{"what diffgrams say about changes", ``, rows1(`<row d:id="row1" ms:rowOrder="0"><a>1</a></row>`) + `<d:before><x>y</x></d:before>`, RowSet{Rows: []Row{{cell("a", "1")}}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := parse(t, rowSet(c.schema, c.rows), Options{Strict: true})
			bare(&p.Message)
			if got := firstSet(t, p); !reflect.DeepEqual(*got, c.want) {
				t.Fatalf("got %+v, want %+v", *got, c.want)
			}
			for _, indent := range []int{0, 2} {
				q := again(t, &p.Message, WriteOptions{Strict: true, Indent: indent})
				if bare(&q.Message); !reflect.DeepEqual(q.Message, p.Message) {
					t.Errorf("written: %+v", firstSet(t, q))
				}
			}
		})
	}
	for name, c := range map[string]struct{ text, code string }{
		"no diffgram":         {results(`<r:SqlRowSet/>`), CodeElement},
		"schema only":         {results(`<r:SqlRowSet>` + schema(``) + `</r:SqlRowSet>`), CodeElement},
		"two diffgrams":       {results(`<r:SqlRowSet><d:diffgram/><d:diffgram/></r:SqlRowSet>`), CodeElement},
		"schema behind":       {results(`<r:SqlRowSet><d:diffgram/>` + schema(``) + `</r:SqlRowSet>`), CodeOrder},
		"two sets in one":     {rowSet(``, rows1(``)+rows1(``)), CodeElement},
		"diffgram of another": {results(`<r:SqlRowSet><r:diffgram/></r:SqlRowSet>`), ""},
	} {
		t.Run("S-87 "+name, func(t *testing.T) {
			if c.code != "" {
				wantError(t, c.text, Options{}, c.code, "S-87")
			} else {
				wantError(t, c.text, Options{}, CodeNamespace, "")
			}
		})
	}
}

func TestRowErrors(t *testing.T) {
	for name, c := range map[string]struct{ rows, code string }{
		"no row":            {`<Row/>`, CodeElement},
		"row of another":    {`<row xmlns=""/>`, CodeNamespace},
		"column of another": {`<row><a xmlns=""/></row>`, CodeElement},
		"text":              {`<row>x</row>`, CodeText},
		"text around":       {`x`, CodeText},
		"type":              {`<row><a xsi:type="u:x"/></row>`, CodeType},
		"null with text":    {`<row><a xsi:nil="true">x</a></row>`, CodeValue},
	} {
		t.Run(name, func(t *testing.T) { wantError(t, rowSet(``, rows1(c.rows)), Options{}, c.code, "") })
	}
	set := RowSet{Columns: []Column{{Name: "a"}, {Name: "b"}}}
	for name, row := range map[string]Row{"unknown": {{Name: "c"}}, "out of order": {{Name: "b"}, {Name: "a"}}, "twice": {{Name: "a"}, {Name: "a"}}, "no name": {{}}} {
		set.Rows = []Row{row}
		if text, err := Marshal(&Message{Document: &BatchResponse{Results: []Result{&set}}}, WriteOptions{Strict: true}); err == nil || err.(*Error).Code != CodeColumn {
			t.Errorf("%s: %v, %s", name, err, text)
		}
	}
	for name, c := range map[string]Column{"no name": {}, "facets without a type": {Name: "a", MaxLength: Some(int64(1))}, "facet below 0": {Name: "a", Type: sqlType("char"), MaxLength: Some(int64(-1))}} {
		if text, err := Marshal(&Message{Document: &BatchResponse{Results: []Result{&RowSet{Columns: []Column{c}}}}}, WriteOptions{}); err == nil {
			t.Errorf("%s: %s", name, text)
		}
	}
	if text, err := Marshal(&Message{Document: &BatchResponse{Results: []Result{&RowSet{Name: "1 2"}}}}, WriteOptions{}); err == nil {
		t.Errorf("a name that is none: %s", text)
	}
}

func TestColumns(t *testing.T) {
	restricted := func(attrs, restriction string) string {
		return `<xsd:element name="a"><xsd:simpleType` + attrs + `>` + restriction + `</xsd:simpleType></xsd:element>`
	}
	def := func(local string) *xml.Element { return &xml.Element{Name: xml.Name{Space: nsXSD, Local: local}} }
	for _, c := range []struct {
		name, text string
		want       Column
	}{
		{"type", `<xsd:element name="a" type="st:int"/>`, Column{Name: "a", Type: sqlType("int")}},
		{"type of XSD", `<xsd:element name="a" type="xsd:string"/>`, Column{Name: "a", Type: xml.Name{Space: nsXSD, Local: "string"}}},
		{"type of another", `<xsd:element name="a" type="u:t" xmlns:u="urn:u"/>`, Column{Name: "a", Type: xml.Name{Space: "urn:u", Local: "t"}}},
		{"no type", `<xsd:element name="a"/>`, Column{Name: "a"}},
		{"null left out", `<xsd:element name="a" type="st:int" minOccurs="0"/>`, Column{Name: "a", Type: sqlType("int"), Absent: true}},
		{"null said", `<xsd:element name="a" type="st:int" nillable="1"/>`, Column{Name: "a", Type: sqlType("int"), Nillable: true}},
		{"without a name", `<xsd:element name="Column1" type="st:int" q:sqlColumnName=""/>`, Column{Name: "Column1", Type: sqlType("int"), SQLName: Some("")}},
		{"encoded name", `<xsd:element name="Order_x0020_No" type="st:int"/>`, Column{Name: "Order No", Type: sqlType("int")}},
		{"length and collation", restricted(` st:sqlTypeAlias="[d].[dbo].[Name]"`,
			`<xsd:restriction base="st:nvarchar" st:localeId="1033" st:sqlCompareOptions="IgnoreCase IgnoreKanaType IgnoreWidth" st:sqlSortId="52" st:sqlCollationVersion="1"><xsd:maxLength value="50"/></xsd:restriction>`),
			Column{Name: "a", Type: sqlType("nvarchar"), MaxLength: Some(int64(50)), LocaleID: Some(int64(1033)), CompareOptions: "IgnoreCase IgnoreKanaType IgnoreWidth",
				SortID: Some(int64(52)), CollationVersion: Some(int64(1)), TypeAlias: "[d].[dbo].[Name]"}},
		{"digits", restricted(``, `<xsd:restriction base="st:decimal"><xsd:totalDigits value="18"/><xsd:fractionDigits value="2"/></xsd:restriction>`),
			Column{Name: "a", Type: sqlType("decimal"), TotalDigits: Some(int64(18)), FractionDigits: Some(int64(2))}},
		{"other facets", restricted(``, `<xsd:restriction base="st:char"><xsd:pattern value="x:y"/></xsd:restriction>`), Column{Name: "a", Definition: def("simpleType")}},
		{"union", restricted(``, `<xsd:union memberTypes="xsd:int xsd:string"/>`), Column{Name: "a", Definition: def("simpleType")}},
		{"complex type", `<xsd:element name="a" minOccurs="0"><xsd:complexType st:xmlSchemaCollection="c"><xsd:sequence><xsd:any processContents="skip"/></xsd:sequence></xsd:complexType></xsd:element>`,
			Column{Name: "a", Absent: true, Definition: def("complexType")}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := parse(t, rowSet(schema(c.text), ``), Options{Strict: true})
			bare(&p.Message)
			set := firstSet(t, p)
			got := set.Columns[0]
			if d := got.Definition; d != nil && c.want.Definition != nil && d.Name == c.want.Definition.Name {
				got.Definition = c.want.Definition
			}
			if len(set.Columns) != 1 || set.Schemas != nil || !reflect.DeepEqual(got, c.want) {
				t.Fatalf("got %+v, want %+v", got, c.want)
			}
			for _, indent := range []int{0, 2} {
				q := again(t, &p.Message, WriteOptions{Strict: true, Indent: indent})
				bare(&q.Message)
				if indent > 0 && got.Definition != nil {
					continue // white space inside a schema is there to please the eye
				}
				if !reflect.DeepEqual(q.Message, p.Message) {
					t.Errorf("written: %+v", firstSet(t, q))
				}
			}
		})
	}
	for name, text := range map[string]string{
		"another schema":     `<xsd:schema targetNamespace="urn:u"><xsd:element name="x"/></xsd:schema>`,
		"not the usual form": strings.Replace(schema(``), `name="row"`, `name="rows"`, 1),
		"a choice":           strings.ReplaceAll(schema(``), `xsd:sequence`, `xsd:choice`),
		"an unknown prefix":  schema(`<xsd:element name="a" type="u:t"/>`),
		"a reference":        schema(`<xsd:element ref="a"/>`),
		"two rows":           strings.Replace(schema(``), `<xsd:element name="row" minOccurs="0" maxOccurs="unbounded">`, `<xsd:element name="x"/><xsd:element name="row">`, 1),
	} {
		p := parse(t, rowSet(text, rows1(`<row><a>1</a></row>`)), Options{Strict: true})
		bare(&p.Message)
		set := firstSet(t, p)
		if set.Columns != nil || len(set.Schemas) != 1 || len(set.Rows) != 1 {
			t.Errorf("%s: %+v", name, set)
		}
		q := again(t, &p.Message, WriteOptions{Strict: true})
		if bare(&q.Message); !reflect.DeepEqual(q.Message, p.Message) {
			t.Errorf("%s, written: %+v", name, firstSet(t, q))
		}
	}
	two := parse(t, rowSet(schema(``)+`<xsd:schema targetNamespace="urn:u"/>`, ``), Options{Strict: true})
	if set := firstSet(t, two); set.Columns == nil || len(set.Schemas) != 1 {
		t.Errorf("%+v", set)
	}
}

func TestRowValue(t *testing.T) {
	row := Row{{"a", TextValue("1")}, {"a", TextValue("2")}, {"b", Null()}}
	for name, want := range map[string]Value{"a": TextValue("1"), "b": Null(), "left out": Null()} {
		if got := row.Value(name); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %+v", name, got)
		}
	}
}

func TestNamesOfColumns(t *testing.T) {
	for name, want := range map[string]string{
		"OrderNo": "OrderNo", "Order No": "Order_x0020_No", "1st": "_x0031_st", "_x0041_": "_x005F_x0041_", "_x": "_x", "a:b": "a_x003A_b",
		"Größe": "Größe", "😀": "😀", "_x004": "_x004", "_x0001F600_": "_x005F_x0001F600_", "a\x01": "a_x0001_", "×": "_x00D7_", "日本": "日本",
	} {
		if got := encodeName(name); got != want || decodeName(got) != name {
			t.Errorf("%q is %q, and back %q", name, got, decodeName(got))
		}
	}
	for _, odd := range []string{"_xZZZZ_", "_x00_", "_xD800_", "_xFFFFFFFF_", "_x00410", "__x0020_"} {
		name := decodeName(odd)
		if got := decodeName(encodeName(name)); got != name {
			t.Errorf("%q is %q, and %q after", odd, name, got)
		}
	}
}
