package endpoint

import (
	"net/http"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

func as12(text string) string { return strings.ReplaceAll(text, soap.NS11, soap.NS12) }

func asType(media string) func(*http.Request) {
	return func(r *http.Request) { r.Header.Set("Content-Type", media) }
}

// read12 reads an answer as a message of SOAP 1.2.
func read12(t *testing.T, got reply) *soap.Envelope {
	t.Helper()
	e, err := soap.Parse([]byte(got.body), soap.Options{Strict: true})
	if err != nil {
		t.Fatalf("%v: %s", err, got.body)
	}
	if ct := got.header.Get("Content-Type"); e.Version != soap.V12 || ct != "application/soap+xml; charset=utf-8" {
		t.Fatalf("SOAP %v as %q", e.Version, ct)
	}
	return e
}

// TestSOAP12_Part2_Table20_StatusOfFaults: in SOAP 1.2 a fault of the sender has
// the status 400 and all others 500; in SOAP 1.1 all have 500 (D-115).
func TestSOAP12_Part2_Table20_StatusOfFaults(t *testing.T) {
	open := newServer(t)
	table := session.NewTable(session.TableOptions{Rand: testRand{}})
	table.Close()
	closed := newServer(t, func(o *Options) { o.Table = table })
	for name, c := range map[string]struct {
		server *server
		text   string
		code   string
		detail string
		status int
	}{
		"unknown session":    {open, envelope(inSession("x"), batchOf("", "")), "Sender", "Bad Session Request", 400},
		"two headers":        {open, envelope(begin+begin, batchOf("", "")), "Sender", "Bad Session Request", 400},
		"not understood":     {open, envelope(`<x:T xmlns:x="urn:x" s:mustUnderstand="1"/>`, batchOf("", "")), "MustUnderstand", "", 500},
		"server shuts down":  {closed, envelope(begin, batchOf("", "")), "Receiver", "Internal DSML Server Error", 500},
		"end of no session":  {open, envelope(endSession("x"), batchOf("", "")), "Sender", "Bad Session Request", 400},
		"session without id": {open, envelope(inSession(""), batchOf("", "")), "Sender", "Bad Session Request", 400},
	} {
		t.Run(name, func(t *testing.T) {
			c.server.post(c.text).want(t, 500, "<faultcode>") // D-115
			got := c.server.post(as12(c.text), asType("application/soap+xml"))
			got.want(t, c.status)
			f := read12(t, got).Fault
			if f == nil || f.Code != (xml.Name{Space: soap.NS12, Local: c.code}) || f.DetailText() != c.detail {
				t.Fatalf("fault %+v: %s", f, got.body)
			}
			if f.Detail != nil && strings.TrimSpace(f.Detail.Text()) != "" {
				t.Errorf("part 1 section 5.4.5: Detail holds text: %s", got.body)
			}
		})
	}
	for _, c := range []struct {
		version soap.Version
		code    string
		status  int
	}{
		{soap.V12, "Sender", 400}, {soap.V12, "Receiver", 500}, {soap.V12, "VersionMismatch", 500}, {soap.V12, "MustUnderstand", 500}, {soap.V12, "DataEncodingUnknown", 500},
		{soap.V11, "Client", 500}, {soap.V11, "Server", 500}, {soap.V11, "VersionMismatch", 500}, {soap.V11, "MustUnderstand", 500},
	} {
		if got := faultStatus(&soap.Fault{Version: c.version, Code: xml.Name{Space: c.version.Namespace(), Local: c.code}}); got != c.status {
			t.Errorf("%s of SOAP %v: status %d, want %d", c.code, c.version, got, c.status)
		}
	}
}

// TestSOAP12_5_4_7_VersionMismatch: what says that it is SOAP 1.2 and is not
// learns which versions there are. Without those words it is malformedRequest
// (D-117).
func TestSOAP12_5_4_7_VersionMismatch(t *testing.T) {
	s := newServer(t)
	add := batchOf(`requestID="7"`, addDevice("1", "never"))
	draft := strings.ReplaceAll(envelope("", add), soap.NS11, "http://www.w3.org/2001/12/soap-envelope")
	for name, text := range map[string]string{
		"the namespace of a draft": draft,
		"no namespace":             `<Envelope><Body>` + add + `</Body></Envelope>`,
		"another root":             add,
	} {
		t.Run(name, func(t *testing.T) {
			got := s.post(text, asType(`Application/SOAP+XML ; charset="utf-8"; action="x"`))
			got.want(t, 500)
			e := read12(t, got)
			if e.Fault == nil || e.Fault.Code != (xml.Name{Space: soap.NS12, Local: "VersionMismatch"}) {
				t.Fatalf("no VersionMismatch: %s", got.body)
			}
			upgrade := e.Header(soap.NS12, "Upgrade")
			if upgrade == nil || upgrade.MustUnderstand {
				t.Fatalf("no Upgrade, or one that has to be understood: %s", got.body)
			}
			if names := qnames(t, upgrade.Element, "SupportedEnvelope"); len(names) != 2 ||
				names[0] != (xml.Name{Space: soap.NS12, Local: "Envelope"}) || names[1] != (xml.Name{Space: soap.NS11, Local: "Envelope"}) {
				t.Errorf("supported: %v", names)
			}
			s.post(text).want(t, 200, malformed, soap.NS11) // D-117
		})
	}
	s.post(draft).want(t, 200, malformed, `requestID="7"`)
	s.post("<batchRequest", asType("application/soap+xml")).want(t, 200, malformed, soap.NS12) // no root to be wrong
	s.post(envelope("", batchOf("", "")), asType("application/soap+xml")).want(t, 200, "<batchResponse", soap.NS11)
	s.post(envelope("", batchOf("", searchOf(`dn="cn=never,`+people+`" scope="baseObject"`, "", anything)))).want(t, 200, `code="32"`)
}

// TestSOAP12_5_4_8_NotUnderstood: the blocks that a MustUnderstand fault is
// about are named in its header, where the version has a way to.
func TestSOAP12_5_4_8_NotUnderstood(t *testing.T) {
	s := newServer(t)
	header := `<x:T xmlns:x="urn:x" s:mustUnderstand="1"/>` + begin + `<y:Passed xmlns:y="urn:y"/><T s:mustUnderstand="true"/>`
	got := s.post(as12(envelope(header, batchOf("", ""))))
	got.want(t, 500)
	e := read12(t, got)
	var names []xml.Name
	for _, h := range e.Headers {
		names = append(names, qnames(t, &xml.Element{Children: []xml.Node{{Element: h.Element}}}, "NotUnderstood")...)
	}
	if len(e.Headers) != 2 || len(names) != 2 || names[0] != (xml.Name{Space: "urn:x", Local: "T"}) || names[1] != (xml.Name{Local: "T"}) {
		t.Errorf("not understood: %v in %s", names, got.body)
	}
	s.post(envelope(header, batchOf("", ""))).without(t, "Header>", "NotUnderstood")
}

// qnames resolves the attribute qname of e's children, all of which have the
// given name.
func qnames(t *testing.T, e *xml.Element, local string) (names []xml.Name) {
	t.Helper()
	for _, n := range e.Children {
		if n.Element == nil || n.Element.Name != (xml.Name{Space: soap.NS12, Local: local}) {
			t.Fatalf("%+v among %s", n, local)
		}
		value, _ := n.Element.Attr("", "qname")
		prefix, name, found := strings.Cut(value, ":")
		if !found {
			prefix, name = "", value
		}
		var space string
		for _, b := range n.Element.Namespaces {
			if b.Prefix == prefix {
				space = b.URI
			}
		}
		names = append(names, xml.Name{Space: space, Local: name})
	}
	return names
}
