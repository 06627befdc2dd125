package main

import (
	"errors"
	"io"

	"github.com/dsmlkit/dsmlkit/xml/sqlsoap"
)

// sqlStream is the answer to a batch, as it arrives.
type sqlStream struct {
	decoder *sqlsoap.Decoder
	grid    *grid // of the open row set
	begun   bool  // the head has been handed out
	failed  error
}

func sqlOpen(c *call) error {
	o := c.sqlOptions()
	if c.errs.first != nil {
		return nil
	}
	o.Expect = sqlsoap.FromServer
	c.out.integer(int64(c.kit.objects.put(held{sql: &sqlStream{decoder: sqlsoap.NewDecoder(o)}})))
	return nil
}

func sqlFeed(c *call) error {
	s := c.shelved().sql
	mustHold(s != nil)
	chunk := c.arg("chunk").document()
	if c.errs.first != nil {
		return nil
	}
	s.decoder.Feed(chunk)
	return s.items(c)
}

func sqlClose(c *call) error {
	s := c.shelved().sql
	mustHold(s != nil)
	s.decoder.Close()
	return s.items(c)
}

// items answers with what is complete. An error that comes behind some of it
// waits for the next call, so that none is lost.
func (s *sqlStream) items(c *call) error {
	n := 0
	if s.grid != nil {
		s.grid.padding = 0
	}
	c.out.list(0)
	for s.failed == nil {
		item, err := s.decoder.Next()
		if err == nil || errors.Is(err, io.EOF) {
			n += s.begin(c.out)
		}
		if errors.Is(err, sqlsoap.ErrNeedInput) || errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			s.failed = err
			break
		}
		n += s.item(c.out, item)
	}
	if s.failed != nil && n == 0 {
		return s.failed
	}
	c.out.table[0] = int32(n<<3 | tagList)
	return nil
}

// begin writes what stands before the Body, once, and returns the number of items that it wrote.
func (s *sqlStream) begin(a *answer) int {
	if s.begun {
		return 0
	}
	s.begun = true
	m := &s.decoder.Parsed().Message
	o := a.object()
	o.key("kind").text("head")
	o.key("document").text(sqlKind(m.Document))
	o.sqlHead(m)
	o.end()
	return 1
}

// item writes an item, behind the columns where they have grown with it.
func (s *sqlStream) item(a *answer, item sqlsoap.Item) (n int) {
	if row, ok := item.(sqlsoap.Row); ok {
		if s.grid.place(row) {
			o := a.object()
			o.key("kind").text("columns")
			s.grid.list(o.key("columns"))
			o.end()
			n++
		}
		o := a.object()
		o.key("kind").text("row")
		s.grid.row(o.key("values"), row)
		o.end()
		return n + 1
	}
	switch item := item.(type) {
	case *sqlsoap.RowSet:
		s.grid = newGrid(item)
		o := a.object()
		o.key("kind").text(kindRowSet)
		item.Fields(fieldsOut{&o})
		o.columns(item, s.grid)
		o.end()
	case *sqlsoap.Parameter:
		o := a.object()
		o.key("kind").text("parameter")
		o.parameter(item)
		o.end()
	case sqlsoap.Result:
		a.sqlResult(item)
	case *sqlsoap.Fault:
		m := s.decoder.Parsed().Message
		m.Document = item
		a.sqlMessage(&m)
	}
	return 1
}
