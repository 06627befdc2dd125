package suite

import (
	"testing"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/web/directory/ldap"
	"github.com/dsmlkit/dsmlkit/web/directory/memory"
	"github.com/dsmlkit/dsmlkit/web/directory/slapd"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
	"github.com/dsmlkit/dsmlkit/xml/ldif"
)

func TestMemory(t *testing.T) {
	f, err := ldif.Parse(Data(), ldif.Options{})
	if err != nil {
		t.Fatal(err)
	}
	d, err := memory.New(memory.Options{Contexts: []string{Suffix}})
	if err != nil {
		t.Fatal(err)
	}
	c, err := d.Connect(t.Context(), directory.Identity{Anonymous: true})
	if err != nil {
		t.Fatal(err)
	}
	for _, entry := range f.Entries {
		add := &dsml.AddRequest{DN: entry.DN, Attrs: entry.Attrs}
		add.Controls = []dsml.Control{dsml.FlagControl{OID: dsml.OIDManageDsaIT}.Control(true)}
		do(t, c, add)
	}
	Run(t, Endpoint{URL: serve(t, d).URL, Backend: "memory", Name: "ann", Password: "ann's"})
}

func TestLDAP(t *testing.T) {
	for _, transport := range []string{"ldap", "ldaps", "StartTLS"} {
		t.Run(transport, func(t *testing.T) {
			s := slapd.Start(t, slapd.Options{Suffixes: []string{Suffix}, LDIF: Data(), TLS: true})
			o := ldap.Options{URL: s.URL, StartTLS: transport == "StartTLS", TLS: s.Roots()}
			if transport == "ldaps" {
				o.URL = s.SecureURL
			}
			b, err := ldap.New(o)
			if err != nil {
				t.Fatal(err)
			}
			Run(t, Endpoint{URL: serve(t, b).URL, Backend: "ldap", Name: slapd.Admin(Suffix), Password: slapd.Password})
		})
	}
}
