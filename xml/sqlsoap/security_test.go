package sqlsoap

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml/soap"
)

const pass, oldPass = "s3cret<&>", "0ld-s3cret"

func securityBlock(token string) string {
	return `<w:Security>` + `<w:UsernameToken>` + token + `</w:UsernameToken></w:Security>`
}

func TestSecurity(t *testing.T) {
	const typ = ` Type="` + passwordText + `"`
	p := parse(t, request(securityBlock(`<w:Username>sa</w:Username><w:Password`+typ+`>s3cret&lt;&amp;></w:Password><q:OldPassword`+typ+`>`+oldPass+`</q:OldPassword>`)), Options{Strict: true})
	s := p.Headers.Security
	if s.Username != "sa" || s.Password.Reveal() != pass || s.OldPassword.Reveal() != oldPass {
		t.Fatalf("%q, %q, %q", s.Username, s.Password.Reveal(), s.OldPassword.Reveal())
	}
	q := again(t, &p.Message, WriteOptions{Strict: true}).Headers.Security
	if q.Username != s.Username || !q.Password.Equal(s.Password) || !q.OldPassword.Equal(s.OldPassword) {
		t.Errorf("%+v", q)
	}
	contains(t, marshal(t, &p.Message), `<wsse:Password Type="`+passwordText+`">`, `<sql:OldPassword xmlns:sql="`+NS+`" Type="`)
	none := parse(t, request(securityBlock(`<w:Username xsi:nil="true"/><w:Password xsi:nil="1"/>`)), Options{Strict: true}).Headers.Security
	if none.Username != "" || none.Password.Set() || none.OldPassword.Set() {
		t.Errorf("%+v", none)
	}
	empty := parse(t, request(securityBlock(`<w:Username>a</w:Username><w:Password/>`)), Options{Strict: true}).Headers.Security
	if !empty.Password.Set() || empty.Password.Reveal() != "" {
		t.Errorf("%+v", empty)
	}
}

func TestSecurityErrors(t *testing.T) {
	for name, c := range map[string]struct{ block, code string }{
		"no token":     {`<w:Security/>`, CodeHeader},
		"two blocks":   {securityBlock(``) + securityBlock(``), CodeTwice},
		"two tokens":   {`<w:Security><w:UsernameToken/><w:UsernameToken/></w:Security>`, CodeTwice},
		"two names":    {securityBlock(`<w:Username>a</w:Username><w:Username>b</w:Username>`), CodeTwice},
		"digest":       {securityBlock(`<w:Password Type="urn:digest">` + oldPass + `</w:Password>`), CodeHeader},
		"two password": {securityBlock(`<w:Password>a</w:Password><w:Password>` + oldPass + `</w:Password>`), CodeTwice},
	} {
		t.Run(name, func(t *testing.T) {
			if e := wantError(t, request(c.block), Options{}, c.code, ""); strings.Contains(e.Error()+e.Hint, oldPass) {
				t.Errorf("the password is in %v", e)
			}
		})
	}
	for _, d := range Validate([]byte(request(securityBlock(`<w:Nonce>`+oldPass+`</w:Nonce>`))), Options{}) {
		if d.Severity != SeverityWarning || strings.Contains(fmt.Sprint(d), oldPass) {
			t.Errorf("%+v", d)
		}
	}
}

func TestSecretsAreNotPrinted(t *testing.T) {
	s := &Security{Username: "sa", Password: NewSecret(pass), OldPassword: NewSecret(oldPass)}
	m := &Message{Version: soap.V11, Headers: Headers{Security: s}}
	var out bytes.Buffer
	for _, v := range []any{s, *s, m, *m, s.Password, &s.Password, []Secret{s.Password, s.OldPassword}, m.Headers} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%p"} {
			fmt.Fprintf(&out, verb, v)
		}
		fmt.Fprint(&out, v)
		slog.New(slog.NewTextHandler(&out, nil)).Info("x", "v", v)
		slog.New(slog.NewJSONHandler(&out, nil)).Info("x", "v", v)
		if err := json.NewEncoder(&out).Encode(v); err != nil {
			t.Fatal(err)
		}
	}
	text := out.String()
	for _, secret := range []string{pass, oldPass, "s3cret", fmt.Sprintf("%x", pass), fmt.Sprintf("%X", oldPass), fmt.Sprint([]byte(pass))} {
		if strings.Contains(text, secret) {
			t.Errorf("%q was printed in %s", secret, text)
		}
	}
	if s.Password.String() != hidden || (Secret{}).String() != "" || (Secret{}).Reveal() != "" {
		t.Error("a secret does not print as it should")
	}
}
