package session

import (
	"bytes"
	"slices"
	"strings"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// search is a search in a message that was sent, of those that are had in
// pieces.
type search struct {
	at      int // number of its response among those of the batch, in request order
	id      dsml.Optional
	key     string
	kind    PageKind
	size    int32
	first   bool // it gives no cookie back
	stop    bool // it gives the search up
	request *dsml.SearchRequest
}

// newSearch returns nil for a search that is had at once.
func newSearch(r *dsml.SearchRequest) *search {
	s := &search{id: r.RequestID, request: r}
	for _, c := range r.Controls {
		switch c.Type {
		case dsml.OIDPagedResults:
			p, err := dsml.DecodePagedResults(c)
			if err != nil {
				return nil
			}
			s.kind, s.size, s.first = Paged, p.Size, len(p.Cookie) == 0
			s.stop = p.Size == 0 && !s.first
		case dsml.OIDVLV:
			v, err := dsml.DecodeVLV(c)
			if err != nil {
				return nil
			}
			s.kind, s.size, s.first = VLV, v.Before+1+v.After, len(v.ContextID) == 0
		case dsml.OIDDirSync:
			d, err := dsml.DecodeDirSync(c)
			if err != nil {
				return nil
			}
			s.kind, s.size, s.first = DirSync, d.MaxBytes, len(d.Cookie) == 0
		default:
			continue
		}
		s.key = SearchKey(r)
		return s
	}
	return nil
}

// pagingOIDs are the controls that make a search one that is had in pieces.
var pagingOIDs = [...]string{dsml.OIDPagedResults, dsml.OIDVLV, dsml.OIDDirSync}

// searches returns the searches of a message that are had in pieces. A message
// that cannot be read has none: what is wrong with it is for the server to say.
func searches(message []byte) []search {
	if !slices.ContainsFunc(pagingOIDs[:], func(oid string) bool { return bytes.Contains(message, []byte(oid)) }) {
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
			if s := newSearch(r); s != nil {
				s.at = at
				if batch.ResponseOrder == dsml.OrderUnordered {
					s.at = -1 // only its requestID tells
				}
				found = append(found, *s)
			}
		}
		at++
	}
	return found
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

// progress is what an answer says of a search that is had in pieces.
type progress struct {
	cookie   []byte
	estimate int32
	position int32
	done     bool
}

// progress reads the control that answers the search's. It reports false when
// the answer says nothing: the cookie is then what it was.
func (s *search) progress(r *dsml.Result) (p progress, ok bool) {
	var err error
	oid := pagingOIDs[s.kind]
	if s.kind == VLV {
		oid = dsml.OIDVLVResponse
	}
	c := control(r.Controls, oid)
	if c == nil {
		// A server that does not know the control sends all at once.
		return progress{done: true}, !r.Code.IsError()
	}
	switch s.kind {
	case Paged:
		var got dsml.PagedResults
		got, err = dsml.DecodePagedResults(*c)
		p = progress{cookie: got.Cookie, estimate: got.Size, done: len(got.Cookie) == 0}
	case VLV:
		var got dsml.VLVResult
		got, err = dsml.DecodeVLVResult(*c)
		if got.Code != 0 {
			return p, false
		}
		p = progress{cookie: got.ContextID, estimate: got.ContentCount, position: got.Position}
		if sent := control(s.request.Controls, dsml.OIDVLV); sent != nil && err == nil {
			v, _ := dsml.DecodeVLV(*sent)
			p.done = got.Position+v.After >= got.ContentCount
		}
	case DirSync:
		var got dsml.DirSyncResult
		got, err = dsml.DecodeDirSyncResult(*c)
		p = progress{cookie: got.Cookie, done: !got.More}
	}
	return p, err == nil
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
		switch c.Type {
		case dsml.OIDPagedResults:
			continue
		case dsml.OIDVLV:
			b.WriteString("?vlv")
			continue
		case dsml.OIDDirSync:
			b.WriteString("?dirSync")
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
