package ldif

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

func text(s string) dsml.Value   { return dsml.Value{Data: s} }
func binary(s string) dsml.Value { return dsml.Value{Data: s, Type: dsml.Base64Binary} }

// The examples are in the manner of those of RFC 2849, section "Examples of
// LDAP Data Interchange Format".
const content = `version: 1
dn: cn=Barbara Jensen, ou=Product Development, dc=airius, dc=com
objectclass: top
objectclass: person
cn: Barbara Jensen
CN: Babs
telephonenumber:+1 408 555 1212
description:Babs is a big sailing fan, and travels extensively in sea
 rch of perfect sailing conditions.

# another one
dn:: b3U95Za25qWt6YOo
ou:: 5Za25qWt6YOo
ou;lang-en: Sales
empty:
folded:: AAEC
 AwQ=
`

func TestContentRecords(t *testing.T) {
	want := &File{Entries: []*dsml.SearchResultEntry{
		{DN: "cn=Barbara Jensen, ou=Product Development, dc=airius, dc=com", Attrs: []dsml.Attribute{
			{Name: "objectclass", Values: []dsml.Value{text("top"), text("person")}},
			{Name: "cn", Values: []dsml.Value{text("Barbara Jensen"), text("Babs")}},
			{Name: "telephonenumber", Values: []dsml.Value{text("+1 408 555 1212")}},
			{Name: "description", Values: []dsml.Value{text("Babs is a big sailing fan, and travels extensively in search of perfect sailing conditions.")}},
		}},
		{DN: "ou=営業部", Attrs: []dsml.Attribute{
			{Name: "ou", Values: []dsml.Value{binary("営業部")}},
			{Name: "ou;lang-en", Values: []dsml.Value{text("Sales")}},
			{Name: "empty", Values: []dsml.Value{text("")}},
			{Name: "folded", Values: []dsml.Value{binary("\x00\x01\x02\x03\x04")}},
		}},
	}}
	for name, in := range map[string]string{
		"LF":         content,
		"CRLF":       strings.ReplaceAll(content, "\n", "\r\n"),
		"no version": strings.TrimPrefix(content, "version: 1\n"),
		"BOM":        "\xEF\xBB\xBF" + content,
		"no end":     strings.TrimSuffix(content, "\n"),
		"blanks":     "\n\n" + strings.ReplaceAll(content, "\n\n", "\n\n\n\n") + "\n\n",
		"UTF-16":     utf16le(content),
	} {
		got, err := Parse([]byte(in), Options{})
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%s: %v\n%+v", name, err, got)
		}
	}
}

func utf16le(s string) string {
	b := []byte{0xFF, 0xFE}
	for _, r := range s {
		b = append(b, byte(r), byte(r>>8))
	}
	return string(b)
}

func TestEmptyText(t *testing.T) {
	for _, in := range []string{"", "\n", "version: 1\n", "# nothing\n\n# here\n"} {
		if got, err := Parse([]byte(in), Options{}); err != nil || len(got.Entries) != 0 || got.Batch != nil {
			t.Errorf("%q: %v %v", in, got, err)
		}
	}
}

func TestD_154_ChangeRecords(t *testing.T) {
	in := `version: 1
dn: cn=a
control: 1.2.840.113556.1.4.805 true
control: 1.2.3
control: 1.2.4 false: text
control: 1.2.5:: AAE=
changetype: delete

dn: cn=b
changetype: add
cn: b
photo:: /9g=

dn: cn=c
changetype: modrdn
newrdn:: Y249w6k=
deleteoldrdn: 0

dn: cn=d
changetype: moddn
newrdn: cn=e
deleteoldrdn: 1
newsuperior:

dn: cn=f
changetype: modify
add: mail
mail: x
mail:: eQ==
-
delete: fax
-
replace: phone
-
increment: counter
counter: 1
`
	m := func(cs ...dsml.Control) dsml.Message { return dsml.Message{Controls: cs} }
	v := func(v dsml.Value) *dsml.Value { return &v }
	want := &dsml.BatchRequest{Requests: []dsml.Request{
		&dsml.DelRequest{DN: "cn=a", Message: m(
			dsml.Control{Type: "1.2.840.113556.1.4.805", Criticality: true},
			dsml.Control{Type: "1.2.3"},
			dsml.Control{Type: "1.2.4", Value: v(text("text"))},
			dsml.Control{Type: "1.2.5", Value: v(binary("\x00\x01"))},
		)},
		&dsml.AddRequest{DN: "cn=b", Attrs: []dsml.Attribute{
			{Name: "cn", Values: []dsml.Value{text("b")}}, {Name: "photo", Values: []dsml.Value{binary("\xff\xd8")}},
		}},
		&dsml.ModDNRequest{DN: "cn=c", NewRDN: "cn=é", KeepOldRDN: true},
		&dsml.ModDNRequest{DN: "cn=d", NewRDN: "cn=e", NewSuperior: dsml.Some("")},
		&dsml.ModifyRequest{DN: "cn=f", Modifications: []dsml.Modification{
			{Name: "mail", Op: dsml.ModifyAdd, Values: []dsml.Value{text("x"), binary("y")}},
			{Name: "fax", Op: dsml.ModifyDelete},
			{Name: "phone", Op: dsml.ModifyReplace},
			{Name: "counter", Op: dsml.ModifyIncrement, Values: []dsml.Value{text("1")}},
		}},
	}}
	got, err := Parse([]byte(in), Options{})
	if err != nil || got.Entries != nil || !reflect.DeepEqual(got.Batch, want) {
		t.Fatalf("%v\n%+v", err, got)
	}
	out, err := FormatRequests(got.Batch)
	if err != nil {
		t.Fatal(err)
	}
	again, err := Parse(out, Options{})
	if err != nil || !reflect.DeepEqual(again.Batch, want) {
		t.Errorf("%v\n%s", err, out)
	}
}

func TestURLs(t *testing.T) {
	in := []byte("dn: a=b\nphoto:< file:///etc/passwd\n")
	_, err := Parse(in, Options{})
	var e *xml.Error
	if !errors.As(err, &e) || e.Code != CodeURL || e.Pos != (xml.Position{Line: 2, Column: 9, Offset: 16}) {
		t.Errorf("%v %+v", err, e)
	}
	got, err := Parse(in, Options{URLs: true})
	if err != nil || got.Entries[0].Attrs[0].Values[0] != (dsml.Value{Data: "file:///etc/passwd", Type: dsml.AnyURI}) {
		t.Errorf("%v %v", got, err)
	}
	if out, err := FormatEntries(got.Entries); err != nil || !strings.Contains(string(out), "photo:< file:///etc/passwd\n") {
		t.Errorf("%s %v", out, err)
	}
}

func TestErrors(t *testing.T) {
	for _, c := range []struct {
		in, code string
		line     int
	}{
		{"cn: x\n", CodeSyntax, 1},
		{"dn: a=b\n\ncn: x\n", CodeSyntax, 3},
		{" folded\n", CodeSyntax, 1},
		{"dn: a=b\n\n folded\n", CodeSyntax, 3},
		{"dn: a=b\nno colon\n", CodeSyntax, 2},
		{"dn: a=b\n: x\n", CodeSyntax, 2},
		{"dn: a=b\nb ad: x\n", CodeSyntax, 2},
		{"dn: a=b\ncn: \xff\n", CodeSyntax, 2},
		{"dn:: /w==\n", CodeSyntax, 1},
		{"dn:: ***\n", CodeBase64, 1},
		{"dn: a=b\ncn:: A\n", CodeBase64, 2},
		{"dn:< file:///x\n", CodeURL, 1},
		{"version: 2\n", CodeVersion, 1},
		{"dn: a=b\nchangetype: frob\n", CodeSyntax, 2},
		{"dn: a=b\ncontrol: 1.2\n", CodeSyntax, 1},
		{"dn: a=b\ncontrol: x\nchangetype: delete\n", CodeSyntax, 2},
		{"dn: a=b\ncontrol: 1..2\nchangetype: delete\n", CodeSyntax, 2},
		{"dn: a=b\ncontrol: 1.2 maybe\nchangetype: delete\n", CodeSyntax, 2},
		{"dn: a=b\ncontrol: 1.2:: *\nchangetype: delete\n", CodeBase64, 2},
		{"dn: a=b\ncontrol: 1.2:< file:x\nchangetype: delete\n", CodeURL, 2},
		{"dn: a=b\nchangetype: delete\ncn: x\n", CodeSyntax, 3},
		{"dn: a=b\nchangetype: modify\nfrob: cn\n", CodeSyntax, 3},
		{"dn: a=b\nchangetype: modify\nadd: cn\nsn: x\n", CodeSyntax, 4},
		{"dn: a=b\nchangetype: modify\n-\n", CodeSyntax, 3},
		{"dn: a=b\nchangetype: modify\nadd:: Y24=\n", CodeSyntax, 3},
		{"dn: a=b\nchangetype: modrdn\n", CodeSyntax, 2},
		{"dn: a=b\nchangetype: modrdn\nnewrdn: c=d\n", CodeSyntax, 2},
		{"dn: a=b\nchangetype: modrdn\nnewrdn: c=d\ndeleteoldrdn: yes\n", CodeSyntax, 4},
		{"dn: a=b\nchangetype: modrdn\ndeleteoldrdn: 1\nnewrdn: c=d\n", CodeSyntax, 3},
		{"dn: a=b\nchangetype: modrdn\nnewrdn: c=d\ndeleteoldrdn: 1\nnewsuperior: x\ncn: y\n", CodeSyntax, 6},
		{"dn: a=b\ncn: x\n\ndn: a=b\nchangetype: delete\n", CodeMixed, 4},
		{"dn: a=b\nchangetype: delete\n\ndn: a=b\ncn: x\n", CodeMixed, 4},
		{"dn: a=b\n-\n", CodeSyntax, 2},
	} {
		_, err := Parse([]byte(c.in), Options{})
		var e *xml.Error
		if !errors.As(err, &e) {
			t.Errorf("%q: %v", c.in, err)
		} else if e.Code != c.code || e.Pos.Line != c.line {
			t.Errorf("%q: %s in line %d: %s", c.in, e.Code, e.Pos.Line, e.Message)
		}
	}
}

func TestLimits(t *testing.T) {
	limits := Options{Limits: xml.Limits{Length: 100, TokenLength: 20}}
	at := func(n int) []byte { return []byte("dn: " + strings.Repeat("a", n) + "\n") }
	if _, err := Parse(at(16), limits); err != nil {
		t.Error(err)
	}
	var e *xml.Error
	if _, err := Parse(at(17), limits); !errors.As(err, &e) || e.Code != CodeLimit {
		t.Error(err)
	}
	if _, err := Parse([]byte("dn: "+strings.Repeat("a\n ", 17)), limits); !errors.As(err, &e) || e.Code != CodeLimit {
		t.Error(err)
	}
	if _, err := Parse([]byte(strings.Repeat("\n", 101)), limits); !errors.As(err, &e) || e.Code != CodeLimit {
		t.Error(err)
	}
}
