package sqlsoap

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

const commands = `<q:BatchCommands>SELECT @a</q:BatchCommands>`

func TestS_79_BatchCommands(t *testing.T) {
	for _, c := range []struct{ name, content, code string }{
		{"none", ``, CodeElement},
		{"parameters alone", `<q:Parameters/>`, CodeElement},
		{"two", commands + commands, CodeElement},
		{"behind the parameters", `<q:Parameters/>` + commands, CodeOrder},
		{"null", `<q:BatchCommands xsi:nil="true"/>`, CodeElement},
	} {
		t.Run("S-79 "+c.name, func(t *testing.T) { wantError(t, batch(c.content), Options{}, c.code, "S-79") })
	}
	for want, content := range map[string]string{
		"": `<q:BatchCommands/>`, "a\nb ": "<q:BatchCommands>a\r\nb </q:BatchCommands>", "1 < 2": `<q:BatchCommands><![CDATA[1 <]]> 2</q:BatchCommands>`,
	} {
		p := parse(t, batch(content), Options{Strict: true})
		if got := p.Document.(*Batch).BatchCommands; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
		if q := again(t, &p.Message, WriteOptions{Strict: true}); !reflect.DeepEqual(q.Document, p.Document) {
			t.Errorf("written: %+v", q.Document)
		}
	}
}

func TestBatchElements(t *testing.T) {
	for name, c := range map[string]struct{ text, code string }{
		"another root":           {enveloped("", `<q:sqlBatch/>`), CodeRoot},
		"a method":               {enveloped("", `<u:GetOrders xmlns:u="urn:u"/>`), CodeRoot},
		"https":                  {enveloped("", `<sqlbatch xmlns="`+strings.Replace(NS, "http", "https", 1)+`"/>`), CodeNamespace},
		"no namespace":           {`<sqlbatch><BatchCommands/></sqlbatch>`, CodeNamespace},
		"child in no namespace":  {batch(`<BatchCommands/>`), CodeNamespace},
		"another child":          {batch(commands + `<q:Options/>`), CodeElement},
		"an element in the text": {batch(`<q:BatchCommands>a<q:b/></q:BatchCommands>`), CodeElement},
		"text":                   {batch(commands + `x`), CodeText},
		"two batches":            {enveloped("", select1+select1), CodeElement},
		"two parameter lists":    {batch(commands + `<q:Parameters/><q:Parameters/>`), CodeElement},
	} {
		t.Run(name, func(t *testing.T) { wantError(t, c.text, Options{}, c.code, "") })
	}
	wantError(t, request(""), Options{Expect: FromServer}, CodeRoot, "")
	wantError(t, answer(""), Options{Expect: ToServer}, CodeRoot, "")
	wantError(t, `<q:sqlbatch xmlns:q="`+NS+`">`+commands+`</q:sqlbatch>`, Options{RequireEnvelope: true}, "soap-envelope", "")
	p := parse(t, `<q:sqlbatch xmlns:q="`+NS+`">`+commands+`</q:sqlbatch>`, Options{Strict: true})
	if p.Version != 0 || p.Envelope != nil || p.Document.(*Batch).BatchCommands != "SELECT @a" {
		t.Errorf("%+v", p)
	}
	if q := again(t, &p.Message, WriteOptions{}); !reflect.DeepEqual(q.Message, p.Message) {
		t.Errorf("%+v", q)
	}
}

func TestS_52_EmptyBody(t *testing.T) {
	p := parse(t, enveloped(session(`terminate="true" `+id), ``), Options{Strict: true, Expect: ToServer})
	if p.Document != nil || !p.Headers.Session.Terminate {
		t.Errorf("%+v", p)
	}
	if q := again(t, &p.Message, WriteOptions{Strict: true}); !reflect.DeepEqual(q.Message, p.Message) {
		t.Errorf("%+v", q.Message)
	}
	if _, err := Marshal(&Message{}, WriteOptions{}); err == nil {
		t.Error("nothing at all was written")
	}
	if _, err := Marshal(&Message{Document: &Batch{}, Headers: Headers{Session: new(Session)}}, WriteOptions{}); err == nil {
		t.Error("headers without an envelope were written")
	}
}

func TestS_92_NoDTD(t *testing.T) {
	wantError(t, `<!DOCTYPE x [<!ENTITY a "b">]>`+request(""), Options{}, "xml-dtd", "S-92")
}

func TestS_75_VersionOfTheRequest(t *testing.T) {
	for _, v := range []soap.Version{soap.V11, soap.V12} {
		p := parse(t, strings.Replace(request(""), soap.NS11, v.Namespace(), 1), Options{Strict: true})
		reply := Message{Version: p.Version, Document: &BatchResponse{}}
		if q := again(t, &reply, WriteOptions{}); p.Version != v || q.Version != v {
			t.Errorf("%v: read %v, answered with %v", v, p.Version, q.Version)
		}
	}
}

func TestS_78_SOAPAction(t *testing.T) {
	if SOAPAction != "http://schemas.microsoft.com/sqlserver/2004/SOAPsqlbatch" {
		t.Error(SOAPAction)
	}
}

func parameters(list string) string {
	return batch(commands + `<q:Parameters>` + list + `</q:Parameters>`)
}

func parameter(attrs, value string) string {
	return `<p:SqlParameter ` + attrs + `>` + value + `</p:SqlParameter>`
}

func TestParameters(t *testing.T) {
	const text = `<p:Value>x</p:Value>`
	elem := func(space, local string, children ...xml.Node) *xml.Element {
		return &xml.Element{Name: xml.Name{Space: space, Local: local}, Children: children}
	}
	for _, c := range []struct {
		name, text string
		want       Parameter
	}{
		{"defaults", parameter(`name="a"`, text), Parameter{Name: "a", Value: TextValue("x")}},
		{"defaults that are written", parameter(`name="a" sqlDbType="NVarChar" direction="Input" maxLength="1" precision="18" scale="0" clrTypeName="" sqlCompareOptions="Default" localeId="-1" sqlCollationVersion="0" sqlSortId="0" xmlSchemaCollection="" unknown="x"`, text),
			Parameter{Name: "a", Value: TextValue("x")}},
		{"all", parameter(`name="a" sqlDbType="Udt" direction="InputOutput" maxLength="-1" precision="38" scale="4" clrTypeName="dbo.P" sqlCompareOptions=" IgnoreCase  IgnoreWidth" localeId="1033" sqlCollationVersion="1" sqlSortId="52" xmlSchemaCollection="dbo.c"`, text),
			Parameter{"a", Udt, InputOutput, Some(int64(-1)), Some(int64(38)), Some(int64(4)), "dbo.P", "IgnoreCase IgnoreWidth", Some(int64(1033)), Some(int64(1)), Some(int64(52)), "dbo.c", "", TextValue("x")}},
		{"null", parameter(`name="a"`, `<p:Value xsi:nil="1"/>`), Parameter{Name: "a", Value: Null()}},
		{"type of XSD", parameter(`name="a"`, `<p:Value xsi:type="xsd:int">1</p:Value>`), Parameter{Name: "a", Value: Value{Type: xml.Name{Space: nsXSD, Local: "int"}, Text: "1"}}},
		{"type of sqltypes, null", parameter(`name="a"`, `<p:Value xsi:type="st:money" xsi:nil="true"> </p:Value>`), Parameter{Name: "a", Value: Value{Type: xml.Name{Space: NSSQLTypes, Local: "money"}, Null: true}}},
		{"white space counts", parameter(`name="a"`, "<p:Value> \r\n x </p:Value>"), Parameter{Name: "a", Value: TextValue(" \n x ")}},
		{"xml", parameter(`name="a" sqlDbType="Xml"`, `<p:Value> <b><c/>d</b>e</p:Value>`), Parameter{Name: "a", DBType: Xml, Value: Value{Nodes: []xml.Node{
			{Text: " "}, {Element: elem("", "b", xml.Node{Element: elem("", "c")}, xml.Node{Text: "d"})}, {Text: "e"}}}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := parse(t, parameters(c.text), Options{Strict: true})
			bare(&p.Message)
			if got := p.Document.(*Batch).Parameters; len(got) != 1 || !reflect.DeepEqual(got[0], c.want) {
				t.Fatalf("got %+v, want %+v", got, c.want)
			}
			for _, indent := range []int{0, 2} {
				q := again(t, &p.Message, WriteOptions{Strict: true, Indent: indent})
				if bare(&q.Message); !reflect.DeepEqual(q.Message, p.Message) {
					t.Errorf("written: %+v", q.Message)
				}
			}
		})
	}
	if p := parse(t, batch(commands+`<q:Parameters xsi:nil="true"/>`), Options{Strict: true}); p.Document.(*Batch).Parameters != nil {
		t.Errorf("%+v", p.Document)
	}
}

func TestParameterErrors(t *testing.T) {
	const text = `<p:Value>x</p:Value>`
	long := strings.Repeat("n", MaxParameterName)
	parse(t, parameters(parameter(`name="`+long+`"`, text)), Options{Strict: true})
	for name, c := range map[string]struct{ text, code string }{
		"no name":        {parameter(``, text), CodeAttribute},
		"empty name":     {parameter(`name=""`, text), CodeValue},
		"at sign":        {parameter(`name="@a"`, text), CodeValue},
		"long name":      {parameter(`name="`+long+`n"`, text), CodeValue},
		"type":           {parameter(`name="a" sqlDbType="nvarchar"`, text), CodeValue},
		"direction":      {parameter(`name="a" direction="Output"`, text), CodeValue},
		"length":         {parameter(`name="a" maxLength="-2"`, text), CodeValue},
		"precision":      {parameter(`name="a" precision="256"`, text), CodeValue},
		"scale":          {parameter(`name="a" scale="x"`, text), CodeValue},
		"locale":         {parameter(`name="a" localeId="2147483648"`, text), CodeValue},
		"options":        {parameter(`name="a" sqlCompareOptions="Ignorecase"`, text), CodeValue},
		"no value":       {parameter(`name="a"`, ``), CodeElement},
		"two values":     {parameter(`name="a"`, text+text), CodeElement},
		"other content":  {parameter(`name="a"`, `<p:Wert/>`), CodeElement},
		"other element":  {`<p:Parameter/>`, CodeElement},
		"namespace":      {`<q:SqlParameter name="a"/>`, CodeNamespace},
		"nil":            {parameter(`name="a"`, `<p:Value xsi:nil="maybe"/>`), CodeValue},
		"nil with text":  {parameter(`name="a"`, `<p:Value xsi:nil="true">x</p:Value>`), CodeValue},
		"type namespace": {parameter(`name="a"`, `<p:Value xsi:type="u:t" xmlns:u="urn:u">x</p:Value>`), CodeType},
		"type prefix":    {parameter(`name="a"`, `<p:Value xsi:type="u:t">x</p:Value>`), CodeType},
		"no prefix":      {parameter(`name="a"`, `<p:Value xsi:type="int">x</p:Value>`), CodeType},
	} {
		t.Run(name, func(t *testing.T) { wantError(t, parameters(c.text), Options{}, c.code, "") })
	}
}

func TestParametersThatCannotBeWritten(t *testing.T) {
	for name, p := range map[string]Parameter{
		"no name":   {},
		"at sign":   {Name: "@a"},
		"type":      {Name: "a", DBType: 200},
		"direction": {Name: "a", Direction: 9},
		"length":    {Name: "a", MaxLength: Some(int64(-2))},
		"options":   {Name: "a", CompareOptions: "ignorecase"},
		"typed":     {Name: "a", Value: Value{Type: xml.Name{Space: "urn:u", Local: "t"}}},
		"untyped":   {Name: "a", Value: Value{Type: xml.Name{Local: "t"}}},
		"character": {Name: "a", Value: TextValue("\x01")},
	} {
		if text, err := Marshal(&Message{Document: &Batch{Parameters: []Parameter{p}}}, WriteOptions{}); err == nil {
			t.Errorf("%s: %s", name, text)
		}
	}
	m := Message{Document: &Batch{Parameters: []Parameter{{Name: "a", DBType: Structured}}}}
	if _, err := Marshal(&m, WriteOptions{Strict: true}); err == nil {
		t.Error("an extension was written")
	}
}

func TestNamesOfTypes(t *testing.T) {
	if !slices.IsSorted(dbTypes[1:UTCDateTime]) || DBType(250).String() != "" || !VarBinary.IsBinary() || VarChar.IsBinary() {
		t.Error("names of types")
	}
	if Structured.String() != "Structured" || Xml.String() != "Xml" || Input.String() != "Input" || InputOutput.String() != "InputOutput" {
		t.Error("names do not fit their constants")
	}
	v := BinaryValue([]byte{1, 2})
	if b, ok := v.Bytes(); !ok || string(b) != "\x01\x02" {
		t.Error(b)
	}
	null := Null()
	if _, ok := null.Bytes(); ok {
		t.Error("bytes of NULL")
	}
	for n, want := range map[xml.Name]bool{
		{Space: NSSQLTypes, Local: "varbinary"}: true, {Space: nsXSD, Local: "base64Binary"}: true,
		{Space: NSSQLTypes, Local: "int"}: false, {Space: nsXSD, Local: "varbinary"}: false, {}: false,
	} {
		if IsBinary(n) != want {
			t.Errorf("%v", n)
		}
	}
}
