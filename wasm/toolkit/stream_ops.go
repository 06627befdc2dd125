package main

import (
	"errors"
	"io"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// stream is a response that arrives in pieces.
type stream struct {
	decoder *dsml.Decoder
	failed  error
}

func streamOpen(c *call) error {
	o := c.parseOptions()
	if c.errs.first != nil {
		return nil
	}
	o.Expect = dsml.ExpectResponse
	c.out.integer(int64(c.kit.objects.put(&stream{decoder: dsml.NewDecoder(o)})))
	return nil
}

func streamFeed(c *call) error {
	s := shelved[*stream](c)
	chunk := c.arg("chunk").document()
	if c.errs.first != nil {
		return nil
	}
	s.decoder.Feed(chunk)
	return s.items(c)
}

func streamClose(c *call) error {
	s := shelved[*stream](c)
	s.decoder.Close()
	return s.items(c)
}

// items answers with the items that are complete. An error that comes behind
// some of them waits for the next call, so that none is lost.
func (s *stream) items(c *call) error {
	if s.failed != nil {
		return s.failed
	}
	at := len(c.out.table)
	c.out.list(0)
	n := 0
	for {
		item, err := s.decoder.Next()
		switch {
		case err == nil:
			c.out.item(item)
			n++
			continue
		case errors.Is(err, dsml.ErrNeedInput):
		case errors.Is(err, io.EOF):
			if p := s.decoder.Parsed(); p.Envelope != nil && p.Envelope.Fault != nil {
				s.failed = faultInstead(p)
			}
		default:
			s.failed = err
		}
		break
	}
	if s.failed != nil && n == 0 {
		return s.failed
	}
	c.out.table[at] = int32(n<<3 | tagList)
	return nil
}

// item writes what a stream yields.
func (a *answer) item(item dsml.Item) {
	switch item := item.(type) {
	case *dsml.SearchResultEntry:
		o := a.object()
		o.key("kind").text(item.Element())
		o.message(&item.Message)
		o.key("dn").text(item.DN)
		o.key("attrs").attributes(item.Attrs)
		o.end()
	case *dsml.SearchResultReference:
		a.reference(item, item.Element())
	case *dsml.Result:
		o := a.object()
		o.key("kind").text(item.Element())
		o.result(&item.LDAPResult)
		o.end()
	case dsml.Response:
		a.response(item)
	default:
		a.absent()
	}
}
