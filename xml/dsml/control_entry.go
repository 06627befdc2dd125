package dsml

import ber "github.com/go-asn1-ber/asn1-ber"

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
	return berControl(OIDAssertion, criticality, filterPacket(a.Filter))
}

// DecodeAssertion reads the value of an assertion control.
func DecodeAssertion(c Control) (Assertion, error) {
	r, err := decodeBER(c, OIDAssertion)
	if err != nil {
		return Assertion{}, err
	}
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

func readEntryOID(post bool) string {
	if post {
		return OIDPostRead
	}
	return OIDPreRead
}

// Control returns the control that carries e.
func (e ReadEntry) Control(criticality bool) Control {
	p := berSequence()
	for _, a := range e.Attributes {
		p.AppendChild(berString(a))
	}
	return berControl(readEntryOID(e.Post), criticality, p)
}

// DecodeReadEntry reads the value of a pre-read or post-read control of a
// request.
func DecodeReadEntry(c Control) (ReadEntry, error) {
	e := ReadEntry{Post: c.Type == OIDPostRead}
	outer, err := decodeBER(c, readEntryOID(e.Post))
	if err != nil {
		return ReadEntry{}, err
	}
	r := outer.sequence("the list of attributes")
	for r.more() {
		e.Attributes = append(e.Attributes, string(r.octets("an attribute")))
	}
	return e, firstError(outer.end(), r.end())
}

// ReadEntryResult is the value of the control that answers a [ReadEntry].
type ReadEntryResult struct {
	Post  bool
	Entry *SearchResultEntry
}

// Control returns the control that carries e.
func (e ReadEntryResult) Control(criticality bool) Control {
	attrs := berSequence()
	for _, a := range e.Entry.Attrs {
		values := ber.Encode(ber.ClassUniversal, ber.TypeConstructed, ber.TagSet, nil, "")
		for _, v := range a.Values {
			values.AppendChild(berString(v.Data))
		}
		attrs.AppendChild(berSequence(berString(a.Name), values))
	}
	p := ber.Encode(ber.ClassApplication, ber.TypeConstructed, 4, nil, "")
	p.AppendChild(berString(e.Entry.DN))
	p.AppendChild(attrs)
	return berControl(readEntryOID(e.Post), criticality, p)
}

// DecodeReadEntryResult reads the value of a pre-read or post-read control of
// a response. Values that are not text come back as Base64Binary.
func DecodeReadEntryResult(c Control) (ReadEntryResult, error) {
	e := ReadEntryResult{Post: c.Type == OIDPostRead}
	outer, err := decodeBER(c, readEntryOID(e.Post))
	if err != nil {
		return ReadEntryResult{}, err
	}
	var r *berReader
	if outer.has(ber.ClassApplication, 4) {
		r = outer.inside(ber.ClassApplication, 4, "the entry")
	} else {
		r = outer.sequence("the entry") // some servers leave out its tag
	}
	e.Entry = &SearchResultEntry{DN: string(r.octets("the name of the entry"))}
	attrs := r.sequence("the list of attributes")
	for attrs.more() {
		one := attrs.sequence("an attribute")
		a := Attribute{Name: string(one.octets("the name of an attribute"))}
		values := one.inside(ber.ClassUniversal, ber.TagSet, "the set of values")
		for values.more() {
			a.Values = append(a.Values, filterValue(string(values.octets("a value"))))
		}
		if err := firstError(one.end(), values.end()); err != nil {
			return ReadEntryResult{}, err
		}
		e.Entry.Attrs = append(e.Entry.Attrs, a)
	}
	if err := firstError(outer.end(), r.end(), attrs.end()); err != nil {
		return ReadEntryResult{}, err
	}
	return e, nil
}
