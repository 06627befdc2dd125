package relay

import (
	"net/http"
	"net/http/httptest"
	"net/netip"
	"net/url"
	"strings"
	"testing"
)

func TestRelay_GoesNowhereElse(t *testing.T) {
	var secret upstream
	secret.Server = httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) { t.Error("the relay followed a redirect") }))
	defer secret.Close()
	for _, status := range []int{301, 302, 303, 307, 308} {
		u := newUpstream(t, func(w http.ResponseWriter, _ *http.Request) bool {
			w.Header().Set("Location", secret.URL+"/admin")
			w.WriteHeader(status)
			return true
		})
		got := post(t, newRelay(t, u.URL), envelope("", search))
		got.want(t, 200, CodeRedirect, `type="couldNotConnect"`, "goes only where it was told")
		if got.header.Get("Location") != "" {
			t.Errorf("status %d: the browser would go there", status)
		}
		if u.count() != 1 {
			t.Errorf("status %d: %d messages", status, u.count())
		}
	}
	// What a caller says of hosts and targets has no meaning.
	u := newUpstream(t, nil)
	r := newRelay(t, u.URL+"/dsml")
	post(t, r, envelope("", search), func(r *http.Request) {
		r.Host = "169.254.169.254"
		r.URL, _ = url.Parse(secret.URL + "/dsml/other/../../admin?url=" + secret.URL)
		r.RequestURI = r.URL.String()
		r.Header.Set("X-Forwarded-Host", "169.254.169.254")
	}).want(t, 200, "")
	if request, _ := u.last(); request.URL.RequestURI() != "/dsml" {
		t.Errorf("sent to %s", request.URL)
	}
}

func TestGuard(t *testing.T) {
	networks := []netip.Prefix{netip.MustParsePrefix("10.1.0.0/16"), netip.MustParsePrefix("fd00:1::/32")}
	for _, c := range []struct {
		host    string
		address string
		allowed bool
	}{
		{"dsml.example", "93.184.216.34", true},
		{"dsml.example", "2606:2800:220:1::1", true},
		{"dsml.example", "10.1.2.3", true},
		{"dsml.example", "::ffff:10.1.2.3", true},
		{"dsml.example", "fd00:1::5", true},
		{"dsml.example", "10.2.2.3", false},
		{"dsml.example", "127.0.0.1", false},
		{"dsml.example", "::1", false},
		{"dsml.example", "::ffff:127.0.0.1", false},
		{"dsml.example", "169.254.169.254", false},
		{"dsml.example", "fe80::1%eth0", false},
		{"dsml.example", "192.168.1.1", false},
		{"dsml.example", "172.16.0.1", false},
		{"dsml.example", "100.64.0.1", false},
		{"dsml.example", "0.0.0.0", false},
		{"dsml.example", "::", false},
		{"dsml.example", "224.0.0.1", false},
		{"dsml.example", "255.255.255.255", false},
		{"dsml.example", "64:ff9b::7f00:1", false},
		{"dsml.example", "2002:7f00:1::", false},
		{"dsml.example", "fd00:2::5", false},
		{"localhost", "127.0.0.1", true},
		{"localhost", "::1", true},
		{"localhost", "192.168.1.1", false},
		{"localhost", "93.184.216.34", false},
		{"LocalHost.", "127.0.0.2", true},
		{"127.0.0.1", "127.0.0.1", true},
		{"127.0.0.1", "127.0.0.2", false},
		{"192.168.1.1", "192.168.1.1", true},
		{"192.168.1.1", "10.1.2.3", false},
		{"::1", "::1", true},
	} {
		port := ":389"
		address := c.address + port
		if strings.Contains(c.address, ":") {
			address = "[" + c.address + "]" + port
		}
		err := newGuard(c.host, networks).control(t.Context(), "tcp", address, nil)
		if (err == nil) != c.allowed {
			t.Errorf("%s leading to %s: %v, want allowed %v", c.host, c.address, err, c.allowed)
		}
	}
}

func TestRelay_NameThatLeadsInside(t *testing.T) {
	u := newUpstream(t, nil)
	r := newRelay(t, "http://dsml.example/dsml")
	conn, err := r.transport.(*http.Transport).DialContext(t.Context(), "tcp", strings.TrimPrefix(u.URL, "http://"))
	if err == nil {
		conn.Close()
		t.Fatalf("connected to %s", u.URL)
	}
	if got := unreachable(t.Context(), "dsml.example", err).(*trouble); got.code != CodeBlocked {
		t.Errorf("told as %s: %v", got.code, got)
	}
}

func TestRelay_Loop(t *testing.T) {
	var r *Relay
	web := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, in *http.Request) { r.ServeHTTP(w, in) }))
	defer web.Close()
	r = newRelay(t, web.URL)
	post(t, r, envelope("", search)).want(t, 200, "", "the way leads in a circle")
}

func TestNew_RefusesWhatIsNoEndpoint(t *testing.T) {
	for _, address := range []string{"ftp://host/", "/dsml", "https:///dsml", "https://user:pass@host/"} {
		u, err := url.Parse(address)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := New(Options{Upstream: u}); err == nil || strings.Contains(err.Error(), "pass@") {
			t.Errorf("%s: %v", address, err)
		}
	}
	if _, err := New(Options{}); err == nil {
		t.Error("no address: accepted")
	}
}
