package ldap

import (
	"testing"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/web/directory/slapd"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

func TestD_87_BinaryBySchema(t *testing.T) {
	types := parseSchema([]string{
		"( 2.5.4.35 NAME 'userPassword' EQUALITY octetStringMatch SYNTAX 1.3.6.1.4.1.1466.115.121.1.40{128} )",
		"( 1.2.3 NAME ( 'photo' 'Picture' ) DESC 'it''s (not) SYNTAX x' SYNTAX 1.3.6.1.4.1.1466.115.121.1.28 X-ORIGIN ( 'a' 'b' ) )",
		"( 1.2.4 NAME 'own' SUP picture )",
		"( 1.2.5 NAME 'text' SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 )",
		"( 1.2.6 NAME 'round' SUP round )",
		"( 1.2.7 NAME 'odd' SYNTAX 9.9.9 )",
		"(", "", "( 1.2.8 NAME",
	}, []string{"( 9.9.9 DESC 'odd' X-NOT-HUMAN-READABLE 'TRUE' )", "( 9.9.8 X-NOT-HUMAN-READABLE 'FALSE' )"})
	for name, want := range map[string]bool{
		"userPassword": true, "USERPASSWORD;lang-de": true, "2.5.4.35": true, "Photo": true, "picture": true, "own": true, "odd": true,
		"text": false, "round": false, "unknown": false, "text;binary": true, "unknown;lang-x;BINARY": true, "text;binaryx": false,
	} {
		if types.binary(name) != want {
			t.Errorf("%s: %v", name, !want)
		}
	}
	var none *attributeTypes
	if none.binary("photo") || !none.binary("x;binary") {
		t.Error("without a schema there is only the option")
	}
}

// Values that happen to be text are binary where the schema says so; without a
// schema their bytes decide.
func TestD_87_BinaryOfServer(t *testing.T) {
	data := append(people(1), "\ndn: cn=photo,"+suffix+"\nobjectClass: inetOrgPerson\ncn: photo\nsn: x\njpegPhoto: text\ndescription: text\nmail:: CWE=\n"...)
	shown := slapd.Start(t, slapd.Options{Suffixes: []string{suffix}, LDIF: data})
	got := typesOf(t, newBackend(t, Options{URL: shown.URL}))
	if got["jpegPhoto"] != dsml.Base64Binary || got["description"] != dsml.Text {
		t.Errorf("by the schema: %v", got)
	}
	hidden := slapd.Start(t, slapd.Options{Suffixes: []string{suffix}, LDIF: data, Global: "access to dn.base=\"cn=Subschema\" by * none"})
	if got = typesOf(t, newBackend(t, Options{URL: hidden.URL})); got["jpegPhoto"] != dsml.Text || got["description"] != dsml.Text {
		t.Errorf("without a schema: %v", got)
	}
}

func typesOf(t *testing.T, b *Backend) map[string]dsml.ValueType {
	t.Helper()
	types := map[string]dsml.ValueType{}
	if _, err := connected(t, b, anonymous).Do(t.Context(), searchFor("cn=photo,"+suffix), func(it directory.SearchItem) error {
		for _, a := range it.Entry.Attrs {
			types[a.Name] = a.Values[0].Type
		}
		return nil
	}); err != nil {
		t.Fatal(err)
	}
	return types
}
