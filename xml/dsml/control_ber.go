package dsml

const maxInt = 1<<31 - 1 // of RFC 4511

// controlError says what is wrong with the value of a control.
//
//go:noinline
func controlError(oid, message string) error {
	what := OIDName(oid) + " control"
	switch {
	case oid == OIDPasswordModify:
		what = "password modify request"
	case OIDName(oid) == "":
		what = "control " + oid
	}
	return &Error{Code: "dsml-control", Message: what + ": " + message}
}

// startBER begins a value that is one constructed element; value or control
// ends it.
//
//go:noinline
func startBER(identifier byte) *berWriter {
	w := &berWriter{}
	w.start(identifier)
	return w
}

//go:noinline
func (w *berWriter) value() *Value {
	w.end(2)
	return &Value{Data: string(w.text), Type: Base64Binary}
}

//go:noinline
func (w *berWriter) control(oid string, criticality bool) Control {
	return Control{Type: oid, Criticality: criticality, Value: w.value()}
}

// decodeBER returns a reader of the value of a control of the given OID, which
// is one element; or one that has failed.
//
//go:noinline
func decodeBER(c Control, oid string) *berReader {
	r := &berReader{oid: oid}
	if c.Type != oid {
		r.fail("the control at hand is " + c.Type)
		return r
	}
	text, wrong := controlText(c.Value)
	if wrong == "" {
		wrong = checkBER(text)
	}
	if wrong != "" {
		r.fail(wrong)
		return r
	}
	r.rest = text
	return r
}

// controlText returns the BER bytes of a control's value. A value without
// xsi:type should be text, but clients leave the type out and servers decode
// base64 whatever the type says, so text that is base64 is decoded.
func controlText(v *Value) (text, wrong string) {
	if v == nil || v.Data == "" {
		return "", "it has no value"
	}
	switch v.Type {
	case Base64Binary:
		return v.Data, ""
	case Text:
		if b, ok := decodeBase64([]byte(v.Data)); ok {
			return string(b), ""
		}
	}
	return "", "its value is not base64Binary"
}

// decodeSequence does what decodeBER does for a control whose value is a
// sequence, and returns a reader of what it holds.
//
//go:noinline
func decodeSequence(c Control, oid string) *berReader {
	return decodeBER(c, oid).inside(berSequence, "the sequence")
}

// bytes reads an OCTET STRING; an empty one is nil.
func (r *berReader) bytes(what string) []byte {
	if s := r.octets(what); s != "" {
		return []byte(s)
	}
	return nil
}

// contextID reads the last part of both virtual list view controls, which may
// be missing: nil then, and not nil when it is there and empty.
//
//go:noinline
func (r *berReader) contextID() []byte {
	id := r.optional(berOctets, "the context ID")
	if !id.Set || r.err != nil {
		return nil
	}
	return []byte(id.Value)
}

//go:noinline
func (w *berWriter) contextID(id []byte) {
	if id != nil {
		w.octets(string(id))
	}
}
