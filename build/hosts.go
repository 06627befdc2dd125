package main

import (
	"net"
	"net/http"
	"strings"
)

// onlyLocalNames refuses requests that come under a foreign name when the
// server listens on this machine alone. A web page can have its own name lead
// to 127.0.0.1 after it was loaded (DNS rebinding); the browser then takes the
// page and this server for one origin, but the name in the Host header is still
// the page's.
func onlyLocalNames(listening net.Addr, next http.Handler) http.Handler {
	tcp, ok := listening.(*net.TCPAddr)
	if !ok || !tcp.IP.IsLoopback() {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !isLocalName(r.Host) {
			http.Error(w, "This server listens on this machine alone and answers to localhost and to addresses, not to "+r.Host+". Start it with --listen and an address of your network to serve others.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// isLocalName reports whether the host of a request, with or without a port,
// is an address or localhost. HTTP/1.0 clients name no host at all.
func isLocalName(host string) bool {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	name = strings.ToLower(strings.TrimSuffix(name, "."))
	return name == "" || name == "localhost" || strings.HasSuffix(name, ".localhost") || net.ParseIP(name) != nil
}
