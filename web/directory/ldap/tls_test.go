package ldap

import (
	"bytes"
	"context"
	"crypto/tls"
	"crypto/x509"
	"net"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/web/directory/slapd"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

func TestTLS(t *testing.T) {
	s := slapd.Start(t, slapd.Options{Suffixes: []string{suffix}, LDIF: people(1), TLS: true})
	named := s.Roots()
	named.ServerName = "localhost"
	misnamed := s.Roots()
	misnamed.ServerName = "elsewhere.example"
	for name, c := range map[string]struct {
		o  Options
		ok bool
	}{
		"ldaps":                           {Options{URL: s.SecureURL, TLS: s.Roots()}, true},
		"StartTLS":                        {Options{URL: s.URL, StartTLS: true, TLS: s.Roots()}, true},
		"StartTLS, named":                 {Options{URL: s.URL, StartTLS: true, TLS: named}, true},
		"ldaps, authorities of the world": {Options{URL: s.SecureURL}, false},
		"StartTLS, the same":              {Options{URL: s.URL, StartTLS: true}, false},
		"ldaps, another name":             {Options{URL: s.SecureURL, TLS: misnamed}, false},
		"StartTLS, another name":          {Options{URL: s.URL, StartTLS: true, TLS: misnamed}, false},
		"ldaps to a port without":         {Options{URL: "ldaps://" + s.Address, TLS: s.Roots(), ConnectTimeout: time.Second}, false},
	} {
		t.Run(name, func(t *testing.T) {
			noLeak(t)
			opened, err := newBackend(t, c.o).Connect(t.Context(), user(0))
			if !c.ok {
				wantError(t, err, dsml.CouldNotConnect)
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			defer opened.Close()
			if _, ok := opened.(*conn).l.nc.(*tls.Conn); !ok {
				t.Error("the connection is not encrypted")
			}
			if got := whoami(t, opened); got != "dn:"+user(0).Name {
				t.Error(got)
			}
		})
	}
}

// Versions before 1.2 are not spoken, whatever the options say.
func TestTLS_OldVersions(t *testing.T) {
	s := slapd.Start(t, slapd.Options{Suffixes: []string{suffix}, LDIF: people(1), TLS: true})
	roots := s.Roots()
	roots.MinVersion = tls.VersionTLS10
	b := newBackend(t, Options{URL: s.SecureURL, TLS: roots})
	if b.TLS.MinVersion != tls.VersionTLS12 || roots.MinVersion != tls.VersionTLS10 {
		t.Errorf("%x, and %x in the caller's", b.TLS.MinVersion, roots.MinVersion)
	}
	roots.MaxVersion = tls.VersionTLS11
	_, err := newBackend(t, Options{URL: s.SecureURL, TLS: roots}).Connect(t.Context(), user(0))
	wantError(t, err, dsml.CouldNotConnect)
}

// A server that will not encrypt, and one in the middle that slips something in
// before the encryption, get no password to see.
func TestStartTLS_NoWayOnWithout(t *testing.T) {
	for name, reply := range map[string][]byte{
		"refused":      resultOf(opExtResponse, dsml.ProtocolError, "no"),
		"no LDAP":      []byte{0x78, 0},
		"slipped in":   append(resultOf(opExtResponse, dsml.Success, ""), 0),
		"other answer": resultOf(opBindResponse, dsml.Success, ""),
	} {
		t.Run(name, func(t *testing.T) {
			noLeak(t)
			var binds atomic.Int32
			listener, err := net.Listen("tcp", "127.0.0.1:0")
			if err != nil {
				t.Fatal(err)
			}
			done := make(chan struct{})
			go func() {
				defer close(done)
				nc, err := listener.Accept()
				if err != nil {
					return
				}
				defer nc.Close()
				p := &peer{nc, t, &link{nc: nc, max: 1 << 20, silence: time.Minute}}
				for {
					m, ok := p.next()
					if !ok {
						return
					}
					if m.op == opBind {
						binds.Add(1)
					}
					if m.op == opExtended {
						message := element(tagSequence, integer(tagInteger, m.id), bytes.TrimSuffix(reply, []byte{0}))
						if name == "slipped in" {
							message = append(message, element(tagSequence, integer(tagInteger, m.id+1), resultOf(opBindResponse, dsml.Success, ""))...)
						}
						_, _ = p.Write(message)
					}
				}
			}()
			_, err = newBackend(t, Options{URL: "ldap://" + listener.Addr().String(), StartTLS: true, ConnectTimeout: time.Minute}).Connect(t.Context(), user(0))
			de := wantError(t, err, dsml.CouldNotConnect)
			if name == "refused" && !strings.Contains(de.Message, "StartTLS") {
				t.Error(de.Message)
			}
			listener.Close()
			<-done
			if binds.Load() != 0 {
				t.Error("a bind went out in the clear")
			}
		})
	}
}

// The seam: any transport will do, and one that is encrypted already is left
// as it is.
func TestDial(t *testing.T) {
	s := slapd.Start(t, slapd.Options{Suffixes: []string{suffix}, LDIF: people(1), TLS: true})
	pool := x509.NewCertPool()
	pool.AppendCertsFromPEM(s.CA)
	_, address, _ := strings.Cut(s.SecureURL, "://")
	b := newBackend(t, Options{URL: "ldaps://", Encrypted: true, Dial: func(ctx context.Context) (net.Conn, error) {
		return (&tls.Dialer{Config: &tls.Config{RootCAs: pool, MinVersion: tls.VersionTLS12}}).DialContext(ctx, "tcp", address)
	}})
	if got := whoami(t, connected(t, b, user(0))); got != "dn:"+user(0).Name {
		t.Error(got)
	}
}

func TestNew(t *testing.T) {
	for _, bad := range []Options{
		{}, {URL: "http://x"}, {URL: "ldap://"}, {URL: "ldap://x/dc=y"}, {URL: "ldap://x?y"}, {URL: "ldap://u:p@x"}, {URL: "ldap://x:y"},
		{URL: "ldaps://x", StartTLS: true}, {URL: "ldap://x", Users: Users{Base: "y"}}, {URL: "ldap://x", Users: Users{Base: "o=y", Filter: "(uid=*)"}},
		{URL: "ldap://x", Users: Users{Base: "o=y", Filter: "(uid={name}"}},
	} {
		if _, err := New(bad); err == nil {
			t.Errorf("%+v is taken", bad)
		}
	}
	for _, good := range []string{"ldap://x", "ldap://x/", "ldaps://x:1", "ldap://[::1]"} {
		if _, err := New(Options{URL: good}); err != nil {
			t.Error(err)
		}
	}
}
