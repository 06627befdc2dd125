//go:build workerd

package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/web/directory/slapd"
	"github.com/dsmlkit/dsmlkit/web/directory/suite"
)

// The suite of the native endpoint, on every transport: sockets of the runtime,
// TLS of Go with an authority that comes as a secret.
func TestEdge_Suite(t *testing.T) {
	for _, transport := range []string{"ldap", "ldaps", "StartTLS"} {
		t.Run(transport, func(t *testing.T) {
			s := slapd.Start(t, slapd.Options{Suffixes: []string{suite.Suffix}, LDIF: suite.Data(), TLS: true})
			settings := map[string]string{"DSMLKIT_DIRECTORY": s.URL, "DSMLKIT_LDAP_CA": string(s.CA)}
			switch transport {
			case "ldaps":
				settings["DSMLKIT_DIRECTORY"] = s.SecureURL
			case "StartTLS":
				settings["DSMLKIT_START_TLS"] = "true"
				settings["DSMLKIT_DIRECTORY"] = strings.Replace(s.URL, "127.0.0.1", "localhost", 1)
			}
			w := startWorker(t, settings)
			suite.Run(t, suite.Endpoint{
				URL: w.address + "/dsml", Backend: "ldap", Name: slapd.Admin(suite.Suffix), Password: slapd.Password,
				From: func(r *http.Request, address string) { r.Header.Set("CF-Connecting-IP", address) },
			})
		})
	}
}

// onLDAP is a Worker on a server of its own.
func onLDAP(t *testing.T, settings map[string]string) (*slapd.Server, *worker) {
	s := slapd.Start(t, slapd.Options{Suffixes: []string{suite.Suffix}, LDIF: suite.Data()})
	all := map[string]string{"DSMLKIT_DIRECTORY": s.URL}
	for name, value := range settings {
		all[name] = value
	}
	return s, startWorker(t, all)
}

func admin(t *testing.T, w *worker, address string) client {
	return client{t, w, address, slapd.Admin(suite.Suffix), slapd.Password}
}

const rootSearch = `<searchRequest dn="` + suite.Suffix + `" scope="baseObject" derefAliases="neverDerefAliases"><filter><present name="objectClass"/></filter></searchRequest>`

func TestEdge_D_127_S_47_ForgedForeignAndEndedIDsLookAlike(t *testing.T) {
	_, w := onLDAP(t, nil)
	_, other := onLDAP(t, nil)
	me, stranger := admin(t, w, "192.0.2.1"), admin(t, w, "192.0.2.2")
	elsewhere := admin(t, other, "192.0.2.1").begin()
	ended := me.begin()
	if a := me.post(header("EndSession", ended), rootSearch); a.status != 200 || !strings.Contains(a.body, "searchResultEntry") {
		t.Fatalf("the last batch: %d %s", a.status, a.body)
	}
	mine := me.begin()
	want := me.post(header("Session", "nope"), rootSearch)
	if !want.refused() {
		t.Fatalf("%d %s", want.status, want.body)
	}
	for name, a := range map[string]answer{
		"ended":                me.post(header("Session", ended), rootSearch),
		"ended, to be ended":   me.post(header("EndSession", ended), rootSearch),
		"another deployment's": me.post(header("Session", elsewhere), rootSearch),
		"64 digits":            me.post(header("Session", strings.Repeat("f", 64)), rootSearch),
		"somebody else's":      stranger.post(header("Session", mine), rootSearch),
	} {
		if a.status != want.status || a.body != want.body {
			t.Errorf("%s: %d %s", name, a.status, a.body)
		}
	}
	if a := me.post(header("Session", mine), rootSearch); a.status != 200 || a.id != mine {
		t.Errorf("my own afterwards: %d %s", a.status, a.body)
	}
}

// A message that goes wrong in its body is of its session, which goes on.
func TestEdge_D_127_MalformedBodiesAreOfTheirSession(t *testing.T) {
	_, w := onLDAP(t, nil)
	c := admin(t, w, "192.0.2.1")
	id := c.begin()
	for _, wrong := range []string{"<batchRequest", `<batchRequest a="1" a="2"/>`, "<p:batchRequest/>", "&nothing;", "<1/>"} {
		if a := c.postBody(header("Session", id), wrong); a.status != 200 || a.id != id || !strings.Contains(a.body, `type="malformedRequest"`) {
			t.Errorf("%s: %d %s", wrong, a.status, a.body)
		}
	}
	c.mustGoOn(id, "afterwards")
}

func TestEdge_D_128_D_129_Limits(t *testing.T) {
	_, w := onLDAP(t, map[string]string{"DSMLKIT_SESSIONS_MAX": "4", "DSMLKIT_SESSIONS_MAX_PER_CLIENT": "3"})
	first, second := admin(t, w, "192.0.2.1"), admin(t, w, "192.0.2.2")
	ids := []string{first.begin(), first.begin(), first.begin()}
	if a := first.post(header("BeginSession", ""), ""); !a.refused() {
		t.Fatalf("a fourth of one client: %d %s", a.status, a.body)
	}
	second.begin()
	if a := second.post(header("BeginSession", ""), ""); !a.refused() {
		t.Fatalf("a fifth in all: %d %s", a.status, a.body)
	}
	if a := first.post(header("EndSession", ids[0]), ""); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	second.begin() // whoever has the answer to an end finds its place free
}

// A batch that begins a session and fails as a whole leaves no count behind.
func TestEdge_D_129_WhatWasNotBegunDoesNotCount(t *testing.T) {
	_, w := onLDAP(t, map[string]string{"DSMLKIT_SESSIONS_MAX_PER_CLIENT": "1"})
	c := admin(t, w, "192.0.2.1")
	for range 3 {
		if a := c.post(header("BeginSession", "")+header("BeginSession", ""), ""); a.status != 500 {
			t.Fatalf("%d %s", a.status, a.body)
		}
		if a := c.post(header("BeginSession", ""), "<nonsense/>"); a.id != "" {
			t.Fatalf("%d %s", a.status, a.body)
		}
	}
	waitFor(t, "room for one", func() bool { return c.post(header("BeginSession", ""), "").status == 200 })
}

func waitFor(t *testing.T, what string, done func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !done(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%s: never", what)
		}
	}
}

func TestEdge_D_131_AnIdleSessionExpires(t *testing.T) {
	_, w := onLDAP(t, map[string]string{"DSMLKIT_SESSION_TTL": "1s", "DSMLKIT_SESSIONS_MAX_PER_CLIENT": "1"})
	c := admin(t, w, "192.0.2.1")
	id := c.begin()
	time.Sleep(1500 * time.Millisecond)
	if a := c.post(header("Session", id), rootSearch); !a.refused() {
		t.Fatalf("%d %s", a.status, a.body)
	}
	waitFor(t, "room for another", func() bool { return c.post(header("BeginSession", ""), "").status == 200 })
}

// Whatever becomes of the object or its Go, the session is lost and that is
// told; nothing is begun in its place.
func TestEdge_D_127_LostWithItsObject(t *testing.T) {
	for _, what := range []string{"go", "object"} {
		t.Run(what, func(t *testing.T) {
			_, w := onLDAP(t, map[string]string{"DSMLKIT_SESSIONS_MAX_PER_CLIENT": "2"})
			c := admin(t, w, "192.0.2.1")
			id, other := c.begin(), c.begin()
			if a := c.post(header("Session", id), rootSearch, "Break", what); a.status != 503 || !strings.Contains(a.body, "may be lost") {
				t.Fatalf("%d %s", a.status, a.body)
			}
			for range 2 {
				if a := c.post(header("Session", id), rootSearch); !a.refused() {
					t.Fatalf("afterwards: %d %s", a.status, a.body)
				}
			}
			if a := c.post(header("Session", other), rootSearch); a.status != 200 {
				t.Fatalf("the other session: %d %s", a.status, a.body)
			}
			if a := c.post(header("BeginSession", ""), ""); a.status != 200 {
				t.Fatalf("a new one in its place: %d %s", a.status, a.body)
			}
		})
	}
}

func TestEdge_DirectoryRestarted(t *testing.T) {
	s, w := onLDAP(t, nil)
	c := admin(t, w, "192.0.2.1")
	id := c.begin()
	if a := c.post(header("Session", id), rootSearch); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	s.Kill()
	if a := c.post("", rootSearch); !strings.Contains(a.body, "errorResponse") {
		t.Errorf("outside a session: %d %s", a.status, a.body)
	}
	s.Restart()
	first, second := c.post(header("Session", id), rootSearch), c.post(header("Session", id), rootSearch)
	if !first.refused() && !strings.Contains(first.body, "errorResponse") || strings.Contains(first.body, "searchResultEntry") || !second.refused() {
		t.Errorf("the session went on:\n%s\n%s", first.body, second.body)
	}
	waitFor(t, "an answer outside a session", func() bool { return strings.Contains(c.post("", rootSearch).body, "searchResultEntry") })
	c.begin()
}

func TestEdge_TwoHundredSessions(t *testing.T) {
	_, w := onLDAP(t, map[string]string{"DSMLKIT_SESSIONS_MAX": "-1", "DSMLKIT_SESSIONS_MAX_PER_CLIENT": "-1", "DSMLKIT_EDGE_SHARDS": "3", "DSMLKIT_ADMIN_TOKEN": "let-me"})
	first := admin(t, w, "198.51.100.1")
	first.post(header("EndSession", first.begin()), rootSearch)
	before := w.level(t)
	var wg sync.WaitGroup
	var mu sync.Mutex
	var took []time.Duration
	ids := map[string]client{}
	for i := range 200 {
		wg.Go(func() {
			c := admin(t, w, fmt.Sprintf("198.51.100.%d", i%50))
			a := c.post(header("BeginSession", ""), "")
			for range 3 {
				start := time.Now()
				if b := c.post(header("Session", a.id), rootSearch); b.status != 200 || b.id != a.id || strings.Count(b.body, "<searchResultEntry") != 1 {
					t.Errorf("session %d: %d %s", i, b.status, b.body)
				}
				mu.Lock()
				took, ids[a.id] = append(took, time.Since(start)), c
				mu.Unlock()
			}
		})
		if i%20 == 19 {
			wg.Wait()
		}
	}
	wg.Wait()
	if len(ids) != 200 {
		t.Errorf("%d ids for 200 sessions", len(ids))
	}
	t.Logf("a request in a session: median %v, 99 of 100 within %v", percentile(took, 50), percentile(took, 99))
	rows := view(t, w, "let-me")
	numbers := map[float64]bool{}
	for _, row := range rows {
		numbers[row["session_id"].(float64)] = true
	}
	if len(rows) != 200 || len(numbers) != 200 {
		t.Errorf("the view has %d rows with %d numbers", len(rows), len(numbers))
	}
	with := w.resident(t)
	ending := 0
	for id, c := range ids {
		wg.Go(func() {
			if a := c.post(header("EndSession", id), ""); a.status != 200 || a.id != id {
				t.Errorf("the end: %d %s", a.status, a.body)
			}
		})
		if ending++; ending%20 == 0 {
			wg.Wait()
		}
	}
	wg.Wait()
	waitFor(t, "an empty view", func() bool { return len(view(t, w, "let-me")) == 0 })
	t.Logf("%d MB with 200 sessions", with>>20)
	w.comesDownTo(t, before+(with-before)/10, before)
}

func view(t *testing.T, w *worker, token string) []map[string]any {
	r, err := http.NewRequest(http.MethodGet, w.address+"/sessions", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	var got struct{ Sessions []map[string]any }
	if err := json.NewDecoder(res.Body).Decode(&got); err != nil {
		t.Fatal(err)
	}
	return got.Sessions
}

func TestEdge_S_24_View(t *testing.T) {
	_, w := onLDAP(t, map[string]string{"DSMLKIT_ADMIN_TOKEN": "let-me"})
	c := admin(t, w, "192.0.2.7")
	id := c.begin()
	rows := view(t, w, "let-me")
	if len(rows) != 1 || rows[0]["client_net_address"] != "192.0.2.7" || rows[0]["status"] != "sleeping" || rows[0]["endpoint_id"] != 1.0 || rows[0]["login_name"] != c.name {
		t.Fatalf("%v", rows)
	}
	if text := fmt.Sprint(rows); strings.Contains(text, id) || strings.Contains(text, slapd.Password) {
		t.Errorf("the view gives secrets away: %s", text)
	}
	for _, token := range []string{"", "wrong"} {
		r, _ := http.NewRequest(http.MethodGet, w.address+"/sessions", nil)
		r.Header.Set("Authorization", "Bearer "+token)
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.StatusCode != http.StatusUnauthorized {
			t.Errorf("token %q: status %d", token, res.StatusCode)
		}
	}
	if a := c.post(header("EndSession", id), ""); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	waitFor(t, "an empty view", func() bool { return len(view(t, w, "let-me")) == 0 })
}

// Headers by which the front Worker speaks to its objects are its own.
func TestEdge_InternalHeadersAreNotTakenFromOutside(t *testing.T) {
	_, w := onLDAP(t, nil)
	c := admin(t, w, "192.0.2.1")
	id := c.begin()
	if a := c.post("", rootSearch, "dsmlkit-role", "view"); !strings.Contains(a.body, "searchResultEntry") {
		t.Errorf("%d %s", a.status, a.body)
	}
	stranger := admin(t, w, "192.0.2.9")
	if a := stranger.post(header("Session", id), rootSearch, "dsmlkit-client", "192.0.2.1"); !a.refused() {
		t.Errorf("%d %s", a.status, a.body)
	}
}

// A deployment that is set up wrong says so in its log, and not to callers what.
func TestEdge_WrongSettings(t *testing.T) {
	for name, wrong := range map[string][2]string{
		"DSMLKIT_SESSION_TTL":  {"soon", "write a time"},
		"DSMLKIT_SESSIONS_MAX": {"many", "whole number"},
		"DSMLKIT_LDAP_CA":      {"ca.pem", "no certificate"},
		"DSMLKIT_SESION_TTL":   {"10m", "no setting"},
	} {
		t.Run(name, func(t *testing.T) {
			_, w := onLDAP(t, map[string]string{name: wrong[0]})
			a := admin(t, w, "192.0.2.1").post("", rootSearch)
			if a.status < 500 || strings.Contains(a.body, wrong[1]) || strings.Contains(a.body, "searchResultEntry") {
				t.Errorf("%d %s", a.status, a.body)
			}
			// The log is read by another goroutine.
			waitFor(t, "the log to say it", func() bool {
				return regexp.MustCompile(name + `[^\n]*` + wrong[1]).MatchString(w.said())
			})
		})
	}
}
