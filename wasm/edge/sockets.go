package main

import (
	"context"
	"errors"
	"net"
	"sync"
)

// dialer opens transports.
type dialer interface {
	// dial begins to open one, which is told of by opened.
	dial(id int, host string, port int) (transport, error)
}

// sockets are the connections of one program, by the numbers that JavaScript
// knows them by.
type sockets struct {
	to dialer

	mu     sync.Mutex
	last   int
	conns  map[int]*conn
	opened map[int]chan error
}

func newSockets(to dialer) *sockets {
	return &sockets{to: to, conns: map[int]*conn{}, opened: map[int]chan error{}}
}

// address is host and port of an end of a connection.
type address string

func (a address) Network() string { return "tcp" }
func (a address) String() string  { return string(a) }

// errNoSocket: the number is of no connection, or of one that is closed.
var errNoSocket = errors.New("no such socket")

// dial opens a connection, for at most as long as the context lasts.
func (s *sockets) dial(ctx context.Context, host string, port int, remote address) (net.Conn, error) {
	s.mu.Lock()
	s.last++
	id := s.last
	opened := make(chan error, 1)
	s.opened[id] = opened
	s.mu.Unlock()

	to, err := s.to.dial(id, host, port)
	if err == nil {
		select {
		case err = <-opened:
		case <-ctx.Done():
			err = ctx.Err()
		}
		if err != nil {
			to.close()
		}
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.opened, id)
	if err != nil {
		return nil, &net.OpError{Op: "dial", Net: "tcp", Addr: remote, Err: err}
	}
	c := newConn(&numbered{transport: to, forget: func() { s.forget(id) }}, address("worker"), remote)
	s.conns[id] = c
	return c, nil
}

// numbered forgets its connection's number when it is closed.
type numbered struct {
	transport
	forget func()
}

func (n *numbered) close() {
	n.forget()
	n.transport.close()
}

func (s *sockets) forget(id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	delete(s.conns, id)
}

// find returns the connection, and errNoSocket for one that is closed: what was
// on the way when it closed is thrown away.
func (s *sockets) find(id int) (*conn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c := s.conns[id]; c != nil {
		return c, nil
	}
	return nil, errNoSocket
}

// told passes on how the opening went.
func (s *sockets) told(id int, err error) {
	s.mu.Lock()
	opened := s.opened[id]
	s.mu.Unlock()
	if opened != nil {
		opened <- err
	}
}
