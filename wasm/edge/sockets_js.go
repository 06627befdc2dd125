package main

import (
	"errors"
	"io"

	"github.com/hack-pad/safejs"
)

// dialInJavaScript opens the sockets of the runtime (wasm/js/edge-sockets.ts).
type dialInJavaScript struct{ host, uint8Array safejs.Value }

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
	// A copy, for Go's memory is used again while the piece is on its way.
	out, err := s.uint8Array.New(len(piece))
	if err != nil {
		return err
	}
	if _, err := safejs.CopyBytesToJS(out, piece); err != nil {
		return err
	}
	_, err = s.host.Call("push", s.id, out)
	return err
}

func (s inJavaScript) close() { _, _ = s.host.Call("shut", s.id) } // a socket that is gone is closed

// problem reads what JavaScript says went wrong: an empty text is nothing.
func problem(v safejs.Value) error {
	var r reader
	if text := r.text(v); r.err != nil {
		return r.err
	} else if text != "" {
		return errors.New(text)
	}
	return nil
}

// opened takes (id, problem).
func (b *bridge) opened(args []safejs.Value) any {
	b.sockets.told(b.number(args), problem(args[1]))
	return nil
}

// received takes (id, bytes, problem). Without bytes and without a problem the
// other side has closed.
func (b *bridge) received(args []safejs.Value) any {
	c, err := b.sockets.find(b.number(args))
	if err != nil {
		return nil
	}
	var r reader
	piece, err := r.bytes(args[1]), problem(args[2])
	switch {
	case r.err != nil:
		err = r.err
	case err == nil && len(piece) == 0:
		err = io.EOF
	}
	c.received(piece, err)
	return nil
}

// written takes (id, problem).
func (b *bridge) written(args []safejs.Value) any {
	if c, err := b.sockets.find(b.number(args)); err == nil {
		c.written(problem(args[1]))
	}
	return nil
}
