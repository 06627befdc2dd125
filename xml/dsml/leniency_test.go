package dsml

import (
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// lenientDocuments has a document for every leniency, by name. The documents
// need that leniency and no other.
var lenientDocuments = map[string][]string{
	"soap-no-namespace": {`<Envelope><Body>` + request("") + `</Body></Envelope>`},
	"soap-element-case": {
		`<s:Envelope xmlns:s="` + soap.NS12 + `"><header><a xmlns="urn:a"/></header><s:BODY>` + request("") + `</s:BODY></s:Envelope>`,
		`<s:Envelope xmlns:s="` + soap.NS11 + `"><s:header><a xmlns="urn:a"/></s:header><s:Body>` + request("") + `</s:Body></s:Envelope>`,
	},
	"soap-envelope-text":      {`<s:Envelope xmlns:s="` + soap.NS11 + `">text<s:Body>` + request("") + `</s:Body></s:Envelope>`},
	"soap-unqualified-header": {`<s:Envelope xmlns:s="` + soap.NS11 + `"><s:Header><a/></s:Header><s:Body>` + request("") + `</s:Body></s:Envelope>`},
	"soap-https-namespace":    {enveloped("https"+soap.NS11[4:], request(""))},
	"soap-qualified-fault":    {enveloped(soap.NS11, `<s:Fault><s:faultcode>s:Client</s:faultcode></s:Fault>`)},
	"apache-namespace": {
		`<batchRequest xmlns="` + apacheNamespace + `"><delRequest dn=""/></batchRequest>`,
		`<b:batchResponse xmlns:b="` + apacheNamespace + `"><b:delResponse><b:resultCode code="0"/></b:delResponse></b:batchResponse>`,
	},
	"no-namespace":         {`<batchRequest><delRequest dn=""/></batchRequest>`, enveloped(soap.NS11, `<batchRequest/>`)},
	"unqualified-response": {`<batchResponse><delResponse><resultCode code="0"/></delResponse></batchResponse>`, enveloped(soap.NS12, `<batchResponse/>`)},
	"unqualified-children": {`<d:batchRequest xmlns:d="` + Namespace + `"><delRequest dn=""><control type="1.2"/></delRequest></d:batchRequest>`},
	"qualified-attributes": {`<d:batchRequest xmlns:d="` + Namespace + `" d:requestID="1"/>`},
	"foreign-attributes": {
		valued(`<value xml:space="preserve"> a </value>`),
		`<batchRequest xmlns="` + Namespace + `" xmlns:s="` + soap.NS11 + `" s:encodingStyle=""><delRequest dn="" xml:lang="en"/></batchRequest>`,
		request(`<extendedRequest><requestName xml:space="default">1.2</requestName></extendedRequest>`),
		request(`<delRequest dn="" xsi:nil="false"/>`),
		request(`<delRequest dn=""><control type="1.2"><controlValue xsi:type="xsd:string" a="b"/></control></delRequest>`),
	},
	"resquestID": {`<batchResponse xmlns="` + Namespace + `" resquestID="1"/>`},
	"apache-result": {
		response(`<delResponse matchedDn="dc=x"><resultCode code="32"/></delResponse>`),
		response(`<delResponse><resultCode code="10"/><referal>ldap://h/</referal></delResponse>`),
	},
	"response-order": {
		response(`<delResponse><referral>ldap://h/</referral><resultCode code="10"/><errorMessage>a</errorMessage></delResponse>`),
		response(`<searchResponse><searchResultReference><ref>ldap://h/</ref></searchResultReference><searchResultEntry dn=""/><searchResultDone><resultCode code="0"/></searchResultDone></searchResponse>`),
	},
	"parallel-without-requestid": {batch(`processing="parallel"`, del)},
	"attribute-selectors": {
		request(search + `><filter><present name="a"/></filter><attributes><attribute name="*"/><attribute name="+"/><attribute name="@person"/></attributes></searchRequest>`),
	},
	"attribute-names": {
		request(`<addRequest dn=""><attr name="my_name"/><attr name="_a"/></addRequest>`),
		response(`<searchResponse><searchResultEntry dn=""><attr name="member;range=0-1499"/></searchResultEntry><searchResultDone><resultCode code="0"/></searchResultDone></searchResponse>`),
		request(search + `><filter><present name="a"/></filter><attributes><attribute name="member;range=1500-*"/></attributes></searchRequest>`),
	},
	"space-in-empty": {
		filtered("<present name=\"a\">\n</present>"),
		response(`<delResponse><resultCode code="0"> </resultCode></delResponse>`),
	},
	"space-around-oid": {request("<extendedRequest><requestName>\n1.2.3\n</requestName></extendedRequest>")},
	"modify-increment": {request(`<modifyRequest dn=""><modification name="a" operation="increment"><value>1</value></modification></modifyRequest>`)},
	"unprefixed-type": {
		valued(`<value xsi:type="base64Binary">AAE=</value>`),
		request(`<delRequest dn=""><control type="1.2"><controlValue xsi:type="base64Binary">AAE=</controlValue></control></delRequest>`),
	},
	"any-dsml-type": {
		valued(`<value xsi:type="BatchResponse">a</value>`),
		request(`<delRequest dn="" xsi:type="AddRequest"/>`),
	},
	"descr-spelling": {
		response(`<delResponse><resultCode code="36" descr="aliasDereferencingProblem"/></delResponse>`),
		response(`<delResponse><resultCode code="34" descr="Invalid DN Syntax"/></delResponse>`),
		response(`<delResponse><resultCode code="7" descr="Authentication Method Not Supported"/></delResponse>`),
		response(`<delResponse><resultCode code="8" descr="strongerAuthRequired"/></delResponse>`),
		response(`<delResponse><resultCode code="8" descr="Strong Authentication Required"/></delResponse>`),
		response(`<delResponse><resultCode code="11" descr="Administrative Limit Exceeded"/></delResponse>`),
		response(`<delResponse><resultCode code="69" descr="Object Class Modifications Prohibited"/></delResponse>`),
		response(`<delResponse><resultCode code="71" descr="affectsMultipleDSAs"/></delResponse>`),
		response(`<delResponse><resultCode code="118" descr="canceled"/></delResponse>`),
	},
	"empty-response-name": {response(`<extendedResponse><resultCode code="0"/><responseName> </responseName></extendedResponse>`)},
	"base64-bits":         {valued(`<value xsi:type="xsd:base64Binary">AB==</value>`), valued(`<value xsi:type="xsd:base64Binary">AAF=</value>`)},
	"any-dn": {
		response(`<delResponse matchedDN="nothing"><resultCode code="0"/></delResponse>`),
		response(`<searchResponse><searchResultEntry dn="x"/><searchResultDone><resultCode code="0"/></searchResultDone></searchResponse>`),
	},
}

// TestLeniencies: each can be switched on alone, is refused without, is told in
// Parsed, and is in the sets that its entry in the list names.
func TestLeniencies(t *testing.T) {
	bits := Allow(0)
	for _, l := range Leniencies {
		t.Run(l.Name, func(t *testing.T) {
			if l.Description == "" || l.Evidence == "" || l.Bit == 0 || bits&l.Bit != 0 {
				t.Errorf("the entry is not complete: %+v", l)
			}
			bits |= l.Bit
			docs := lenientDocuments[l.Name]
			if docs == nil {
				t.Fatal("no document needs it")
			}
			for _, text := range docs {
				only, ok := AllowNamed(l.Name)
				if !ok || only != l.Bit {
					t.Fatalf("AllowNamed gives %v, %v", only, ok)
				}
				p, err := Parse([]byte(text), Options{Allow: only})
				if err != nil {
					t.Errorf("%s\nallowed, but refused: %v", text, err)
					continue
				}
				if strings.Join(p.Leniencies, " ") != l.Name {
					t.Errorf("%s\nneeds %v", text, p.Leniencies)
				}
				roundTrip(t, l.Name, p)
				refused := func(o Options) bool {
					_, err := Parse([]byte(text), o)
					if err != nil {
						checkError(t, text, err)
					}
					return err != nil
				}
				want(t, "refused strictly", refused(Options{Strict: true, Allow: only}), true)
				all := ^Allow(0)
				want(t, "refused without it", refused(Options{Allow: all &^ l.Bit}), true)
				want(t, "refused by default", refused(Options{}), !l.Default)
				want(t, "refused at an endpoint", refused(Options{Allow: EndpointAllow()}), !l.Endpoint)
			}
		})
	}
	want(t, "number of documents", len(lenientDocuments), len(Leniencies))
	if _, ok := AllowNamed("nonsense"); ok {
		t.Error("AllowNamed knows nonsense")
	}
	names := AllowNames(DefaultAllow())
	if a, ok := AllowNamed(names...); !ok || a != DefaultAllow() {
		t.Errorf("names of the default set: %v", names)
	}
}

// TestD_03_Endpoint: what a server has to refuse is refused by what an endpoint
// may allow.
func TestD_03_Endpoint(t *testing.T) {
	for statement, name := range map[string]string{
		"D-03": "apache-namespace", "D-03 ": "no-namespace", "D-06": "unqualified-children",
		"D-49": "modify-increment", "D-117": "soap-no-namespace", "D-117 ": "soap-https-namespace",
	} {
		for _, text := range lenientDocuments[name] {
			_, err := Parse([]byte(text), Options{Allow: EndpointAllow()})
			if e, ok := err.(*Error); !ok || e.Statement != strings.TrimSpace(statement) {
				t.Errorf("%s: %v", text, err)
			}
		}
	}
}

// TestLenientResponses: what is read all the same means what its author meant.
func TestLenientResponses(t *testing.T) {
	const code = `<resultCode code="10"/>`
	for _, c := range []struct {
		name, text string
		check      func(t *testing.T, p *Parsed)
	}{
		{"D-93 references among entries", response(`<searchResponse><searchResultReference><ref>ldap://a/</ref></searchResultReference><searchResultEntry dn="cn=a"/>` +
			`<searchResultReference><ref>ldap://b/</ref></searchResultReference><searchResultEntry dn="cn=b"/><searchResultDone>` + code + `</searchResultDone></searchResponse>`),
			func(t *testing.T, p *Parsed) {
				s := answer[*SearchResponse](t, p)
				want(t, "entries", s.Entries[0].DN+" "+s.Entries[1].DN, "cn=a cn=b")
				want(t, "references", s.References[0].Refs[0]+" "+s.References[1].Refs[0], "ldap://a/ ldap://b/")
			}},
		{"D-98 a name for a code that has none", response(`<delResponse><resultCode code="118" descr="canceled"/></delResponse>`), func(t *testing.T, p *Parsed) {
			want(t, "code", answer[*Result](t, p).Code, 118)
		}},
		{"D-100 referrals before the code", response(`<delResponse><control type="1.2"/><referral>ldap://a/</referral><referal>ldap://b/</referal>` + code + `<errorMessage>m</errorMessage></delResponse>`),
			func(t *testing.T, p *Parsed) {
				r := answer[*Result](t, p)
				want(t, "code", r.Code, Referral)
				want(t, "referrals", strings.Join(r.Referrals, " "), "ldap://a/ ldap://b/")
				want(t, "message", r.ErrorMessage, "m")
			}},
		{"D-101 matchedDn", response(`<delResponse matchedDn="dc=x">` + code + `</delResponse>`), func(t *testing.T, p *Parsed) {
			want(t, "matchedDN", answer[*Result](t, p).MatchedDN, "dc=x")
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p, err := Parse([]byte(c.text), Options{})
			if err != nil {
				t.Fatal(err)
			}
			c.check(t, p)
			roundTrip(t, c.name, p)
		})
	}
	for _, c := range []struct{ name, text, statement string }{
		{"D-05 matchedDn and matchedDN", response(`<delResponse matchedDn="" matchedDN="">` + code + `</delResponse>`), "D-05"},
		{"D-11 a control behind an early referral", response(`<delResponse><referral>ldap:///</referral><control type="1.2"/>` + code + `</delResponse>`), "D-11"},
		{"D-96 a name that no code has", response(`<delResponse><resultCode code="0" descr="canceled"/></delResponse>`), "D-96"},
		{"D-93 an entry behind the end", response(`<searchResponse><searchResultDone>` + code + `</searchResultDone><searchResultEntry dn=""/></searchResponse>`), "D-93"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Parse([]byte(c.text), Options{})
			if e, ok := err.(*Error); !ok || e.Statement != c.statement {
				t.Errorf("%v", err)
			}
		})
	}
}

// TestD_99_Code36: both spellings are read, the schema's is written.
func TestD_99_Code36(t *testing.T) {
	for _, name := range []string{"aliasDerefencingProblem", "aliasDereferencingProblem"} {
		p, err := Parse([]byte(response(`<delResponse><resultCode code="36" descr="`+name+`"/></delResponse>`)), Options{})
		if err != nil {
			t.Fatal(err)
		}
		want(t, "code", answer[*Result](t, p).Code, AliasDereferencingProblem)
		text, err := Marshal(p.Document, WriteOptions{})
		if err != nil || !strings.Contains(string(text), `descr="aliasDerefencingProblem"`) {
			t.Errorf("%s, %v", text, err)
		}
	}
}

// TestResquestIDIsRead: the misspelt attribute counts, unless the right one is
// there too.
func TestResquestIDIsRead(t *testing.T) {
	for text, id := range map[string]string{
		`<batchResponse xmlns="` + Namespace + `" resquestID="1"/>`:               "1",
		`<batchResponse xmlns="` + Namespace + `" resquestID="1" requestID="2"/>`: "2",
		`<batchResponse xmlns="` + Namespace + `" requestID="2" resquestID="1"/>`: "2",
	} {
		p, err := Parse([]byte(text), Options{})
		if err != nil || p.RequestID != Some(id) || p.Document.(*BatchResponse).RequestID != Some(id) {
			t.Errorf("%s: %+v, %v", text, p, err)
		}
	}
}
