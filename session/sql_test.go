package session

import (
	"encoding/base64"
	"errors"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

const sqlNS = ` xmlns:o="` + SQLOptionsNamespace + `"`

func sqlBlock(attrs string) string { return `<o:sqlSession` + sqlNS + ` ` + attrs + `/>` }

type sqlStepCase struct {
	name, blocks string
	want         Step
	err          error
}

func (c sqlStepCase) title() string { return c.name }

func sqlSteps() []sqlStepCase {
	const id = `sessionId="AAECAwQFBgcICQoLDA0ODw=="`
	const table = "000102030405060708090a0b0c0d0e0f"
	return []sqlStepCase{
		{"S-19 none", ``, Step{}, nil},
		{"S-15 initiate", sqlBlock(`initiate="true"`), Step{Kind: StepBegin}, nil},
		{"S-05 lexical forms", sqlBlock(`initiate=" 1 " terminate="0"`), Step{Kind: StepBegin}, nil},
		{"S-07 timeout", sqlBlock(`initiate="true" timeout=" 45 "`), Step{Kind: StepBegin, Timeout: 45 * time.Second}, nil},
		{"S-07 timeout signed", sqlBlock(`initiate="true" timeout="+45"`), Step{Kind: StepBegin, Timeout: 45 * time.Second}, nil},
		{"timeout of 0 asks for nothing", sqlBlock(`initiate="true" timeout="0"`), Step{Kind: StepBegin}, nil},
		{"timeout below 0 asks for nothing", sqlBlock(`initiate="true" timeout="-1"`), Step{Kind: StepBegin}, nil},
		{"S-07 timeout no number", sqlBlock(`initiate="true" timeout="soon"`), Step{}, ErrBadHeader},
		{"S-07 timeout no xs:int", sqlBlock(`initiate="true" timeout="2147483648"`), Step{}, ErrBadHeader},
		{"S-05 no boolean", sqlBlock(`initiate="yes"`), Step{}, ErrBadHeader},
		{"S-05 no boolean either", sqlBlock(`terminate="True" ` + id), Step{}, ErrBadHeader},
		{"S-38 join", sqlBlock(id), Step{Kind: StepUse, ID: table}, nil},
		{"S-38 join, said so", sqlBlock(`initiate="false" ` + id), Step{Kind: StepUse, ID: table}, nil},
		{"timeout of a join ignored", sqlBlock(`timeout="5" ` + id), Step{Kind: StepUse, ID: table}, nil},
		{"S-06 white space in base64", sqlBlock("sessionId=' AAEC&#10;AwQFBgcICQoL DA0ODw== '"), Step{Kind: StepUse, ID: table}, nil},
		{"S-44 malformed", sqlBlock(`sessionId="!"`), Step{}, ErrMalformedID},
		{"S-44 padding missing", sqlBlock(`sessionId="AAE"`), Step{}, ErrMalformedID},
		{"S-44 malformed end", sqlBlock(`terminate="1" sessionId="!"`), Step{}, ErrNoSession},
		{"S-44 empty id", sqlBlock(`sessionId=""`), Step{Kind: StepUse}, nil},
		{"S-51 terminate", sqlBlock(`terminate="true" ` + id), Step{Kind: StepEnd, ID: table}, nil},
		{"S-50 terminate alone", sqlBlock(`terminate="true"`), Step{}, ErrMissingID},
		{"S-18 asks for nothing", sqlBlock(``), Step{}, nil},
		{"S-18 not initiate", sqlBlock(`initiate="false"`), Step{}, nil},
		{"initiate with an id", sqlBlock(`initiate="true" ` + id), Step{}, ErrBadHeader},
		{"initiate and terminate", sqlBlock(`initiate="true" terminate="true"`), Step{}, ErrBadHeader},
		{"S-73 transaction", sqlBlock(`transactionDescriptor="EBE=" ` + id), Step{Kind: StepUse, ID: table, Transaction: []byte{0x10, 0x11}}, nil},
		{"S-06 transaction malformed", sqlBlock(`transactionDescriptor="?" ` + id), Step{}, ErrBadHeader},
		{"S-08 two", sqlBlock(`initiate="true"`) + sqlBlock(id), Step{}, ErrTwoHeaders},
		{"S-01 https", `<o:sqlSession xmlns:o="` + strings.Replace(SQLOptionsNamespace, "http:", "https:", 1) + `" initiate="true"/>`, Step{}, nil},
		{"S-02 case of the name", `<o:SqlSession` + sqlNS + ` initiate="true"/><o:sqlsession` + sqlNS + ` initiate="true"/>`, Step{}, nil},
		{"S-03 case of attributes", sqlBlock(`Initiate="true" sessionID="AAEC" TERMINATE="true"`), Step{}, nil},
		{"S-04 qualified attributes", sqlBlock(`o:initiate="true"`), Step{}, nil},
		{"S-13 any prefix", `<sqlSession xmlns="` + SQLOptionsNamespace + `" initiate="true"/>`, Step{Kind: StepBegin}, nil},
		{"S-14 unknown attributes", sqlBlock(`initiate="true" x="y" o:z="1"`), Step{Kind: StepBegin}, nil},
		{"S-12 mustUnderstand and actor", sqlBlock(`initiate="true" s:mustUnderstand="1" s:actor="` + soap.ActorNext + `"`), Step{Kind: StepBegin}, nil},
		{"for somebody else", sqlBlock(`initiate="true" s:actor="urn:else"`), Step{}, nil},
	}
}

func runSQLStep(t *testing.T, c sqlStepCase) {
	got, err := SQLStep(headers(t, c.blocks))
	if !errors.Is(err, c.err) {
		t.Errorf("error %v, want %v", err, c.err)
	}
	if got.Kind != c.want.Kind || got.ID != c.want.ID || got.Timeout != c.want.Timeout || string(got.Transaction) != string(c.want.Transaction) {
		t.Errorf("got %+v, want %+v", got, c.want)
	}
}

func TestSQLStep(t *testing.T)                              { pick(t, sqlSteps(), "", runSQLStep) }
func TestHeader_S_01_Namespace(t *testing.T)                { pick(t, sqlSteps(), "S-01", runSQLStep) }
func TestHeader_S_02_NameOfTheElement(t *testing.T)         { pick(t, sqlSteps(), "S-02", runSQLStep) }
func TestHeader_S_03_NamesOfTheAttributes(t *testing.T)     { pick(t, sqlSteps(), "S-03", runSQLStep) }
func TestHeader_S_04_AttributesAreUnqualified(t *testing.T) { pick(t, sqlSteps(), "S-04", runSQLStep) }
func TestHeader_S_05_Booleans(t *testing.T)                 { pick(t, sqlSteps(), "S-05", runSQLStep) }
func TestHeader_S_06_Base64(t *testing.T)                   { pick(t, sqlSteps(), "S-06", runSQLStep) }
func TestHeader_S_07_TimeoutIsAnInt(t *testing.T)           { pick(t, sqlSteps(), "S-07", runSQLStep) }
func TestHeader_S_08_OneHeader(t *testing.T)                { pick(t, sqlSteps(), "S-08", runSQLStep) }
func TestHeader_S_12_MustUnderstandAndActor(t *testing.T)   { pick(t, sqlSteps(), "S-12", runSQLStep) }
func TestHeader_S_13_Prefixes(t *testing.T)                 { pick(t, sqlSteps(), "S-13", runSQLStep) }
func TestHeader_S_14_UnknownAttributes(t *testing.T)        { pick(t, sqlSteps(), "S-14", runSQLStep) }
func TestHeader_S_15_Initiate(t *testing.T)                 { pick(t, sqlSteps(), "S-15", runSQLStep) }
func TestHeader_S_18_NothingAskedFor(t *testing.T)          { pick(t, sqlSteps(), "S-18", runSQLStep) }
func TestHeader_S_19_NoHeader(t *testing.T)                 { pick(t, sqlSteps(), "S-19", runSQLStep) }
func TestHeader_S_38_Join(t *testing.T)                     { pick(t, sqlSteps(), "S-38", runSQLStep) }
func TestHeader_S_44_MalformedID(t *testing.T)              { pick(t, sqlSteps(), "S-44", runSQLStep) }
func TestHeader_S_50_TerminateNeedsAnID(t *testing.T)       { pick(t, sqlSteps(), "S-50", runSQLStep) }
func TestHeader_S_51_Terminate(t *testing.T)                { pick(t, sqlSteps(), "S-51", runSQLStep) }
func TestHeader_S_73_Transaction(t *testing.T)              { pick(t, sqlSteps(), "S-73", runSQLStep) }

func TestS_12_OptionHeadersAreUnderstood(t *testing.T) {
	for name := range sqlOptionHeaders {
		if !SQLUnderstands(xml.Name{Space: SQLOptionsNamespace, Local: name}) {
			t.Errorf("%s is not", name)
		}
	}
	if !SQLUnderstands(xml.Name{Space: SQLOptionsNamespace, Local: "sqlSession"}) || SQLUnderstands(xml.Name{Space: SQLOptionsNamespace, Local: "prepExec"}) {
		t.Error("sqlSession is not, or prepExec is")
	}
}

type timeoutCase struct {
	name                  string
	endpoint, asked, want time.Duration
}

func (c timeoutCase) title() string { return c.name }

func timeouts() []timeoutCase {
	return []timeoutCase{
		{"S-30 nothing asked", 60 * time.Second, 0, 60 * time.Second},
		{"S-28 less", 60 * time.Second, 12 * time.Second, 12 * time.Second},
		{"S-29 the same", 60 * time.Second, 60 * time.Second, 60 * time.Second},
		{"S-26 S-27 more", 60 * time.Second, 90 * time.Second, 60 * time.Second},
		{"S-31 never", Never, 0, Never},
		{"S-32 never, asked", Never, 90 * time.Second, 90 * time.Second},
	}
}

func runTimeout(t *testing.T, c timeoutCase) {
	table, clock := newTable(TableOptions{Idle: c.endpoint, Overlap: true})
	h := new(held)
	lease, err := table.BeginWith(t.Context(), Opening{Peer: alice, Timeout: c.asked}, h.open)
	if err != nil {
		t.Fatal(err)
	}
	if got := lease.Timeout(); got != c.want {
		t.Errorf("in force: %v, want %v", got, c.want)
	}
	lease.Release()
	if c.want < 0 {
		clock.Advance(10000 * time.Hour)
		wantClosed(t, h, 0)
		return
	}
	clock.Advance(c.want - 1)
	wantClosed(t, h, 0)
	clock.Advance(1)
	wantClosed(t, h, 1)
}

func TestS_26_TheSmallerOne(t *testing.T)      { pick(t, timeouts(), "S-26", runTimeout) }
func TestS_27_MoreThanTheMaximum(t *testing.T) { pick(t, timeouts(), "S-27", runTimeout) }
func TestS_28_LessThanTheMaximum(t *testing.T) { pick(t, timeouts(), "S-28", runTimeout) }
func TestS_29_TheMaximum(t *testing.T)         { pick(t, timeouts(), "S-29", runTimeout) }
func TestS_30_NothingAskedFor(t *testing.T)    { pick(t, timeouts(), "S-30", runTimeout) }
func TestS_31_Never(t *testing.T)              { pick(t, timeouts(), "S-31", runTimeout) }
func TestS_32_NeverAndAskedFor(t *testing.T)   { pick(t, timeouts(), "S-32", runTimeout) }

func written(t *testing.T, write func(*xml.Writer)) string {
	t.Helper()
	w := xml.NewWriter(xml.WriterOptions{})
	soap.Start(w, soap.V11, "SOAP-ENV", write)
	soap.End(w)
	if w.Err() != nil {
		t.Fatal(w.Err())
	}
	return string(w.Bytes())
}

func TestS_10_S_11_S_15_S_16_S_39_S_51_S_67_ResponseHeader(t *testing.T) {
	const id = "000102030405060708090a0b0c0d0e0f"
	for _, c := range []struct {
		name string
		a    SQLAnswer
		want string
	}{
		{"S-15 S-16 initiated", SQLAnswer{ID: id, Timeout: 30 * time.Second}, `sessionId="AAECAwQFBgcICQoLDA0ODw==" timeout="30"`},
		{"S-31 initiated, never", SQLAnswer{ID: id, Timeout: Never}, `sessionId="AAECAwQFBgcICQoLDA0ODw=="`},
		{"S-39 joined", SQLAnswer{ID: id}, `sessionId="AAECAwQFBgcICQoLDA0ODw=="`},
		{"S-51 terminated", SQLAnswer{ID: id, Terminate: true}, `terminate="true" sessionId="AAECAwQFBgcICQoLDA0ODw=="`},
		{"S-43 unknown", SQLAnswer{Terminate: true}, `terminate="true"`},
		{"S-73 transaction", SQLAnswer{ID: id, Transaction: []byte{0x10, 0x11}}, `sessionId="AAECAwQFBgcICQoLDA0ODw==" transactionDescriptor="EBE="`},
	} {
		text := written(t, func(w *xml.Writer) { SQLResponseHeader(w, c.a) })
		want := `<sqloptions:sqlSession xmlns:sqloptions="` + SQLOptionsNamespace + `" ` + c.want + `/>`
		if !strings.Contains(text, "Header>"+want+"</SOAP") { // S-10, S-11, S-67: and nothing else
			t.Errorf("%s: got %s, want %s", c.name, text, want)
		}
	}
}

func TestSQLIDsGoThereAndBack(t *testing.T) {
	table, _ := newTable(TableOptions{})
	id, _ := begin(t, table, alice)
	text := written(t, func(w *xml.Writer) { SQLResponseHeader(w, SQLAnswer{ID: id}) })
	env, err := soap.Parse([]byte(text), soap.Options{})
	if err != nil {
		t.Fatal(err)
	}
	step, err := SQLStep(env.Headers)
	if err != nil || step.ID != id {
		t.Errorf("got %+v, %v, want %s", step, err, id)
	}
	for _, odd := range []string{"xyz", "abc", "AB"} { // no hexadecimal of ours
		if got, err := base64.StdEncoding.DecodeString(sqlID(odd)); err != nil || string(got) != odd {
			t.Errorf("%s became %q, %v", odd, got, err)
		}
	}
}

func TestS_47_S_84_SQLFault(t *testing.T) {
	const node = "http://db.example.test/sql/orders"
	for _, c := range []struct {
		err       error
		subcodes  []string
		sender    bool
		terminate bool
	}{
		{ErrNoSession, []string{"SoapHeader", "SessionIdIsInvalid"}, true, true},
		{foreignError{}, []string{"SoapHeader", "SessionIdIsInvalid"}, true, true}, // S-47
		{ErrMalformedID, []string{"SoapHeader", "SessionIdIsInvalid"}, true, true},
		{ErrMissingID, []string{"SoapHeader", "SessionIdIsInvalid"}, true, true},
		{ErrDisabled, []string{"SoapHeader", subcodeDisabled}, true, false},
		{ErrTwoHeaders, []string{"SoapHeader", subcodeInvalid}, true, false},
		{headerError("x"), []string{"SoapHeader", subcodeInvalid}, true, false},
		{ErrTotalLimit, []string{"SoapHeader", subcodeLimit}, true, false},
		{errors.New("else"), nil, false, false},
	} {
		for _, v := range []soap.Version{soap.V11, soap.V12} {
			fault, terminate := SQLFault(c.err, v, node)
			if terminate != c.terminate {
				t.Errorf("%v: terminate %v", c.err, terminate)
			}
			text, err := (&soap.Envelope{Version: v, Prefix: "SOAP-ENV", Fault: fault}).Marshal(nil)
			if err != nil {
				t.Fatal(err)
			}
			env, err := soap.Parse(text, soap.Options{Strict: true})
			if err != nil {
				t.Fatalf("%v: %s", err, text)
			}
			if got := sqlSubcodes(env.Fault); !slices.Equal(got, c.subcodes) {
				t.Errorf("S-84 %v, SOAP %v: subcodes %v, want %v in %s", c.err, v, got, c.subcodes, text)
			}
			if env.Fault.IsSender() != c.sender {
				t.Errorf("%v: code %v", c.err, env.Fault.Code)
			}
		}
	}
}

func TestS_83_FaultOfSOAP11EmbedsThatOfSOAP12(t *testing.T) {
	const node = "http://db.example.test/sql/orders"
	fault, _ := SQLFault(ErrNoSession, soap.V11, node)
	text, err := (&soap.Envelope{Version: soap.V11, Prefix: "SOAP-ENV", Fault: fault}).Marshal(nil)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range []string{
		`<faultcode>SOAP-ENV:Client</faultcode>`,
		`<faultstring>There was an error in the incoming SOAP request packet:  Client, SoapHeader, SessionIdIsInvalid</faultstring>`,
		`<faultactor>http://schemas.microsoft.com/sqlserver/2004/SOAP</faultactor>`,
		`<SOAP-1_2-ENV:Code><SOAP-1_2-ENV:Value>SOAP-1_2-ENV:Sender</SOAP-1_2-ENV:Value><SOAP-1_2-ENV:Subcode>` +
			`<SOAP-1_2-ENV:Value>sqlsoapfaultcode:SoapHeader</SOAP-1_2-ENV:Value><SOAP-1_2-ENV:Subcode>` +
			`<SOAP-1_2-ENV:Value>sqlsoapfaultcode:SessionIdIsInvalid</SOAP-1_2-ENV:Value></SOAP-1_2-ENV:Subcode></SOAP-1_2-ENV:Subcode></SOAP-1_2-ENV:Code>`,
		`<SOAP-1_2-ENV:Reason><SOAP-1_2-ENV:Text xml:lang="en-US">There was an error in the incoming SOAP request packet:  Sender, SoapHeader, SessionIdIsInvalid</SOAP-1_2-ENV:Text></SOAP-1_2-ENV:Reason>`,
		`<SOAP-1_2-ENV:Node>` + node + `</SOAP-1_2-ENV:Node><SOAP-1_2-ENV:Role>http://schemas.microsoft.com/sqlserver/2004/SOAP</SOAP-1_2-ENV:Role><SOAP-1_2-ENV:Detail/></detail>`,
	} {
		if !strings.Contains(string(text), part) {
			t.Errorf("%s\nis not in %s", part, text)
		}
	}
}
