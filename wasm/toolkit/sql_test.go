package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml/soap"
	"github.com/dsmlkit/dsmlkit/xml/sqlsoap"
)

// object returns a message as JavaScript sees it.
func (j *javascript) sqlObject(m *sqlsoap.Message) map[string]any {
	j.kit.out.reset()
	j.kit.out.sqlMessage(m)
	return j.read().(map[string]any)
}

func (j *javascript) must(name string, args map[string]any) any {
	j.t.Helper()
	got, status := j.call(name, args)
	if status != statusOK {
		j.t.Fatalf("%s of %v: %v", name, args, got)
	}
	return got
}

// TestSQLMessagesCrossBothWays: what is built from what was parsed is parsed as
// the same again, in every kind of document.
func TestSQLMessagesCrossBothWays(t *testing.T) {
	m := maker{rand.New(rand.NewPCG(5, 6))}
	j := newJS(t)
	for range 4000 {
		text, err := sqlsoap.Marshal(m.sqlDocument(), sqlsoap.WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		read := j.must("sql.parse", map[string]any{"input": string(text)})
		built := j.must("sql.build", map[string]any{"document": read})
		again := j.must("sql.parse", map[string]any{"input": built})
		if !reflect.DeepEqual(read, again) {
			t.Fatalf("%s: %s\nbecame\n%s", difference("document", read, again), text, built)
		}
		wantSameMeaning(t, string(text), built.(string))
	}
}

// wantSameMeaning compares two texts as the Go package reads them. A NULL that
// is left out means what one says that is written.
func wantSameMeaning(t *testing.T, a, b string) {
	t.Helper()
	var read [2]*sqlsoap.Parsed
	for i, text := range []string{a, b} {
		p, err := sqlsoap.Parse([]byte(text), sqlsoap.Options{})
		if err != nil {
			t.Fatalf("%v: %s", err, text)
		}
		if r, ok := p.Document.(*sqlsoap.BatchResponse); ok {
			for _, r := range r.Results {
				if set, ok := r.(*sqlsoap.RowSet); ok {
					forgetNulls(set)
				}
			}
		}
		read[i] = p
	}
	j := newJS(t)
	if one, two := undeclared(j.sqlObject(&read[0].Message)), undeclared(j.sqlObject(&read[1].Message)); !reflect.DeepEqual(one, two) {
		t.Fatalf("%s: %s\ndoes not mean\n%s", difference("document", one, two), a, b)
	}
}

func forgetNulls(set *sqlsoap.RowSet) {
	for i, row := range set.Rows {
		kept := sqlsoap.Row{}
		for _, c := range row {
			if !c.Null || c.Type.Local != "" {
				kept = append(kept, c)
			}
		}
		set.Rows[i] = kept
	}
}

// difference tells where two values differ.
func difference(path string, a, b any) string {
	switch x := a.(type) {
	case map[string]any:
		y, ok := b.(map[string]any)
		for k := range x {
			if ok && !reflect.DeepEqual(x[k], y[k]) {
				return difference(path+"."+k, x[k], y[k])
			}
		}
	case []any:
		y, ok := b.([]any)
		for i := range x {
			if ok && len(x) == len(y) && !reflect.DeepEqual(x[i], y[i]) {
				return difference(path+"["+strconv.Itoa(i)+"]", x[i], y[i])
			}
		}
	}
	return fmt.Sprintf("%s is %#v, not %#v", path, b, a)
}

// TestSQLStreamsGiveWhatParseGives puts the items of a stream together.
func TestSQLStreamsGiveWhatParseGives(t *testing.T) {
	m := maker{rand.New(rand.NewPCG(7, 8))}
	j := newJS(t)
	for range 500 {
		response := &sqlsoap.BatchResponse{Results: some(m, 4, m.sqlResult), Parameters: m.parameters()}
		text, err := sqlsoap.Marshal(&sqlsoap.Message{Version: soap.V12, Document: response}, sqlsoap.WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		handle := j.must("sql.open", nil)
		var items []any
		for rest, n := text, 1+m.IntN(500); len(rest) > 0; rest = rest[min(n, len(rest)):] {
			items = append(items, j.must("sql.feed", map[string]any{"handle": handle, "chunk": rest[:min(n, len(rest))]}).([]any)...)
		}
		items = append(items, j.must("sql.close", map[string]any{"handle": handle}).([]any)...)
		if got, want := assembled(t, items), j.must("sql.parse", map[string]any{"input": text}); !reflect.DeepEqual(got, want) {
			t.Fatalf("%s: %s", difference("document", got, want), text)
		}
	}
}

// assembled makes a document of items. A column that comes later is NULL in the
// rows before it.
func assembled(t *testing.T, items []any) map[string]any {
	t.Helper()
	var d, set map[string]any
	results, parameters := []any{}, []any{}
	for i, item := range items {
		item := item.(map[string]any)
		switch item["kind"] {
		case "head":
			if i != 0 {
				t.Fatal("the head is not first")
			}
			d = map[string]any{"results": results}
			for k, v := range item {
				if k == "document" {
					d["kind"] = v
				} else if k != "kind" {
					d[k] = v
				}
			}
		case "columns":
			columns := item["columns"].([]any)
			known, _ := set["columns"].([]any)
			var moved []int // where each of the known columns is now
			for at := range columns {
				if len(moved) < len(known) && reflect.DeepEqual(columns[at], known[len(moved)]) {
					moved = append(moved, at)
				}
			}
			for i, row := range set["rows"].([]any) {
				wide := make([]any, len(columns))
				for at, v := range row.([]any) {
					wide[moved[at]] = v
				}
				set["rows"].([]any)[i] = wide
			}
			set["columns"] = columns
		case "row":
			set["rows"] = append(set["rows"].([]any), item["values"])
		case "parameter":
			delete(item, "kind")
			parameters = append(parameters, item)
		default:
			if item["kind"] == kindRowSet {
				item["rows"] = []any{}
				set = item
			}
			results = append(results, item)
			d["results"] = results
		}
	}
	if len(parameters) > 0 {
		d["parameters"] = parameters
	}
	return d
}

const rowsOf = `<q:sqlbatchResponse xmlns:q="` + sqlsoap.NS + `"><q:sqlbatchResult><r:SqlRowSet xmlns:r="` + sqlsoap.NSResultStream + `">` +
	`<d:diffgram xmlns:d="urn:schemas-microsoft-com:xml-diffgram-v1"><SqlRowSet1 xmlns="urn:schemas-microsoft-com:sql:SqlRowSet1">`
const rowsEnd = `</SqlRowSet1></d:diffgram></r:SqlRowSet></q:sqlbatchResult></q:sqlbatchResponse>`

// TestBoundsOfRows: few bytes cannot ask for more than memory holds.
func TestBoundsOfRows(t *testing.T) {
	wide := func(columns, rows int) string {
		var b strings.Builder
		b.WriteString(rowsOf + "<row>")
		for i := range columns {
			b.WriteString("<c" + strings.Repeat("x", i%64) + "-" + string(rune('a'+i/64%26)) + string(rune('a'+i/64/26)) + "/>")
		}
		b.WriteString("</row>")
		for range rows {
			b.WriteString("<row/>")
		}
		b.WriteString(rowsEnd)
		return b.String()
	}
	j := newJS(t)
	for _, c := range []struct {
		columns, rows int
		ok            bool
	}{{maxUndeclared, 10, true}, {maxUndeclared + 1, 10, false}, {maxUndeclared, maxPadding/maxUndeclared + 1, false}} {
		got, status := j.call("sql.parse", map[string]any{"input": wide(c.columns, c.rows)})
		if (status == statusOK) != c.ok || !c.ok && got.(map[string]any)["code"] != codeLimit {
			t.Errorf("%d columns, %d rows: status %d", c.columns, c.rows, status)
		}
	}
}

// FuzzSQL reads any text. What is accepted can be built again, is then read as
// the same, and means what it meant.
func FuzzSQL(f *testing.F) {
	files, err := filepath.Glob("../../xml/sqlsoap/testdata/*.xml")
	if err != nil || len(files) == 0 {
		f.Fatal("the messages of xml/sqlsoap are missing")
	}
	for _, name := range files {
		text, err := os.ReadFile(name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	m := maker{rand.New(rand.NewPCG(9, 10))}
	for range 40 {
		text, err := sqlsoap.Marshal(m.sqlDocument(), sqlsoap.WriteOptions{})
		if err != nil {
			f.Fatal(err)
		}
		f.Add(text)
	}
	for _, rows := range []string{`<row><a>1</a></row><row><b>2</b><a>3</a></row>`, `<row/><row><a/></row>`} {
		f.Add([]byte(rowsOf + rows + rowsEnd))
	}
	j := newJS(f)
	f.Fuzz(func(t *testing.T, text []byte) {
		j.t = t
		read, status := j.call("sql.parse", map[string]any{"input": text})
		if status != statusOK {
			if read.(map[string]any)["code"] == codeInternal {
				t.Fatalf("%v", read)
			}
			return
		}
		built := j.must("sql.build", map[string]any{"document": read})
		again := j.must("sql.parse", map[string]any{"input": built})
		if a, b := undeclared(read), undeclared(again); !reflect.DeepEqual(a, b) {
			t.Fatalf("%s: %s", difference("document", a, b), built)
		}
		wantSameMeaning(t, string(text), built.(string))
		if twice := j.must("sql.build", map[string]any{"document": again}); twice != built {
			t.Fatalf("%s\nthen\n%s", built, twice)
		}
	})
}

var declaration = regexp.MustCompile(` xmlns(:[^=]*)?="[^"]*"`)

// undeclared returns a document whose XML has no declarations of namespaces:
// one that is in force around the XML need not be repeated in it.
func undeclared(x any) any {
	switch x := x.(type) {
	case map[string]any:
		o := map[string]any{}
		for k, v := range x {
			text, isText := v.(string)
			switch {
			case isText && (k == "xml" || k == "definition" || k == "detail"):
				o[k] = declaration.ReplaceAllString(text, "")
			case k != "namespaces":
				o[k] = undeclared(v)
			}
		}
		return o
	case []any:
		list := make([]any, len(x))
		for i := range x {
			list[i] = undeclared(x[i])
			if text, isText := x[i].(string); isText && strings.HasPrefix(text, "<") {
				list[i] = declaration.ReplaceAllString(text, "")
			}
		}
		return list
	}
	return x
}
