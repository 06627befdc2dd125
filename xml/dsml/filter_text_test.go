package dsml

import (
	"errors"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"
)

func text(s string) Value { return Value{Data: s} }
func some(s string) *Value {
	v := text(s)
	return &v
}

func TestParseFilter(t *testing.T) {
	eq := func(name, value string) *Filter {
		return &Filter{Kind: EqualityMatch, Name: name, Value: text(value)}
	}
	present := func(name string) *Filter { return &Filter{Kind: Present, Name: name} }
	for _, c := range []struct {
		name, in string
		want     *Filter
		out      string // as String writes it; empty: as in
	}{
		{"RFC 4515 equality", "(cn=Babs Jensen)", eq("cn", "Babs Jensen"), ""},
		{"RFC 4515 not", "(!(cn=Tim Howes))", &Filter{Kind: Not, Filters: []*Filter{eq("cn", "Tim Howes")}}, ""},
		{"RFC 4515 and, or, substrings", "(&(objectClass=Person)(|(sn=Jensen)(cn=Babs J*)))",
			&Filter{Kind: And, Filters: []*Filter{eq("objectClass", "Person"),
				{Kind: Or, Filters: []*Filter{eq("sn", "Jensen"), {Kind: Substrings, Name: "cn", Initial: some("Babs J")}}}}}, ""},
		{"RFC 4515 any", "(o=univ*of*mich*)",
			&Filter{Kind: Substrings, Name: "o", Initial: some("univ"), Any: []Value{text("of"), text("mich")}}, ""},
		{"RFC 4515 empty value", "(seeAlso=)", eq("seeAlso", ""), ""},
		{"initial, any and final", "(cn=a*b*c)",
			&Filter{Kind: Substrings, Name: "cn", Initial: some("a"), Any: []Value{text("b")}, Final: some("c")}, ""},
		{"only any", "(cn=*x*)", &Filter{Kind: Substrings, Name: "cn", Any: []Value{text("x")}}, ""},
		{"only final", "(cn=*x)", &Filter{Kind: Substrings, Name: "cn", Final: some("x")}, ""},
		{"present", "(cn=*)", present("cn"), ""},
		{"several asterisks", "(cn=a***b)", &Filter{Kind: Substrings, Name: "cn", Initial: some("a"), Final: some("b")}, "(cn=a*b)"},
		{"nothing but asterisks", "(cn=**)", present("cn"), "(cn=*)"},
		{"greater", "(cn>=a)", &Filter{Kind: GreaterOrEqual, Name: "cn", Value: text("a")}, ""},
		{"less", "(cn<=a)", &Filter{Kind: LessOrEqual, Name: "cn", Value: text("a")}, ""},
		{"approximate", "(cn~=a)", &Filter{Kind: ApproxMatch, Name: "cn", Value: text("a")}, ""},
		{"RFC 4515 extensible: name and rule", "(cn:caseExactMatch:=Fred Flintstone)",
			&Filter{Kind: ExtensibleMatch, Name: "cn", MatchingRule: "caseExactMatch", Value: text("Fred Flintstone")}, ""},
		{"RFC 4515 extensible: name alone", "(cn:=Betty Rubble)",
			&Filter{Kind: ExtensibleMatch, Name: "cn", Value: text("Betty Rubble")}, ""},
		{"RFC 4515 extensible: name, dn and rule", "(sn:dn:2.4.6.8.10:=Barney Rubble)",
			&Filter{Kind: ExtensibleMatch, Name: "sn", DNAttributes: true, MatchingRule: "2.4.6.8.10", Value: text("Barney Rubble")}, ""},
		{"RFC 4515 extensible: name and dn", "(o:dn:=Ace Industry)",
			&Filter{Kind: ExtensibleMatch, Name: "o", DNAttributes: true, Value: text("Ace Industry")}, ""},
		{"RFC 4515 extensible: rule alone", "(:1.2.3:=Wilma Flintstone)",
			&Filter{Kind: ExtensibleMatch, MatchingRule: "1.2.3", Value: text("Wilma Flintstone")}, ""},
		{"RFC 4515 extensible: dn and rule", "(:DN:2.4.6.8.10:=Dino)",
			&Filter{Kind: ExtensibleMatch, DNAttributes: true, MatchingRule: "2.4.6.8.10", Value: text("Dino")}, "(:dn:2.4.6.8.10:=Dino)"},
		{"options", "(cn;lang-de;x-foo=a)", eq("cn;lang-de;x-foo", "a"), ""},
		{"numeric OID", "(2.5.4.3=a)", eq("2.5.4.3", "a"), ""},
		{"numeric OID with option", "(2.5.4.3;binary=a)", eq("2.5.4.3;binary", "a"), ""},
		{"RFC 4526 true", "(&)", &Filter{Kind: And}, ""},
		{"RFC 4526 false", "(|)", &Filter{Kind: Or}, ""},
		{"RFC 4526 inside", "(!(&))", &Filter{Kind: Not, Filters: []*Filter{{Kind: And}}}, ""},
		{"D-72 and with one", "(&(cn=a))", &Filter{Kind: And, Filters: []*Filter{eq("cn", "a")}}, ""},
		{"white space in a value counts", "(cn= a )", eq("cn", " a "), ""},
		{"equals sign in a value", "(cn==a=)", eq("cn", "=a="), ""},
		{"UTF-8", "(cn=Čučić 😀)", eq("cn", "Čučić 😀"), ""},

		{"D-79 parentheses", `(o=Parens R Us \28for all your parenthetical needs\29)`,
			eq("o", "Parens R Us (for all your parenthetical needs)"), ""},
		{"D-79 asterisk", `(cn=*\2A*)`, &Filter{Kind: Substrings, Name: "cn", Any: []Value{text("*")}}, `(cn=*\2a*)`},
		{"D-80 asterisk alone is a value", `(cn=\2a)`, eq("cn", "*"), ""},
		{"D-79 backslash", `(filename=C:\5cMyFile)`, eq("filename", `C:\MyFile`), ""},
		{"D-79 UTF-8 bytes", `(sn=Lu\c4\8di\c4\87)`, eq("sn", "Lučić"), "(sn=Lučić)"},
		{"D-79 binary", `(bin=\00\00\00\04)`,
			&Filter{Kind: EqualityMatch, Name: "bin", Value: Value{Data: "\x00\x00\x00\x04", Type: Base64Binary}}, ""},
		{"D-79 not UTF-8", `(bin=\ff\c4a)`,
			&Filter{Kind: EqualityMatch, Name: "bin", Value: Value{Data: "\xff\xc4a", Type: Base64Binary}}, ""},
		{"D-79 BER", `(1.3.6.1.4.1.1466.0=\04\02\48\69)`,
			&Filter{Kind: EqualityMatch, Name: "1.3.6.1.4.1.1466.0", Value: Value{Data: "\x04\x02Hi", Type: Base64Binary}},
			`(1.3.6.1.4.1.1466.0=\04\02Hi)`},
		{"D-79 NUL in a substring", `(cn=a*\00)`,
			&Filter{Kind: Substrings, Name: "cn", Initial: some("a"), Final: &Value{Data: "\x00", Type: Base64Binary}}, ""},
		{"not a character of XML", `(cn=\ef\bf\bf)`,
			&Filter{Kind: EqualityMatch, Name: "cn", Value: Value{Data: "\uffff", Type: Base64Binary}}, "(cn=\uffff)"},
		{"the replacement character is text", "(cn=\ufffd)", eq("cn", "\ufffd"), ""},
		{"delete character", `(cn=\7f)`, eq("cn", "\x7f"), ""},
		{"a rule of the name dn", "(cn:dn:DN:=a)", &Filter{Kind: ExtensibleMatch, Name: "cn", DNAttributes: true, MatchingRule: "DN", Value: text("a")}, ""},
		{"line break", "(cn=a\nb)", eq("cn", "a\nb"), `(cn=a\0ab)`},

		{"lenient: no parentheses", "cn=a*", &Filter{Kind: Substrings, Name: "cn", Initial: some("a")}, "(cn=a*)"},
		{"lenient: no parentheses, and", "&(cn=a)(sn=b)", &Filter{Kind: And, Filters: []*Filter{eq("cn", "a"), eq("sn", "b")}}, "(&(cn=a)(sn=b))"},
		{"lenient: no parentheses, not", "!(cn=a)", &Filter{Kind: Not, Filters: []*Filter{eq("cn", "a")}}, "(!(cn=a))"},
		{"lenient: no parentheses, space around", "  cn=a  b \n", eq("cn", "a  b"), "(cn=a  b)"},
		{"lenient: no parentheses, escaped space", `cn=a\20 `, eq("cn", "a "), "(cn=a )"},
		{"lenient: white space", " ( & ( cn =a) \r\n\t( ! (sn=b) ) ) ",
			&Filter{Kind: And, Filters: []*Filter{eq("cn", "a"), {Kind: Not, Filters: []*Filter{eq("sn", "b")}}}}, "(&(cn=a)(!(sn=b)))"},
		{"lenient: bare not", "(&(a=b)(!userAccountControl:1.2.840.113556.1.4.803:=2))",
			&Filter{Kind: And, Filters: []*Filter{eq("a", "b"), {Kind: Not, Filters: []*Filter{
				{Kind: ExtensibleMatch, Name: "userAccountControl", MatchingRule: "1.2.840.113556.1.4.803", Value: text("2")}}}}},
			"(&(a=b)(!(userAccountControl:1.2.840.113556.1.4.803:=2)))"},
		{"lenient: RFC 1960 escapes", `(cn=\*\(\)\\)`, eq("cn", `*()\`), `(cn=\2a\28\29\5c)`},
		{"lenient: underscore", "(my_attr=a)", eq("my_attr", "a"), ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			f, err := ParseFilter(c.in)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(f, c.want) {
				t.Errorf("ParseFilter(%q) = %s, want %s", c.in, f, c.want)
			}
			out := c.out
			if out == "" {
				out = c.in
			}
			if got := f.String(); got != out {
				t.Errorf("String() = %q, want %q", got, out)
			}
		})
	}
}

func TestParseFilterErrors(t *testing.T) {
	for _, c := range []struct {
		in      string
		offset  int
		message string // a part of it
	}{
		{"", 0, "empty"},
		{" \t", 2, "empty"},
		{"()", 1, "condition is missing"},
		{"(", 1, "condition is missing"},
		{"(cn=a", 5, "closing parenthesis"},
		{"(&(cn=a)", 8, "closing parenthesis"},
		{"(&(cn=a)(sn=b)", 14, "closing parenthesis"},
		{"cn=a)", 4, "closing parenthesis without"},
		{"(cn=a))", 6, "closing parenthesis without"},
		{"(cn=a)(sn=b)", 6, "second filter"},
		{"(cn=a) x", 7, "text after"},
		{"((cn=a))", 1, "too many"},
		{"(cn=a(b)", 5, "opening parenthesis inside"},
		{"(ç=a)", 1, "cannot begin"},
		{"(é*=a)", 1, "cannot begin"},
		{"(cn;ü=a)", 4, "option is empty"},
		{"(cn;=a)", 4, "option is empty"},
		{"(=a)", 1, "name is missing"},
		{"(*=a)", 1, "asterisk cannot stand"},
		{"(cn)", 3, "comparison after cn"},
		{"cn", 2, "comparison after cn"},
		{"(cn sn=a)", 4, "comparison is wanted"},
		{"(cn>a)", 3, "needs an ="},
		{"(cn~a)", 3, "needs an ="},
		{"(cn!=a)", 3, "no != comparison"},
		{"(cn>=a*)", 6, "no asterisk"},
		{"(cn:=a*)", 6, "no asterisk"},
		{"(:=a)", 1, "attribute name or a matching rule"},
		{"(:dn:=a)", 1, "attribute name or a matching rule"},
		{"(cn:rule=a)", 8, "colon is wanted"},
		{"(cn:a:b:=x)", 6, "only :="},
		{"(cn:;x:=x)", 4, "is wanted after the colon"},
		{"(cn:r;x:=x)", 4, "no options"},
		{"(cn:1.:=x)", 6, "number is missing"},
		{"(2.5.x=a)", 5, "number is missing"},
		{"(2.5x=a)", 4, "numeric OID"},
		{`(cn=\)`, 6, "closing parenthesis"}, // the escape of RFC 1960 takes the parenthesis
		{`(cn=a\,b)`, 5, "hexadecimal"},
		{`(cn=ž\5)`, 5, "hexadecimal"},
		{`(cn=\`, 4, "hexadecimal"},
		{`(cn=\zz)`, 4, "hexadecimal"},
		{"(cn=a\x00)", 5, "NUL"},
		{"(cn=é\xff)", 5, "UTF-8"},
		{"(!)", 2, "exactly one"},
		{"(!(cn=a)(sn=b))", 8, "exactly one"},
		{"(&cn=a)", 2, "in parentheses is wanted"},
		{"(&(cn=a)sn=b)", 8, "in parentheses is wanted"},
	} {
		f, err := ParseFilter(c.in)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("ParseFilter(%q) = %v, %v; want a *Error", c.in, f, err)
			continue
		}
		if !strings.Contains(e.Message, c.message) || e.Pos.Column != c.offset+1 {
			t.Errorf("ParseFilter(%q): %q at %d, want %q at %d", c.in, e.Message, e.Pos.Column-1, c.message, c.offset)
		}
	}
}

// TestD_81_FilterDepth holds the bound at its edge, for each way to nest.
func TestD_81_FilterDepth(t *testing.T) {
	for _, open := range []string{"(!", "(&", "(|"} {
		nested := func(n int) string { return strings.Repeat(open, n-1) + "(a=b)" + strings.Repeat(")", n-1) }
		if _, err := ParseFilter(nested(DefaultFilterDepth)); err != nil {
			t.Errorf("D-81 %s: %d levels: %v", open, DefaultFilterDepth, err)
		}
		if _, err := ParseFilter(nested(DefaultFilterDepth + 1)); err == nil || !strings.Contains(err.Error(), "nested") {
			t.Errorf("D-81 %s: %d levels: error %v", open, DefaultFilterDepth+1, err)
		}
	}
	if _, err := ParseFilter("(" + strings.Repeat("!", 1_000_000) + "a=b)"); err == nil {
		t.Error("D-81: a million exclamation marks are accepted")
	}
	if _, err := ParseFilter(strings.Repeat("(", 1_000_000)); err == nil {
		t.Error("D-81: a million opening parentheses are accepted")
	}
}

// TestD_79_EveryByte takes every byte, alone and between letters, through both
// directions, in every form of filter that has a value.
func TestD_79_EveryByte(t *testing.T) {
	for b := range 256 {
		for _, data := range []string{string([]byte{byte(b)}), string([]byte{'a', byte(b), 'z'})} {
			v := filterValue(data)
			for _, f := range []*Filter{
				{Kind: EqualityMatch, Name: "a", Value: v},
				{Kind: GreaterOrEqual, Name: "a", Value: v},
				{Kind: LessOrEqual, Name: "a", Value: v},
				{Kind: ApproxMatch, Name: "a", Value: v},
				{Kind: ExtensibleMatch, Name: "a", DNAttributes: true, MatchingRule: "r", Value: v},
				{Kind: Substrings, Name: "a", Initial: &v, Any: []Value{v, v}, Final: &v},
			} {
				got, err := ParseFilter(f.String())
				if err != nil || !reflect.DeepEqual(got, f) {
					t.Fatalf("D-79 byte %#02x: %q came back as %v, %v", b, f, got, err)
				}
			}
		}
	}
}

func FuzzFilter(f *testing.F) {
	for _, s := range []string{"(cn=a)", "(&(a=b)(!(c>=d))(|(e~=f)(g<=\\2a)))", "(a:dn:r:=v)", "(:r:=v)", "a=*b*c", "(&)", "(!x=\\ff*)", " ( cn = a ) "} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		parsed, err := ParseFilter(s)
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.Message == "" || e.Pos.Column < 1 || e.Pos.Column > utf8.RuneCountInString(s)+1 || e.Pos.Offset > int64(len(s)) {
				t.Fatalf("bad error %#v for %q", err, s)
			}
			return
		}
		out := parsed.String()
		again, err := ParseFilter(out)
		if err != nil || !reflect.DeepEqual(parsed, again) {
			t.Fatalf("%q was written as %q and came back as %v, %v", s, out, again, err)
		}
		if out2 := again.String(); out2 != out {
			t.Fatalf("%q is written as %q and then as %q", s, out, out2)
		}
	})
}
