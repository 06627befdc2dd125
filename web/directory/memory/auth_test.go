package memory

import (
	"context"
	"errors"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// whoAmI asks under which name a connection acts.
func (c client) whoAmI(controls ...dsml.Control) string {
	c.t.Helper()
	req := with(&dsml.ExtendedRequest{RequestName: dsml.OIDWhoAmI}, controls...)
	resp, err := c.conn.Do(context.Background(), req, nil)
	if err != nil {
		c.t.Fatal(err)
	}
	r := resp.(*dsml.ExtendedResponse)
	if r.Code != dsml.Success {
		return r.Code.String()
	}
	return r.Response.Data
}

func TestBind(t *testing.T) {
	d := Sample()
	const admin = "uid=admin,ou=services," + base
	for _, s := range []struct {
		name string
		id   directory.Identity
		want string // "-": refused
	}{
		{"anonymous", directory.Identity{Anonymous: true}, ""},
		{"nobody in particular", directory.Identity{}, ""},
		{"by name, hashed password", directory.Identity{Name: "UID=Admin, ou=services," + base, Password: "secret"}, "dn:" + admin},
		{"by uid", directory.Identity{Name: "ADMIN", Password: "secret"}, "dn:" + admin},
		{"password in the clear", directory.Identity{Name: "reader", Password: "reader"}, "dn:uid=reader,ou=services," + base},
		{"wrong password", directory.Identity{Name: admin, Password: "Secret"}, "-"},
		{"the hash for a password", directory.Identity{Name: admin, Password: "{SSHA}UgCJjM+VJJYduihDuk0aPpDtY9RzYWx0eQ=="}, "-"},
		{"no password", directory.Identity{Name: admin}, "-"},
		{"no such name", directory.Identity{Name: "uid=x,ou=services," + base, Password: "secret"}, "-"},
		{"no such uid", directory.Identity{Name: "x", Password: "secret"}, "-"},
		{"no name at all", directory.Identity{Name: "=", Password: "secret"}, "-"},
		{"a password and no name", directory.Identity{Password: "secret"}, "-"},
		{"an entry without password", directory.Identity{Name: base, Password: "secret"}, "-"},
	} {
		conn, err := d.Connect(context.Background(), s.id)
		if s.want == "-" {
			var e *directory.Error
			if !errors.As(err, &e) || e.Type != dsml.AuthenticationFailed || e.Message != "the directory refuses the name or the password" {
				t.Errorf("%s: %v", s.name, err)
			}
			continue
		}
		if err != nil {
			t.Errorf("%s: %v", s.name, err)
			continue
		}
		if got := (client{t, conn}).whoAmI(); got != s.want {
			t.Errorf("%s: %q, want %q", s.name, got, s.want)
		}
	}
}

// TestEmptyPassword holds RFC 4513 section 5.1.2: a name without a password
// proves nothing, not even when the stored password is empty.
func TestEmptyPassword(t *testing.T) {
	c := small(t, Options{})
	dn := "uid=careless,ou=a," + base
	c.want(dsml.Success, c.do(addRequest(dn, "objectClass=account|objectClass=simpleSecurityObject|userPassword=")))
	if conn, err := c.conn.(*conn).d.Connect(context.Background(), directory.Identity{Name: dn}); err == nil {
		t.Errorf("connected as %q", client{t, conn}.whoAmI())
	}
}

func TestPasswords(t *testing.T) {
	for stored, ok := range map[string]bool{
		"secret":                            true,
		"{CLEARTEXT}secret":                 true,
		"{cleartext}secret":                 true,
		"{SHA}5en6G6MezRroT3XKqkdPOmY/BfQ=": true,
		"{SHA256}K7gNU3sdo+OL0wNhqoVWhr3g6s1xYv72ol/pe/Unols=": true,
		"{SSHA}UgCJjM+VJJYduihDuk0aPpDtY9RzYWx0eQ==":           true,
		"{SHA}UgCJjM+VJJYduihDuk0aPpDtY9RzYWx0eQ==":            false, // salted, and not said to be
		"{SSHA}c2hvcnQ=": false,
		"{SSHA}!":        false,
		"{CRYPT}secret":  false,
		"{secret":        false,
		"":               false,
	} {
		if got := passwordIs([]value{{raw: "another"}, {raw: stored}}, "secret"); got != ok {
			t.Errorf("%s: %v", stored, got)
		}
	}
}

func TestProxiedAuthorization(t *testing.T) {
	d := Sample()
	c := connect(t, d)
	const reader = "uid=reader,ou=services," + base
	for identity, want := range map[string]string{
		"dn:UID=reader,ou=services," + base: "dn:" + reader, "u:reader": "dn:" + reader, "U:READER": "dn:" + reader, "dn:" + people: "dn:" + people,
		"": "", "dn:": "", "u:nobody": "123", "dn:uid=nobody": "123", "dn:reader": "123", "u:" + reader: "123", "nonsense of no form": "123", reader: "123",
	} {
		if got := c.whoAmI(dsml.ProxiedAuthorization{AuthzID: identity}.Control(true)); got != want {
			t.Errorf("%q: %q, want %q", identity, got, want)
		}
		code := dsml.Success
		if want == "123" {
			code = dsml.AuthorizationDenied
		}
		c.want(code, c.do(&dsml.AuthRequest{Principal: identity}))
	}
	if got := c.whoAmI(); got != "" {
		t.Errorf("D-38 an identity outlives its request: %q", got)
	}
	if got := c.whoAmI(dsml.ProxiedAuthorization{AuthzID: "u:reader"}.Control(false)); got != "2 protocolError" {
		t.Errorf("not critical: %q", got)
	}
	c.want(dsml.Success, c.do(with(addRequest("ou=new,"+base, "objectClass=organizationalUnit"), dsml.ProxiedAuthorization{AuthzID: "u:reader"}.Control(true))))
	if got := c.show("ou=new,"+base, "creatorsName", "modifiersName"); got != "creatorsName="+reader+"|modifiersName="+reader {
		t.Error(got)
	}
	c.want(dsml.Success, c.do(&dsml.ModifyRequest{DN: "ou=new," + base}))
	if got := c.show("ou=new,"+base, "creatorsName", "modifiersName"); got != "creatorsName="+reader+"|modifiersName=" {
		t.Error(got)
	}
}

func TestTwoOfOneUid(t *testing.T) {
	c := small(t, Options{})
	c.want(dsml.Success, c.do(addRequest("uid=eve,ou=b,"+base, "objectClass=account")))
	c.want(dsml.AuthorizationDenied, c.do(&dsml.AuthRequest{Principal: "u:eve"}))
	c.want(dsml.Success, c.do(&dsml.AuthRequest{Principal: "dn:uid=eve,ou=b," + base}))
}

func TestPasswordModify(t *testing.T) {
	c := small(t, Options{})
	d := c.conn.(*conn).d
	const eve = "uid=eve,ou=a," + base
	bind := func(password string) bool {
		_, err := d.Connect(context.Background(), directory.Identity{Name: eve, Password: password})
		return err == nil
	}
	some := dsml.Some
	set := func(p dsml.PasswordModify, controls ...dsml.Control) *dsml.LDAPResult {
		return c.do(with(&dsml.ExtendedRequest{RequestName: dsml.OIDPasswordModify, RequestValue: p.Value()}, controls...))
	}
	c.want(dsml.Success, set(dsml.PasswordModify{UserIdentity: some("u:eve"), Old: some("apple"), New: some("pear")}))
	if bind("apple") || !bind("pear") {
		t.Error("the password is not the new one")
	}
	c.want(dsml.InvalidCredentials, set(dsml.PasswordModify{UserIdentity: some(eve), Old: some("apple"), New: some("plum")}))
	c.want(dsml.NoSuchObject, set(dsml.PasswordModify{UserIdentity: some("u:nobody"), New: some("plum")}))
	c.want(dsml.UnwillingToPerform, set(dsml.PasswordModify{New: some("plum")}))
	c.want(dsml.ConstraintViolation, set(dsml.PasswordModify{UserIdentity: some(eve), New: some("")}))
	resp, err := c.conn.Do(context.Background(), &dsml.ExtendedRequest{RequestName: dsml.OIDPasswordModify, RequestValue: dsml.PasswordModify{UserIdentity: some("dn:cn=team,ou=b," + base)}.Value()}, nil)
	if r, ok := resp.(*dsml.ExtendedResponse); err != nil || !ok || r.Code != dsml.ObjectClassViolation || r.Response != nil {
		t.Errorf("a password for a group: %+v, %v", resp, err)
	}
	c.want(dsml.ProtocolError, c.do(&dsml.ExtendedRequest{RequestName: dsml.OIDPasswordModify, RequestValue: &dsml.Value{Data: "\x30", Type: dsml.Base64Binary}}))
	if !bind("pear") {
		t.Error("a request that failed has changed the password")
	}
	c.want(dsml.Success, set(dsml.PasswordModify{New: some("plum")}, dsml.ProxiedAuthorization{AuthzID: "dn:" + eve}.Control(true)))
	if !bind("plum") {
		t.Error("one's own password is not the new one")
	}
	resp, err = c.conn.Do(context.Background(), &dsml.ExtendedRequest{RequestName: dsml.OIDPasswordModify, RequestValue: dsml.PasswordModify{UserIdentity: some(eve)}.Value()}, nil)
	if err != nil {
		t.Fatal(err)
	}
	made := resp.(*dsml.ExtendedResponse).Response
	if made == nil || len(made.Data) != 2+2+16 || !bind(made.Data[4:]) {
		t.Errorf("the password that was made: %v", made)
	}
}

func TestD_64_ExtendedOperations(t *testing.T) {
	c := small(t, Options{})
	for _, oid := range []string{"1.2.3", dsml.OIDStartTLS, dsml.OIDCancel} {
		r := c.want(dsml.ProtocolError, c.do(&dsml.ExtendedRequest{RequestName: oid}))
		if !strings.Contains(r.ErrorMessage, oid) {
			t.Errorf("D-64 %s", r.ErrorMessage)
		}
	}
	c.want(dsml.ProtocolError, c.do(&dsml.ExtendedRequest{RequestName: dsml.OIDWhoAmI, RequestValue: &dsml.Value{Data: "x"}}))
}
