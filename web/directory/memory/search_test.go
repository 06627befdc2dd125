package memory

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

const people = "ou=people," + base

func TestSearchScopes(t *testing.T) {
	c := small(t, Options{})
	for _, s := range []struct {
		dn    string
		scope dsml.Scope
		want  string
		refs  int
	}{
		{base, dsml.BaseObject, "example", 0},
		{base, dsml.SingleLevel, "a b", 0},
		{base, dsml.WholeSubtree, "example a eve bob b team eva", 1},
		{"OU=A , DC=example,dc=ORG", dsml.SingleLevel, "eve bob", 0},
		{"2.5.4.11=a,0.9.2342.19200300.100.1.25=example,domainComponent=org", dsml.BaseObject, "a", 0},
		{"ou=b," + base, dsml.SingleLevel, "team eva", 1},
		{"uid=eve,ou=a," + base, dsml.SingleLevel, "", 0},
		{"", dsml.SingleLevel, "example", 0},
		{"", dsml.WholeSubtree, "example a eve bob b team eva", 1},
	} {
		r := c.find(s.dn, s.scope, "(objectClass=*)", "1.1")
		c.want(dsml.Success, r.LDAPResult)
		if r.names() != s.want || len(r.refs) != s.refs {
			t.Errorf("%q scope %d: %s, %d references; want %s, %d", s.dn, s.scope, r.names(), len(r.refs), s.want, s.refs)
		}
	}
}

func TestSearchFailures(t *testing.T) {
	c := small(t, Options{})
	for _, s := range []struct {
		name    string
		req     *dsml.SearchRequest
		code    dsml.ResultCode
		matched string
	}{
		{"D-65 wrong syntax of the name", searchRequest(t, "no name", 0, "(a=*)"), dsml.InvalidDNSyntax, ""},
		{"D-65 name that is not UTF-8", searchRequest(t, "cn=\xff", 0, "(a=*)"), dsml.InvalidDNSyntax, ""},
		{"D-94 no such base", searchRequest(t, "cn=x,cn=y,OU=A,"+base, 0, "(cn=*)"), dsml.NoSuchObject, "ou=a," + base},
		{"no such tree", searchRequest(t, "dc=example,dc=com", 0, "(cn=*)"), dsml.NoSuchObject, ""},
		{"no filter", &dsml.SearchRequest{DN: base}, dsml.ProtocolError, ""},
		{"not of two", &dsml.SearchRequest{DN: base, Filter: &dsml.Filter{Kind: dsml.Not, Filters: []*dsml.Filter{{Kind: dsml.And}, {Kind: dsml.And}}}}, dsml.ProtocolError, ""},
		{"substrings of nothing", &dsml.SearchRequest{DN: base, Filter: &dsml.Filter{Kind: dsml.Substrings, Name: "cn"}}, dsml.ProtocolError, ""},
		{"extensible match of nothing", &dsml.SearchRequest{DN: base, Filter: &dsml.Filter{Kind: dsml.ExtensibleMatch}}, dsml.ProtocolError, ""},
		{"a filter of no kind", &dsml.SearchRequest{DN: base, Filter: &dsml.Filter{}}, dsml.ProtocolError, ""},
		{"a scope of no kind", &dsml.SearchRequest{DN: base, Scope: 3, Filter: &dsml.Filter{Kind: dsml.And}}, dsml.ProtocolError, ""},
		{"negative limit", &dsml.SearchRequest{DN: base, SizeLimit: -1, Filter: &dsml.Filter{Kind: dsml.And}}, dsml.ProtocolError, ""},
	} {
		r := c.search(s.req)
		if r.Code != s.code || r.MatchedDN != s.matched || len(r.entries) != 0 {
			t.Errorf("%s: %v, matched %q, %d entries", s.name, r.Code, r.MatchedDN, len(r.entries))
		}
	}
	deep := &dsml.Filter{Kind: dsml.And}
	for range filterDepth {
		deep = &dsml.Filter{Kind: dsml.Not, Filters: []*dsml.Filter{deep}}
	}
	c.want(dsml.UnwillingToPerform, c.search(&dsml.SearchRequest{DN: base, Filter: deep}).LDAPResult)
	c.want(dsml.Success, c.search(&dsml.SearchRequest{DN: base, Filter: deep.Filters[0]}).LDAPResult)
}

func TestAttributeSelection(t *testing.T) {
	c := small(t, Options{Now: ticking(), Rand: strings.NewReader(strings.Repeat("0123456789abcdef", 99))})
	const eve = "uid=eve,ou=a," + base
	const user = "objectClass=inetOrgPerson|objectClass=organizationalPerson|objectClass=person|objectClass=top|cn=Eve Adams|cn;lang-de=Eva Adam|sn=Adams|title=Engineer|telephoneNumber=+1 555-0100|mail=eve@example.org|uid=eve"
	const operational = "|entryUUID=30313233-3435-4637-b839-616263646566|createTimestamp=20260304050611Z|creatorsName=|modifyTimestamp=20260304050611Z|modifiersName=|hasSubordinates=FALSE|numSubordinates=0|subschemaSubentry=cn=Subschema|entryDN=" + eve
	for _, s := range []struct {
		name, attributes, want string
	}{
		{"D-44 nothing asked for", "", user},
		{"D-46 all user attributes", "*", user},
		{"D-46 all", "* +", user + "|structuralObjectClass=inetOrgPerson" + operational},
		{"D-46 all operational ones", "+", "structuralObjectClass=inetOrgPerson" + operational},
		{"D-45 none", "1.1", ""},
		{"D-45 none, and one", "1.1 SN", "sn=Adams"},
		{"one with its options", "cn", "cn=Eve Adams|cn;lang-de=Eva Adam"},
		{"one option", "cn;LANG-de", "cn;lang-de=Eva Adam"},
		{"an option that is not there", "cn;lang-fr", ""},
		{"the supertype", "name", "cn=Eve Adams|cn;lang-de=Eva Adam|sn=Adams|title=Engineer"},
		{"an OID", "2.5.4.4", "sn=Adams"},
		{"a second name", "surname", "sn=Adams"},
		{"by class", "@uidObject", "objectClass=inetOrgPerson|objectClass=organizationalPerson|objectClass=person|objectClass=top|uid=eve"},
		{"unknown ones", "nonsense @nonsense sn", "sn=Adams"},
		{"the same twice", "sn sn surname *", user},
		{"what can be written and not read", "userPassword mail", "mail=eve@example.org"},
		{"one that is not stored", "entryDN hassubordinates", "hasSubordinates=FALSE|entryDN=" + eve},
	} {
		if got := c.show(eve, strings.Fields(s.attributes)...); got != s.want {
			t.Errorf("%s: %s\nwant %s", s.name, got, s.want)
		}
	}
	if got := c.show("ou=a,"+base, "hasSubordinates", "numSubordinates"); got != "hasSubordinates=TRUE|numSubordinates=2" {
		t.Error(got)
	}
	req := searchRequest(t, eve, dsml.BaseObject, "(cn=*)", "sn", "mail")
	req.TypesOnly = true
	if got := text(c.search(req).entries[0]); got != "sn|mail" {
		t.Errorf("typesOnly: %s", got)
	}
}

func TestD_87_ValueTypes(t *testing.T) {
	c := small(t, Options{})
	c.want(dsml.Success, c.do(addRequest("cn=bin,ou=a,"+base, "objectClass=inetOrgPerson|sn=a\x01b|description=a\tb|jpegPhoto=text|userCertificate;binary=\xff")))
	e := c.find("cn=bin,ou=a,"+base, dsml.BaseObject, "(cn=*)", "sn", "description", "jpegPhoto", "userCertificate").entries[0]
	for i, want := range []dsml.ValueType{dsml.Base64Binary, dsml.Text, dsml.Base64Binary, dsml.Base64Binary} {
		if got := e.Attrs[i].Values[0].Type; got != want {
			t.Errorf("%s is of type %d, want %d", e.Attrs[i].Name, got, want)
		}
	}
}

func TestD_47_RootDSE(t *testing.T) {
	c := connect(t, Sample())
	for _, attributes := range [][]string{nil, {"*"}, {"+"}, {"*", "+"}, {"namingContexts", "supportedControl", "supportedExtension", "supportedFeatures", "supportedLDAPVersion", "subschemaSubentry", "vendorName"}} {
		got := "|" + c.show("", attributes...) + "|"
		for _, want := range []string{
			"namingContexts=dc=example,dc=org", "supportedControl=1.2.840.113556.1.4.319", "supportedExtension=1.3.6.1.4.1.4203.1.11.3",
			"supportedFeatures=1.3.6.1.4.1.4203.1.5.1", "supportedLDAPVersion=3", "subschemaSubentry=cn=Subschema", "vendorName=dsmlkit",
		} {
			if !strings.Contains(got, "|"+want+"|") {
				t.Errorf("asked for %v: no %s in %s", attributes, want, got)
			}
		}
	}
	if got := c.show("", "vendorName"); got != "vendorName=dsmlkit" {
		t.Error(got)
	}
	c.want(dsml.Success, c.find("", dsml.BaseObject, "(supportedLDAPVersion=3)").LDAPResult)
	if r := c.find("", dsml.BaseObject, "(vendorName=other)"); len(r.entries) != 0 {
		t.Error("the root DSE matches a filter that it should not")
	}
	c.want(dsml.InsufficientAccessRights, c.do(&dsml.DelRequest{}))
	c.want(dsml.NoSuchAttribute, c.do(&dsml.CompareRequest{Name: "cn"}))
	c.want(dsml.CompareTrue, c.do(&dsml.CompareRequest{Name: "vendorName", Value: dsml.Value{Data: "dsmlkit"}}))
	c.want(dsml.UnwillingToPerform, c.do(&dsml.ModDNRequest{NewRDN: "cn=x"}))
	c.want(dsml.UnwillingToPerform, c.do(&dsml.ModifyRequest{}))
	c.want(dsml.EntryAlreadyExists, c.do(addRequest("", "objectClass=device")))
}

func TestSubschema(t *testing.T) {
	c := connect(t, Sample())
	r := c.find("CN=subschema", dsml.BaseObject, "(objectClass=subschema)", "attributeTypes", "objectClasses", "matchingRules", "ldapSyntaxes")
	if len(r.entries) != 1 || len(r.entries[0].Attrs) != 4 {
		t.Fatalf("%v, %d entries", r.Code, len(r.entries))
	}
	for _, a := range r.entries[0].Attrs {
		if len(a.Values) < 25 {
			t.Errorf("%s has %d values", a.Name, len(a.Values))
		}
		for _, v := range a.Values {
			if !strings.HasPrefix(v.Data, "( ") || !strings.HasSuffix(v.Data, " )") {
				t.Errorf("%s: %s", a.Name, v.Data)
			}
		}
	}
	if r := c.find("cn=Subschema", dsml.BaseObject, "(attributeTypes=uidNumber)", "1.1"); len(r.entries) != 1 {
		t.Error("the first component of a definition does not match by name")
	}
	if r := c.find("cn=Subschema", dsml.SingleLevel, "(objectClass=*)"); len(r.entries) != 0 || r.Code != dsml.Success {
		t.Error("something is below the subschema")
	}
	if r := c.find("", dsml.WholeSubtree, "(objectClass=subschema)"); len(r.entries) != 0 {
		t.Error("the subschema is in the tree")
	}
	c.want(dsml.EntryAlreadyExists, c.do(addRequest("cn=subschema", "objectClass=device")))
}

func TestD_95_SizeLimit(t *testing.T) {
	c := connect(t, Sample())
	for _, s := range []struct {
		limit int32
		want  int
		code  dsml.ResultCode
	}{{0, 2000, dsml.Success}, {1, 1, dsml.SizeLimitExceeded}, {1999, 1999, dsml.SizeLimitExceeded}, {2000, 2000, dsml.Success}, {2001, 2000, dsml.Success}} {
		req := searchRequest(t, people, dsml.SingleLevel, "(objectClass=person)", "1.1")
		req.SizeLimit = s.limit
		if r := c.search(req); len(r.entries) != s.want || r.Code != s.code {
			t.Errorf("D-95 limit %d: %d entries, %v", s.limit, len(r.entries), r.Code)
		}
	}
	c = connect(t, NewSample(Options{SizeLimit: 100}))
	r := c.find(people, dsml.SingleLevel, "(objectClass=person)", "1.1")
	if len(r.entries) != 100 || r.Code != dsml.AdminLimitExceeded {
		t.Errorf("the directory's own limit: %d entries, %v", len(r.entries), r.Code)
	}
	if n := len(pages(c, searchRequest(t, people, dsml.SingleLevel, "(objectClass=person)", "1.1"), 150)); n != 14 {
		t.Errorf("the directory's own limit holds up paging: %d pages", n)
	}
}

func TestTimeLimit(t *testing.T) {
	c := connect(t, NewSample(Options{Now: ticking()}))
	req := searchRequest(t, people, dsml.SingleLevel, "(objectClass=person)", "1.1")
	req.TimeLimit = 3
	// The clock is looked at once at the beginning and then every 256 hits.
	r := c.search(req)
	if r.Code != dsml.TimeLimitExceeded || len(r.entries) != 3*checkEvery-1 {
		t.Errorf("%d entries, %v", len(r.entries), r.Code)
	}
	req.TimeLimit = 100
	if r := c.search(req); r.Code != dsml.Success || len(r.entries) != 2000 {
		t.Errorf("%d entries, %v", len(r.entries), r.Code)
	}
}

func TestSearchIsGivenUp(t *testing.T) {
	c := connect(t, Sample())
	req := searchRequest(t, people, dsml.SingleLevel, "(objectClass=person)", "1.1")
	gone := errors.New("the reader is gone")
	n := 0
	resp, err := c.conn.Do(context.Background(), req, func(directory.SearchItem) error {
		if n++; n == 10 {
			return gone
		}
		return nil
	})
	if resp != nil || !errors.Is(err, gone) || n != 10 {
		t.Errorf("emit failed: %v, %v after %d", resp, err, n)
	}
	ctx, cancel := context.WithCancel(context.Background())
	n = 0
	resp, err = c.conn.Do(ctx, req, func(directory.SearchItem) error {
		if n++; n == 10 {
			cancel()
		}
		return nil
	})
	if resp != nil || !errors.Is(err, context.Canceled) || n > 10+checkEvery {
		t.Errorf("cancelled: %v, %v after %d", resp, err, n)
	}
}

func TestAliases(t *testing.T) {
	c := small(t, Options{})
	c.want(dsml.Success, c.do(addRequest("cn=units,"+base, "objectClass=alias|objectClass=extensibleObject|aliasedObjectName=ou=a,"+base)))
	c.want(dsml.Success, c.do(addRequest("cn=dangling,ou=b,"+base, "objectClass=alias|objectClass=extensibleObject|aliasedObjectName=ou=nowhere,"+base)))
	c.want(dsml.Success, c.do(addRequest("cn=one,ou=b,"+base, "objectClass=alias|objectClass=extensibleObject|aliasedObjectName=cn=two,ou=b,"+base)))
	c.want(dsml.Success, c.do(addRequest("cn=two,ou=b,"+base, "objectClass=alias|objectClass=extensibleObject|aliasedObjectName=cn=one,ou=b,"+base)))
	c.want(dsml.AliasProblem, c.do(addRequest("cn=x,cn=units,"+base, "objectClass=device")))
	for _, s := range []struct {
		dn    string
		scope dsml.Scope
		deref dsml.DerefAliases
		want  string
		code  dsml.ResultCode
	}{
		{"cn=eva,ou=b," + base, dsml.BaseObject, dsml.NeverDerefAliases, "eva", dsml.Success},
		{"cn=eva,ou=b," + base, dsml.BaseObject, dsml.DerefInSearching, "eva", dsml.Success},
		{"cn=eva,ou=b," + base, dsml.BaseObject, dsml.DerefFindingBaseObj, "eve", dsml.Success},
		{"cn=eva,ou=b," + base, dsml.BaseObject, dsml.DerefAlways, "eve", dsml.Success},
		{"uid=bob,cn=units," + base, dsml.BaseObject, dsml.DerefAlways, "bob", dsml.Success},
		{"uid=bob,cn=units," + base, dsml.BaseObject, dsml.NeverDerefAliases, "", dsml.NoSuchObject},
		{"uid=nobody,cn=units," + base, dsml.BaseObject, dsml.DerefAlways, "", dsml.NoSuchObject},
		{"cn=units," + base, dsml.SingleLevel, dsml.DerefFindingBaseObj, "eve bob", dsml.Success},
		{"cn=dangling,ou=b," + base, dsml.BaseObject, dsml.DerefAlways, "", dsml.AliasProblem},
		{"cn=one,ou=b," + base, dsml.BaseObject, dsml.DerefAlways, "", dsml.AliasDereferencingProblem},
		{"ou=b," + base, dsml.SingleLevel, dsml.DerefInSearching, "team eve", dsml.Success},
		{"ou=b," + base, dsml.SingleLevel, dsml.NeverDerefAliases, "team eva dangling one two", dsml.Success},
		{base, dsml.SingleLevel, dsml.DerefInSearching, "a b", dsml.Success},
		{base, dsml.WholeSubtree, dsml.DerefAlways, "example a eve bob b team", dsml.Success},
		{"ou=b," + base, dsml.WholeSubtree, dsml.DerefAlways, "b team eve", dsml.Success},
	} {
		req := searchRequest(t, s.dn, s.scope, "(objectClass=*)", "1.1")
		req.DerefAliases = s.deref
		if r := c.search(req); r.names() != s.want || r.Code != s.code {
			t.Errorf("%s scope %d deref %d: %s, %v; want %s, %v", s.dn, s.scope, s.deref, r.names(), r.Code, s.want, s.code)
		}
	}
}

func TestReferrals(t *testing.T) {
	c := small(t, Options{})
	manage := dsml.FlagControl{OID: dsml.OIDManageDsaIT}.Control(true)
	for scope, want := range map[dsml.Scope]string{
		dsml.SingleLevel:  "ldap://other.example.net/ou=away,dc=example,dc=net??base",
		dsml.WholeSubtree: "ldap://other.example.net/ou=away,dc=example,dc=net",
	} {
		r := c.find("ou=b,"+base, scope, "(cn=nothing)")
		if r.Code != dsml.Success || !slices.Equal(r.refs, []string{want}) {
			t.Errorf("scope %d: %v, %v", scope, r.Code, r.refs)
		}
		if r := c.search(with(searchRequest(t, "ou=b,"+base, scope, "(ou=away)"), manage)); r.names() != "away" || len(r.refs) != 0 {
			t.Errorf("scope %d: manage DSA IT finds %s, %v", scope, r.names(), r.refs)
		}
		if r := c.search(with(searchRequest(t, "ou=b,"+base, scope, "(ou=away)"), dsml.FlagControl{OID: dsml.OIDDomainScope}.Control(true))); len(r.entries)+len(r.refs) != 0 {
			t.Errorf("scope %d: domain scope finds %s, %v", scope, r.names(), r.refs)
		}
	}
	const away = "ou=away,ou=b," + base
	for _, req := range []dsml.Request{
		searchRequest(t, away, dsml.BaseObject, "(cn=*)"), &dsml.DelRequest{DN: away}, &dsml.ModifyRequest{DN: away},
		&dsml.ModDNRequest{DN: away, NewRDN: "ou=gone"}, &dsml.CompareRequest{DN: away, Name: "ou"},
	} {
		r := c.want(dsml.Referral, c.do(req))
		if !slices.Equal(r.Referrals, []string{"ldap://other.example.net/ou=away,dc=example,dc=net"}) || r.MatchedDN != "ou=b,"+base {
			t.Errorf("%s: %v, matched %q", req.Element(), r.Referrals, r.MatchedDN)
		}
	}
	r := c.want(dsml.Referral, c.do(addRequest("cn=J Doe, cn=x,"+away, "objectClass=device")))
	if !slices.Equal(r.Referrals, []string{"ldap://other.example.net/cn=x,ou=away,dc=example,dc=net"}) {
		t.Errorf("below a referral: %v", r.Referrals)
	}
	r = c.want(dsml.Referral, c.do(&dsml.DelRequest{DN: "cn=J Doe," + away}))
	if !slices.Equal(r.Referrals, []string{"ldap://other.example.net/cn=J%20Doe,ou=away,dc=example,dc=net"}) {
		t.Errorf("below a referral: %v", r.Referrals)
	}
	c.want(dsml.Success, c.do(with(&dsml.DelRequest{DN: away}, manage)))
}
