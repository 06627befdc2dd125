package sqlsoap

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// generator makes messages that can be written, of all kinds.
type generator struct{ *rand.Rand }

func newGenerator(seed uint64) generator { return generator{rand.New(rand.NewPCG(seed, 7))} }

func (g generator) coin() bool { return g.IntN(2) == 0 }

var pieces = []string{"a", "B9", " ", "  ", "\n", "\r", "\t", "<", "&", ">", "]]>", `"`, "'", "ü", "日本", "😀", "_x0041_", "x:y", "--", "@p", "0", "\u0085", "\u2028"}

func (g generator) text() string {
	var b strings.Builder
	for range g.IntN(5) {
		b.WriteString(pieces[g.IntN(len(pieces))])
	}
	return b.String()
}

// token is text without white space at its ends, and not empty.
func (g generator) token() string { return "t" + g.text() + "t" }

func (g generator) name() string { return "n" + g.text() }

func (g generator) bytes() []byte {
	b := make([]byte, g.IntN(20))
	for i := range b {
		b[i] = byte(g.IntN(256))
	}
	return b
}

func optional[T any](g generator, make func() T) Optional[T] {
	if g.coin() {
		return Optional[T]{}
	}
	return Some(make())
}

// positive is a number of 32 bits that is no default.
func (g generator) positive() int64 { return 1 + int64(g.IntN(maxInt32)) }

func (g generator) compareOptions() string {
	var names []string
	for _, n := range compareOptions {
		if g.IntN(4) == 0 {
			names = append(names, n)
		}
	}
	return strings.Join(names, " ")
}

func (g generator) element(depth int) *xml.Element {
	e := &xml.Element{Name: xml.Name{Local: string(rune('a' + g.IntN(26)))}}
	if g.coin() {
		e.Prefix = string(rune('p' + g.IntN(3)))
		e.Name.Space = "urn:" + e.Prefix
		e.Namespaces = []xml.Binding{{Prefix: e.Prefix, URI: e.Name.Space}}
	}
	for i := range g.IntN(3) {
		e.Attrs = append(e.Attrs, xml.ElementAttr{Name: xml.Name{Local: "a" + string(rune('0'+i))}, Value: g.text()})
	}
	for range g.IntN(3) {
		if depth == 0 || g.coin() {
			if n := len(e.Children); n == 0 || e.Children[n-1].Element != nil {
				if s := g.text(); s != "" {
					e.Children = append(e.Children, xml.Node{Text: s})
				}
			}
			continue
		}
		e.Children = append(e.Children, xml.Node{Element: g.element(depth - 1)})
	}
	return e
}

// nodes is content with at least one element.
func (g generator) nodes() []xml.Node {
	list := []xml.Node{{Element: g.element(2)}}
	if s := g.text(); s != "" {
		list = append(list, xml.Node{Text: s})
	}
	return append(list, xml.Node{Element: g.element(1)})
}

func (g generator) value() Value {
	var v Value
	switch g.IntN(5) {
	case 0:
		v.Type = xml.Name{Space: nsXSD, Local: "int"}
	case 1:
		v.Type = xml.Name{Space: NSSQLTypes, Local: "money"}
	}
	switch g.IntN(5) {
	case 0:
		v.Null = true
	case 1:
		v.Nodes = g.nodes()
	default:
		v.Text = g.text()
	}
	return v
}

func (g generator) parameters() []Parameter {
	var list []Parameter
	for range g.IntN(4) {
		p := Parameter{
			Name:      g.name(),
			DBType:    DBType(g.IntN(len(dbTypes))),
			Direction: ParameterDirection(g.IntN(2)),
			MaxLength: optional(g, func() int64 { return 2 + g.Int64N(1<<40) }),
			Precision: optional(g, func() int64 { return g.Int64N(18) }),
			LocaleID:  optional(g, g.positive),
			Value:     g.value(),
		}
		if g.coin() {
			p.Scale, p.CLRTypeName, p.CompareOptions = Some(1+g.Int64N(255)), g.text(), g.compareOptions()
			p.CollationVersion, p.SortID, p.XMLSchemaCollection, p.TypeName = optional(g, g.positive), Some(-g.positive()), g.text(), g.text()
		}
		list = append(list, p)
	}
	return list
}

func (g generator) message() SQLMessage {
	n := func() int64 { return int64(g.Int32()) }
	return SQLMessage{n(), n(), g.text(), n(), optional(g, g.text), optional(g, g.text), g.text(), n()}
}

func (g generator) rowSet(n int) *RowSet {
	set := new(RowSet)
	if g.coin() {
		set.Name = "Set" + string(rune('0'+n))
	}
	columns := make([]Column, g.IntN(4))
	for i := range columns {
		c := Column{Name: g.name() + string(rune('0'+i)), SQLName: optional(g, g.text), Absent: g.coin(), Nillable: g.coin()}
		if g.coin() {
			c.Type = xml.Name{Space: NSSQLTypes, Local: "nvarchar"}
			c.MaxLength = optional(g, func() int64 { return g.Int64N(8000) })
			c.TotalDigits = optional(g, func() int64 { return g.Int64N(38) })
			c.FractionDigits = optional(g, func() int64 { return g.Int64N(38) })
			c.LocaleID = optional(g, g.positive)
			c.CompareOptions = g.compareOptions()
			c.SortID = optional(g, g.positive)
			c.CollationVersion = optional(g, g.positive)
			if g.coin() {
				c.TypeAlias = g.token()
			}
		}
		columns[i] = c
	}
	for range g.IntN(4) {
		row := Row{}
		for i := range columns {
			if g.IntN(4) > 0 {
				row = append(row, Cell{columns[i].Name, g.value()})
			}
		}
		set.Rows = append(set.Rows, row)
	}
	if g.coin() {
		set.Columns = columns
	}
	return set
}

func (g generator) response() *BatchResponse {
	b := &BatchResponse{Parameters: g.parameters()}
	sets := 0
	for range g.IntN(5) {
		var r Result
		switch g.IntN(6) {
		case 0:
			sets++
			r = g.rowSet(sets)
		case 1:
			r = &XML{Content: g.nodes()}
		case 2:
			m := g.message()
			r = &m
		case 3:
			r = &RowCount{int64(g.Uint64())}
		case 4:
			r = &ResultCode{int64(g.Int32())}
		case 5:
			r = &Transaction{g.bytes(), TransactionType(1 + g.IntN(5))}
		}
		b.Results = append(b.Results, r)
	}
	return b
}

func (g generator) fault(v soap.Version) *Fault {
	sub := []string{SubcodeSoapHeader, SubcodeSessionIDIsInvalid, SubcodeInvalidXML}
	f := NewFault(g.coin(), g.token(), sub[:g.IntN(4)]...)
	if g.coin() {
		f.Reason, f.Role, f.ReasonLang = g.token(), g.token(), "de"
		if v == soap.V11 && g.coin() {
			f.FaultString = g.token() + "!"
		}
	}
	for range g.IntN(3) {
		f.Messages = append(f.Messages, g.message())
	}
	if g.coin() {
		f.Detail = []xml.Node{{Element: g.element(2)}}
	}
	return f
}

func (g generator) processing(v soap.Version) Processing {
	p := Processing{MustUnderstand: g.coin()}
	next, relay := soap.ActorNext, false
	if v == soap.V12 {
		next, relay = soap.RoleNext, g.coin()
	}
	if p.Relay = relay; g.coin() {
		p.Actor = next
	}
	return p
}

func (g generator) headers(m *Message, d Direction) {
	h := &m.Headers
	if g.coin() {
		h.Session = &Session{
			Terminate:             g.coin(),
			SessionID:             Some(encodeBase64(g.bytes())),
			Timeout:               optional(g, g.positive),
			TransactionDescriptor: g.bytes(),
		}
	}
	if d == FromServer {
		if g.coin() {
			h.DatabaseMirroringPartner = &DatabaseMirroringPartner{Partner: g.text()}
		}
		return
	}
	p := func() Processing { return g.processing(m.Version) }
	if h.Session != nil {
		h.Session.Processing, h.Session.Initiate = p(), g.coin()
	}
	if h.Session == nil || h.Session.Initiate {
		h.ApplicationName = &TextHeader{p(), g.text()}
		h.ClientInterface = &TextHeader{p(), g.text()}
		h.ClientNetworkID = &BinaryHeader{p(), g.bytes()}
		h.ClientPID = &NumberHeader{p(), int64(g.Uint64())}
		h.HostName = &TextHeader{p(), g.text()}
		h.InitialDatabase = &InitialDatabase{p(), g.text(), g.coin(), optional(g, g.text)}
		h.InitialLanguage = &InitialLanguage{p(), g.text(), g.coin()}
		h.EnvironmentChangeNotifications = &EnvironmentChangeNotifications{p(), g.coin(), g.coin(), g.coin(), g.coin()}
	}
	h.NotificationRequest = &NotificationRequest{p(), g.text(), g.text(), optional(g, g.Int64)}
	h.Security = &Security{p(), g.text(), NewSecret(g.text()), NewSecret(g.text())}
	e := g.element(1)
	e.Name.Space, e.Prefix, e.Namespaces = "urn:other", "ot", []xml.Binding{{Prefix: "ot", URI: "urn:other"}}
	h.Other = []soap.Header{{Element: e}}
}

func (g generator) whole() *Message {
	m := &Message{Version: soap.Version(g.IntN(3))}
	switch g.IntN(4) {
	case 0:
		m.Document = &Batch{g.text(), g.parameters()}
	case 1:
		m.Document = g.response()
	case 2:
		m.Version = max(m.Version, soap.V11)
		m.Document = g.fault(m.Version)
	case 3:
		m.Version = max(m.Version, soap.V11)
		m.Document = &Batch{g.text(), nil}
	}
	if m.Version == 0 {
		return m
	}
	direction := FromServer
	if _, ok := m.Document.(*Batch); ok {
		direction = ToServer
	}
	g.headers(m, direction)
	return m
}

// stream reads a message in pieces of so many bytes.
func stream(text []byte, o Options, size int) (items []Item, p *Parsed, err error) {
	d := NewDecoder(o)
	for {
		i, err := d.Next()
		switch {
		case err == nil:
			items = append(items, i)
		case err != ErrNeedInput:
			return items, d.Parsed(), err
		case len(text) == 0:
			d.Close()
		default:
			n := min(size, len(text))
			d.Feed(text[:n])
			text = text[n:]
		}
	}
}

// parts is what a stream yields of a document.
func parts(d Document) []Item {
	var items []Item
	switch d := d.(type) {
	case *Batch:
		items = append(items, d)
	case *Fault:
		items = append(items, d)
	case *BatchResponse:
		for _, r := range d.Results {
			set, ok := r.(*RowSet)
			if !ok {
				items = append(items, r)
				continue
			}
			head := *set
			head.Rows = nil
			items = append(items, &head)
			for _, row := range set.Rows {
				items = append(items, row)
			}
		}
		for i := range d.Parameters {
			items = append(items, &d.Parameters[i])
		}
	}
	return items
}

func TestGeneratedMessagesComeBack(t *testing.T) {
	n := uint64(3000)
	if testing.Short() {
		n = 300
	}
	for seed := range n {
		g := newGenerator(seed)
		want := g.whole()
		o := WriteOptions{Indent: int(seed % 3), Declaration: seed%5 == 0}
		if o.Indent > 0 && len(want.Headers.Other) > 0 {
			want.Headers.Other = nil // their white space is not protected
		}
		text, err := Marshal(want, o)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		p, err := Parse(text, Options{Allow: AllowTypeNames})
		if err != nil {
			t.Fatalf("seed %d: %v in %s", seed, err, text)
		}
		items, streamed, err := stream(text, Options{}, 1+int(seed%40))
		if !reflect.DeepEqual(items, parts(p.Document)) || !reflect.DeepEqual(streamed.Headers, p.Headers) {
			t.Fatalf("seed %d: the stream reads otherwise (%v): %s", seed, err, text)
		}
		for _, d := range Validate(text, Options{}) {
			if d.Severity == SeverityError {
				t.Fatalf("seed %d: Validate says %+v", seed, d)
			}
		}
		bare(want)
		bare(&p.Message)
		if !reflect.DeepEqual(p.Message, *want) {
			t.Fatalf("seed %d: got %+v, want %+v, of %s", seed, p.Message, *want, text)
		}
		if m := p.Message; o.Indent == 0 {
			second, err := Marshal(&m, o)
			third, err2 := Parse(second, Options{})
			if err != nil || err2 != nil {
				t.Fatalf("seed %d: %v, %v", seed, err, err2)
			}
			if bare(&third.Message); !reflect.DeepEqual(third.Message, *want) {
				t.Fatalf("seed %d: the second time it is another", seed)
			}
		}
	}
}
