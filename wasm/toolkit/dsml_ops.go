package main

import (
	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// options refuses what is given as options and is no object.
func (c *call) options() *argument {
	o := c.arg("options")
	if o.given() {
		o.object("an object")
	}
	return o
}

func (c *call) parseOptions() dsml.Options {
	return dsml.Options{Strict: c.options().get("strict").boolean(false)}
}

// maxIndent bounds the spaces per level.
const maxIndent = 16

// faultInstead says that a message holds a SOAP fault where a document was
// expected.
func faultInstead(p *dsml.Parsed) error {
	f := &failure{Code: "soap-fault-received", Message: "the message is a SOAP fault", Hint: "soap.parse gives the fault"}
	if p.Envelope != nil && p.Envelope.Fault != nil {
		fault := p.Envelope.Fault
		f.Message += ": " + fault.Reason
		f.Detail = fault.CodeText
		if text := fault.DetailText(); text != "" {
			f.Detail += ": " + text
		}
	}
	return f
}

func dsmlBuild(c *call) error {
	d := readDocument(c.arg("document"))
	o := c.options()
	w := dsml.WriteOptions{
		Indent:      int(o.get("indent").integer(0, 0, maxIndent)),
		Declaration: o.get("declaration").boolean(false),
	}
	if c.errs.first != nil {
		return nil
	}
	text, err := dsml.Marshal(d, w)
	if err != nil {
		return err
	}
	c.out.characters(text, -1)
	return nil
}

func dsmlValidate(c *call) error {
	input := c.arg("input").document()
	o := c.parseOptions()
	if c.errs.first != nil {
		return nil
	}
	problems := dsml.Validate(input, o)
	c.out.list(len(problems))
	for i := range problems {
		p := &problems[i]
		c.out.diagnostic(p.Severity, p.Code, p.Message, p.Hint, p.Statement, p.Pos)
	}
	return nil
}

func (a *answer) diagnostic(severity, code, message, hint, statement string, pos xml.Position) {
	o := a.object()
	o.key("severity").text(severity)
	o.key("code").text(code)
	o.key("message").text(message)
	o.opt("hint", hint)
	o.key("line").integer(int64(max(pos.Line, 1)))
	o.key("column").integer(int64(max(pos.Column, 1)))
	o.key("offset").integer(pos.Offset)
	o.opt("statement", statement)
	o.end()
}

func filterParse(c *call) error {
	text := c.arg("text").text()
	if c.errs.first != nil {
		return nil
	}
	f, err := dsml.ParseFilter(text)
	if err != nil {
		return err
	}
	c.out.filter(f)
	return nil
}

func filterFormat(c *call) error {
	f := readFilter(c.arg("filter"))
	if c.errs.first != nil {
		return nil
	}
	c.out.text(f.String())
	return nil
}

func resultName(c *call) error {
	n := c.arg("code")
	if !n.given() {
		n.refuse("a whole number")
	}
	code := dsml.ResultCode(n.integer(0, -maxInt-1, maxInt))
	if name := code.Descr(); name != "" {
		c.out.text(name)
	} else {
		c.out.absent()
	}
	return nil
}
