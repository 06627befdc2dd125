package memory

import (
	"slices"
	"strings"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// truth is the outcome of a filter. A filter that asks for what the schema
// cannot answer is neither true nor false (RFC 4511 section 4.5.1.7): neither
// it nor its negation finds anything. The numbers make and a minimum, or a
// maximum and not a change of sign.
type truth int8

const (
	no     truth = -1
	unsure truth = 0
	yes    truth = 1
)

// test evaluates a filter on one entry.
type test func(f found) truth

// filterDepth bounds filters that did not come through a document, which has
// a bound of its own (D-81).
const filterDepth = 256

func always(t truth) test { return func(found) truth { return t } }

// compile turns a filter into a test. The error is for what is no filter at
// all in LDAP.
func (s *schema) compile(f *dsml.Filter, depth int) (test, error) {
	if f == nil {
		return nil, fail(dsml.ProtocolError, "the filter is missing")
	}
	if depth > filterDepth {
		return nil, fail(dsml.UnwillingToPerform, "the filter is nested too deep")
	}
	switch f.Kind {
	case dsml.And, dsml.Or:
		tests := make([]test, len(f.Filters))
		for i, inner := range f.Filters {
			t, err := s.compile(inner, depth+1)
			if err != nil {
				return nil, err
			}
			tests[i] = t
		}
		if f.Kind == dsml.And {
			return all(tests), nil
		}
		return one(tests), nil
	case dsml.Not:
		if len(f.Filters) != 1 {
			return nil, fail(dsml.ProtocolError, "a not filter holds exactly one filter")
		}
		t, err := s.compile(f.Filters[0], depth+1)
		if err != nil {
			return nil, err
		}
		return func(f found) truth { return -t(f) }, nil
	case dsml.ExtensibleMatch:
		return s.compileExtensible(f)
	case dsml.Present, dsml.EqualityMatch, dsml.ApproxMatch, dsml.GreaterOrEqual, dsml.LessOrEqual, dsml.Substrings:
	default:
		return nil, fail(dsml.ProtocolError, "the filter is of no known kind")
	}
	if f.Kind == dsml.Substrings && f.Initial == nil && len(f.Any) == 0 && f.Final == nil {
		return nil, fail(dsml.ProtocolError, "a substrings filter needs at least one part")
	}
	d, ok := s.describe(f.Name)
	if !ok || d.typ == s.userPassword {
		return always(unsure), nil
	}
	switch f.Kind {
	case dsml.Present:
		return s.values(d, nil), nil
	case dsml.Substrings:
		return s.compileSubstrings(d, f), nil
	}
	return s.compileComparison(d, f), nil
}

func all(tests []test) test {
	return func(f found) truth {
		result := yes
		for _, t := range tests {
			if result = min(result, t(f)); result == no {
				break
			}
		}
		return result
	}
}

func one(tests []test) test {
	return func(f found) truth {
		result := no
		for _, t := range tests {
			if result = max(result, t(f)); result == yes {
				break
			}
		}
		return result
	}
}

// values makes a test that is true when match is for one value of the
// attributes that d covers; a nil match asks only whether there is one.
func (s *schema) values(d description, match func(*attributeType, value) bool) test {
	look := func(attrs []attribute) truth {
		for i := range attrs {
			if a := &attrs[i]; d.covers(a) && (match == nil || slices.ContainsFunc(a.values, func(v value) bool { return match(a.typ, v) })) {
				return yes
			}
		}
		return no
	}
	if s.isVirtual(d.typ) {
		return func(f found) truth { return look(f.virtual(s)) }
	}
	return func(f found) truth { return look(f.attrs) }
}

func (s *schema) compileComparison(d description, f *dsml.Filter) test {
	rule := d.typ.equality
	if f.Kind == dsml.GreaterOrEqual || f.Kind == dsml.LessOrEqual {
		rule = d.typ.ordering
	}
	if rule == nil {
		return always(unsure)
	}
	if f.Kind == dsml.ApproxMatch && rule.prepare.isString() {
		want := approximate(f.Value.Data)
		return s.values(d, func(_ *attributeType, v value) bool { return approximate(v.raw) == want })
	}
	want, ok := s.prepared(rule.prepare, f.Value.Data)
	if !ok {
		return always(unsure)
	}
	switch f.Kind {
	case dsml.GreaterOrEqual:
		return s.values(d, func(_ *attributeType, v value) bool { return rule.prepare.compare(v.prepared, want) >= 0 })
	case dsml.LessOrEqual:
		return s.values(d, func(_ *attributeType, v value) bool { return rule.prepare.compare(v.prepared, want) <= 0 })
	}
	return s.values(d, func(_ *attributeType, v value) bool { return v.prepared == want })
}

func (s *schema) compileSubstrings(d description, f *dsml.Filter) test {
	rule := d.typ.substrings
	if rule == nil {
		return always(unsure)
	}
	sound := true
	part := func(v dsml.Value, first, last bool) string {
		p, ok := s.preparedPart(rule.prepare, v.Data, first, last)
		sound = sound && ok
		return p
	}
	var initial, final string
	var any []string
	if f.Initial != nil {
		initial = part(*f.Initial, true, false)
	}
	for _, v := range f.Any {
		any = append(any, part(v, false, false))
	}
	if f.Final != nil {
		final = part(*f.Final, false, true)
	}
	if !sound {
		return always(unsure)
	}
	return s.values(d, func(_ *attributeType, v value) bool {
		rest, ok := strings.CutPrefix(v.prepared, initial)
		if !ok {
			return false
		}
		if rest, ok = strings.CutSuffix(rest, final); !ok {
			return false
		}
		for _, a := range any {
			if _, rest, ok = strings.Cut(rest, a); !ok {
				return false
			}
		}
		return true
	})
}

// compileExtensible makes a test of a rule on one attribute, or on all that
// the rule is for, and on the parts of the name if it is asked to.
func (s *schema) compileExtensible(f *dsml.Filter) (test, error) {
	if f.Name == "" && f.MatchingRule == "" {
		return nil, fail(dsml.ProtocolError, "an extensible match needs an attribute or a matching rule")
	}
	var d description
	if f.Name != "" {
		var ok bool
		if d, ok = s.describe(f.Name); !ok || d.typ == s.userPassword {
			return always(unsure), nil
		}
	}
	var rule *matchingRule
	if f.MatchingRule != "" {
		if rule = s.rule(f.MatchingRule); rule == nil || rule.substrings {
			return always(unsure), nil
		}
	} else if rule = d.typ.equality; rule == nil {
		return always(unsure), nil
	}
	if d.typ != nil && !rule.fits(d.typ) {
		return always(unsure), nil
	}
	want, ok := s.prepared(rule.prepare, f.Value.Data)
	if !ok {
		return always(unsure), nil
	}
	match := func(t *attributeType, v value) bool {
		have := v.prepared
		if t.prepare != rule.prepare {
			var ok bool
			if have, ok = s.prepared(rule.prepare, v.raw); !ok {
				return false
			}
		}
		if rule.bits != noBits {
			return rule.bits.match(have, want)
		}
		return have == want
	}
	onName := func(found) truth { return no }
	if f.DNAttributes {
		onName = func(f found) truth {
			for _, r := range f.name.rdns {
				for _, a := range r.avas {
					if a.typ != nil && rule.fits(a.typ) && (d.typ == nil || a.typ.isA(d.typ)) && match(a.typ, s.value(a.typ, a.value)) {
						return yes
					}
				}
			}
			return no
		}
	}
	if d.typ != nil {
		return one([]test{s.values(d, match), onName}), nil
	}
	return one([]test{func(f found) truth {
		for i := range f.attrs {
			if a := &f.attrs[i]; a.typ != s.userPassword && rule.fits(a.typ) && slices.ContainsFunc(a.values, func(v value) bool { return match(a.typ, v) }) {
				return yes
			}
		}
		return no
	}, onName}), nil
}

// fits reports whether a rule can be used on values of a type: all rules for
// strings on all strings, any other rule where it belongs.
func (r *matchingRule) fits(t *attributeType) bool {
	return r.prepare == t.prepare || r.prepare.isString() && t.prepare.isString() || r.prepare == prepareOctets
}

// match tests bits of integers that fit into 64 of them.
func (b bitTest) match(have, want string) bool {
	h, ok1 := atoi64(have)
	w, ok2 := atoi64(want)
	switch {
	case !ok1 || !ok2:
		return false
	case b == bitAnd:
		return h&w == w
	}
	return h&w != 0
}
