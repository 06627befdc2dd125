package session

import (
	"errors"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// headers reads header blocks from their text.
func headers(t *testing.T, blocks string) []soap.Header {
	t.Helper()
	text := `<s:Envelope xmlns:s="` + soap.NS11 + `"><s:Header>` + blocks + `</s:Header><s:Body/></s:Envelope>`
	env, err := soap.Parse([]byte(text), soap.Options{})
	if err != nil {
		t.Fatalf("%s: %v", text, err)
	}
	return env.Headers
}

const adNS = ` xmlns:ad="` + DSMLNamespace + `"`

type dsmlStepCase struct {
	name, blocks string
	step         Step
	lenient      error // nil: step
	windows      error
}

func (c dsmlStepCase) title() string { return c.name }

func dsmlSteps() []dsmlStepCase {
	const unprefixed = ` xmlns="` + DSMLNamespace + `"`
	return []dsmlStepCase{
		{"D-152 none", ``, Step{}, nil, nil},
		{"D-123 begin", `<ad:BeginSession` + adNS + ` s:mustUnderstand="1"/>`, Step{Kind: StepBegin}, nil, nil},
		{"D-123 begin, id ignored", `<ad:BeginSession` + adNS + ` ad:SessionID="x"/>`, Step{Kind: StepBegin}, nil, nil},
		{"D-125 use", `<ad:Session` + adNS + ` ad:SessionID="42" s:mustUnderstand="1"/>`, Step{Kind: StepUse, ID: "42"}, nil, nil},
		{"D-126 end", `<ad:EndSession` + adNS + ` ad:SessionID="42"/>`, Step{Kind: StepEnd, ID: "42"}, nil, nil},
		{"D-135 any prefix", `<q:Session xmlns:q="` + DSMLNamespace + `" q:SessionID="42"/>`, Step{Kind: StepUse, ID: "42"}, nil, nil},
		{"D-138 unqualified id", `<ad:Session` + adNS + ` SessionID="42"/>`, Step{Kind: StepUse, ID: "42"}, nil, nil},
		{"D-138 qualified id first", `<ad:Session` + adNS + ` SessionID="1" ad:SessionID="2"/>`, Step{Kind: StepUse, ID: "2"}, nil, nil},
		{"D-135 use without a prefix", `<Session` + unprefixed + ` SessionID="42"/>`, Step{Kind: StepUse, ID: "42"}, nil, ErrNoPrefix},
		{"D-135 end without a prefix", `<EndSession` + unprefixed + ` SessionID="42"/>`, Step{Kind: StepEnd, ID: "42"}, nil, ErrNoPrefix},
		{"D-135 qualified id, element without", `<Session` + unprefixed + adNS + ` ad:SessionID="42"/>`, Step{Kind: StepUse, ID: "42"}, nil, ErrNoPrefix},
		{"D-136 begin without a prefix", `<BeginSession` + unprefixed + `/>`, Step{Kind: StepBegin}, nil, nil},
		{"D-134 two", `<ad:BeginSession` + adNS + `/><ad:Session` + adNS + ` ad:SessionID="1"/>`, Step{}, ErrTwoHeaders, ErrTwoHeaders},
		{"D-134 the same twice", strings.Repeat(`<ad:EndSession`+adNS+` ad:SessionID="1"/>`, 2), Step{}, ErrTwoHeaders, ErrTwoHeaders},
		{"D-127 no id", `<ad:Session` + adNS + `/>`, Step{}, ErrMissingID, ErrMissingID},
		{"D-127 empty id", `<ad:EndSession` + adNS + ` ad:SessionID=""/>`, Step{}, ErrMissingID, ErrMissingID},
		{"D-119 others ignored", `<x:Session xmlns:x="urn:x" x:SessionID="1"/><ad:session` + adNS + ` ad:SessionID="1"/><ad:BeginSession` + adNS + `/>`, Step{Kind: StepBegin}, nil, nil},
		{"D-118 for somebody else", `<ad:BeginSession` + adNS + ` s:actor="urn:somebody"/>`, Step{}, nil, nil},
		{"D-118 for the next", `<ad:BeginSession` + adNS + ` s:actor="` + soap.ActorNext + `"/>`, Step{Kind: StepBegin}, nil, nil},
	}
}

func runDSMLStep(t *testing.T, c dsmlStepCase) {
	blocks := headers(t, c.blocks)
	for windows, want := range map[bool]error{false: c.lenient, true: c.windows} {
		got, err := DSMLStep(blocks, DialectOptions{Windows: windows})
		if !errors.Is(err, want) {
			t.Errorf("windows %v: error %v, want %v", windows, err, want)
		}
		if want == nil && (got.Kind != c.step.Kind || got.ID != c.step.ID) {
			t.Errorf("windows %v: got %+v, want %+v", windows, got, c.step)
		}
	}
}

func TestHeader_D_118_ForSomebodyElse(t *testing.T)     { pick(t, dsmlSteps(), "D-118", runDSMLStep) }
func TestHeader_D_119_OthersIgnored(t *testing.T)       { pick(t, dsmlSteps(), "D-119", runDSMLStep) }
func TestHeader_D_123_Begin(t *testing.T)               { pick(t, dsmlSteps(), "D-123", runDSMLStep) }
func TestHeader_D_125_Use(t *testing.T)                 { pick(t, dsmlSteps(), "D-125", runDSMLStep) }
func TestHeader_D_126_End(t *testing.T)                 { pick(t, dsmlSteps(), "D-126", runDSMLStep) }
func TestHeader_D_127_NoID(t *testing.T)                { pick(t, dsmlSteps(), "D-127", runDSMLStep) }
func TestHeader_D_134_OneHeader(t *testing.T)           { pick(t, dsmlSteps(), "D-134", runDSMLStep) }
func TestHeader_D_135_WithoutAPrefix(t *testing.T)      { pick(t, dsmlSteps(), "D-135", runDSMLStep) }
func TestHeader_D_136_BeginWithoutAPrefix(t *testing.T) { pick(t, dsmlSteps(), "D-136", runDSMLStep) }
func TestHeader_D_138_IDQualifiedOrNot(t *testing.T)    { pick(t, dsmlSteps(), "D-138", runDSMLStep) }
func TestHeader_D_152_NoHeader(t *testing.T)            { pick(t, dsmlSteps(), "D-152", runDSMLStep) }

func TestD_118_D_152_SessionHeadersAreUnderstood(t *testing.T) {
	for block, understood := range map[string]bool{
		`<ad:BeginSession` + adNS + ` s:mustUnderstand="1"/>`: true,
		`<ad:Session` + adNS + ` s:mustUnderstand="1"/>`:      true,
		`<ad:EndSession` + adNS + ` s:mustUnderstand="1"/>`:   true,
		`<ad:Sessions` + adNS + ` s:mustUnderstand="1"/>`:     false,
		`<Session s:mustUnderstand="1"/>`:                     false,
	} {
		blocks := headers(t, block)
		if got := soap.NotUnderstood(blocks, DSMLUnderstands) == nil; got != understood {
			t.Errorf("%s: understood %v", block, got)
		}
		// D-152: a server without sessions understands none of them.
		if soap.NotUnderstood(blocks, func(xml.Name) bool { return false }) == nil {
			t.Errorf("%s: passed over", block)
		}
	}
}

func TestD_137_HeaderOfAnswers(t *testing.T) {
	w := xml.NewWriter(xml.WriterOptions{})
	soap.Start(w, soap.V11, DSMLFaultPrefix, func(w *xml.Writer) { DSMLResponseHeader(w, `a"<&1`) })
	soap.End(w)
	if w.Err() != nil {
		t.Fatal(w.Err())
	}
	const want = `<ad:Session xmlns:ad="urn:schema-microsoft-com:activedirectory:dsmlv2" ad:SessionID="a&quot;&lt;&amp;1"/>`
	if text := string(w.Bytes()); !strings.Contains(text, want) {
		t.Errorf("got %s", text)
	}
}

// TestSOAP12_5_4_5_DetailHoldsElements: the words of the faults stay, in the
// place that SOAP 1.2 has for them, and a client reads them there.
func TestSOAP12_5_4_5_DetailHoldsElements(t *testing.T) {
	for _, c := range []struct {
		err                        error
		code, reason, kind, detail string
	}{
		{ErrNoSession, "Sender", "SOAP Invalid Request", "notAttempted", "Bad Session Request"},
		{ErrBadRequest, "Sender", "SOAP Invalid Request", "malformedRequest", "Bad Request"},
		{ErrClosed, "Receiver", "SOAP Server Application Faulted", "gatewayInternalError", "Internal DSML Server Error"},
	} {
		f := DSMLFault(c.err, soap.V12)
		if f.Version != soap.V12 || f.Code != (xml.Name{Space: soap.NS12, Local: c.code}) || f.DetailText() != c.detail {
			t.Errorf("%v: %+v", c.err, f)
		}
		text, err := (&soap.Envelope{Version: soap.V12, Prefix: DSMLFaultPrefix, Fault: f}).Marshal(nil)
		if err != nil {
			t.Fatal(err)
		}
		want := `<SOAP:Envelope xmlns:SOAP="http://www.w3.org/2003/05/soap-envelope"><SOAP:Body><SOAP:Fault>` +
			`<SOAP:Code><SOAP:Value>SOAP:` + c.code + `</SOAP:Value></SOAP:Code><SOAP:Reason><SOAP:Text xml:lang="en">` + c.reason + `</SOAP:Text></SOAP:Reason>` +
			`<SOAP:Detail><errorResponse xmlns="urn:oasis:names:tc:DSML:2:0:core" type="` + c.kind + `"><message>` + c.detail + `</message></errorResponse></SOAP:Detail>` +
			`</SOAP:Fault></SOAP:Body></SOAP:Envelope>`
		if string(text) != want {
			t.Errorf("%v: got  %s\nwant %s", c.err, text, want)
		}
		read, err := soap.Parse(text, soap.Options{Strict: true})
		if err != nil {
			t.Fatal(err)
		}
		if word := (dsmlProtocol{}).judge(read.Fault, answerHeader{}); (word == faultSession) != (c.detail == detailSession) {
			t.Errorf("%v: a client takes it for %v", c.err, word)
		}
	}
}

func TestD_141_FaultTexts(t *testing.T) {
	for _, c := range []struct {
		errs                 []error
		code, reason, detail string
	}{
		{[]error{ErrNoSession, foreignError{}, ErrTotalLimit, ErrClientLimit, ErrTwoHeaders, ErrMissingID, ErrNoPrefix},
			"SOAP:Client", "SOAP Invalid Request", "Bad Session Request"},
		{[]error{ErrBadRequest}, "SOAP:Client", "SOAP Invalid Request", "Bad Request"},
		{[]error{ErrBusy, ErrClosed, ErrNoID, errors.New("anything")}, "SOAP:Server", "SOAP Server Application Faulted", "Internal DSML Server Error"},
	} {
		for _, err := range c.errs {
			env := soap.Envelope{Version: soap.V11, Prefix: DSMLFaultPrefix, Fault: DSMLFault(err, soap.V11)}
			text, werr := env.Marshal(nil)
			if werr != nil {
				t.Fatal(werr)
			}
			want := `<SOAP:Envelope xmlns:SOAP="http://schemas.xmlsoap.org/soap/envelope/"><SOAP:Body><SOAP:Fault>` +
				`<faultcode>` + c.code + `</faultcode><faultstring>` + c.reason + `</faultstring><detail>` + c.detail + `</detail>` +
				`</SOAP:Fault></SOAP:Body></SOAP:Envelope>`
			if string(text) != want {
				t.Errorf("D-141 %v: got  %s\nwant %s", err, text, want)
			}
		}
	}
}
