//go:build workerd

package main

import (
	"testing"

	"github.com/dsmlkit/dsmlkit/web/directory/suite"
)

// What a script on .NET does, as against the native server: page after page in
// a session, and all on the session's one connection to the LDAP server.
func TestEdge_DotNet(t *testing.T) {
	const entries, size = 1000, 100
	m, w := onMonitored(t, entries, nil)
	lose := func(id string) {
		c := client{t: t, w: w}
		if a := c.post(header("Session", id), "", "Break", "object"); a.status != 503 {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	before := m.count("cn=Total,cn=Connections", "monitorCounter")
	found, pages := suite.DotNet(t, w.address+"/dsml", suite.Suffix, size, lose)
	// Entries of the suite are there besides.
	if found < entries || pages != (found+size-1)/size {
		t.Errorf("%d entries in %d pages", found, pages)
	}
	// Three sessions, one of which paged, and messages outside of a session.
	if n := m.count("cn=Total,cn=Connections", "monitorCounter") - before; n < 3 || n > 4 {
		t.Errorf("%d connections were opened", n)
	}
	waitFor(t, "the sessions' connections closed", func() bool { return m.connections() <= 1 })
}
