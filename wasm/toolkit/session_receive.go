package main

import (
	"strings"

	"github.com/dsmlkit/dsmlkit/session"
)

func sessionReceive(c *call) error {
	t := c.session()
	response := c.arg("response").document()
	meta := readMeta(c.arg("meta"))
	if c.errs.first != nil {
		return nil
	}
	r, err := t.Receive(response, meta)
	c.answered(t, func(a *answer) { a.reply(&r, err) })
	return nil
}

func readMeta(a *argument) session.Meta {
	var m session.Meta
	if !a.given() || !a.object("an object") {
		return m
	}
	m.Status = int(a.get("status").integer(0, 0, 999))
	m.Answers = int(a.get("answers").integer(0, 0, maxInt))
	if at := a.get("at"); at.given() {
		m.At = moment(at.number(0))
	}
	headers := a.get("headers") // names are in lower case by now
	m.Header = func(name string) string {
		h := headers.get(strings.ToLower(name))
		return string(h.data)
	}
	return m
}

// reply writes what an answer was and did. That it could not be read is told
// beside what it did: the state has moved all the same.
func (a *answer) reply(r *session.Reply, err error) {
	o := a.object()
	if r.Document != nil {
		o.key("document").document(r.Document)
	}
	if r.SQL != nil {
		o.key("sql").sqlAnswer(r)
	}
	if r.Envelope != nil {
		o.key("envelope").envelope(r.Envelope)
	}
	if r.Fault != nil {
		o.key("fault").fault(r.Fault)
	}
	o.key("state").text(r.State.String())
	o.key("outcome").text(string(r.Outcome))
	o.key("explanation").text(r.Explanation)
	if err != nil {
		failureOf(err).write(o.key("error"))
	}
	o.end()
}

func sessionFailed(c *call) error {
	t := c.session()
	f := session.Failure{Unsent: c.options().get("unsent").boolean(false)}
	f.Answers = int(c.options().get("answers").integer(0, 0, maxInt))
	f.Reason, _ = c.arg("reason").optText()
	if c.errs.first != nil {
		return nil
	}
	t.Failed(f)
	c.answered(t, nil)
	return nil
}
