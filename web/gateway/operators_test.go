package gateway

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"time"
)

const token = "0123456789abcdef0123"

func TestLog_NeitherCredentialsNorValues(t *testing.T) {
	for _, format := range []string{"text", "json"} {
		r := start(t, "--log-format", format, "--log-level", "debug", "--admin-token", token)
		basic := "Basic dWlkPWFkbWluLG91PXNlcnZpY2VzLGRjPWV4YW1wbGUsZGM9b3JnOnNlY3JldA==" // uid=admin,...:secret
		id := r.begin("/dsml", "Authorization", basic)
		add := `<addRequest dn="cn=printer-7,ou=devices,dc=example,dc=org"><attr name="objectClass"><value>device</value></attr><attr name="description"><value>confidential-value</value></attr></addRequest>`
		r.ask("POST", "/dsml", envelope(sessionHeader("Session", id), add+`<compareRequest dn="cn=printer-7,ou=devices,dc=example,dc=org"><assertion name="description"><value>confidential-value</value></assertion></compareRequest>`), "Authorization", basic, "Cookie", "a=cookie-value").want(t, 200)
		r.ask("POST", "/dsml", envelope(sessionHeader("Session", "guessed-session-id"), ""))
		r.ask("POST", "/dsml", "confidential-value")
		r.ask("POST", "/dsml", envelope("", ""), "Authorization", "Basic dXNlcjpiYWQtcGFzc3dvcmQ=") // user:bad-password
		r.ask("GET", "/sessions?token="+token, "", "Authorization", "Bearer "+token).want(t, 200)
		r.ask("POST", "/dsml", envelope(sessionHeader("EndSession", id), ""), "Authorization", basic)
		text := r.log.String()
		for _, secret := range []string{"confidential-value", "cookie-value", "secret", "dWlkPWFkbWlu", "bad-password", "dXNlcjpi", token, id, "guessed-session-id"} {
			if strings.Contains(text, secret) {
				t.Errorf("the log holds %q:\n%s", secret, text)
			}
		}
		if !strings.Contains(text, id[:6]) || !strings.Contains(text, "answered") || !strings.Contains(text, "malformed") {
			t.Errorf("%s: the log lacks what happened:\n%s", format, text)
		}
		for line := range strings.Lines(text) {
			if format == "json" && !json.Valid([]byte(line)) {
				t.Errorf("no JSON: %s", line)
			}
		}
	}
}

func TestLog_Masks(t *testing.T) {
	var out safeBuffer
	c := Defaults()
	c.LogLevel = "info"
	log := c.newLog(&out)
	log.Info("x", "Password", "p1", "authorization", "a1", "long", strings.Repeat("y", 10000))
	if text := out.String(); strings.Contains(text, "p1") || strings.Contains(text, "a1") || len(text) > 1000 {
		t.Errorf("written: %s", text)
	}
	log.Debug("quiet")
	if strings.Contains(out.String(), "quiet") {
		t.Error("below its level")
	}
}

func TestMetrics(t *testing.T) {
	r := start(t, "--admin-listen", "127.0.0.1:0", "--sessions-max-per-client", "1", "--endpoint", "other=memory")
	base := searchBase("dc=example,dc=org")
	r.ask("POST", "/dsml", envelope("", base+searchBase("cn=nobody,dc=example,dc=org")))
	r.ask("POST", "/dsml", "no XML")
	id := r.begin("/dsml/other")
	r.ask("POST", "/dsml/other", envelope(beginHeader, "")) // above the limit
	r.ask("POST", "/dsml/other", envelope(sessionHeader("Session", "unknown"), base))
	metrics := func() string { return r.ask("GET", r.g.AdminURL()+"metrics", "").body }
	text := metrics()
	for _, line := range []string{
		`dsmlkit_http_requests_total{code="200",endpoint="default",method="POST"} 2`,
		`dsmlkit_http_requests_total{code="500",endpoint="other",method="POST"} 2`,
		`dsmlkit_operations_total{endpoint="default",operation="searchRequest",result="success"} 1`,
		`dsmlkit_operations_total{endpoint="default",operation="searchRequest",result="noSuchObject"} 1`,
		`dsmlkit_entries_total{endpoint="default"} 1`,
		`dsmlkit_messages_total{endpoint="default",outcome="answered",step="none"} 1`,
		`dsmlkit_messages_total{endpoint="default",outcome="malformed",step="none"} 1`,
		`dsmlkit_messages_total{endpoint="other",outcome="fault",step="begin"} 1`,
		`dsmlkit_messages_total{endpoint="other",outcome="fault",step="use"} 1`,
		`dsmlkit_sessions_begun_total{endpoint="other"} 1`,
		`dsmlkit_sessions_open{endpoint="other"} 1`,
		`dsmlkit_sessions_refused_total{endpoint="other"} 1`,
		`dsmlkit_sessions_unknown_total{endpoint="other"} 1`,
		`dsmlkit_http_request_duration_seconds_count{endpoint="default"} 2`,
		`dsmlkit_operation_duration_seconds_count{endpoint="default",operation="searchRequest"} 2`,
		`dsmlkit_http_requests_in_flight 1`,
		`go_goroutines `,
	} {
		if !strings.Contains(text, line) {
			t.Errorf("the metrics lack %s", line)
		}
	}
	r.ask("POST", "/dsml/other", envelope(sessionHeader("EndSession", id), ""))
	text = metrics()
	for _, line := range []string{`dsmlkit_sessions_ended_total{cause="ended",endpoint="other"} 1`, `dsmlkit_sessions_open{endpoint="other"} 0`} {
		if !strings.Contains(text, line) {
			t.Errorf("after the end, the metrics lack %s", line)
		}
	}
	if t.Failed() {
		for line := range strings.Lines(text) {
			if strings.HasPrefix(line, "dsmlkit_") && !strings.Contains(line, "_bucket") {
				t.Log(strings.TrimSpace(line))
			}
		}
	}
}

func TestAdmin_NothingWithoutTheRight(t *testing.T) {
	// By default there is nothing to see.
	r := start(t)
	for _, path := range []string{"/metrics", "/sessions"} {
		r.ask("GET", path, "").want(t, 404)
	}
	r = start(t, "--admin-token", token, "--admin-listen", "127.0.0.1:0")
	for _, address := range []string{r.g.URL(), r.g.AdminURL()} {
		for _, path := range []string{"metrics", "sessions"} {
			r.ask("GET", address+path, "").want(t, 401)
			r.ask("GET", address+path, "", "Authorization", "Bearer "+token+"x").want(t, 401)
			r.ask("GET", address+path, "", "Authorization", "Basic b3BzOndyb25n").want(t, 401)
			r.ask("GET", address+path, "", "Authorization", "Bearer "+token).want(t, 200)
		}
	}
	r.ask("GET", "/sessions", "", "Authorization", "Basic b3BzOjAxMjM0NTY3ODlhYmNkZWYwMTIz").want(t, 200) // ops:token
	r.ask("POST", r.g.AdminURL()+"dsml", envelope("", "")).want(t, 404)
	r.ask("GET", r.g.AdminURL()+"metrics", "", "Authorization", "Bearer "+token, "Host", "evil.example").want(t, 421)
}

func TestAdmin_SessionView(t *testing.T) {
	behind := start(t)
	r := start(t, "--admin-listen", "127.0.0.1:0", "--endpoint", "far="+behind.g.URL()+"dsml")
	basic := "Basic dWlkPWFkbWluLG91PXNlcnZpY2VzLGRjPWV4YW1wbGUsZGM9b3JnOnNlY3JldA=="
	ids := []string{r.begin("/dsml", "Authorization", basic), r.begin("/dsml/far")}
	got := r.ask("GET", r.g.AdminURL()+"sessions", "")
	var view struct {
		Endpoints map[string]string
		Sessions  []struct {
			SessionID  int    `json:"session_id"`
			EndpointID int    `json:"endpoint_id"`
			Status     string `json:"status"`
			Client     string `json:"client_net_address"`
			Login      string `json:"login_name"`
		}
	}
	if err := json.Unmarshal([]byte(got.body), &view); err != nil {
		t.Fatal(err)
	}
	if len(view.Sessions) != 2 || view.Sessions[0].Status != "sleeping" || view.Sessions[1].Client != "127.0.0.1" || view.Endpoints["2"] != "far" || view.Sessions[1].EndpointID != 2 || view.Sessions[0].SessionID == view.Sessions[1].SessionID {
		t.Errorf("the view: %s", got.body)
	}
	page := r.ask("GET", r.g.AdminURL()+"sessions", "", "Accept", "text/html,*/*")
	page.want(t, 200, "<td>far</td>", "<td>sleeping</td>", ids[0][:6])
	if page.header.Get("Content-Type") != "text/html; charset=utf-8" || !strings.Contains(page.header.Get("Content-Security-Policy"), "default-src 'none'") {
		t.Errorf("headers %v", page.header)
	}
	if view.Sessions[0].Login != "uid=admin,ou=services,dc=example,dc=org" || view.Sessions[1].Login != "" {
		t.Errorf("the names in the view: %s", got.body)
	}
	for _, id := range ids {
		if strings.Contains(got.body+page.body, id) {
			t.Error("the view gives a session away")
		}
	}
	if regexp.MustCompile(`[0-9a-f]{32}`).MatchString(got.body + page.body) {
		t.Error("the view holds a digest of credentials, from which they could be guessed")
	}
}

func TestHealthAndReadiness(t *testing.T) {
	behind := start(t)
	r := start(t, "--endpoint", "far="+behind.g.URL()+"dsml", "--endpoint", "gone=ldap://127.0.0.1:1")
	r.ask("GET", "/healthz", "").want(t, 200, "ok")
	r.ask("GET", "/readyz", "").want(t, 503, `"ready":false`, `"gone":"unreachable"`, `"far":"ready"`, `"default":"ready"`)
	if text := r.ask("GET", "/readyz", "").body; strings.Contains(text, "127.0.0.1") {
		t.Errorf("addresses behind the gateway are told: %s", text)
	}
	ready := start(t, "--endpoint", "far="+behind.g.URL()+"dsml")
	asked := time.Now()
	ready.ask("GET", "/readyz", "").want(t, 200, `"ready":true`)
	// An answer stands for a while, so that asking often costs little.
	if until := ready.g.ready.until; until.Before(asked.Add(readyFresh)) {
		t.Errorf("asked at %v, and the answer stands until %v", asked, until)
	}
	ready.g.ready.until = asked.Add(time.Hour)
	if err := behind.stop(); err != nil {
		t.Fatal(err)
	}
	ready.ask("GET", "/readyz", "").want(t, 200)
	ready.g.ready.until = time.Time{}
	ready.ask("GET", "/readyz", "").want(t, 503, `"far":"unreachable"`)
}

// The view says who began a session, by the name and without anything that
// could be used to try passwords.
func TestS_24_TheViewNamesWhoBegan(t *testing.T) {
	behind := start(t)
	r := start(t, "--admin-listen", "127.0.0.1:0", "--endpoint", "far="+behind.g.URL()+"dsml")
	admin := basic("uid=admin,ou=services,dc=example,dc=org", "secret")
	for _, path := range []string{"/dsml", "/dsml/far"} {
		r.ask("POST", path, envelope(beginHeader, ""), "Authorization", admin).want(t, 200, "SessionID")
	}
	got := r.ask("GET", r.g.AdminURL()+"sessions", "")
	if n := strings.Count(got.body, `"login_name":"uid=admin,ou=services,dc=example,dc=org"`); n != 2 {
		t.Errorf("%d sessions have their name: %s", n, got.body)
	}
	page := r.ask("GET", r.g.AdminURL()+"sessions", "", "Accept", "text/html")
	page.want(t, 200, "<td>uid=admin,ou=services,dc=example,dc=org</td>")
	if strings.Contains(got.body+page.body, "secret") || regexp.MustCompile("[0-9a-f]{64}").MatchString(got.body+page.body) {
		t.Errorf("the view shows more than the name: %s", got.body)
	}
}
