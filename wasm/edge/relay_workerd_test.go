//go:build workerd

package main

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/web/directory/memory"
	"github.com/dsmlkit/dsmlkit/web/endpoint"
)

// The Worker before another DSML endpoint: sessions go through as they are, and
// the other's cookies come back under another name.
func TestEdge_Relay(t *testing.T) {
	behind := endpoint.NewDSML(endpoint.Options{Backend: memory.Sample()})
	var cookie, via []string
	upstream := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		cookie, via = r.Header["Cookie"], r.Header["Cf-Connecting-Ip"]
		w.Header().Add("Set-Cookie", "route=a; Path=/; HttpOnly")
		w.Header().Add("Set-Cookie", "other=b; Domain=example.org")
		w.Header().Set("X-Internal", "1")
		behind.ServeHTTP(w, r)
	}))
	t.Cleanup(upstream.Close)
	w := startWorker(t, map[string]string{"DSMLKIT_DIRECTORY": upstream.URL + "/dsml", "DSMLKIT_ALLOW_ORIGIN": "https://tool.example"})
	c := client{t: t, w: w, address: "192.0.2.1", name: "admin", password: "secret"}
	id := c.begin()
	const search = `<searchRequest dn="dc=example,dc=org" scope="baseObject" derefAliases="neverDerefAliases"><filter><present name="objectClass"/></filter></searchRequest>`
	if a := c.post(header("Session", id), search, "Cookie", "dsmlkit-dsml-route=a; page=secret"); a.status != 200 || a.id != id || !strings.Contains(a.body, "searchResultEntry") {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if strings.Join(cookie, "|") != "route=a" || len(via) != 0 {
		t.Errorf("the other endpoint got cookies %q and %q", cookie, via)
	}
	if a := c.post(header("EndSession", id), ""); a.status != 200 {
		t.Fatalf("%d %s", a.status, a.body)
	}
	if a := c.post(header("Session", id), search); !a.refused() {
		t.Errorf("%d %s", a.status, a.body)
	}
	if a := c.post("", search, "Origin", "https://elsewhere.example"); a.status != http.StatusForbidden {
		t.Errorf("a page of another origin: %d %s", a.status, a.body)
	}

	for _, method := range []string{http.MethodOptions, http.MethodPost} {
		r, err := http.NewRequest(method, w.address+"/dsml", strings.NewReader("<batchRequest xmlns='urn:oasis:names:tc:DSML:2:0:core'/>"))
		if err != nil {
			t.Fatal(err)
		}
		r.Header.Set("Origin", "https://tool.example")
		res, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		res.Body.Close()
		if res.Header.Get("Access-Control-Allow-Origin") != "https://tool.example" {
			t.Errorf("%s: %v", method, res.Header)
		}
		if method == http.MethodPost {
			if got := res.Header["Set-Cookie"]; len(got) != 2 || got[0] != "dsmlkit-dsml-route=a; HttpOnly; Path=/dsml" || got[1] != "dsmlkit-dsml-other=b; Path=/dsml" {
				t.Errorf("Set-Cookie %q", got)
			}
			if res.Header.Get("X-Internal") != "" || !strings.HasPrefix(res.Header.Get("Dsmlkit-Upstream-Status"), "200") {
				t.Errorf("%v", res.Header)
			}
		}
	}
}

func TestEdge_RelayRefusesToBeLedAway(t *testing.T) {
	reached := false
	secret := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { reached = true }))
	t.Cleanup(secret.Close)
	upstream := httptest.NewServer(http.RedirectHandler(secret.URL, http.StatusTemporaryRedirect))
	w := startWorker(t, map[string]string{"DSMLKIT_DIRECTORY": upstream.URL})
	c := client{t: t, w: w, address: "192.0.2.1"}
	if a := c.post("", rootSearch); a.status != http.StatusBadGateway || reached || !strings.Contains(a.body, "not followed") {
		t.Errorf("%d %s, reached %v", a.status, a.body, reached)
	}
	if a := c.post("", rootSearch, "Authorization", "Negotiate abc"); a.status != http.StatusUnauthorized {
		t.Errorf("%d %s", a.status, a.body)
	}
	upstream.Close()
	if a := c.post("", rootSearch); a.status != http.StatusBadGateway || !strings.Contains(a.body, "did not answer") {
		t.Errorf("%d %s", a.status, a.body)
	}
}
