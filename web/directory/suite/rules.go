package suite

import (
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// rules are what an endpoint keeps to around sessions, as far as a client sees
// it. They need an endpoint with the limits that it has by default, begin with
// no session open, and leave none and no entry.
var rules = []struct {
	name string
	run  func(*testing.T, Endpoint)
}{
	{"D-30 malformed batch in a session", D_30_MalformedBatchInASession},
	{"D-114 D-115 D-116 status and type", D_114_D_115_D_116_StatusAndType},
	{"D-118 headers are understood first", D_118_NothingRunsBeforeHeadersAreUnderstood},
	{"D-121 every request is authenticated", D_121_EveryRequestOfAConnectionIsAuthenticated},
	{"D-123 begin", D_123_BeginSession},
	{"D-124 the batch of a begin", D_124_BeginSessionRunsItsBatchInTheSession},
	{"D-125 D-126 use and end", D_125_D_126_UseAndEnd},
	{"D-127 unknown session", D_127_UnknownSessionRunsNothing},
	{"D-129 D-134 refused steps", D_129_D_134_RefusedStepsRunNothing},
	{"D-132 D-133 owner", D_132_D_133_OwnerChecks},
	{"D-134 two headers", D_134_TwoSessionHeaders},
	{"D-135 D-136 no prefix", D_135_D_136_HeadersWithoutPrefix},
	{"D-137 D-142 header of answers", D_137_D_142_SessionHeaderOfAnswers},
	{"D-138 id without prefix", D_138_SessionIDWithAndWithoutPrefix},
	{"D-139 no mustUnderstand", D_139_HeadersWithoutMustUnderstand},
	{"D-140 begin after a fault", D_140_BeginAfterAFault},
	{"D-141 text of the fault", D_141_FaultText},
	{"D-142 a chosen id", D_142_AClientCannotChooseItsID},
	{"D-144 paging needs a session", D_144_PagingNeedsASession},
	{"D-145 unknown controls", D_145_UnknownControls},
	{"D-146 what never ends", D_146_ControlsThatNeverEnd},
	{"D-147 D-148 pages", D_147_D_148_PagingInOneSession},
	{"D-147 cookies of others", D_147_CookiesThatAreNotTheSessions},
	{"D-149 both lengths", D_149_ControlValuesInBothLengths},
	{"D-151 an end undoes nothing", D_151_EndUndoesNothing},
}

// runRules tries them all.
func (e Endpoint) runRules(t *testing.T) {
	for _, r := range rules {
		t.Run(r.name, func(t *testing.T) { r.run(t, e) })
	}
}

// malformedBatch is XML, but no batch.
const malformedBatch = "<frob/>"

// mustNotRun fails when one of the additions of never was run.
func (e Endpoint) mustNotRun(t *testing.T) {
	t.Helper()
	if e.exists(t, never) {
		t.Error("what was refused has run")
		e.ask(t, "", del(never))
	}
}

// mustGoOn fails unless the session can be used.
func (e Endpoint) mustGoOn(t *testing.T, id string, change ...func(*http.Request)) {
	t.Helper()
	e.ask(t, inSession(id), "", change...).want(t, 200, "<batchResponse", `ad:SessionID="`+id+`"`)
}

// mustBeOver fails when the session can be used.
func (e Endpoint) mustBeOver(t *testing.T, id string) {
	t.Helper()
	e.ask(t, inSession(id), addDevice(never)).want(t, 500, badSession)
	e.ask(t, endSession(id), addDevice(never)).want(t, 500, badSession)
	e.mustNotRun(t)
}

// D_30_MalformedBatchInASession: nothing of it runs, and what it asks of its
// session is done, unless that is to begin.
func D_30_MalformedBatchInASession(t *testing.T, e Endpoint) {
	fault := envelope("%s", "<s:Fault><faultcode>s:Client</faultcode><faultstring>x</faultstring></s:Fault>")
	for _, wrong := range []string{envelope("%s", batchOf(malformedBatch)), fault} {
		send := func(header string) reply { return e.tell(t, strings.Replace(wrong, "%s", header, 1)) }
		got := send(begin)
		got.want(t, 200, malformed)
		got.without(t, "ad:Session")
		id := e.begin(t)
		send(inSession(id)).want(t, 200, malformed, "<ad:Session ")
		e.mustGoOn(t, id)
		send(endSession(id)).want(t, 200, malformed)
		e.mustBeOver(t, id)
	}
}

// D_114_D_115_D_116_StatusAndType: errors of DSML come with 200, faults with 500.
func D_114_D_115_D_116_StatusAndType(t *testing.T, e Endpoint) {
	const atMost = 1000 // requests of a batch (D-32)
	for name, c := range map[string]struct {
		text   string
		status int
	}{
		"D-114 malformed document": {envelope("", batchOf(malformedBatch)), 200},
		"D-114 not XML":            {"?", 200},
		"D-114 LDAP error":         {envelope("", batchOf(del(never))), 200},
		"D-114 too many requests":  {envelope("", batchOf(strings.Repeat(del(never), atMost+1))), 200},
		"D-114 wrong credentials":  {envelope("", batchOf(`<authRequest principal="nonsense"/>`)), 200},
		"D-115 unknown session":    {envelope(inSession("x"), batchOf("")), 500},
		"D-115 two headers":        {envelope(begin+begin, batchOf("")), 500},
		"D-115 not understood":     {envelope(`<x:T xmlns:x="urn:x" s:mustUnderstand="1"/>`, batchOf("")), 500},
	} {
		t.Run(name, func(t *testing.T) {
			got := e.tell(t, c.text)
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

// D_118_NothingRunsBeforeHeadersAreUnderstood: no request, and no step of a session.
func D_118_NothingRunsBeforeHeadersAreUnderstood(t *testing.T, e Endpoint) {
	const strange = `<x:T xmlns:x="urn:x" s:mustUnderstand="1"/>`
	id := e.begin(t)
	for _, header := range []string{strange, strange + begin, inSession(id) + strange, endSession(id) + strange} {
		got := e.ask(t, header, addDevice(never))
		got.want(t, 500, "MustUnderstand")
		got.without(t, "SessionID")
	}
	e.mustNotRun(t)
	e.mustGoOn(t, id)
}

// D_121_EveryRequestOfAConnectionIsAuthenticated: nobody has the identity of
// whoever used the connection before, to the endpoint or to the directory.
func D_121_EveryRequestOfAConnectionIsAuthenticated(t *testing.T, e Endpoint) {
	const whoAmI = "<extendedRequest><requestName>1.3.6.1.4.1.4203.1.11.3</requestName></extendedRequest>"
	nobody := func(r *http.Request) { r.Header.Del("Authorization") }
	impostor := func(r *http.Request) { r.SetBasicAuth(e.Name, e.Password+"!") }
	for range 2 {
		e.ask(t, "", whoAmI).want(t, 200, "<response>dn:")
		e.ask(t, "", whoAmI, nobody).without(t, "dn:", "errorResponse")
		e.ask(t, "", whoAmI, impostor).want(t, 200, `type="couldNotConnect"`)
	}
}

// D_123_BeginSession: an id of a session is not that of another.
func D_123_BeginSession(t *testing.T, e Endpoint) {
	if a, b := e.begin(t), e.begin(t); a == b || len(a) < 22 {
		t.Errorf("ids %q and %q", a, b)
	}
}

// D_124_BeginSessionRunsItsBatchInTheSession, so that a search by pages can
// begin with it.
func D_124_BeginSessionRunsItsBatchInTheSession(t *testing.T, e Endpoint) {
	first := e.ask(t, begin, paged(1, nil))
	first.want(t, 200, "<ad:Session ", `<resultCode code="0"`)
	second := e.ask(t, inSession(e.began(t, first)), paged(1, first.cookie(t)))
	second.want(t, 200, `<resultCode code="0"`)
	if first.entries() != 1 || second.entries() != 1 {
		t.Errorf("%d entries and %d", first.entries(), second.entries())
	}
}

// D_125_D_126_UseAndEnd: a batch runs in the session, and one more before it ends.
func D_125_D_126_UseAndEnd(t *testing.T, e Endpoint) {
	id := e.begin(t)
	search := searchOf(people, "baseObject", "")
	for range 3 {
		e.ask(t, inSession(id), search).want(t, 200, `ad:SessionID="`+id+`"`, "<searchResultEntry ")
	}
	e.ask(t, endSession(id), search).want(t, 200, `ad:SessionID="`+id+`"`, "<searchResultEntry ")
	e.mustBeOver(t, id)
}

// D_127_UnknownSessionRunsNothing: what is refused is not run.
func D_127_UnknownSessionRunsNothing(t *testing.T, e Endpoint) {
	for _, id := range []string{"nope", "", strings.Repeat("0", 32), strings.Repeat("f", 64)} {
		e.mustBeOver(t, id)
	}
}

// D_129_D_134_RefusedStepsRunNothing: a session above the limit of a client is
// refused, and so are two steps at once.
func D_129_D_134_RefusedStepsRunNothing(t *testing.T, e Endpoint) {
	const perClient = 5 // D-129
	for range perClient {
		e.begin(t)
	}
	for _, header := range []string{begin, begin + begin, begin + inSession("x"), endSession("x") + endSession("x")} {
		e.ask(t, header, addDevice(never)).want(t, 500, badSession)
	}
	e.mustNotRun(t)
	if e.From != nil {
		e.begin(t, e.from("192.0.2.2"))
	}
}

// D_132_D_133_OwnerChecks: a session is for the address and the identity that
// began it.
func D_132_D_133_OwnerChecks(t *testing.T, e Endpoint) {
	here, there := func(*http.Request) {}, func(*http.Request) {}
	if e.From != nil {
		here, there = e.from("192.0.2.1"), e.from("192.0.2.9")
	}
	id := e.begin(t, here)
	if e.From != nil {
		e.ask(t, inSession(id), addDevice(never), there).want(t, 500, badSession)
		e.ask(t, endSession(id), addDevice(never), there).want(t, 500, badSession)
	}
	for _, who := range []func(*http.Request){
		func(r *http.Request) { r.SetBasicAuth("uid=someone,"+people, "x") },
		func(r *http.Request) { r.SetBasicAuth(e.Name, e.Password+"!") },
		func(r *http.Request) { r.Header.Del("Authorization") },
	} {
		e.ask(t, inSession(id), addDevice(never), here, who).want(t, 500, badSession)
	}
	e.mustNotRun(t)
	e.mustGoOn(t, id, here)
}

// D_134_TwoSessionHeaders in one message are refused.
func D_134_TwoSessionHeaders(t *testing.T, e Endpoint) {
	id := e.begin(t)
	e.ask(t, begin+inSession(id), "").want(t, 500, "SOAP Invalid Request")
	e.ask(t, inSession(id)+inSession(id), "").want(t, 500, "SOAP Invalid Request")
	e.mustGoOn(t, id)
}

// D_135_D_136_HeadersWithoutPrefix are taken, the lenient way.
func D_135_D_136_HeadersWithoutPrefix(t *testing.T, e Endpoint) {
	const ns = ` xmlns="` + sessionSpace + `"`
	id := e.began(t, e.ask(t, "<BeginSession"+ns+"/>", ""))
	e.ask(t, "<Session"+ns+` SessionID="`+id+`"/>`, "").want(t, 200, "<ad:Session ")
	e.ask(t, "<EndSession"+ns+` SessionID="`+id+`"/>`, "").want(t, 200, "<ad:Session ")
	e.mustBeOver(t, id)
}

var answerWithSession = regexp.MustCompile(`^<soap:Envelope [^>]*><soap:Header><ad:Session xmlns:ad="` + sessionSpace + `" ad:SessionID="[0-9a-f]{32,}"/></soap:Header><soap:Body>`)

// D_137_D_142_SessionHeaderOfAnswers: every answer in a session has it, and its
// id has 128 bits or more.
func D_137_D_142_SessionHeaderOfAnswers(t *testing.T, e Endpoint) {
	first := e.ask(t, begin, "")
	id := e.began(t, first)
	for _, got := range []reply{first, e.ask(t, inSession(id), ""), e.ask(t, inSession(id), malformedBatch), e.ask(t, endSession(id), "")} {
		if !answerWithSession.MatchString(got.body) {
			t.Errorf("%.300s", got.body)
		}
	}
	e.ask(t, "", "").without(t, "Header", "SessionID")
}

// D_138_SessionIDWithAndWithoutPrefix names the same session.
func D_138_SessionIDWithAndWithoutPrefix(t *testing.T, e Endpoint) {
	id := e.begin(t)
	e.ask(t, strings.Replace(inSession(id), "ad:SessionID", "SessionID", 1), "").want(t, 200, "<batchResponse", id)
}

// D_139_HeadersWithoutMustUnderstand are session headers all the same.
func D_139_HeadersWithoutMustUnderstand(t *testing.T, e Endpoint) {
	plain := func(header string) string { return strings.Replace(header, ` s:mustUnderstand="1"`, "", 1) }
	id := e.began(t, e.ask(t, plain(begin), ""))
	e.ask(t, plain(inSession(id)), "").want(t, 200, "<ad:Session ")
	e.ask(t, plain(endSession(id)), "").want(t, 200, "<ad:Session ")
	e.ask(t, plain(endSession(id)), "").want(t, 500, badSession)
}

// D_140_BeginAfterAFault: whoever lost a session begins another.
func D_140_BeginAfterAFault(t *testing.T, e Endpoint) {
	e.ask(t, inSession("gone"), "").want(t, 500, badSession)
	e.mustGoOn(t, e.begin(t))
}

// D_141_FaultText is word for word what clients compare with.
func D_141_FaultText(t *testing.T, e Endpoint) {
	const whole = `<SOAP:Envelope xmlns:SOAP="http://schemas.xmlsoap.org/soap/envelope/"><SOAP:Body><SOAP:Fault>` + badSession + `</SOAP:Fault></SOAP:Body></SOAP:Envelope>`
	ended := e.begin(t)
	e.ask(t, endSession(ended), "").want(t, 200)
	for _, header := range []string{inSession("x"), endSession("x"), inSession(ended), endSession(ended)} {
		if got := e.ask(t, header, ""); got.status != 500 || got.body != whole {
			t.Errorf("%d %s", got.status, got.body)
		}
	}
}

// D_142_AClientCannotChooseItsID, not with what looks like one.
func D_142_AClientCannotChooseItsID(t *testing.T, e Endpoint) {
	for _, chosen := range []string{"00112233445566778899aabbccddeeff", e.begin(t)} {
		got := e.ask(t, strings.Replace(begin, "/>", ` ad:SessionID="`+chosen+`"/>`, 1), "")
		if sessionID.MatchString(got.body) {
			e.began(t, got)
		}
		got.without(t, chosen)
	}
	e.ask(t, inSession("00112233445566778899aabbccddeeff"), "").want(t, 500, badSession)
}

// D_145_UnknownControls go to the directory, in a session and outside of one.
func D_145_UnknownControls(t *testing.T, e Endpoint) {
	search := searchOf("", "baseObject", `<control type="1.2.3.4"/>`)
	e.ask(t, "", search).want(t, 200, `<resultCode code="0"`)
	e.ask(t, inSession(e.begin(t)), search).want(t, 200, `<resultCode code="0"`)
}

// D_146_ControlsThatNeverEnd, and operations that leave the connection changed,
// are refused.
func D_146_ControlsThatNeverEnd(t *testing.T, e Endpoint) {
	const (
		notification     = "1.2.840.113556.1.4.528"
		persistentSearch = "2.16.840.1.113730.3.4.3"
		fastBind         = "1.2.840.113556.1.4.1781"
		startTLS         = "1.3.6.1.4.1.1466.20037"
	)
	headers := []string{"", inSession(e.begin(t))}
	for _, header := range headers {
		for _, oid := range []string{notification, fastBind, persistentSearch} {
			e.ask(t, header, searchOf("", "baseObject", `<control type="`+oid+`"/>`)).want(t, 200, "<errorResponse ")
		}
		for _, oid := range []string{startTLS, fastBind} {
			e.ask(t, header, "<extendedRequest><requestName>"+oid+"</requestName></extendedRequest>").want(t, 200, `type="notAttempted"`)
		}
		// RFC 4533: the mode refreshAndPersist, with minimal and with long lengths
		// (D-149); refreshOnly comes to an end.
		for value, refused := range map[string]bool{"MAMKAQM=": true, "MIQAAAADCgED": true, "MAMKAQE=": false, "": false} {
			control := `<control type="` + dsml.OIDSyncRequest + `"><controlValue xsi:type="xsd:base64Binary">` + value + `</controlValue></control>`
			got := e.ask(t, header, searchOf("", "baseObject", control))
			if strings.Contains(got.body, `type="notAttempted"`) != refused {
				t.Errorf("%s: %s", value, got.body)
			}
		}
	}
}

// D_151_EndUndoesNothing of what was done in the session.
func D_151_EndUndoesNothing(t *testing.T, e Endpoint) {
	for i, last := range []string{"", del(never)} {
		kept := fmt.Sprintf("cn=kept %d,%s", i, people)
		id := e.begin(t)
		e.ask(t, inSession(id), addDevice(kept)).want(t, 200, `<resultCode code="0"`)
		e.ask(t, endSession(id), last).want(t, 200)
		if !e.exists(t, kept) {
			t.Errorf("%s is gone", kept)
		}
		e.ask(t, "", del(kept)).want(t, 200, `<resultCode code="0"`)
	}
}
