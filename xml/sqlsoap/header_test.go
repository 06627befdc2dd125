package sqlsoap

import (
	"bytes"
	"reflect"
	"slices"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

const someID = "AAECAwQFBgcICQoLDA0ODw=="

func TestSessionHeader(t *testing.T) {
	for _, c := range []struct {
		name, block string
		want        *Session
	}{
		{"S-05 initiate", session(`initiate="true"`), &Session{Initiate: true}},
		{"S-05 other forms", session(`initiate=" 1 " terminate="0"`), &Session{Initiate: true}},
		{"S-05 absent", session(id), &Session{SessionID: Some(someID)}},
		{"S-06 white space", session(`sessionId=" AAEC&#10;Aw== "`), &Session{SessionID: Some("AAECAw==")}},
		{"S-07 timeout", session(`initiate="true" timeout=" +45 "`), &Session{Initiate: true, Timeout: Some(int64(45))}},
		{"S-07 timeout below 0", session(`initiate="true" timeout="-1"`), &Session{Initiate: true, Timeout: Some(int64(-1))}},
		{"S-73 transaction", session(`transactionDescriptor="EBE=" ` + id), &Session{SessionID: Some(someID), TransactionDescriptor: []byte{16, 17}}},
		{"S-50 terminate", session(`terminate="true" ` + id), &Session{Terminate: true, SessionID: Some(someID)}},
		{"S-18 asks for nothing", session(``), &Session{}},
		{"S-01 https", strings.ReplaceAll(session(`xmlns:o="`+NSOptions+`" initiate="true"`), "http:", "https:"), nil},
		{"S-02 case of the name", `<o:SqlSession initiate="true"/><o:sqlsession initiate="true"/>`, nil},
		{"S-03 case of attributes", session(`Initiate="true" sessionID="AAEC" TERMINATE="true"`), &Session{}},
		{"S-04 qualified attributes", session(`o:initiate="true"`), &Session{}},
		{"S-13 another prefix", `<sqlSession xmlns="` + NSOptions + `" initiate="true"/>`, &Session{Initiate: true}},
		{"S-14 unknown attributes", session(`initiate="true" x="y" o:z="1"`), &Session{Initiate: true}},
		{"S-12 mustUnderstand and actor", session(`initiate="true" s:mustUnderstand="1" s:actor="` + soap.ActorNext + `"`),
			&Session{Initiate: true, Processing: Processing{MustUnderstand: true, Actor: soap.ActorNext}}},
		{"for somebody else", session(`initiate="true" s:actor="urn:else"`), nil},
		{"S-19 none", ``, nil},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := parse(t, request(c.block), Options{Strict: true})
			if !reflect.DeepEqual(p.Headers.Session, c.want) {
				t.Errorf("got %+v, want %+v", p.Headers.Session, c.want)
			}
			one, err := ReadSession(p.Envelope.Headers, HeaderOptions{Direction: ToServer})
			if err != nil || !reflect.DeepEqual(one, c.want) {
				t.Errorf("ReadSession: %+v, %v", one, err)
			}
			if q := again(t, &p.Message, WriteOptions{Strict: true}); !reflect.DeepEqual(q.Headers.Session, c.want) {
				t.Errorf("written: %+v", q.Headers.Session)
			}
		})
	}
}

func TestS_12_RelayOfSOAP12(t *testing.T) {
	text := strings.Replace(request(session(`initiate="true" s:mustUnderstand="true" s:role="`+soap.RoleNext+`" s:relay="1"`)), soap.NS11, soap.NS12, 1)
	want := Processing{MustUnderstand: true, Actor: soap.RoleNext, Relay: true}
	p := parse(t, text, Options{Strict: true})
	if q := again(t, &p.Message, WriteOptions{}); p.Headers.Session.Processing != want || q.Headers.Session.Processing != want {
		t.Errorf("%+v, %+v", p.Headers.Session, q.Headers.Session)
	}
}

func TestSessionHeaderErrors(t *testing.T) {
	for _, c := range []struct{ name, block, code, statement string }{
		{"S-08 two", session(`initiate="true"`) + session(id), CodeTwice, "S-08"},
		{"S-05 no boolean", session(`initiate="yes"`), CodeValue, "S-05"},
		{"S-05 no boolean either", session(`terminate="True" ` + id), CodeValue, "S-05"},
		{"S-06 no base64", session(`sessionId="!"`), CodeSessionID, "S-06"},
		{"S-06 padding missing", session(`sessionId="AAE"`), CodeSessionID, "S-06"},
		{"S-06 transaction", session(`transactionDescriptor="?" ` + id), CodeValue, "S-06"},
		{"S-07 no number", session(`initiate="true" timeout="soon"`), CodeValue, "S-07"},
		{"S-07 no xs:int", session(`initiate="true" timeout="2147483648"`), CodeValue, "S-07"},
		{"S-07 empty", session(`initiate="true" timeout=""`), CodeValue, "S-07"},
		{"S-50 terminate alone", session(`terminate="true"`), CodeSessionID, "S-50"},
	} {
		t.Run(c.name, func(t *testing.T) {
			e := wantError(t, request(c.block), Options{}, c.code, c.statement)
			if strings.Contains(e.Error()+e.Hint, someID) {
				t.Errorf("the session id is in %v", e)
			}
		})
	}
	text := request(session(`sessionId="AAF="`))
	if p := parse(t, text, Options{}); !slices.Equal(p.Leniencies, []string{"sql-base64-bits"}) {
		t.Errorf("leniencies: %v", p.Leniencies)
	}
	wantError(t, text, Options{Strict: true}, CodeSessionID, "S-06")
}

func TestSessionHeaderOfAnswers(t *testing.T) {
	for _, c := range []struct {
		name, block, statement string
		want                   Session
	}{
		{"S-10 initiate", session(`initiate="true" ` + id), "S-10", Session{SessionID: Some(someID)}},
		{"S-11 mustUnderstand", session(`s:mustUnderstand="1" ` + id), "S-11", Session{SessionID: Some(someID)}},
		{"S-11 actor", session(`s:actor="` + soap.ActorNext + `" ` + id), "S-11", Session{SessionID: Some(someID)}},
		{"S-07 timeout", session(`timeout="soon" ` + id), "S-07", Session{SessionID: Some(someID)}},
		{"S-06 session id", session(`sessionId="not base64"`), "S-06", Session{SessionID: Some("notbase64")}},
		{"S-06 transaction", session(`transactionDescriptor="?" ` + id), "S-06", Session{SessionID: Some(someID)}},
		{"S-05 terminate", session(`terminate="ja" ` + id), "S-05", Session{SessionID: Some(someID)}},
		{"S-67 applicationName", session(id) + `<o:applicationName value="x"/>`, "S-67", Session{SessionID: Some(someID)}},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := parse(t, answer(c.block), Options{})
			if !reflect.DeepEqual(*p.Headers.Session, c.want) || p.Headers.ApplicationName != nil {
				t.Errorf("got %+v, want %+v", *p.Headers.Session, c.want)
			}
			if !slices.Equal(p.Leniencies, []string{"sql-answer-header"}) {
				t.Errorf("leniencies: %v", p.Leniencies)
			}
			if q := again(t, &p.Message, WriteOptions{}); !reflect.DeepEqual(*q.Headers.Session, c.want) {
				t.Errorf("written: %+v", *q.Headers.Session)
			}
			_, err := Parse([]byte(answer(c.block)), Options{Strict: true})
			if e, ok := err.(*Error); !ok || e.Statement != c.statement {
				t.Errorf("strict: %v", err)
			}
		})
	}
	wantError(t, answer(session(id)+session(id)), Options{}, CodeTwice, "S-09")
	if p := parse(t, answer(session(`terminate="true"`)), Options{Strict: true}); !p.Headers.Session.Terminate { // S-43
		t.Errorf("%+v", p.Headers.Session)
	}
}

const allOptions = `<o:applicationName value="order-desk"/><o:clientInterface value="dsmlkit"/><o:clientNetworkID value="AAECAwQF"/>` +
	`<o:clientPID value=" 4711 "/><o:hostName value="desk7"/><o:initialDatabase value="orders" optional="true" filename="C:\orders.mdf"/>` +
	`<o:initialLanguage value="Français" optional="1"/>` +
	`<o:environmentChangeNotifications databaseChange="true" languageChange="1" partnerChange="true" transactionBoundary="true"/>` +
	`<o:notificationRequest notificationId="n1" deliveryService="service=s" timeout="60"/>`

var allOptionsRead = Headers{
	ApplicationName:                &TextHeader{Value: "order-desk"},
	ClientInterface:                &TextHeader{Value: "dsmlkit"},
	ClientNetworkID:                &BinaryHeader{Value: []byte{0, 1, 2, 3, 4, 5}},
	ClientPID:                      &NumberHeader{Value: 4711},
	HostName:                       &TextHeader{Value: "desk7"},
	InitialDatabase:                &InitialDatabase{Value: "orders", Optional: true, Filename: Some(`C:\orders.mdf`)},
	InitialLanguage:                &InitialLanguage{Value: "Français", Optional: true},
	EnvironmentChangeNotifications: &EnvironmentChangeNotifications{DatabaseChange: true, LanguageChange: true, PartnerChange: true, TransactionBoundary: true},
	NotificationRequest:            &NotificationRequest{NotificationID: "n1", DeliveryService: "service=s", Timeout: Some(int64(60))},
}

func TestOptionHeaders(t *testing.T) {
	want := allOptionsRead
	for name, block := range map[string]string{"alone": "", "with an initiation": session(`initiate="true"`)} {
		want.Session = nil
		if block != "" {
			want.Session = &Session{Initiate: true}
		}
		// The order does not matter: the session header may come last.
		p := parse(t, request(allOptions+block), Options{Strict: true, Expect: ToServer})
		if !reflect.DeepEqual(p.Headers, want) {
			t.Errorf("%s: %+v", name, p.Headers)
		}
		if q := again(t, &p.Message, WriteOptions{Strict: true}); !reflect.DeepEqual(q.Headers, want) {
			t.Errorf("%s, written: %+v", name, q.Headers)
		}
	}
	partner := parse(t, answer(`<o:databaseMirroringPartner partner="tcp://mirror.example.test"/>`), Options{Strict: true})
	if got := partner.Headers.DatabaseMirroringPartner; got == nil || got.Partner != "tcp://mirror.example.test" {
		t.Errorf("%+v", got)
	}
	if q := again(t, &partner.Message, WriteOptions{Strict: true}); !reflect.DeepEqual(q.Headers, partner.Headers) {
		t.Errorf("%+v", q.Headers)
	}
}

func TestOptionHeaderErrors(t *testing.T) {
	names := []string{"applicationName", "clientInterface", "clientNetworkID", "clientPID", "hostName", "initialDatabase", "initialLanguage"}
	one := func(name string) string { return `<o:` + name + ` value="1234"/>` }
	blocks := map[string]string{
		"environmentChangeNotifications": `<o:environmentChangeNotifications/>`,
		"notificationRequest":            `<o:notificationRequest notificationId="n" deliveryService="s"/>`,
	}
	for _, n := range names {
		blocks[n] = one(n)
		wantError(t, request(`<o:`+n+`/>`), Options{}, CodeAttribute, "")
	}
	for name, block := range blocks {
		t.Run("S-65 S-66 S-67 "+name, func(t *testing.T) {
			wantError(t, request(block+block), Options{}, CodeTwice, "S-66")
			wantError(t, answer(block), Options{Strict: true}, CodeHeader, "S-67")
			if name == "notificationRequest" { // it may stand in every request
				parse(t, request(session(id)+block), Options{Strict: true})
				return
			}
			wantError(t, request(session(id)+block), Options{}, CodeHeader, "S-65")
			wantError(t, request(block+session(`initiate="false" terminate="true" `+id)), Options{}, CodeHeader, "S-65")
		})
	}
	for name, block := range map[string]string{
		"S-68 text":    `<o:environmentChangeNotifications>x</o:environmentChangeNotifications>`,
		"S-68 element": `<o:environmentChangeNotifications><o:x/></o:environmentChangeNotifications>`,
	} {
		t.Run(name, func(t *testing.T) { wantError(t, request(block), Options{}, CodeHeader, "S-68") })
	}
	for _, block := range []string{
		`<o:clientPID value="x"/>`, `<o:clientPID value="9223372036854775808"/>`, `<o:initialLanguage value="x" optional="maybe"/>`,
		`<o:environmentChangeNotifications languageChange="maybe"/>`, `<o:notificationRequest notificationId="n" deliveryService="s" timeout="x"/>`,
	} {
		wantError(t, request(block), Options{}, CodeValue, "")
	}
	wantError(t, request(`<o:clientNetworkID value="?"/>`), Options{}, CodeValue, "S-06")
	wantError(t, request(`<o:notificationRequest notificationId="n"/>`), Options{}, CodeAttribute, "")
	wantError(t, answer(`<o:databaseMirroringPartner/>`), Options{}, CodeAttribute, "")
}

func TestS_69_FixedDatabase(t *testing.T) {
	text := request(`<o:initialDatabase value="orders"/>`)
	parse(t, text, Options{Strict: true})
	wantError(t, text, Options{FixedDatabase: true}, CodeHeader, "S-69")
}

func TestS_70_LongValuesAreKept(t *testing.T) {
	long := strings.Repeat("ü", MaxHeaderValue)
	p := parse(t, request(`<o:applicationName value="`+long+`"/>`), Options{Strict: true})
	if p.Headers.ApplicationName.Value != long {
		t.Error("it was cut here")
	}
}

func TestS_91_ValuesOutsideTheBody(t *testing.T) {
	long, most := strings.Repeat("ü", MaxHeaderValue+1), strings.Repeat("ü", MaxHeaderValue)
	for name, block := range map[string]string{
		"attribute":                 `<o:hostName value="%"/>`,
		"text of an unknown header": `<u:trace xmlns:u="urn:u"><u:id>%</u:id></u:trace>`,
		"password":                  `<w:Security><w:UsernameToken><w:Username>a</w:Username><w:Password>%</w:Password></w:UsernameToken></w:Security>`,
	} {
		t.Run("S-91 "+name, func(t *testing.T) {
			parse(t, request(strings.Replace(block, "%", most, 1)), Options{Strict: true})
			e := wantError(t, request(strings.Replace(block, "%", long, 1)), Options{}, CodeLimit, "S-91")
			if strings.Contains(e.Error(), "ü") {
				t.Error("the value is in the message")
			}
		})
	}
	parse(t, batch(`<q:BatchCommands>`+long+`</q:BatchCommands>`), Options{Strict: true}) // inside the Body it may be long
	parse(t, answer(`<u:trace xmlns:u="urn:u">`+long+`</u:trace>`), Options{Strict: true})
	m := Message{Version: soap.V11, Headers: Headers{HostName: &TextHeader{Value: long}}, Document: &Batch{}}
	if _, err := Marshal(&m, WriteOptions{}); err == nil || err.(*Error).Statement != "S-91" {
		t.Errorf("written: %v", err)
	}
}

func TestUnknownBlocksAreKept(t *testing.T) {
	p := parse(t, request(`<u:trace xmlns:u="urn:u" s:mustUnderstand="1"><u:id>7</u:id></u:trace><o:prepExec/>`+session(`initiate="true" s:actor="urn:else"`)), Options{Strict: true})
	if len(p.Headers.Other) != 3 || p.Headers.Session != nil || !p.Headers.Other[0].MustUnderstand {
		t.Errorf("%+v", p.Headers)
	}
	contains(t, marshal(t, &p.Message), `<u:trace xmlns:u="urn:u"`, ` s:mustUnderstand="1"><u:id>7</u:id>`, `prepExec`, `urn:else`)
	for n, want := range map[xml.Name]bool{
		{Space: NSOptions, Local: "sqlSession"}: true, {Space: NSOptions, Local: "hostName"}: true, {Space: NSSecurity, Local: "Security"}: true,
		{Space: NSOptions, Local: "databaseMirroringPartner"}: true, {Space: NSOptions, Local: "prepExec"}: false,
		{Space: "urn:u", Local: "sqlSession"}: false, {Space: NSSecurity, Local: "sqlSession"}: false,
	} {
		if Understands(n) != want {
			t.Errorf("%v", n)
		}
	}
}

func TestBlocksAreStrict(t *testing.T) {
	for _, c := range []struct {
		name      string
		h         Headers
		d         Direction
		statement string
	}{
		{"S-10", Headers{Session: &Session{Initiate: true}}, FromServer, "S-10"},
		{"S-11", Headers{Session: &Session{Processing: Processing{MustUnderstand: true}}}, FromServer, "S-11"},
		{"S-06", Headers{Session: &Session{SessionID: Some("!")}}, ToServer, "S-06"},
		{"S-50", Headers{Session: &Session{Terminate: true}}, ToServer, "S-50"},
		{"S-65", Headers{Session: &Session{SessionID: Some(someID)}, HostName: &TextHeader{}}, ToServer, "S-65"},
		{"S-67", Headers{NotificationRequest: &NotificationRequest{}}, FromServer, "S-67"},
	} {
		_, err := c.h.Blocks(c.d)
		if e, ok := err.(*Error); !ok || e.Statement != c.statement {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	h := Headers{Session: &Session{Terminate: true, SessionID: Some("AAE=")}}
	blocks, err := h.Blocks(FromServer)
	if err != nil || len(blocks) != 1 {
		t.Fatalf("%v, %v", blocks, err)
	}
	if b, ok := h.Session.IDBytes(); !ok || !bytes.Equal(b, []byte{0, 1}) {
		t.Errorf("%v, %v", b, ok)
	}
	if _, ok := new(Session).IDBytes(); ok {
		t.Error("bytes of no id")
	}
}
