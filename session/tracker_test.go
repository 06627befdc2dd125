package session

import (
	"errors"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// client is a Tracker with its clock.
type client struct {
	*Tracker
	*testing.T
	clock *ManualClock
}

func newClient(t *testing.T, o TrackerOptions) *client {
	t.Helper()
	clock := NewManualClock(start)
	o.Now = clock.Now
	return &client{NewTracker(o), t, clock}
}

const (
	okBody     = `<batchResponse xmlns="urn:oasis:names:tc:DSML:2:0:core"/>`
	badSession = `<SOAP:Envelope xmlns:SOAP="http://schemas.xmlsoap.org/soap/envelope/"><SOAP:Body><SOAP:Fault><faultcode>SOAP:Client</faultcode>` +
		`<faultstring>SOAP Invalid Request</faultstring><detail>Bad Session Request</detail></SOAP:Fault></SOAP:Body></SOAP:Envelope>`
)

var (
	badRequest     = strings.Replace(badSession, "Bad Session Request", "Bad Request", 1)
	mustUnderstand = `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault><faultcode>s:MustUnderstand</faultcode>` +
		`<faultstring>header not understood</faultstring></s:Fault></s:Body></s:Envelope>`
)

// answerIn is an answer with a session header.
func answerIn(id, body string) string {
	header := ""
	if id != "" {
		header = `<ad:Session xmlns:ad="` + DSMLNamespace + `" ad:SessionID="` + id + `"/>`
	}
	return `<s:Envelope xmlns:s="` + soap.NS11 + `"><s:Header>` + header + `</s:Header><s:Body>` + body + `</s:Body></s:Envelope>`
}

func (c *client) must(out Outgoing, err error) Outgoing {
	c.Helper()
	if err != nil {
		c.Fatalf("%v", err)
	}
	return out
}

func (c *client) receive(text string, want State, outcome Outcome) Reply {
	c.Helper()
	r, err := c.Receive([]byte(text), Meta{})
	if err != nil {
		c.Errorf("receive: %v", err)
	}
	return c.check(r, want, outcome)
}

func (c *client) check(r Reply, want State, outcome Outcome) Reply {
	c.Helper()
	if r.State != want || r.State != c.State() || r.Outcome != outcome || r.Explanation == "" {
		c.Errorf("got state %v (now %v), outcome %v, %q; want %v, %v", r.State, c.State(), r.Outcome, r.Explanation, want, outcome)
	}
	return r
}

func (c *client) wantCode(err error, code string) {
	c.Helper()
	var e *Error
	if !errors.As(err, &e) || e.Code != code || e.Message == "" {
		c.Errorf("got %v, want code %s", err, code)
	}
}

// opened returns a client with an open session.
func opened(t *testing.T, o TrackerOptions) *client {
	t.Helper()
	c := newClient(t, o)
	c.must(c.Begin(nil))
	c.receive(answerIn("42", okBody), StateOpen, Opened)
	return c
}

func TestTrackerWalk(t *testing.T) {
	c := newClient(t, TrackerOptions{})
	if c.State() != StateNone || c.ID() != "" {
		t.Fatalf("state %v, id %q at first", c.State(), c.ID())
	}
	_, err := c.Send(nil)
	c.wantCode(err, CodeNotOpen)
	_, err = c.End(nil)
	c.wantCode(err, CodeNotOpen)

	out := c.must(c.Begin(nil))
	const begin = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header>` +
		`<ad:BeginSession xmlns:ad="urn:schema-microsoft-com:activedirectory:dsmlv2" soap:mustUnderstand="1"/></soap:Header>` +
		`<soap:Body><batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core"/></soap:Body></soap:Envelope>`
	if string(out.Body) != begin || out.Step.Kind != StepBegin {
		t.Errorf("begin is %s", out.Body)
	}
	if c.State() != StateOpening {
		t.Errorf("state %v", c.State())
	}
	_, err = c.Begin(nil)
	c.wantCode(err, CodeAlreadyOpen)
	_, err = c.Send(nil)
	c.wantCode(err, CodeNotOpen)
	_, err = c.End(nil)
	c.wantCode(err, CodeNotOpen)

	r := c.receive(answerIn("42", okBody), StateOpen, Opened)
	if r.Before != StateOpening || r.Step != StepBegin || c.ID() != "42" || r.Document == nil || r.Envelope == nil {
		t.Errorf("got %+v, id %q", r, c.ID())
	}
	_, err = c.Begin(nil)
	c.wantCode(err, CodeAlreadyOpen)

	out = c.must(c.Send([]byte(`<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core" requestID="7"/>`)))
	const use = `<soap:Header><ad:Session xmlns:ad="urn:schema-microsoft-com:activedirectory:dsmlv2" ad:SessionID="42" soap:mustUnderstand="1"/></soap:Header>` +
		`<soap:Body><batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core" requestID="7"/></soap:Body>`
	if !strings.Contains(string(out.Body), use) {
		t.Errorf("send is %s", out.Body)
	}
	c.receive(answerIn("42", okBody), StateOpen, Answered)

	out = c.must(c.End(nil))
	if !strings.Contains(string(out.Body), `<ad:EndSession xmlns:ad="urn:schema-microsoft-com:activedirectory:dsmlv2" ad:SessionID="42" soap:mustUnderstand="1"/>`) {
		t.Errorf("end is %s", out.Body)
	}
	if c.State() != StateClosing {
		t.Errorf("state %v", c.State())
	}
	_, err = c.Send(nil)
	c.wantCode(err, CodeNotOpen)
	c.receive(answerIn("42", okBody), StateClosed, Ended)
	if c.ID() != "" {
		t.Errorf("id %q after the end", c.ID())
	}
	_, err = c.Send(nil)
	c.wantCode(err, CodeNotOpen)
	c.must(c.Begin(nil))
	c.receive(answerIn("43", okBody), StateOpen, Opened)
}

func TestD_112_D_113_HTTPHeaders(t *testing.T) {
	c := newClient(t, TrackerOptions{})
	out := c.must(c.Begin(nil))
	if out.SOAPAction != `"#batchRequest"` || out.ContentType != "text/xml; charset=utf-8" {
		t.Errorf("D-112 D-113: %q, %q", out.SOAPAction, out.ContentType)
	}
	c = newClient(t, TrackerOptions{SOAP: soap.V12})
	out = c.must(c.Begin(nil))
	if out.SOAPAction != "" || out.ContentType != `application/soap+xml; charset=utf-8; action="#batchRequest"` ||
		!strings.Contains(string(out.Body), `xmlns:soap="http://www.w3.org/2003/05/soap-envelope"`) {
		t.Errorf("SOAP 1.2: %q, %q, %s", out.SOAPAction, out.ContentType, out.Body)
	}
}

func TestD_138_IDQualifiedOrNot(t *testing.T) {
	for _, attr := range []string{`ad:SessionID="42"`, `SessionID="42"`, `SessionID="1" ad:SessionID="42"`} {
		c := newClient(t, TrackerOptions{})
		c.must(c.Begin(nil))
		c.receive(strings.Replace(answerIn("42", okBody), `ad:SessionID="42"`, attr, 1), StateOpen, Opened)
		if c.ID() != "42" {
			t.Errorf("D-138 %s: id %q", attr, c.ID())
		}
	}
}

func TestD_140_StartingOverAfterAFault(t *testing.T) {
	c := opened(t, TrackerOptions{})
	c.must(c.Send(nil))
	r := c.receive(badSession, StateLost, WasLost)
	if r.Fault == nil || r.Document != nil || c.ID() != "" {
		t.Errorf("got %+v, id %q", r, c.ID())
	}
	_, err := c.Send(nil)
	c.wantCode(err, CodeNotOpen)
	c.must(c.Begin(nil))
	c.receive(answerIn("43", okBody), StateOpen, Opened)
}

func TestFailedExchanges(t *testing.T) {
	c := newClient(t, TrackerOptions{})
	c.must(c.Begin(nil))
	c.check(c.Failed(Failure{Reason: "The name could not be resolved.", Unsent: true}), StateNone, NoWord)
	c.must(c.Begin(nil))
	c.check(c.Failed(Failure{}), StateLost, NoWord)

	c = opened(t, TrackerOptions{})
	c.must(c.Send(nil))
	c.check(c.Failed(Failure{}), StateOpen, NoWord)
	c.must(c.End(nil))
	c.check(c.Failed(Failure{Unsent: true}), StateOpen, NoWord)
	if c.ending {
		t.Error("an end that never left is taken for one that may have arrived")
	}
	c.must(c.Send(nil))
	c.clock.Advance(DefaultIdle)
	c.check(c.Failed(Failure{}), StateExpired, NoWord)
}

func TestUnreadableAnswers(t *testing.T) {
	for _, c := range []struct {
		name, text string
		status     int
		begin, use State
		outcome    Outcome // of the begin
	}{
		{"page of a proxy", "<html><body>Bad Gateway<br></body></html>", 502, StateLost, StateOpen, NoWord},
		{"wrong credentials", "", 401, StateNone, StateOpen, Refused},
		{"wrong address", "<!DOCTYPE html><html></html>", 404, StateNone, StateOpen, Refused},
		{"nothing", "", 200, StateLost, StateOpen, NoWord},
		{"cut off before the header", `<s:Envelope xmlns:s="` + soap.NS11 + `"><s:Hea`, 200, StateLost, StateOpen, NoWord},
		{"a batchRequest", `<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core"/>`, 200, StateLost, StateOpen, NoWord},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := newClient(t, TrackerOptions{})
			client.must(client.Begin(nil))
			r, err := client.Receive([]byte(c.text), Meta{Status: c.status})
			if err == nil {
				t.Error("no error")
			}
			client.check(r, c.begin, c.outcome)
			client = opened(t, TrackerOptions{})
			client.must(client.Send(nil))
			r, err = client.Receive([]byte(c.text), Meta{Status: c.status})
			if err == nil {
				t.Error("no error")
			}
			client.check(r, c.use, NoWord)
		})
	}
}

func TestAnswerCutOffBehindItsHeader(t *testing.T) {
	text := answerIn("42", okBody)
	text = text[:strings.Index(text, "<s:Body>")+20]
	c := newClient(t, TrackerOptions{})
	c.must(c.Begin(nil))
	r, err := c.Receive([]byte(text), Meta{Status: 200})
	var e *dsml.Error
	if !errors.As(err, &e) || e.Code != "xml-syntax" {
		t.Errorf("got %v", err)
	}
	c.check(r, StateOpen, Opened)
	if c.ID() != "42" || r.Document != nil {
		t.Errorf("id %q, document %v", c.ID(), r.Document)
	}
}

func TestAnswersOutOfOrder(t *testing.T) {
	c := opened(t, TrackerOptions{})
	one, two := c.must(c.Send(nil)), c.must(c.End(nil))
	if r, err := c.Receive([]byte(answerIn("42", okBody)), Meta{Answers: two.Number}); err != nil || r.State != StateClosed {
		t.Errorf("got %+v, %v", r, err)
	}
	c.must(c.Begin(nil))
	// The first answer comes when a new session is being made: it is not the
	// answer to that.
	if r, err := c.Receive([]byte(answerIn("42", okBody)), Meta{Answers: one.Number}); err != nil || r.State != StateOpening {
		t.Errorf("got %+v, %v", r, err)
	}
}

func TestAnswersWhileTheSessionIsBeingEnded(t *testing.T) {
	for _, c := range []struct {
		name, first, second string
		between             State
		outcome             Outcome
		after               State
	}{
		{"both go well", answerIn("42", okBody), answerIn("42", okBody), StateClosing, Answered, StateClosed},
		{"the first is refused", badRequest, answerIn("42", okBody), StateClosing, NoWord, StateClosed},
		{"the session is gone", badSession, badSession, StateLost, WasLost, StateLost},
		{"the first came too late", badSession, answerIn("42", okBody), StateLost, WasLost, StateClosed},
		{"the end is refused", answerIn("42", okBody), badRequest, StateClosing, Answered, StateOpen},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := opened(t, TrackerOptions{})
			client.must(client.Send(nil))
			client.must(client.End(nil))
			client.receive(c.first, c.between, c.outcome)
			if r, err := client.Receive([]byte(c.second), Meta{}); err != nil || r.State != c.after || r.Explanation == "" {
				t.Errorf("got %+v, %v", r, err)
			}
		})
	}
}

func TestAnswerToAnEarlierSession(t *testing.T) {
	c := opened(t, TrackerOptions{})
	out := c.must(c.Send(nil))
	c.clock.Advance(DefaultIdle)
	c.must(c.End(nil))
	c.receive(badSession, StateExpired, RanOut) // to the oldest: the send
	c.must(c.Begin(nil))
	c.receive(answerIn("43", okBody), StateOpen, Opened)
	if r, _ := c.Receive([]byte(badSession), Meta{Answers: out.Number}); r.State != StateOpen || r.Outcome != NoWord {
		t.Errorf("got %+v", r)
	}
}

func TestNothingIsSentAfterAWrongBody(t *testing.T) {
	c := opened(t, TrackerOptions{})
	for _, body := range []string{"<batchRequest", "text", `<Envelope xmlns="urn:x"/>`, `<!DOCTYPE x><x/>`, `<s:Envelope xmlns:s="` + soap.NS11 + `"/>`} {
		if _, err := c.Send([]byte(body)); err == nil {
			t.Errorf("%s: no error", body)
		}
		if _, err := c.End([]byte(body)); err == nil {
			t.Errorf("%s: no error", body)
		}
	}
	if c.State() != StateOpen || len(c.pending) != 0 {
		t.Errorf("state %v, %d pending", c.State(), len(c.pending))
	}
	c = newClient(t, TrackerOptions{})
	if _, err := c.Begin([]byte("<")); err == nil || c.State() != StateNone {
		t.Errorf("got %v, state %v", err, c.State())
	}
}

func TestMessagesOutsideASession(t *testing.T) {
	c := newClient(t, TrackerOptions{})
	c.receive(answerIn("", okBody), StateNone, Answered)
	c.receive(badRequest, StateNone, NoWord)
	c.check(c.Failed(Failure{Answers: 7, Reason: "The line was cut."}), StateNone, NoWord)
}

func BenchmarkTracker(b *testing.B) {
	for name, body := range map[string]string{
		"bare":     batch,
		"envelope": `<s:Envelope xmlns:s="` + soap.NS11 + `"><s:Header/><s:Body>` + batch + `</s:Body></s:Envelope>`,
	} {
		b.Run("send "+name, func(b *testing.B) {
			t := NewTracker(TrackerOptions{})
			t.Begin(nil)
			t.Receive([]byte(answerIn("42", okBody)), Meta{})
			b.ReportAllocs()
			for b.Loop() {
				if _, err := t.Send([]byte(body)); err != nil {
					b.Fatal(err)
				}
				t.pending = t.pending[:0]
			}
		})
	}
	b.Run("receive", func(b *testing.B) {
		t := NewTracker(TrackerOptions{})
		t.Begin(nil)
		answer := []byte(answerIn("42", okBody))
		t.Receive(answer, Meta{})
		b.ReportAllocs()
		for b.Loop() {
			if _, err := t.Receive(answer, Meta{}); err != nil {
				b.Fatal(err)
			}
		}
	})
}
