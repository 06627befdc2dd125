package slapd

import (
	"crypto/tls"
	"net"
	"testing"
	"time"

	"github.com/go-ldap/ldap/v3"
)

const suffix = "dc=example,dc=org"

const ldif = `dn: dc=example,dc=org
objectClass: domain
dc: example

dn: cn=a,dc=example,dc=org
objectClass: person
cn: a
sn: b
`

func names(t *testing.T, c *ldap.Conn) int {
	t.Helper()
	r, err := c.Search(ldap.NewSearchRequest(suffix, ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 5, false, "(objectClass=*)", nil, nil))
	if err != nil {
		t.Fatal(err)
	}
	return len(r.Entries)
}

func TestServer(t *testing.T) {
	s := Start(t, Options{Suffixes: []string{suffix}, LDIF: []byte(ldif), TLS: true})
	plain, err := ldap.DialURL(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer plain.Close()
	if n := names(t, plain); n != 2 {
		t.Errorf("%d entries", n)
	}
	if err := plain.Bind(Admin(suffix), Password); err != nil {
		t.Error(err)
	}
	config := s.Roots()
	config.ServerName = "localhost"
	// A connection of its own: after a search the client of go-ldap may miss
	// the answer.
	encrypted, err := ldap.DialURL(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer encrypted.Close()
	encrypted.SetTimeout(time.Minute)
	if err := encrypted.StartTLS(config); err != nil {
		t.Errorf("StartTLS: %v", err)
	}
	secure, err := ldap.DialURL(s.SecureURL, ldap.DialWithTLSConfig(s.Roots()))
	if err != nil {
		t.Fatal(err)
	}
	if err := secure.Close(); err != nil {
		t.Error(err)
	}
	if _, err := ldap.DialURL(s.SecureURL, ldap.DialWithTLSConfig(&tls.Config{})); err == nil {
		t.Error("the certificate is trusted by everybody")
	}

	s.Kill()
	if nc, err := net.DialTimeout("tcp", s.Address, time.Second); err == nil {
		nc.Close()
		t.Error("it listens after its end")
	}
	s.Restart()
	again, err := ldap.DialURL(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	if n := names(t, again); n != 2 {
		t.Errorf("%d entries after a restart", n)
	}
}

func TestServer_SeveralSuffixes(t *testing.T) {
	other := "\ndn: o=other\nobjectClass: organization\no: other\n\ndn: cn=c, o=other\nobjectClass: person\ncn: c\nsn: c\n"
	s := Start(t, Options{Suffixes: []string{suffix, "o=other"}, LDIF: []byte(ldif + other)})
	c, err := ldap.DialURL(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	if n := names(t, c); n != 2 {
		t.Errorf("%d entries", n)
	}
	r, err := c.Search(ldap.NewSearchRequest("o=other", ldap.ScopeWholeSubtree, ldap.NeverDerefAliases, 0, 5, false, "(cn=c)", nil, nil))
	if err != nil || len(r.Entries) != 1 {
		t.Errorf("%v, %v", r, err)
	}
}

// A port that somebody else has by now is not taken for the server's.
func TestPortOfAnother(t *testing.T) {
	s := Start(t, Options{Suffixes: []string{"dc=example,dc=org"}})
	s.Stop()
	other, err := net.Listen("tcp", s.Address)
	if err != nil {
		t.Fatal(err)
	}
	defer other.Close()
	if err := s.run(s.cmd.Path); err == nil {
		t.Error("somebody else's server is taken for slapd")
	}
}
