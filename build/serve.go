package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"syscall"
	"time"
)

// serving is what the command line of serve says.
type serving struct {
	listen               string
	sessionTTL           time.Duration
	sessionsMax          int
	sessionsMaxPerClient int
	allowOrigins         list
}

const (
	defaultListen = "127.0.0.1:8080"

	// shutdownPatience is how long requests that run may take to end once the
	// server was told to stop.
	shutdownPatience = 10 * time.Second

	// headerPatience bounds how long a client may take to send its headers.
	headerPatience = 10 * time.Second
	idlePatience   = 2 * time.Minute
)

func serve(ctx context.Context, args []string) error {
	var s serving
	o := newOptions("serve", "Builds what has changed, then serves the page and, at /dsml, a DSMLv2 endpoint\nwith sessions on a sample directory that lives in memory.")
	o.StringVar(&s.listen, "listen", defaultListen, "`address` to listen on; port 0 takes a free one")
	o.DurationVar(&s.sessionTTL, "session-ttl", 10*time.Minute, "idle `time` after which a session ends, such as 90s or 10m")
	o.IntVar(&s.sessionsMax, "sessions-max", 100, "`number` of sessions at the same time; -1: no limit")
	o.IntVar(&s.sessionsMaxPerClient, "sessions-max-per-client", 5, "`number` of sessions of one client address; -1: no limit")
	o.Var(&s.allowOrigins, "allow-origin", "web `origin` whose pages may call the endpoint (repeatable; * is any)")
	if err := o.read(args); err != nil {
		return err
	}
	if s.sessionTTL <= 0 {
		return &usageError{"serve: --session-ttl must be more than zero, such as 90s or 10m"}
	}
	t, err := findTree()
	if err != nil {
		return err
	}
	ctx, cancel := untilOrphaned(ctx)
	defer cancel()
	// The port is taken first: a build in vain would be a poor way to learn
	// that it is not free.
	listener, err := listen(s.listen)
	if err != nil {
		return err
	}
	defer listener.Close()
	if err := t.setUp(ctx, true); err != nil {
		return err
	}
	return t.serveOn(ctx, listener, s)
}

func listen(address string) (net.Listener, error) {
	if _, err := net.ResolveTCPAddr("tcp", address); err != nil {
		return nil, &usageError{fmt.Sprintf("serve: --listen %s: %v; write an address and a port, such as %s", address, err, defaultListen)}
	}
	listener, err := net.Listen("tcp", address)
	switch {
	case errors.Is(err, syscall.EADDRINUSE):
		return nil, fmt.Errorf("%s is in use by another program: stop it, or choose another port with --listen 127.0.0.1:PORT (0 takes a free one)", address)
	case errors.Is(err, syscall.EACCES):
		return nil, fmt.Errorf("this user may not listen on %s: choose a port above 1023 with --listen", address)
	case err != nil:
		return nil, fmt.Errorf("cannot listen on %s: %w", address, err)
	}
	return listener, nil
}

func (t tree) serveOn(ctx context.Context, listener net.Listener, s serving) error {
	page, err := t.loadAssets()
	if err != nil {
		return err
	}
	dsml := newDSML(s)
	defer dsml.Close()
	mux := http.NewServeMux()
	mux.Handle("/", page)
	mux.Handle("/dsml", dsml)
	server := &http.Server{Handler: onlyLocalNames(listener.Addr(), mux), ReadHeaderTimeout: headerPatience, IdleTimeout: idlePatience}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	console.printf("\nThe page is at %s (its endpoint at /dsml). Ctrl+C stops the server.\n", webAddress(listener.Addr()))
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	console.printf("stopping ...\n")
	patience, cancel := context.WithTimeout(context.Background(), shutdownPatience)
	defer cancel()
	if err := server.Shutdown(patience); err != nil {
		return errors.Join(fmt.Errorf("requests were still running after %v", shutdownPatience), server.Close())
	}
	return nil
}

// webAddress is what to type into a browser on this machine.
func webAddress(a net.Addr) string {
	host, port, err := net.SplitHostPort(a.String())
	if err != nil {
		return a.String()
	}
	if ip := net.ParseIP(host); ip == nil || ip.IsUnspecified() {
		host = "127.0.0.1"
	}
	return "http://" + net.JoinHostPort(host, port) + "/"
}
