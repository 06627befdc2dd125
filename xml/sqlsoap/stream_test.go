package sqlsoap

import (
	"errors"
	"io"
	"os"
	"reflect"
	"runtime"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml"
)

func TestDecoderYieldsWhatIsComplete(t *testing.T) {
	head := strings.TrimSuffix(answer(session(id)), `<q:sqlbatchResponse><q:sqlbatchResult/></q:sqlbatchResponse></s:Body></s:Envelope>`) +
		`<q:sqlbatchResponse><q:sqlbatchResult><r:SqlRowSet>` + schema(`<xsd:element name="a"/>`) + `<d:diffgram><SqlRowSet1>`
	d := NewDecoder(Options{})
	next := func(chunk string, want ...Item) {
		t.Helper()
		d.Feed([]byte(chunk))
		for _, w := range want {
			if got, err := d.Next(); err != nil || !reflect.DeepEqual(got, w) {
				t.Fatalf("got %+v, %v, want %+v", got, err, w)
			}
		}
		if got, err := d.Next(); err != ErrNeedInput {
			t.Fatalf("got %+v, %v, want none", got, err)
		}
	}
	next(head, &RowSet{Columns: []Column{{Name: "a"}}})
	if s := d.Parsed().Headers.Session; s == nil || s.SessionID.Value != someID {
		t.Errorf("the headers are not known: %+v", s)
	}
	next(`<row><a>1</a></row><row><a>2`, Row{{"a", TextValue("1")}})
	next(`</a></row>`, Row{{"a", TextValue("2")}})
	next(`</SqlRowSet1></d:diffgram></r:SqlRowSet><r:SqlRowCount><c:Count>2</c:Count></r:SqlRowCount>`, &RowCount{2})
	next(`</q:sqlbatchResult><q:Parameters><p:SqlParameter name="n"><p:Value>7</p:Value></p:SqlParameter>`, &Parameter{Name: "n", Value: TextValue("7")})
	next(`</q:Parameters></q:sqlbatchResponse></s:Body></s:Envelope>`)
	d.Close()
	for range 2 {
		if _, err := d.Next(); err != io.EOF {
			t.Errorf("at the end: %v", err)
		}
	}
	d = NewDecoder(Options{})
	d.Feed([]byte(`<a/>`))
	var e *Error
	for range 2 {
		if _, err := d.Next(); !errors.As(err, &e) || e.Code != CodeRoot {
			t.Errorf("%v", err)
		}
	}
}

func TestDecoderKeepsNoRows(t *testing.T) {
	d := NewDecoder(Options{})
	d.Feed([]byte(strings.TrimSuffix(rowSet(``, rows1(``)), `</SqlRowSet1></d:diffgram></r:SqlRowSet></q:sqlbatchResult></q:sqlbatchResponse></s:Body></s:Envelope>`)))
	row := []byte(`<row><a>` + strings.Repeat("x", 1000) + `</a><b>` + strings.Repeat("y", 1000) + `</b></row>`)
	count := 0
	for range 20000 { // 40 MB
		d.Feed(row)
		for {
			i, err := d.Next()
			if err == ErrNeedInput {
				break
			}
			if err != nil {
				t.Fatal(err)
			}
			if _, ok := i.(Row); ok {
				count++
			}
		}
	}
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	runtime.KeepAlive(d)
	if count != 20000 || m.HeapAlloc > 20<<20 {
		t.Errorf("%d rows, %d bytes are kept", count, m.HeapAlloc)
	}
}

// What a ResponseWriter writes piece by piece is what Marshal writes at once.
func TestResponseWriter(t *testing.T) {
	text, err := os.ReadFile("testdata/S-87-results.xml")
	if err != nil {
		t.Fatal(err)
	}
	doc := parse(t, string(text), Options{}).Document.(*BatchResponse)
	want, err := Marshal(&Message{Document: doc}, WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var got []byte
	w := xml.NewWriter(xml.WriterOptions{})
	take := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, w.Take()...)
	}
	r := NewResponseWriter(w)
	for _, result := range doc.Results {
		set, ok := result.(*RowSet)
		if !ok {
			take(r.Result(result))
			continue
		}
		take(r.StartRowSet(set))
		for _, row := range set.Rows {
			take(r.Row(row))
		}
		take(r.EndRowSet())
	}
	take(r.End(doc.Parameters))
	if string(got) != string(want) {
		t.Errorf("got %s, want %s", got, want)
	}
	if err := NewResponseWriter(xml.NewWriter(xml.WriterOptions{})).Result(&ResultCode{-1}); err == nil {
		t.Error("what the schema has no word for was written")
	}
	bw := xml.NewWriter(xml.WriterOptions{})
	if err := Write(bw, &Batch{BatchCommands: "GO"}); err != nil || string(bw.Bytes()) != `<sql:sqlbatch xmlns:sql="`+NS+`"><sql:BatchCommands>GO</sql:BatchCommands></sql:sqlbatch>` {
		t.Errorf("%v, %s", err, bw.Bytes())
	}
}

func TestFaultsDoNotStandAlone(t *testing.T) {
	if err := Write(xml.NewWriter(xml.WriterOptions{}), NewFault(true, "")); err == nil {
		t.Error("a fault was written")
	}
}

func BenchmarkParse(b *testing.B) {
	row := `<row><Id>4711</Id><Name>A name of some length</Name><Total>19.9000</Total><Note>nothing to note</Note></row>`
	text := []byte(rowSet(schema(`<xsd:element name="Id" type="st:int"/><xsd:element name="Name" type="st:nvarchar"/><xsd:element name="Total" type="st:money"/><xsd:element name="Note" type="st:nvarchar"/>`), rows1(strings.Repeat(row, 2000))))
	b.SetBytes(int64(len(text)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := Parse(text, Options{}); err != nil {
			b.Fatal(err)
		}
	}
}
