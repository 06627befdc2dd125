package soap

import (
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml"
)

func fault(t *testing.T, text string) *Fault {
	t.Helper()
	f := parse(t, text).Fault
	if f == nil {
		t.Fatalf("no fault in %s", text)
	}
	return f
}

// TestD_141_Microsoft reads and writes faults whose detail is bare text.
func TestD_141_Microsoft(t *testing.T) {
	const text = `<SOAP:Envelope xmlns:SOAP="http://schemas.xmlsoap.org/soap/envelope/"><SOAP:Body><SOAP:Fault>` +
		`<faultcode>SOAP:Client</faultcode><faultstring>SOAP Invalid Request</faultstring><detail>Bad Session Request</detail>` +
		`</SOAP:Fault></SOAP:Body></SOAP:Envelope>`
	f := fault(t, text)
	want(t, "code", f.Code, xml.Name{Space: NS11, Local: "Client"})
	want(t, "code as written", f.CodeText, "SOAP:Client")
	want(t, "reason", f.Reason, "SOAP Invalid Request")
	want(t, "detail", f.DetailText(), "Bad Session Request")
	want(t, "blames the message", f.IsSender(), true)
	e := &Envelope{Version: V11, Prefix: "SOAP", Fault: &Fault{
		Version: V11, Code: xml.Name{Space: NS11, Local: "Client"}, Reason: "SOAP Invalid Request", Detail: TextDetail(V11, "Bad Session Request"),
	}}
	out, err := e.Marshal(nil)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "text", string(out), text)
}

func TestFault11(t *testing.T) {
	f := fault(t, `<Envelope xmlns="`+NS11+`"><Body><Fault xmlns:f="urn:f">
		<faultcode xmlns=""> f:Client.Auth </faultcode><faultstring xmlns="" xml:lang="de"> nein </faultstring>
		<faultactor xmlns="">urn:actor</faultactor><detail xmlns=""><a/> <f:b>c</f:b></detail></Fault></Body></Envelope>`)
	want(t, "code", f.Code, xml.Name{Space: "urn:f", Local: "Client.Auth"})
	want(t, "code as written", f.CodeText, "f:Client.Auth")
	want(t, "reason", f.Reason, "nein")
	want(t, "language", f.ReasonLang, "de")
	want(t, "actor", f.Actor, "urn:actor")
	want(t, "elements of the detail", len(f.Detail.Elements()), 2)
	want(t, "blames the message", f.IsSender(), true)

	f = fault(t, `<s:Envelope xmlns:s="`+NS11+`"><s:Body><s:Fault><faultcode>x:Server</faultcode></s:Fault></s:Body></s:Envelope>`)
	want(t, "code of an unknown prefix", f.Code, xml.Name{Local: "Server"})
	want(t, "code as written", f.CodeText, "x:Server")
	want(t, "no detail", f.DetailText(), "")
	want(t, "blames the message", f.IsSender(), false)
}

func TestFault_DetailText(t *testing.T) {
	for detail, text := range map[string]string{
		"": "", " a ": "a", "<x/>": "", "<x> a </x>": "a", " <x>\n<y>a</y> </x> ": "a", "<x>a</x><y>b</y>": "", "<x/>a<y/>": "a", "<x><y/><y>a</y></x>": "",
	} {
		f := fault(t, `<s:Envelope xmlns:s="`+NS11+`"><s:Body><s:Fault><faultcode>s:Client</faultcode><faultstring/><detail>`+detail+`</detail></s:Fault></s:Body></s:Envelope>`)
		want(t, detail, f.DetailText(), text)
	}
}

func TestFault12(t *testing.T) {
	f := fault(t, `<s:Envelope xmlns:s="`+NS12+`" xmlns:x="urn:x"><s:Body><s:Fault>
		<s:Code><s:Value>s:Sender</s:Value><s:Subcode><s:Value>x:a</s:Value><s:Subcode><s:Value>x:b</s:Value></s:Subcode></s:Subcode></s:Code>
		<s:Reason><s:Text xml:lang="en">no</s:Text><s:Text xml:lang="de">nein</s:Text></s:Reason>
		<s:Node>urn:n</s:Node><s:Role>urn:r</s:Role><s:Detail><s:Value>x:c</s:Value></s:Detail></s:Fault></s:Body></s:Envelope>`)
	want(t, "code", f.Code, xml.Name{Space: NS12, Local: "Sender"})
	want(t, "number of subcodes", len(f.Subcodes), 2)
	want(t, "inner subcode", f.Subcodes[1], xml.Name{Space: "urn:x", Local: "b"})
	want(t, "reason", f.Reason, "no")
	want(t, "language", f.ReasonLang, "en")
	want(t, "node", f.Actor, "urn:n")
	want(t, "role", f.Role, "urn:r")
	want(t, "detail", f.Detail.Elements()[0].Text(), "x:c")
	want(t, "blames the message", f.IsSender(), true)
}

// TestFaultCodeNoName: a code that is no QName is kept as text.
func TestFaultCodeNoName(t *testing.T) {
	for _, code := range []string{"x:", ":", "two words", "a:b:c", "1"} {
		f := fault(t, `<s:Envelope xmlns:s="`+NS11+`"><s:Body><s:Fault><faultcode>`+code+`</faultcode></s:Fault></s:Body></s:Envelope>`)
		want(t, "code", f.Code, xml.Name{Local: code})
		text, err := (&Envelope{Version: V11, Fault: f}).Marshal(nil)
		if err != nil {
			t.Fatal(err)
		}
		want(t, "code written and read", fault(t, string(text)).CodeText, code)
	}
}

// TestFaultRoundTrip writes faults of each version and reads them again.
func TestFaultRoundTrip(t *testing.T) {
	detail, err := xml.ParseElement([]byte(`<detail><x:a xmlns:x="urn:x">b</x:a></detail>`), xml.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []Version{V11, V12} {
		in := &Fault{Version: v, Code: xml.Name{Space: "urn:codes", Local: "Client"}, Reason: "no <way>", ReasonLang: "de", Actor: "urn:a", Detail: detail}
		if v == V12 {
			in.Code = xml.Name{Space: NS12, Local: "Receiver"}
			in.Subcodes = []xml.Name{{Space: "urn:x", Local: "a"}, {Space: "urn:y", Local: "b"}}
			in.Role = "urn:r"
		}
		text, err := (&Envelope{Version: v, Fault: in}).Marshal(nil)
		if err != nil {
			t.Fatal(err)
		}
		out := fault(t, string(text))
		if out.Code != in.Code || out.Reason != in.Reason || out.ReasonLang != in.ReasonLang || out.Actor != in.Actor || out.Role != in.Role ||
			len(out.Subcodes) != len(in.Subcodes) || out.Detail.AllText() != "b" || out.Detail.Name != detailName(v) {
			t.Errorf("%s\nreads as %+v", text, out)
		}
		for i := range out.Subcodes {
			want(t, "subcode", out.Subcodes[i], in.Subcodes[i])
		}
	}
}

// TestFaultOfOtherVersion gives each code its name in the version written.
func TestFaultOfOtherVersion(t *testing.T) {
	for _, c := range []struct {
		from     Version
		code     string
		to       Version
		expected string
	}{
		{V11, "Client", V12, "Sender"}, {V11, "Server", V12, "Receiver"}, {V11, "MustUnderstand", V12, "MustUnderstand"},
		{V12, "Sender", V11, "Client"}, {V12, "Receiver", V11, "Server"}, {V12, "VersionMismatch", V11, "VersionMismatch"},
		{V11, "Client", V11, "Client"}, {V12, "Sender", V12, "Sender"},
	} {
		e := &Envelope{Version: c.to, Fault: &Fault{Version: c.from, Code: xml.Name{Space: c.from.Namespace(), Local: c.code}, Reason: "r", Detail: TextDetail(c.from, "d")}}
		text, err := e.Marshal(nil)
		if err != nil {
			t.Fatal(err)
		}
		f := fault(t, string(text))
		want(t, c.code+" in SOAP "+c.to.String(), f.Code, xml.Name{Space: c.to.Namespace(), Local: c.expected})
		want(t, "detail", f.DetailText(), "d")
	}
}

func TestWrite(t *testing.T) {
	block, err := xml.ParseElement([]byte(`<u:a xmlns:u="urn:u" b="c"/>`), xml.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	body, err := xml.ParseElement([]byte(`<p xmlns="urn:p"/>`), xml.Limits{})
	if err != nil {
		t.Fatal(err)
	}
	for _, v := range []Version{V11, V12} {
		e := &Envelope{Version: v, Headers: []Header{{Element: block, MustUnderstand: true, Actor: ActorNext, Relay: true}}, Body: []*xml.Element{body}}
		text, err := e.Marshal(func(w *xml.Writer) { w.Empty("urn:q", "q") })
		if err != nil {
			t.Fatal(err)
		}
		got := parse(t, string(text))
		h := got.Headers[0]
		want(t, "prefix", got.Prefix, DefaultPrefix)
		want(t, "mustUnderstand", h.MustUnderstand, true)
		want(t, "actor", h.Actor, ActorNext)
		want(t, "relay", h.Relay, v == V12)
		want(t, "children of Body", len(got.Body), 2)
		if b, ok := h.Attr("", "b"); !ok || b != "c" {
			t.Errorf("%s", text)
		}
		// Written again it is the same: what is there is not added twice.
		again, err := got.Marshal(nil)
		if err != nil || strings.Count(string(again), "mustUnderstand") != 1 {
			t.Errorf("%s, %v", again, err)
		}
	}
	if _, ok := block.Attr(NS11, "mustUnderstand"); ok {
		t.Error("writing changed the block")
	}
	text, err := (&Envelope{}).Marshal(nil)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "an empty envelope", string(text), `<soap:Envelope xmlns:soap="`+NS11+`"><soap:Body/></soap:Envelope>`)
}

// TestStart writes an envelope piece by piece.
func TestStart(t *testing.T) {
	w := xml.NewWriter(xml.WriterOptions{})
	Start(w, V12, "env", func(w *xml.Writer) { w.Empty("urn:h", "h") })
	w.Empty("", "p")
	End(w)
	if err := w.Err(); err != nil {
		t.Fatal(err)
	}
	e := parse(t, string(w.Bytes()))
	want(t, "prefix", e.Prefix, "env")
	want(t, "header", e.Headers[0].Name, xml.Name{Space: "urn:h", Local: "h"})
	want(t, "payload", e.Body[0].Name, xml.Name{Local: "p"})
}
