package main

import "github.com/hack-pad/safejs"

// dialInJavaScript opens the sockets of the runtime (wasm/js/edge-sockets.ts).
type dialInJavaScript struct{ host safejs.Value }

func (d dialInJavaScript) dial(id int, host string, port int) (transport, error) {
	if _, err := d.host.Call("dial", id, host, port); err != nil {
		return nil, err
	}
	return inJavaScript{d, id}, nil
}

// inJavaScript is one of those sockets.
type inJavaScript struct {
	dialInJavaScript
	id int
}

func (s inJavaScript) pull() { _, _ = s.host.Call("pull", s.id) } // what fails is told by received

func (s inJavaScript) push(piece []byte) error {
	at, length := place(piece)
	_, err := s.host.Call("push", s.id, at, length)
	return err
}

func (s inJavaScript) close() { _, _ = s.host.Call("shut", s.id) } // a socket that is gone is closed
