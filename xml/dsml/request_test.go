package dsml

import (
	"strings"
	"testing"
)

const search = `<searchRequest dn="o=x" scope="wholeSubtree" derefAliases="derefAlways"`

func searching(attributes string) string {
	return request(search + " " + attributes + `><filter><present name="a"/></filter></searchRequest>`)
}

func TestRequests(t *testing.T) {
	const filter = `<filter><present name="a"/></filter>`
	testRefusals(t, []refusal{
		{"D-39 no dn", request(`<searchRequest scope="baseObject" derefAliases="derefAlways">` + filter + `</searchRequest>`), "dsml-attribute-missing", "<search", ""},
		{"D-39 no scope", request(`<searchRequest dn="" derefAliases="derefAlways">` + filter + `</searchRequest>`), "dsml-attribute-missing", "<search", "baseObject"},
		{"D-39 no derefAliases", request(`<searchRequest dn="" scope="baseObject">` + filter + `</searchRequest>`), "dsml-attribute-missing", "<search", "neverDerefAliases"},
		{"D-39 no filter", request(search + `/>`), "dsml-missing", "<search", "present"},
		{"D-39 filter behind attributes", request(search + `><attributes/>` + filter + `</searchRequest>`), "dsml-order", "<attributes", "order"},
		{"D-40 an unknown scope", strings.Replace(searching(""), "wholeSubtree", "wholesubtree", 1), "dsml-value", "scope=", "did you mean wholeSubtree?"},
		{"D-40 an empty scope", strings.Replace(searching(""), "wholeSubtree", "", 1), "dsml-value", "scope=", "one of"},
		{"D-40 an unknown derefAliases", strings.Replace(searching(""), "derefAlways", "always", 1), "dsml-value", "derefAliases=", "one of"},
		{"D-40 an empty derefAliases", strings.Replace(searching(""), "derefAlways", "", 1), "dsml-value", "derefAliases=", "one of"},
		{"D-41 a negative sizeLimit", searching(`sizeLimit="-1"`), "dsml-value", "sizeLimit", "2147483647"},
		{"D-41 a sizeLimit that is no number", searching(`sizeLimit="de"`), "dsml-value", "sizeLimit", ""},
		{"D-41 a sizeLimit that is too great", searching(`sizeLimit="2147483648"`), "dsml-value", "sizeLimit", ""},
		{"D-41 an empty timeLimit", searching(`timeLimit=""`), "dsml-value", "timeLimit", ""},
		{"D-41 a timeLimit with a sign", searching(`timeLimit="+1"`), "dsml-value", "timeLimit", ""},
		{"D-43 typesOnly that is no boolean", searching(`typesOnly="yes"`), "dsml-value", "typesOnly", "true, false, 1, 0"},
		{"D-43 an empty typesOnly", searching(`typesOnly=""`), "dsml-value", "typesOnly", ""},
		{"D-44 two attributes elements", request(search + `>` + filter + `<attributes/><attributes />` + `</searchRequest>`), "dsml-duplicate", "<attributes />", "one"},
		{"D-48 modification without name", request(`<modifyRequest dn=""><modification operation="add"/></modifyRequest>`), "dsml-attribute-missing", "<modification", ""},
		{"D-48 modification without operation", request(`<modifyRequest dn=""><modification name="a"/></modifyRequest>`), "dsml-attribute-missing", "<modification", "add, delete, replace"},
		{"D-48 modifyRequest without dn", request(`<modifyRequest/>`), "dsml-attribute-missing", "<modify", ""},
		{"D-49 an unknown operation", request(`<modifyRequest dn=""><modification name="a" operation="Add"/></modifyRequest>`), "dsml-value", "operation", "did you mean add?"},
		{"D-49 an empty operation", request(`<modifyRequest dn=""><modification name="a" operation=""/></modifyRequest>`), "dsml-value", "operation", "one of"},
		{"D-53 addRequest without dn", request(`<addRequest/>`), "dsml-attribute-missing", "<add", ""},
		{"D-53 attr without name", request(`<addRequest dn=""><attr/></addRequest>`), "dsml-attribute-missing", "<attr", ""},
		{"D-53 attr with an empty name", request(`<addRequest dn=""><attr name=""/></addRequest>`), "dsml-name", "name=", "empty"},
		{"D-53 attr with a space in its name", request(`<addRequest dn=""><attr name="a b"/></addRequest>`), "dsml-name", "name=", "2.5.4.3"},
		{"D-53 a selector for a name", request(`<addRequest dn=""><attr name="*"/></addRequest>`), "dsml-name", "name=", ""},
		{"D-55 delRequest without dn", request(`<delRequest/>`), "dsml-attribute-missing", "<del", ""},
		{"D-56 modDNRequest without dn", request(`<modDNRequest newrdn="cn=a"/>`), "dsml-attribute-missing", "<mod", ""},
		{"D-56 modDNRequest without newrdn", request(`<modDNRequest dn="cn=a"/>`), "dsml-attribute-missing", "<mod", ""},
		{"D-58 an empty deleteoldrdn", request(`<modDNRequest dn="" newrdn="cn=a" deleteoldrdn=""/>`), "dsml-value", "deleteold", ""},
		{"D-58 deleteoldrdn that is no boolean", request(`<modDNRequest dn="" newrdn="cn=a" deleteoldrdn="TRUE"/>`), "dsml-value", "deleteold", ""},
		{"D-59 compareRequest without assertion", request(`<compareRequest dn=""/>`), "dsml-missing", "<compare", ""},
		{"D-59 compareRequest with two assertions", request(`<compareRequest dn=""><assertion name="a"><value/></assertion><assertion  name="a"><value/></assertion></compareRequest>`), "dsml-duplicate", "<assertion  ", ""},
		{"D-59 assertion without name", request(`<compareRequest dn=""><assertion><value/></assertion></compareRequest>`), "dsml-attribute-missing", "<assertion", ""},
		{"D-59 assertion without value", request(`<compareRequest dn=""><assertion name="a"/></compareRequest>`), "dsml-missing", "<assertion", ""},
		{"D-59 assertion with two values", request(`<compareRequest dn=""><assertion name="a"><value/><value>b</value></assertion></compareRequest>`), "dsml-duplicate", "<value>b", ""},
		{"D-59 compareRequest without dn", request(`<compareRequest><assertion name="a"><value/></assertion></compareRequest>`), "dsml-attribute-missing", "<compare", ""},
		{"D-62 abandonRequest without abandonID", request(`<abandonRequest/>`), "dsml-attribute-missing", "<abandon", ""},
		{"D-63 extendedRequest without requestName", request(`<extendedRequest/>`), "dsml-missing", "<extended", ""},
		{"D-63 an empty requestName", request(`<extendedRequest><requestName/></extendedRequest>`), "dsml-oid", "<requestName", "1.3.6"},
		{"D-63 a requestName that is no OID", request(`<extendedRequest><requestName>whoami</requestName></extendedRequest>`), "dsml-oid", "<requestName", ""},
		{"D-63 requestValue first", request(`<extendedRequest><requestValue/><requestName>1.2</requestName></extendedRequest>`), "dsml-order", "<requestValue", ""},
		{"D-67 criticality that is no boolean", request(`<delRequest dn=""><control type="1.2" criticality="no"/></delRequest>`), "dsml-value", "criticality", ""},
		{"D-68 control without type", request(`<delRequest dn=""><control/></delRequest>`), "dsml-attribute-missing", "<control", ""},
		{"D-68 control with a type that is no OID", request(`<delRequest dn=""><control type="paged"/></delRequest>`), "dsml-value", "type=", "1.2.840"},
		{"D-06 two values of a control", request(`<delRequest dn=""><control type="1.2"><controlValue/><controlValue>a</controlValue></control></delRequest>`), "dsml-duplicate", "<controlValue>a", ""},
	})
	controls := `<control type="1.2"/><control type="1.3" criticality="1"><controlValue xsi:type="xsd:base64Binary">MAUC AQUEAA==</controlValue></control>`
	testAcceptances(t, []acceptance{
		{"D-42 no limits", searching(""), func(t *testing.T, p *Parsed) {
			r := first[*SearchRequest](t, p)
			want(t, "sizeLimit", r.SizeLimit, 0)
			want(t, "timeLimit", r.TimeLimit, 0)
			want(t, "typesOnly", r.TypesOnly, false)
			want(t, "scope", r.Scope, WholeSubtree)
			want(t, "derefAliases", r.DerefAliases, DerefAlways)
		}},
		{"D-41 the greatest limits", searching(`sizeLimit="2147483647" timeLimit="007"`), func(t *testing.T, p *Parsed) {
			r := first[*SearchRequest](t, p)
			want(t, "sizeLimit", r.SizeLimit, 2147483647)
			want(t, "timeLimit", r.TimeLimit, 7)
		}},
		{"D-43 typesOnly 1", searching(`typesOnly="1"`), func(t *testing.T, p *Parsed) {
			want(t, "typesOnly", first[*SearchRequest](t, p).TypesOnly, true)
		}},
		{"D-43 typesOnly false", searching(`typesOnly=" false "`), func(t *testing.T, p *Parsed) {
			want(t, "typesOnly", first[*SearchRequest](t, p).TypesOnly, false)
		}},
		{"D-44 empty attributes", request(search + `>` + filter + `<attributes/></searchRequest>`), func(t *testing.T, p *Parsed) {
			want(t, "number of attributes", len(first[*SearchRequest](t, p).Attributes), 0)
		}},
		{"D-45 no attributes", request(search + `>` + filter + `<attributes><attribute name="1.1"/></attributes></searchRequest>`), func(t *testing.T, p *Parsed) {
			want(t, "attributes", strings.Join(first[*SearchRequest](t, p).Attributes, " "), "1.1")
		}},
		{"D-47 an empty dn", filtered(`<present name="a"/>`), func(t *testing.T, p *Parsed) {
			want(t, "dn", first[*SearchRequest](t, p).DN, "")
		}},
		{"D-49 D-50 D-51 D-52 modifications in order", request(`<modifyRequest dn=""><modification name="b" operation="delete"/><modification name="a;x-1" operation="replace"><value>1</value><value/></modification><modification name="b" operation="add"><value>2</value></modification></modifyRequest>`),
			func(t *testing.T, p *Parsed) {
				m := first[*ModifyRequest](t, p).Modifications
				want(t, "number of modifications", len(m), 3)
				want(t, "operation", m[0].Op, ModifyDelete)
				want(t, "number of values", len(m[0].Values), 0)
				want(t, "operation", m[1].Op, ModifyReplace)
				want(t, "value", m[1].Values[1], Value{})
				want(t, "operation", m[2].Op, ModifyAdd)
				want(t, "name", m[1].Name, "a;x-1")
			}},
		{"D-54 attr without value", request(`<addRequest dn=""><attr name="a"/></addRequest>`), func(t *testing.T, p *Parsed) {
			want(t, "number of values", len(first[*AddRequest](t, p).Attrs[0].Values), 0)
		}},
		{"D-57 deleteoldrdn absent", request(`<modDNRequest dn="" newrdn="cn=a"/>`), func(t *testing.T, p *Parsed) {
			r := first[*ModDNRequest](t, p)
			want(t, "the old RDN stays", r.KeepOldRDN, false)
			want(t, "newSuperior", r.NewSuperior, Optional{})
		}},
		{"D-57 deleteoldrdn 0 and an empty newSuperior", request(`<modDNRequest dn="" newrdn="cn=a" deleteoldrdn="0" newSuperior=""/>`), func(t *testing.T, p *Parsed) {
			r := first[*ModDNRequest](t, p)
			want(t, "the old RDN stays", r.KeepOldRDN, true)
			want(t, "newSuperior", r.NewSuperior, Some(""))
		}},
		{"D-59 a compareRequest", request(`<compareRequest dn="cn=a"><assertion name="2.5.4.3"><value>b</value></assertion></compareRequest>`), func(t *testing.T, p *Parsed) {
			r := first[*CompareRequest](t, p)
			want(t, "name", r.Name, "2.5.4.3")
			want(t, "value", r.Value, Value{Data: "b"})
		}},
		{"D-62 an empty abandonID", request(`<abandonRequest abandonID=""/>`), func(t *testing.T, p *Parsed) {
			want(t, "abandonID", first[*AbandonRequest](t, p).AbandonID, "")
		}},
		{"D-63 an extendedRequest", request(`<extendedRequest><requestName>1.3.6</requestName><requestValue>a</requestValue></extendedRequest>`), func(t *testing.T, p *Parsed) {
			r := first[*ExtendedRequest](t, p)
			want(t, "requestName", r.RequestName, "1.3.6")
			want(t, "requestValue", *r.RequestValue, Value{Data: "a"})
		}},
		{"D-65 names that are no distinguished names", request(`<delRequest dn="no name"/>`), func(t *testing.T, p *Parsed) {
			want(t, "dn", first[*DelRequest](t, p).DN, "no name")
		}},
		{"D-67 controls", request(`<delRequest dn="">` + controls + `</delRequest>`), func(t *testing.T, p *Parsed) {
			c := first[*DelRequest](t, p).Controls
			want(t, "criticality", c[0].Criticality, false)
			want(t, "value", c[0].Value, nil)
			want(t, "criticality", c[1].Criticality, true)
			want(t, "value", *c[1].Value, Value{"0\x05\x02\x01\x05\x04\x00", Base64Binary})
		}},
		{"D-66 controls of every request", request(`<authRequest principal="u:a">` + controls + `</authRequest><delRequest dn="">` + controls +
			`</delRequest><addRequest dn="">` + controls + `</addRequest><modifyRequest dn="">` + controls + `</modifyRequest><modDNRequest dn="" newrdn="">` + controls +
			`</modDNRequest><compareRequest dn="">` + controls + `<assertion name="a"><value/></assertion></compareRequest><abandonRequest abandonID="">` + controls +
			`</abandonRequest><extendedRequest>` + controls + `<requestName>1.2</requestName></extendedRequest>` + search + `>` + controls + filter + `</searchRequest>`),
			func(t *testing.T, p *Parsed) {
				b := p.Document.(*BatchRequest)
				want(t, "number of requests", len(b.Requests), 9)
				for _, r := range b.Requests {
					want(t, "number of controls of "+r.Element(), len(r.Head().Controls), 2)
				}
			}},
	})
}
