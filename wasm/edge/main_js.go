package main

import (
	"log/slog"
	"os"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/hack-pad/safejs"
)

// main hands JavaScript the functions of the bridge, and stays: when main
// returns the instance is over.
func main() {
	over := make(chan struct{})
	if err := run(over); err != nil {
		slog.New(slog.NewTextHandler(os.Stderr, nil)).Error("the edge endpoint did not start", "error", err)
		os.Exit(1)
	}
	<-over
}

func run(over chan struct{}) error {
	host, err := safejs.Global().Get("dsmledge")
	if err != nil {
		return err
	}
	var r reader
	environ := r.texts(r.get(host, "settings"))
	if r.err != nil {
		return r.err
	}
	c, err := readConfig(environ)
	if err != nil {
		return err
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: c.level}))
	sockets := newSockets(dialInJavaScript{host})
	ended := func() {
		if _, err := host.Call("ended"); err != nil {
			log.Error("nobody was told that a session is over", "error", err)
		}
	}
	e, err := open(c, sockets, ended, log)
	if err != nil {
		return err
	}
	border = &bridge{host: host, server: newServer(e, log), sockets: sockets, table: e.table}
	// What is asked for now and then. The rest are exports (border_js.go).
	functions := map[string]func() any{
		"view": func() any {
			return string(session.AppendRows(nil, session.View(session.Viewer{All: true}, e.table)))
		},
		"stop": func() any { close(over); return nil },
	}
	ready := map[string]any{"maxBody": e.maxBody}
	for name, do := range functions {
		f, err := safejs.FuncOf(func(_ safejs.Value, _ []safejs.Value) any { return do() })
		if err != nil {
			return err
		}
		ready[name] = f
	}
	_, err = host.Call("ready", ready)
	return err
}

// bridge is what the exports speak of.
type bridge struct {
	host    safejs.Value
	server  *server
	sockets *sockets
	table   *session.Table
}
