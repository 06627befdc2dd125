package memory

import (
	"slices"
	"sort"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// sortKey is a key of a sort control, made ready.
type sortKey struct {
	description
	rule    *matchingRule
	reverse bool
}

// sortKeys resolves the keys of a sort. A failure is the sort's own: the
// search may go on without it.
func (s *schema) sortKeys(keys []dsml.SortKey) ([]sortKey, dsml.SortResult) {
	out := make([]sortKey, len(keys))
	for i, k := range keys {
		d, ok := s.describe(k.Attribute)
		if !ok {
			return nil, dsml.SortResult{Code: dsml.NoSuchAttribute, Attribute: k.Attribute}
		}
		rule := d.typ.ordering
		if k.MatchingRule != "" {
			rule = s.rule(k.MatchingRule)
		}
		if rule == nil || rule.substrings || rule.bits != noBits || !rule.fits(d.typ) || d.typ == s.userPassword {
			return nil, dsml.SortResult{Code: dsml.InappropriateMatching, Attribute: k.Attribute}
		}
		out[i] = sortKey{d, rule, k.Reverse}
	}
	return out, dsml.SortResult{}
}

// least returns the smallest value of a key in an entry (RFC 2891).
func (k *sortKey) least(s *schema, f found) (string, bool) {
	attrs := f.attrs
	if s.isVirtual(k.typ) {
		attrs = f.virtual(s)
	}
	best, there := "", false
	for i := range attrs {
		a := &attrs[i]
		if !k.covers(a) {
			continue
		}
		for _, v := range a.values {
			p := v.prepared
			if k.rule.prepare != a.typ.prepare {
				var ok bool
				if p, ok = s.prepared(k.rule.prepare, v.raw); !ok {
					continue
				}
			}
			if !there || k.rule.prepare.compare(p, best) < 0 {
				best, there = p, true
			}
		}
	}
	return best, there
}

// compare orders two values of the key; an entry without one comes after all
// that have one, or before them in reverse.
func (k *sortKey) compare(a, b sortValue) int {
	c := 0
	switch {
	case a.there && b.there:
		c = k.rule.prepare.compare(a.value, b.value)
	case a.there:
		c = -1
	case b.there:
		c = 1
	}
	if k.reverse {
		return -c
	}
	return c
}

type sortValue struct {
	value string
	there bool
}

// order sorts hits; entries that the keys do not tell apart stay in the order
// of the directory, and references come last.
func (s *searching) order(hits []hit, keys []sortKey) []hit {
	type row struct {
		hit
		values []sortValue
	}
	rows := make([]row, len(hits))
	for i, h := range hits {
		rows[i].hit = h
		if h.refs != nil {
			continue
		}
		rows[i].values = make([]sortValue, len(keys))
		for j := range keys {
			rows[i].values[j].value, rows[i].values[j].there = keys[j].least(s.d.schema, h.found)
		}
	}
	slices.SortStableFunc(rows, func(a, b row) int {
		switch {
		case a.refs != nil && b.refs != nil:
			return 0
		case a.refs != nil:
			return 1
		case b.refs != nil:
			return -1
		}
		for i := range keys {
			if c := keys[i].compare(a.values[i], b.values[i]); c != 0 {
				return c
			}
		}
		return 0
	})
	for i := range rows {
		hits[i] = rows[i].hit
	}
	return hits
}

// matches returns all matches, in the order that is asked for.
func (s *searching) matches(base name) ([]hit, error) {
	hits, err := s.scope(base, s.request)
	if err != nil {
		return nil, err
	}
	if hits, err = s.matching(hits); err != nil || s.sort == nil {
		return hits, err
	}
	keys, result := s.d.schema.sortKeys(s.sort.Keys)
	s.answer = append(s.answer, result.Control(false))
	switch {
	case result.Code == dsml.Success:
		return s.order(hits, keys), s.late()
	case s.sortCritical:
		return nil, fail(dsml.UnavailableCriticalExtension, "the entries cannot be sorted by "+result.Attribute)
	}
	return hits, nil
}

// resort tells again, with a later page, how the sort went.
func (s *searching) resort() {
	if s.sort != nil {
		_, result := s.d.schema.sortKeys(s.sort.Keys)
		s.answer = append(s.answer, result.Control(false))
	}
}

// view hands out the window of a virtual list view.
func (s *searching) view(hits []hit) error {
	hits = slices.DeleteFunc(hits, func(h hit) bool { return h.refs != nil })
	w, count := s.window, len(hits)
	result := dsml.VLVResult{ContentCount: int32(count)}
	keys, sorted := s.d.schema.sortKeys(s.sort.Keys)
	var at int // from 0
	switch {
	case sorted.Code != dsml.Success:
		result.Code = dsml.Other
	case w.ByValue:
		k := &keys[0]
		want, ok := s.d.schema.prepared(k.rule.prepare, w.Value)
		if !ok {
			result.Code = dsml.InvalidAttributeSyntax
			break
		}
		at = sort.Search(count, func(i int) bool {
			v, there := k.least(s.d.schema, hits[i].found)
			return k.compare(sortValue{v, there}, sortValue{want, true}) >= 0
		})
	case w.Offset == 0:
		result.Code = dsml.OffsetRangeError
	case w.Offset == 1 || count == 0:
	case w.ContentCount == 0:
		at = min(int(w.Offset), count) - 1
	case w.Offset >= w.ContentCount:
		at = count - 1
	default: // the same place in the list as it is now
		at = int(int64(count) * int64(w.Offset) / int64(w.ContentCount))
		at = max(0, min(at, count)-1)
	}
	result.Position = int32(at + 1)
	s.answer = append(s.answer, result.Control(false))
	if result.Code != dsml.Success {
		return fail(result.Code, "the virtual list view has no such place")
	}
	from, to := max(0, at-int(w.Before)), min(count, at+1+int(w.After))
	_, err := s.sendPage(hits[from:max(from, to)], count)
	return err
}
