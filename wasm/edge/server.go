package main

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"runtime/debug"
	"sync"
)

// message is one HTTP request as JavaScript hands it over.
type message struct {
	method, url string
	// headers holds names and values in turn. A list, because the value of a
	// header cannot be told apart from two values once they are joined.
	headers []string
	body    []byte
	client  string // address of the client, "" when it is not known
}

// request makes of it what a handler gets.
func (m message) request(ctx context.Context) (*http.Request, error) {
	r, err := http.NewRequestWithContext(ctx, m.method, m.url, bytes.NewReader(m.body))
	if err != nil {
		return nil, err
	}
	if r.Host == "" {
		return nil, errors.New("the address of the request names no host")
	}
	for i := 0; i+1 < len(m.headers); i += 2 {
		r.Header.Add(m.headers[i], m.headers[i+1])
	}
	r.RequestURI = r.URL.RequestURI()
	r.RemoteAddr = m.client
	return r, nil
}

// server runs the handler for many requests at the same time. Each has a number
// by which JavaScript speaks of it, so that no function has to be made, and
// freed, for a single request.
type server struct {
	handler http.Handler
	log     *slog.Logger

	mu      sync.Mutex
	running map[int]*exchange
}

// exchange is one request under way.
type exchange struct {
	cancel context.CancelFunc
	room   chan struct{} // holds a token when the receiver can take more
}

func newServer(handler http.Handler, log *slog.Logger) *server {
	return &server{handler: handler, log: log, running: map[int]*exchange{}}
}

// start answers the message through the receiver and returns at once.
func (s *server) start(id int, m message, to receiver) {
	ctx, cancel := context.WithCancel(context.Background())
	x := &exchange{cancel: cancel, room: make(chan struct{}, 1)}
	s.mu.Lock()
	s.running[id] = x
	s.mu.Unlock()
	go func() {
		defer s.forget(id)
		s.serve(ctx, m, newResponse(ctx, to, x.room))
	}()
}

// cancel ends the context of a request whose client went away.
func (s *server) cancel(id int) {
	if x := s.find(id); x != nil {
		x.cancel()
	}
}

// proceed lets a response go on that waits for its client to read.
func (s *server) proceed(id int) {
	if x := s.find(id); x != nil {
		select {
		case x.room <- struct{}{}:
		default: // told already
		}
	}
}

func (s *server) find(id int) *exchange {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.running[id]
}

func (s *server) forget(id int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.running[id].cancel()
	delete(s.running, id)
}

// serve runs the handler to its end. A panic is the end of its request only: the
// other sessions in this program go on.
func (s *server) serve(ctx context.Context, m message, w *response) {
	defer func() {
		switch cause := recover(); {
		case cause == nil:
			w.end()
		case cause == http.ErrAbortHandler:
			w.breakOff("the answer was broken off")
		default:
			s.log.Error("panic while serving a request", "cause", cause, "stack", string(debug.Stack()))
			w.crash()
		}
	}()
	r, err := m.request(ctx)
	if err != nil {
		http.Error(w, "The request could not be read.", http.StatusBadRequest)
		return
	}
	w.headOnly = m.method == http.MethodHead
	s.handler.ServeHTTP(w, r)
}
