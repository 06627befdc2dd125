package sqlsoap

import "github.com/dsmlkit/dsmlkit/xml"

// Security is the WS-Security header with a SQL login. Where it stands it
// overrides what HTTP says about the user (S-88).
type Security struct {
	Processing
	Username string
	Password Secret
	// OldPassword is there to change a password that has expired: Password is
	// the new one then.
	OldPassword Secret
}

// Fields tells what the block holds.
func (s *Security) Fields(v Visitor) {
	v.Word("username", &s.Username)
	v.Secret("password", &s.Password)
	v.Secret("oldPassword", &s.OldPassword)
}

const tokenName = "UsernameToken"

// security reads the block. What it does not know in it is passed over: a
// password has to be there as plain text, and nothing else of WS-Security is
// of use here.
func (r *headerReader) security(e *xml.Element, from *fieldReader) {
	token := find(e, NSSecurity, tokenName)
	if token == nil {
		r.fail(e.Pos, CodeHeader, "", "Security has no "+tokenName, "SQL logins have a name and a password")
		return
	}
	var found attributes
	for _, c := range append(childElements(e), childElements(token)...) {
		name := c.Name.Local
		switch c.Name {
		case xml.Name{Space: NSSecurity, Local: tokenName}:
		case xml.Name{Space: NSSecurity, Local: "Username"}, xml.Name{Space: NSSecurity, Local: "Password"}, xml.Name{Space: NS, Local: "OldPassword"}:
			name = string(name[0]-'A'+'a') + name[1:]
		default:
			r.warn(c.Pos, CodeHeader, "", "the element "+name+" inside Security is not used", "")
			continue
		}
		for i := range found {
			if found[i].Name.Local == name {
				r.fail(c.Pos, CodeTwice, "", "a second "+c.Name.Local+" inside Security", "")
			}
		}
		if t, ok := attr(c, "", "Type"); ok && t != passwordText {
			r.fail(c.Pos, CodeHeader, "", "the Type of "+c.Name.Local+" is \""+excerpt(t)+"\"", "only "+passwordText+" can be used")
		}
		null, _ := attr(c, nsXSI, "nil")
		if isNull, _ := boolean(null); !isNull {
			found = append(found, xml.ElementAttr{Name: xml.Name{Local: name}, Value: c.Text()})
		}
	}
	from.from = found
	r.h.Security.Fields(from)
}

func (s *Security) tree() *xml.Element {
	e := textElement(NSSecurity, prefixSecurity, "Security", "")
	e.Namespaces = []xml.Binding{{Prefix: prefixSecurity, URI: NSSecurity}}
	token := textElement(NSSecurity, prefixSecurity, tokenName, "")
	e.Children = []xml.Node{{Element: token}}
	add := func(space, prefix, local, text string, attrs ...xml.ElementAttr) *xml.Element {
		c := textElement(space, prefix, local, text, attrs...)
		token.Children = append(token.Children, xml.Node{Element: c})
		return c
	}
	typ := xml.ElementAttr{Name: xml.Name{Local: "Type"}, Value: passwordText}
	add(NSSecurity, prefixSecurity, "Username", s.Username)
	if s.Password.Set() {
		add(NSSecurity, prefixSecurity, "Password", s.Password.Reveal(), typ)
	}
	if s.OldPassword.Set() {
		add(NS, prefixSQL, "OldPassword", s.OldPassword.Reveal(), typ).Namespaces = []xml.Binding{{Prefix: prefixSQL, URI: NS}}
	}
	return e
}
