package main

import (
	"github.com/dsmlkit/dsmlkit/xml/soap"
	"github.com/dsmlkit/dsmlkit/xml/sqlsoap"
)

// readSQLMessage converts a SQL document. Errors are kept with the call.
func readSQLMessage(a *argument) *sqlsoap.Message {
	m := &sqlsoap.Message{Version: soap.V11}
	if !a.object("a sqlBatch, a sqlBatchResponse or a sqlFault object") {
		return m
	}
	kind := a.get("kind").oneOf(sqlKinds)
	if v := a.get("soap"); v.given() {
		m.Version = []soap.Version{soap.V11, soap.V12, 0}[max(v.oneOf([]string{"1.1", "1.2", "none"}), 0)]
	}
	if h := a.get("headers"); h.given() {
		readSQLHeaders(h, &m.Headers)
	}
	if kind < 0 {
		return m
	}
	switch sqlKinds[kind] {
	case kindSQLBatch:
		m.Document = &sqlsoap.Batch{BatchCommands: a.get("commands").text(), Parameters: readParameters(a.get("parameters"))}
	case kindSQLResponse:
		b := &sqlsoap.BatchResponse{Parameters: readParameters(a.get("parameters"))}
		results := a.get("results")
		for i := range results.list() {
			if r := readSQLResult(results.at(i)); r != nil {
				b.Results = append(b.Results, r)
			}
		}
		m.Document = b
	case kindSQLFault:
		m.Document = readSQLFault(a)
	}
	return m
}

// readSQLHeaders converts the headers. A name that is not known is refused: a
// slip of the pen should not send a message without its session.
func readSQLHeaders(a *argument, h *sqlsoap.Headers) {
	if !a.object("an object") {
		return
	}
	for _, name := range a.keys {
		b := a.get(name)
		at := -1
		for i := range sqlsoap.HeaderNames {
			if uncapital(sqlsoap.HeaderNames[i]) == name {
				at = i
			}
		}
		switch {
		case !b.given():
		case name == "other":
			for i := range b.list() {
				h.Other = append(h.Other, readHeader(b.at(i)))
			}
		case at < 0:
			b.refuse("left out: there is no such header")
		case b.object("an object"):
			v := h.At(at, true)
			v.Fields(fieldsIn{b})
			p := sqlsoap.ProcessingOf(v)
			p.MustUnderstand = b.get("mustUnderstand").boolean(false)
			p.Actor, _ = b.get("actor").optText()
			p.Relay = b.get("relay").boolean(false)
		}
	}
}

func readParameters(a *argument) []sqlsoap.Parameter {
	var list []sqlsoap.Parameter
	for i := range a.list() {
		in := a.at(i)
		if !in.object("a parameter object") {
			break
		}
		var p sqlsoap.Parameter
		p.Fields(fieldsIn{in})
		p.Value = readSQLValue(in.get("value"), p.DBType.IsBinary())
		list = append(list, p)
	}
	return list
}

func readSQLResult(a *argument) sqlsoap.Result {
	if !a.object("a result object") {
		return nil
	}
	kind := a.get("kind").oneOf(resultKindsSQL)
	if kind < 0 {
		return nil
	}
	var r sqlsoap.Result
	switch resultKindsSQL[kind] {
	case kindRowSet:
		r = readRowSet(a)
	case kindXML:
		r = &sqlsoap.XML{Content: readFragment(a.get("xml"))}
	case kindMessage:
		r = new(sqlsoap.SQLMessage)
	case kindRowCount:
		r = new(sqlsoap.RowCount)
	case kindResultCode:
		r = new(sqlsoap.ResultCode)
	case kindTransaction:
		r = new(sqlsoap.Transaction)
	}
	r.Fields(fieldsIn{a})
	return r
}

func readSQLFault(a *argument) *sqlsoap.Fault {
	f := &sqlsoap.Fault{Code: nameOf(a.get("code").text(), soap.NS12), Reason: a.get("reason").text()}
	for _, s := range readTexts(a.get("subcodes")) {
		f.Subcodes = append(f.Subcodes, nameOf(s, sqlsoap.NSFaultCode))
	}
	f.ReasonLang, _ = a.get("reasonLang").optText()
	f.Node, _ = a.get("node").optText()
	f.Role, _ = a.get("role").optText()
	f.FaultString, _ = a.get("faultString").optText()
	messages := a.get("messages")
	for i := range messages.list() {
		if in := messages.at(i); in.object("a message object") {
			m := sqlsoap.SQLMessage{}
			m.Fields(fieldsIn{in})
			f.Messages = append(f.Messages, m)
		}
	}
	if detail := a.get("detail"); detail.given() {
		f.Detail = readFragment(detail)
	}
	return f
}
