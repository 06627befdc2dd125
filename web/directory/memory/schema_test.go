package memory

import (
	"slices"
	"testing"
)

func TestSchema(t *testing.T) {
	s := standard()
	for name, a := range s.attributes {
		for _, r := range []*matchingRule{a.equality, a.ordering, a.substrings} {
			if r != nil && r.prepare != a.prepare {
				t.Errorf("%s: values are kept for one rule and %s is another", name, r.name)
			}
		}
		if a.substrings != nil && !a.substrings.substrings || a.equality != nil && a.equality.substrings {
			t.Errorf("%s: rules are mixed up", name)
		}
		if a.syntax == "" || a.oid == "" || !isNumericOID(a.oid) {
			t.Errorf("%s: no syntax, or the OID %q", name, a.oid)
		}
		if a.directorys && !a.operational {
			t.Errorf("%s: no user attribute may be the directory's own", name)
		}
	}
	for _, c := range []struct {
		class string
		must  []string
		may   string
		kind  classKind
	}{
		{"inetOrgPerson", []string{"objectClass", "sn", "cn"}, "jpegPhoto", structural},
		{"groupOfNames", []string{"objectClass", "member", "cn"}, "owner", structural},
		{"dcObject", []string{"objectClass", "dc"}, "", auxiliary},
		{"top", []string{"objectClass"}, "", abstract},
		{"referral", []string{"objectClass", "ref"}, "", structural},
	} {
		oc := s.class(c.class)
		var must []string
		for _, a := range oc.must {
			must = append(must, a.name)
		}
		if !slices.Equal(must, c.must) || oc.kind != c.kind || c.may != "" && !slices.Contains(oc.may, s.attribute(c.may)) {
			t.Errorf("%s: must %v, kind %d", c.class, must, oc.kind)
		}
	}
	if a := s.attribute("SURNAME"); a != s.attribute("2.5.4.4") || !a.isA(s.attribute("name")) || a.equality.name != "caseIgnoreMatch" || a.single {
		t.Errorf("surname is %+v", a)
	}
	if a := s.attribute("employeeNumber"); !a.single || a.operational {
		t.Errorf("employeeNumber is %+v", a)
	}
}

func TestPreparation(t *testing.T) {
	s := standard()
	for _, c := range []struct {
		p        preparation
		in, want string
		ok       bool
	}{
		{prepareFold, "  A  b\tC\n", "a b c", true},
		{prepareFold, "ÀÉ ς Σ", "àé σ σ", true},
		{prepareFold, "ﬁn\u00ad \u200bⅨ", "fin ix", true},
		{prepareFold, "\xff", "", false},
		{prepareFold, "", "", true},
		{prepareExact, " A  b ", "A b", true},
		{prepareNumeric, " 1 2  3", "123", true},
		{prepareTelephone, "+44 (0)20-7946 0018", "+44(0)2079460018", true},
		{prepareInteger, "-007", "-7", true},
		{prepareInteger, "-0", "0", true},
		{prepareInteger, "", "", false},
		{prepareInteger, "1.5", "", false},
		{prepareBoolean, "true", "TRUE", true},
		{prepareBoolean, "yes", "YES", false},
		{prepareTime, "2026010203Z", "20260102030000.000000000", true},
		{prepareTime, "202601020304+0130", "20260102013400.000000000", true},
		{prepareTime, "20260102030405.25-02", "20260102050405.250000000", true},
		{prepareTime, "2026010203,5Z", "20260102033000.000000000", true},
		{prepareTime, "20260102030405", "00010101000000.000000000", false},
		{prepareTime, "20260102030405.Z", "00010101000000.000000000", false},
		{prepareTime, "20261302030405Z", "00010101000000.000000000", false},
		{prepareTime, "2026Z", "00010101000000.000000000", false},
		{prepareOID, "Person", "2.5.6.6", true},
		{prepareOID, "CN", "2.5.4.3", true},
		{prepareOID, "1.2.3", "1.2.3", true},
		{prepareOID, "1..3", "1..3", false},
		{prepareOID, "nonsense", "nonsense", false},
		{prepareFirstOID, "( 2.5.4.3 NAME 'cn' )", "2.5.4.3", true},
		{prepareUUID, "0123ABCD-0000-0000-0000-000000000000", "0123abcd-0000-0000-0000-000000000000", true},
		{prepareUUID, "0123", "0123", false},
		{prepareOctets, " A ", " A ", true},
	} {
		if got, ok := s.prepared(c.p, c.in); got != c.want || ok != c.ok {
			t.Errorf("%d %q: %q, %v; want %q, %v", c.p, c.in, got, ok, c.want, c.ok)
		}
	}
	for _, in := range []string{"cn=a#'0101'B", "CN=A#'0101'B"} {
		if got, ok := s.prepared(prepareNameAndUID, in); !ok || got != "2.5.4.3=a#'0101'B" {
			t.Errorf("%q: %q, %v", in, got, ok)
		}
	}
}

func TestIntegerOrder(t *testing.T) {
	in := []string{"10", "9", "-10", "0", "-9", "123456789012345678901234567890", "-1"}
	slices.SortFunc(in, prepareInteger.compare)
	if want := []string{"-10", "-9", "-1", "0", "9", "10", "123456789012345678901234567890"}; !slices.Equal(in, want) {
		t.Errorf("%v", in)
	}
}

// FuzzPreparation holds that a prepared value stays as it is when it is
// prepared again, in the preparations that give values of the same syntax.
func FuzzPreparation(f *testing.F) {
	f.Add("  ÀÉ  ς\u0301\u00adﬁ ẞ")
	f.Fuzz(func(t *testing.T, v string) {
		for _, p := range []preparation{prepareFold, prepareExact, prepareNumeric, prepareTelephone, prepareInteger, prepareBoolean, prepareUUID} {
			once, ok := standard().prepared(p, v)
			if !ok {
				continue
			}
			if twice, ok := standard().prepared(p, once); !ok || twice != once {
				t.Fatalf("preparation %d: %q becomes %q and then %q", p, v, once, twice)
			}
		}
	})
}
