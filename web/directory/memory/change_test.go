package memory

import (
	"strings"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

func TestAdd(t *testing.T) {
	for _, s := range []struct {
		name, dn, attrs string
		code            dsml.ResultCode
		matched         string
	}{
		{"a device", "cn=x,ou=a," + base, "objectClass=device", dsml.Success, ""},
		{"name spelt in another way", "CN = x, OU=A;" + base, "objectClass=device|cn=X", dsml.Success, ""},
		{"RDN of two parts", "cn=x+serialNumber=7,ou=a," + base, "objectClass=device", dsml.Success, ""},
		{"escaped name", `cn=a\,b \2b\c3\a9,ou=a,` + base, "objectClass=device", dsml.Success, ""},
		{"anything in an extensible object", "cn=x,ou=a," + base, "objectClass=device|objectClass=extensibleObject|mail=a@b|uidNumber=7", dsml.Success, ""},
		{"the same attribute in two places", "cn=x,ou=a," + base, "objectClass=device|description=a|CN=x|2.5.4.13=b", dsml.Success, ""},
		{"D-65 no name", "nonsense", "objectClass=device", dsml.InvalidDNSyntax, ""},
		{"D-65 empty step", "cn=x,,ou=a," + base, "objectClass=device", dsml.InvalidDNSyntax, ""},
		{"D-65 no attribute name", "=x,ou=a," + base, "objectClass=device", dsml.InvalidDNSyntax, ""},
		{"there already", "UID=Eve,ou=a," + base, "objectClass=account", dsml.EntryAlreadyExists, ""},
		{"no parent", "cn=x,ou=zz,ou=a," + base, "objectClass=device", dsml.NoSuchObject, "ou=a," + base},
		{"no such tree", "dc=com", "objectClass=domain", dsml.NoSuchObject, ""},
		{"no objectClass", "cn=x,ou=a," + base, "description=a", dsml.ObjectClassViolation, ""},
		{"unknown class", "cn=x,ou=a," + base, "objectClass=device|objectClass=spaceship", dsml.ObjectClassViolation, ""},
		{"no structural class", "dc=x,ou=a," + base, "objectClass=dcObject", dsml.ObjectClassViolation, ""},
		{"two structural classes", "cn=x,ou=a," + base, "objectClass=device|objectClass=person|sn=x", dsml.ObjectClassViolation, ""},
		{"missing attribute", "cn=x,ou=a," + base, "objectClass=person", dsml.ObjectClassViolation, ""},
		{"missing attribute of a superclass", "cn=x,ou=a," + base, "objectClass=inetOrgPerson", dsml.ObjectClassViolation, ""},
		{"attribute of no class of it", "cn=x,ou=a," + base, "objectClass=device|mail=a@b", dsml.ObjectClassViolation, ""},
		{"RDN attribute of no class of it", "uid=x,ou=a," + base, "objectClass=device|cn=a", dsml.ObjectClassViolation, ""},
		{"unknown attribute", "cn=x,ou=a," + base, "objectClass=device|nonsense=a", dsml.UndefinedAttributeType, ""},
		{"unknown attribute in the RDN", "nonsense=x,ou=a," + base, "objectClass=device|cn=a", dsml.UndefinedAttributeType, ""},
		{"bad option", "cn=x,ou=a," + base, "objectClass=device|cn;a b=a", dsml.UndefinedAttributeType, ""},
		{"D-54 attribute without value", "cn=x,ou=a," + base, "objectClass=device|description", dsml.ProtocolError, ""},
		{"empty value", "cn=x,ou=a," + base, "objectClass=device|description=", dsml.InvalidAttributeSyntax, ""},
		{"value twice", "cn=x,ou=a," + base, "objectClass=device|description=a|description=A ", dsml.AttributeOrValueExists, ""},
		{"value twice in two places", "cn=x,ou=a," + base, "objectClass=device|description=a|2.5.4.13=A", dsml.AttributeOrValueExists, ""},
		{"two values of one", "cn=x,ou=a," + base, "objectClass=device|objectClass=extensibleObject|uidNumber=1|uidNumber=2", dsml.ConstraintViolation, ""},
		{"syntax: integer", "cn=x,ou=a," + base, "objectClass=device|objectClass=extensibleObject|uidNumber=one", dsml.InvalidAttributeSyntax, ""},
		{"syntax: name", "cn=x,ou=a," + base, "objectClass=device|owner=nobody", dsml.InvalidAttributeSyntax, ""},
		{"syntax: IA5", "cn=x,ou=a," + base, "objectClass=device|objectClass=extensibleObject|mail=é@b", dsml.InvalidAttributeSyntax, ""},
		{"syntax: telephone", "cn=x,ou=a," + base, "objectClass=device|objectClass=extensibleObject|telephoneNumber=ö", dsml.InvalidAttributeSyntax, ""},
		{"syntax: printable", "cn=x,ou=a," + base, "objectClass=device|serialNumber=a@b", dsml.InvalidAttributeSyntax, ""},
		{"syntax: country", "c=USA," + base, "objectClass=country", dsml.InvalidAttributeSyntax, ""},
		{"syntax: not UTF-8", "cn=x,ou=a," + base, "objectClass=device|description=\xff", dsml.InvalidAttributeSyntax, ""},
		{"what only the directory writes", "cn=x,ou=a," + base, "objectClass=device|entryUUID=01234567-89ab-cdef-0123-456789abcdef", dsml.ConstraintViolation, ""},
	} {
		c := small(t, Options{})
		d := c.conn.(*conn).d
		before := d.Len()
		r := c.want(s.code, c.do(addRequest(s.dn, s.attrs)))
		if t.Failed() {
			t.Logf("in: %s", s.name)
		}
		if r.MatchedDN != s.matched {
			t.Errorf("%s: matched %q, want %q", s.name, r.MatchedDN, s.matched)
		}
		if s.code == dsml.Success {
			before++
			if got := c.find(s.dn, dsml.BaseObject, "(objectClass=device)").entries; len(got) != 1 {
				t.Errorf("%s: it is not there", s.name)
			}
		}
		if d.Len() != before {
			t.Errorf("%s: %d entries, want %d", s.name, d.Len(), before)
		}
	}
}

func TestAddCompletes(t *testing.T) {
	c := small(t, Options{})
	c.want(dsml.Success, c.do(addRequest("cn=A\\, b+serialNumber=7 , OU=a,  dc=EXAMPLE,dc=org", "objectClass=device|CN=other")))
	r := c.find("ou=a,"+base, dsml.SingleLevel, "(objectClass=device)")
	if len(r.entries) != 1 || r.entries[0].DN != `cn=A\, b+serialNumber=7,ou=a,dc=example,dc=org` {
		t.Fatalf("%v", r.dns())
	}
	if got, want := text(r.entries[0]), "objectClass=device|objectClass=top|CN=other|CN=A, b|serialNumber=7"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestNamesAreBounded(t *testing.T) {
	c := small(t, Options{})
	dn := base
	for i := 2; i < depth; i++ {
		dn = "ou=x," + dn
		c.want(dsml.Success, c.do(addRequest(dn, "objectClass=organizationalUnit")))
	}
	c.want(dsml.UnwillingToPerform, c.do(addRequest("ou=x,"+dn, "objectClass=organizationalUnit")))
	c.want(dsml.UnwillingToPerform, c.do(&dsml.ModDNRequest{DN: "ou=x," + base, NewRDN: "ou=x", NewSuperior: dsml.Some("ou=b," + base)}))
}

func TestLongNamesAreCheap(t *testing.T) {
	c := small(t, Options{})
	// A look-up for each of the parts, each of which reads all the rest, took
	// five minutes for the longest name that fits into a request, and one look-up
	// takes a moment; between them is room for any machine.
	before := time.Now()
	r := c.find(strings.Repeat("cn=a,", 200_000)+base, dsml.BaseObject, "(objectClass=*)")
	if took := time.Since(before); took > time.Minute {
		t.Errorf("a long name took %v", took)
	}
	if r.Code != dsml.NoSuchObject || r.MatchedDN != base {
		t.Errorf("%v, matched %q", r.Code, r.MatchedDN)
	}
}

func TestDelete(t *testing.T) {
	c := small(t, Options{})
	d := c.conn.(*conn).d
	n := d.Len()
	c.want(dsml.InvalidDNSyntax, c.do(&dsml.DelRequest{DN: "nonsense"}))
	r := c.want(dsml.NoSuchObject, c.do(&dsml.DelRequest{DN: "cn=x,ou=a," + base}))
	if r.MatchedDN != "ou=a,"+base {
		t.Errorf("matched %q", r.MatchedDN)
	}
	c.want(dsml.NotAllowedOnNonLeaf, c.do(&dsml.DelRequest{DN: "ou=a," + base}))
	c.want(dsml.Success, c.do(&dsml.DelRequest{DN: "uid=EVE,ou=a," + base}))
	c.want(dsml.NoSuchObject, c.do(&dsml.DelRequest{DN: "uid=eve,ou=a," + base}))
	if d.Len() != n-1 {
		t.Errorf("%d entries of %d", d.Len(), n)
	}
	tree := dsml.FlagControl{OID: dsml.OIDTreeDelete}.Control(true)
	c.want(dsml.Success, c.do(with(&dsml.DelRequest{DN: base}, tree)))
	if d.Len() != 0 {
		t.Errorf("%d entries left", d.Len())
	}
	if r := c.find("", dsml.WholeSubtree, "(objectClass=*)"); len(r.entries) != 0 {
		t.Errorf("%v can still be found", r.dns())
	}
	c.want(dsml.Success, c.do(addRequest(base, "objectClass=domain")))
}

func TestModify(t *testing.T) {
	mods := func(list string) []dsml.Modification {
		ops := map[byte]dsml.ModifyOp{'+': dsml.ModifyAdd, '-': dsml.ModifyDelete, '=': dsml.ModifyReplace, '#': dsml.ModifyIncrement}
		var out []dsml.Modification
		for m := range strings.SplitSeq(list, "; ") {
			mod := dsml.Modification{Op: ops[m[0]]}
			name, values, found := strings.Cut(m[1:], "=")
			mod.Name = name
			if found {
				for v := range strings.SplitSeq(values, "|") {
					mod.Values = append(mod.Values, dsml.Value{Data: v})
				}
			}
			out = append(out, mod)
		}
		return out
	}
	const eve, bob, show = "uid=eve,ou=a," + base, "uid=bob,ou=a," + base, "description title sn uidNumber uid"
	const eveIs, bobIs = "sn=Adams|title=Engineer|uid=eve", "sn=Śliwa|uidNumber=1001|uid=bob"
	for _, s := range []struct {
		name, dn, mods string
		code           dsml.ResultCode
		want           string
	}{
		{"add", eve, "+description=a|b; +description=c", dsml.Success, "sn=Adams|title=Engineer|uid=eve|description=a|description=b|description=c"},
		{"add to one that is there", eve, "+title=Boss", dsml.Success, "sn=Adams|title=Engineer|title=Boss|uid=eve"},
		{"D-50 delete without value", eve, "-title", dsml.Success, "sn=Adams|uid=eve"},
		{"delete a value, in another case", eve, "+title=Boss; -title=ENGINEER", dsml.Success, "sn=Adams|title=Boss|uid=eve"},
		{"delete the last value", eve, "-title=Engineer", dsml.Success, "sn=Adams|uid=eve"},
		{"replace", eve, "=title=a|b", dsml.Success, "sn=Adams|title=a|title=b|uid=eve"},
		{"replace what is not there", eve, "=description=a", dsml.Success, eveIs + "|description=a"},
		{"D-51 replace by nothing", eve, "=title", dsml.Success, "sn=Adams|uid=eve"},
		{"D-51 replace by nothing what is not there", eve, "=description", dsml.Success, eveIs},
		{"D-52 in order", eve, "-sn; +sn=New", dsml.Success, "title=Engineer|uid=eve|sn=New"},
		{"increment", bob, "#uidNumber=41", dsml.Success, "sn=Śliwa|uidNumber=1042|uid=bob"},
		{"increment by less than nothing", bob, "#uidNumber=-2000", dsml.Success, "sn=Śliwa|uidNumber=-999|uid=bob"},
		{"no change", eve, "=title=Engineer", dsml.Success, eveIs},

		{"D-52 all or none", eve, "+description=a; -nonsense", dsml.UndefinedAttributeType, eveIs},
		{"D-52 all or none, schema", eve, "=description=a; -sn", dsml.ObjectClassViolation, eveIs},
		{"add nothing", eve, "+description", dsml.ProtocolError, eveIs},
		{"add a value that is there", eve, "+title=engineer", dsml.AttributeOrValueExists, eveIs},
		{"delete an attribute that is not there", eve, "-description", dsml.NoSuchAttribute, eveIs},
		{"delete a value that is not there", eve, "-title=Boss", dsml.NoSuchAttribute, eveIs},
		{"value of the RDN", eve, "-uid=eve", dsml.NotAllowedOnRDN, eveIs},
		{"value of the RDN, replaced", eve, "=uid=adam", dsml.NotAllowedOnRDN, eveIs},
		{"second value beside that of the RDN", eve, "+uid=adam", dsml.Success, "sn=Adams|title=Engineer|uid=eve|uid=adam"},
		{"syntax", eve, "+seeAlso=nobody", dsml.InvalidAttributeSyntax, eveIs},
		{"attribute of no class of it", eve, "+serialNumber=1", dsml.ObjectClassViolation, eveIs},
		{"second value of one", bob, "+uidNumber=7", dsml.ConstraintViolation, bobIs},
		{"what only the directory writes", eve, "=modifyTimestamp=20200101000000Z", dsml.ConstraintViolation, eveIs},
		{"what is not stored", eve, "=entryDN=cn=x", dsml.ConstraintViolation, eveIs},
		{"another structural class", eve, "=objectClass=account", dsml.ObjectClassViolation, eveIs},
		{"less of a class", eve, "=objectClass=person; -title; -mail; -uid", dsml.NotAllowedOnRDN, eveIs},
		{"increment what is not there", eve, "+objectClass=posixAccount; +uidNumber=1; +gidNumber=1; +homeDirectory=/; -uidNumber; #uidNumber=1", dsml.NoSuchAttribute, eveIs},
		{"increment text", eve, "#title=1", dsml.ConstraintViolation, eveIs},
		{"increment by two values", bob, "#uidNumber=1|2", dsml.ProtocolError, bobIs},
		{"increment by nothing", bob, "#uidNumber", dsml.ProtocolError, bobIs},
		{"no entry", "uid=nobody,ou=a," + base, "+description=a", dsml.NoSuchObject, ""},
		{"no name", "nobody", "+description=a", dsml.InvalidDNSyntax, ""},
	} {
		c := small(t, Options{})
		c.want(s.code, c.do(&dsml.ModifyRequest{DN: s.dn, Modifications: mods(s.mods)}))
		if s.want != "" {
			if got := c.show(s.dn, strings.Fields(show)...); got != s.want {
				t.Errorf("%s: %s, want %s", s.name, got, s.want)
			}
		}
		if t.Failed() {
			t.Fatalf("in: %s", s.name)
		}
	}
	c := small(t, Options{})
	c.want(dsml.ProtocolError, c.do(&dsml.ModifyRequest{DN: eve, Modifications: []dsml.Modification{{Name: "title", Op: 9}}}))
	c.want(dsml.Success, c.do(with(&dsml.ModifyRequest{DN: eve, Modifications: mods("+title=engineer|Boss; -description; -title=Nobody")}, dsml.FlagControl{OID: dsml.OIDPermissiveModify}.Control(true))))
	if got := c.show(eve, "title"); got != "title=Engineer|title=Boss" {
		t.Errorf("permissive modify: %s", got)
	}
	c.want(dsml.ObjectClassModsProhibited, c.do(&dsml.ModifyRequest{DN: "cn=team,ou=b," + base, Modifications: mods("=objectClass=device; -member")}))
	c.want(dsml.UnwillingToPerform, c.do(&dsml.ModifyRequest{DN: "cn=Subschema"}))
}

func TestModifyStamps(t *testing.T) {
	c := small(t, Options{Now: ticking()})
	before := c.show("ou=a,"+base, "createTimestamp", "modifyTimestamp", "entryUUID")
	c.want(dsml.Success, c.do(&dsml.ModifyRequest{DN: "ou=a," + base}))
	after := c.show("ou=a,"+base, "createTimestamp", "modifyTimestamp", "entryUUID")
	b, a := strings.Split(before, "|"), strings.Split(after, "|")
	if b[0] != a[0] || b[1] != a[1] || !strings.HasPrefix(a[2], "modifyTimestamp=") || b[2] >= a[2] {
		t.Errorf("%s became %s", before, after)
	}
}

func TestRename(t *testing.T) {
	const eve = "uid=eve,ou=a," + base
	to := dsml.Some
	for _, s := range []struct {
		name string
		req  dsml.ModDNRequest
		code dsml.ResultCode
		dn   string // after it
		want string // uid, cn
	}{
		{"D-57 the old value goes", dsml.ModDNRequest{DN: eve, NewRDN: "uid=Ada"}, dsml.Success, "uid=Ada,ou=a," + base, "cn=Eve Adams|cn;lang-de=Eva Adam|uid=Ada"},
		{"the old value stays", dsml.ModDNRequest{DN: eve, NewRDN: "uid=ada", KeepOldRDN: true}, dsml.Success, "uid=ada,ou=a," + base, "cn=Eve Adams|cn;lang-de=Eva Adam|uid=eve|uid=ada"},
		{"another attribute", dsml.ModDNRequest{DN: eve, NewRDN: "cn=eve adams"}, dsml.Success, "cn=eve adams,ou=a," + base, "cn=Eve Adams|cn;lang-de=Eva Adam"},
		{"two attributes", dsml.ModDNRequest{DN: eve, NewRDN: "cn=Eve+uid=eve"}, dsml.Success, "cn=Eve+uid=eve,ou=a," + base, "cn=Eve Adams|cn=Eve|cn;lang-de=Eva Adam|uid=eve"},
		{"case alone", dsml.ModDNRequest{DN: eve, NewRDN: "uid=EVE"}, dsml.Success, "uid=EVE,ou=a," + base, "cn=Eve Adams|cn;lang-de=Eva Adam|uid=EVE"},
		{"move", dsml.ModDNRequest{DN: eve, NewRDN: "uid=eve", NewSuperior: to("OU=b," + base)}, dsml.Success, "uid=eve,ou=b," + base, "cn=Eve Adams|cn;lang-de=Eva Adam|uid=eve"},
		{"move to where it is", dsml.ModDNRequest{DN: eve, NewRDN: "uid=eve", NewSuperior: to("ou=a," + base)}, dsml.Success, eve, "cn=Eve Adams|cn;lang-de=Eva Adam|uid=eve"},
		{"move to the top", dsml.ModDNRequest{DN: eve, NewRDN: "uid=eve", NewSuperior: to("")}, dsml.UnwillingToPerform, eve, ""},
		{"taken", dsml.ModDNRequest{DN: eve, NewRDN: "UID=Bob"}, dsml.EntryAlreadyExists, eve, ""},
		{"no new parent", dsml.ModDNRequest{DN: eve, NewRDN: "uid=eve", NewSuperior: to("ou=z," + base)}, dsml.NoSuchObject, eve, ""},
		{"below itself", dsml.ModDNRequest{DN: "ou=a," + base, NewRDN: "ou=a", NewSuperior: to(eve)}, dsml.UnwillingToPerform, eve, ""},
		{"below an alias", dsml.ModDNRequest{DN: eve, NewRDN: "uid=eve", NewSuperior: to("cn=eva,ou=b," + base)}, dsml.AliasProblem, eve, ""},
		{"two steps", dsml.ModDNRequest{DN: eve, NewRDN: "uid=eve,ou=b"}, dsml.InvalidDNSyntax, eve, ""},
		{"no step", dsml.ModDNRequest{DN: eve}, dsml.InvalidDNSyntax, eve, ""},
		{"no RDN", dsml.ModDNRequest{DN: eve, NewRDN: "eve"}, dsml.InvalidDNSyntax, eve, ""},
		{"unknown attribute", dsml.ModDNRequest{DN: eve, NewRDN: "nonsense=eve"}, dsml.UndefinedAttributeType, eve, ""},
		{"attribute of no class of it", dsml.ModDNRequest{DN: eve, NewRDN: "serialNumber=1"}, dsml.ObjectClassViolation, eve, ""},
		{"the last value of one it needs", dsml.ModDNRequest{DN: "cn=team,ou=b," + base, NewRDN: "ou=team"}, dsml.ObjectClassViolation, eve, ""},
		{"no entry", dsml.ModDNRequest{DN: "uid=x," + base, NewRDN: "uid=y"}, dsml.NoSuchObject, eve, ""},
		{"the root of the tree", dsml.ModDNRequest{DN: base, NewRDN: "dc=other"}, dsml.UnwillingToPerform, eve, ""},
	} {
		c := small(t, Options{})
		c.want(s.code, c.do(&s.req))
		r := c.find(s.dn, dsml.BaseObject, "(objectClass=*)", "cn", "uid")
		if len(r.entries) != 1 || r.entries[0].DN != s.dn {
			t.Errorf("%s: found %v", s.name, r.dns())
		} else if got := text(r.entries[0]); s.want != "" && got != s.want {
			t.Errorf("%s: %s, want %s", s.name, got, s.want)
		}
		if s.dn != eve && !strings.EqualFold(s.dn, eve) {
			c.want(dsml.NoSuchObject, c.find(eve, dsml.BaseObject, "(cn=*)").LDAPResult)
		}
	}
}

func TestRenameSubtree(t *testing.T) {
	c := small(t, Options{})
	c.want(dsml.Success, c.do(&dsml.ModDNRequest{DN: "ou=a," + base, NewRDN: "ou=z", NewSuperior: dsml.Some("ou=b," + base)}))
	r := c.find(base, dsml.WholeSubtree, "(|(uid=*)(ou=z))", "entryDN")
	want := []string{"ou=z,ou=b," + base, "uid=eve,ou=z,ou=b," + base, "uid=bob,ou=z,ou=b," + base}
	if got := r.dns(); strings.Join(got, ";") != strings.Join(want, ";") {
		t.Fatalf("%v", got)
	}
	for _, e := range r.entries {
		if text(e) != "entryDN="+e.DN {
			t.Errorf("%s: %s", e.DN, text(e))
		}
	}
	c.want(dsml.NoSuchObject, c.find("uid=eve,ou=a,"+base, dsml.BaseObject, "(uid=*)").LDAPResult)
	c.want(dsml.Success, c.do(addRequest("ou=a,"+base, "objectClass=organizationalUnit")))
	c.want(dsml.Success, c.do(&dsml.DelRequest{DN: "uid=eve,ou=z,ou=b," + base}))
}

func TestD_60_Compare(t *testing.T) {
	c := small(t, Options{})
	const eve = "uid=eve,ou=a," + base
	for _, s := range []struct {
		name, dn, attribute, value string
		code                       dsml.ResultCode
	}{
		{"D-60 equal", eve, "sn", "ADAMS", dsml.CompareTrue},
		{"D-60 not equal", eve, "sn", "Eve", dsml.CompareFalse},
		{"one of several", eve, "objectClass", "person", dsml.CompareTrue},
		{"option", eve, "cn;lang-de", "eva adam", dsml.CompareTrue},
		{"value of an option", eve, "cn", "eva adam", dsml.CompareTrue},
		{"supertype", eve, "name", "engineer", dsml.CompareTrue},
		{"what is not stored", eve, "entryDN", "UID=eve,OU=a," + base, dsml.CompareTrue},
		{"password, which cannot be read", eve, "userPassword", "apple", dsml.CompareTrue},
		{"another password", eve, "userPassword", "pear", dsml.CompareFalse},
		{"no such attribute in it", eve, "description", "a", dsml.NoSuchAttribute},
		{"unknown attribute", eve, "nonsense", "a", dsml.UndefinedAttributeType},
		{"value of another syntax", "uid=bob,ou=a," + base, "uidNumber", "many", dsml.InvalidAttributeSyntax},
		{"no entry", "uid=x," + base, "uid", "x", dsml.NoSuchObject},
		{"no name", "x", "uid", "x", dsml.InvalidDNSyntax},
		{"an alias is not followed", "cn=eva,ou=b," + base, "cn", "eva", dsml.CompareTrue},
	} {
		r := c.do(&dsml.CompareRequest{DN: s.dn, Name: s.attribute, Value: dsml.Value{Data: s.value}})
		if r.Code != s.code {
			t.Errorf("%s: %v, want %v", s.name, r.Code, s.code)
		}
	}
	c = connect(t, Sample())
	for password, code := range map[string]dsml.ResultCode{"secret": dsml.CompareTrue, "{SSHA}UgCJjM+VJJYduihDuk0aPpDtY9RzYWx0eQ==": dsml.CompareFalse} {
		c.want(code, c.do(&dsml.CompareRequest{DN: "uid=admin,ou=services," + base, Name: "userPassword", Value: dsml.Value{Data: password}}))
	}
	photo := c.find(people, dsml.SingleLevel, "(jpegPhoto=*)", "jpegPhoto").entries[0]
	c.want(dsml.CompareTrue, c.do(&dsml.CompareRequest{DN: photo.DN, Name: "jpegPhoto", Value: photo.Attrs[0].Values[0]}))
	c.want(dsml.CompareFalse, c.do(&dsml.CompareRequest{DN: photo.DN, Name: "jpegPhoto", Value: dsml.Value{Data: "x"}}))
	audio := []dsml.Modification{{Op: dsml.ModifyReplace, Name: "audio", Values: []dsml.Value{{Data: "x"}}}}
	c.want(dsml.Success, c.do(&dsml.ModifyRequest{DN: photo.DN, Modifications: audio}))
	c.want(dsml.InappropriateMatching, c.do(&dsml.CompareRequest{DN: photo.DN, Name: "audio", Value: dsml.Value{Data: "x"}}))
}
