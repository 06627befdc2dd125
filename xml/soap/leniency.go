package soap

// Allow is a set of leniencies: slips in documents that are read all the same.
// Packages whose payloads travel in envelopes number their own leniencies from
// FirstFree upwards, so that one set covers a whole message.
type Allow uint64

const (
	// AllowNoNamespace reads an envelope that is in no namespace as SOAP 1.1.
	AllowNoNamespace Allow = 1 << iota
	// AllowElementCase reads header and body whatever the case of their letters,
	// and header in no namespace too.
	AllowElementCase
	// AllowEnvelopeText passes over text between the elements of the envelope.
	AllowEnvelopeText
	// AllowUnqualifiedHeader reads header blocks that are in no namespace.
	AllowUnqualifiedHeader
	// AllowQualifiedFault reads the parts of a SOAP 1.1 fault when they stand in
	// the envelope's namespace.
	AllowQualifiedFault
	// AllowHTTPSNamespace reads an envelope whose namespace is that of SOAP 1.1
	// with https for http.
	AllowHTTPSNamespace
)

// FirstFree is the lowest bit that another package may use for a leniency.
const FirstFree = 8

// Leniency describes one slip that is read all the same.
type Leniency struct {
	Name        string
	Bit         Allow
	Description string
	Evidence    string // the document or program that made it necessary
	Statement   string // number of the protocol statement it bends, if there is one
	Default     bool   // allowed unless strictness was asked for
	Endpoint    bool   // an endpoint may allow it: no statement obliges a server to refuse it
}

// Leniencies lists those of the envelope.
var Leniencies = LeniencyList{
	{
		Name: "soap-no-namespace", Bit: AllowNoNamespace, Default: true,
		Description: "an Envelope in no namespace is read as SOAP 1.1",
		Evidence:    "a test of the Novell JLDAP reader wraps its batchRequest in Envelope and Body without a namespace",
		Statement:   "D-117",
	},
	{
		Name: "soap-element-case", Bit: AllowElementCase, Default: true,
		Description: "Header and Body are recognised whatever the case of their letters, and Header in no namespace too",
		Evidence:    "an Apache Directory sample writes header in lower case",
	},
	{
		Name: "soap-envelope-text", Bit: AllowEnvelopeText, Default: true, Endpoint: true,
		Description: "text between the elements of the envelope is passed over",
		Evidence:    "the Sun functional suite sends requests with text between Envelope and Body, and its servers answer them",
	},
	{
		Name: "soap-unqualified-header", Bit: AllowUnqualifiedHeader, Default: true, Endpoint: true,
		Description: "a header block in no namespace is kept like any other",
		Evidence:    "SOAP asks for a namespace on each block; a block without one can only be unknown, and D-118 and D-119 say what to do with it",
	},
	{
		Name: "soap-qualified-fault", Bit: AllowQualifiedFault, Default: true,
		Description: "faultcode, faultstring, faultactor and detail are recognised in the envelope's namespace too",
		Evidence:    "older toolkits put the parts of a SOAP 1.1 fault in the envelope's namespace",
	},
	{
		Name: "soap-https-namespace", Bit: AllowHTTPSNamespace, Default: true,
		Description: "an Envelope in the namespace of SOAP 1.1 with https for http is read as SOAP 1.1",
		Evidence:    "Microsoft's online documentation of DSML prints all its samples so, since its addresses were rewritten",
		Statement:   "D-117",
	},
}

// LeniencyList lists leniencies.
type LeniencyList []Leniency

// Default returns the set that holds when nothing else was asked for.
func (l LeniencyList) Default() (a Allow) {
	for i := range l {
		if l[i].Default {
			a |= l[i].Bit
		}
	}
	return a
}

// Endpoint returns the set that a server may apply without breaking a
// statement.
func (l LeniencyList) Endpoint() (a Allow) {
	for i := range l {
		if l[i].Endpoint {
			a |= l[i].Bit
		}
	}
	return a
}

// Names returns the names of those in a set, in the order of the list.
func (l LeniencyList) Names(a Allow) (names []string) {
	if a == 0 {
		return nil
	}
	for i := range l {
		if a&l[i].Bit != 0 {
			names = append(names, l[i].Name)
		}
	}
	return names
}

// DefaultAllow is the set that holds when nothing else was asked for.
func DefaultAllow() Allow { return Leniencies.Default() }
