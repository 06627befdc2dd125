package dsml

// PasswordModify is the requestValue of the password modify operation of RFC
// 3062 ([OIDPasswordModify]). A field that is not set is absent: no
// UserIdentity means the caller's own, no New a password that the server makes.
type PasswordModify struct{ UserIdentity, Old, New Optional }

// Value returns the value for an ExtendedRequest.
func (p PasswordModify) Value() *Value {
	w := startBER(berSequence)
	w.optional(berContext+0, p.UserIdentity)
	w.optional(berContext+1, p.Old)
	w.optional(berContext+2, p.New)
	return w.value()
}

// DecodePasswordModify reads a requestValue; none asks for everything by
// default.
func DecodePasswordModify(v *Value) (PasswordModify, error) {
	var p PasswordModify
	if v == nil || v.Data == "" {
		return p, nil
	}
	r := decodeSequence(Control{Type: OIDPasswordModify, Value: v}, OIDPasswordModify)
	p.UserIdentity = r.optional(berContext+0, "a part")
	p.Old = r.optional(berContext+1, "a part")
	p.New = r.optional(berContext+2, "a part")
	return p, r.end()
}

// GeneratedPassword makes the response value that tells a password which the
// server made.
func GeneratedPassword(password string) *Value {
	w := startBER(berSequence)
	w.string(berContext+0, password)
	return w.value()
}
