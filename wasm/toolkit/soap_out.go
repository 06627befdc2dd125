package main

import (
	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

func (a *answer) envelope(e *soap.Envelope) {
	o := a.object()
	o.key("version").text(e.Version.String())
	o.key("headers").list(len(e.Headers))
	for i := range e.Headers {
		a.header(&e.Headers[i])
	}
	o.key("body").list(len(e.Body))
	for _, b := range e.Body {
		a.outerElement(b)
	}
	if e.Fault != nil {
		o.key("fault").fault(e.Fault)
	}
	o.session(e.Headers)
	o.end()
}

func (a *answer) header(h *soap.Header) {
	o := a.object()
	o.element(h.Element)
	o.flag("mustUnderstand", h.MustUnderstand)
	o.opt("actor", h.Actor)
	o.flag("relay", h.Relay)
	o.end()
}

func (a *answer) fault(f *soap.Fault) {
	o := a.object()
	o.key("version").text(f.Version.String())
	o.key("code").text(f.Code.Local)
	o.key("codeText").text(f.CodeText)
	if len(f.Subcodes) > 0 {
		o.key("subcodes").list(len(f.Subcodes))
		for _, sub := range f.Subcodes {
			a.text(sub.Local)
		}
	}
	o.key("reason").text(f.Reason)
	o.opt("actor", f.Actor)
	o.opt("role", f.Role)
	o.opt("detailText", f.DetailText())
	if f.Detail != nil {
		o.key("detail").outerElement(f.Detail)
	}
	o.end()
}

var stepNames = []string{session.StepBegin: "begin", session.StepUse: "session", session.StepEnd: "end"}

// session adds the session header that a message carries, if it is one that
// can be told. What is wrong with others is for the receiver to say.
func (o *object) session(headers []soap.Header) {
	step, err := session.DSMLStep(headers, session.DialectOptions{})
	if err != nil || step.Kind == session.StepNone {
		o.sqlSession(headers)
		return
	}
	s := o.key("session").object()
	s.key("dialect").text("dsml")
	s.key("step").text(stepNames[step.Kind])
	s.opt("id", step.ID)
	s.end()
}
