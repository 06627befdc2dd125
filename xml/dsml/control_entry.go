package dsml

// ProxiedAuthorization is the value of the proxied authorization control of
// RFC 4370: the identity in whose name a request is made, "dn:..." or "u:...",
// empty for anonymous. It is not wrapped in BER.
type ProxiedAuthorization struct{ AuthzID string }

// Control returns the control that carries p. RFC 4370 wants it critical.
func (p ProxiedAuthorization) Control(criticality bool) Control {
	return Control{Type: OIDProxiedAuthorization, Criticality: criticality, Value: &Value{Data: p.AuthzID, Type: Base64Binary}}
}

// DecodeProxiedAuthorization reads the value of a proxied authorization
// control, be it base64Binary or text.
func DecodeProxiedAuthorization(c Control) (ProxiedAuthorization, error) {
	switch {
	case c.Type != OIDProxiedAuthorization:
		return ProxiedAuthorization{}, controlError(OIDProxiedAuthorization, "the control at hand is "+c.Type)
	case c.Value == nil:
		return ProxiedAuthorization{}, nil
	case c.Value.Type != Base64Binary && c.Value.Type != Text:
		return ProxiedAuthorization{}, controlError(c.Type, "its value is neither base64Binary nor text")
	}
	return ProxiedAuthorization{c.Value.Data}, nil
}

// Assertion is the value of the assertion control of RFC 4528: a filter that
// the entry has to match, or the request is left undone with code 122.
type Assertion struct{ Filter *Filter }

// Control returns the control that carries a.
func (a Assertion) Control(criticality bool) Control {
	w := &berWriter{}
	w.filter(a.Filter)
	return Control{Type: OIDAssertion, Criticality: criticality, Value: &Value{Data: string(w.text), Type: Base64Binary}}
}

// DecodeAssertion reads the value of an assertion control.
func DecodeAssertion(c Control) (Assertion, error) {
	r := decodeBER(c, OIDAssertion)
	f := r.filter(1)
	if err := r.end(); err != nil {
		return Assertion{}, err
	}
	return Assertion{f}, nil
}

// ReadEntry is the value of the pre-read and post-read controls of RFC 4527,
// which have a change return the entry as it was before or is after it.
type ReadEntry struct {
	Post       bool     // after the change
	Attributes []string // as in a search
}

//go:noinline
func readEntryOID(post bool) string {
	if post {
		return OIDPostRead
	}
	return OIDPreRead
}

// Control returns the control that carries e.
func (e ReadEntry) Control(criticality bool) Control {
	w := startBER(berSequence)
	for _, a := range e.Attributes {
		w.octets(a)
	}
	return w.control(readEntryOID(e.Post), criticality)
}

// DecodeReadEntry reads the value of a pre-read or post-read control of a
// request.
func DecodeReadEntry(c Control) (ReadEntry, error) {
	e := ReadEntry{Post: c.Type == OIDPostRead}
	r := decodeBER(c, readEntryOID(e.Post)).inside(berSequence, "the list of attributes")
	for r.more() {
		e.Attributes = append(e.Attributes, r.octets("an attribute"))
	}
	return e, r.end()
}

const berEntry = berApplication | berConstructed | 4 // SearchResultEntry of RFC 4511

// ReadEntryResult is the value of the control that answers a [ReadEntry].
type ReadEntryResult struct {
	Post  bool
	Entry *SearchResultEntry
}

// Control returns the control that carries e.
func (e ReadEntryResult) Control(criticality bool) Control {
	w := startBER(berEntry)
	w.octets(e.Entry.DN)
	attrs := w.start(berSequence)
	for _, a := range e.Entry.Attrs {
		attr := w.start(berSequence)
		w.octets(a.Name)
		values := w.start(berSet)
		for _, v := range a.Values {
			w.octets(v.Data)
		}
		w.end(values)
		w.end(attr)
	}
	w.end(attrs)
	return w.control(readEntryOID(e.Post), criticality)
}

// DecodeReadEntryResult reads the value of a pre-read or post-read control of
// a response. Values that are not text come back as Base64Binary.
func DecodeReadEntryResult(c Control) (ReadEntryResult, error) {
	e := ReadEntryResult{Post: c.Type == OIDPostRead}
	outer := decodeBER(c, readEntryOID(e.Post))
	identifier := byte(berSequence) // some servers leave out the tag of the entry
	if outer.has(berEntry) {
		identifier = berEntry
	}
	r := outer.inside(identifier, "the entry")
	e.Entry = &SearchResultEntry{DN: r.octets("the name of the entry")}
	attrs := r.inside(berSequence, "the list of attributes")
	for attrs.more() {
		one := attrs.inside(berSequence, "an attribute")
		a := Attribute{Name: one.octets("the name of an attribute")}
		values := one.inside(berSet, "the set of values")
		for values.more() {
			a.Values = append(a.Values, filterValue(values.octets("a value")))
		}
		values.endWithin(one)
		one.endWithin(attrs)
		e.Entry.Attrs = append(e.Entry.Attrs, a)
	}
	attrs.endWithin(r)
	if err := r.end(); err != nil {
		return ReadEntryResult{}, err
	}
	return e, nil
}
