package main

import (
	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
	"github.com/dsmlkit/dsmlkit/xml/sqlsoap"
)

func (a *answer) sqlMessage(m *sqlsoap.Message) {
	o := a.object()
	o.key("kind").text(sqlKind(m.Document))
	o.sqlHead(m)
	switch d := m.Document.(type) {
	case *sqlsoap.Batch:
		o.key("commands").text(d.BatchCommands)
		o.parameters(d.Parameters)
	case *sqlsoap.BatchResponse:
		o.key("results").list(len(d.Results))
		for _, r := range d.Results {
			a.sqlResult(r)
		}
		o.parameters(d.Parameters)
	case *sqlsoap.Fault:
		o.sqlFault(d)
	}
	o.end()
}

// sqlHead writes what documents of all kinds have.
func (o *object) sqlHead(m *sqlsoap.Message) {
	switch m.Version {
	case 0:
		o.key("soap").text("none")
	case soap.V12:
		o.key("soap").text("1.2")
	}
	if !m.Headers.Empty() {
		o.key("headers").sqlHeaders(&m.Headers)
	}
}

func (a *answer) sqlHeaders(h *sqlsoap.Headers) {
	o := a.object()
	for i, name := range sqlsoap.HeaderNames {
		v := h.At(i, false)
		if v == nil {
			continue
		}
		header := o.key(uncapital(name)).object()
		v.Fields(fieldsOut{&header})
		p := sqlsoap.ProcessingOf(v)
		header.flag("mustUnderstand", p.MustUnderstand)
		header.opt("actor", p.Actor)
		header.flag("relay", p.Relay)
		header.end()
	}
	if len(h.Other) > 0 {
		o.key("other").list(len(h.Other))
		for i := range h.Other {
			a.header(&h.Other[i])
		}
	}
	o.end()
}

func (o *object) parameters(list []sqlsoap.Parameter) {
	if len(list) == 0 {
		return
	}
	o.key("parameters").list(len(list))
	for i := range list {
		p := o.a.object()
		p.parameter(&list[i])
		p.end()
	}
}

func (o *object) parameter(p *sqlsoap.Parameter) {
	p.Fields(fieldsOut{o})
	o.key("value").sqlValue(&p.Value, p.DBType.IsBinary())
}

func (a *answer) sqlResult(r sqlsoap.Result) {
	o := a.object()
	o.key("kind").text(resultKindSQL(r))
	r.Fields(fieldsOut{&o})
	switch r := r.(type) {
	case *sqlsoap.RowSet:
		g := newGrid(r)
		for _, row := range r.Rows {
			g.place(row)
		}
		o.columns(r, g)
		o.key("rows").list(len(r.Rows))
		for _, row := range r.Rows {
			g.place(row)
			g.row(a, row)
		}
	case *sqlsoap.XML:
		o.key("xml").fragment(r.Content)
	}
	o.end()
}

// columns writes what is known of a row set besides its rows.
func (o *object) columns(set *sqlsoap.RowSet, g *grid) {
	if set.Columns != nil || len(g.columns) > 0 {
		g.list(o.key("columns"))
	}
	if len(set.Schemas) > 0 {
		o.key("schemas").list(len(set.Schemas))
		for _, e := range set.Schemas {
			o.a.fragment([]xml.Node{{Element: e}})
		}
	}
}

func (o *object) sqlFault(f *sqlsoap.Fault) {
	o.key("code").text(nameText(f.Code, soap.NS12))
	if len(f.Subcodes) > 0 {
		o.key("subcodes").list(len(f.Subcodes))
		for _, s := range f.Subcodes {
			o.a.text(nameText(s, sqlsoap.NSFaultCode))
		}
	}
	o.key("reason").text(f.Reason)
	o.opt("reasonLang", f.ReasonLang)
	o.opt("node", f.Node)
	o.opt("role", f.Role)
	o.opt("faultString", f.FaultString)
	if len(f.Messages) > 0 {
		o.key("messages").list(len(f.Messages))
		for i := range f.Messages {
			o.a.sqlResult(&f.Messages[i])
		}
	}
	if len(f.Detail) > 0 {
		o.key("detail").fragment(f.Detail)
	}
}
