package memory

import (
	"testing"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

func TestFilters(t *testing.T) {
	c := small(t, Options{})
	c.want(dsml.Success, c.do(addRequest("cn=*,ou=a,"+base, "objectClass=device|serialNumber=A  B|description=Straße (1*2)")))
	const all = "eve bob *"
	for _, s := range []struct{ name, filter, want string }{
		{"presence", "(uid=*)", "eve bob"},
		{"case does not count", "(CN=eVE adams)", "eve"},
		{"white space does not count", "(cn=bob śliwa)", "bob"},
		{"nor at the ends", "(cn=  Bob Śliwa  )", "bob"},
		{"composed and decomposed letters", "(sn=S\u0301LIWA)", "bob"},
		{"ß and ss", "(description=STRASSE \\281\\2a2\\29)", "*"},
		{"D-80 a literal asterisk", `(cn=\2a)`, "*"},
		{"options", "(cn=Eva Adam)", "eve"},
		{"asked for an option", "(cn;lang-de=*)", "eve"},
		{"another option", "(cn;lang-fr=*)", ""},
		{"supertype", "(name=adams)", "eve"},
		{"subtype", "(sn=Eve Adams)", ""},
		{"numeric OID", "(2.5.4.3=eve adams)", "eve"},
		{"initial", "(cn=eve*)", "eve"},
		{"initial with space", "(cn=eve *)", "eve"},
		{"initial that is all of it", "(cn=eve adams*)", "eve"},
		{"parts must not overlap", "(cn=eve ad*dams)", ""},
		{"any and final", "(cn=*v*a*s)", "eve"},
		{"any in order", "(cn=*a*v*)", ""},
		{"only any", "(cn=*ŚLI*)", "bob"},
		{"telephone numbers without spaces and hyphens", "(telephoneNumber=+15550100)", "eve"},
		{"part of a telephone number", "(telephoneNumber=*5550-1*)", "eve"},
		{"class", "(objectClass=person)", "eve bob"},
		{"class by OID", "(objectClass=2.5.6.6)", "eve bob"},
		{"class that nobody listed", "(objectClass=organizationalPerson)", "eve bob"},
		{"names in names", "(manager=uid=EVE,ou=A,dc=example, dc=org)", "bob"},
		{"integer", "(uidNumber=01001)", "bob"},
		{"greater, as a number", "(uidNumber>=999)", "bob"},
		{"less, as a number", "(uidNumber<=999)", ""},
		{"greater, as text", "(sn>=adams)", "eve bob"},
		{"less, as text", "(sn<=b)", "eve"},
		{"time", "(createTimestamp>=20200101000000Z)", all},
		{"time in another zone", "(createTimestamp<=20200101000000+0100)", ""},
		{"approximate", "(sn~=sliwa)", "bob"},
		{"not", "(!(uid=eve))", "bob *"},
		{"and", "(&(uid=*)(uidNumber=*))", "bob"},
		{"or", "(|(uid=eve)(uidNumber=*))", "eve bob"},
		{"RFC 4526 true", "(&)", all},
		{"RFC 4526 false", "(|)", ""},

		{"undefined: unknown attribute", "(nonsense=*)", ""},
		{"undefined: its negation", "(!(nonsense=*))", ""},
		{"undefined or true", "(|(nonsense=a)(uid=eve))", "eve"},
		{"undefined and true", "(&(nonsense=a)(uid=eve))", ""},
		{"undefined and false, negated", "(!(&(nonsense=a)(uid=eve)))", "bob *"},
		{"undefined: no such value", "(!(uidNumber=many))", ""},
		{"undefined: no rule", "(!(audio=x))", ""},
		{"undefined: no ordering", "(!(manager>=uid=eve))", ""},
		{"undefined: no substrings", "(!(manager=*eve*))", ""},
		{"undefined: passwords", "(!(userPassword=apple))", ""},
		{"undefined: passwords, presence", "(|(userPassword=*)(!(userPassword=*)))", ""},
		{"false, not undefined", "(!(uidNumber=5))", all},

		{"extensible: exact case", "(cn:caseExactMatch:=Eve Adams)", "eve"},
		{"extensible: exact case, other case", "(cn:caseExactMatch:=eve adams)", ""},
		{"extensible: by OID", "(cn:2.5.13.5:=Eve Adams)", "eve"},
		{"extensible: no rule", "(cn:=eve adams)", "eve"},
		{"extensible: all attributes", "(:caseExactMatch:=Engineer)", "eve"},
		{"extensible: parts of the name", "(ou:dn:=A)", all},
		{"extensible: parts of the name, no attribute", "(:dn:caseIgnoreMatch:=EXAMPLE)", all},
		{"extensible: own attribute, not the name", "(ou:=a)", ""},
		{"extensible: bits", "(uidNumber:1.2.840.113556.1.4.803:=1000)", "bob"},
		{"extensible: bits that are not set", "(uidNumber:1.2.840.113556.1.4.803:=1002)", ""},
		{"extensible: one of the bits", "(uidNumber:1.2.840.113556.1.4.804:=1)", "bob"},
		{"extensible undefined: unknown rule", "(!(cn:nonsense:=a))", ""},
		{"extensible undefined: rule that does not fit", "(!(cn:integerMatch:=1))", ""},
		{"extensible undefined: unknown attribute", "(!(nonsense:=1))", ""},
		{"extensible undefined: no equality", "(!(audio:=1))", ""},

		{"what is not stored: name", "(entryDN=uid=eve,ou=a,dc=example,dc=org)", "eve"},
		{"what is not stored: leaf", "(hasSubordinates=FALSE)", all},
		{"what is not stored: count", "(numSubordinates>=1)", ""},
	} {
		r := c.find("ou=a,"+base, dsml.SingleLevel, s.filter, "1.1")
		if r.names() != s.want || r.Code != dsml.Success {
			t.Errorf("%s: %s finds %q (%v), want %q", s.name, s.filter, r.names(), r.Code, s.want)
		}
	}
}

// FuzzFilterEvaluation holds the laws of three-valued logic for any filter on
// some entries of the sample.
func FuzzFilterEvaluation(f *testing.F) {
	for _, s := range []string{"(cn=a*)", "(&(sn>=m)(!(mail=*x*)))", "(:dn:caseIgnoreMatch:=people)", "(uidNumber:1.2.840.113556.1.4.803:=2)", "(manager=uid=x,dc=y)", "(createTimestamp<=2026)", "(|(a=b)(cn~=é))", "(numSubordinates>=0)"} {
		f.Add(s, uint16(len(s)))
	}
	s, entries := standard(), sampleEntries()
	f.Fuzz(func(t *testing.T, text string, which uint16) {
		filter, err := dsml.ParseFilter(text)
		if err != nil {
			return
		}
		e := found{entries[int(which)%len(entries)], int(which) % 3}
		eval := func(f *dsml.Filter) truth {
			test, err := s.compile(f, 1)
			if err != nil {
				t.Fatalf("%s: %v", f, err)
			}
			return test(e)
		}
		v := eval(filter)
		wrap := func(k dsml.FilterKind, f ...*dsml.Filter) *dsml.Filter { return &dsml.Filter{Kind: k, Filters: f} }
		unknown := &dsml.Filter{Kind: dsml.Present, Name: "x-not-there"}
		for _, law := range []struct {
			f    *dsml.Filter
			want truth
		}{
			{wrap(dsml.Not, filter), -v},
			{wrap(dsml.Not, wrap(dsml.Not, filter)), v},
			{wrap(dsml.And, filter), v},
			{wrap(dsml.Or, filter, filter), v},
			{wrap(dsml.And, filter, wrap(dsml.Not, filter)), min(v, -v)},
			{wrap(dsml.Or, unknown, filter), max(v, unsure)},
			{wrap(dsml.And, filter, unknown), min(v, unsure)},
		} {
			if got := eval(law.f); got != law.want {
				t.Fatalf("%s is %d on %s, %s is %d", text, v, e.dn, law.f, got)
			}
		}
	})
}
