package main

import (
	"log/slog"
	"os"

	"github.com/dsmlkit/dsmlkit/web/endpoint"
	"github.com/hack-pad/safejs"
)

// main hands JavaScript the three functions of the bridge, and stays: when main
// returns the instance is over.
func main() {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	if err := connect(newServer(newEndpoint(), log), log); err != nil {
		log.Error("the edge endpoint did not start", "error", err)
		os.Exit(1)
	}
	select {}
}

// connect tells the host that requests may come.
func connect(s *server, log *slog.Logger) error {
	uint8Array, err := safejs.Global().Get("Uint8Array")
	if err != nil {
		return err
	}
	serve, err := safejs.FuncOf(func(_ safejs.Value, args []safejs.Value) any {
		id, err := args[0].Int()
		if err != nil {
			log.Error("a request without a number", "error", err)
			return nil
		}
		to := toJavaScript{answer: args[2], uint8Array: uint8Array}
		m, err := readMessage(args[1])
		if err != nil {
			log.Error("a request that cannot be read", "error", err)
			if err := to.fail("the request could not be read"); err != nil {
				log.Error("nobody took that", "error", err)
			}
			return nil
		}
		s.start(id, m, to)
		return nil
	})
	if err != nil {
		return err
	}
	cancel, err := byNumber(s.cancel, log)
	if err != nil {
		return err
	}
	proceed, err := byNumber(s.proceed, log)
	if err != nil {
		return err
	}
	host, err := safejs.Global().Get("dsmledge")
	if err != nil {
		return err
	}
	_, err = host.Call("ready", serve, cancel, proceed, endpoint.DefaultMaxBody)
	return err
}

// byNumber makes a JavaScript function of one that speaks of a request.
func byNumber(do func(id int), log *slog.Logger) (safejs.Func, error) {
	return safejs.FuncOf(func(_ safejs.Value, args []safejs.Value) any {
		id, err := args[0].Int()
		if err != nil {
			log.Error("a call without a request's number", "error", err)
			return nil
		}
		do(id)
		return nil
	})
}
