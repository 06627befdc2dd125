package dsml

// AuthRequest sets the identity for the rest of its batch, as LDAP proxied
// authorization does; it has to be the first request (D-33, D-34).
type AuthRequest struct {
	Message
	Principal string // "dn:..." or "u:..."
}

func (*AuthRequest) Element() string { return "authRequest" }
