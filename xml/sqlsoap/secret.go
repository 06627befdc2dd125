package sqlsoap

// Secret is a password. It prints as asterisks, whatever is used to print it:
// the text is behind a pointer that formatting does not follow.
type Secret struct{ text *string }

// NewSecret returns a Secret that is present.
func NewSecret(s string) Secret { return Secret{&s} }

// Set reports whether there is a secret at all; it may be the empty text.
func (s Secret) Set() bool { return s.text != nil }

// Reveal returns the text.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return *s.text
}

// Equal reports whether two secrets are the same text. It does not resist
// timing; who compares against a stored password hashes it anyway.
func (s Secret) Equal(other Secret) bool {
	return s.Set() == other.Set() && s.Reveal() == other.Reveal()
}

const hidden = "********"

// String returns asterisks, however long the text is; "" when there is none.
func (s Secret) String() string {
	if s.text == nil {
		return ""
	}
	return hidden
}

// GoString returns what String does.
func (s Secret) GoString() string { return `"` + s.String() + `"` }

// MarshalText returns what String does, for encoders and loggers.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }
