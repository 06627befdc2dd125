package soap

import (
	"errors"
	"reflect"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml"
)

func parse(t *testing.T, text string) *Envelope {
	t.Helper()
	e, err := Parse([]byte(text), Options{})
	if err != nil {
		t.Fatalf("%s\n%v", text, err)
	}
	return e
}

func want[T comparable](t *testing.T, what string, got, want T) {
	t.Helper()
	if got != want {
		t.Errorf("%s is %v, want %v", what, got, want)
	}
}

func TestVersions(t *testing.T) {
	for _, c := range []struct {
		space   string
		version Version
		name    string
	}{{NS11, V11, "1.1"}, {NS12, V12, "1.2"}} {
		e := parse(t, `<a:Envelope xmlns:a="`+c.space+`"><a:Body><b xmlns="urn:b">c</b><d/></a:Body></a:Envelope>`)
		want(t, "version", e.Version, c.version)
		want(t, "version", e.Version.String(), c.name)
		want(t, "namespace", e.Version.Namespace(), c.space)
		want(t, "prefix", e.Prefix, "a")
		want(t, "children of Body", len(e.Body), 2)
		want(t, "first child", e.Body[0].Name, xml.Name{Space: "urn:b", Local: "b"})
	}
	want(t, "no version", Version(0).String()+Version(0).Namespace(), "")
	parse(t, `<Envelope xmlns="`+NS12+`"><Header/><Body/></Envelope>`)
	// SOAP 1.1 lets other elements follow the Body.
	parse(t, `<s:Envelope xmlns:s="`+NS11+`"><s:Body/><x:y xmlns:x="urn:x"><x:z/></x:y></s:Envelope>`)
}

func TestHeaders(t *testing.T) {
	e := parse(t, `<s:Envelope xmlns:s="`+NS11+`" xmlns:u="urn:u"><s:Header>
		<u:a s:mustUnderstand="1" s:actor=" http://schemas.xmlsoap.org/soap/actor/next " u:b="c">text<d/></u:a>
		<u:a s:mustUnderstand="0"/><u:e mustUnderstand="1"/>
	</s:Header><s:Body/></s:Envelope>`)
	want(t, "number of headers", len(e.Headers), 3)
	h := e.Headers[0]
	want(t, "mustUnderstand", h.MustUnderstand, true)
	want(t, "actor", h.Actor, ActorNext)
	want(t, "text", h.Text(), "text")
	want(t, "mustUnderstand", e.Headers[1].MustUnderstand, false)
	want(t, "mustUnderstand in no namespace", e.Headers[2].MustUnderstand, false)
	want(t, "found", e.Header("urn:u", "e"), &e.Headers[2])
	want(t, "found", e.Header("urn:x", "e"), nil)

	e = parse(t, `<s:Envelope xmlns:s="`+NS12+`"><s:Header><a xmlns="urn:u" s:mustUnderstand="true" s:relay="1" s:role="`+RoleNext+`"/></s:Header><s:Body/></s:Envelope>`)
	h = e.Headers[0]
	want(t, "mustUnderstand", h.MustUnderstand, true)
	want(t, "relay", h.Relay, true)
	want(t, "role", h.Actor, RoleNext)
}

// TestHeadersVerbatim: what nobody knows is written as it was read.
func TestHeadersVerbatim(t *testing.T) {
	const block = `<u:a xmlns:u="urn:u" xmlns:v="urn:v" s:mustUnderstand="1" v:w="x">b &lt;<!--c--><u:d e="v:f"/></u:a>`
	text := `<s:Envelope xmlns:s="` + NS11 + `"><s:Header>` + block + `</s:Header><s:Body/></s:Envelope>`
	out, err := parse(t, text).Marshal(nil)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "text", string(out), text)
}

func TestD_118_NotUnderstood(t *testing.T) {
	message := func(version, attributes string) []Header {
		return parse(t, `<s:Envelope xmlns:s="`+version+`"><s:Header><x:a xmlns:x="urn:x" `+attributes+`/></s:Header><s:Body/></s:Envelope>`).Headers
	}
	knowsNothing := func(xml.Name) bool { return false }
	knowsA := func(n xml.Name) bool { return n == xml.Name{Space: "urn:x", Local: "a"} }
	for _, c := range []struct {
		name, version, attributes string
		understood                func(xml.Name) bool
		fault                     bool
	}{
		{"D-118 unknown, 1.1", NS11, `s:mustUnderstand="1"`, knowsNothing, true},
		{"D-118 unknown, 1.2", NS12, `s:mustUnderstand="true"`, knowsNothing, true},
		{"D-118 known", NS11, `s:mustUnderstand="1"`, knowsA, false},
		{"D-119 need not be understood", NS11, `s:mustUnderstand="0"`, knowsNothing, false},
		{"D-119 absent", NS11, ``, knowsNothing, false},
		{"D-118 for the next one", NS11, `s:mustUnderstand="1" s:actor="` + ActorNext + `"`, knowsNothing, true},
		{"D-118 for the next one, 1.2", NS12, `s:mustUnderstand="1" s:role="` + RoleNext + `"`, knowsNothing, true},
		{"D-118 for the ultimate receiver", NS12, `s:mustUnderstand="1" s:role="` + RoleUltimateReceiver + `"`, knowsNothing, true},
		{"D-118 for somebody else", NS11, `s:mustUnderstand="1" s:actor="urn:other"`, knowsNothing, false},
		{"D-118 for nobody", NS12, `s:mustUnderstand="1" s:role="` + RoleNone + `"`, knowsNothing, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := NotUnderstood(message(c.version, c.attributes), c.understood)
			want(t, "fault", h != nil, c.fault)
		})
	}
}

func TestErrors(t *testing.T) {
	in := func(inside string) string { return `<s:Envelope xmlns:s="` + NS11 + `">` + inside + `</s:Envelope>` }
	for _, c := range []struct{ name, text, code, at, hint string }{
		{"another root", `<a/>`, "soap-envelope", "<a", ""},
		{"D-117 no SOAP namespace", `<Envelope xmlns="urn:x"/>`, "soap-namespace", "<Env", NS11},
		{"D-117 the namespace of a draft", `<Envelope xmlns="http://www.w3.org/2001/12/soap-envelope"/>`, "soap-namespace", "<Env", NS12},
		{"no Body", in(""), "soap-structure", "</s:Env", ""},
		{"two Bodies", in("<s:Body/>\n<s:Body />"), "soap-structure", "<s:Body />", "one"},
		{"two Headers", in("<s:Header/><s:Header /><s:Body/>"), "soap-structure", "<s:Header />", ""},
		{"Header behind Body", in("<s:Body/><s:Header/>"), "soap-structure", "<s:Header", ""},
		{"something else in Envelope", in("<x/><s:Body/>"), "soap-structure", "<x", "Header"},
		{"something behind the Body in 1.2", strings.ReplaceAll(in(`<s:Body/><x:y xmlns:x="urn:x"/>`), NS11, NS12), "soap-structure", "<x:y", ""},
		{"mustUnderstand that is no boolean", in(`<s:Header><x:a xmlns:x="urn:x" s:mustUnderstand="yes"/></s:Header><s:Body/>`), "soap-attribute", "<x:a", "1 or 0"},
		{"a Fault beside a payload", in(`<s:Body><a/><s:Fault><faultcode>a</faultcode></s:Fault></s:Body>`), "soap-body", "<s:Fault", "only"},
		{"a payload beside a Fault", in(`<s:Body><s:Fault><faultcode>a</faultcode></s:Fault><a/></s:Body>`), "soap-body", "<a/>", "only"},
		{"a Fault without code", in(`<s:Body><s:Fault><faultstring/></s:Fault></s:Body>`), "soap-fault", "<s:Fault", ""},
		{"a Fault with something else", in(`<s:Body><s:Fault><faultcode>a</faultcode><code/></s:Fault></s:Body>`), "soap-fault", "<code", ""},
		{"D-10 a document type", `<!DOCTYPE a>` + in("<s:Body/>"), "xml-dtd", "<!DOCTYPE", ""},
		{"D-07 not well-formed", in("<s:Body>"), "xml-syntax", "</s:Env", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			for _, o := range []Options{{}, {Strict: true}, {Allow: Leniencies.Endpoint()}} {
				_, err := Parse([]byte(c.text), o)
				var e *xml.Error
				if !errors.As(err, &e) {
					t.Fatalf("not refused: %v", err)
				}
				if e.Code != c.code || !strings.Contains(e.Hint, c.hint) || e.Message == "" {
					t.Errorf("%+v", *e)
				}
				if at := strings.Index(c.text, c.at); e.Pos.Offset != int64(at) {
					t.Errorf("%v: at %d, want %d", e, e.Pos.Offset, at)
				}
			}
		})
	}
}

func TestLeniencies(t *testing.T) {
	docs := map[string]string{
		"soap-no-namespace":       `<Envelope><Header><a xmlns="urn:a"/></Header><Body><b/></Body></Envelope>`,
		"soap-element-case":       `<s:Envelope xmlns:s="` + NS11 + `"><s:header><a xmlns="urn:a"/></s:header><s:body><b/></s:body></s:Envelope>`,
		"soap-envelope-text":      `<s:Envelope xmlns:s="` + NS11 + `">a<s:Header>b<a xmlns="urn:a"/></s:Header><s:Body>c<b/>d</s:Body></s:Envelope>`,
		"soap-unqualified-header": `<s:Envelope xmlns:s="` + NS11 + `"><s:Header><a/></s:Header><s:Body><b/></s:Body></s:Envelope>`,
		"soap-https-namespace":    `<s:Envelope xmlns:s="https` + NS11[4:] + `"><s:Header><a xmlns="urn:a" s:mustUnderstand="1"/></s:Header><s:Body><b/></s:Body></s:Envelope>`,
		"soap-qualified-fault":    `<s:Envelope xmlns:s="` + NS11 + `"><s:Body><s:Fault><s:faultcode>s:Client</s:faultcode><s:faultstring>no</s:faultstring></s:Fault></s:Body></s:Envelope>`,
	}
	want(t, "number of documents", len(docs), len(Leniencies))
	for _, l := range Leniencies {
		t.Run(l.Name, func(t *testing.T) {
			text := []byte(docs[l.Name])
			warned := 0
			d := &Decoder{Options: Options{Allow: l.Bit}, Warn: func(*xml.Error) { warned++ }}
			if err := xml.Parse(text, xml.Limits{}, d); err != nil {
				t.Fatal(err)
			}
			if d.Used() != l.Bit || warned == 0 || !reflect.DeepEqual(Leniencies.Names(d.Used()), []string{l.Name}) {
				t.Errorf("needs %v, %d warnings", Leniencies.Names(d.Used()), warned)
			}
			e := d.Envelope()
			if e.Fault == nil && (len(e.Headers) != 1 && l.Bit != AllowEnvelopeText || len(e.Body) != 1) {
				t.Errorf("%+v", e)
			}
			if l.Bit == AllowHTTPSNamespace {
				want(t, "mustUnderstand", e.Headers[0].MustUnderstand, true)
			}
			refused := func(o Options) bool {
				_, err := Parse(text, o)
				return err != nil
			}
			want(t, "refused strictly", refused(Options{Strict: true, Allow: l.Bit}), true)
			want(t, "refused without it", refused(Options{Allow: ^l.Bit}), true)
			want(t, "refused by default", refused(Options{}), !l.Default)
			want(t, "refused at an endpoint", refused(Options{Allow: Leniencies.Endpoint()}), !l.Endpoint)
		})
	}
}

// TestReport goes on behind each problem.
func TestReport(t *testing.T) {
	var got []string
	d := &Decoder{Report: func(e *xml.Error) error { got = append(got, e.Code); return nil }}
	text := `<s:Envelope xmlns:s="urn:x"><a><b/></a><s:Header><c xmlns="urn:c"/></s:Header><s:Body><d/></s:Body><s:Body/></s:Envelope>`
	if err := xml.Parse([]byte(text), xml.Limits{}, d); err != nil {
		t.Fatal(err)
	}
	want(t, "problems", strings.Join(got, " "), "soap-namespace soap-structure soap-structure")
	want(t, "headers", len(d.Envelope().Headers), 1)
	want(t, "children of Body", len(d.Envelope().Body), 1)
}

// tokens counts what a payload sink gets.
type tokens struct{ names []string }

func (k *tokens) Token(s *xml.Scanner, kind xml.Kind) error {
	switch kind {
	case xml.StartElement:
		k.names = append(k.names, "<"+s.Name().Local)
	case xml.EndElement:
		k.names = append(k.names, s.Name().Local+">")
	case xml.Text:
		k.names = append(k.names, string(s.Text()))
	case xml.EndDocument:
		k.names = append(k.names, "end")
	}
	return nil
}

func TestPayload(t *testing.T) {
	k := &tokens{}
	d := &Decoder{Payload: k}
	err := xml.Parse([]byte(`<s:Envelope xmlns:s="`+NS11+`"><s:Body> <a>1<b/></a>2<c/></s:Body> </s:Envelope>`), xml.Limits{}, d)
	if err != nil {
		t.Fatal(err)
	}
	want(t, "tokens", strings.Join(k.names, " "), "<a 1 <b b> a> 2 <c c> end")
	want(t, "children of Body", len(d.Envelope().Body), 0)
	k.names = nil
	d = &Decoder{Payload: k}
	err = xml.Parse([]byte(`<s:Envelope xmlns:s="`+NS11+`"><s:Body><s:Fault><faultcode>a</faultcode></s:Fault></s:Body></s:Envelope>`), xml.Limits{}, d)
	if err != nil || len(k.names) > 0 || d.Envelope().Fault == nil {
		t.Errorf("a fault went to the payload: %v, %v", k.names, err)
	}
}
