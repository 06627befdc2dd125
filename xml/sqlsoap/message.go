package sqlsoap

import (
	"strconv"

	"github.com/dsmlkit/dsmlkit/xml"
)

// SQLMessage is an error or a message of the server, or a change that was asked
// to be reported. The numbers are not below 0.
type SQLMessage struct {
	Class      int32 // severity
	LineNumber int32 // of the batch or procedure
	Message    string
	Number     int32
	Procedure  Optional[string]
	Server     Optional[string]
	Source     string // "Microsoft-SQL/9.0" is SQL Server 2005, 10.0 is 2008
	State      int32
}

// Element returns "SqlMessage".
func (*SQLMessage) Element() string { return "SqlMessage" }

// Sources of messages, by version of SQL Server.
const (
	Source2005 = "Microsoft-SQL/9.0"
	Source2008 = "Microsoft-SQL/10.0"
)

// readMessage reads the tree of a SqlMessage, the parts of which are in space.
func (p *problems) readMessage(e *xml.Element, space string) *SQLMessage {
	const st = "S-82"
	v := p.parts(e, space, st, "Class", "LineNumber", "Message", "Number", "Procedure?", "Server?", "Source", "State")
	number := func(i int, name string) int32 { return int32(p.number(e, name, st, v[i], 0, 32)) }
	return &SQLMessage{
		Class:      number(0, "Class"),
		LineNumber: number(1, "LineNumber"),
		Message:    v[2].Value,
		Number:     number(3, "Number"),
		Procedure:  v[4],
		Server:     v[5],
		Source:     v[6].Value,
		State:      number(7, "State"),
	}
}

// tree returns the element that says it.
func (m *SQLMessage) tree() *xml.Element {
	text := func(local, s string) xml.Node {
		e := &xml.Element{Name: xml.Name{Space: NSMessage, Local: local}, Prefix: prefixMessage}
		if s != "" {
			e.Children = []xml.Node{{Text: s}}
		}
		return xml.Node{Element: e}
	}
	number := func(local string, n int32) xml.Node { return text(local, strconv.Itoa(int(n))) }
	parts := []xml.Node{number("Class", m.Class), number("LineNumber", m.LineNumber), text("Message", m.Message), number("Number", m.Number)}
	if m.Procedure.Set {
		parts = append(parts, text("Procedure", m.Procedure.Value))
	}
	if m.Server.Set {
		parts = append(parts, text("Server", m.Server.Value))
	}
	return &xml.Element{
		Name:   xml.Name{Space: NSResultStream, Local: "SqlMessage"},
		Prefix: prefixResultStream,
		Namespaces: []xml.Binding{
			{Prefix: prefixResultStream, URI: NSResultStream}, {Prefix: prefixMessage, URI: NSMessage}, {Prefix: "xsi", URI: nsXSI},
		},
		Attrs:    []xml.ElementAttr{{Name: xml.Name{Space: nsXSI, Local: "type"}, Prefix: "xsi", Value: prefixMessage + ":SqlMessage"}},
		Children: append(parts, text("Source", m.Source), number("State", m.State)),
	}
}

func (w *writer) message(m *SQLMessage) {
	w.checkMessage(m)
	w.Element(m.tree())
}

func (w *writer) checkMessage(m *SQLMessage) {
	if m.Class < 0 || m.LineNumber < 0 || m.Number < 0 || m.State < 0 {
		w.fail(CodeValue, "S-82", "a number of a SQLMessage is below 0", "")
	}
}
