package main

import (
	"encoding/base64"
	"strconv"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
	"github.com/dsmlkit/dsmlkit/xml/sqlsoap"
)

// These make SQL messages of every kind at random, such as can be written.

func (m maker) maybe(make func()) {
	if m.chance(2) {
		make()
	}
}

func (m maker) number() sqlsoap.Optional[int64] {
	if m.chance(2) {
		return sqlsoap.Optional[int64]{}
	}
	return sqlsoap.Some(int64(2 + m.IntN(40)))
}

// plain is text that XML can carry as it is.
func (m maker) plain() string {
	return pick(m, "", "a", "Zoë", "two  spaces ", "<&>\"']]>", "😀 wide", "AAECAw==", "12.50", "2009-06-30T23:59:59.997")
}

func (m maker) optText() sqlsoap.Optional[string] {
	if m.chance(2) {
		return sqlsoap.Optional[string]{}
	}
	return sqlsoap.Some(m.plain())
}

func (m maker) binary() []byte {
	b := make([]byte, m.IntN(9))
	for i := range b {
		b[i] = byte(m.IntN(256))
	}
	return b
}

func (m maker) content() []xml.Node {
	nodes := []xml.Node{{Element: m.leaf()}}
	m.maybe(func() { nodes = append(nodes, xml.Node{Text: pick(m, "text", " ", "é")}) })
	m.maybe(func() { nodes = append(nodes, xml.Node{Element: m.leaf()}) })
	return nodes
}

func (m maker) leaf() *xml.Element {
	e := &xml.Element{Name: xml.Name{Space: pick(m, "urn:x", "urn:y"), Local: pick(m, "a", "b")}}
	e.Prefix = "p" + e.Name.Space[4:]
	e.Namespaces = []xml.Binding{{Prefix: e.Prefix, URI: e.Name.Space}}
	m.maybe(func() { e.Attrs = []xml.ElementAttr{{Name: xml.Name{Local: "c"}, Value: "d"}} })
	m.maybe(func() { e.Children = []xml.Node{{Text: "t"}} })
	return e
}

func (m maker) sqlValue(binary bool) sqlsoap.Value {
	v := sqlsoap.TextValue(m.plain())
	switch {
	case m.chance(5):
		v = sqlsoap.Null()
	case m.chance(6):
		v = sqlsoap.Value{Nodes: m.content()}
	case binary:
		v = sqlsoap.BinaryValue(m.binary())
	}
	if m.chance(4) {
		v.Type = xml.Name{Space: pick(m, sqlsoap.NSSQLTypes, xsdNamespace), Local: pick(m, "int", "string", "money")}
	}
	return v
}

func (m maker) parameters() []sqlsoap.Parameter {
	return some(m, 3, func() sqlsoap.Parameter {
		p := sqlsoap.Parameter{
			Name: pick(m, "a", "name", "é"), DBType: sqlsoap.DBType(m.IntN(int(sqlsoap.Structured) + 1)), Direction: sqlsoap.ParameterDirection(m.IntN(2)),
			MaxLength: m.number(), Precision: sqlsoap.Some(int64(m.IntN(10))), Scale: m.number(), CLRTypeName: m.plain(),
			CompareOptions: pick(m, "", "IgnoreCase IgnoreWidth"), LocaleID: m.number(), XMLSchemaCollection: m.plain(),
		}
		p.Value = m.sqlValue(p.DBType.IsBinary())
		return p
	})
}

func (m maker) rowSet() *sqlsoap.RowSet {
	set := &sqlsoap.RowSet{Name: pick(m, "", "Orders")}
	names := []string{"a", "b", "a", "Order No", "__proto__", "_x0041_"}[:1+m.IntN(6)]
	declared := m.chance(2)
	if declared {
		for i, name := range names {
			c := sqlsoap.Column{Name: name, Absent: m.chance(2), Nillable: m.chance(2), SQLName: m.optText()}
			switch i % 3 {
			case 0:
				c.Type = xml.Name{Space: pick(m, sqlsoap.NSSQLTypes, xsdNamespace), Local: pick(m, "int", "decimal")}
				c.TotalDigits, c.FractionDigits = m.number(), m.number()
			case 1:
				c.Type = xml.Name{Space: sqlsoap.NSSQLTypes, Local: "varbinary"}
				c.MaxLength = m.number()
				m.maybe(func() { c.TypeAlias = "[a].[b]" })
			case 2:
				c.Definition = &xml.Element{Name: xml.Name{Space: xsdNamespace, Local: "simpleType"}, Prefix: "xsd",
					Namespaces: []xml.Binding{{Prefix: "xsd", URI: xsdNamespace}}, Attrs: []xml.ElementAttr{{Name: xml.Name{Local: "id"}, Value: "x"}}}
			}
			set.Columns = append(set.Columns, c)
		}
	}
	for range m.IntN(4) {
		row := sqlsoap.Row{}
		for i, name := range names {
			if m.chance(8) {
				name = "stray" + strconv.Itoa(m.IntN(3))
			}
			if !m.chance(5) {
				row = append(row, sqlsoap.Cell{Name: name, Value: m.sqlValue(declared && i%3 == 1)})
			}
		}
		set.Rows = append(set.Rows, row)
	}
	return set
}

func (m maker) sqlMessage() *sqlsoap.SQLMessage {
	return &sqlsoap.SQLMessage{Class: 16, LineNumber: int64(m.IntN(99)), Message: m.plain(), Number: maxInt, Procedure: m.optText(), Server: m.optText(), Source: m.plain(), State: 1}
}

func (m maker) sqlResult() sqlsoap.Result {
	switch m.IntN(6) {
	case 0:
		return &sqlsoap.XML{Content: m.content()}
	case 1:
		return m.sqlMessage()
	case 2:
		return &sqlsoap.RowCount{Count: pick[int64](m, 0, maxSafe, maxSafe+1, -maxSafe-1, 1<<63-1, -1<<63)}
	case 3:
		return &sqlsoap.ResultCode{Value: pick[int64](m, 0, 1, -6)}
	case 4:
		return &sqlsoap.Transaction{Descriptor: m.binary(), Type: sqlsoap.TransactionType(1 + m.IntN(5))}
	}
	return m.rowSet()
}

func (m maker) sqlHeaders(h *sqlsoap.Headers, request bool) {
	session := &sqlsoap.Session{SessionID: sqlsoap.Some(base64.StdEncoding.EncodeToString(m.binary())), Timeout: m.number(), TransactionDescriptor: m.binary()}
	m.maybe(func() { h.Session = session })
	m.maybe(func() { h.Other = []soap.Header{{Element: m.leaf(), MustUnderstand: m.chance(2)}} })
	if !request {
		session.Terminate = m.chance(2)
		m.maybe(func() { h.DatabaseMirroringPartner = &sqlsoap.DatabaseMirroringPartner{Partner: "tcp://x:1"} })
		return
	}
	session.Initiate, session.SessionID = true, sqlsoap.Optional[string]{}
	session.MustUnderstand, session.Actor = m.chance(2), pick(m, "", soap.ActorNext)
	for _, header := range []**sqlsoap.TextHeader{&h.ApplicationName, &h.ClientInterface, &h.HostName} {
		m.maybe(func() { *header = &sqlsoap.TextHeader{Value: m.plain()} })
	}
	m.maybe(func() { h.ClientNetworkID = &sqlsoap.BinaryHeader{Value: m.binary()} })
	m.maybe(func() { h.ClientPID = &sqlsoap.NumberHeader{Value: pick[int64](m, 4711, 1<<62)} })
	m.maybe(func() {
		h.InitialDatabase = &sqlsoap.InitialDatabase{Value: m.plain(), Optional: m.chance(2), Filename: m.optText()}
	})
	m.maybe(func() { h.InitialLanguage = &sqlsoap.InitialLanguage{Value: m.plain(), Optional: m.chance(2)} })
	m.maybe(func() {
		h.EnvironmentChangeNotifications = &sqlsoap.EnvironmentChangeNotifications{DatabaseChange: m.chance(2), TransactionBoundary: m.chance(2)}
	})
	m.maybe(func() {
		h.NotificationRequest = &sqlsoap.NotificationRequest{NotificationID: m.plain(), DeliveryService: m.plain(), Timeout: m.number()}
	})
	m.maybe(func() {
		h.Security = &sqlsoap.Security{Username: "sa", Password: sqlsoap.NewSecret(m.plain())}
		m.maybe(func() { h.Security.OldPassword = sqlsoap.NewSecret("old") })
	})
}

func (m maker) sqlDocument() *sqlsoap.Message {
	s := &sqlsoap.Message{Version: pick(m, soap.V11, soap.V12)}
	kind := m.IntN(4)
	m.sqlHeaders(&s.Headers, kind == 0)
	switch kind {
	case 0:
		s.Document = &sqlsoap.Batch{BatchCommands: m.plain(), Parameters: m.parameters()}
	case 1:
		s.Document = &sqlsoap.BatchResponse{Results: some(m, 4, m.sqlResult), Parameters: m.parameters()}
	case 2:
		f := &sqlsoap.Fault{
			Code: pick(m, sqlsoap.CodeSender, sqlsoap.CodeReceiver), Reason: pick(m, "no", "There was an error:  Sender, SoapHeader"),
			ReasonLang: pick(m, "", "de"), Node: pick(m, "", "http://x.test/sql"), Role: pick(m, "", sqlsoap.NS),
		}
		f.Subcodes = some(m, 2, func() xml.Name {
			return xml.Name{Space: pick(m, sqlsoap.NSFaultCode, "urn:z"), Local: pick(m, "SoapHeader", "InvalidXml")}
		})
		f.Messages = some(m, 2, func() sqlsoap.SQLMessage { return *m.sqlMessage() })
		m.maybe(func() { f.Detail = []xml.Node{{Element: m.leaf()}} })
		if s.Version == soap.V11 {
			m.maybe(func() { f.FaultString = "another text" })
		}
		s.Document = f
	}
	if s.Document != nil && kind < 2 && m.chance(3) {
		s.Version, s.Headers = 0, sqlsoap.Headers{}
	}
	return s
}
