package sqlsoap

import (
	"bytes"
	stdxml "encoding/xml"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// peerValue is a value as another reader sees it.
type peerValue struct {
	Name, Attrs, Text string
}

// peerValues goes over a text with encoding/xml and lists the rows and the
// parameters, with nothing of this package but its namespaces.
func peerValues(t *testing.T, text []byte) (rows [][]peerValue, parameters []peerValue) {
	d := stdxml.NewDecoder(bytes.NewReader(text))
	type open struct {
		name  stdxml.Name
		attrs string
		text  strings.Builder
		deep  bool
	}
	var stack []*open
	for {
		token, err := d.Token()
		if err == io.EOF {
			return rows, parameters
		}
		if err != nil {
			t.Fatal(err)
		}
		up := func(n int) stdxml.Name {
			if len(stack) < n {
				return stdxml.Name{}
			}
			return stack[len(stack)-n].name
		}
		switch x := token.(type) {
		case stdxml.StartElement:
			o := &open{name: x.Name}
			for _, a := range x.Attr {
				if a.Name.Space == "" && a.Name.Local == "name" || a.Name.Space == nsXSI && a.Name.Local == "nil" {
					o.attrs += a.Name.Local + "=" + a.Value + ";"
				}
			}
			if len(stack) > 0 {
				stack[len(stack)-1].deep = true
			}
			stack = append(stack, o)
			if x.Name.Local == "row" && strings.HasPrefix(x.Name.Space, NSRowSet) && up(3).Space == nsDiffgr {
				rows = append(rows, []peerValue{})
			}
		case stdxml.CharData:
			if len(stack) > 0 {
				stack[len(stack)-1].text.Write(x)
			}
		case stdxml.EndElement:
			o := stack[len(stack)-1]
			v := peerValue{o.name.Local, o.attrs, o.text.String()}
			if o.deep {
				v.Text = "(elements)"
			}
			switch {
			case up(2).Local == "row" && up(4) == (stdxml.Name{Space: nsDiffgr, Local: "diffgram"}):
				rows[len(rows)-1] = append(rows[len(rows)-1], v)
			case o.name == (stdxml.Name{Space: NSParameter, Local: "Value"}) && up(2).Space == NSParameter:
				v.Name = stack[len(stack)-2].attrs
				parameters = append(parameters, v)
			}
			stack = stack[:len(stack)-1]
		}
	}
}

func ours(name string, v *Value) peerValue {
	p := peerValue{Name: name, Text: v.Text}
	if v.Null {
		p.Attrs = "nil=true;"
	}
	for i := range v.Nodes {
		if v.Nodes[i].Element != nil {
			p.Text = "(elements)"
		}
	}
	return p
}

// What encoding/xml finds in a text is what this package finds in it.
func TestAgreesWithEncodingXML(t *testing.T) {
	found := 0
	for seed := range uint64(600) {
		g := newGenerator(seed)
		m := &Message{Version: soap.V11, Document: g.response()}
		if seed%3 == 0 {
			m.Document = &Batch{g.text(), g.parameters()}
		}
		text, err := Marshal(m, WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		// encoding/xml knows the names of the fourth edition only.
		text = bytes.ReplaceAll(text, []byte("😀"), []byte("ß"))
		wantRows, wantParameters := peerValues(t, text)
		var rows [][]peerValue
		var list []Parameter
		switch d := parse(t, string(text), Options{}).Document.(type) {
		case *Batch:
			list = d.Parameters
		case *BatchResponse:
			list = d.Parameters
			for _, r := range d.Results {
				if set, ok := r.(*RowSet); ok {
					for _, row := range set.Rows {
						cells := []peerValue{}
						for i := range row {
							cells = append(cells, ours(encodeName(row[i].Name), &row[i].Value))
						}
						rows = append(rows, cells)
					}
				}
			}
		}
		var parameters []peerValue
		for i := range list {
			parameters = append(parameters, ours("name="+list[i].Name+";", &list[i].Value))
		}
		if !reflect.DeepEqual(rows, wantRows) || !reflect.DeepEqual(parameters, wantParameters) {
			t.Fatalf("seed %d: got %+v, %+v, want %+v, %+v, of %s", seed, rows, parameters, wantRows, wantParameters, text)
		}
		found += len(rows) + len(parameters)
	}
	if found < 500 {
		t.Errorf("only %d rows and parameters were compared", found)
	}
}
