package gateway

import (
	"net"
	"net/http"
	"net/netip"
	"slices"
	"strings"
)

// knownHosts refuses requests that come under a name which is not this
// server's. A web page can have its own name lead here after it was loaded (DNS
// rebinding); the browser then takes the page and this server for one origin,
// but the name in the Host header is still the page's.
//
// A server that listens on this machine alone answers to localhost, to
// addresses and to the names given; one that others reach answers to any name
// unless some are given.
func knownHosts(listening net.Addr, names []string, next http.Handler) http.Handler {
	tcp, ok := listening.(*net.TCPAddr)
	local := ok && tcp.IP.IsLoopback()
	if !local && len(names) == 0 {
		return next
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name := hostOf(r.Host)
		if !isLocalName(name) && !slices.ContainsFunc(names, func(n string) bool { return strings.EqualFold(n, name) }) {
			http.Error(w, "This server does not answer to the name "+r.Host+". Start it with --host "+name+" if it should.", http.StatusMisdirectedRequest)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// hostOf is the Host header without port and brackets. HTTP/1.0 clients name no
// host at all.
func hostOf(host string) string {
	name, _, err := net.SplitHostPort(host)
	if err != nil {
		name = strings.Trim(host, "[]")
	}
	return strings.ToLower(strings.TrimSuffix(name, "."))
}

// isLocalName reports whether a name is an address or localhost.
func isLocalName(name string) bool {
	return name == "" || name == "localhost" || strings.HasSuffix(name, ".localhost") || net.ParseIP(name) != nil
}

// client is the address that a request comes from, for the limits and checks of
// sessions: that of the TCP peer, or what trusted proxies say. Each proxy adds
// the address it was called from at the end of X-Forwarded-For, so the client is
// the last one that no trusted proxy has; what stands before it is the client's
// own word.
func (g *Gateway) client(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	if !g.trusted(host) {
		return host
	}
	hops := strings.Split(strings.Join(r.Header.Values("X-Forwarded-For"), ","), ",")
	for _, hop := range slices.Backward(hops) {
		address, err := netip.ParseAddr(strings.TrimSpace(hop))
		if err != nil {
			break
		}
		host = address.Unmap().String()
		if !g.trusted(host) {
			break
		}
	}
	return host
}

func (g *Gateway) trusted(host string) bool {
	address, err := netip.ParseAddr(host)
	return err == nil && slices.ContainsFunc(g.proxies, func(n netip.Prefix) bool { return n.Contains(address.Unmap()) })
}
