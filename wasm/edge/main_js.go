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
	uint8Array, err := safejs.Global().Get("Uint8Array")
	if err != nil {
		return err
	}
	sockets := newSockets(dialInJavaScript{host: host, uint8Array: uint8Array})
	ended := func() {
		if _, err := host.Call("ended"); err != nil {
			log.Error("nobody was told that a session is over", "error", err)
		}
	}
	e, err := open(c, sockets, ended, log)
	if err != nil {
		return err
	}
	b := bridge{uint8Array: uint8Array, server: newServer(e, log), sockets: sockets, log: log}
	functions := map[string]func(args []safejs.Value) any{
		"serve":   b.serve,
		"cancel":  func(args []safejs.Value) any { b.server.cancel(b.number(args)); return nil },
		"proceed": func(args []safejs.Value) any { b.server.proceed(b.number(args)); return nil },
		// The number of sessions that can be used, without a look at the rest.
		"count": func([]safejs.Value) any { return len(e.table.List()) },
		"view": func([]safejs.Value) any {
			return string(session.AppendRows(nil, session.View(session.Viewer{All: true}, e.table)))
		},
		"opened":   b.opened,
		"received": b.received,
		"written":  b.written,
		"stop":     func([]safejs.Value) any { close(over); return nil },
	}
	ready := map[string]any{"maxBody": e.maxBody}
	for name, do := range functions {
		f, err := safejs.FuncOf(func(_ safejs.Value, args []safejs.Value) any { return do(args) })
		if err != nil {
			return err
		}
		ready[name] = f
	}
	_, err = host.Call("ready", ready)
	return err
}

// bridge is what JavaScript calls.
type bridge struct {
	uint8Array safejs.Value
	server     *server
	sockets    *sockets
	log        *slog.Logger
}

// number reads the first argument, which says of which request or socket the
// call speaks. 0 is none.
func (b *bridge) number(args []safejs.Value) int {
	if len(args) > 0 {
		if id, err := args[0].Int(); err == nil {
			return id
		}
	}
	b.log.Error("a call that does not say what it is about")
	return 0
}

func (b *bridge) serve(args []safejs.Value) any {
	id := b.number(args)
	to := toJavaScript{answer: args[2], uint8Array: b.uint8Array}
	m, err := readMessage(args[1])
	if err != nil {
		b.log.Error("a request that cannot be read", "error", err)
		if err := to.fail("the request could not be read"); err != nil {
			b.log.Error("nobody took that", "error", err)
		}
		return nil
	}
	b.server.start(id, m, to)
	return nil
}
