package main

import (
	"io"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// stream is a document that arrives in pieces. A large document crosses so too:
// piece by piece it needs little linear memory, which would never be given back.
type stream struct {
	decoder *dsml.Decoder
	out     answer
	entries entryTable
	whole   bool // the other side puts the document together
	room    []byte
	done    cells // the result of the search that was written last
	like    bool  // that of the last whole document, and the next may be like it
	failed  error
	used    bool // since begin
	strict  bool
}

func (t *toolkit) newStream(o dsml.Options, whole bool) *stream {
	s := &stream{decoder: dsml.NewDecoder(o), whole: whole}
	s.out.names = t.out.names
	s.entries.a = &s.out
	s.entries.special = specialItems
	if whole {
		s.entries.special = specialEntries
	}
	s.decoder.Entries(&s.entries)
	return s
}

// streamOpen begins a response whose items are wanted as they come.
func streamOpen(c *call) error {
	o := c.parseOptions()
	if c.errs.first != nil {
		return nil
	}
	o.Expect = dsml.ExpectResponse
	c.out.integer(int64(c.kit.objects.put(held{stream: c.kit.newStream(o, false)})))
	return nil
}

// parseCheck looks at what is given to a parse, where it is not simply a text,
// and answers whether the parse is to be strict.
func parseCheck(c *call) error {
	c.arg("input").document()
	o := c.parseOptions()
	c.out.boolean(o.Strict)
	return nil
}

// stream returns the stream with a handle. 0 is the one for whole documents,
// which are read one after the other.
func (t *toolkit) stream(handle int32) *stream {
	if handle == 0 {
		if t.parser == nil {
			t.parser = t.newStream(dsml.Options{}, true)
		}
		return t.parser
	}
	s := t.objects.items[handle].stream
	mustHold(s != nil)
	return s
}

// Flags of a feed.
const (
	feedBegins = 1 // a whole document begins
	feedStrict = 2 // it is to be read strictly
	feedEnds   = 4 // no more will come
	feedMore   = 8 // more is at hand, and comes at once
)

// roomFor returns where the next n bytes of a stream are to be written.
func (t *toolkit) roomFor(handle int32, n int) []byte {
	s := t.stream(handle)
	s.room = s.decoder.Reserve(n)
	return s.room
}

// feed has a stream read the n bytes that were written to its room. It returns
// the answer and how much of it is to be read: a list of what is complete,
// lists of entries, which cross in their own form, and between them the other
// items. Behind them stands, at the end of a whole document, the batch without
// its parts.
func (t *toolkit) feed(handle int32, n, flags int) (out *answer, all size, status int) {
	t.out.reset()
	defer func() {
		if p := recover(); p != nil {
			t.out.drop()
			broken(p).write(&t.out)
			out, all, status = &t.out, t.out.size(), statusBroken
		}
	}()
	s := t.stream(handle)
	if flags&feedBegins != 0 {
		s.begin(flags&feedStrict != 0)
	}
	s.used = true
	s.decoder.More(flags&feedMore != 0)
	s.decoder.Commit(s.room[:n], n)
	s.room = nil
	if flags&feedEnds != 0 {
		s.decoder.Close()
	}
	var err error
	if flags&(feedBegins|feedEnds) != feedBegins|feedEnds || !s.again(&all) {
		all, err = s.items()
	}
	if s.whole && (err != nil || flags&feedEnds != 0) {
		s.begin(false) // lets go of what the document took
	}
	if err != nil {
		failureOf(err).write(&t.out)
		return &t.out, t.out.size(), statusFailed
	}
	return &s.out, all, statusOK
}

// begin makes the stream ready for a document, if it is not.
func (s *stream) begin(strict bool) {
	if !s.used && s.strict == strict {
		return
	}
	s.used, s.strict = false, strict
	s.decoder.Reset(dsml.Options{Strict: strict})
	s.entries.open = false
	s.failed = nil
}

// items writes what is complete. An error that comes behind some of it waits
// for the next call, so that none is lost; not so in a whole document.
func (s *stream) items() (size, error) {
	if s.failed != nil {
		return size{}, s.failed
	}
	s.entries.begin()
	others := 0
	for {
		item, err := s.decoder.Next()
		if err == nil {
			s.entries.count = 0
			others++
			s.item(item)
			continue
		}
		if err == dsml.ErrNeedInput {
			break
		}
		if err != io.EOF {
			s.failed = err
		} else if p := s.decoder.Parsed(); p.Envelope != nil && p.Envelope.Fault != nil {
			s.failed = faultInstead(p)
		} else if s.whole {
			others++
			s.out.document(p.Document)
		}
		break
	}
	all := s.entries.end(others)
	s.like = s.whole && s.decoder.Like() && s.entries.runs == 1 && others == 2
	if s.out.tooLong {
		s.failed = errTooLong
	}
	if s.failed != nil && (s.whole || s.out.tooLong || s.entries.runs+others == 0) {
		return size{}, s.failed
	}
	return all, nil
}

// again answers at once to a whole document that is like the last one.
func (s *stream) again(all *size) bool {
	if !s.like || s.failed != nil {
		return false
	}
	s.entries.begin()
	if !s.decoder.Again() {
		s.entries.open = false
		return false
	}
	s.searchResponse(nil)
	s.out.document(s.decoder.Parsed().Document)
	*all = s.entries.end(2)
	return true
}

// cells is a part of an answer.
type cells struct {
	table              []int32
	narrow, wide, blob []byte
}

// keep copies what stands in an answer from there on.
func (c *cells) keep(a *answer, from size) {
	c.table = append(c.table[:0], a.table[from.table:]...)
	c.narrow = append(c.narrow[:0], a.narrow[from.narrow:]...)
	c.wide = append(c.wide[:0], a.wide[from.wide:]...)
	c.blob = append(c.blob[:0], a.blob[from.blob:]...)
}

// put appends them to an answer.
func (c *cells) put(a *answer) {
	a.table = append(a.table, c.table...)
	a.narrow = append(a.narrow, c.narrow...)
	a.wide = append(a.wide, c.wide...)
	a.blob = append(a.blob, c.blob...)
}

func (s *stream) item(item dsml.Item) {
	switch item := item.(type) {
	case *dsml.SearchResultReference:
		s.out.reference(item, item.Element())
	case *dsml.Result:
		s.result(item)
	case dsml.Response:
		s.out.response(item)
	case dsml.Request:
		s.out.request(item)
	default:
		s.out.absent()
	}
}

// result writes a result. The one that ends a search stands, in a document
// that is put together, for the whole response.
func (s *stream) result(res *dsml.Result) {
	if !s.whole || res.Kind != dsml.SearchResultDone {
		s.out.response(res)
		return
	}
	s.searchResponse(res)
}

// searchResponse writes a response whose entries have been written; res is the
// result of the last one if it is nil.
func (s *stream) searchResponse(res *dsml.Result) {
	o := s.out.object()
	o.key("kind").text("searchResponse")
	o.optional("requestID", s.decoder.SearchID())
	o.key("done")
	if res != nil {
		from := s.out.size()
		done := s.out.object()
		done.result(&res.LDAPResult)
		done.end()
		s.done.keep(&s.out, from)
	} else {
		s.done.put(&s.out)
	}
	o.end()
}
