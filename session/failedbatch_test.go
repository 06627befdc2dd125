package session

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/xml/soap"
	"github.com/dsmlkit/dsmlkit/xml/sqlsoap"
)

// failedBatch is an answer to a message whose session header was accepted and
// whose batch was not.
func failedBatch(t *testing.T, v soap.Version, attrs string) string {
	t.Helper()
	e := soap.Envelope{Version: v, Fault: sqlsoap.NewFault(true, "http://db.example.test/sql", "InvalidXml").SOAP(v)}
	text, err := e.Marshal(nil)
	if err != nil {
		t.Fatal(err)
	}
	if attrs == "" {
		return string(text)
	}
	return strings.Replace(string(text), "<soap:Body>", "<soap:Header>"+sqlBlock(attrs)+"</soap:Header><soap:Body>", 1)
}

// TestS_54_EndConfirmedInAFault: the client takes the confirmation of its end
// from the answer to a batch that failed, and tells it from a refusal.
func TestS_54_EndConfirmedInAFault(t *testing.T) {
	const ours = `terminate="true" sessionId="AAEC"`
	for _, v := range []soap.Version{soap.V11, soap.V12} {
		for _, c := range []struct {
			name, answer string
			state        State
			outcome      Outcome
		}{
			{"confirmed", failedBatch(t, v, ours), StateClosed, Ended},
			{"refused, with the id", sqlFaultText(t, v, ours), StateLost, WasLost},
			{"another session's", failedBatch(t, v, `terminate="true" sessionId="BBBB"`), StateLost, WasLost},
			{"without an id", failedBatch(t, v, `terminate="true"`), StateLost, WasLost},
			{"without a word", failedBatch(t, v, ""), StateOpen, NoWord},
		} {
			t.Run(v.String()+" "+c.name, func(t *testing.T) {
				client := openedSQL(t, TrackerOptions{}, `sessionId="AAEC" timeout="30"`)
				client.must(client.End(nil))
				client.receive(c.answer, c.state, c.outcome)
			})
		}
	}
	client := openedSQL(t, TrackerOptions{}, `sessionId="AAEC" timeout="30"`)
	client.must(client.Send(nil))
	if r := client.receive(failedBatch(t, soap.V11, ours), StateLost, WasLost); !strings.Contains(r.Explanation, "InvalidXml") {
		t.Errorf("ended by the server: %q", r.Explanation)
	}
}

// TestS_17_FailedBatchOfABegin: the session is there before its batch runs, so
// it is there when the batch fails, and its client can end it.
func TestS_17_FailedBatchOfABegin(t *testing.T) {
	c := newClient(t, TrackerOptions{Dialect: SQL})
	c.must(c.Begin(nil))
	r := c.receive(failedBatch(t, soap.V11, `sessionId="AAEC" timeout="30"`), StateOpen, Opened)
	if !strings.Contains(r.Explanation, "InvalidXml") {
		t.Errorf("explanation %q", r.Explanation)
	}
	if idle, granted := c.Timeout(); c.ID() != "AAEC" || idle != 30*time.Second || !granted {
		t.Errorf("id %q, timeout %v, granted %v", c.ID(), idle, granted)
	}
	c = newClient(t, TrackerOptions{Dialect: SQL})
	c.must(c.Begin(nil))
	c.receive(failedBatch(t, soap.V11, ""), StateNone, Refused)
}

// TestS_33_FaultOfTheSession: idle time counts from every answer of the session,
// one that reports a fault included, and from no other.
func TestS_33_FaultOfTheSession(t *testing.T) {
	for attrs, want := range map[string]time.Duration{`sessionId="AAEC"`: 30 * time.Second, `sessionId="BBBB"`: 5 * time.Second, "": 5 * time.Second} {
		c := openedSQL(t, TrackerOptions{}, `sessionId="AAEC" timeout="30"`)
		c.must(c.Send(nil))
		c.clock.Advance(25 * time.Second)
		c.receive(failedBatch(t, soap.V12, attrs), StateOpen, NoWord)
		if left, _ := c.Remaining(c.clock.Now()); left != want {
			t.Errorf("header %s: %v left, want %v", attrs, left, want)
		}
	}
}

// TestD_118_AnotherHeaderNotUnderstood: the fault does not say which header was
// not understood, and where there are others it need not be the session's.
func TestD_118_AnotherHeaderNotUnderstood(t *testing.T) {
	const fault = `<s:Envelope xmlns:s="` + soap.NS11 + `"><s:Body><s:Fault><faultcode>s:MustUnderstand</faultcode><faultstring>What?</faultstring></s:Fault></s:Body></s:Envelope>`
	const own = `<s:Envelope xmlns:s="` + soap.NS11 + `"><s:Header><w:To xmlns:w="urn:w" s:mustUnderstand="1"/></s:Header><s:Body>` + batch + `</s:Body></s:Envelope>`
	c := opened(t, TrackerOptions{})
	c.must(c.Send([]byte(own)))
	c.receive(fault, StateOpen, NoWord)
	c.must(c.Send(nil))
	c.receive(fault, StateLost, WasLost)
	c.must(c.Begin([]byte(own)))
	if r := c.receive(fault, StateNone, Refused); strings.Contains(r.Explanation, "knows no sessions") {
		t.Errorf("explanation %q", r.Explanation)
	}
}

func TestIDsThatCannotBeWritten(t *testing.T) {
	for _, id := range []string{"\x00", "a\xff", "\ufffe"} {
		for _, d := range []Dialect{DSML, SQL} {
			out, err := d.Wrap(nil, 0, Step{Kind: StepUse, ID: id})
			var e *Error
			if !errors.As(err, &e) || e.Code != CodeBody || out.Body != nil {
				t.Errorf("%v %q: %s, %v", d, id, out.Body, err)
			}
		}
	}
}
