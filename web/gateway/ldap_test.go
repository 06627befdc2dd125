package gateway

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/web/directory/slapd"
	"github.com/dsmlkit/dsmlkit/web/directory/suite"
)

const suffix = "dc=gateway,dc=test"

// people is a tree with that many people, the parents first.
func people(n int) []byte {
	var b strings.Builder
	b.WriteString("dn: " + suffix + "\nobjectClass: domain\ndc: gateway\n\ndn: ou=people," + suffix + "\nobjectClass: organizationalUnit\nou: people\n")
	for i := range n {
		fmt.Fprintf(&b, "\ndn: uid=u%03d,ou=people,%s\nobjectClass: inetOrgPerson\nuid: u%03d\ncn: User %d\nsn: User\nuserPassword: secret-%d\n", i, suffix, i, i, i)
	}
	return []byte(b.String())
}

func basic(name, password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte(name+":"+password))
}

// The whole way: options of the command line, HTTP, sessions, an LDAP server.
func TestGateway_OnAnLDAPServer(t *testing.T) {
	server := slapd.Start(t, slapd.Options{Suffixes: []string{suffix}, LDIF: people(250), TLS: true})
	ca := writeTemp(t, "ca.pem", string(server.CA))
	lookup := []string{"--ldap-user-base", suffix, "--admin-listen", "127.0.0.1:0"}
	for name, args := range map[string][]string{
		"ldap":     {"--directory", server.URL},
		"StartTLS": {"--directory", strings.Replace(server.URL, "127.0.0.1", "localhost", 1), "--start-tls", "--ldap-ca", ca},
		"ldaps":    {"--directory", server.SecureURL, "--ldap-ca", ca},
	} {
		t.Run(name, func(t *testing.T) {
			r := start(t, append(args, lookup...)...)
			r.ask("GET", "/readyz", "").want(t, 200, `"default":"ready"`)
			lose := func(string) { r.g.endpoints[0].table.EndAll() }
			if entries, pages := suite.DotNet(t, r.g.URL()+"dsml", "ou=people,"+suffix, 100, lose); entries != 251 || pages != 3 {
				t.Errorf("%d entries in %d pages", entries, pages)
			}
			// A name is searched, and its password checked.
			r.ask("POST", "/dsml", envelope("", whoAmI), "Authorization", basic("u007", "secret-7")).want(t, 200, "uid=u007,ou=people,"+suffix)
			if got := r.ask("POST", "/dsml", envelope("", whoAmI), "Authorization", basic("u007", "secret-8")); strings.Contains(got.body, "uid=u007") || !strings.Contains(got.body, "errorResponse") {
				t.Errorf("a wrong password: %s", got.body)
			}
			r.ask("POST", "/dsml", envelope("", whoAmI), "Authorization", basic(slapd.Admin(suffix), slapd.Password)).want(t, 200, "cn=admin")
			if got := r.ask("POST", "/dsml", envelope("", whoAmI)); strings.Contains(got.body, "uid=") || strings.Contains(got.body, "cn=admin") {
				t.Errorf("nobody is taken for somebody: %s", got.body)
			}
			r.ask("GET", r.g.AdminURL()+"metrics", "").want(t, 200, `dsmlkit_operations_total{endpoint="default",operation="searchRequest",result="success"} 4`)
			if text := r.log.String(); strings.Contains(text, "secret-") || strings.Contains(text, slapd.Password+"\"") {
				t.Errorf("the log holds a password:\n%s", text)
			}
		})
	}
}

// An LDAP server that goes away: readiness says so, batches get their error, a
// session is lost, and all is well when it is back.
func TestGateway_LDAPServerComesAndGoes(t *testing.T) {
	server := slapd.Start(t, slapd.Options{Suffixes: []string{suffix}, LDIF: people(1)})
	r := start(t, "--directory", server.URL, "--admin-listen", "127.0.0.1:0", "--ldap-connect-timeout", "2s")
	base := searchBase(suffix)
	id := r.begin("/dsml")
	r.ask("POST", "/dsml", envelope(sessionHeader("Session", id), base)).want(t, 200, `code="0"`)
	server.Kill()
	r.ask("GET", "/readyz", "").want(t, 503, `"default":"unreachable"`)
	r.ask("POST", "/dsml", envelope("", base)).want(t, 200, "couldNotConnect")
	if got := r.ask("POST", "/dsml", envelope(sessionHeader("Session", id), base)); strings.Contains(got.body, `code="0"`) {
		t.Errorf("in the session of a dead server: %s", got.body)
	}
	r.ask("POST", "/dsml", envelope(sessionHeader("Session", id), base)).want(t, 500, "Bad Session Request")
	r.ask("GET", r.g.AdminURL()+"metrics", "").want(t, 200, `dsmlkit_sessions_ended_total{cause="lost",endpoint="default"} 1`)
	server.Restart()
	r.g.ready.until = time.Time{}
	r.ask("GET", "/readyz", "").want(t, 200)
	r.ask("POST", "/dsml", envelope("", base)).want(t, 200, `code="0"`)
}

// The conformance suite goes through the whole gateway: on an LDAP server, on a
// file in memory, and through a relay to such a gateway.
func TestGateway_ConformanceSuite(t *testing.T) {
	onLDAP := func(t *testing.T) *running {
		server := slapd.Start(t, slapd.Options{Suffixes: []string{suite.Suffix}, LDIF: suite.Data(), TLS: true})
		return start(t, "--directory", server.SecureURL, "--ldap-ca", writeTemp(t, "ca.pem", string(server.CA)), "--trusted-proxy", "127.0.0.0/8")
	}
	admin := suite.Endpoint{Backend: "ldap", Name: slapd.Admin(suite.Suffix), Password: slapd.Password}
	t.Run("ldap", func(t *testing.T) {
		e := admin
		e.URL = onLDAP(t).g.URL() + "dsml"
		e.From = func(r *http.Request, address string) { r.Header.Set("X-Forwarded-For", address) }
		suite.Run(t, e)
	})
	t.Run("relay", func(t *testing.T) {
		e := admin
		e.URL = start(t, "--endpoint", "far="+onLDAP(t).g.URL()+"dsml").g.URL() + "dsml/far"
		suite.Run(t, e)
	})
	t.Run("memory", func(t *testing.T) {
		r := start(t, "--ldif", writeTemp(t, "data.ldif", string(suite.Data())))
		suite.Run(t, suite.Endpoint{URL: r.g.URL() + "dsml", Backend: "memory", Name: "ann", Password: "ann's"})
	})
}

// The certificate has to be for the name that the operator gives, whatever the
// address says.
func TestGateway_NameOfTheCertificate(t *testing.T) {
	server := slapd.Start(t, slapd.Options{Suffixes: []string{suffix}, LDIF: people(1), TLS: true})
	trusted := []string{"--directory", server.SecureURL, "--ldap-ca", writeTemp(t, "ca.pem", string(server.CA)), "--ldap-server-name"}
	r := start(t, append(trusted, "ldap.example.org")...)
	r.ask("POST", "/dsml", envelope("", searchBase(suffix))).want(t, 200, "couldNotConnect")
	r.ask("GET", "/readyz", "").want(t, 503)
	r = start(t, append(trusted, "127.0.0.1")...)
	r.ask("POST", "/dsml", envelope("", searchBase(suffix))).want(t, 200, `code="0"`)
	r.ask("GET", "/readyz", "").want(t, 200)
}

// The times that an operator sets are those that hold.
func TestGateway_LDAPTimes(t *testing.T) {
	server := slapd.Start(t, slapd.Options{Suffixes: []string{suffix}, LDIF: people(2)})
	r := start(t, "--directory", server.URL, "--ldap-operation-timeout", "2s", "--ldap-trust", "0s", "--ldap-pool", "1")
	who, admin := basic("uid=u001,ou=people,"+suffix, "secret-1"), basic(slapd.Admin(suffix), slapd.Password)
	r.ask("POST", "/dsml", envelope("", whoAmI), "Authorization", who).want(t, 200, "uid=u001")
	changed := `<modifyRequest dn="uid=u001,ou=people,` + suffix + `"><modification name="userPassword" operation="replace"><value>new</value></modification></modifyRequest>`
	id := r.begin("/dsml", "Authorization", admin)
	r.ask("POST", "/dsml", envelope(sessionHeader("Session", id), changed), "Authorization", admin).want(t, 200, `code="0"`)
	// The connection is still bound with the old password, which no longer counts.
	r.ask("POST", "/dsml", envelope("", whoAmI), "Authorization", who).want(t, 200, "couldNotConnect")
	server.Freeze()
	defer server.Thaw()
	r.ask("POST", "/dsml", envelope(sessionHeader("Session", id), searchBase(suffix)), "Authorization", admin).want(t, 200, "connectionClosed", "did not answer within 2s")
	r.ask("POST", "/dsml", envelope(sessionHeader("Session", id), ""), "Authorization", admin).want(t, 500, "Bad Session Request")
}

// A server that lets nobody in without a name is ready, and callers learn what
// it wants.
func TestD_120_NobodyWithoutAName(t *testing.T) {
	server := slapd.Start(t, slapd.Options{Suffixes: []string{suffix}, LDIF: people(1), Global: "disallow bind_anon\nrequire authc"})
	r := start(t, "--directory", server.URL)
	r.ask("GET", "/readyz", "").want(t, 200)
	r.ask("POST", "/dsml", envelope("", searchBase(suffix))).want(t, 200, `type="couldNotConnect"`, "nobody in without a name")
	r.ask("POST", "/dsml", envelope(beginHeader, "")).want(t, 200, "nobody in without a name")
	r.ask("POST", "/dsml", envelope("", searchBase(suffix)), "Authorization", basic(slapd.Admin(suffix), slapd.Password)).want(t, 200, `code="0"`)
}
