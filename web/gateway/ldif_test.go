package gateway

import (
	"strings"
	"testing"
)

const ownTree = `version: 1

# children may come before their parents
dn: cn=Ada Lovelace,ou=people,o=own
objectClass: person
cn: Ada Lovelace
sn: Lovelace
description:: SMO8
entryCSN: 20260101000000.000000Z#000000#000#000000
entryUUID: 5b1c2d3e-0000-4000-8000-000000000001

dn: o=own
objectClass: organization
o: own

dn: ou=people,o=own
objectClass: organizationalUnit
ou: people
`

const secondTree = `dn: dc=second,dc=tree
objectClass: domain
dc: second
`

const changes = `version: 1

dn: cn=Grace Hopper,ou=people,o=own
changetype: add
objectClass: person
cn: Grace Hopper
sn: Hopper

dn: cn=Ada Lovelace,ou=people,o=own
changetype: modify
replace: sn
sn: King
-
`

func TestLDIF_OwnData(t *testing.T) {
	r := start(t, "--ldif", writeTemp(t, "own.ldif", ownTree), "--ldif", writeTemp(t, "second.ldif", strings.ReplaceAll(secondTree, "\n", "\r\n")), "--ldif", writeTemp(t, "changes.ldif", changes))
	all := strings.Replace(searchBase("o=own"), "baseObject", "wholeSubtree", 1)
	got := r.ask("POST", "/dsml", envelope("", all))
	got.want(t, 200, `dn="cn=Ada Lovelace,ou=people,o=own"`, `dn="cn=Grace Hopper,ou=people,o=own"`, "King", `code="0"`)
	if n := strings.Count(got.body, "<searchResultEntry"); n != 4 || strings.Contains(got.body, "entryCSN") {
		t.Errorf("%d entries: %s", n, got.body)
	}
	r.ask("POST", "/dsml", envelope("", searchBase("dc=second,dc=tree"))).want(t, 200, `code="0"`)
	r.ask("POST", "/dsml", envelope("", searchBase("dc=example,dc=org"))).want(t, 200, `code="32"`) // no sample beside it
	r.ask("GET", "/endpoints.json", "").want(t, 200, `"kind":"memory","own":true`)
}

func TestLDIF_MistakesHaveFileLineAndHint(t *testing.T) {
	for want, text := range map[string]string{
		"bad.ldif:2: ": "dn: o=own\nobjectClass organization\n",
		"bad.ldif:6: ": "version: 1\n\ndn: o=own\nobjectClass: organization\no: own\no:: ****\n",
		"bad.ldif:5: the object class robot is not known here": "dn: o=own\nobjectClass: organization\no: own\n\ndn: cn=r,o=own\nobjectClass: robot\ncn: r\n",
		"bad.ldif:3: \"no name\"":                              "# c\n\ndn: no name\nobjectClass: organization\n",
		"bad.ldif:5: there is no entry":                        "dn: o=own\nobjectClass: organization\no: own\n\ndn: cn=r,ou=missing,o=own\nobjectClass: device\ncn: r\n",
		"bad.ldif:1: ":                                         "dn: cn=r,ou=missing\nchangetype: delete\n",
	} {
		_, err := loadLDIF(t.Context(), []string{writeTemp(t, "bad.ldif", text)})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
	}
	_, err := loadLDIF(t.Context(), []string{writeTemp(t, "url.ldif", "dn: o=own\nobjectClass: organization\no: own\ndescription:< file:///etc/passwd\n")})
	if err == nil || !strings.Contains(err.Error(), "url.ldif:4") {
		t.Errorf("a value by reference: %v", err)
	}
	_, err = loadLDIF(t.Context(), []string{writeTemp(t, "class.ldif", "dn: o=own\nobjectClass: organization\no: own\nfrobnication: 1\n")})
	if err == nil || !strings.Contains(err.Error(), "hint: the directory in memory knows the schema") {
		t.Errorf("an unknown attribute: %v", err)
	}
}

// A dump of a directory of the Netscape family: access control and limits of
// single users in it, and names quoted as RFC 2253 still reads them.
func TestLDIF_DumpOfAnotherServer(t *testing.T) {
	r := start(t, "--ldif", writeTemp(t, "dump.ldif", `dn: o=own
objectClass: organization
o: own
aci: (targetattr="*")(version 3.0; acl "all"; allow (all) (userdn="ldap:///anyone");)

dn: cn="Easy Come, Easy Go", o=own
objectClass: person
cn: Easy Come, Easy Go
sn: Go
ds-rlim-size-limit: -1
ds-privilege-name: bypass-acl
`))
	got := r.ask("POST", "/dsml", envelope("", searchBase(`cn=Easy Come\, Easy Go,o=own`)))
	got.want(t, 200, `code="0"`, "Easy Come")
	if strings.Contains(got.body, "ds-") {
		t.Error(got.body)
	}
	got = r.ask("POST", "/dsml", envelope("", searchBase("o=own")))
	if got.want(t, 200, `code="0"`); strings.Contains(got.body, `"aci"`) {
		t.Errorf("operational, and not asked for: %s", got.body)
	}
	r.ask("POST", "/dsml", envelope("", strings.Replace(searchBase("o=own"), "</searchRequest>", `<attributes><attribute name="aci"/></attributes></searchRequest>`, 1))).want(t, 200, `acl "all"`)
}
