package gateway

import (
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/netip"
	"net/url"
	"os"
	"regexp"
	"strings"

	goldap "github.com/go-ldap/ldap/v3"
)

// minAdminToken is the length of an admin token, in bytes, that cannot be
// guessed when it is random.
const minAdminToken = 16

// check looks for what cannot be right, all of it at once.
func (c *Config) check(from map[string]source) error {
	var wrong []error
	say := func(name, format string, args ...any) {
		where := from[name]
		if where == "" {
			where = "--" + name
		}
		wrong = append(wrong, errors.New(where+": "+fmt.Sprintf(format, args...)))
	}
	c.checkDirectories(say)
	c.checkServer(say)
	if c.LogFormat != "text" && c.LogFormat != "json" {
		say("log-format", "%q is neither text nor json", c.LogFormat)
	}
	if new(slog.Level).UnmarshalText([]byte(c.LogLevel)) != nil {
		say("log-level", "%q is none of debug, info, warn and error", c.LogLevel)
	}
	if c.AdminToken != "" && len(c.AdminToken) < minAdminToken {
		say("admin-token", "it has fewer than %d characters; take a random one, such as from `openssl rand -hex 16`", minAdminToken)
	}
	return errors.Join(wrong...)
}

type complaint func(name, format string, args ...any)

func (c *Config) checkDirectories(say complaint) {
	targets, err := c.targets()
	if err != nil {
		say(err.setting, "%s", err.message)
		return
	}
	has := map[kind]bool{}
	for _, t := range targets {
		has[t.kind] = true
		if t.kind == kindLDAP && c.StartTLS && t.url.Scheme == "ldaps" {
			say("start-tls", "%s is encrypted from its first byte, so there is no StartTLS; write ldap:// or leave the option out", t.url)
		}
	}
	if len(c.LDIF) > 0 && !has[kindMemory] {
		say("ldif", "no endpoint stands on the directory in memory, which is what it loads; leave --directory out")
	}
	if c.StartTLS && !has[kindLDAP] {
		say("start-tls", "no endpoint stands on an ldap:// server")
	}
	if c.LDAP.ServerName != "" && !hostName.MatchString(c.LDAP.ServerName) && net.ParseIP(c.LDAP.ServerName) == nil {
		say("ldap-server-name", "%q is no host name; write it as the certificate has it, such as ldap.example.org", c.LDAP.ServerName)
	}
	if _, err := goldap.ParseDN(c.LDAP.UserBase); err != nil {
		say("ldap-user-base", "%q is not the name of an entry, such as dc=example,dc=org: %v", c.LDAP.UserBase, err)
	}
	if _, err := goldap.CompileFilter(strings.ReplaceAll(c.LDAP.UserFilter, "{name}", "name")); err != nil {
		say("ldap-user-filter", "%q is no filter: %v", c.LDAP.UserFilter, err)
	}
	if c.LDAP.UserBase != "" && !strings.Contains(c.LDAP.UserFilter, "{name}") {
		say("ldap-user-filter", "it has no {name} in it, so it would find the same entry for everybody")
	}
	if c.LDAP.BindDN != "" && c.LDAP.BindPassword == "" {
		say("ldap-bind-dn", "there is no ldap-bind-password for it, and a bind without one is anonymous")
	}
	for _, setting := range []struct {
		name     string
		networks []string
	}{{"relay-network", c.Relay.Networks}, {"trusted-proxy", c.TrustedProxies}} {
		for _, network := range setting.networks {
			if _, err := parseNetwork(network); err != nil {
				say(setting.name, "%v", err)
			}
		}
	}
	for name, file := range map[string]string{"ldap-ca": c.LDAP.CA, "relay-ca": c.Relay.CA, "tls-cert": c.TLSCert, "tls-key": c.TLSKey} {
		if file == "" {
			continue
		}
		if _, err := os.Stat(file); err != nil {
			say(name, "%v", err)
		}
	}
}

func (c *Config) checkServer(say complaint) {
	if message := wrongListen(c.Listen); message != "" {
		say("listen", "%s", message)
	}
	for _, origin := range c.AllowOrigins {
		if message := wrongOrigin(origin); message != "" {
			say("allow-origin", "%s", message)
		}
	}
	for _, host := range c.Hosts {
		if !hostName.MatchString(host) {
			say("host", "%q is no host name; write it without scheme and port, such as dsml.example.org", host)
		}
	}
	if (c.TLSCert == "") != (c.TLSKey == "") {
		say("tls-cert", "certificate and key go together: give both --tls-cert and --tls-key")
	}
	if c.AdminListen == "" {
		return
	}
	if message := wrongListen(c.AdminListen); message != "" {
		say("admin-listen", "%s", message)
	} else if address, err := net.ResolveTCPAddr("tcp", c.AdminListen); err == nil && !address.IP.IsLoopback() && c.AdminToken == "" {
		say("admin-listen", "%s can be reached from other machines, and there is no admin-token; set one, or listen on 127.0.0.1", c.AdminListen)
	}
}

var hostName = regexp.MustCompile(`^[A-Za-z0-9_]([A-Za-z0-9_.-]{0,251}[A-Za-z0-9_])?$`)

func wrongListen(address string) string {
	if _, err := net.ResolveTCPAddr("tcp", address); err != nil {
		return fmt.Sprintf("%q: %v; write an address and a port, such as %s", address, err, Defaults().Listen)
	}
	return ""
}

// wrongOrigin says what is wrong with a web origin. Browsers send it in exactly
// one form, and what is written otherwise would never match.
func wrongOrigin(origin string) string {
	if origin == "*" {
		return ""
	}
	u, err := url.Parse(origin)
	switch {
	case err != nil || u.Scheme == "" || u.Host == "":
		return fmt.Sprintf("%q is no web origin; write scheme and host, such as https://tool.example", origin)
	case u.Scheme != "http" && u.Scheme != "https":
		return fmt.Sprintf("%q: pages come from https:// or http://", origin)
	}
	port := u.Port()
	if u.Scheme == "http" && port == "80" || u.Scheme == "https" && port == "443" {
		port = ""
	}
	right := u.Scheme + "://" + strings.ToLower(u.Hostname())
	if strings.Contains(u.Hostname(), ":") {
		right = u.Scheme + "://[" + strings.ToLower(u.Hostname()) + "]"
	}
	if port != "" {
		right += ":" + port
	}
	if strings.Contains(u.Hostname(), "*") {
		return fmt.Sprintf("%q: there are no patterns; name each origin, or * alone for any", origin)
	}
	if origin != right {
		return fmt.Sprintf("%q is not how browsers write an origin; write %s", origin, right)
	}
	return ""
}

// parseNetwork reads 10.0.0.0/8, or one address.
func parseNetwork(s string) (netip.Prefix, error) {
	if address, err := netip.ParseAddr(s); err == nil {
		return netip.PrefixFrom(address, address.BitLen()), nil
	}
	network, err := netip.ParsePrefix(s)
	if err != nil {
		return network, fmt.Errorf("%q is no network; write one such as 10.1.0.0/16, or an address", s)
	}
	if network != network.Masked() {
		return network, fmt.Errorf("%q has more than the network in it; write %s", s, network.Masked())
	}
	return network, nil
}
