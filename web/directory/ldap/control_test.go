package ldap

import (
	"reflect"
	"testing"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// Controls go both ways as they are: any identifier, any bytes, on results, on
// entries and on references; so do several URIs of one reference, matched names
// and messages.
func TestControlsPassThrough(t *testing.T) {
	binary := func(s string) *dsml.Value { return &dsml.Value{Data: s, Type: dsml.Base64Binary} }
	sent := []dsml.Control{{Type: "1.2.3", Criticality: true, Value: binary("\x00\xff")}, {Type: "1.2.4"}, {Type: "1.2.5", Value: binary("")}, {Type: "1.2.840.113556.1.4.319", Value: binary("no BER")}}
	back := []dsml.Control{{Type: "1.2.6", Value: binary("\x30\x03")}, {Type: "1.3.6.1.4.1.42.2.27.8.5.1", Criticality: true, Value: binary("odd")}}
	var seen [][]dsml.Control
	url := serveFake(t, func(p *peer, m message) bool {
		controls, ok := m.readControls()
		if !ok {
			t.Error("the controls cannot be read")
		}
		seen = append(seen, controls)
		if m.op == opSearch {
			p.answer(m.id, element(opIntermediate, element(context0, []byte("1.2"))))
			p.answer(m.id, entryOf("cn=1", "v"), back...)
			p.answer(m.id, element(opReference, octets("ldap://a"), octets("ldap://b")), back...)
			p.answer(m.id, element(opDone, integer(tagEnumerated, 10), octets("o=m"), octets("why"), element(tagReferral, octets("ldap://c"), octets("ldap://d"))), back...)
			return true
		}
		answerOp := answer(m.op)
		if m.op == opExtended {
			p.answer(m.id, element(opExtResponse, integer(tagEnumerated, 0), octets(""), octets(""), element(context0|10, []byte("1.9")), element(context0|11, []byte("\x00x"))), back...)
			return true
		}
		p.answer(m.id, resultOf(answerOp, 71, "far away"), back...)
		return true
	})
	c := connected(t, newBackend(t, Options{URL: url}), anonymous)
	name := "cn=x"
	requests := []dsml.Request{
		searchFor("o=x"), &dsml.AddRequest{DN: name}, &dsml.DelRequest{DN: name}, &dsml.ModifyRequest{DN: name},
		&dsml.ModDNRequest{DN: name, NewRDN: "cn=y", NewSuperior: dsml.Some("")}, &dsml.CompareRequest{DN: name, Name: "cn"}, &dsml.ExtendedRequest{RequestName: "1.8"},
	}
	for i, req := range requests {
		req.Head().Controls = sent
		req.Head().RequestID = dsml.Some("7")
		var items []directory.SearchItem
		resp, err := c.Do(t.Context(), req, func(it directory.SearchItem) error { items = append(items, it); return nil })
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(seen[i], sent) {
			t.Errorf("%s: the server got %+v", req.Element(), seen[i])
		}
		if resp.ID() != dsml.Some("7") {
			t.Errorf("%s: requestID %v", req.Element(), resp.ID())
		}
		var result *dsml.LDAPResult
		switch r := resp.(type) {
		case *dsml.Result:
			result = &r.LDAPResult
			if req.Element() == "searchRequest" {
				if r.Code != dsml.Referral || r.MatchedDN != "o=m" || r.ErrorMessage != "why" || len(r.Referrals) != 2 {
					t.Errorf("%+v", r)
				}
				if len(items) != 2 || !reflect.DeepEqual(items[0].Entry.Controls, back) || !reflect.DeepEqual(items[1].Reference.Controls, back) || len(items[1].Reference.Refs) != 2 {
					t.Errorf("%+v", items)
				}
			} else if r.Code != dsml.AffectsMultipleDSAs || r.ErrorMessage != "far away" {
				t.Errorf("%s: %+v", req.Element(), r)
			}
		case *dsml.ExtendedResponse:
			result = &r.LDAPResult
			if r.ResponseName != "1.9" || r.Response == nil || *r.Response != *binary("\x00x") {
				t.Errorf("%+v", r)
			}
		}
		if !reflect.DeepEqual(result.Controls, back) {
			t.Errorf("%s: controls of the result %+v", req.Element(), result.Controls)
		}
	}
}
