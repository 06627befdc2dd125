package dsml

import ber "github.com/go-asn1-ber/asn1-ber"

// PasswordModify is the requestValue of the password modify operation of RFC
// 3062 ([OIDPasswordModify]). A field that is not set is absent: no
// UserIdentity means the caller's own, no New a password that the server makes.
type PasswordModify struct{ UserIdentity, Old, New Optional }

// Value returns the value for an ExtendedRequest.
func (p PasswordModify) Value() *Value {
	seq := berSequence()
	for tag, o := range []Optional{p.UserIdentity, p.Old, p.New} {
		if o.Set {
			seq.AppendChild(berContext(ber.Tag(tag), o.Value))
		}
	}
	return berControl("", false, seq).Value
}

// DecodePasswordModify reads a requestValue; none asks for everything by
// default.
func DecodePasswordModify(v *Value) (PasswordModify, error) {
	var p PasswordModify
	if v == nil || v.Data == "" {
		return p, nil
	}
	outer, err := decodeBER(Control{Type: OIDPasswordModify, Value: v}, OIDPasswordModify)
	if err != nil {
		return p, err
	}
	r := outer.sequence("the sequence")
	for tag, o := range []*Optional{&p.UserIdentity, &p.Old, &p.New} {
		if r.has(ber.ClassContext, ber.Tag(tag)) {
			*o = Some(string(r.bytes(ber.ClassContext, ber.Tag(tag), "a part")))
		}
	}
	return p, firstError(outer.end(), r.end())
}

// GeneratedPassword makes the response value that tells a password which the
// server made.
func GeneratedPassword(password string) *Value {
	return berControl("", false, berSequence(berContext(0, password))).Value
}
