package main

import (
	"context"
	"net/http"
	"slices"
)

// receiver is the other side of the border for one answer: one head, pieces of
// the body, and either the end or the failure of it.
type receiver interface {
	head(status int, headers []string) error
	// body passes on a piece and tells whether there is room for another. The
	// bytes are the caller's again after the call.
	body(piece []byte) (room bool, err error)
	end() error
	fail(why string) error
}

// response is the http.ResponseWriter over a receiver. What a handler writes
// goes out at once; the endpoint gathers it into pieces of a sensible size.
type response struct {
	ctx      context.Context
	to       receiver
	room     <-chan struct{}
	header   http.Header
	status   int  // 0 until the head is out
	headOnly bool // the request was a HEAD
	err      error
}

func newResponse(ctx context.Context, to receiver, room <-chan struct{}) *response {
	return &response{ctx: ctx, to: to, room: room, header: http.Header{}}
}

// Header implements [http.ResponseWriter].
func (w *response) Header() http.Header { return w.header }

// connectionHeaders speak of the connection, which is the runtime's affair.
var connectionHeaders = []string{"Connection", "Keep-Alive", "Transfer-Encoding", "Upgrade"}

// WriteHeader implements [http.ResponseWriter]. Heads in advance (1xx) are left
// out: a Worker cannot send them.
func (w *response) WriteHeader(status int) {
	if w.status != 0 || status < 200 {
		return
	}
	w.status = status
	var headers []string
	for name, values := range w.header {
		if slices.Contains(connectionHeaders, name) {
			continue
		}
		for _, value := range values {
			headers = append(headers, name, value)
		}
	}
	w.err = w.to.head(status, headers)
}

// Write implements [http.ResponseWriter]. It waits while the client is slower
// than the handler, and fails when the client is gone.
func (w *response) Write(piece []byte) (int, error) {
	w.WriteHeader(http.StatusOK)
	if w.err != nil {
		return 0, w.err
	}
	if w.err = w.ctx.Err(); w.err != nil {
		return 0, w.err
	}
	if w.status == http.StatusNoContent || w.status == http.StatusNotModified {
		return 0, http.ErrBodyNotAllowed
	}
	if w.headOnly || len(piece) == 0 {
		return len(piece), nil
	}
	room, err := w.to.body(piece)
	if err != nil {
		w.err = err
		return 0, err
	}
	if !room {
		select {
		case <-w.room:
		case <-w.ctx.Done():
			w.err = w.ctx.Err()
		}
	}
	return len(piece), w.err
}

// Flush implements [http.Flusher]: nothing is ever held back.
func (w *response) Flush() { w.WriteHeader(http.StatusOK) }

// end closes the answer. When the receiver takes no more there is nobody left
// to tell, here as in fail and crash.
func (w *response) end() {
	w.WriteHeader(http.StatusOK)
	if w.err != nil {
		w.fail(w.err.Error())
		return
	}
	w.err = w.to.end()
}

// fail breaks the answer off, so that the client does not take it for whole.
func (w *response) fail(why string) {
	w.err = w.to.fail(why)
}

// crash answers for a handler that panicked.
func (w *response) crash() {
	if w.status != 0 {
		w.fail("the server failed while it answered")
		return
	}
	w.header = http.Header{}
	http.Error(w, "The server failed at this request.", http.StatusInternalServerError)
	w.end()
}
