package ldap

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/web/directory/slapd"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

const suffix = "dc=example,dc=org"

// people is a directory of users: uid=uN has the password pN.
func people(n int) []byte {
	var b strings.Builder
	b.WriteString("dn: " + suffix + "\nobjectClass: domain\ndc: example\n")
	for i := range n {
		fmt.Fprintf(&b, "\ndn: uid=u%[1]d,%[2]s\nobjectClass: inetOrgPerson\nuid: u%[1]d\ncn: user\nsn: %[1]d\nuserPassword: p%[1]d\n", i, suffix)
	}
	b.WriteString("\ndn: cn=twin," + suffix + "\nobjectClass: inetOrgPerson\nuid: u1\ncn: twin\nsn: x\nuserPassword: p1\n")
	b.WriteString("\ndn: cn=star," + suffix + "\nobjectClass: inetOrgPerson\nuid: (*)\\\ncn: star\nsn: x\nuserPassword: p\n")
	return []byte(b.String())
}

func user(i int) directory.Identity {
	return directory.Identity{Name: fmt.Sprintf("uid=u%d,%s", i, suffix), Password: fmt.Sprintf("p%d", i)}
}

// whoami asks the server who a connection acts for.
func whoami(t *testing.T, c directory.Conn, controls ...dsml.Control) string {
	t.Helper()
	req := &dsml.ExtendedRequest{RequestName: dsml.OIDWhoAmI}
	req.Controls = controls
	r, err := c.Do(t.Context(), req, nil)
	if err != nil {
		t.Error(err)
		return "?"
	}
	e := r.(*dsml.ExtendedResponse)
	if e.Code != dsml.Success || e.Response == nil {
		return e.Code.String()
	}
	return e.Response.Data
}

// Many identities share few connections, and none is ever taken for another.
func TestIdentitiesDoNotMix(t *testing.T) {
	s := slapd.Start(t, slapd.Options{Suffixes: []string{suffix}, LDIF: people(8)})
	noLeak(t)
	count := &counter{}
	b := newBackend(t, Options{URL: s.URL, PoolSize: 3, PoolWait: time.Minute, Dial: count.dial(s.URL)})
	var all sync.WaitGroup
	for g := range 8 {
		all.Go(func() {
			for i := range 60 {
				id, want := user((g+i)%8), "dn:"+user((g+i)%8).Name
				switch {
				case i%10 == 3:
					id, want = anonymous, ""
				case i%10 == 7:
					id.Password = "wrong"
					if _, err := b.Borrow(t.Context(), id); err == nil {
						t.Error("a wrong password is good enough")
					} else {
						wantError(t, err, dsml.AuthenticationFailed)
					}
					continue
				}
				c, err := b.Borrow(t.Context(), id)
				if err != nil {
					t.Error(err)
					continue
				}
				if got := whoami(t, c); got != want {
					t.Errorf("%q acts as %q", want, got)
				}
				c.Close()
			}
		})
	}
	all.Wait()
	if n := count.opened.Load() - count.closed.Load(); n > 3 {
		t.Errorf("%d connections are open", n)
	}
	b.Close()
	count.allClosed(t)
}

// A bind counts for a while; then a password that was changed counts no more.
func TestTrustEnds(t *testing.T) {
	s := slapd.Start(t, slapd.Options{Suffixes: []string{suffix}, LDIF: people(1)})
	for _, trust := range []time.Duration{-1, 200 * time.Millisecond} {
		b := newBackend(t, Options{URL: s.URL, Trust: trust})
		c, err := b.Borrow(t.Context(), user(0))
		if err != nil {
			t.Fatal(err)
		}
		c.Close()
		admin, err := goldap.DialURL(s.URL)
		if err != nil {
			t.Fatal(err)
		}
		defer admin.Close()
		if err := admin.Bind(slapd.Admin(suffix), slapd.Password); err != nil {
			t.Fatal(err)
		}
		set := func(password string) {
			change := goldap.NewModifyRequest(user(0).Name, nil)
			change.Replace("userPassword", []string{password})
			if err := admin.Modify(change); err != nil {
				t.Fatal(err)
			}
		}
		set("new")
		eventually(t, "the old password is good for ever", func() bool {
			c, err := b.Borrow(t.Context(), user(0))
			if err != nil {
				return true
			}
			c.Close()
			return false
		})
		if trust < 0 {
			if _, err := b.Borrow(t.Context(), user(0)); err == nil {
				t.Error("an old password is good without trust")
			}
		}
		set("p0")
	}
}

// A name that is no distinguished name is looked for, and whatever is in it
// stays a name.
func TestUsers(t *testing.T) {
	s := slapd.Start(t, slapd.Options{Suffixes: []string{suffix}, LDIF: people(3), Database: `
access to attrs=userPassword by anonymous auth
access to * by dn.exact="uid=u0,` + suffix + `" read by self read
`})
	users := Users{Base: suffix, Filter: "(&(objectClass=person)(uid={name}))", Name: user(0).Name, Password: "p0"}
	b := newBackend(t, Options{URL: s.URL, Users: users})
	for _, c := range []struct{ name, password, want string }{
		{"u2", "p2", "dn:uid=u2," + suffix},
		{"uid=u2," + suffix, "p2", "dn:uid=u2," + suffix},
		{"U2", "p2", "dn:uid=u2," + suffix},
		{`(*)\`, "p", "dn:cn=star," + suffix},
		{"u2", "p1", ""}, {"nobody", "p2", ""}, {"*", "p2", ""}, {"u2)(uid=*", "p2", ""}, {"u2\x00", "p2", ""},
		{"u1", "p1", ""}, // there are two of them
		{"u2", "", ""}, {"", "p2", ""},
	} {
		for range 2 { // from a new connection and from the pool
			conn, err := b.Borrow(t.Context(), directory.Identity{Name: c.name, Password: c.password})
			if c.want == "" {
				if err == nil {
					t.Errorf("%q, %q is %s", c.name, c.password, whoami(t, conn))
					conn.Close()
					continue
				}
				wantError(t, err, dsml.AuthenticationFailed)
				continue
			}
			if err != nil {
				t.Errorf("%q: %v", c.name, err)
				continue
			}
			if got := whoami(t, conn); got != c.want {
				t.Errorf("%q is %s", c.name, got)
			}
			conn.Close()
		}
	}
	t.Run("the account that searches is refused", func(t *testing.T) {
		wrong := users
		wrong.Password = "wrong"
		_, err := newBackend(t, Options{URL: s.URL, Users: wrong}).Borrow(t.Context(), directory.Identity{Name: "u2", Password: "p2"})
		if de := wantError(t, err, dsml.CouldNotConnect); strings.Contains(de.Error(), "wrong") {
			t.Error(de)
		}
	})
	t.Run("no search is set up", func(t *testing.T) {
		_, err := newBackend(t, Options{URL: s.URL}).Borrow(t.Context(), directory.Identity{Name: "u2", Password: "p2"})
		wantError(t, err, dsml.AuthenticationFailed)
	})
}

// An authRequest and the control that it becomes act for one request and leave
// the connection as it was (D-38).
func TestD_38_ProxiedAuthorization(t *testing.T) {
	s := slapd.Start(t, slapd.Options{Suffixes: []string{suffix}, LDIF: people(2)})
	b := newBackend(t, Options{URL: s.URL})
	c := connected(t, b, directory.Identity{Name: slapd.Admin(suffix), Password: slapd.Password})
	r, err := c.Do(t.Context(), &dsml.AuthRequest{Principal: "dn:" + user(1).Name}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if d, ok := r.(*dsml.Result); !ok || d.Kind != dsml.AuthResponse || d.Code != dsml.Success {
		t.Errorf("%+v", r)
	}
	if got := whoami(t, c, dsml.ProxiedAuthorization{AuthzID: "dn:" + user(1).Name}.Control(true)); got != "dn:"+user(1).Name {
		t.Error(got)
	}
	if got := whoami(t, c); got != "dn:"+slapd.Admin(suffix) {
		t.Error(got)
	}
	mere := connected(t, b, user(0))
	r, err = mere.Do(t.Context(), &dsml.AuthRequest{Principal: "dn:" + user(1).Name}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if d := r.(*dsml.Result); d.Code == dsml.Success {
		t.Error("anybody may act for anybody")
	}
}
