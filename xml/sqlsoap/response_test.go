package sqlsoap

import (
	"reflect"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml"
)

func TestS_80_OneResult(t *testing.T) {
	response := func(s string) string { return enveloped("", `<q:sqlbatchResponse>`+s+`</q:sqlbatchResponse>`) }
	for _, c := range []struct{ name, content, code, statement string }{
		{"S-80 none", ``, CodeElement, "S-80"},
		{"S-80 two", `<q:sqlbatchResult/><q:sqlbatchResult/>`, CodeElement, "S-80"},
		{"S-81 parameters first", `<q:Parameters/><q:sqlbatchResult/>`, CodeOrder, "S-80"},
		{"S-81 parameters twice", `<q:sqlbatchResult/><q:Parameters/><q:Parameters/>`, CodeElement, "S-81"},
		{"S-80 behind parameters", `<q:sqlbatchResult/><q:Parameters/><q:sqlbatchResult/>`, CodeElement, "S-80"},
	} {
		t.Run(c.name, func(t *testing.T) { wantError(t, response(c.content), Options{}, c.code, c.statement) })
	}
	// S-86: nothing in it is a result too.
	for _, content := range []string{`<q:sqlbatchResult/>`, `<q:sqlbatchResult> </q:sqlbatchResult><q:Parameters/>`} {
		p := parse(t, response(content), Options{Strict: true})
		if !reflect.DeepEqual(p.Document, &BatchResponse{}) {
			t.Errorf("S-86: %+v", p.Document)
		}
		if text := marshal(t, &p.Message); !strings.Contains(text, "<sql:sqlbatchResult/></sql:sqlbatchResponse>") {
			t.Errorf("S-80: %s", text)
		}
	}
}

func TestS_81_OutputParameters(t *testing.T) {
	m := Message{Document: &BatchResponse{Parameters: []Parameter{{Name: "n", DBType: Int, Direction: InputOutput, Value: TextValue("7")}}}}
	text := marshal(t, &m)
	contains(t, text, `</sql:Parameters></sql:sqlbatchResponse>`, `<sqlparameter:SqlParameter name="n" sqlDbType="Int" direction="InputOutput"><sqlparameter:Value>7<`)
	if q := again(t, &m, WriteOptions{}); !reflect.DeepEqual(q.Message, m) {
		t.Errorf("%+v", q.Message)
	}
}

const (
	aMessage = `<r:SqlMessage xsi:type="m:SqlMessage">` + messageParts + `</r:SqlMessage>`

	messageParts = `<m:Class>16</m:Class><m:LineNumber>3</m:LineNumber><m:Message>No such column.</m:Message><m:Number>207</m:Number>` +
		`<m:Procedure>dbo.p</m:Procedure><m:Server/><m:Source>Microsoft-SQL/9.0</m:Source><m:State>1</m:State>`
	shortParts = `<m:Class>0</m:Class><m:LineNumber>0</m:LineNumber><m:Message/><m:Number>0</m:Number><m:Source/><m:State>0</m:State>`
)

func TestResults(t *testing.T) {
	for _, c := range []struct {
		name, text string
		want       []Result
	}{
		{"S-85 an error is a message", aMessage, []Result{&SQLMessage{16, 3, "No such column.", 207, Some("dbo.p"), Some(""), Source2005, 1}}},
		{"S-82 Procedure and Server may be missing", `<r:SqlMessage>` + shortParts + `</r:SqlMessage>`, []Result{&SQLMessage{}}},
		{"row count", `<r:SqlRowCount xsi:type="c:SqlRowCount"><c:Count> 9223372036854775807 </c:Count></r:SqlRowCount>`, []Result{&RowCount{1<<63 - 1}}},
		{"result code", `<r:SqlResultCode xsi:type="t:SqlResultCode"> 4 </r:SqlResultCode>`, []Result{&ResultCode{4}}},
		{"S-71 transactions", `<r:SqlTransaction xsi:type="x:SqlTransaction"><x:Descriptor>EBES</x:Descriptor><x:Type> Begin </x:Type></r:SqlTransaction>` +
			`<r:SqlTransaction><x:Descriptor/><x:Type>Defect</x:Type></r:SqlTransaction>`,
			[]Result{&Transaction{[]byte{16, 17, 18}, TransactionBegin}, &Transaction{[]byte{}, TransactionDefect}}},
		{"FOR XML", `<r:SqlXml xsi:type="t:SqlXml"><a b="1">c</a> <d/></r:SqlXml><r:SqlXml/>`, []Result{&XML{[]xml.Node{
			{Element: &xml.Element{Name: xml.Name{Local: "a"}, Attrs: []xml.ElementAttr{{Name: xml.Name{Local: "b"}, Value: "1"}}, Children: []xml.Node{{Text: "c"}}}},
			{Text: " "}, {Element: &xml.Element{Name: xml.Name{Local: "d"}}}}}, &XML{}}},
		{"in order of execution", `<r:SqlRowCount><c:Count>1</c:Count></r:SqlRowCount><r:SqlMessage>` + shortParts + `</r:SqlMessage><r:SqlRowCount><c:Count>2</c:Count></r:SqlRowCount>`,
			[]Result{&RowCount{1}, &SQLMessage{}, &RowCount{2}}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := parse(t, results(c.text), Options{Strict: true})
			bare(&p.Message)
			if got := p.Document.(*BatchResponse).Results; !reflect.DeepEqual(got, c.want) {
				t.Fatalf("got %+v, want %+v", got, c.want)
			}
			for _, indent := range []int{0, 3} {
				q := again(t, &p.Message, WriteOptions{Strict: true, Indent: indent})
				if bare(&q.Message); !reflect.DeepEqual(q.Message, p.Message) {
					t.Errorf("written: %+v", q.Message)
				}
			}
		})
	}
}

func TestS_82_OrderOfAMessage(t *testing.T) {
	without := func(part string) string { return strings.Replace(messageParts, part, "", 1) }
	for name, c := range map[string]struct{ parts, code string }{
		"another order": {strings.Replace(without(`<m:Class>16</m:Class>`), `<m:State>`, `<m:Class>16</m:Class><m:State>`, 1), CodeOrder},
		"no Class":      {without(`<m:Class>16</m:Class>`), CodeElement},
		"no LineNumber": {without(`<m:LineNumber>3</m:LineNumber>`), CodeElement},
		"no Message":    {without(`<m:Message>No such column.</m:Message>`), CodeElement},
		"no Number":     {without(`<m:Number>207</m:Number>`), CodeElement},
		"no Source":     {without(`<m:Source>Microsoft-SQL/9.0</m:Source>`), CodeElement},
		"no State":      {without(`<m:State>1</m:State>`), CodeElement},
		"twice":         {messageParts + `<m:State>1</m:State>`, CodeElement},
		"unknown":       {messageParts + `<m:Line/>`, CodeElement},
		"namespace":     {strings.Replace(messageParts, `<m:Server/>`, `<r:Server/>`, 1), CodeNamespace},
		"below 0":       {strings.Replace(messageParts, `>16<`, `>-1<`, 1), CodeValue},
		"no number":     {strings.Replace(messageParts, `>207<`, `>x<`, 1), CodeValue},
		"too great":     {strings.Replace(messageParts, `>207<`, `>2147483648<`, 1), CodeValue},
		"text":          {messageParts + "x", CodeText},
		"elements":      {strings.Replace(messageParts, `>207<`, `>207<m:x/><`, 1), CodeElement},
	} {
		t.Run("S-82 "+name, func(t *testing.T) {
			wantError(t, results(`<r:SqlMessage>`+c.parts+`</r:SqlMessage>`), Options{}, c.code, "S-82")
		})
	}
	text := marshal(t, &Message{Document: &BatchResponse{Results: []Result{&SQLMessage{16, 3, "m", 207, Some("p"), Some("s"), "q", 1}}}})
	contains(t, text, `<sqlmessage:Class>16</sqlmessage:Class><sqlmessage:LineNumber>3</sqlmessage:LineNumber><sqlmessage:Message>m</sqlmessage:Message>`+
		`<sqlmessage:Number>207</sqlmessage:Number><sqlmessage:Procedure>p</sqlmessage:Procedure><sqlmessage:Server>s</sqlmessage:Server>`+
		`<sqlmessage:Source>q</sqlmessage:Source><sqlmessage:State>1</sqlmessage:State></sqlresultstream:SqlMessage>`)
	if _, err := Marshal(&Message{Document: &BatchResponse{Results: []Result{&SQLMessage{State: -1}}}}, WriteOptions{}); err == nil || err.(*Error).Statement != "S-82" {
		t.Errorf("written: %v", err)
	}
}

func TestResultErrors(t *testing.T) {
	for name, c := range map[string]struct{ text, code string }{
		"unknown":            {`<r:SqlResultCount/>`, CodeElement},
		"namespace":          {`<q:SqlRowCount/>`, CodeNamespace},
		"type":               {`<r:SqlRowCount xsi:type="t:SqlRowCount"/>`, CodeType},
		"prefix of the type": {`<r:SqlRowSet xsi:type="u:SqlRowSet"/>`, CodeType},
		"no count":           {`<r:SqlRowCount/>`, CodeElement},
		"count":              {`<r:SqlRowCount><c:Count>x</c:Count></r:SqlRowCount>`, CodeValue},
		"code":               {`<r:SqlResultCode>x</r:SqlResultCode>`, CodeValue},
		"code with elements": {`<r:SqlResultCode><r:x/></r:SqlResultCode>`, CodeElement},
		"no type":            {`<r:SqlTransaction><x:Descriptor/></r:SqlTransaction>`, CodeElement},
		"other type":         {`<r:SqlTransaction><x:Descriptor/><x:Type>begin</x:Type></r:SqlTransaction>`, CodeValue},
		"order":              {`<r:SqlTransaction><x:Type>Begin</x:Type><x:Descriptor/></r:SqlTransaction>`, CodeOrder},
	} {
		t.Run(name, func(t *testing.T) { wantError(t, results(c.text), Options{}, c.code, "") })
	}
	wantError(t, results(`<r:SqlTransaction><x:Descriptor>!</x:Descriptor><x:Type>Begin</x:Type></r:SqlTransaction>`), Options{}, CodeValue, "S-06")
	for name, r := range map[string]Result{"nil": nil, "no type": &Transaction{}, "another type": &Transaction{Type: 9}} {
		if text, err := Marshal(&Message{Document: &BatchResponse{Results: []Result{r}}}, WriteOptions{}); err == nil {
			t.Errorf("%s: %s", name, text)
		}
	}
	for i := TransactionBegin; i <= TransactionDefect; i++ {
		if i.String() == "" || i.Open() != (i.String() == "Begin" || i.String() == "EnlistDTC") {
			t.Errorf("%d is %v", i, i)
		}
	}
}
