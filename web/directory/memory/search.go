package memory

import (
	"slices"
	"time"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// search runs a search: under the lock it collects what is in scope, which is
// cheap because entries never change; filters are evaluated and entries handed
// out after it, so that a slow reader holds up nobody.
func (op *operation) search(req *dsml.SearchRequest) error {
	test, err := op.d.schema.compile(req.Filter, 1)
	if err != nil {
		return err
	}
	if req.Scope > dsml.WholeSubtree || req.DerefAliases > dsml.DerefAlways || req.SizeLimit < 0 || req.TimeLimit < 0 {
		return fail(dsml.ProtocolError, "the search has a scope, a treatment of aliases or a limit that LDAP does not know")
	}
	base, err := op.d.parse(req.DN)
	if err != nil {
		return err
	}
	s := &searching{
		operation: op, request: req, test: test,
		selection: op.d.schema.selection(req.Attributes),
		limit:     int(req.SizeLimit),
	}
	if base.isRoot() && req.Scope == dsml.BaseObject && s.selection.user {
		// All that the root DSE is for is operational, so that without this a
		// search for no attribute by name would show next to nothing. Active
		// Directory shows it too, and people look for it in this way.
		s.selection.operational, s.selection.virtual = true, true
	}
	if req.TimeLimit > 0 {
		s.deadline = op.d.now().Add(time.Duration(req.TimeLimit) * time.Second)
	}
	switch {
	case op.paged != nil:
		return s.page(base)
	case op.sort != nil:
		hits, err := s.matches(base)
		if err == nil && op.window != nil {
			return s.view(hits)
		}
		if err == nil {
			_, err = s.sendPage(hits, len(hits))
		}
		return err
	}
	hits, err := op.scope(base, req)
	if err != nil {
		return err
	}
	return s.stream(hits)
}

// searching is a search on its way.
type searching struct {
	*operation
	request   *dsml.SearchRequest
	test      test
	selection selection
	limit     int       // entries, 0 for none
	deadline  time.Time // zero for none
	sent      int       // entries
	looked    int       // hits
}

// scope collects what a search has to look at.
func (op *operation) scope(base name, req *dsml.SearchRequest) ([]hit, error) {
	d := op.d
	d.mu.RLock()
	defer d.mu.RUnlock()
	if f, ok := d.special(base); ok && (!base.isRoot() || req.Scope == dsml.BaseObject) {
		if req.Scope == dsml.SingleLevel {
			return nil, nil
		}
		return []hit{{found: f}}, op.assert(f)
	}
	var at *node
	if !base.isRoot() {
		var err error
		finding := req.DerefAliases == dsml.DerefFindingBaseObj || req.DerefAliases == dsml.DerefAlways
		if at, err = d.locate(base, finding, op.manage); err != nil {
			return nil, err
		}
		if err := op.assert(found{at.entry, len(at.children)}); err != nil {
			return nil, err
		}
	}
	searching := req.DerefAliases == dsml.DerefInSearching || req.DerefAliases == dsml.DerefAlways
	hits := d.collect(at, req.Scope, searching, op.manage)
	if op.domainScope {
		hits = slices.DeleteFunc(hits, func(h hit) bool { return h.refs != nil })
	}
	return hits, nil
}

// checkEvery is how many hits are looked at between looks at the clock.
const checkEvery = 256

// pause ends a search whose time is up or whose caller has gone.
func (s *searching) pause() error {
	if s.looked++; s.looked%checkEvery != 0 {
		return nil
	}
	return s.late()
}

func (s *searching) late() error {
	if err := s.ctx.Err(); err != nil {
		return err
	}
	if !s.deadline.IsZero() && !s.d.now().Before(s.deadline) {
		return fail(dsml.TimeLimitExceeded, "the time limit of the search is over")
	}
	return nil
}

// stream hands out what matches as it is found.
func (s *searching) stream(hits []hit) error {
	for i := range hits {
		if err := s.pause(); err != nil {
			return err
		}
		if hits[i].refs == nil && s.test(hits[i].found) != yes {
			continue
		}
		if err := s.send(&hits[i]); err != nil {
			return err
		}
	}
	return nil
}

// send hands out one hit; over the limit it ends the search instead, which
// then has returned as many entries as allowed (D-95).
func (s *searching) send(h *hit) error {
	if h.refs != nil {
		return s.emit(directory.SearchItem{Reference: &dsml.SearchResultReference{Refs: h.refs}})
	}
	switch {
	case s.limit > 0 && s.sent == s.limit:
		return fail(dsml.SizeLimitExceeded, "there are more entries than the size limit of the search")
	case s.paged == nil && s.d.limit > 0 && s.sent == s.d.limit:
		return fail(dsml.AdminLimitExceeded, "there are more entries than this directory returns at once; search page by page")
	}
	s.sent++
	return s.emit(directory.SearchItem{Entry: h.result(s.d.schema, &s.selection, s.request.TypesOnly)})
}

// matching collects all hits that match.
func (s *searching) matching(hits []hit) ([]hit, error) {
	kept := hits[:0]
	for i := range hits {
		if err := s.pause(); err != nil {
			return nil, err
		}
		if hits[i].refs != nil || s.test(hits[i].found) == yes {
			kept = append(kept, hits[i])
		}
	}
	return kept, nil
}
