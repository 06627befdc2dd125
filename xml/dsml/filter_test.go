package dsml

import (
	"strings"
	"testing"
)

func TestFilters(t *testing.T) {
	const eq = `<equalityMatch name="a"><value>b</value></equalityMatch>`
	testRefusals(t, []refusal{
		{"D-70 an empty filter", filtered(``), "dsml-filter", "<filter", "equalityMatch"},
		{"D-70 two filters", filtered(eq + `<and/>`), "dsml-filter", "<and", "and"},
		{"D-06 an unknown filter", filtered(`<equalTo name="a"/>`), "dsml-element", "<equalTo", "one of and, or"},
		{"D-06 a misspelt filter", filtered(`<equalitymatch name="a"/>`), "dsml-element", "<equalitymatch", "did you mean equalityMatch?"},
		{"D-71 an empty not", filtered(`<not/>`), "dsml-filter", "<not", ""},
		{"D-71 two filters in not", filtered(`<not>` + eq + `<or/></not>`), "dsml-filter", "<or", ""},
		{"D-73 a comparison without name", filtered(`<approxMatch><value/></approxMatch>`), "dsml-attribute-missing", "<approx", ""},
		{"D-73 a comparison without value", filtered(`<greaterOrEqual name="a"/>`), "dsml-missing", "<greater", ""},
		{"D-73 a comparison with two values", filtered(`<lessOrEqual name="a"><value/><value>b</value></lessOrEqual>`), "dsml-duplicate", "<value>b", ""},
		{"D-73 an empty name", filtered(`<equalityMatch name=""><value/></equalityMatch>`), "dsml-name", "name=\"\"", "empty"},
		{"D-73 extensibleMatch without value", filtered(`<extensibleMatch name="a"/>`), "dsml-missing", "<extensible", ""},
		{"D-74 present without name", filtered(`<present/>`), "dsml-attribute-missing", "<present", ""},
		{"D-75 substrings without name", filtered(`<substrings><any/></substrings>`), "dsml-attribute-missing", "<substrings", ""},
		{"D-75 substrings without any part", filtered(`<substrings name="a"> </substrings>`), "dsml-filter", "<substrings", "initial"},
		{"D-76 any behind final", filtered(`<substrings name="a"><final/><any/></substrings>`), "dsml-order", "<any", "order"},
		{"D-76 initial behind any", filtered(`<substrings name="a"><any/><initial/></substrings>`), "dsml-order", "<initial", "order"},
		{"D-76 two initial", filtered(`<substrings name="a"><initial/><initial>b</initial></substrings>`), "dsml-duplicate", "<initial>b", ""},
		{"D-76 two final", filtered(`<substrings name="a"><final/><final>b</final></substrings>`), "dsml-duplicate", "<final>b", ""},
		{"D-77 an empty dnAttributes", filtered(`<extensibleMatch name="a" dnAttributes=""><value/></extensibleMatch>`), "dsml-value", "dnAttributes", ""},
		{"D-78 an empty name", filtered(`<extensibleMatch name="" matchingRule="b"><value/></extensibleMatch>`), "dsml-name", "name=\"\"", ""},
		{"D-78 an empty matchingRule", filtered(`<extensibleMatch name="a" matchingRule=""><value/></extensibleMatch>`), "dsml-value", "matchingRule", ""},
		{"D-81 129 levels", filtered(strings.Repeat("<not>", 128) + `<present name="b"/>` + strings.Repeat("</not>", 128)), "dsml-filter-depth", `<present`, ""},
		{"D-81 many more levels", filtered(strings.Repeat("<and>", 200) + strings.Repeat("</and>", 200)), "dsml-filter-depth", strings.Repeat("<and>", 72) + "</and>", ""},
	})
	testAcceptances(t, []acceptance{
		{"D-72 and, or with one and with none", filtered(`<and><or/><or>` + eq + `</or></and>`), func(t *testing.T, p *Parsed) {
			want(t, "filter", first[*SearchRequest](t, p).Filter.String(), "(&(|)(|(a=b)))")
		}},
		{"D-77 dnAttributes absent", filtered(`<extensibleMatch name="a"><value>b</value></extensibleMatch>`), func(t *testing.T, p *Parsed) {
			want(t, "filter", first[*SearchRequest](t, p).Filter.String(), "(a:=b)")
		}},
		{"D-77 dnAttributes true", filtered(`<extensibleMatch matchingRule="2.5.13.2" name="a" dnAttributes="true"><value>b</value></extensibleMatch>`), func(t *testing.T, p *Parsed) {
			want(t, "filter", first[*SearchRequest](t, p).Filter.String(), "(a:dn:2.5.13.2:=b)")
		}},
		{"D-80 a literal asterisk", filtered(`<equalityMatch name="a"><value>*</value></equalityMatch>`), func(t *testing.T, p *Parsed) {
			want(t, "filter", first[*SearchRequest](t, p).Filter.String(), `(a=\2a)`)
		}},
		{"D-76 all parts in order", filtered(`<substrings name="a"><initial>i</initial><any>x</any><any>y</any><final>f</final></substrings>`), func(t *testing.T, p *Parsed) {
			want(t, "filter", first[*SearchRequest](t, p).Filter.String(), "(a=i*x*y*f)")
		}},
		{"D-81 128 levels", filtered(strings.Repeat("<not>", 127) + `<present name="b"/>` + strings.Repeat("</not>", 127)), nil},
		{"D-81 depth counts down again", filtered(`<and>` + strings.Repeat(`<and><or/><not><present name="a"/></not></and>`, 200) + `</and>`), nil},
		{"every form", filtered(`<not><and><greaterOrEqual name="a"><value>1</value></greaterOrEqual><lessOrEqual name="a"><value>2</value></lessOrEqual><approxMatch name="a"><value>3</value></approxMatch><present name="a"/></and></not>`),
			func(t *testing.T, p *Parsed) {
				want(t, "filter", first[*SearchRequest](t, p).Filter.String(), "(!(&(a>=1)(a<=2)(a~=3)(a=*)))")
			}},
	})
}

// TestD_81_FilterDepth moves the bound.
func TestD_81_FilterBound(t *testing.T) {
	nested := func(n int) []byte {
		return []byte(filtered(strings.Repeat("<or>", n) + strings.Repeat("</or>", n)))
	}
	for _, bound := range []int{1, 5, 1000} {
		o := Options{FilterDepth: bound}
		if _, err := Parse(nested(bound), o); err != nil {
			t.Errorf("%d levels: %v", bound, err)
		}
		_, err := Parse(nested(bound+1), o)
		if e, ok := err.(*Error); !ok || e.Statement != "D-81" {
			t.Errorf("%d levels where %d are allowed: %v", bound+1, bound, err)
		}
	}
	// Far deeper than any bound: refused by the bound on elements at the latest.
	if _, err := Parse(nested(1_000_000), Options{}); err == nil {
		t.Error("a million levels")
	}
}
