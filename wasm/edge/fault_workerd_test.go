//go:build workerd

package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"testing"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/dsmlkit/dsmlkit/web/directory/slapd"
	"github.com/dsmlkit/dsmlkit/web/directory/suite"
)

// monitored is a slapd that counts, and the connection that asks it.
type monitored struct {
	*slapd.Server
	t    *testing.T
	conn *goldap.Conn
}

// onMonitored is a Worker on a server with that many entries of 5 KB besides
// those of the suite.
func onMonitored(t *testing.T, entries int, settings map[string]string) (*monitored, *worker) {
	t.Helper()
	var data strings.Builder
	data.Write(suite.Data())
	for i := range entries {
		fmt.Fprintf(&data, "\ndn: cn=e%[1]d,%[2]s\nobjectClass: device\ncn: e%[1]d\ndescription: %[3]s\n", i, suite.Suffix, strings.Repeat("x", 5000))
	}
	s := slapd.Start(t, slapd.Options{
		Suffixes: []string{suite.Suffix}, LDIF: []byte(data.String()),
		Database: "access to * by * write\n\ndatabase monitor\naccess to * by * read\n",
	})
	conn, err := goldap.DialURL(s.URL)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	all := map[string]string{"DSMLKIT_DIRECTORY": s.URL}
	for name, value := range settings {
		all[name] = value
	}
	return &monitored{s, t, conn}, startWorker(t, all)
}

// count reads a number of slapd's.
func (m *monitored) count(dn, attribute string) int {
	m.t.Helper()
	found, err := m.conn.Search(goldap.NewSearchRequest(dn+",cn=Monitor", goldap.ScopeBaseObject, goldap.NeverDerefAliases, 0, 0, false, "(objectClass=*)", []string{attribute}, nil))
	if err != nil || len(found.Entries) != 1 {
		m.t.Fatalf("%s: %v", dn, err)
	}
	n, err := strconv.Atoi(found.Entries[0].GetAttributeValue(attribute))
	if err != nil {
		m.t.Fatal(err)
	}
	return n
}

// connections are those of others.
func (m *monitored) connections() int {
	return m.count("cn=Current,cn=Connections", "monitorCounter") - 1
}

// searches are those of others that are under way.
func (m *monitored) searches() int {
	const dn = "cn=Search,cn=Operations"
	done := m.count(dn, "monitorOpCompleted")
	return m.count(dn, "monitorOpInitiated") - done - 2 // the two that ask
}

const allOfIt = `<searchRequest dn="` + suite.Suffix + `" scope="wholeSubtree" derefAliases="neverDerefAliases"><filter><present name="objectClass"/></filter></searchRequest>`

// hangUp begins to read the answer, and goes away.
func (c client) hangUp(header, requests string) {
	c.t.Helper()
	res, err := c.send(header, requests)
	if err != nil {
		c.t.Fatal(err)
	}
	if _, err := io.ReadFull(res.Body, make([]byte, 10_000)); err != nil {
		c.t.Fatal(err)
	}
	res.Body.Close() // with more to come this ends the connection
}

// A client that goes away in the middle of its answer ends its search at the
// server, and nothing behind it in the batch is run. Its session stays.
func TestEdge_ClientGone(t *testing.T) {
	// 75 MB: far more than sockets take in that nobody reads from.
	const entries = 15_000
	m, w := onMonitored(t, entries, map[string]string{"DSMLKIT_SESSIONS_MAX_PER_CLIENT": "1"})
	c := admin(t, w, "192.0.2.1")
	id := c.begin()
	abandoned := m.count("cn=Abandon,cn=Operations", "monitorOpCompleted")
	sent := m.count("cn=Entries,cn=Statistics", "monitorCounter")
	behind := `<addRequest dn="cn=behind,` + suite.Suffix + `"><attr name="objectClass"><value>device</value></attr></addRequest>`
	for range 3 {
		c.hangUp(header("Session", id), allOfIt+behind)
		if a := c.post(header("Session", id), rootSearch); a.status != 200 || a.id != id || strings.Count(a.body, "<searchResultEntry") != 1 {
			t.Fatalf("the session afterwards: %d %.500s", a.status, a.body)
		}
	}
	waitFor(t, "three searches abandoned", func() bool {
		return m.count("cn=Abandon,cn=Operations", "monitorOpCompleted")-abandoned == 3 && m.searches() == 0
	})
	if n := m.count("cn=Entries,cn=Statistics", "monitorCounter") - sent; n > 2*entries {
		t.Errorf("three searches of %d entries that nobody waited for had %d from the server", entries, n)
	}
	if a := c.post(header("EndSession", id), strings.Replace(rootSearch, `dn="`, `dn="cn=behind,`, 1)); !strings.Contains(a.body, `code="32"`) {
		t.Errorf("what was behind the search: %d %s", a.status, a.body)
	}
	waitFor(t, "the session's connection closed", func() bool { return m.connections() == 0 })

	// The sender of a begin that goes away like that is taken not to know of its
	// session.
	c.hangUp(header("BeginSession", ""), allOfIt)
	waitFor(t, "room for another", func() bool { return c.post(header("BeginSession", ""), "").status == 200 })
	waitFor(t, "one connection for the one session", func() bool { return m.connections() == 1 })

	// Outside sessions the connection is not lent again.
	c.hangUp("", allOfIt)
	if a := c.post("", rootSearch); strings.Count(a.body, "<searchResultEntry") != 1 {
		t.Errorf("outside a session: %d %.500s", a.status, a.body)
	}
	waitFor(t, "no search under way", func() bool { return m.searches() == 0 })
}

// A coordinator that does not do its work keeps no answer from a client for
// ever: what is known is answered, and a session of which it is not known whether
// there is room for it is not begun.
func TestEdge_CoordinatorInTrouble(t *testing.T) {
	for _, trouble := range []string{"hang", "fail"} {
		t.Run(trouble, func(t *testing.T) {
			m, w := onMonitored(t, 0, nil)
			c := admin(t, w, "192.0.2.1")
			id, other := c.begin(), c.begin()
			w.ask(t, "Coordinator", trouble)
			c.mustGoOn(id, "in a session")
			if a := c.post(header("EndSession", id), rootSearch); a.status != 200 || a.id != id || strings.Count(a.body, "<searchResultEntry") != 1 {
				t.Errorf("the end: %d %s", a.status, a.body)
			}
			if a := c.post(header("Session", id), rootSearch); !a.refused() {
				t.Errorf("after the end: %d %s", a.status, a.body)
			}
			if a := c.post(header("BeginSession", ""), ""); a.status != 503 || a.id != "" {
				t.Errorf("a begin: %d %s", a.status, a.body)
			}
			w.ask(t, "Coordinator", "")
			c.mustGoOn(other, "in another session")
			c.begin()
			waitFor(t, "a connection for each of two sessions", func() bool { return m.connections() == 2 })
		})
	}
}
