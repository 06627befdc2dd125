package memory

import (
	"testing"
)

func TestNames(t *testing.T) {
	s := standard()
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"cn=a,dc=b", "CN=A, DC=B", true},
		{"cn=a,dc=b", "cn = a ; dc= b ", true},
		{"cn=a,dc=b", "2.5.4.3=a,0.9.2342.19200300.100.1.25=b", true},
		{"cn=a,dc=b", "commonName=a,domainComponent=b", true},
		{"cn=a b", "cn=a   b", true},
		{"cn=a+uid=b", "UID=b + CN=a", true},
		{"cn=a+uid=b", "cn=a", false},
		{"cn=a+uid=b", "cn=a,uid=b", false},
		{`cn=a\,uid=b`, "cn=a,uid=b", false},
		{`cn=a\,2.5.4.3=b`, "cn=a,cn=b", false},
		{`cn=a\+2.5.4.3=b`, "cn=a+cn=b", false},
		{`cn=a\,b`, `cn=a\2cb`, true},
		{`cn=a\+uid\=b`, "cn=a+uid=b", false},
		{`cn=a\\2cb`, `cn=a\2cb`, false},
		{`cn=\c3\a9`, "cn=É", true},
		{`cn=\ a\ `, "cn=a", true}, // white space at the ends does not count
		{`cn=#0c0161`, "cn=a", true},
		{`cn=\#a`, "cn=a", false},
		{"uidNumber=007", "uidNumber=7", true},
		{"x-mine=A", "X-Mine=a", true},
		{"", " ", true},
		{"1.2.3.4=x", "1.2.3.5=x", false},
		{"ou=ß", "ou=SS", true},
	} {
		a, err := s.parseName(c.a)
		if err != nil {
			t.Errorf("%q: %v", c.a, err)
		}
		b, err := s.parseName(c.b)
		if err != nil {
			t.Errorf("%q: %v", c.b, err)
		}
		if (a.key() == b.key()) != c.same {
			t.Errorf("%q and %q have the keys %q and %q", c.a, c.b, a.key(), b.key())
		}
	}
	for text, want := range map[string]string{
		" CN = a\\  ,  dc=b": `CN = a\ ,dc=b`, `cn=a\\ ,dc=b`: `cn=a\\,dc=b`, "cn=a\\,b+sn=c;dc=d": `cn=a\,b+sn=c,dc=d`, "": "",
	} {
		n, err := s.parseName(text)
		if err != nil || n.String() != want {
			t.Errorf("%q: %q, %v; want %q", text, n, err, want)
		}
	}
	for _, bad := range []string{"a", "=a", "cn=a,", ",", "cn=a,,dc=b", "cn=a,b", `cn=\`, `cn=\zz`, `cn="a`, "cn=a<b", "c n=a", "1.=a", "cn=#zz", "cn=#0c0261", "cn=\xff", "cn=a+", "cn;lang-de=a"} {
		if n, err := s.parseName(bad); err == nil {
			t.Errorf("%q is read as %q", bad, n)
		}
	}
}

func TestUnder(t *testing.T) {
	s := standard()
	name := func(text string) name {
		n, err := s.parseName(text)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	for _, c := range []struct {
		n, base string
		want    bool
	}{{"cn=a,dc=b", "dc=B", true}, {"cn=a,dc=b", "CN=a,dc=b", true}, {"dc=b", "cn=a,dc=b", false}, {"cn=a,dc=bb", "dc=b", false}, {"dc=b", "", true}} {
		if got := name(c.n).under(name(c.base)); got != c.want {
			t.Errorf("%q under %q: %v", c.n, c.base, got)
		}
	}
	if !name("").parent().isRoot() || name("cn=a,dc=b").parent().String() != "dc=b" {
		t.Error("parents are wrong")
	}
}

// FuzzName holds that a name reads the same after it was written.
func FuzzName(f *testing.F) {
	for _, s := range []string{"cn=a,dc=b", `cn=a\,b+sn=\c3\a9;dc=#0c0161`, " cn = a\\  , dc=b", `cn=\\\ `} {
		f.Add(s)
	}
	s := standard()
	f.Fuzz(func(t *testing.T, text string) {
		n, err := s.parseName(text)
		if err != nil {
			return
		}
		again, err := s.parseName(n.String())
		if err != nil || again.key() != n.key() || again.String() != n.String() {
			t.Fatalf("%q is written as %q and read as %q, %v", text, n, again, err)
		}
		if !n.under(again) || !n.isRoot() && !n.under(n.parent()) {
			t.Fatalf("%q is not below itself or its parent", text)
		}
	})
}
