package dsml

import "strings"

// AuthRequest sets the identity for the rest of its batch, as LDAP proxied
// authorization does; it has to be the first request (D-33, D-34).
type AuthRequest struct {
	Message
	Principal string // "dn:..." or "u:..."
}

func (*AuthRequest) Element() string { return "authRequest" }

var authShape = shape{"AuthRequest", []string{"requestID", "principal"}}

func (d *decoder) readAuthRequest() reader {
	a := d.attributes(&authShape)
	r := &AuthRequest{}
	r.RequestID = a.optional(0)
	r.Principal = a.required(1, "D-35")
	if a.at[1] != 0 && !strings.HasPrefix(r.Principal, "dn:") && !strings.HasPrefix(r.Principal, "u:") {
		d.warn(d.s.AttrPos(int(a.at[1]-1)), "dsml-principal", "", "principal is \""+excerpt([]byte(r.Principal))+"\"",
			"directories expect dn: followed by a name, or u: followed by a user")
	}
	return &plainReader{head{m: &r.Message}, r}
}

// plainReader reads a request that holds controls and nothing else.
type plainReader struct {
	head
	r Request
}

func (r *plainReader) children() []string                    { return []string{"control"} }
func (r *plainReader) child(d *decoder, local string) reader { return r.control(d, local) }
func (r *plainReader) end(d *decoder)                        { d.request(r.r) }

func (r *AuthRequest) write(w *writer) {
	w.start("authRequest")
	w.optional("requestID", r.RequestID)
	w.w.Attr("", "principal", r.Principal)
	w.head(&r.Message)
	w.w.End()
}
