package session

import (
	"time"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// maxPages bounds how many paged searches a Tracker keeps; the one that was
// answered longest ago makes room.
const maxPages = 64

// PageKind is how a search is had in pieces.
type PageKind uint8

const (
	Paged   PageKind = iota // simple paged results, one page after the other
	VLV                     // virtual list view, a window on a sorted list
	DirSync                 // what has changed since the last time
)

// String returns "paged", "vlv" or "dirSync".
func (k PageKind) String() string {
	switch k {
	case VLV:
		return "vlv"
	case DirSync:
		return "dirSync"
	}
	return "paged"
}

// Page is a search that is had in pieces, under way in a session.
type Page struct {
	// Key stands for what must stay the same from page to page: base, scope,
	// filter, attributes and the other controls. It reads like an LDAP URL.
	Key  string
	Kind PageKind
	// Cookie is what the next request gives back: the cookie of Paged, empty
	// when the last page has come; the context ID of VLV; the cookie of
	// DirSync, which is there even when all has come, for the next time.
	Cookie   []byte
	Size     int32 // of the pages, as last asked for: entries; bytes for DirSync
	Count    int   // entries so far
	Pages    int   // pages so far
	Estimate int   // total as the server estimates it; 0: it does not say
	Position int32 // VLV: of the target in the list, from 1
	Issued   time.Time
	Done     bool                // there is nothing left
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

// turn moves a search on by one page.
func (t *Tracker) turn(s search, r *dsml.SearchResponse, at time.Time) {
	got, ok := s.progress(r.Done)
	if !ok {
		return
	}
	page := &Page{Key: s.key, Kind: s.kind}
	for i, p := range t.pages {
		if p.Key == s.key {
			if !s.first {
				page = p
			}
			t.dropPage(i)
			break
		}
	}
	if s.stop {
		return
	}
	page.Cookie, page.Position, page.Done = got.cookie, got.position, got.done
	page.Size, page.Request, page.Issued = s.size, s.request, at
	page.Count += len(r.Entries)
	page.Pages++
	if got.estimate > 0 {
		page.Estimate = int(got.estimate)
	}
	if len(t.pages) >= maxPages {
		t.dropPage(0)
	}
	t.pages = append(t.pages, page)
}

// dropPage forgets a search. That of slices would do, but generic functions
// keep all methods of what their types hold, and the printing of a time.Time
// weighs as much as a room of this house.
func (t *Tracker) dropPage(i int) {
	last := len(t.pages) - 1
	copy(t.pages[i:], t.pages[i+1:])
	t.pages[last] = nil
	t.pages = t.pages[:last]
}
