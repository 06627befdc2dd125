package dsml

import (
	"strconv"
	"strings"
	"testing"
)

func TestResponses(t *testing.T) {
	const done = `<searchResultDone><resultCode code="0"/></searchResultDone>`
	const code = `<resultCode code="0"/>`
	testRefusals(t, []refusal{
		{"D-93 no searchResultDone", response(`<searchResponse/>`), "dsml-missing", "<searchResponse", ""},
		{"D-93 two searchResultDone", response(`<searchResponse>` + done + `<searchResultDone ><resultCode code="0"/></searchResultDone></searchResponse>`), "dsml-duplicate", "<searchResultDone >", ""},
		{"D-93 a reference behind the end", response(`<searchResponse>` + done + `<searchResultReference/></searchResponse>`), "dsml-order", "<searchResultReference", ""},
		{"D-93 a reference without ref", response(`<searchResponse><searchResultReference/>` + done + `</searchResponse>`), "dsml-missing", "<searchResultReference", ""},
		{"D-93 an entry without dn", response(`<searchResponse><searchResultEntry/>` + done + `</searchResponse>`), "dsml-attribute-missing", "<searchResultEntry", ""},
		{"D-06 an entry outside a searchResponse", response(`<searchResultEntry dn=""/>`), "dsml-element", "<searchResultEntry", ""},
		{"D-06 an abandonResponse", response(`<abandonResponse/>`), "dsml-element", "<abandonResponse", "one of"},
		{"D-96 a name that is no code's", response(`<delResponse><resultCode code="32" descr="nothing there"/></delResponse>`), "dsml-value", "descr=", "noSuchObject"},
		{"D-100 a message before the code", response(`<delResponse><errorMessage/>` + code + `</delResponse>`), "dsml-order", "<errorMessage", ""},
		{"D-100 a referral before the message", response(`<delResponse>` + code + `<referral>ldap:///</referral><errorMessage/></delResponse>`), "dsml-order", "<errorMessage", "order"},
		{"D-100 two codes", response(`<delResponse>` + code + `<resultCode code="1"/></delResponse>`), "dsml-duplicate", `<resultCode code="1`, ""},
		{"D-100 response before responseName", response(`<extendedResponse>` + code + `<response/><responseName>1.2</responseName></extendedResponse>`), "dsml-order", "<responseName", ""},
		{"D-06 responseName in another response", response(`<delResponse>` + code + `<responseName>1.2</responseName></delResponse>`), "dsml-element", "<responseName", "one of"},
		{"D-106 a responseName that is no OID", response(`<extendedResponse>` + code + `<responseName>a</responseName></extendedResponse>`), "dsml-oid", "<responseName", ""},
		{"D-102 errorResponse without type", response(`<errorResponse/>`), "dsml-attribute-missing", "<errorResponse", "notAttempted"},
		{"D-104 an unknown type of error", response(`<errorResponse type="error"/>`), "dsml-value", "type=", "notAttempted"},
		{"D-104 no resultCode", response(`<delResponse/>`), "dsml-missing", "<delResponse", ""},
		{"D-104 no code", response(`<delResponse><resultCode/></delResponse>`), "dsml-attribute-missing", "<resultCode", ""},
		{"D-104 a code that is no number", response(`<delResponse><resultCode code="success"/></delResponse>`), "dsml-value", "code=\"s", ""},
		{"D-104 an empty code", response(`<delResponse><resultCode code=""/></delResponse>`), "dsml-value", "code=", ""},
		{"D-104 a code that is too great", response(`<delResponse><resultCode code="2147483648"/></delResponse>`), "dsml-value", "code=", ""},
		{"D-105 an empty detail", response(`<errorResponse type="other"><detail/></errorResponse>`), "dsml-detail", "<detail", "exactly one"},
		{"D-105 two elements in detail", response(`<errorResponse type="other"><detail><a/><b/></detail></errorResponse>`), "dsml-detail", "<b/>", "one"},
		{"D-105 text in detail", response(`<errorResponse type="other"><detail>text<a/></detail></errorResponse>`), "dsml-detail", "<detail", ""},
		{"D-105 message behind detail", response(`<errorResponse type="other"><detail><a/></detail><message/></errorResponse>`), "dsml-order", "<message", ""},
	})
	testAcceptances(t, []acceptance{
		{"D-93 a whole searchResponse", response(`<searchResponse requestID="s"><searchResultEntry dn="cn=a" requestID="e"><control type="1.2"/><attr name="a"><value>1</value><value>2</value></attr><attr name="b"/></searchResultEntry>` +
			`<searchResultReference requestID="r"><control type="1.2"/><ref> ldap://a/ </ref><ref>ldap://b/</ref></searchResultReference>` + done + `</searchResponse>`),
			func(t *testing.T, p *Parsed) {
				s := answer[*SearchResponse](t, p)
				want(t, "requestID", s.ID(), Some("s"))
				want(t, "requestID of the entry", s.Entries[0].RequestID, Some("e"))
				want(t, "controls of the entry", len(s.Entries[0].Controls), 1)
				want(t, "second value", s.Entries[0].Attrs[0].Values[1].Data, "2")
				want(t, "values of b", len(s.Entries[0].Attrs[1].Values), 0)
				want(t, "references", strings.Join(s.References[0].Refs, " "), "ldap://a/ ldap://b/")
				want(t, "result", s.Done.Kind, SearchResultDone)
			}},
		{"D-94 a failed search", response(`<searchResponse><searchResultDone matchedDN="dc=x"><resultCode code="32"/></searchResultDone></searchResponse>`), func(t *testing.T, p *Parsed) {
			want(t, "code", answer[*SearchResponse](t, p).Done.Code, NoSuchObject)
		}},
		{"D-97 a code without a name", response(`<delResponse><resultCode code="4096"/></delResponse>`), func(t *testing.T, p *Parsed) {
			want(t, "code", answer[*Result](t, p).Code, 4096)
		}},
		{"D-98 the name of another code", response(`<delResponse><resultCode code="32" descr="success"/></delResponse>`), func(t *testing.T, p *Parsed) {
			want(t, "code", answer[*Result](t, p).Code, NoSuchObject)
		}},
		{"D-100 everything in order", response(`<modifyResponse requestID="1" matchedDN=""><control type="1.2"/><resultCode code=" 10 "/><errorMessage> m </errorMessage><referral>ldap://a/</referral><referral>ldap://b/</referral></modifyResponse>`),
			func(t *testing.T, p *Parsed) {
				r := answer[*Result](t, p)
				want(t, "kind", r.Kind, ModifyResponse)
				want(t, "code", r.Code, Referral)
				want(t, "message", r.ErrorMessage, " m ")
				want(t, "referrals", strings.Join(r.Referrals, " "), "ldap://a/ ldap://b/")
			}},
		{"D-101 matchedDN", response(`<delResponse matchedDN="dc=x">` + code + `</delResponse>`), func(t *testing.T, p *Parsed) {
			want(t, "matchedDN", answer[*Result](t, p).MatchedDN, "dc=x")
		}},
		{"D-105 a detail", response(`<errorResponse type="other" requestID="1"><message>m</message><detail> <x:a xmlns:x="urn:x" b="c">d<e/></x:a> </detail></errorResponse>`), func(t *testing.T, p *Parsed) {
			r := answer[*ErrorResponse](t, p)
			want(t, "type", r.Type, OtherError)
			want(t, "message", r.Message, "m")
			want(t, "detail", r.Detail.Name.Space, "urn:x")
			want(t, "requestID", r.ID(), Some("1"))
		}},
		{"D-106 a whole extendedResponse", response(`<extendedResponse>` + code + `<referral>ldap:///</referral><responseName>1.2.3</responseName><response>u:a</response></extendedResponse>`), func(t *testing.T, p *Parsed) {
			r := answer[*ExtendedResponse](t, p)
			want(t, "responseName", r.ResponseName, "1.2.3")
			want(t, "response", *r.Response, Value{Data: "u:a"})
		}},
		{"D-107 a binary value", response(`<extendedResponse>` + code + `<response xsi:type="xsd:base64Binary">AAE=</response></extendedResponse>`), func(t *testing.T, p *Parsed) {
			want(t, "response", *answer[*ExtendedResponse](t, p).Response, Value{"\x00\x01", Base64Binary})
		}},
	})
}

// TestD_102_Types reads and writes each of the eight types of error.
func TestD_102_Types(t *testing.T) {
	for _, name := range []string{"notAttempted", "couldNotConnect", "connectionClosed", "malformedRequest",
		"gatewayInternalError", "authenticationFailed", "unresolvableURI", "other"} {
		p, err := Parse([]byte(response(`<errorResponse type="`+name+`"/>`)), Options{Strict: true})
		if err != nil {
			t.Fatal(err)
		}
		want(t, "type", answer[*ErrorResponse](t, p).Type.String(), name)
		roundTrip(t, name, p)
	}
}

// TestD_96_Codes writes every code from 0 to 130: with the schema's name, or
// without one.
func TestD_96_Codes(t *testing.T) {
	named := 0
	for c := range ResultCode(131) {
		text, err := Marshal(&BatchResponse{Responses: []Response{&Result{Kind: DelResponse, LDAPResult: LDAPResult{Code: c}}}}, WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		number := `code="` + strconv.Itoa(int(c)) + `"`
		if n := c.Descr(); n != "" {
			named++
			number += ` descr="` + n + `"`
		}
		if !strings.Contains(string(text), "<resultCode "+number+"/>") {
			t.Errorf("D-97 code %d: %s", c, text)
		}
		p, err := Parse(text, Options{Strict: true})
		if err != nil {
			t.Fatal(err)
		}
		want(t, "code", answer[*Result](t, p).Code, c)
	}
	want(t, "number of names", named, 39)
}

// TestD_26_Errors: which codes stop a batch.
func TestD_26_Errors(t *testing.T) {
	for c := range ResultCode(131) {
		want(t, "code "+strconv.Itoa(int(c))+" is an error", c.IsError(), c != 0 && c != 5 && c != 6 && c != 10)
	}
}
