package dsml

// ResultKind names the elements that are nothing but an LDAP result.
type ResultKind uint8

const (
	AuthResponse ResultKind = iota + 1
	SearchResultDone
	ModifyResponse
	AddResponse
	DelResponse
	ModDNResponse
	CompareResponse
)

var resultElements = [...]string{
	AuthResponse:     "authResponse",
	SearchResultDone: "searchResultDone",
	ModifyResponse:   "modifyResponse",
	AddResponse:      "addResponse",
	DelResponse:      "delResponse",
	ModDNResponse:    "modDNResponse",
	CompareResponse:  "compareResponse",
}

// String returns the local name of the element.
func (k ResultKind) String() string {
	if int(k) < len(resultElements) {
		return resultElements[k]
	}
	return ""
}

// LDAPResult is how the directory answered one operation.
type LDAPResult struct {
	Message
	MatchedDN    string // written only when not empty (D-101)
	Code         ResultCode
	ErrorMessage string
	Referrals    []string // URIs
}

// ID returns the requestID that the result answers.
func (r *LDAPResult) ID() Optional { return r.RequestID }

// Result is a response element that is an LDAP result and nothing more.
type Result struct {
	Kind ResultKind
	LDAPResult
}

// Element returns the local name of the result's element.
func (r *Result) Element() string { return r.Kind.String() }

// Steps of an LDAP result, in the order of the schema (D-100).
const (
	stepControl = iota
	stepResultCode
	stepErrorMessage
	stepReferral
	stepResponseName
	stepResponse
)

var resultSteps = []string{"control", "resultCode", "errorMessage", "referral", "responseName", "response"}

// resultReader reads the type LDAPResult.
type resultReader struct {
	result *LDAPResult
	step   int
	coded  bool
	early  bool // a referral has come before the resultCode
}

func (r *resultReader) open(d *decoder, res *LDAPResult, typ string) {
	sh := shape{typ, resultAttrs}
	a := d.attributes(&sh)
	r.result = res
	res.RequestID = a.optional(0)
	d.distinguished(&a, 1)
	dn, _ := a.bytes(1)
	res.MatchedDN = string(dn)
}

var resultAttrs = []string{"requestID", "matchedDN"}

// advance checks that a child comes in its place.
func (r *resultReader) advance(d *decoder, local string, step int, once bool) {
	switch {
	case step < r.step:
		d.fail("dsml-order", "D-100", local+" stands behind "+resultSteps[r.step],
			"the order is control, resultCode, errorMessage, referral")
	case step == r.step && once:
		d.fail("dsml-duplicate", "D-100", "a second "+local+" inside "+d.top().local, "")
	case step > stepResultCode && !r.coded:
		d.fail("dsml-order", "D-100", local+" stands before resultCode", "resultCode comes first, behind the controls")
		r.coded = true // said once
	}
	r.step = max(r.step, step)
}

func (r *resultReader) children() []string {
	return []string{"control", "resultCode", "errorMessage", "referral"}
}

func (r *resultReader) child(d *decoder, local string) reader {
	switch local {
	case "control":
		if r.step > stepControl || r.early {
			d.fail("dsml-order", "D-11", "a control stands behind other elements of "+d.top().local, "controls come first")
		}
		return d.readControl(&r.result.Controls)
	case "resultCode":
		r.advance(d, local, stepResultCode, true)
		r.coded = true
		d.readResultCode(r.result)
		return emptyReader{}
	case "errorMessage":
		r.advance(d, local, stepErrorMessage, true)
		return d.readString(func(_ *decoder, text []byte) { r.result.ErrorMessage = string(text) })
	case "referal", "referral":
		if local == "referal" {
			d.lenient(AllowApacheResult, d.s.Pos(), "dsml-element", "D-06", "the element referal is not known", "did you mean referral?")
		}
		if r.early = !r.coded && r.step == stepControl; r.early {
			d.lenient(AllowResponseOrder, d.s.Pos(), "dsml-order", "D-100", local+" stands before resultCode", "resultCode comes first, behind the controls")
		} else {
			r.advance(d, local, stepReferral, false)
		}
		return d.readString(func(_ *decoder, text []byte) {
			r.result.Referrals = append(r.result.Referrals, collapse(text))
		})
	}
	return nil
}

func (r *resultReader) close(d *decoder) {
	if !r.coded {
		d.failAt(d.began(), "dsml-missing", "D-104", d.top().local+" has no resultCode", "")
	}
}

type plainResultReader struct {
	resultReader
	r    Result
	done func(d *decoder, r *Result)
}

func (d *decoder) readResult(kind ResultKind, done func(d *decoder, r *Result)) reader {
	r := &plainResultReader{r: Result{Kind: kind}, done: done}
	r.open(d, &r.r.LDAPResult, "LDAPResult")
	return r
}

func (r *plainResultReader) end(d *decoder) {
	r.close(d)
	r.done(d, &r.r)
}

func (r *Result) write(w *writer) {
	name := r.Kind.String()
	if name == "" {
		w.fail("dsml-result", "", "a Result has no Kind", "")
		return
	}
	w.start(name)
	w.result(&r.LDAPResult)
	w.w.End()
}

// result writes attributes and children of an LDAP result.
func (w *writer) result(r *LDAPResult) {
	w.optional("requestID", r.RequestID)
	if r.MatchedDN != "" {
		w.dn("matchedDN", r.MatchedDN)
	}
	w.head(&r.Message)
	w.resultCode(r.Code)
	if r.ErrorMessage != "" {
		w.start("errorMessage")
		w.w.Text(printable(r.ErrorMessage))
		w.w.End()
	}
	w.uris("referral", r.Referrals)
}
