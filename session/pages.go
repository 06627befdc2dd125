package session

import (
	"bytes"
	"slices"
	"strings"
	"time"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// maxPages bounds how many paged searches a Tracker keeps; the one that was
// answered longest ago makes room.
const maxPages = 64

// Page is a paged search that is under way in a session.
type Page struct {
	// Key stands for what must stay the same from page to page: base, scope,
	// filter, attributes and the other controls. It reads like an LDAP URL.
	Key      string
	Cookie   []byte // for the next page; empty when the last one has come
	Size     int32  // of the pages, as last asked for
	Count    int    // entries so far
	Pages    int    // pages so far
	Estimate int    // total as the server estimates it; 0: it does not say
	Issued   time.Time
	Done     bool                // the last page has come
	Request  *dsml.SearchRequest // the search as last sent; see NextPage
}

// Pages returns the paged searches of the session, the one answered longest ago
// first. There are none in a session that is not open: a cookie is worth
// nothing outside the session that issued it (D-147).
func (t *Tracker) Pages() []Page {
	if t.State() != StateOpen && t.state != StateClosing {
		return nil
	}
	pages := make([]Page, len(t.pages))
	for i, p := range t.pages {
		pages[i] = *p
	}
	return pages
}

// NextPage returns the search that asks for the page after p: r with the cookie
// in its control 319, and everything else as it is. A size of 0 asks for pages
// of the size asked for before.
func NextPage(r *dsml.SearchRequest, p Page, size int32) *dsml.SearchRequest {
	if size <= 0 {
		size = p.Size
	}
	return withPaging(r, dsml.PagedResults{Size: size, Cookie: p.Cookie})
}

// StopPaging returns the search that gives p up before its end: size 0 with the
// last cookie. The server may then forget what it keeps for it.
func StopPaging(r *dsml.SearchRequest, p Page) *dsml.SearchRequest {
	return withPaging(r, dsml.PagedResults{Cookie: p.Cookie})
}

func withPaging(r *dsml.SearchRequest, paged dsml.PagedResults) *dsml.SearchRequest {
	next := *r
	next.Controls = slices.Clone(r.Controls)
	for i, c := range next.Controls {
		if c.Type == dsml.OIDPagedResults {
			next.Controls[i] = paged.Control(c.Criticality)
			return &next
		}
	}
	next.Controls = append(next.Controls, paged.Control(true))
	return &next
}

// search is a paged search in a message that was sent.
type search struct {
	at      int // number of its response among those of the batch, in request order
	id      dsml.Optional
	key     string
	paged   dsml.PagedResults
	request *dsml.SearchRequest
}

// searches returns the paged searches of a message. One that cannot be read has
// none: what is wrong with it is for the server to say.
func searches(message []byte) []search {
	if !bytes.Contains(message, []byte(dsml.OIDPagedResults)) {
		return nil
	}
	parsed, err := dsml.Parse(message, dsml.Options{Expect: dsml.ExpectRequest})
	if err != nil {
		return nil
	}
	batch, ok := parsed.Document.(*dsml.BatchRequest)
	if !ok {
		return nil
	}
	var found []search
	at := 0
	for _, r := range batch.Requests {
		switch r := r.(type) {
		case *dsml.AbandonRequest: // has no response (D-61)
			continue
		case *dsml.SearchRequest:
			if c := control(r.Controls, dsml.OIDPagedResults); c != nil {
				if paged, err := dsml.DecodePagedResults(*c); err == nil {
					s := search{at: at, id: r.RequestID, key: SearchKey(r), paged: paged, request: r}
					if batch.ResponseOrder == dsml.OrderUnordered {
						s.at = -1 // only its requestID tells
					}
					found = append(found, s)
				}
			}
		}
		at++
	}
	return found
}

func control(controls []dsml.Control, oid string) *dsml.Control {
	for i := range controls {
		if controls[i].Type == oid {
			return &controls[i]
		}
	}
	return nil
}

// turnPages notes what an answer says about the paged searches of its message.
func (t *Tracker) turnPages(asked []search, document dsml.Document, at time.Time) {
	batch, ok := document.(*dsml.BatchResponse)
	if !ok {
		return
	}
	for _, s := range asked {
		if r := s.response(batch); r != nil && r.Done != nil {
			t.turn(s, r, at)
		}
	}
}

// response returns the answer to the search: the one with its requestID, else
// the one in its place (a batch that ended early is only shorter, D-28).
func (s *search) response(batch *dsml.BatchResponse) *dsml.SearchResponse {
	if s.id.Set {
		for _, r := range batch.Responses {
			if found, ok := r.(*dsml.SearchResponse); ok && responseID(found) == s.id {
				return found
			}
		}
	}
	if s.at < 0 || s.at >= len(batch.Responses) {
		return nil
	}
	found, ok := batch.Responses[s.at].(*dsml.SearchResponse)
	if !ok || responseID(found).Set {
		return nil // the response of another
	}
	return found
}

func responseID(r *dsml.SearchResponse) dsml.Optional {
	if !r.RequestID.Set && r.Done != nil {
		return r.Done.RequestID
	}
	return r.RequestID
}

// turn moves a paged search on by one page.
func (t *Tracker) turn(s search, r *dsml.SearchResponse, at time.Time) {
	i := slices.IndexFunc(t.pages, func(p *Page) bool { return p.Key == s.key })
	c := control(r.Done.Controls, dsml.OIDPagedResults)
	var got dsml.PagedResults
	var err error
	if c != nil {
		got, err = dsml.DecodePagedResults(*c)
	}
	switch {
	case err != nil || c == nil && r.Done.Code.IsError():
		return // an error says nothing about the cookie, which stays what it was
	case s.paged.Size == 0 && len(s.paged.Cookie) > 0:
		// The search was given up.
		if i >= 0 {
			t.pages = slices.Delete(t.pages, i, i+1)
		}
		return
	}
	page := &Page{Key: s.key}
	if i >= 0 {
		if len(s.paged.Cookie) > 0 {
			page = t.pages[i]
		}
		t.pages = slices.Delete(t.pages, i, i+1)
	}
	page.Cookie, page.Size, page.Request = got.Cookie, s.paged.Size, s.request
	page.Count += len(r.Entries)
	page.Pages++
	page.Issued = at
	page.Done = len(got.Cookie) == 0 // a server that does not page sends all at once and no control
	if got.Size > 0 {
		page.Estimate = int(got.Size)
	}
	if len(t.pages) >= maxPages {
		t.pages = slices.Delete(t.pages, 0, 1)
	}
	t.pages = append(t.pages, page)
}

// SearchKey returns what the pages of a search have in common: it stays the
// same from page to page, and differs for searches that differ in anything but
// requestID, page size and cookie.
func SearchKey(r *dsml.SearchRequest) string {
	var b strings.Builder
	part := func(s string, reserved string) {
		for i := range len(s) {
			if c := s[i]; c < ' ' || c == '%' || strings.IndexByte(reserved, c) >= 0 {
				b.WriteByte('%')
				b.WriteByte(hexDigits[c>>4])
				b.WriteByte(hexDigits[c&15])
			} else {
				b.WriteByte(c)
			}
		}
	}
	part(r.DN, "?")
	b.WriteByte('?')
	for i, name := range r.Attributes {
		if i > 0 {
			b.WriteByte(',')
		}
		part(name, "?,")
	}
	b.WriteString([...]string{"?base?", "?one?", "?sub?"}[min(r.Scope, dsml.WholeSubtree)])
	if r.Filter != nil {
		part(r.Filter.String(), "?")
	}
	if r.DerefAliases != dsml.NeverDerefAliases {
		b.WriteString("?deref=" + r.DerefAliases.String())
	}
	if r.TypesOnly {
		b.WriteString("?typesOnly")
	}
	for _, c := range r.Controls {
		if c.Type == dsml.OIDPagedResults {
			continue
		}
		b.WriteString("?control=")
		part(c.Type, "?,")
		if c.Criticality {
			b.WriteString(",critical")
		}
		if c.Value != nil {
			b.WriteString(",value=" + hexText([]byte(c.Value.Data)))
		}
	}
	return b.String()
}
