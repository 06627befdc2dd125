package sqlsoap

import (
	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

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

// security reads the block. What it does not know in it is passed over: a
// password has to be there as plain text, and nothing else of WS-Security is
// of use here.
func (r *headerReader) security(e *xml.Element, p Processing) *Security {
	s := &Security{Processing: p}
	token := e.Find(NSSecurity, "UsernameToken")
	if token == nil {
		r.fail(e.Pos, CodeHeader, "", "Security has no UsernameToken", "SQL logins have a name and a password")
		return s
	}
	seen := make(map[xml.Name]bool)
	for _, c := range append(e.Elements(), token.Elements()...) {
		if seen[c.Name] {
			r.fail(c.Pos, CodeTwice, "", "a second "+c.Name.Local+" inside Security", "")
			continue
		}
		seen[c.Name] = true
		switch c.Name {
		case token.Name:
		case xml.Name{Space: NSSecurity, Local: "Username"}:
			s.Username = c.Text()
		case xml.Name{Space: NSSecurity, Local: "Password"}:
			s.Password = r.password(c)
		case xml.Name{Space: NS, Local: "OldPassword"}:
			s.OldPassword = r.password(c)
		default:
			r.warn(c.Pos, CodeHeader, "", "the element "+c.Name.Local+" inside Security is not used", "")
		}
	}
	return s
}

// password reads a password. Its type, when there is one, is plain text; a
// null is none at all.
func (r *headerReader) password(e *xml.Element) Secret {
	if null, _ := e.Attr(nsXSI, "nil"); null != "" {
		if v, _ := boolean(null); v {
			return Secret{}
		}
	}
	if t, ok := e.Attr("", "Type"); ok && t != passwordText {
		r.fail(e.Pos, CodeHeader, "", "the Type of "+e.Name.Local+" is \""+excerpt(t)+"\"", "only "+passwordText+" can be used")
		return Secret{}
	}
	return NewSecret(e.Text())
}

func (s *Security) block() soap.Header {
	node := func(prefix, space, local, text string, attrs ...xml.ElementAttr) *xml.Element {
		e := &xml.Element{Name: xml.Name{Space: space, Local: local}, Prefix: prefix, Attrs: attrs}
		if text != "" {
			e.Children = []xml.Node{{Text: text}}
		}
		return e
	}
	token := node(prefixSecurity, NSSecurity, "UsernameToken", "")
	token.Children = []xml.Node{{Element: node(prefixSecurity, NSSecurity, "Username", s.Username)}}
	if s.Password.Set() {
		token.Children = append(token.Children, xml.Node{Element: node(prefixSecurity, NSSecurity, "Password", s.Password.Reveal(), attribute("Type", passwordText))})
	}
	if s.OldPassword.Set() {
		old := node(prefixSQL, NS, "OldPassword", s.OldPassword.Reveal(), attribute("Type", passwordText))
		old.Namespaces = []xml.Binding{{Prefix: prefixSQL, URI: NS}}
		token.Children = append(token.Children, xml.Node{Element: old})
	}
	e := node(prefixSecurity, NSSecurity, "Security", "")
	e.Namespaces = []xml.Binding{{Prefix: prefixSecurity, URI: NSSecurity}}
	e.Children = []xml.Node{{Element: token}}
	return s.header(e)
}
