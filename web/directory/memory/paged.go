package memory

import (
	"encoding/hex"
	"strings"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// openPages is how many paged searches one connection may have under way; the
// one that was used longest ago makes room for another.
const openPages = 32

// paging is a paged search between two pages. Its entries were found when it
// began, so pages neither overlap nor leave anything out, and it costs no more
// than a pointer for each entry to come.
type paging struct {
	search string // what the requests of all pages have in common
	rest   []hit  // matches still to come
	total  int    // entries on all pages
	sent   int    // entries on the pages before
	used   uint64
}

// page returns one page of a search. The first page finds all matches; a
// cookie stands for the rest of them. A cookie works once, on the connection
// that gave it (D-147).
func (s *searching) page(base name) error {
	search := fingerprint(base, s.request, s.sort)
	cookie := string(s.paged.Cookie)
	var p *paging
	if cookie == "" {
		hits, err := s.matches(base)
		if err != nil {
			return err
		}
		p = &paging{search: search, rest: hits}
		for i := range hits {
			if hits[i].refs == nil {
				p.total++
			}
		}
		if s.paged.Size == 0 { // asks for the estimate alone, or gives up without a cookie
			s.answerPage(p.total, "")
			return nil
		}
	} else {
		var err error
		if p, err = s.conn.takePage(cookie, search); err != nil {
			return err
		}
		if s.paged.Size == 0 {
			s.answerPage(p.total, "")
			return nil
		}
		s.resort()
	}
	s.sent = p.sent
	rest, err := s.sendPage(p.rest, p.sent+int(s.paged.Size))
	if f, ok := err.(*failure); ok {
		s.answerPage(p.total, "")
		return f
	}
	if err != nil { // nobody got the page, so it can be asked for again
		if cookie != "" {
			s.conn.keepPage(cookie, p)
		}
		return err
	}
	next := ""
	if len(rest) > 0 {
		next = hex.EncodeToString(s.d.random(16))
		s.conn.keepPage(next, &paging{search: search, rest: rest, total: p.total, sent: s.sent})
	}
	s.answerPage(p.total, next)
	return nil
}

// sendPage hands out hits until upTo entries were sent, and the references
// that come right after them, so that a last page is never empty.
func (s *searching) sendPage(hits []hit, upTo int) ([]hit, error) {
	for len(hits) > 0 && (s.sent < upTo || hits[0].refs != nil) {
		if err := s.pause(); err != nil {
			return nil, err
		}
		if err := s.send(&hits[0]); err != nil {
			return nil, err
		}
		hits = hits[1:]
	}
	return hits, nil
}

// answerPage puts the paging control into the result; an empty cookie is the
// end (D-148).
func (s *searching) answerPage(total int, cookie string) {
	s.answer = append(s.answer, dsml.PagedResults{Size: int32(total), Cookie: []byte(cookie)}.Control(false))
}

// takePage takes a paged search off the connection, if it is the one that the
// request goes on with.
func (c *conn) takePage(cookie, search string) (*paging, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.pages[cookie]
	switch {
	case p == nil:
		return nil, fail(dsml.UnwillingToPerform, "the paging cookie was not given out on this connection, or was used already; begin again without one")
	case p.search != search:
		return nil, fail(dsml.UnwillingToPerform, "the search is not the one that the paging cookie belongs to")
	}
	delete(c.pages, cookie)
	return p, nil
}

// keepPage leaves a paged search with the connection.
func (c *conn) keepPage(cookie string, p *paging) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.pages == nil {
		return // closed meanwhile
	}
	if len(c.pages) >= openPages {
		oldest := ""
		for k, o := range c.pages {
			if oldest == "" || o.used < c.pages[oldest].used {
				oldest = k
			}
		}
		delete(c.pages, oldest)
	}
	c.clock++
	p.used = c.clock
	c.pages[cookie] = p
}

// fingerprint is equal for the pages of one search: only page size, cookie and
// limits may change between them (RFC 2696).
func fingerprint(base name, req *dsml.SearchRequest, sort *dsml.Sort) string {
	var b strings.Builder
	b.WriteString(base.key())
	b.WriteByte(0)
	b.WriteByte(byte(req.Scope))
	b.WriteByte(byte(req.DerefAliases))
	if req.TypesOnly {
		b.WriteByte('t')
	}
	b.WriteString(req.Filter.String())
	for _, a := range req.Attributes {
		b.WriteByte(0)
		b.WriteString(strings.ToLower(a))
	}
	if sort != nil {
		b.WriteString(sort.Control(false).Value.Data)
	}
	return b.String()
}
