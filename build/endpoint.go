package main

import (
	"crypto/rand"
	"log/slog"
	"os"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/web/directory/memory"
	"github.com/dsmlkit/dsmlkit/web/endpoint"
)

// dsmlEndpoint is the endpoint at /dsml with what has to be let go at the end.
type dsmlEndpoint struct {
	*endpoint.DSML
	table     *session.Table
	directory *memory.Directory
}

func newDSML(s serving) *dsmlEndpoint {
	table := session.NewTable(session.TableOptions{
		Rand:         rand.Reader,
		Idle:         s.sessionTTL,
		Max:          &s.sessionsMax,
		MaxPerClient: &s.sessionsMaxPerClient,
	})
	directory := memory.Sample()
	return &dsmlEndpoint{
		DSML: endpoint.NewDSML(endpoint.Options{
			Backend:        directory,
			Table:          table,
			AllowedOrigins: s.allowOrigins,
			Log:            slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelWarn})),
		}),
		table:     table,
		directory: directory,
	}
}

// Close ends all sessions, and with them their connections.
func (d *dsmlEndpoint) Close() error {
	d.table.Close()
	return d.directory.Close()
}
