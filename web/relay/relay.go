// Package relay passes DSML messages on to another DSML endpoint: so that a web
// page can talk to one that knows nothing of CORS, and so that an operator sees
// which sessions pass through.
//
// A message goes on byte for byte, and so does its answer. What the relay does
// besides:
//
//   - It reaches one address, the one it was made for. Callers have no say in
//     where a message goes; redirects are not followed, no proxy of the
//     environment is used, and a name that leads into a network that is neither
//     public nor listed is refused at the moment of connecting, whatever the name
//     service said before.
//   - Headers pass by a list, in both directions. Authorization passes for Basic
//     and Bearer, which belong to a request; schemes that authenticate a
//     connection would lend one caller's identity to the next.
//   - Cookies of the other endpoint belong to the caller that they were given
//     to, under a name and a path of their own. Those that came with a session
//     are also sent with its later messages when the caller has lost them, as a
//     page on another origin does: behind a load balancer the session would end
//     up at another server.
//   - Sessions are watched: counted against limits, shown in the view, and kept
//     to the address and the credentials that began them (D-132, D-133). The
//     other endpoint cannot do that, for it sees all callers under one address.
package relay

import (
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"log/slog"
	"net"
	"net/http"
	"net/netip"
	"net/url"
	"sync"
	"time"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/web/endpoint"
)

// Options says where a relay leads and within which bounds. Upstream, Name and
// Path are needed; every other zero value stands for the default named beside
// it.
type Options struct {
	// Upstream is the other endpoint: an http or https URL with a host.
	Upstream *url.URL
	// Name sets the relay's cookies apart from those of others; it is of letters,
	// digits and hyphens.
	Name string
	// Path is where the relay itself is, for its cookies.
	Path string
	// RootCAs are the certificate authorities of the other endpoint. Default: the
	// system's.
	RootCAs *x509.CertPool
	// Networks may be reached though they are not public. An address or localhost
	// in Upstream may be reached without being listed here. Default: none.
	Networks []netip.Prefix
	// Origins are the pages that may call the relay. Default: those of its own
	// origin.
	Origins endpoint.Origins
	// MaxBody and MaxAnswer bound message and answer, in bytes. Defaults:
	// endpoint.DefaultMaxBody and 256 MiB.
	MaxBody, MaxAnswer int64
	// MaxRequests bounds the operations of a batch (D-32), where the message can
	// be read. Default: endpoint.DefaultMaxRequests.
	MaxRequests int
	// ReadOnly lets only searches and compares pass (D-150), and so no message
	// that cannot be read.
	ReadOnly bool
	// Timeout bounds an exchange with the other endpoint. Default 5 minutes.
	Timeout time.Duration
	// TransferTimeout bounds how long a caller may take to send a message, or
	// leave a part of the answer lying. Default 2 minutes.
	TransferTimeout time.Duration
	// Transport carries the messages where there is no TCP, as in a Worker. What
	// it reaches is then its own affair: RootCAs and Networks mean nothing to it.
	// It must not follow redirects. Default: one that keeps to what they say.
	Transport http.RoundTripper
	// Sessions are the limits of those that are watched, and who is told of their
	// end. Rand, NewID and Overlap are set by the relay.
	Sessions session.TableOptions
	// ClientAddress tells which client a request comes from. Default: the TCP
	// peer.
	ClientAddress func(*http.Request) string
	// Observer is told of messages. Default: nobody is.
	Observer endpoint.Observer
	// Log gets what operators need to know; never credentials or values.
	// Default: discarded.
	Log *slog.Logger
}

const (
	defaultMaxAnswer = 256 << 20

	connectPatience = 10 * time.Second
	idlePatience    = time.Minute

	// headLength is how much of an answer is looked at for its session header,
	// in bytes. The header comes first; a fault is shorter than this.
	headLength = 64 << 10
)

// Relay is the http.Handler of one other endpoint.
type Relay struct {
	Options
	table     *session.Table
	transport http.RoundTripper
	self      string // names this relay in Via, to find a way that leads back here

	naming sync.Mutex // from the time an id is known until its session has it
	nextID string     // what NewID returns, under naming
}

// New returns the relay. The error is for an Upstream that is none.
func New(o Options) (*Relay, error) {
	switch u := o.Upstream; {
	case u == nil || u.Hostname() == "" || u.Scheme != "http" && u.Scheme != "https":
		return nil, errors.New("relay: the other endpoint has to be an http or https address with a host")
	case u.User != nil:
		return nil, errors.New("relay: the address of the other endpoint must not hold credentials")
	}
	orElse(&o.MaxBody, endpoint.DefaultMaxBody)
	orElse(&o.MaxAnswer, defaultMaxAnswer)
	orElse(&o.MaxRequests, endpoint.DefaultMaxRequests)
	orElse(&o.Timeout, endpoint.DefaultBatchTimeout)
	orElse(&o.TransferTimeout, endpoint.DefaultTransferTimeout)
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	if o.ClientAddress == nil {
		o.ClientAddress = func(r *http.Request) string {
			host, _, err := net.SplitHostPort(r.RemoteAddr)
			if err != nil {
				return r.RemoteAddr
			}
			return host
		}
	}
	r := &Relay{Options: o, self: "dsmlkit-" + rand.Text()}
	sessions := o.Sessions
	sessions.Rand, sessions.Overlap = nil, true
	sessions.NewID = func() (string, error) { return r.nextID, nil }
	r.table = session.NewTable(sessions)
	if r.transport = o.Transport; r.transport == nil {
		r.transport = o.newTransport()
	}
	return r, nil
}

// newTransport is one that reaches no network but those that are allowed.
func (o *Options) newTransport() *http.Transport {
	dialer := &net.Dialer{Timeout: connectPatience, ControlContext: newGuard(o.Upstream.Hostname(), o.Networks).control}
	return &http.Transport{
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: o.RootCAs, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    connectPatience,
		IdleConnTimeout:        idlePatience,
		MaxIdleConnsPerHost:    32,
		MaxResponseHeaderBytes: 64 << 10,
		DisableCompression:     true, // what is limited and looked at is what comes
		ForceAttemptHTTP2:      true,
	}
}

func orElse[T comparable](v *T, fallback T) {
	var zero T
	if *v == zero {
		*v = fallback
	}
}

// Table holds the sessions that pass through, under the ids that the other
// endpoint gave them.
func (r *Relay) Table() *session.Table { return r.table }

// Close forgets the sessions and closes idle connections.
func (r *Relay) Close() error {
	r.table.Close()
	if t, ok := r.transport.(interface{ CloseIdleConnections() }); ok {
		t.CloseIdleConnections()
	}
	return nil
}
