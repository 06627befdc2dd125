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

func TestSQLStep(t *testing.T) {
	const id = `sessionId="AAECAwQFBgcICQoLDA0ODw=="`
	const table = "000102030405060708090a0b0c0d0e0f"
	for _, c := range []struct {
		name, blocks string
		want         Step
		err          error
	}{
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
		{"S-43 empty id", sqlBlock(`sessionId=""`), Step{Kind: StepUse}, nil},
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
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := SQLStep(headers(t, c.blocks))
			if !errors.Is(err, c.err) {
				t.Errorf("error %v, want %v", err, c.err)
			}
			if got.Kind != c.want.Kind || got.ID != c.want.ID || got.Timeout != c.want.Timeout || string(got.Transaction) != string(c.want.Transaction) {
				t.Errorf("got %+v, want %+v", got, c.want)
			}
		})
	}
}

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

func TestS_26_to_S_32_TimeoutInForce(t *testing.T) {
	for _, c := range []struct {
		name                  string
		endpoint, asked, want time.Duration
	}{
		{"S-30 nothing asked", 60 * time.Second, 0, 60 * time.Second},
		{"S-28 less", 60 * time.Second, 12 * time.Second, 12 * time.Second},
		{"S-29 the same", 60 * time.Second, 60 * time.Second, 60 * time.Second},
		{"S-26 S-27 more", 60 * time.Second, 90 * time.Second, 60 * time.Second},
		{"S-31 never", Never, 0, Never},
		{"S-32 never, asked", Never, 90 * time.Second, 90 * time.Second},
	} {
		t.Run(c.name, func(t *testing.T) {
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
		})
	}
}

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

func TestSQLResponseHeader(t *testing.T) {
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
		if !strings.Contains(text, want) { // S-10, S-11: and nothing else
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

func TestSQLFault(t *testing.T) {
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

func TestSQLSettings(t *testing.T) {
	option := func(name, attrs string) string { return `<o:` + name + sqlNS + ` ` + attrs + `/>` }
	all := option("applicationName", `value="desk"`) + option("clientInterface", `value="dsmlkit"`) +
		option("clientNetworkID", `value="AAECAwQFBgc="`) + option("clientPID", `value="4711"`) + option("hostName", `value="pc-7"`) +
		option("initialDatabase", `value="orders" optional="1" filename="o.mdf"`) + option("initialLanguage", `value="Deutsch" optional="true"`) +
		option("environmentChangeNotifications", `transactionBoundary="true" databaseChange="1"`) +
		option("notificationRequest", `notificationId="1" deliveryService="x"`)
	got, err := SQLSettings(headers(t, all), Step{Kind: StepBegin}, false)
	if err != nil {
		t.Fatal(err)
	}
	c := got.Client
	if c.ProgramName != "desk" || c.InterfaceName != "dsmlkit" || string(c.NetworkID) != "\x00\x01\x02\x03\x04\x05" || c.ProcessID != 4711 ||
		c.HostName != "pc-7" || c.Database != "orders" || c.Language != "Deutsch" || !got.DatabaseOptional || !got.LanguageOptional || got.DatabaseFile != "o.mdf" ||
		got.Notify != (Environment{TransactionBoundary: true, DatabaseChange: true}) {
		t.Errorf("got %+v", got)
	}
	for name, option := range sqlOptionHeaders {
		block := `<o:` + name + sqlNS + ` value="0"/>`
		_, err := SQLSettings(headers(t, sqlBlock(`sessionId="AAEC"`)+block), Step{Kind: StepUse}, false)
		if want := option == optionInitiate; errors.Is(err, ErrBadHeader) != want {
			t.Errorf("S-65 %s in a join: %v", name, err)
		}
		_, err = SQLSettings(headers(t, sqlBlock(``)+block), Step{}, false)
		if want := option == optionInitiate; errors.Is(err, ErrBadHeader) != want {
			t.Errorf("S-65 %s beside a header that does not initiate: %v", name, err)
		}
		value := strings.Replace(block, `"0"`, `"AAEC"`, 1)
		if name == "clientPID" {
			value = block
		}
		if _, err = SQLSettings(headers(t, value), Step{}, false); err != nil {
			t.Errorf("%s without a session header: %v", name, err)
		}
		if _, err = SQLSettings(headers(t, value+value), Step{}, false); !errors.Is(err, ErrBadHeader) {
			t.Errorf("S-66 %s twice: %v", name, err)
		}
	}
	for name, block := range map[string]string{
		"S-68 text inside":    `<o:environmentChangeNotifications` + sqlNS + `>x</o:environmentChangeNotifications>`,
		"S-68 element inside": `<o:environmentChangeNotifications` + sqlNS + `><x/></o:environmentChangeNotifications>`,
		"no value":            option("applicationName", ""),
		"no number":           option("clientPID", `value="x"`),
		"no base64":           option("clientNetworkID", `value="?"`),
		"no boolean":          option("initialLanguage", `value="x" optional="maybe"`),
		"no boolean either":   option("environmentChangeNotifications", `languageChange="maybe"`),
	} {
		if _, err := SQLSettings(headers(t, block), Step{}, false); !errors.Is(err, ErrBadHeader) {
			t.Errorf("%s: got %v", name, err)
		}
	}
	if _, err := SQLSettings(headers(t, all), Step{Kind: StepBegin}, true); !errors.Is(err, ErrBadHeader) {
		t.Errorf("S-69: got %v", err)
	}
	long := strings.Repeat("ü", 300)
	got, err = SQLSettings(headers(t, option("applicationName", `value="`+long+`"`)+option("clientInterface", `value="`+long+`"`)+option("hostName", `value="`+long+`"`)), Step{}, false)
	if err != nil || got.Client.ProgramName != long[:256] || got.Client.InterfaceName != long[:64] || got.Client.HostName != long[:256] {
		t.Errorf("S-70: got %+v, %v", got, err)
	}
}
