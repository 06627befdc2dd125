package dsml

import (
	"encoding/hex"
	"errors"
	"reflect"
	"strings"
	"testing"
)

// wire is the value of a control in hexadecimal, spaces left out.
func wire(t testing.TB, s string) *Value {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(s, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return &Value{Data: string(b), Type: Base64Binary}
}

var requestControls = []struct {
	name, oid, wire string // wire empty: no value
	value           ControlValue
}{
	{"paged results", "1.2.840.113556.1.4.319", "30 07 02 01 05 04 02 61 62", PagedResults{Size: 5, Cookie: []byte("ab")}},
	{"sort", "1.2.840.113556.1.4.473", "30 18 30 04 04 02 73 6e 30 10 04 02 63 6e 80 07 32 2e 35 2e 31 33 2e 81 01 ff",
		Sort{[]SortKey{{Attribute: "sn"}, {Attribute: "cn", MatchingRule: "2.5.13.", Reverse: true}}}},
	{"VLV by offset", "2.16.840.1.113730.3.4.9", "30 0e 02 01 00 02 01 09 a0 06 02 01 01 02 01 00", VLV{After: 9, Offset: 1}},
	{"VLV by value", "2.16.840.1.113730.3.4.9", "30 0d 02 01 02 02 01 03 81 01 6d 04 02 69 64",
		VLV{Before: 2, After: 3, ByValue: true, Value: "m", ContextID: []byte("id")}},
	{"VLV with an empty context", "2.16.840.1.113730.3.4.9", "30 0b 02 01 02 02 01 03 81 01 6d 04 00",
		VLV{Before: 2, After: 3, ByValue: true, Value: "m", ContextID: []byte{}}},
	{"DirSync", "1.2.840.113556.1.4.841", "30 0b 02 04 80 00 00 01 02 01 00 04 00", DirSync{Flags: -0x7fffffff}},
	{"SD flags", "1.2.840.113556.1.4.801", "30 03 02 01 07", SDFlags{7}},
	{"extended DN", "1.2.840.113556.1.4.529", "30 03 02 01 01", ExtendedDN{true}},
	{"search options", "1.2.840.113556.1.4.1340", "30 03 02 01 02", SearchOptions{2}},
	{"attribute-scoped query", "1.2.840.113556.1.4.1504", "30 08 04 06 6d 65 6d 62 65 72", AttributeScopedQuery{"member"}},
	{"proxied authorization", "2.16.840.1.113730.3.4.18", "75 3a 61", ProxiedAuthorization{"u:a"}},
	{"assertion", "1.3.6.1.1.12", "a3 07 04 02 73 6e 04 01 61", Assertion{&Filter{Kind: EqualityMatch, Name: "sn", Value: text("a")}}},
	{"pre-read", "1.3.6.1.1.13.1", "30 07 04 02 73 6e 04 01 2a", ReadEntry{Attributes: []string{"sn", "*"}}},
	{"post-read", "1.3.6.1.1.13.2", "30 00", ReadEntry{Post: true}},
	{"persistent search", "2.16.840.1.113730.3.4.3", "30 09 02 01 0f 01 01 ff 01 01 00", PersistentSearch{ChangeTypes: 15, ChangesOnly: true}},
	{"manage DSA IT", "2.16.840.1.113730.3.4.2", "", FlagControl{OIDManageDsaIT}},
	{"tree delete", "1.2.840.113556.1.4.805", "", FlagControl{OIDTreeDelete}},
	{"show deleted", "1.2.840.113556.1.4.417", "", FlagControl{OIDShowDeleted}},
	{"domain scope", "1.2.840.113556.1.4.1339", "", FlagControl{OIDDomainScope}},
	{"permissive modify", "1.2.840.113556.1.4.1413", "", FlagControl{OIDPermissiveModify}},
	{"unknown", "1.2.3.4", "ff 00", UnknownControl{"1.2.3.4", &Value{Data: "\xff\x00", Type: Base64Binary}}},
	{"unknown without value", "1.2.3.4", "", UnknownControl{OID: "1.2.3.4"}},
}

var responseControls = []struct {
	name, oid, wire string
	value           ControlValue
}{
	{"paged results", "1.2.840.113556.1.4.319", "30 06 02 02 07 d0 04 00", PagedResults{Size: 2000}},
	{"sort", "1.2.840.113556.1.4.474", "30 08 0a 01 10 80 03 66 6f 6f", SortResult{NoSuchAttribute, "foo"}},
	{"sort that went well", "1.2.840.113556.1.4.474", "30 03 0a 01 00", SortResult{}},
	{"VLV", "2.16.840.1.113730.3.4.10", "30 0d 02 01 01 02 02 07 d0 0a 01 00 04 01 78", VLVResult{Position: 1, ContentCount: 2000, ContextID: []byte("x")}},
	{"DirSync", "1.2.840.113556.1.4.841", "30 09 02 01 01 02 01 00 04 01 63", DirSyncResult{More: true, Cookie: []byte("c")}},
	{"attribute-scoped query", "1.2.840.113556.1.4.1504", "30 03 0a 01 15", AttributeScopedQueryResult{InvalidAttributeSyntax}},
	{"post-read", "1.3.6.1.1.13.2", "64 16 04 04 63 6e 3d 61 30 0e 30 0c 04 02 63 6e 31 06 04 01 61 04 01 00",
		ReadEntryResult{Post: true, Entry: &SearchResultEntry{DN: "cn=a", Attrs: []Attribute{{Name: "cn", Values: []Value{text("a"), {Data: "\x00", Type: Base64Binary}}}}}}},
	{"entry change", "2.16.840.1.113730.3.4.7", "30 0c 0a 01 08 04 04 63 6e 3d 61 02 01 07", EntryChange{ChangeType: 8, PreviousDN: "cn=a", ChangeNumber: 7}},
}

func TestRequestControls(t *testing.T) {
	for _, c := range requestControls {
		t.Run(c.name, func(t *testing.T) { controlRoundTrip(t, c.oid, c.wire, c.value, DecodeRequestControl) })
	}
}

func TestResponseControls(t *testing.T) {
	for _, c := range responseControls {
		t.Run(c.name, func(t *testing.T) { controlRoundTrip(t, c.oid, c.wire, c.value, DecodeResponseControl) })
	}
}

func controlRoundTrip(t *testing.T, oid, hexValue string, value ControlValue, decode func(Control) (ControlValue, error)) {
	want := Control{Type: oid, Criticality: true}
	if hexValue != "" {
		want.Value = wire(t, hexValue)
	}
	if got := value.Control(true); !reflect.DeepEqual(got, want) {
		t.Errorf("Control() has the OID %s and the value %x", got.Type, got.Value.Data)
	}
	if got, err := decode(want); err != nil || !reflect.DeepEqual(got, value) {
		t.Errorf("decoded as %+v, %v; want %+v", got, err, value)
	}
}

func TestControlVariants(t *testing.T) {
	for _, c := range []struct {
		name    string
		control Control
		want    ControlValue
	}{
		{"sort as Microsoft's sample has it, D-149", Control{Type: OIDServerSort, Value: base64Value(t, "MIQAAAAPMIQAAAAJBARuYW1lAQEA")}, Sort{[]SortKey{{Attribute: "name"}}}},
		{"sort with a universal flag", Control{Type: OIDServerSort, Value: wire(t, "30 09 30 07 04 02 63 6e 01 01 01")}, Sort{[]SortKey{{Attribute: "cn", Reverse: true}}}},
		{"extended DN without value", Control{Type: OIDExtendedDN}, ExtendedDN{}},
		{"proxied authorization as text", Control{Type: OIDProxiedAuthorization, Value: &Value{Data: "dn:cn=é"}}, ProxiedAuthorization{"dn:cn=é"}},
		{"proxied authorization for anonymous", Control{Type: OIDProxiedAuthorization}, ProxiedAuthorization{}},
		{"a flag with a value", Control{Type: OIDTreeDelete, Value: &Value{Data: "x"}}, UnknownControl{OIDTreeDelete, &Value{Data: "x"}}},
		{"a flag with an empty value", Control{Type: OIDTreeDelete, Value: &Value{}}, FlagControl{OIDTreeDelete}},
	} {
		if got, err := DecodeRequestControl(c.control); err != nil || !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %+v, %v; want %+v", c.name, got, err, c.want)
		}
	}
	got, err := DecodeResponseControl(Control{Type: OIDPreRead, Value: wire(t, "30 08 04 04 63 6e 3d 61 30 00")})
	if want := (ReadEntryResult{Entry: &SearchResultEntry{DN: "cn=a"}}); err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("pre-read without the tag of an entry: %+v, %v", got, err)
	}
}

func TestControlErrors(t *testing.T) {
	for _, c := range []struct{ oid, wire, want string }{
		{OIDServerSort, "30 00", "no key"},
		{OIDServerSort, "30 02 30 00", "attribute is missing"},
		{OIDServerSort, "30 04 30 02 04 00", "is empty"},
		{OIDServerSort, "30 08 30 06 04 01 61 81 01", "cut off"},
		{OIDServerSort, "30 07 30 05 04 01 61 81 00", "not a boolean"},
		{OIDVLV, "30 06 02 01 00 02 01 00", "target is missing"},
		{OIDVLV, "30 0b 02 01 00 02 01 00 a0 03 02 01 01", "content count is missing"},
		{OIDVLV, "30 09 02 01 ff 02 01 00 81 01 61", "not a number in its range"},
		{OIDDirSync, "30 06 02 01 00 02 01 00", "cookie is missing"},
		{OIDSDFlags, "30 03 0a 01 07", "number is missing"},
		{OIDAttributeScopedQuery, "30 00", "attribute is missing"},
		{OIDPersistentSearch, "30 06 02 01 0f 01 01 ff", "returnECs is missing"},
		{OIDAssertion, "30 00", "no filter"},
		{OIDAssertion, "a2 00", "filter is missing"},
		{OIDAssertion, "a2 08 87 02 63 6e 87 02 63 6e", "more parts"},
		{OIDAssertion, "a4 06 04 02 63 6e 30 00", "has no part"},
		{OIDAssertion, "a4 0c 04 02 63 6e 30 06 81 01 61 80 01 62", "more parts"},
		{OIDAssertion, "aa 00", "no filter"},
	} {
		got, err := DecodeRequestControl(Control{Type: c.oid, Value: wire(t, c.wire)})
		var e *Error
		if !errors.As(err, &e) || e.Code != "dsml-control" || !strings.Contains(e.Message, c.want) {
			t.Errorf("%s %s: %+v, %v; want an error with %q", OIDName(c.oid), c.wire, got, err, c.want)
		}
		if got != nil {
			t.Errorf("%s %s: the error comes with a value: %+v", OIDName(c.oid), c.wire, got)
		}
	}
}

// TestAssertionFilters takes filters of every kind through their BER form.
func TestAssertionFilters(t *testing.T) {
	for _, s := range []string{
		"(cn=a)", "(cn>=a)", "(cn<=a)", "(cn~=a)", "(cn=*)", "(cn=a*b*c*d)", "(cn=*b*)", "(cn=a*)", "(cn=*d)", "(&)", "(|)",
		"(&(a=b)(|(c=d)(!(e=f))))", "(cn:dn:2.4.6:=v)", "(:2.4.6:=v)", "(cn:=v)", `(bin=\00\ff)`, `(cn=\2a)`, "(cn=)",
	} {
		f, err := ParseFilter(s)
		if err != nil {
			t.Fatal(err)
		}
		got, err := DecodeAssertion(Assertion{f}.Control(false))
		if err != nil || !reflect.DeepEqual(got.Filter, f) {
			t.Errorf("%s came back as %v, %v", s, got.Filter, err)
		}
	}
	for n, ok := range map[int]bool{DefaultFilterDepth: true, DefaultFilterDepth + 1: false} {
		f := &Filter{Kind: Present, Name: "a"}
		for range n - 1 {
			f = &Filter{Kind: Not, Filters: []*Filter{f}}
		}
		if _, err := DecodeAssertion(Assertion{f}.Control(false)); (err == nil) != ok {
			t.Errorf("D-81 %d levels: %v", n, err)
		}
	}
}

func TestPasswordModify(t *testing.T) {
	for _, p := range []PasswordModify{{}, {UserIdentity: Some("u:a"), Old: Some("o"), New: Some("n")}, {New: Some("")}} {
		if got, err := DecodePasswordModify(p.Value()); err != nil || got != p {
			t.Errorf("%+v came back as %+v, %v", p, got, err)
		}
	}
	if got, err := DecodePasswordModify(nil); err != nil || got != (PasswordModify{}) {
		t.Errorf("no value: %+v, %v", got, err)
	}
	if got, err := DecodePasswordModify(wire(t, "30 03 83 01 61")); err == nil || !strings.HasPrefix(err.Error(), "password modify request: ") {
		t.Errorf("a part too many: %+v, %v", got, err)
	}
	if got, want := GeneratedPassword("abc"), wire(t, "30 05 80 03 61 62 63"); *got != *want {
		t.Errorf("generated password is %x", got.Data)
	}
}

// FuzzControl reads any bytes as the value of every control, and holds that
// what could be read is written in a form that is read alike.
func FuzzControl(f *testing.F) {
	oids := map[string]bool{}
	for _, c := range requestControls {
		if c.wire != "" {
			f.Add([]byte(wire(f, c.wire).Data))
		}
		oids[c.oid] = true
	}
	for _, c := range responseControls {
		f.Add([]byte(wire(f, c.wire).Data))
		oids[c.oid] = true
	}
	f.Fuzz(func(t *testing.T, b []byte) {
		for oid := range oids {
			for _, decode := range []func(Control) (ControlValue, error){DecodeRequestControl, DecodeResponseControl} {
				v, err := decode(Control{Type: oid, Value: &Value{Data: string(b), Type: Base64Binary}})
				if err != nil {
					if v != nil {
						t.Fatalf("%s: an error and a value", oid)
					}
					continue
				}
				again, err := decode(v.Control(false))
				if err != nil || !reflect.DeepEqual(v, again) {
					t.Fatalf("%s: %x: %+v came back as %+v, %v", oid, b, v, again, err)
				}
			}
		}
	})
}
