package relay

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"syscall"
)

// guard decides on every address that is about to be connected to. It is asked
// with the address itself, after the name was resolved, so that a name service
// that says one thing to a check and another to the connection changes nothing.
type guard struct {
	literal  netip.Addr // the one address, where the configuration names it
	local    bool       // the configuration names localhost
	networks []netip.Prefix
}

func newGuard(host string, networks []netip.Prefix) *guard {
	g := &guard{networks: networks}
	host = strings.ToLower(strings.TrimSuffix(host, "."))
	if address, err := netip.ParseAddr(host); err == nil {
		g.literal = address.WithZone("").Unmap()
	}
	g.local = host == "localhost" || strings.HasSuffix(host, ".localhost")
	return g
}

// blockedError says that a connection was not even tried.
type blockedError struct{ address netip.Addr }

func (e *blockedError) Error() string {
	return fmt.Sprintf("its name leads to %s, which is not public and in no network that the relay may reach", e.address)
}

func (g *guard) control(_ context.Context, _, address string, _ syscall.RawConn) error {
	host, _, err := net.SplitHostPort(address)
	if err != nil {
		return err
	}
	ip, err := netip.ParseAddr(host)
	if err != nil {
		return err
	}
	if ip = ip.WithZone("").Unmap(); !g.allows(ip) {
		return &blockedError{ip}
	}
	return nil
}

func (g *guard) allows(ip netip.Addr) bool {
	switch {
	case g.literal.IsValid():
		return ip == g.literal
	case slices.ContainsFunc(g.networks, func(n netip.Prefix) bool { return n.Contains(ip) }):
		return true
	case g.local:
		return ip.IsLoopback()
	}
	return public(ip)
}

// special are networks that are not the public internet, besides those that
// package netip knows by name (RFC 6890 and its registries).
var special = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),
	netip.MustParsePrefix("100.64.0.0/10"), // shared, behind a provider's NAT
	netip.MustParsePrefix("192.0.0.0/24"),
	netip.MustParsePrefix("192.0.2.0/24"),
	netip.MustParsePrefix("192.88.99.0/24"),
	netip.MustParsePrefix("198.18.0.0/15"),
	netip.MustParsePrefix("198.51.100.0/24"),
	netip.MustParsePrefix("203.0.113.0/24"),
	netip.MustParsePrefix("240.0.0.0/4"),
	netip.MustParsePrefix("64:ff9b::/96"), // an IPv4 address in other clothes
	netip.MustParsePrefix("64:ff9b:1::/48"),
	netip.MustParsePrefix("100::/64"),
	netip.MustParsePrefix("2001::/23"),
	netip.MustParsePrefix("2001:db8::/32"),
	netip.MustParsePrefix("2002::/16"), // an IPv4 address in other clothes
	netip.MustParsePrefix("fec0::/10"),
}

func public(ip netip.Addr) bool {
	if !ip.IsGlobalUnicast() || ip.IsPrivate() {
		return false
	}
	return !slices.ContainsFunc(special, func(n netip.Prefix) bool { return n.Contains(ip) })
}
