package main

import (
	"github.com/dsmlkit/dsmlkit/xml/sqlsoap"
)

func (c *call) sqlOptions() sqlsoap.Options {
	return sqlsoap.Options{Strict: c.options().get("strict").boolean(false)}
}

func sqlParse(c *call) error {
	input := c.arg("input").document()
	o := c.sqlOptions()
	if c.errs.first != nil {
		return nil
	}
	p, err := sqlsoap.Parse(input, o)
	if err != nil {
		return err
	}
	c.out.sqlMessage(&p.Message)
	return nil
}

func sqlBuild(c *call) error {
	m := readSQLMessage(c.arg("document"))
	o := c.options()
	w := sqlsoap.WriteOptions{
		Indent:      int(o.get("indent").integer(0, 0, maxIndent)),
		Declaration: o.get("declaration").boolean(false),
	}
	if c.errs.first != nil {
		return nil
	}
	text, err := sqlsoap.Marshal(m, w)
	if err != nil {
		return err
	}
	c.out.text(string(text))
	return nil
}

func sqlValidate(c *call) error {
	input := c.arg("input").document()
	o := c.sqlOptions()
	if c.errs.first != nil {
		return nil
	}
	problems := sqlsoap.Validate(input, o)
	c.out.list(len(problems))
	for i := range problems {
		p := &problems[i]
		c.out.diagnostic(p.Severity, p.Code, p.Message, p.Hint, p.Statement, p.Pos)
	}
	return nil
}
