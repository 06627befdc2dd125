package main

import (
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
)

func TestOnlyLocalNames(t *testing.T) {
	reached := http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) })
	local, anywhere := &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1)}, &net.TCPAddr{IP: net.IPv4zero}
	for host, local200 := range map[string]bool{
		"127.0.0.1:8080": true, "localhost:8080": true, "LOCALHOST": true, "[::1]:8080": true, "app.localhost:80": true, "": true,
		"evil.example:8080": false, "localhost.evil.example": false, "127.0.0.1.evil.example": false,
	} {
		for _, c := range []struct {
			listening net.Addr
			answered  bool
		}{{local, local200}, {anywhere, true}} {
			r := httptest.NewRequest(http.MethodPost, "/dsml", nil)
			r.Host = host
			w := httptest.NewRecorder()
			onlyLocalNames(c.listening, reached).ServeHTTP(w, r)
			if got := w.Code == http.StatusNoContent; got != c.answered {
				t.Errorf("listening on %v, host %q: status %d", c.listening, host, w.Code)
			}
		}
	}
}
