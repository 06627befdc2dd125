package main

import (
	"context"
	"maps"
	"net/http"
	"os"
	"slices"
	"time"
)

// receiver is the other side of the border for one answer.
type receiver interface {
	// answer passes on a piece of the body, the first one with the status and
	// the headers, names and values in turn; later ones have status 0. It tells
	// whether there is room for another. The bytes are the caller's again after
	// the call.
	answer(status int, headers []string, piece []byte, last bool) (room bool, err error)
	// fail breaks the answer off.
	fail(why string) error
}

// mostHeld bounds the first piece of an answer that waits to be seen to be all
// of it, in bytes.
const mostHeld = 32 << 10

// response is the http.ResponseWriter over a receiver. Like a server's it holds
// back what a handler writes first, up to mostHeld, until the handler writes
// more, flushes or returns: most answers are one piece, and cross the border at
// once. All else goes out as it is written; the endpoint gathers it into pieces
// of a sensible size.
type response struct {
	ctx      context.Context
	to       receiver
	room     <-chan struct{}
	header   http.Header
	status   int      // 0 until it is known
	headers  []string // when it became known
	sent     bool     // the head is out
	held     []byte
	writeBy  time.Time // zero: no deadline
	headOnly bool      // the request was a HEAD
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
	for _, name := range slices.Sorted(maps.Keys(w.header)) {
		if slices.Contains(connectionHeaders, name) {
			continue
		}
		for _, value := range w.header[name] {
			w.headers = append(w.headers, name, value)
		}
	}
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
	if !w.sent && w.held == nil && len(piece) <= mostHeld {
		w.held = slices.Clone(piece)
		return len(piece), nil
	}
	w.release()
	w.pass(piece)
	if w.err != nil {
		return 0, w.err
	}
	return len(piece), nil
}

// Flush implements [http.Flusher].
func (w *response) Flush() {
	w.WriteHeader(http.StatusOK)
	w.release()
}

// release passes on what is held back.
func (w *response) release() {
	if piece := w.held; piece != nil || !w.sent {
		w.held = nil
		w.pass(piece)
	}
}

// pass hands a piece over, and waits until there is room for another.
func (w *response) pass(piece []byte) {
	room := w.give(piece, false)
	if w.err != nil || room {
		return
	}
	var late <-chan time.Time
	if !w.writeBy.IsZero() {
		timer := time.NewTimer(time.Until(w.writeBy))
		defer timer.Stop()
		late = timer.C
	}
	select {
	case <-w.room:
	case <-late:
		w.err = os.ErrDeadlineExceeded
	case <-w.ctx.Done():
		w.err = w.ctx.Err()
	}
}

// SetReadDeadline is for [http.ResponseController]. The body of the request is
// there already.
func (w *response) SetReadDeadline(time.Time) error { return nil }

// SetWriteDeadline is for [http.ResponseController]: how long a Write waits for
// a slow client.
func (w *response) SetWriteDeadline(t time.Time) error {
	w.writeBy = t
	return nil
}

func (w *response) give(piece []byte, last bool) (room bool) {
	if w.err != nil {
		return false
	}
	status, headers := w.status, w.headers
	if w.sent {
		status, headers = 0, nil
	}
	w.sent = true
	room, w.err = w.to.answer(status, headers, piece, last)
	return room
}

// end closes the answer. When the receiver takes no more there is nobody left
// to tell, here as in fail and crash.
func (w *response) end() {
	w.WriteHeader(http.StatusOK)
	piece := w.held
	w.held = nil
	w.give(piece, true)
	if w.err != nil {
		w.fail(w.err.Error())
	}
}

// fail breaks the answer off, so that the client does not take it for whole.
func (w *response) fail(why string) {
	w.err = w.to.fail(why)
}

// breakOff is fail for a handler that wrote something: that much goes out.
func (w *response) breakOff(why string) {
	if piece := w.held; piece != nil {
		w.held = nil
		w.give(piece, false)
	}
	w.fail(why)
}

// crash answers for a handler that panicked.
func (w *response) crash() {
	if w.status != 0 {
		w.breakOff("the server failed while it answered")
		return
	}
	w.header = http.Header{}
	http.Error(w, "The server failed at this request.", http.StatusInternalServerError)
	w.end()
}
