package endpoint

import (
	"crypto/rand"
	"io"
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/session"
)

const whoAmI = "<extendedRequest><requestName>1.3.6.1.4.1.4203.1.11.3</requestName></extendedRequest>"

var faults = map[string]string{
	"session":  `<SOAP:Envelope xmlns:SOAP="http://schemas.xmlsoap.org/soap/envelope/"><SOAP:Body><SOAP:Fault>` + badSession + `</SOAP:Fault></SOAP:Body></SOAP:Envelope>`,
	"internal": `<SOAP:Envelope xmlns:SOAP="http://schemas.xmlsoap.org/soap/envelope/"><SOAP:Body><SOAP:Fault><faultcode>SOAP:Server</faultcode><faultstring>SOAP Server Application Faulted</faultstring><detail>Internal DSML Server Error</detail></SOAP:Fault></SOAP:Body></SOAP:Envelope>`,
}

func TestD_114_D_115_D_116_StatusAndType(t *testing.T) {
	s := newServer(t)
	for name, c := range map[string]struct {
		text   string
		status int
	}{
		"D-114 malformed document": {envelope("", batchOf("", "<frob/>")), 200},
		"D-114 not XML":            {"?", 200},
		"D-114 LDAP error":         {envelope("", batchOf("", del("1", "nobody"))), 200},
		"D-114 too many requests":  {envelope("", batchOf("", strings.Repeat(del("1", "x"), DefaultMaxRequests+1))), 200},
		"D-114 wrong credentials":  {envelope("", batchOf("", "<authRequest principal=\"nonsense\"/>")), 200},
		"D-115 unknown session":    {envelope(inSession("x"), batchOf("", "")), 500},
		"D-115 two headers":        {envelope(begin+begin, batchOf("", "")), 500},
		"D-115 not understood":     {envelope(`<x:T xmlns:x="urn:x" s:mustUnderstand="1"/>`, batchOf("", "")), 500},
	} {
		t.Run(name, func(t *testing.T) {
			got := s.post(c.text)
			if c.status == 200 {
				got.want(t, 200, "<batchResponse")
			} else {
				got.want(t, 500, "Fault>")
			}
			if ct := got.header.Get("Content-Type"); ct != "text/xml; charset=utf-8" { // D-116
				t.Errorf("Content-Type %q", ct)
			}
		})
	}
}

func TestD_118_NothingRunsBeforeHeadersAreUnderstood(t *testing.T) {
	s := newServer(t)
	strange := `<x:T xmlns:x="urn:x" s:mustUnderstand="1"/>`
	s.post(envelope(strange, batchOf("", addDevice("1", "never")))).want(t, 500, "MustUnderstand")
	s.post(envelope(strange+begin, batchOf("", addDevice("1", "never")))).want(t, 500, "MustUnderstand")
	s.post(envelope("", batchOf("", searchOf(`dn="cn=never,`+people+`" scope="baseObject"`, "", anything)))).want(t, 200, `code="32"`)
	if n := s.Table.Len(); n != 0 {
		t.Errorf("%d sessions", n)
	}
}

func TestD_121_EveryRequestOfAConnectionIsAuthenticated(t *testing.T) {
	web := httptest.NewServer(newServer(t))
	defer web.Close()
	ask := func(user, password string) string {
		r, err := http.NewRequest("POST", web.URL, strings.NewReader(envelope("", batchOf("", whoAmI))))
		if err != nil {
			t.Fatal(err)
		}
		if user != "" {
			r.SetBasicAuth(user, password)
		}
		resp, err := web.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if err != nil {
			t.Fatal(err)
		}
		return string(body)
	}
	for _, c := range []struct{ user, password, want string }{
		{"admin", "secret", "dn:uid=admin,"}, {"", "", "<response></response>"}, {"reader", "reader", "dn:uid=reader,"},
		{"admin", "wrong", `type="couldNotConnect"`}, {"", "", "<response></response>"},
	} {
		if got := strings.ReplaceAll(ask(c.user, c.password), "<response/>", "<response></response>"); !strings.Contains(got, c.want) {
			t.Errorf("%q: %s", c.user, got)
		}
	}
}

func TestD_128_SessionsInTotal(t *testing.T) {
	s := newServer(t)
	for i := range session.DefaultMax {
		s.begin(from("192.0.2." + string(rune('a'+i/5))))
	}
	got := s.post(envelope(begin, batchOf("", addDevice("1", "never"))), from("192.0.3.1"))
	got.want(t, 500, badSession)
	s.post(envelope("", batchOf("", searchOf(`dn="cn=never,`+people+`" scope="baseObject"`, "", anything)))).want(t, 200, `code="32"`)
}

func TestD_129_D_134_RefusedStepsRunNothing(t *testing.T) {
	s := newServer(t)
	for range session.DefaultMaxPerClient {
		s.begin()
	}
	add := batchOf("", addDevice("1", "never"))
	for _, header := range []string{begin, begin + begin, begin + inSession("x"), endSession("x") + endSession("x")} {
		s.post(envelope(header, add)).want(t, 500, badSession)
	}
	s.post(envelope("", batchOf("", searchOf(`dn="cn=never,`+people+`" scope="baseObject"`, "", anything)))).want(t, 200, `code="32"`)
}

var sessionHeader = regexp.MustCompile(`^<soap:Envelope [^>]*><soap:Header><ad:Session xmlns:ad="urn:schema-microsoft-com:activedirectory:dsmlv2" ad:SessionID="[0-9a-f]{32}"/></soap:Header><soap:Body>`)

func TestD_137_D_142_SessionHeaderOfAnswers(t *testing.T) {
	s := newServer(t)
	first := s.post(envelope(begin, batchOf("", "")))
	id := sessionID.FindStringSubmatch(first.body)[1]
	for _, got := range []reply{first, s.post(envelope(inSession(id), batchOf("", ""))), s.post(envelope(inSession(id), batchOf("", "<frob/>"))), s.post(envelope(endSession(id), batchOf("", "")))} {
		if !sessionHeader.MatchString(got.body) { // D-142: 128 bits, none of them from the client
			t.Errorf("%.300s", got.body)
		}
	}
	s.post(envelope("", batchOf("", ""))).without(t, "Header", "SessionID")
}

func TestD_142_AClientCannotChooseItsID(t *testing.T) {
	s := newServer(t)
	chosen := strings.Replace(begin, "/>", ` ad:SessionID="00112233445566778899aabbccddeeff"/>`, 1)
	s.post(envelope(chosen, batchOf("", ""))).without(t, "00112233445566778899aabbccddeeff")
	s.post(envelope(inSession("00112233445566778899aabbccddeeff"), batchOf("", ""))).want(t, 500, badSession)
}

func TestD_140_BeginAfterAFault(t *testing.T) {
	s := newServer(t)
	s.post(envelope(inSession("gone"), batchOf("", ""))).want(t, 500, badSession)
	s.post(envelope(inSession(s.begin()), batchOf("", ""))).want(t, 200, "<batchResponse")
}

func TestD_141_FaultTexts(t *testing.T) {
	s := newServer(t)
	if got := s.post(envelope(inSession("x"), batchOf("", ""))); got.body != faults["session"] {
		t.Error(got.body)
	}
	closed := session.NewTable(session.TableOptions{Rand: rand.Reader})
	closed.Close()
	s = newServer(t, func(o *Options) { o.Table = closed })
	if got := s.post(envelope(begin, batchOf("", ""))); got.body != faults["internal"] {
		t.Error(got.body)
	}
}

func TestD_149_ControlValuesInBothLengths(t *testing.T) {
	s := newServer(t)
	id := s.begin()
	for name, value := range map[string]string{
		"minimal":         "MAUCAQoEAA==",     // 30 05 ...
		"four more bytes": "MIQAAAAFAgEKBAA=", // 30 84 00 00 00 05 ...
		"one more byte":   "MIEFAgEKBAA=",     // 30 81 05 ...
	} {
		control := `<control type="` + oidPagedResults + `" criticality="true"><controlValue xsi:type="xsd:base64Binary">` + value + `</controlValue></control>`
		got := s.post(envelope(inSession(id), batchOf("", searchOf(everyone, control, anything+noAttributes))))
		got.want(t, 200, `<resultCode code="0"`)
		if n := strings.Count(got.body, "<searchResultEntry "); n != 10 {
			t.Errorf("D-149 %s: %d entries", name, n)
		}
	}
}

func TestD_151_EndUndoesNothing(t *testing.T) {
	s := newServer(t)
	for name, finish := range map[string]func(id string){
		"ended":   func(id string) { s.post(envelope(endSession(id), batchOf("", ""))).want(t, 200) },
		"expired": func(string) { s.clock.Advance(session.DefaultIdle) },
		"failed": func(id string) {
			s.post(envelope(endSession(id), batchOf("", del("2", "nobody")))).want(t, 200, `code="32"`)
		},
	} {
		id := s.begin()
		s.post(envelope(inSession(id), batchOf("", addDevice("1", "kept-"+name)))).want(t, 200, `code="0"`)
		finish(id)
		s.post(envelope("", batchOf("", searchOf(`dn="cn=kept-`+name+`,`+people+`" scope="baseObject"`, "", anything)))).want(t, 200, `<resultCode code="0"`, "<searchResultEntry ")
	}
}

func TestD_139_HeadersWithoutMustUnderstand(t *testing.T) {
	s := newServer(t)
	plain := func(header string) string { return strings.Replace(header, ` s:mustUnderstand="1"`, "", 1) }
	got := s.post(envelope(plain(begin), batchOf("", "")))
	got.want(t, 200, "<ad:Session ")
	id := sessionID.FindStringSubmatch(got.body)[1]
	s.post(envelope(plain(inSession(id)), batchOf("", ""))).want(t, 200, "<ad:Session ")
	s.post(envelope(plain(endSession(id)), batchOf("", ""))).want(t, 200, "<ad:Session ")
	s.post(envelope(plain(endSession(id)), batchOf("", ""))).want(t, 500, badSession)
}

func TestD_138_SessionIDWithAndWithoutPrefix(t *testing.T) {
	s := newServer(t)
	id := s.begin()
	s.post(envelope(strings.Replace(inSession(id), "ad:SessionID", "SessionID", 1), batchOf("", ""))).want(t, 200, "<batchResponse")
}

func TestD_147_CookiesThatAreNotTheSessions(t *testing.T) {
	s := newServer(t)
	id := s.begin()
	cookie := cookieOf(t, s.post(envelope(inSession(id), batchOf("", paged(10, nil)))))
	for name, c := range map[string][]byte{"cut": cookie[:len(cookie)-1], "longer": append(cookie[:len(cookie):len(cookie)], 0), "made up": []byte("cookie")} {
		got := s.post(envelope(inSession(id), batchOf("", paged(10, c))))
		got.without(t, "<searchResultEntry ", `<resultCode code="0"`)
		if t.Failed() {
			t.Fatalf("D-147 cookie %s", name)
		}
	}
	s.post(envelope(inSession(id), batchOf("", paged(10, cookie)))).want(t, 200, `<resultCode code="0"`)
	s.post(envelope(inSession(id), batchOf("", paged(10, cookie)))).without(t, "<searchResultEntry ") // used up
	fresh := cookieOf(t, s.post(envelope(inSession(id), batchOf("", paged(10, nil)))))
	s.post(envelope(endSession(id), batchOf("", "")))
	s.post(envelope(inSession(s.begin()), batchOf("", paged(10, fresh)))).without(t, "<searchResultEntry ")
}

func TestD_150_ReadOnlyRefusesEveryChange(t *testing.T) {
	s := newServer(t, func(o *Options) { o.ReadOnly = true })
	for name, request := range map[string]string{
		"addResponse":      addDevice("1", "x"),
		"delResponse":      del("1", "x"),
		"modifyResponse":   `<modifyRequest dn="` + people + `"><modification name="description" operation="replace"/></modifyRequest>`,
		"modDNResponse":    `<modDNRequest dn="` + people + `" newrdn="ou=x"/>`,
		"extendedResponse": whoAmI,
	} {
		s.post(envelope("", batchOf("", request))).want(t, 200, "<"+name, `code="53"`)
	}
	s.post(envelope("", batchOf("", `<compareRequest dn="dc=example,dc=org"><assertion name="dc"><value>example</value></assertion></compareRequest>`))).want(t, 200, `code="6"`)
}
