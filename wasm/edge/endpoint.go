package main

import (
	"crypto/rand"
	"log/slog"
	"net/http"
	"os"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/web/directory/memory"
	"github.com/dsmlkit/dsmlkit/web/endpoint"
)

// newEndpoint is the endpoint with its sessions and its directory. It is never
// closed: it lives as long as the program.
func newEndpoint() http.Handler {
	return endpoint.NewDSML(endpoint.Options{
		Backend: memory.Sample(),
		Table:   session.NewTable(session.TableOptions{Rand: rand.Reader}),
		Log:     slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
	})
}
