package session

import (
	"strings"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// sqlAnswer is an answer with a sqlSession header of these attributes, or none.
func sqlAnswer(attrs, body string) string {
	header := ""
	if attrs != "" {
		header = sqlBlock(attrs)
	}
	return `<s:Envelope xmlns:s="` + soap.NS11 + `"><s:Header>` + header + `</s:Header><s:Body>` + body + `</s:Body></s:Envelope>`
}

const sqlBody = `<q:sqlbatchResponse xmlns:q="` + SQLNamespace + `"><q:sqlbatchResult/></q:sqlbatchResponse>`

func sqlFaultText(t *testing.T, v soap.Version, attrs string) string {
	t.Helper()
	fault, _ := SQLFault(ErrNoSession, v, "http://db.example.test/sql")
	text, err := (&soap.Envelope{Version: v, Fault: fault}).Marshal(nil)
	if err != nil {
		t.Fatal(err)
	}
	if attrs == "" {
		return string(text)
	}
	return strings.Replace(string(text), "<soap:Body>", "<soap:Header>"+sqlBlock(attrs)+"</soap:Header><soap:Body>", 1)
}

func openedSQL(t *testing.T, o TrackerOptions, attrs string) *client {
	t.Helper()
	o.Dialect = SQL
	c := newClient(t, o)
	c.must(c.Begin([]byte(`<q:sqlbatch xmlns:q="` + SQLNamespace + `"/>`)))
	c.receive(sqlAnswer(attrs, sqlBody), StateOpen, Opened)
	return c
}

func TestS_16_S_39_S_52_S_78_S_86_SQLTrackerWalk(t *testing.T) {
	c := newClient(t, TrackerOptions{Dialect: SQL, Timeout: 45 * time.Second})
	const batch = `<sql:sqlbatch xmlns:sql="http://schemas.microsoft.com/sqlserver/2004/SOAP"><sql:BatchCommands>SELECT 1</sql:BatchCommands></sql:sqlbatch>`
	out := c.must(c.Begin([]byte(batch)))
	const begin = `<soap:Header><sqloptions:sqlSession xmlns:sqloptions="http://schemas.microsoft.com/sqlserver/2004/SOAP/Options" ` +
		`soap:mustUnderstand="1" initiate="true" timeout="45"/></soap:Header><soap:Body>` + batch + `</soap:Body>`
	if !strings.Contains(string(out.Body), begin) {
		t.Errorf("S-04: begin is %s", out.Body)
	}
	if out.SOAPAction != `"http://schemas.microsoft.com/sqlserver/2004/SOAPsqlbatch"` || out.ContentType != "text/xml; charset=utf-8" {
		t.Errorf("S-78: %s, %s", out.SOAPAction, out.ContentType)
	}
	c.receive(sqlAnswer(`sessionId="AAECAw==" timeout="30"`, sqlBody), StateOpen, Opened)
	if idle, granted := c.Timeout(); idle != 30*time.Second || !granted {
		t.Errorf("S-16: timeout %v, granted %v", idle, granted)
	}
	out = c.must(c.Send([]byte(batch)))
	if !strings.Contains(string(out.Body), ` soap:mustUnderstand="1" sessionId="AAECAw=="/>`) {
		t.Errorf("S-39: join is %s", out.Body)
	}
	c.receive(sqlAnswer(`sessionId="AAECAw=="`, sqlBody), StateOpen, Answered) // S-86
	c.clock.Advance(29 * time.Second)
	if c.State() != StateOpen {
		t.Errorf("state %v", c.State())
	}
	out = c.must(c.End(nil))
	if !strings.Contains(string(out.Body), ` terminate="true" sessionId="AAECAw=="/></soap:Header><soap:Body></soap:Body>`) {
		t.Errorf("S-52: end is %s", out.Body)
	}
	c.receive(sqlAnswer(`terminate="true" sessionId="AAECAw=="`, ""), StateClosed, Ended)
}

func sqlAnswerCases(t *testing.T) []answerCase {
	join := func(c *client) { c.must(c.Send(nil)) }
	end := func(c *client) { c.must(c.End(nil)) }
	retried := func(c *client) { end(c); c.receive(sqlAnswer("", ""), StateOpen, NoWord); end(c) }
	lost := func(c *client) { end(c); c.Failed(Failure{}); end(c) }
	late := func(c *client) { join(c); c.clock.Advance(time.Minute) }
	return []answerCase{
		{"S-43 unknown", join, sqlFaultText(t, soap.V11, `terminate="true"`), StateLost, WasLost},
		{"S-43 unknown, SOAP 1.2", join, sqlFaultText(t, soap.V12, ""), StateLost, WasLost},
		{"S-49 fault without a header", join, sqlFaultText(t, soap.V11, ""), StateLost, WasLost},
		{"S-36 after expiry", late, sqlFaultText(t, soap.V11, ""), StateExpired, RanOut},
		{"ended by the server", join, sqlAnswer(`terminate="true" sessionId="AAEC"`, sqlBody), StateLost, WasLost},
		{"S-57 end of an unknown session", end, sqlFaultText(t, soap.V11, `terminate="1"`), StateLost, WasLost},
		{"S-59 end not acknowledged", end, sqlAnswer(`sessionId="AAEC"`, sqlBody), StateOpen, NoWord},
		{"S-59 end repeated", retried, sqlAnswer(`terminate="true" sessionId="AAEC"`, ""), StateClosed, Ended},
		{"S-59 end not acknowledged, then gone", retried, sqlFaultText(t, soap.V11, ""), StateClosed, Ended},
		{"S-59 end repeated, session gone", lost, sqlFaultText(t, soap.V11, ""), StateClosed, Ended},
		{"other fault", join, badRequest, StateOpen, NoWord},
	}
}

func runSQLAnswer(t *testing.T, c answerCase) {
	client := openedSQL(t, TrackerOptions{}, `sessionId="AAEC" timeout="30"`)
	c.before(client)
	client.receive(c.answer, c.state, c.outcome)
}

func TestSQLClient_Answers(t *testing.T)          { pick(t, sqlAnswerCases(t), "", runSQLAnswer) }
func TestSQLClient_S_36_AfterExpiry(t *testing.T) { pick(t, sqlAnswerCases(t), "S-36", runSQLAnswer) }
func TestSQLClient_S_43_UnknownSession(t *testing.T) {
	pick(t, sqlAnswerCases(t), "S-43", runSQLAnswer)
}
func TestSQLClient_S_49_FaultWithoutAHeader(t *testing.T) {
	pick(t, sqlAnswerCases(t), "S-49", runSQLAnswer)
}
func TestSQLClient_S_57_EndOfAnUnknownSession(t *testing.T) {
	pick(t, sqlAnswerCases(t), "S-57", runSQLAnswer)
}
func TestSQLClient_S_59_EndsRetried(t *testing.T) { pick(t, sqlAnswerCases(t), "S-59", runSQLAnswer) }

func TestSQLTrackerTimeouts(t *testing.T) {
	for _, c := range []struct {
		name    string
		o       TrackerOptions
		attrs   string
		idle    time.Duration
		granted bool
	}{
		{"granted", TrackerOptions{Timeout: time.Hour}, `sessionId="AAEC" timeout="30"`, 30 * time.Second, true},
		{"granted without end", TrackerOptions{}, `sessionId="AAEC" timeout="-1"`, Never, true},
		{"not told", TrackerOptions{}, `sessionId="AAEC"`, DefaultSQLIdle, false},
		{"not told, asked for less", TrackerOptions{Timeout: 12 * time.Second}, `sessionId="AAEC"`, 12 * time.Second, false},
		{"not told, asked for more", TrackerOptions{Timeout: time.Hour}, `sessionId="AAEC"`, DefaultSQLIdle, false},
		{"nonsense", TrackerOptions{Idle: Never}, `sessionId="AAEC" timeout="x"`, Never, false},
	} {
		client := openedSQL(t, c.o, c.attrs)
		if idle, granted := client.Timeout(); idle != c.idle || granted != c.granted {
			t.Errorf("%s: %v, %v", c.name, idle, granted)
		}
		if r := client.reload(); r.Dialect() != SQL || r.ID() != "AAEC" {
			t.Errorf("%s: reloaded as %v, %q", c.name, r.Dialect(), r.ID())
		}
	}
}

func TestS_20_SQLTrackerRefused(t *testing.T) {
	for name, answer := range map[string]string{
		"S-20 disabled": badRequest, "no header": sqlAnswer("", sqlBody), "no id": sqlAnswer(`timeout="30"`, sqlBody),
		"refused in the header": sqlAnswer(`sessionId="AAEC" terminate="true"`, sqlBody),
	} {
		c := newClient(t, TrackerOptions{Dialect: SQL})
		c.must(c.Begin(nil))
		r := c.receive(answer, StateNone, Refused)
		if r.Explanation == "" || c.ID() != "" {
			t.Errorf("%s: %+v", name, r)
		}
	}
}

func TestS_73_TransactionsAreTracked(t *testing.T) {
	change := func(kind, descriptor string) string {
		return `<q:sqlbatchResponse xmlns:q="` + SQLNamespace + `"><q:sqlbatchResult><r:SqlTransaction xmlns:r="` + SQLNamespace + `/types/SqlResultStream" xmlns:t="` + SQLNamespace + `/types/SqlTransaction">` +
			`<t:Descriptor>` + descriptor + `</t:Descriptor><t:Type>` + kind + `</t:Type></r:SqlTransaction></q:sqlbatchResult></q:sqlbatchResponse>`
	}
	c := openedSQL(t, TrackerOptions{}, `sessionId="AAEC" timeout="30"`)
	wantToken := func(want string) {
		t.Helper()
		out := c.must(c.Send(nil))
		token := ""
		if _, rest, ok := strings.Cut(string(out.Body), `transactionDescriptor="`); ok {
			token, _, _ = strings.Cut(rest, `"`)
		}
		if token != want {
			t.Errorf("token %q, want %q", token, want)
		}
	}
	wantToken("")
	c.receive(sqlAnswer(`sessionId="AAEC"`, change("Begin", "EBESEw==")), StateOpen, Answered)
	wantToken("EBESEw==")
	c.receive(sqlAnswer(`sessionId="AAEC"`, sqlBody), StateOpen, Answered)
	wantToken("EBESEw==")
	c.receive(sqlAnswer(`sessionId="AAEC"`, change("Commit", "EBESEw==")), StateOpen, Answered)
	wantToken("")
	c.receive(sqlAnswer(`sessionId="AAEC"`, change("EnlistDTC", "EBESEw==")), StateOpen, Answered)
	wantToken("EBESEw==")
	if r, err := c.Receive([]byte(sqlAnswer(`sessionId="AAEC"`, change("Commit", "!"))), Meta{}); err == nil || r.SQL != nil || r.State != StateOpen {
		t.Errorf("%+v, %v", r, err)
	}
	wantToken("EBESEw==")
}

func TestD_134_S_08_WrapReplacesTheSQLHeader(t *testing.T) {
	body := sqlAnswer(`sessionId="x"`, "<x/>")
	out, err := SQL.Wrap([]byte(body), 0, Step{Kind: StepEnd, ID: "AAEC"})
	if err != nil {
		t.Fatal(err)
	}
	env, err := soap.Parse(out.Body, soap.Options{Strict: true})
	if err != nil || len(env.Headers) != 1 {
		t.Fatalf("%v: %s", err, out.Body)
	}
	if step, err := SQLStep(env.Headers); err != nil || step.Kind != StepEnd || step.ID != "000102" {
		t.Errorf("got %+v, %v", step, err)
	}
}
