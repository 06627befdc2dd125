package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"time"
)

const (
	// headerPatience bounds how long a client may take to send its headers, and
	// maxHeader how many bytes they may have.
	headerPatience = 10 * time.Second
	maxHeader      = 64 << 10
	idlePatience   = 2 * time.Minute

	// busyRetry is when a client that came while too many messages ran may come
	// again, in seconds.
	busyRetry = "2"
)

// URL is where the page is, as one types it into a browser on this machine.
func (g *Gateway) URL() string { return g.webAddress(g.listener.Addr()) }

// AdminURL is the address of the second listener, "" without one.
func (g *Gateway) AdminURL() string {
	if g.admin == nil {
		return ""
	}
	return g.webAddress(g.admin.Addr())
}

func (g *Gateway) webAddress(a net.Addr) string {
	scheme := "http://"
	if g.certificate != nil {
		scheme = "https://"
	}
	host, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return scheme + a.String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return scheme + net.JoinHostPort(host, port) + "/"
}

// Run serves the page and the endpoints until the context ends. It then takes
// no new request, waits for those that run as long as the configuration says,
// and closes the gateway. The error is for requests that had to be broken off,
// or of serving.
func (g *Gateway) Run(ctx context.Context, page http.Handler) error {
	defer g.Close()
	servers := []*http.Server{g.server(knownHosts(g.listener.Addr(), g.config.Hosts, g.handler(page)))}
	listeners := []net.Listener{g.listener}
	if g.admin != nil {
		servers = append(servers, g.server(knownHosts(g.admin.Addr(), g.config.Hosts, g.adminHandler())))
		listeners = append(listeners, g.admin)
	}
	g.warn()
	failed := make(chan error, len(servers))
	for i, s := range servers {
		go func() {
			if g.certificate != nil {
				failed <- s.ServeTLS(listeners[i], "", "")
				return
			}
			failed <- s.Serve(listeners[i])
		}()
	}
	var err error
	select {
	case err = <-failed:
	case <-ctx.Done():
	}
	g.draining.Store(true)
	patience, cancel := context.WithTimeout(context.Background(), g.config.ShutdownPatience)
	defer cancel()
	for _, s := range servers {
		if stopped := s.Shutdown(patience); stopped != nil {
			err = errors.Join(err, fmt.Errorf("requests were still running after %v and were broken off", g.config.ShutdownPatience), s.Close())
		}
	}
	return errors.Join(err, g.Close())
}

func (g *Gateway) server(h http.Handler) *http.Server {
	s := &http.Server{
		Handler: g.noted(h), ReadHeaderTimeout: headerPatience, IdleTimeout: idlePatience, MaxHeaderBytes: maxHeader,
		ErrorLog: slog.NewLogLogger(g.log.Handler(), slog.LevelInfo),
	}
	if g.certificate != nil {
		s.TLSConfig = g.certificate.config()
	}
	return s
}

// warn says at the start what is perhaps not meant.
func (g *Gateway) warn() {
	if tcp, ok := g.listener.Addr().(*net.TCPAddr); ok && !tcp.IP.IsLoopback() && g.certificate == nil {
		g.log.Warn("passwords of HTTP Basic can be read on the way: other machines reach this server, and it has no tls-cert", "listen", g.listener.Addr().String())
	}
	for _, name := range g.config.unknownVariables {
		g.log.Warn("a variable of the environment is named like a setting and is none", "variable", name)
	}
	for _, e := range g.endpoints {
		switch {
		case e.kind == kindLDAP && e.url.Scheme == "ldap" && !g.config.StartTLS && !isLocalName(e.url.Hostname()):
			g.log.Warn("passwords go to the LDAP server unencrypted: take ldaps:// or start-tls", "endpoint", e.label())
		case e.kind == kindRelay && e.url.Scheme == "http" && !isLocalName(e.url.Hostname()):
			g.log.Warn("passwords go to the other endpoint unencrypted: take https://", "endpoint", e.label())
		}
	}
}

// handler is what the first address serves.
func (g *Gateway) handler(page http.Handler) http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/", g.inTime(page))
	for _, e := range g.endpoints {
		mux.Handle(e.path(), describing(g.limited(e)))
	}
	mux.Handle("GET /endpoints.json", g.inTime(http.HandlerFunc(g.listEndpoints)))
	mux.Handle("GET /healthz", g.inTime(http.HandlerFunc(healthz)))
	mux.Handle("GET /readyz", g.inTime(http.HandlerFunc(g.readyz)))
	if g.config.AdminToken != "" {
		mux.Handle("GET /metrics", g.inTime(g.admitted(g.metrics.handler())))
		mux.Handle("GET /sessions", g.inTime(g.admitted(http.HandlerFunc(g.sessions))))
	}
	return mux
}

// adminHandler is what the second address serves.
func (g *Gateway) adminHandler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", g.inTime(g.admitted(g.metrics.handler())))
	mux.Handle("GET /sessions", g.inTime(g.admitted(http.HandlerFunc(g.sessions))))
	mux.Handle("GET /healthz", g.inTime(http.HandlerFunc(healthz)))
	mux.Handle("GET /readyz", g.inTime(http.HandlerFunc(g.readyz)))
	return mux
}

// inTime gives a client only so long to take an answer. The endpoints look after
// that themselves, part by part.
func (g *Gateway) inTime(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		// Not every ResponseWriter has deadlines.
		_ = http.NewResponseController(w).SetWriteDeadline(time.Now().Add(g.config.TransferTimeout))
		next.ServeHTTP(w, r)
	})
}

// limited lets only so many messages run at once: each may hold a whole body in
// memory.
func (g *Gateway) limited(e *served) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if n := noteOf(r.Context()); n != nil {
			n.endpoint = e.label()
		}
		select {
		case g.slots <- struct{}{}:
			defer func() { <-g.slots }()
			e.ServeHTTP(w, r)
		default:
			g.metrics.busy.Inc()
			w.Header().Set("Retry-After", busyRetry)
			http.Error(w, "The server answers as many messages as it may at once. Nothing was run; send this one again in a moment.", http.StatusServiceUnavailable)
		}
	})
}

// listed is an endpoint as the page offers it. What it stands on is told by
// kind only: addresses behind the gateway are nobody's business.
type listed struct {
	Name string `json:"name"`
	Path string `json:"path"`
	Kind kind   `json:"kind"`
	// Own says that the directory in memory holds the operator's data, not the
	// sample.
	Own bool `json:"own,omitempty"`
}

// listEndpoints tells the page what there is to choose from.
func (g *Gateway) listEndpoints(w http.ResponseWriter, _ *http.Request) {
	list := make([]listed, 0, len(g.endpoints))
	for _, e := range g.endpoints {
		list = append(list, listed{e.label(), e.path(), e.kind, e.kind == kindMemory && len(g.config.LDIF) > 0})
	}
	w.Header().Set("Content-Type", "application/json")
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("X-Content-Type-Options", "nosniff")
	_ = json.NewEncoder(w).Encode(map[string]any{"endpoints": list}) // who has gone needs no answer
}

// Greeting tells where everything is, for the terminal.
func (g *Gateway) Greeting() string {
	text := "The page is at " + g.URL() + " (its endpoint at /dsml). Ctrl+C stops the server.\n"
	for _, e := range g.endpoints[1:] {
		text += "A further endpoint is at " + e.path() + ".\n"
	}
	if url := g.AdminURL(); url != "" {
		text += "Metrics are at " + url + "metrics, the sessions at " + url + "sessions.\n"
	}
	return text
}
