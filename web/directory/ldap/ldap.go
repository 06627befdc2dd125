// Package ldap is an LDAP server as a [directory.Backend]: what a batch asks
// goes to the server as it is, and what the server answers comes back as it is.
//
// Nothing is lost on the way: controls of every object identifier go with the
// bytes and the criticality they came with, to the server with a request and
// back with results, entries and references; names, diagnostic messages,
// matched names, referrals and result codes are the server's own. A value is
// typed as binary when the server's schema says so, or when it is no text that
// XML can carry (D-87). References (anyURI) are never fetched: their text is
// the value.
//
// A search is never held in memory: each entry is handed on before the next is
// read, so a slow client slows the server down, by way of TCP.
//
// # Connections
//
// [Backend.Connect] opens a connection that belongs to a session and that
// nobody else ever uses (D-143). [Backend.Borrow] hands one out for a single
// batch, from a pool that is bounded. A pooled connection serves another
// identity only after a new bind; one on which something was left behind (a
// request that was given up, an extended operation) serves nobody again.
//
// Nothing is ever sent twice. When the connection is lost after a request went
// out, nobody can say whether it was carried out, and the caller is told so.
//
// # Why not ldap.Conn
//
// The messages are read and written here, not by ldap.Conn of go-ldap, which
// keeps response controls only of some operations and takes apart those that it
// knows, drops controls of entries and references and all but one URI of a
// reference, and reads ahead without bound or stalls all requests of a
// connection behind one slow reader. A gateway may do none of this. From
// go-ldap come the escaping of filters, the reading of names and the numbers of
// the protocol, and in the tests a second opinion on what was done.
package ldap

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/url"
	"time"

	goldap "github.com/go-ldap/ldap/v3"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// Options says which server a backend stands on and within which bounds. Only
// URL is needed; every other zero value stands for the default named beside it.
type Options struct {
	// URL is where the server is: ldap://host:389 or ldaps://host:636. The
	// ports are those by default; there is nothing behind them.
	URL string
	// StartTLS encrypts a connection to an ldap URL before anything else is
	// sent. A server that will not is an error; there is no way on without.
	StartTLS bool
	// TLS is how the server is authenticated: RootCAs for a certificate
	// authority of one's own, ServerName where the certificate has another name
	// than the URL. Versions before 1.2 are never spoken. Default: the system's
	// authorities, the host of the URL.
	TLS *tls.Config
	// Dial opens the transport, where that is not TCP to the host of the URL.
	// The connection has to have deadlines. Default: a net.Dialer.
	Dial func(ctx context.Context) (net.Conn, error)
	// Encrypted says that what Dial opens is encrypted already, so that an
	// ldaps URL needs no handshake here.
	Encrypted bool
	// ConnectTimeout bounds the opening of a connection with its handshakes and
	// its bind. Default 10 seconds.
	ConnectTimeout time.Duration
	// OperationTimeout is how long the server may be silent while an answer is
	// due, or leave a request lying on the way. The connection is given up
	// then. Default 2 minutes.
	OperationTimeout time.Duration
	// PoolSize bounds the connections of batches outside sessions, those that
	// lie idle included. Default 16.
	PoolSize int
	// PoolWait is how long a batch waits for one of them. Default 5 seconds.
	PoolWait time.Duration
	// PoolIdle is how long a connection lies idle before it is closed. Default
	// 1 minute.
	PoolIdle time.Duration
	// Trust is how long a bind counts for later batches of the same name and
	// password on its connection. After a change of password the old one is
	// good for no longer than this. Default 30 seconds; negative: bind anew for
	// every batch.
	Trust time.Duration
	// Users finds the entries of those who log in with a name that is no
	// distinguished name. Default: such a name is given to the server as it is.
	Users Users
	// MaxMessage bounds one message of the server, in bytes. Default 64 MiB.
	MaxMessage int
	// Log gets what operators need to know; never credentials or values.
	// Default: discarded.
	Log *slog.Logger
}

// Users says how the name of a user becomes the name of an entry: by a search
// that has to find exactly one.
type Users struct {
	// Base is where the search begins; it looks at the whole subtree. Empty:
	// there is no such search.
	Base string
	// Filter is an RFC 4515 filter in which {name} stands for the name, which is
	// escaped. Default "(uid={name})".
	Filter string
	// Name and Password are those of the account that searches. Empty: the
	// search is anonymous.
	Name, Password string
}

// Defaults of Options.
const (
	DefaultConnectTimeout   = 10 * time.Second
	DefaultOperationTimeout = 2 * time.Minute
	DefaultPoolSize         = 16
	DefaultPoolWait         = 5 * time.Second
	DefaultPoolIdle         = time.Minute
	DefaultTrust            = 30 * time.Second
	DefaultMaxMessage       = 64 << 20
	DefaultUserFilter       = "(uid={name})"
)

// Backend is an LDAP server. It implements [directory.Backend] and
// [directory.Lender]; its methods may be called from several goroutines.
type Backend struct {
	Options
	secure bool // ldaps: TLS from the first byte
	pool   *pool
	schema schema
}

// New returns the backend of a server. Nothing is sent yet; the errors are
// those of the options.
func New(o Options) (*Backend, error) {
	u, err := url.Parse(o.URL)
	if err != nil {
		return nil, fmt.Errorf("ldap: %w", err)
	}
	b := &Backend{Options: o, secure: u.Scheme == "ldaps"}
	port := goldap.DefaultLdapPort
	switch {
	case u.Scheme != "ldap" && u.Scheme != "ldaps":
		return nil, fmt.Errorf("ldap: the URL %q begins with neither ldap:// nor ldaps://", o.URL)
	case u.Hostname() == "" && o.Dial == nil:
		return nil, fmt.Errorf("ldap: the URL %q names no host", o.URL)
	case u.Path != "" && u.Path != "/" || u.RawQuery != "" || u.User != nil || u.Fragment != "":
		return nil, fmt.Errorf("ldap: the URL %q has more than a host and a port", o.URL)
	case b.secure && o.StartTLS:
		return nil, errors.New("ldap: StartTLS is for ldap:// URLs; ldaps:// is encrypted from the start")
	case b.secure:
		port = goldap.DefaultLdapsPort
	}
	if p := u.Port(); p != "" {
		port = p
	}
	if b.Dial == nil {
		address := net.JoinHostPort(u.Hostname(), port)
		b.Dial = func(ctx context.Context) (net.Conn, error) {
			return (&net.Dialer{}).DialContext(ctx, "tcp", address)
		}
	}
	if b.TLS == nil {
		b.TLS = &tls.Config{}
	}
	b.TLS = b.TLS.Clone()
	b.TLS.MinVersion = max(b.TLS.MinVersion, tls.VersionTLS12)
	if b.TLS.ServerName == "" {
		b.TLS.ServerName = u.Hostname()
	}
	b.defaults()
	if b.Users.Base != "" {
		if _, err := goldap.ParseDN(b.Users.Base); err != nil {
			return nil, fmt.Errorf("ldap: the base of the search for users: %w", err)
		}
		if _, err := b.Users.filter("name"); err != nil {
			return nil, err
		}
	}
	b.pool = newPool(b)
	return b, nil
}

func (b *Backend) defaults() {
	orElse(&b.ConnectTimeout, DefaultConnectTimeout)
	orElse(&b.OperationTimeout, DefaultOperationTimeout)
	orElse(&b.PoolSize, DefaultPoolSize)
	orElse(&b.PoolWait, DefaultPoolWait)
	orElse(&b.PoolIdle, DefaultPoolIdle)
	orElse(&b.Trust, DefaultTrust)
	orElse(&b.MaxMessage, DefaultMaxMessage)
	orElse(&b.Users.Filter, DefaultUserFilter)
	if b.Log == nil {
		b.Log = slog.New(slog.DiscardHandler)
	}
}

func orElse[T comparable](v *T, otherwise T) {
	var zero T
	if *v == zero {
		*v = otherwise
	}
}

// Connect opens a connection for a session and binds it.
func (b *Backend) Connect(ctx context.Context, id directory.Identity) (directory.Conn, error) {
	if b.pool.isClosed() {
		return nil, errClosed()
	}
	l, err := b.connect(ctx, id)
	if err != nil {
		return nil, err
	}
	return newConn(b, l, l.close), nil
}

// Borrow hands out a connection for one batch; its Close gives it back.
func (b *Backend) Borrow(ctx context.Context, id directory.Identity) (directory.Conn, error) {
	l, err := b.pool.take(ctx, id)
	if err != nil {
		return nil, err
	}
	return newConn(b, l, func() { b.pool.give(l) }), nil
}

// Close ends the backend and the connections that lie idle. Those in use end
// with their batch or session.
func (b *Backend) Close() error {
	b.pool.close()
	return nil
}

func errClosed() error {
	return &directory.Error{Type: dsml.CouldNotConnect, Message: "the gateway is shutting down"}
}
