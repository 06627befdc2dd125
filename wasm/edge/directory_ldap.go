//go:build !tab

package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"strconv"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/web/directory/ldap"
)

// directoryConfig says which LDAP server the program stands on.
type directoryConfig struct {
	url     *url.URL
	options ldap.Options
	roots   *x509.CertPool
	name    string // of the server in its certificate, "" for that of the address
}

// poolSize leaves room below the six connections that the platform lets an
// object open at the same time.
const poolSize = 4

var directorySettings = []setting{
	{"DSMLKIT_DIRECTORY", readServer},
	{"DSMLKIT_START_TLS", func(c *config, v string) error { return readBool(&c.directory.options.StartTLS, v) }},
	{"DSMLKIT_LDAP_CA", readRoots},
	{"DSMLKIT_LDAP_SERVER_NAME", func(c *config, v string) error { c.directory.name = v; return nil }},
	{"DSMLKIT_LDAP_USER_BASE", func(c *config, v string) error { c.directory.options.Users.Base = v; return nil }},
	{"DSMLKIT_LDAP_USER_FILTER", func(c *config, v string) error { c.directory.options.Users.Filter = v; return nil }},
	{"DSMLKIT_LDAP_BIND_DN", func(c *config, v string) error { c.directory.options.Users.Name = v; return nil }},
	{"DSMLKIT_LDAP_BIND_PASSWORD", func(c *config, v string) error { c.directory.options.Users.Password = v; return nil }},
	{"DSMLKIT_LDAP_POOL", func(c *config, v string) error { return readNumber(&c.directory.options.PoolSize, v, 1) }},
	{"DSMLKIT_LDAP_CONNECT_TIMEOUT", func(c *config, v string) error { return readTime(&c.directory.options.ConnectTimeout, v) }},
	{"DSMLKIT_LDAP_OPERATION_TIMEOUT", func(c *config, v string) error { return readTime(&c.directory.options.OperationTimeout, v) }},
	{"DSMLKIT_LDAP_POOL_WAIT", func(c *config, v string) error { return readTime(&c.directory.options.PoolWait, v) }},
	{"DSMLKIT_LDAP_POOL_IDLE", func(c *config, v string) error { return readTime(&c.directory.options.PoolIdle, v) }},
	{"DSMLKIT_LDAP_TRUST", readTrust},
}

func readServer(c *config, v string) error {
	u, err := url.Parse(v)
	if err != nil || u.Scheme != "ldap" && u.Scheme != "ldaps" || u.Hostname() == "" {
		return errors.New("this program stands on ldap://HOST:PORT or ldaps://HOST:PORT")
	}
	c.directory.url = u
	return nil
}

// readTrust takes 0 for a bind before every batch, as the native server does;
// package ldap says that by a negative time.
func readTrust(c *config, v string) error {
	if v == "0" || v == "0s" {
		c.directory.options.Trust = -1
		return nil
	}
	return readTime(&c.directory.options.Trust, v)
}

func readRoots(c *config, v string) error {
	c.directory.roots = x509.NewCertPool()
	if !c.directory.roots.AppendCertsFromPEM([]byte(v)) {
		return errors.New("there is no certificate in it; the edge takes the PEM text itself, not the name of a file")
	}
	return nil
}

func (d *directoryConfig) check(r role) error {
	switch {
	case r != roleSession && r != rolePool:
		return fmt.Errorf("there is no role %q on an LDAP server", r)
	case d.url == nil:
		return errors.New("DSMLKIT_DIRECTORY names no server")
	case d.options.StartTLS && d.url.Scheme != "ldap":
		return errors.New("DSMLKIT_START_TLS is for ldap:// addresses")
	}
	return nil
}

// open returns the server as a directory. The connections are sockets of the
// runtime; TLS is Go's own, which takes private authorities.
func (d *directoryConfig) open(sockets *sockets, log *slog.Logger) (directory.Backend, error) {
	host, port := d.url.Hostname(), 389
	if d.url.Scheme == "ldaps" {
		port = 636
	}
	if given := d.url.Port(); given != "" {
		var err error
		if port, err = strconv.Atoi(given); err != nil {
			return nil, err
		}
	}
	o := d.options
	if o.PoolSize == 0 {
		o.PoolSize = poolSize
	}
	o.URL, o.Log = d.url.String(), log
	o.TLS = &tls.Config{RootCAs: d.roots, ServerName: d.name, MinVersion: tls.VersionTLS12}
	o.Dial = func(ctx context.Context) (net.Conn, error) {
		return sockets.dial(ctx, host, port, address(d.url.Host))
	}
	return ldap.New(o)
}
