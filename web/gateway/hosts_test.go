package gateway

import (
	"net"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"testing"
)

func TestKnownHosts(t *testing.T) {
	reached := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	local, anywhere := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, &net.TCPAddr{IP: net.IPv4zero}
	for host, isLocal := range map[string]bool{
		"127.0.0.1:8080": true, "localhost:8080": true, "LOCALHOST": true, "[::1]:8080": true, "app.localhost:80": true, "": true,
		"evil.example:8080": false, "localhost.evil.example": false, "127.0.0.1.evil.example": false,
	} {
		for _, c := range []struct {
			listening net.Addr
			names     []string
			answered  bool
		}{
			{local, nil, isLocal},
			{anywhere, nil, true},
			{local, []string{"dsml.example"}, isLocal},
			{local, []string{"Evil.example"}, isLocal || host == "evil.example:8080"},
			{anywhere, []string{"dsml.example"}, isLocal},
		} {
			r := httptest.NewRequest(http.MethodPost, "/dsml", nil)
			r.Host = host
			w := httptest.NewRecorder()
			knownHosts(c.listening, c.names, reached).ServeHTTP(w, r)
			if got := w.Code == http.StatusNoContent; got != c.answered {
				t.Errorf("listening on %v with the names %q, host %q: status %d", c.listening, c.names, host, w.Code)
			}
		}
	}
}

func TestClient_BehindProxies(t *testing.T) {
	g := &Gateway{proxies: []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("::1/128")}}
	for _, c := range []struct{ peer, forwarded, want string }{
		{"192.0.2.7:1", "", "192.0.2.7"},
		{"192.0.2.7:1", "198.51.100.1", "192.0.2.7"}, // no proxy of ours: its word counts for nothing
		{"10.0.0.1:1", "", "10.0.0.1"},
		{"10.0.0.1:1", "198.51.100.1", "198.51.100.1"},
		{"10.0.0.1:1", "203.0.113.9, 198.51.100.1", "198.51.100.1"}, // what stands before is the client's own word
		{"10.0.0.1:1", "203.0.113.9, 198.51.100.1, 10.0.0.2", "198.51.100.1"},
		{"[::1]:1", "::ffff:198.51.100.1", "198.51.100.1"},
		{"10.0.0.1:1", "nonsense", "10.0.0.1"},
		{"10.0.0.1:1", "nonsense, 10.0.0.2", "10.0.0.2"},
	} {
		r := httptest.NewRequest(http.MethodPost, "/dsml", nil)
		r.RemoteAddr = c.peer
		if c.forwarded != "" {
			r.Header.Set("X-Forwarded-For", c.forwarded)
		}
		if got := g.client(r); got != c.want {
			t.Errorf("from %s for %q: %s, want %s", c.peer, c.forwarded, got, c.want)
		}
	}
}
