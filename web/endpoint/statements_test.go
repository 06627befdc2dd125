package endpoint

import (
	"crypto/rand"
	"testing"

	"github.com/dsmlkit/dsmlkit/session"
)

const whoAmI = "<extendedRequest><requestName>1.3.6.1.4.1.4203.1.11.3</requestName></extendedRequest>"

const internalFault = `<SOAP:Envelope xmlns:SOAP="http://schemas.xmlsoap.org/soap/envelope/"><SOAP:Body><SOAP:Fault><faultcode>SOAP:Server</faultcode><faultstring>SOAP Server Application Faulted</faultstring><detail>Internal DSML Server Error</detail></SOAP:Fault></SOAP:Body></SOAP:Envelope>`

func TestD_128_SessionsInTotal(t *testing.T) {
	s := newServer(t)
	for i := range session.DefaultMax {
		s.begin(from("192.0.2." + string(rune('a'+i/5))))
	}
	got := s.post(envelope(begin, batchOf("", addDevice("1", "never"))), from("192.0.3.1"))
	got.want(t, 500, badSession)
	s.post(envelope("", batchOf("", searchOf(`dn="cn=never,`+people+`" scope="baseObject"`, "", anything)))).want(t, 200, `code="32"`)
}

func TestD_141_FaultOfTheServer(t *testing.T) {
	closed := session.NewTable(session.TableOptions{Rand: rand.Reader})
	closed.Close()
	s := newServer(t, func(o *Options) { o.Table = closed })
	if got := s.post(envelope(begin, batchOf("", ""))); got.body != internalFault {
		t.Error(got.body)
	}
}

func TestD_151_RunningOutUndoesNothing(t *testing.T) {
	s := newServer(t)
	s.post(envelope(inSession(s.begin()), batchOf("", addDevice("1", "kept")))).want(t, 200, `code="0"`)
	s.clock.Advance(session.DefaultIdle)
	s.post(envelope("", batchOf("", searchOf(`dn="cn=kept,`+people+`" scope="baseObject"`, "", anything)))).want(t, 200, `<resultCode code="0"`, "<searchResultEntry ")
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
