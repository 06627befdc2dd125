package gateway

import (
	"context"
	"crypto/rand"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"sync/atomic"
	"syscall"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/web/directory/ldap"
	"github.com/dsmlkit/dsmlkit/web/directory/memory"
	"github.com/dsmlkit/dsmlkit/web/endpoint"
	"github.com/dsmlkit/dsmlkit/web/relay"
)

// Gateway is a server with its ports taken and its directories open.
type Gateway struct {
	config      *Config
	log         *slog.Logger
	listener    net.Listener
	admin       net.Listener // nil without one
	certificate *certificate // nil: HTTP
	endpoints   []*served
	numbers     session.Numbers // of sessions, over all endpoints
	proxies     []netip.Prefix
	metrics     *metrics
	ready       readyCheck
	draining    atomic.Bool
	slots       chan struct{} // one for each message that may run
	closers     []io.Closer
}

// served is an endpoint that is open.
type served struct {
	target
	http.Handler
	table *session.Table
	ready func(context.Context) error
}

// Open takes the ports and opens the directories of a configuration that
// [Configure] has made. The log goes to log. Whoever does not call Run has to
// call Close.
func Open(ctx context.Context, c *Config, log io.Writer) (*Gateway, error) {
	g := &Gateway{config: c, log: c.newLog(log), metrics: newMetrics(), slots: make(chan struct{}, c.MaxConcurrent)}
	if err := g.open(ctx); err != nil {
		return nil, errors.Join(err, g.Close())
	}
	return g, nil
}

func (g *Gateway) open(ctx context.Context) error {
	c := g.config
	for _, network := range c.TrustedProxies {
		prefix, err := parseNetwork(network)
		if err != nil {
			return err
		}
		g.proxies = append(g.proxies, prefix)
	}
	// The ports come first: loading a directory in vain would be a poor way to
	// learn that one is not free.
	var err error
	if g.listener, err = listen("--listen", c.Listen); err != nil {
		return err
	}
	if c.AdminListen != "" {
		if g.admin, err = listen("--admin-listen", c.AdminListen); err != nil {
			return err
		}
	}
	if c.TLSCert != "" {
		if g.certificate, err = newCertificate(c.TLSCert, c.TLSKey, g.log); err != nil {
			return err
		}
	}
	if err := g.openEndpoints(ctx); err != nil {
		return err
	}
	g.metrics.registry.MustRegister(tables{g.metrics, g.endpoints})
	return nil
}

func listen(option, address string) (net.Listener, error) {
	listener, err := net.Listen("tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is in use by another program: stop it, or choose another port with %s 127.0.0.1:PORT (0 takes a free one)", address, option)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("this user may not listen on %s: choose a port above 1023 with %s", address, option)
	case err != nil:
		return nil, fmt.Errorf("cannot listen on %s: %w", address, err)
	}
	return listener, nil
}

// openEndpoints opens what the endpoints stand on. Those on the directory in
// memory share one.
func (g *Gateway) openEndpoints(ctx context.Context) error {
	targets, wrong := g.config.targets()
	if wrong != nil {
		return &UsageError{"--" + wrong.setting + ": " + wrong.message}
	}
	var inMemory *memory.Directory
	for i, t := range targets {
		var err error
		e := &served{target: t}
		sessions := session.TableOptions{
			Rand: rand.Reader, Idle: g.config.SessionTTL, Max: &g.config.SessionsMax, MaxPerClient: &g.config.SessionsMaxPerClient,
			SkipAddressMatch: g.config.SessionAnyAddress, Endpoint: i + 1, Numbers: &g.numbers,
			Ended: observer{g.metrics, t.label()}.sessionEnded,
		}
		switch t.kind {
		case kindMemory:
			if inMemory == nil {
				if inMemory, err = g.openMemory(ctx); err != nil {
					return err
				}
			}
			g.stand(e, inMemory, sessions)
		case kindLDAP:
			var server *ldap.Backend
			if server, err = g.openLDAP(t); err != nil {
				return err
			}
			g.stand(e, server, sessions)
		case kindRelay:
			var r *relay.Relay
			if r, err = g.openRelay(t, sessions); err != nil {
				return err
			}
			g.closers = append(g.closers, r)
			e.Handler, e.table, e.ready = r, r.Table(), r.Ready
		}
		g.endpoints = append(g.endpoints, e)
	}
	return nil
}

// stand puts a DSML endpoint on a directory. Sessions end before the directory
// does.
func (g *Gateway) stand(e *served, b directory.Backend, sessions session.TableOptions) {
	c := g.config
	e.table = session.NewTable(sessions)
	g.closers = append(g.closers, tableCloser{e.table})
	e.Handler = endpoint.NewDSML(endpoint.Options{
		Backend: b, Table: e.table, Windows: c.Windows, ReadOnly: c.ReadOnly,
		MaxBody: c.MaxBody, MaxRequests: c.MaxRequests, MaxEntries: c.MaxEntries, Parallelism: c.Parallelism,
		AllowedOrigins: c.AllowOrigins, BatchTimeout: c.BatchTimeout, TransferTimeout: c.TransferTimeout,
		ClientAddress: g.client, Observer: observer{g.metrics, e.label()}, Log: g.log.With("endpoint", e.label()),
	})
	e.ready = func(ctx context.Context) error { return reachable(ctx, b) }
}

type tableCloser struct{ *session.Table }

func (t tableCloser) Close() error {
	t.Table.Close()
	return nil
}

func (g *Gateway) openMemory(ctx context.Context) (*memory.Directory, error) {
	d := (*memory.Directory)(nil)
	if len(g.config.LDIF) == 0 {
		d = memory.Sample()
	} else {
		var err error
		if d, err = loadLDIF(ctx, g.config.LDIF); err != nil {
			return nil, err
		}
		g.log.Info("directory loaded", "entries", d.Len())
	}
	g.closers = append(g.closers, d)
	return d, nil
}

func (g *Gateway) openLDAP(t target) (*ldap.Backend, error) {
	o, err := g.config.ldapOptions(t)
	if err != nil {
		return nil, err
	}
	o.Log = g.log.With("endpoint", t.label())
	b, err := ldap.New(o)
	if err != nil {
		return nil, err
	}
	g.closers = append(g.closers, b)
	return b, nil
}

// ldapOptions is how the LDAP server of an endpoint is spoken to.
func (c *Config) ldapOptions(t target) (ldap.Options, error) {
	roots, err := authorities(c.LDAP.CA)
	if err != nil {
		return ldap.Options{}, fmt.Errorf("--ldap-ca: %w", err)
	}
	trust := c.LDAP.Trust
	if trust == 0 {
		trust = -1 // as package ldap says it
	}
	return ldap.Options{
		URL: t.url.String(), StartTLS: c.StartTLS && t.url.Scheme == "ldap",
		TLS:            &tls.Config{RootCAs: roots, ServerName: c.LDAP.ServerName, MinVersion: tls.VersionTLS12},
		ConnectTimeout: c.LDAP.ConnectTimeout, OperationTimeout: c.LDAP.OperationTimeout,
		PoolSize: c.LDAP.Pool, PoolWait: c.LDAP.PoolWait, PoolIdle: c.LDAP.PoolIdle, Trust: trust,
		Users: ldap.Users{Base: c.LDAP.UserBase, Filter: c.LDAP.UserFilter, Name: c.LDAP.BindDN, Password: c.LDAP.BindPassword},
	}, nil
}

func (g *Gateway) openRelay(t target, sessions session.TableOptions) (*relay.Relay, error) {
	c := g.config
	roots, err := authorities(c.Relay.CA)
	if err != nil {
		return nil, fmt.Errorf("--relay-ca: %w", err)
	}
	var networks []netip.Prefix
	for _, network := range c.Relay.Networks {
		prefix, err := parseNetwork(network)
		if err != nil {
			return nil, err
		}
		networks = append(networks, prefix)
	}
	return relay.New(relay.Options{
		Upstream: t.url, Name: t.label(), Path: t.path(), RootCAs: roots, Networks: networks,
		Origins: endpoint.NewOrigins(c.AllowOrigins), MaxBody: c.MaxBody, MaxAnswer: c.Relay.MaxAnswer,
		MaxRequests: c.MaxRequests, ReadOnly: c.ReadOnly, Timeout: c.BatchTimeout, TransferTimeout: c.TransferTimeout,
		Sessions: sessions, ClientAddress: g.client, Observer: observer{g.metrics, t.label()}, Log: g.log.With("endpoint", t.label()),
	})
}

// Close ends the sessions and with them their connections, closes the
// directories and gives the ports back. Run does it at its end.
func (g *Gateway) Close() error {
	var errs []error
	for _, e := range g.endpoints {
		e.table.Close()
	}
	// What was opened last may stand on what was opened first.
	for i := len(g.closers) - 1; i >= 0; i-- {
		errs = append(errs, g.closers[i].Close())
	}
	g.closers = nil
	for _, l := range []net.Listener{g.listener, g.admin} {
		if l == nil {
			continue
		}
		if err := l.Close(); err != nil && !errors.Is(err, net.ErrClosed) {
			errs = append(errs, err)
		}
	}
	return errors.Join(errs...)
}
