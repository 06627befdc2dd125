package dsml

import (
	"strings"
	"testing"
)

func TestValues(t *testing.T) {
	val := func(t *testing.T, p *Parsed) Value {
		t.Helper()
		r := first[*AddRequest](t, p)
		if len(r.Attrs) != 1 || len(r.Attrs[0].Values) != 1 {
			t.Fatalf("no single value: %+v", r.Attrs)
		}
		return r.Attrs[0].Values[0]
	}
	is := func(v Value) func(t *testing.T, p *Parsed) {
		return func(t *testing.T, p *Parsed) {
			t.Helper()
			want(t, "value", val(t, p), v)
		}
	}
	typed := func(typ, data string) string { return valued(`<value xsi:type="` + typ + `">` + data + `</value>`) }
	extended := func(v string) string {
		return request(`<extendedRequest><requestName>1.2</requestName>` + v + `</extendedRequest>`)
	}
	anyIs := func(v Value) func(t *testing.T, p *Parsed) {
		return func(t *testing.T, p *Parsed) {
			t.Helper()
			want(t, "requestValue", *first[*ExtendedRequest](t, p).RequestValue, v)
		}
	}
	testRefusals(t, []refusal{
		{"D-84 not base64", typed("xsd:base64Binary", "a?=="), "dsml-base64", "<value", "groups of four"},
		{"D-84 base64 that breaks off", typed("xsd:base64Binary", "AAA"), "dsml-base64", "<value", ""},
		{"D-84 padding inside", typed("xsd:base64Binary", "AA==AAAA"), "dsml-base64", "<value", ""},
		{"D-84 too much padding", typed("xsd:base64Binary", "AAAA="), "dsml-base64", "<value", ""},
		{"D-84 one letter", typed("xsd:base64Binary", "A==="), "dsml-base64", "<value", ""},
		{"D-84 a control value", request(`<delRequest dn=""><control type="1.2"><controlValue xsi:type="xsd:base64Binary">?</controlValue></control></delRequest>`), "dsml-base64", "<controlValue", ""},
		{"D-85 a prefix that is not declared", typed("x:base64Binary", "AAAA"), "dsml-type", "xsi:type=", `xmlns:x="http://www.w3.org/2001/XMLSchema"`},
		{"D-85 a type no value can have", typed("xsd:int", "1"), "dsml-type", "xsi:type=", "xsd:base64Binary"},
		{"D-85 a type of another namespace", valued(`<value xmlns:x="urn:x" xsi:type="x:string"/>`), "dsml-type", "xsi:type=", ""},
		{"D-85 an unknown type", typed("xsd:base64", "AAAA"), "dsml-type", "xsi:type=", ""},
		{"D-06 a type without prefix", valued(`<value type="xsd:base64Binary"/>`), "dsml-attribute", "type=", "did you mean xsi:type?"},
	})
	testAcceptances(t, []acceptance{
		{"D-82 text", valued(`<value>é&lt;&#x1F600;<![CDATA[<&]]></value>`), is(Value{Data: "é<\U0001F600<&"})},
		{"D-82 what looks like base64 is text", valued(`<value>AAAA</value>`), is(Value{Data: "AAAA"})},
		{"D-82 xsd:string", typed("xsd:string", " a "), is(Value{Data: " a "})},
		{"D-82 a type made from string", typed("xsd:token", "a"), is(Value{Data: "a"})},
		{"D-83 base64 with white space", typed("xsd:base64Binary", "\n A A\tE\r\n= "), is(Value{"\x00\x01", Base64Binary})},
		{"D-83 empty base64", typed("xsd:base64Binary", " "), is(Value{"", Base64Binary})},
		{"D-83 all bytes", typed("xsd:base64Binary", "/+8="), is(Value{"\xff\xef", Base64Binary})},
		{"D-85 another prefix", valued(`<value xmlns:q="` + nsXSD + `" xsi:type=" q:base64Binary ">AAE=</value>`), is(Value{"\x00\x01", Base64Binary})},
		{"D-85 XML Schema as default namespace", `<d:batchRequest xmlns:d="` + Namespace + `" xmlns:i="` + nsXSI + `" xmlns="` + nsXSD +
			`"><d:addRequest dn=""><d:attr name="a"><d:value i:type="base64Binary">AAE=</d:value></d:attr></d:addRequest></d:batchRequest>`, is(Value{"\x00\x01", Base64Binary})},
		{"D-86 a type of the DSML schema", valued(`<value xmlns:s="` + Namespace + `" xsi:type="s:DsmlValue">AAE=</value>`), is(Value{Data: "AAE="})},
		{"D-86 the element's own type", request(`<addRequest dn="" xsi:type="AddRequest"><attr name="a" xsi:type="DsmlAttr"><value>b</value></attr></addRequest>`), is(Value{Data: "b"})},
		{"D-89 anyURI is kept as it is", typed("xsd:anyURI", " file:///etc/passwd\n"), is(Value{"file:///etc/passwd", AnyURI})},
		{"D-91 white space", valued("<value xmlns:x='urn:x'> \t a  b\n </value>"), is(Value{Data: " \t a  b\n "})},
		{"D-91 line ends", valued("<value>a\r\nb\rc&#13;d</value>"), is(Value{Data: "a\nb\nc\rd"})},
		{"D-91 comments inside", valued("<value>a<!--b--> c<?d?></value>"), is(Value{Data: "a c"})},
		{"D-92 an empty value", valued("<value/>"), is(Value{})},
		{"D-92 an empty value with two tags", valued("<value></value>"), is(Value{})},
		{"any type: text", extended("<requestValue> a </requestValue>"), anyIs(Value{Data: " a "})},
		{"any type: empty", extended("<requestValue/>"), anyIs(Value{})},
		{"any type: attributes", extended(`<requestValue a="b" xml:lang="c">d</requestValue>`), anyIs(Value{Data: "d"})},
		{"any type: base64", extended(`<requestValue xsi:type="xsd:base64Binary">AAE=</requestValue>`), anyIs(Value{"\x00\x01", Base64Binary})},
		{"any type: hexadecimal", extended(`<requestValue xsi:type="xsd:hexBinary">00fF</requestValue>`), anyIs(Value{"\x00\xff", Base64Binary})},
		{"any type: a reference", extended(`<requestValue xsi:type="xsd:anyURI">urn:a</requestValue>`), anyIs(Value{"urn:a", AnyURI})},
		{"any type: a number", extended(`<requestValue xsi:type="xsd:int">5</requestValue>`), anyIs(Value{Data: "5"})},
		{"any type: elements", extended(`<requestValue>a&amp;<x:b xmlns:x="urn:x" c="d"><e/></x:b><!--f-->g</requestValue>`),
			anyIs(Value{`a&amp;<x:b xmlns:x="urn:x" xmlns="` + Namespace + `" c="d"><e/></x:b>g`, Markup})},
	})
}

// TestD_87_Binary writes values that cannot be text as base64Binary, with the
// type in the one form that every client reads.
func TestD_87_Binary(t *testing.T) {
	for _, data := range []string{"\x00", "a\x1bb", "\xff", "\xc3", "\xed\xa0\x80", "\uFFFE", "a\uFFFF"} {
		text, err := Marshal(&BatchRequest{Requests: []Request{&CompareRequest{Name: "a", Value: Value{Data: data}}}}, WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(text), `<value xsi:type="xsd:base64Binary">`) {
			t.Errorf("D-87 %q: %s", data, text)
		}
		for _, declaration := range []string{` xmlns:xsd="` + nsXSD + `"`, ` xmlns:xsi="` + nsXSI + `"`} {
			if at := strings.Index(string(text), declaration); at < 0 || at > strings.Index(string(text), ">") {
				t.Errorf("D-88 %q: %s", data, text)
			}
		}
		p, err := Parse(text, Options{Strict: true})
		if err != nil {
			t.Fatal(err)
		}
		want(t, "value", first[*CompareRequest](t, p).Value, Value{data, Base64Binary})
	}
	for _, data := range []string{"", " ", "a\r\n\tb", "é\U0001F600", "\u0085\u2028", "\uFFFD", "]]>"} {
		text, err := Marshal(&BatchRequest{Requests: []Request{&CompareRequest{Name: "a", Value: Value{Data: data}}}}, WriteOptions{})
		if err != nil || strings.Contains(string(text), "xsi") {
			t.Errorf("%q needs no type: %s, %v", data, text, err)
		}
	}
}

// TestD_87_InsideEnvelope: the prefixes hold even when the envelope has given
// the namespaces others.
func TestD_88_OtherPrefixes(t *testing.T) {
	text, err := Marshal(&BatchResponse{Responses: []Response{
		&SearchResponse{Entries: []*SearchResultEntry{{Attrs: []Attribute{{"a", []Value{{"\x00", Base64Binary}}}}}}, Done: &Result{Kind: SearchResultDone}},
	}}, WriteOptions{Envelope: 1})
	if err != nil {
		t.Fatal(err)
	}
	wantText := `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>` +
		`<batchResponse xmlns="urn:oasis:names:tc:DSML:2:0:core" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">` +
		`<searchResponse><searchResultEntry dn=""><attr name="a"><value xsi:type="xsd:base64Binary">AA==</value></attr></searchResultEntry>` +
		`<searchResultDone><resultCode code="0" descr="success"/></searchResultDone></searchResponse></batchResponse></soap:Body></soap:Envelope>`
	want(t, "text", string(text), wantText)
}
