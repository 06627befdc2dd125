// Package endpoint answers DSMLv2 requests over SOAP and HTTP: the body of a
// POST becomes an envelope, its session header a step of the session table, its
// batch a run on a directory connection, and the answers an envelope again.
package endpoint

import (
	"crypto/rand"
	"log/slog"
	"net"
	"net/http"
	"time"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/web/directory"
)

// Options says what an endpoint serves and within which bounds. Only Backend
// is needed; every other zero value stands for the default named beside it.
type Options struct {
	// Backend is the directory that batches run on.
	Backend directory.Backend
	// Table holds the sessions. Default: a table of its own with the limits of
	// DSML Services for Windows (100 sessions, 5 per client, 600 s idle).
	Table *session.Table
	// Windows answers as DSML Services for Windows does where that is stricter
	// than the protocol asks (D-135, D-145). Default: lenient.
	Windows bool
	// ReadOnly refuses everything but searches and compares (D-150).
	ReadOnly bool
	// MaxBody bounds the request body in bytes. Default 10 MiB, as in the
	// OpenDJ gateway.
	MaxBody int64
	// MaxRequests bounds the operations of one batch (D-32). Default 1000, as
	// in DSML Services for Windows.
	MaxRequests int
	// Parallelism bounds how many requests of a parallel batch run at once.
	// Default 4.
	Parallelism int
	// AllowedOrigins lists the web origins ("https://tool.example") whose pages
	// may call the endpoint besides those of its own origin; "*" allows all.
	AllowedOrigins []string
	// BatchTimeout bounds the run of one batch. Default 5 minutes.
	BatchTimeout time.Duration
	// TransferTimeout bounds how long a client may take to send its whole body,
	// and how long it may leave a part of the answer lying on the way. It takes
	// the place of the deadlines of the http.Server. Default 2 minutes.
	TransferTimeout time.Duration
	// ClientAddress tells which client a request comes from, for the limits and
	// checks of sessions. Default: the address of the TCP peer.
	ClientAddress func(*http.Request) string
	// MaxEntries bounds the entries of one search, which then ends with
	// sizeLimitExceeded behind them. Default: no limit but the directory's.
	MaxEntries int
	// Observer is told of messages and operations. Default: nobody is.
	Observer Observer
	// Log gets what operators need to know; never credentials or values.
	// Default: discarded.
	Log *slog.Logger
}

// Defaults of Options.
const (
	DefaultMaxBody      = 10 << 20
	DefaultMaxRequests  = 1000
	DefaultParallelism  = 4
	DefaultBatchTimeout = 5 * time.Minute

	DefaultTransferTimeout = 2 * time.Minute
)

// DSML is the http.Handler of one DSMLv2 endpoint.
type DSML struct {
	Options
	origins Origins
}

// NewDSML returns the handler for the options.
func NewDSML(o Options) *DSML {
	if o.Table == nil {
		o.Table = session.NewTable(session.TableOptions{Clock: session.SystemClock{}, Rand: rand.Reader})
	}
	if o.MaxBody == 0 {
		o.MaxBody = DefaultMaxBody
	}
	if o.MaxRequests == 0 {
		o.MaxRequests = DefaultMaxRequests
	}
	if o.Parallelism == 0 {
		o.Parallelism = DefaultParallelism
	}
	if o.BatchTimeout == 0 {
		o.BatchTimeout = DefaultBatchTimeout
	}
	if o.TransferTimeout == 0 {
		o.TransferTimeout = DefaultTransferTimeout
	}
	if o.ClientAddress == nil {
		o.ClientAddress = peerAddress
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return &DSML{Options: o, origins: NewOrigins(o.AllowedOrigins)}
}

// peerAddress is the address of the TCP peer without its port: one client may
// use many connections.
func peerAddress(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}
