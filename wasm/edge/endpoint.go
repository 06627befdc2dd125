package main

import (
	"crypto/rand"
	"log/slog"
	"net/http"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/web/endpoint"
)

// served is the endpoint of an object and the table of its sessions. Neither is
// ever closed: they live as long as the program.
type served struct {
	http.Handler
	table   *session.Table
	maxBody int64
}

// open makes the endpoint that the configuration asks for. ended is told when a
// session is over.
func open(c *config, sockets *sockets, ended func(), log *slog.Logger) (served, error) {
	backend, err := c.directory.open(sockets, log)
	if err != nil {
		return served{}, err
	}
	sessions := c.sessions
	sessions.Rand, sessions.Endpoint = rand.Reader, 1
	sessions.Ended = func(session.Info, session.Cause, error) { ended() }
	if c.role != roleDirectory {
		// The coordinator counts for all objects together (D-128, D-129). A pool
		// has no sessions, and every id is unknown to it.
		limit := -1
		if c.role == rolePool {
			limit = 0
		}
		sessions.Max, sessions.MaxPerClient = &limit, &limit
		sessions.NewID = func() (string, error) { return c.sessionID, nil }
	}
	o := c.limits
	o.Backend, o.Table, o.AllowedOrigins, o.Log = backend, session.NewTable(sessions), c.origins, log
	return served{endpoint.NewDSML(o), o.Table, o.MaxBody}, nil
}
