package soap

import (
	"reflect"
	"testing"
)

// FuzzSOAP reads anything. What was accepted can be written, and reads the same
// again but for the places where things stand.
func FuzzSOAP(f *testing.F) {
	for _, s := range []string{
		`<s:Envelope xmlns:s="` + NS11 + `"><s:Header><a xmlns="urn:a" s:mustUnderstand="1">b</a></s:Header><s:Body><c/></s:Body></s:Envelope>`,
		`<s:Envelope xmlns:s="` + NS11 + `"><s:Body><s:Fault><faultcode>s:Client</faultcode><faultstring>a</faultstring><detail>b</detail></s:Fault></s:Body></s:Envelope>`,
		`<s:Envelope xmlns:s="` + NS12 + `" xmlns:x="urn:x"><s:Body><s:Fault><s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>x:y</s:Value></s:Subcode></s:Code><s:Reason><s:Text xml:lang="en">a</s:Text></s:Reason></s:Fault></s:Body></s:Envelope>`,
		`<s:Envelope xmlns:s="` + NS11 + `"><s:Body><s:Fault><faultcode>xml:a</faultcode><faultstring/></s:Fault></s:Body></s:Envelope>`,
		`<Envelope><header/><Body>text</Body></Envelope>`,
		`<s:Envelope xmlns:s="` + NS11 + `"><s:Body/><x:y xmlns:x="urn:x"/></s:Envelope>`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		e, err := Parse(text, Options{})
		if err != nil {
			return
		}
		out, err := e.Marshal(nil)
		if err != nil {
			t.Fatalf("cannot be written: %v", err)
		}
		again, err := Parse(out, Options{})
		if err != nil {
			t.Fatalf("cannot be read again: %v\n%s", err, out)
		}
		if len(again.Headers) != len(e.Headers) || len(again.Body) != len(e.Body) || again.Version != e.Version {
			t.Fatalf("reads otherwise:\n%s", out)
		}
		for i := range e.Headers {
			a, b := e.Headers[i], again.Headers[i]
			if a.MustUnderstand != b.MustUnderstand || a.Actor != b.Actor || a.Relay != b.Relay || a.Name != b.Name || a.AllText() != b.AllText() {
				t.Fatalf("header %d reads otherwise:\n%s", i, out)
			}
		}
		for i := range e.Body {
			if e.Body[i].Name != again.Body[i].Name || e.Body[i].AllText() != again.Body[i].AllText() {
				t.Fatalf("child %d of Body reads otherwise:\n%s", i, out)
			}
		}
		if (e.Fault == nil) != (again.Fault == nil) {
			t.Fatalf("the fault reads otherwise:\n%s", out)
		}
		if a, b := e.Fault, again.Fault; a != nil && (a.Reason != b.Reason || a.Actor != b.Actor || a.Role != b.Role || !reflect.DeepEqual(a.Subcodes, b.Subcodes)) {
			t.Fatalf("the fault reads otherwise:\n%s", out)
		}
	})
}
