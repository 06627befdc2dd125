package main

import (
	"errors"
	"io"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// stream is a document that arrives in pieces.
type stream struct {
	decoder *dsml.Decoder
	whole   bool // the other side puts the document together
	failed  error
}

// streamOpen begins a response whose items are wanted as they come.
func streamOpen(c *call) error { return openStream(c, false) }

// parseOpen begins a large document that is to be parsed as a whole. Piece by
// piece it needs little linear memory, which would never be given back.
func parseOpen(c *call) error { return openStream(c, true) }

func openStream(c *call, whole bool) error {
	o := c.parseOptions()
	if c.errs.first != nil {
		return nil
	}
	if !whole {
		o.Expect = dsml.ExpectResponse
	}
	s := &stream{decoder: dsml.NewDecoder(o), whole: whole}
	c.out.integer(int64(c.kit.objects.put(s)))
	return nil
}

// parseHead answers with the batch as it is without its parts, once it has
// been read to its end.
func parseHead(c *call) error {
	c.out.document(shelved[*stream](c).decoder.Parsed().Document)
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

// items answers with what is complete: lists of entries, which cross in their
// own form, and between them the other items. An error that comes behind some
// of them waits for the next call, so that none is lost.
func (s *stream) items(c *call) error {
	if s.failed != nil {
		return s.failed
	}
	r := run{a: c.out, whole: s.whole}
	c.out.list(0)
	for s.failed == nil {
		item, err := s.decoder.Next()
		if err == nil {
			r.add(s.decoder, item)
			continue
		}
		if errors.Is(err, dsml.ErrNeedInput) {
			break
		}
		if !errors.Is(err, io.EOF) {
			s.failed = err
			break
		}
		if p := s.decoder.Parsed(); p.Envelope != nil && p.Envelope.Fault != nil {
			s.failed = faultInstead(p)
		}
		break
	}
	if s.failed != nil && r.n == 0 {
		return s.failed
	}
	c.out.table[0] = int32(r.n<<3 | tagList)
	return nil
}

// run writes items one after the other and gathers entries that stand together.
type run struct {
	a       *answer
	whole   bool
	n       int // of entries' lists and other items
	entries int // where the count of the open list of entries is; 0: none is open
}

func (r *run) add(d *dsml.Decoder, item dsml.Item) {
	if e, ok := item.(*dsml.SearchResultEntry); ok {
		if r.entries == 0 {
			r.n++
			kind := specialEntries
			if !r.whole {
				kind = specialItems
			}
			r.a.special(kind)
			r.entries = len(r.a.table)
			r.a.table = append(r.a.table, 0)
		}
		r.a.table[r.entries]++
		r.a.entry(e)
		return
	}
	r.entries = 0
	r.n++
	switch item := item.(type) {
	case *dsml.SearchResultReference:
		r.a.reference(item, item.Element())
	case *dsml.Result:
		r.result(d, item)
	case dsml.Response:
		r.a.response(item)
	case dsml.Request:
		r.a.request(item)
	default:
		r.a.absent()
	}
}

// result writes a result. The one that ends a search stands, in a document
// that is put together, for the whole response.
func (r *run) result(d *dsml.Decoder, res *dsml.Result) {
	if !r.whole || res.Kind != dsml.SearchResultDone {
		r.a.response(res)
		return
	}
	o := r.a.object()
	o.key("kind").text("searchResponse")
	o.optional("requestID", d.SearchID())
	done := o.key("done").object()
	done.result(&res.LDAPResult)
	done.end()
	o.end()
}
