package endpoint

import (
	"context"
	"errors"
	"io"
	"net/http"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// ServeHTTP answers one SOAP message.
//
// Errors of the DSML document come with status 200 and a batchResponse
// (D-114), SOAP faults with 500 (D-115), or 400 in SOAP 1.2 where the sender is
// to blame. What goes wrong before there is a SOAP message has a status of its
// own: 405, 403 (origin), 413 (size), 415 (a compressed body).
func (h *DSML) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if !h.origins.Admit(w, r) {
		return
	}
	switch r.Method {
	case http.MethodPost:
	case http.MethodOptions:
		w.Header().Set("Allow", "POST, OPTIONS")
		w.WriteHeader(http.StatusNoContent)
		return
	default: // D-108
		w.Header().Set("Allow", "POST, OPTIONS")
		http.Error(w, "This is a DSMLv2 endpoint: send a SOAP envelope with a batchRequest by POST.", http.StatusMethodNotAllowed)
		return
	}
	a := &answer{http: w, version: typeVersion(r), patience: h.TransferTimeout}
	body, err := h.read(http.NewResponseController(w), r)
	if err != nil {
		h.unreadable(a, err)
		return
	}
	if coding := r.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		a.status = http.StatusUnsupportedMediaType
		w.Header().Set("Accept-Encoding", "identity") // RFC 9110, section 12.5.3
		a.only(dsml.Optional{}, &dsml.ErrorResponse{Type: dsml.NotAttempted, Message: "the request body has the Content-Encoding " +
			strconv.Quote(coding) + ", which this endpoint does not read; send it as it is. Nothing of it was run"})
		return
	}
	m, err := h.parse(body)
	a.version = Version(r, m.parsed, err)
	x := &exchange{DSML: h, message: m, documentError: err, answer: a}
	defer x.observed(r.Context())
	if a.version == soap.V12 && noEnvelope(err) {
		a.mismatch(err)
		return
	}
	if blocks := m.notUnderstood(); len(blocks) > 0 { // D-118, before anything runs
		a.notUnderstood(blocks)
		return
	}
	identity, ierr := basicIdentity(r)
	ctx, cancel := context.WithTimeout(r.Context(), h.BatchTimeout)
	defer cancel()
	x.peer = session.Peer{Address: h.ClientAddress(r), Identity: identity.Key()}
	x.identity, x.identityError = identity, ierr
	x.gone = func() bool { return r.Context().Err() != nil }
	x.serve(ctx)
}

// errTooLarge says that a body is over the limit.
var errTooLarge = errors.New("the body is too large")

// read takes in the body up to the limit. What goes beyond it is thrown away
// while it comes, up to a bound: a client that is still sending sees no answer
// otherwise, only a broken connection (D-122).
//
// A client that stops sending is not waited for: each one that did would keep a
// connection and a goroutine for good.
func (h *DSML) read(wire *http.ResponseController, r *http.Request) ([]byte, error) {
	// Not every ResponseWriter has deadlines; without one the rest still holds.
	_ = wire.SetReadDeadline(time.Now().Add(h.TransferTimeout))
	if r.ContentLength > h.MaxBody {
		h.discard(wire, r)
		return nil, errTooLarge
	}
	body, err := io.ReadAll(io.LimitReader(r.Body, h.MaxBody+1))
	if err != nil {
		return nil, err
	}
	if int64(len(body)) > h.MaxBody {
		h.discard(wire, r)
		return nil, errTooLarge
	}
	// A deadline that stood on would look as if the client had gone while its
	// batch runs. After an error it stays: the server looks for the rest of the
	// body before it lets go of the connection.
	_ = wire.SetReadDeadline(time.Time{})
	return body, nil
}

func (h *DSML) discard(wire *http.ResponseController, r *http.Request) {
	if r.Header.Get("Expect") != "" {
		return // the client waits for leave before it sends the body
	}
	const most, patience = 128 << 20, 20 * time.Second
	stop := time.Now().Add(min(patience, h.TransferTimeout))
	_ = wire.SetReadDeadline(stop)
	buf := make([]byte, 64<<10)
	for n := 0; n < most && time.Now().Before(stop); {
		k, err := r.Body.Read(buf)
		if err != nil {
			return
		}
		n += k
	}
}

func (h *DSML) unreadable(a *answer, err error) {
	if errors.Is(err, os.ErrDeadlineExceeded) {
		h.Log.Info("request body too slow", "error", err)
		a.http.Header().Set("Connection", "close")
		http.Error(a.http, "The request body did not come within "+h.TransferTimeout.String()+".", http.StatusRequestTimeout)
		return
	}
	if !errors.Is(err, errTooLarge) {
		h.Log.Info("request body not readable", "error", err)
		http.Error(a.http, "The request body ended early.", http.StatusBadRequest)
		return
	}
	a.status = http.StatusRequestEntityTooLarge
	a.http.Header().Set("Connection", "close")
	a.only(dsml.Optional{}, &dsml.ErrorResponse{Type: dsml.NotAttempted, Message: "the request body is larger than the " + strconv.FormatInt(h.MaxBody, 10) + " bytes that this endpoint accepts; nothing of it was run"})
}

// exchange is one SOAP message and the way to its answer.
type exchange struct {
	*DSML
	message       *message
	documentError error
	answer        *answer
	peer          session.Peer
	identity      directory.Identity
	identityError error
	gone          func() bool // the client has hung up
	delivered     bool        // the answer went out to its end

	step    session.StepKind // what the message asks of its session
	session string           // the part of the session's id that may be shown
}

func (x *exchange) serve(ctx context.Context) {
	step, err := session.DSMLStep(x.message.headers(), session.DialectOptions{Windows: x.Windows})
	if err != nil {
		x.answer.refuse(err)
		return
	}
	x.step = step.Kind
	if x.identityError != nil { // D-120
		x.answer.only(x.message.requestID(), &dsml.ErrorResponse{Type: dsml.AuthenticationFailed, Message: x.identityError.Error()})
		return
	}
	if step.Kind == session.StepNone {
		x.oneShot(ctx)
		return
	}
	if step.Kind == session.StepBegin && x.documentError != nil {
		// No session is made for a message that cannot be run: its sender would
		// not learn of it from an answer that reports an error.
		x.malformed()
		return
	}
	lease, err := x.lease(ctx, step)
	if err != nil {
		x.refused(err)
		return
	}
	defer lease.Release()
	defer func() {
		// A client that did not learn the id of its session cannot end it, and
		// would be short of one until it runs out.
		if step.Kind == session.StepBegin && (!x.delivered || x.gone()) {
			lease.End()
		}
	}()
	x.answer.sessionID, x.session = lease.ID(), lease.Short()
	conn, ok := lease.Resource().(directory.Conn)
	if !ok {
		x.answer.refuse(errors.New("the session has no directory connection"))
		return
	}
	conns := &connections{shared: conn}
	x.run(ctx, conns)
	if conns.isLost() {
		lease.Lost()
	}
}

// lease makes or takes the session that the message belongs to.
func (x *exchange) lease(ctx context.Context, step session.Step) (*session.Lease, error) {
	switch step.Kind {
	case session.StepBegin:
		return x.Table.BeginWith(ctx, session.Opening{Peer: x.peer, LoginName: x.identity.Name}, func(ctx context.Context) (io.Closer, error) {
			return x.Backend.Connect(ctx, x.identity)
		})
	case session.StepEnd:
		return x.Table.End(ctx, step.ID, x.peer)
	}
	return x.Table.Use(ctx, step.ID, x.peer)
}

// refused answers a message whose session step failed: an error of the
// directory as DSML reports it, everything else as a SOAP fault.
func (x *exchange) refused(err error) {
	var de *directory.Error
	if errors.As(err, &de) {
		x.answer.only(x.message.requestID(), errorResponse(dsml.Optional{}, de))
		return
	}
	x.Log.Info("session step refused", "error", err, "client", x.peer.Address)
	x.answer.refuse(err)
}

func (x *exchange) oneShot(ctx context.Context) {
	if x.documentError != nil {
		x.malformed()
		return
	}
	connect := x.Backend.Connect
	if lender, ok := x.Backend.(directory.Lender); ok {
		connect = lender.Borrow
	}
	conns := &connections{ctx: ctx, open: func(ctx context.Context) (directory.Conn, error) { return connect(ctx, x.identity) }}
	defer func() {
		if err := conns.close(); err != nil {
			x.Log.Warn("directory connection not closed cleanly", "error", err)
		}
	}()
	// The first connection is made before anything else, so that refused
	// credentials are known while no request has been run (D-120).
	conn, err := conns.acquire(ctx)
	if err != nil {
		x.answer.only(x.message.requestID(), errorResponse(dsml.Optional{}, err))
		return
	}
	conns.release(conn, nil)
	x.run(ctx, conns)
}

// run answers with the batch, or with what is wrong with it.
func (x *exchange) run(ctx context.Context, conns *connections) {
	if x.documentError != nil {
		x.malformed()
		return
	}
	request := x.message.request()
	if n := len(request.Requests); n > x.MaxRequests { // D-32
		x.delivered = true
		x.answer.only(request.RequestID, &dsml.ErrorResponse{Type: dsml.NotAttempted, Message: "the batch holds " + strconv.Itoa(n) + " requests and this endpoint runs at most " + strconv.Itoa(x.MaxRequests) + " in one; none of them was run"})
		return
	}
	x.answer.begin(request.RequestID)
	b := &batch{DSML: x.DSML, request: request, conns: conns, inSession: conns.shared != nil}
	if err := b.run(ctx, x.answer); err != nil {
		x.Log.Info("batch not answered to its end", "error", err, "client", x.peer.Address)
		x.answer.abort(err)
		return
	}
	if err := x.answer.end(); err != nil {
		x.Log.Info("answer not delivered", "error", err, "client", x.peer.Address)
		x.answer.abort(err)
		return
	}
	x.delivered = true
	x.answer.outcome = OutcomeAnswered
}

// malformed answers a document that cannot be run; nothing of it was (D-30).
func (x *exchange) malformed() {
	x.answer.only(x.message.requestID(), &dsml.ErrorResponse{Type: dsml.MalformedRequest, Message: x.documentError.Error()})
}
