package session

import (
	"errors"
	"strings"
	"testing"
	"unicode/utf16"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

const batch = `<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core"/>`

func wrapped(t *testing.T, body string, step Step) Outgoing {
	t.Helper()
	out, err := DSML.Wrap([]byte(body), 0, step)
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return out
}

// TestD_134_WrapEnvelope compares whole texts: every byte but the session header's
// stays.
func TestD_134_WrapEnvelope(t *testing.T) {
	const ns = `xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"`
	const block = `<ad:Session xmlns:ad="urn:schema-microsoft-com:activedirectory:dsmlv2" ad:SessionID="42" s:mustUnderstand="1"/>`
	const old = `<q:EndSession ` + "\n" + ` xmlns:q='urn:schema-microsoft-com:activedirectory:dsmlv2' q:SessionID='a>b'  />`
	const oldLong = `<q:BeginSession xmlns:q="urn:schema-microsoft-com:activedirectory:dsmlv2"> <x/> </q:BeginSession  >`
	const other = `<w:To xmlns:w="urn:w" xml:lang='de'>` + "\r\n" + `<!-- <s:Header> --></w:To>`
	const alien = `<Session xmlns="urn:else" SessionID="1"/>`
	const body = "<s:Body>\t<x:batchRequest xmlns:x=\"urn:oasis:names:tc:DSML:2:0:core\"><![CDATA[]]></x:batchRequest ></s:Body>"
	for _, c := range []struct{ name, in, want string }{
		{"no header", `<s:Envelope ` + ns + `>` + body + `</s:Envelope>`,
			`<s:Envelope ` + ns + `><s:Header>` + block + `</s:Header>` + body + `</s:Envelope>`},
		{"empty-element header", `<s:Envelope ` + ns + ` ><s:Header a='/' />` + body + `</s:Envelope>`,
			`<s:Envelope ` + ns + ` ><s:Header a='/' >` + block + `</s:Header>` + body + `</s:Envelope>`},
		{"empty header", `<s:Envelope ` + ns + `><s:Header></s:Header>` + body + `</s:Envelope>`,
			`<s:Envelope ` + ns + `><s:Header>` + block + `</s:Header>` + body + `</s:Envelope>`},
		{"other headers", `<s:Envelope ` + ns + `><s:Header> ` + other + alien + ` </s:Header>` + body + `</s:Envelope>`,
			`<s:Envelope ` + ns + `><s:Header>` + block + ` ` + other + alien + ` </s:Header>` + body + `</s:Envelope>`},
		{"D-134 one replaced in its place", `<s:Envelope ` + ns + `><s:Header>` + other + ` ` + old + ` ` + alien + `</s:Header>` + body + `</s:Envelope>`,
			`<s:Envelope ` + ns + `><s:Header>` + other + ` ` + block + ` ` + alien + `</s:Header>` + body + `</s:Envelope>`},
		{"D-134 several become one", `<s:Envelope ` + ns + `><s:Header>` + oldLong + other + old + old + `</s:Header>` + body + `</s:Envelope>`,
			`<s:Envelope ` + ns + `><s:Header>` + block + other + `</s:Header>` + body + `</s:Envelope>`},
		{"declaration, comments and white space around", "\ufeff<?xml version='1.0' encoding='utf-8'?>\r\n<!-- é -->\n<s:Envelope " + ns + `>` + body + "</s:Envelope>\n<?pi x?>\n",
			"\ufeff<?xml version='1.0' encoding='utf-8'?>\r\n<!-- é -->\n<s:Envelope " + ns + `><s:Header>` + block + `</s:Header>` + body + "</s:Envelope>\n<?pi x?>\n"},
		{"a header inside the body is payload", `<s:Envelope ` + ns + `><s:Body><s:Header>` + old + `</s:Header></s:Body></s:Envelope>`,
			`<s:Envelope ` + ns + `><s:Header>` + block + `</s:Header><s:Body><s:Header>` + old + `</s:Header></s:Body></s:Envelope>`},
		{"a session element in the body is payload", `<s:Envelope ` + ns + `><s:Header/><s:Body>` + old + `</s:Body></s:Envelope>`,
			`<s:Envelope ` + ns + `><s:Header>` + block + `</s:Header><s:Body>` + old + `</s:Body></s:Envelope>`},
		{"a Header behind the Body is none", `<s:Envelope ` + ns + `>` + body + `<s:Header/></s:Envelope>`,
			`<s:Envelope ` + ns + `><s:Header>` + block + `</s:Header>` + body + `<s:Header/></s:Envelope>`},
		{"a session header deeper down is not one", `<s:Envelope ` + ns + `><s:Header><w:x xmlns:w="urn:w">` + old + `</w:x></s:Header>` + body + `</s:Envelope>`,
			`<s:Envelope ` + ns + `><s:Header>` + block + `<w:x xmlns:w="urn:w">` + old + `</w:x></s:Header>` + body + `</s:Envelope>`},
	} {
		t.Run(c.name, func(t *testing.T) {
			if got := wrapped(t, c.in, Step{Kind: StepUse, ID: "42"}); string(got.Body) != c.want {
				t.Errorf("got\n%s\nwant\n%s", got.Body, c.want)
			}
			// What was set can be set again, and be taken out.
			again := wrapped(t, c.want, Step{Kind: StepUse, ID: "42"})
			if string(again.Body) != c.want {
				t.Errorf("a second time\n%s", again.Body)
			}
			without := wrapped(t, c.want, Step{})
			if string(without.Body) != strings.Replace(c.want, block, "", 1) {
				t.Errorf("without\n%s", without.Body)
			}
		})
	}
}

func TestD_139_WrapPrefixes(t *testing.T) {
	for name, text := range map[string]string{
		"default namespace":  `<Envelope xmlns="` + soap.NS11 + `"><Header/><Body>` + batch + `</Body></Envelope>`,
		"no header":          `<Envelope xmlns="` + soap.NS12 + `"><Body>` + batch + `</Body></Envelope>`,
		"our own prefix":     `<ad:Envelope xmlns:ad="` + soap.NS11 + `"><ad:Header></ad:Header><ad:Body>` + batch + `</ad:Body></ad:Envelope>`,
		"soap meant another": `<Envelope xmlns="` + soap.NS11 + `" xmlns:soap="urn:x"><Header soap:a="1"/><Body>` + batch + `</Body></Envelope>`,
		"header's own":       `<a:Envelope xmlns:a="` + soap.NS11 + `"><b:Header xmlns:b="` + soap.NS11 + `"/><a:Body>` + batch + `</a:Body></a:Envelope>`,
		"non-ASCII":          `<ü:Envelope xmlns:ü="` + soap.NS11 + `"><ü:Body>` + batch + `</ü:Body></ü:Envelope>`,
	} {
		t.Run("D-139 "+name, func(t *testing.T) {
			for _, step := range []Step{{Kind: StepBegin}, {Kind: StepUse, ID: `a"<&>'	` + "\n"}, {Kind: StepEnd, ID: "é"}} {
				out := wrapped(t, text, step)
				env, err := soap.Parse(out.Body, soap.Options{Strict: true})
				if err != nil {
					t.Fatalf("%s: %v", out.Body, err)
				}
				got, err := DSMLStep(env.Headers, DialectOptions{Windows: true})
				if err != nil || got.Kind != step.Kind || got.ID != step.ID {
					t.Errorf("got %+v, %v from %s", got, err, out.Body)
				}
				if !env.Headers[0].MustUnderstand {
					t.Errorf("D-139: mustUnderstand is not set in %s", out.Body)
				}
			}
		})
	}
}

func TestWrapDocument(t *testing.T) {
	const inside = `<d:batchRequest xmlns:d="urn:oasis:names:tc:DSML:2:0:core" a=">"> ü&#13; </d:batchRequest>`
	const before = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<!-- x -->"
	for _, text := range []string{inside, before + inside + "\n", "\ufeff" + before + inside} {
		out := wrapped(t, text, Step{Kind: StepBegin})
		if !strings.Contains(string(out.Body), `<soap:Body>`+inside+`</soap:Body>`) {
			t.Errorf("got %s", out.Body)
		}
	}
	for _, blank := range []string{"", " \n", "\ufeff\r\n"} {
		if out := wrapped(t, blank, Step{}); string(out.Body) != `<soap:Envelope xmlns:soap="`+soap.NS11+`"><soap:Body>`+batch+`</soap:Body></soap:Envelope>` {
			t.Errorf("D-16: %q became %s", blank, out.Body)
		}
	}
}

func TestWrapOtherEncodings(t *testing.T) {
	const text = `<s:Envelope xmlns:s="` + soap.NS11 + `"><s:Body><x>grün 😀</x></s:Body></s:Envelope>`
	want := string(wrapped(t, text, Step{Kind: StepBegin}).Body)
	utf16Text := func(s string, big bool) string {
		var b strings.Builder
		for _, u := range utf16.Encode([]rune("\ufeff" + s)) {
			if big {
				b.WriteString(string([]byte{byte(u >> 8), byte(u)}))
			} else {
				b.WriteString(string([]byte{byte(u), byte(u >> 8)}))
			}
		}
		return b.String()
	}
	declared := `<?xml version="1.0" encoding="UTF-16"?>` + text
	for name, in := range map[string]string{
		"UTF-16LE": utf16Text(text, false), "UTF-16BE": utf16Text(text, true),
		"UTF-16LE declared": utf16Text(declared, false), "UTF-16BE declared": utf16Text(declared, true),
	} {
		if got := string(wrapped(t, in, Step{Kind: StepBegin}).Body); got != want {
			t.Errorf("%s: got %q", name, got)
		}
	}
	latin := "<?xml version='1.0' encoding='ISO-8859-1'?><x>gr\xfcn</x>"
	if got := string(wrapped(t, latin, Step{}).Body); !strings.Contains(got, "<x>grün</x>") || strings.Contains(got, "ISO") {
		t.Errorf("got %q", got)
	}
	ascii := `<?xml version="1.0" encoding="us-ascii"?><s:Envelope xmlns:s="` + soap.NS11 + `"><s:Body><x/></s:Body></s:Envelope>`
	if got := string(wrapped(t, ascii, Step{}).Body); got != ascii[strings.Index(ascii, "<s:"):] {
		t.Errorf("got %q", got)
	}
}

func TestDecoded(t *testing.T) {
	for in, want := range map[string]string{
		``:                          ``,
		`<x/>`:                      `<x/>`,
		`<?xml version="1.0"?><x/>`: `<?xml version="1.0"?><x/>`,
		`<?xml version="1.0" encoding="utf-8"?><x/>`:                      `<?xml version="1.0" encoding="utf-8"?><x/>`,
		`<?xml version='1.0' encoding = 'UTF-16' standalone='no'?><x/>`:   `<?xml version='1.0'                     standalone='no'?><x/>`,
		`<?xml version="1.0" encoding="ISO-8859-1"?>` + "\n" + `<x>ü</x>`: `<?xml version="1.0"                      ?>` + "\n" + `<x>ü</x>`,
		"\ufeff" + `<?xml version="1.0" encoding="UTF-16"?><x/>`:          "\ufeff" + `<?xml version="1.0"                  ?><x/>`,
		`<?xml version="1.0" encoding="UTF-16?><x a=""/>`:                 `<?xml version="1.0" encoding="UTF-16?><x a=""/>`,
		`<?xml encoding`:                 `<?xml encoding`,
		`<?xml version="1.0" encoding?>`: `<?xml version="1.0" encoding?>`,
	} {
		if got := string(Decoded([]byte(in))); got != want {
			t.Errorf("%s: got %s", in, got)
		}
	}
}

func TestWrapErrors(t *testing.T) {
	for body, code := range map[string]string{
		`<a><b></a>`:                xml.CodeSyntax,
		`<!DOCTYPE a><a/>`:          xml.CodeDTD,
		"\xff\xfe<":                 "",
		`<Envelope/>`:               CodeBody,
		`<Envelope xmlns="urn:x"/>`: CodeBody,
		`<s:Envelope xmlns:s="` + soap.NS11 + `"><s:Header/></s:Envelope>`: CodeBody,
		strings.Repeat("<a>", 10000):                                       xml.CodeLimit,
	} {
		_, err := DSML.Wrap([]byte(body), 0, Step{Kind: StepBegin})
		var x *xml.Error
		var e *Error
		switch {
		case err == nil:
			t.Errorf("%.40s: no error", body)
		case errors.As(err, &x):
			if code != "" && x.Code != code {
				t.Errorf("%.40s: code %s", body, x.Code)
			}
		case !errors.As(err, &e) || e.Code != code:
			t.Errorf("%.40s: got %v", body, err)
		}
	}
}

// FuzzWrap: whatever can be wrapped gives a message with just that step, and
// taking the step out again gives the envelope without session headers.
func FuzzWrap(f *testing.F) {
	f.Add(batch, "42")
	f.Add(answerIn("1", batch), "a&b")
	f.Add(`<Envelope xmlns="`+soap.NS12+`"><Header><x xmlns="`+DSMLNamespace+`"/></Header><Body><y/></Body></Envelope>`, "é")
	f.Fuzz(func(t *testing.T, body, id string) {
		if !sendable(id) || id == "" {
			return
		}
		out, err := DSML.Wrap([]byte(body), 0, Step{Kind: StepUse, ID: id})
		if err != nil {
			return
		}
		env, err := soap.Parse(out.Body, soap.Options{})
		if err != nil {
			return // as wrong as it was: two Headers, text between them
		}
		step, err := DSMLStep(env.Headers, DialectOptions{Windows: true})
		if err != nil || step.Kind != StepUse || step.ID != id {
			t.Fatalf("got %+v, %v from %s", step, err, out.Body)
		}
		bare, err := DSML.Wrap(out.Body, 0, Step{})
		if err != nil {
			t.Fatal(err)
		}
		again, err := DSML.Wrap(bare.Body, 0, Step{})
		if err != nil || string(again.Body) != string(bare.Body) {
			t.Fatalf("%v: %s became %s", err, bare.Body, again.Body)
		}
	})
}
