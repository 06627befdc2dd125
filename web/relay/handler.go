package relay

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/web/endpoint"
	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// ServeHTTP relays one message and its answer.
//
// What the relay has to say itself is said as an endpoint says it: an
// errorResponse with status 200, or a fault when it is about the session, with
// 500, or with 400 in SOAP 1.2 where the caller is to blame. The header Dsmlkit-Error tells that it was the relay.
func (r *Relay) ServeHTTP(w http.ResponseWriter, in *http.Request) {
	if !r.Origins.Admit(w, in, Exposed...) {
		return
	}
	if in.Method != http.MethodPost {
		w.Header().Set("Allow", "POST, OPTIONS")
		if in.Method == http.MethodOptions {
			w.WriteHeader(http.StatusNoContent)
			return
		}
		http.Error(w, "This relays to a DSMLv2 endpoint: send a SOAP envelope with a batchRequest by POST.", http.StatusMethodNotAllowed)
		return
	}
	body, ok := endpoint.ReadBody(w, in, endpoint.Options{MaxBody: r.MaxBody, TransferTimeout: r.TransferTimeout, Log: r.Log})
	if !ok {
		return
	}
	ctx, cancel := context.WithTimeout(in.Context(), r.Timeout)
	defer cancel()
	x := &exchange{Relay: r, w: w, in: in, body: body, outcome: endpoint.OutcomeBroken}
	defer func() {
		if r.Observer != nil {
			r.Observer.Message(in.Context(), endpoint.Message{Step: x.step.Kind, Session: x.shown, Requests: x.requests(), Outcome: x.outcome})
		}
	}()
	x.read()
	if err := x.check(); err != nil {
		x.refuse(err)
		return
	}
	if err := x.relay(ctx); err != nil {
		x.refuse(err)
	}
}

// exchange is one message on its way.
type exchange struct {
	*Relay
	w    http.ResponseWriter
	in   *http.Request
	body []byte

	parsed        *dsml.Parsed // as far as the message could be read
	documentError error
	step          session.Step
	stepError     error
	peer          session.Peer
	authorization string

	begun   string // the id of the session that the message began
	shown   string // the part of the session's id that may be shown
	started bool   // the answer has begun
	outcome endpoint.Outcome
}

// read looks into the message. One that cannot be read is relayed all the same:
// what is wrong with it is for the other endpoint to say.
func (x *exchange) read() {
	x.parsed, x.documentError = dsml.Parse(x.body, dsml.Options{Limits: xml.Limits{Length: x.MaxBody}, Expect: dsml.ExpectRequest})
	if x.parsed == nil {
		x.parsed = &dsml.Parsed{}
	}
	if e := x.parsed.Envelope; e != nil {
		x.step, x.stepError = session.DSMLStep(e.Headers, session.DialectOptions{})
	}
}

func (x *exchange) requests() int {
	if b, ok := x.parsed.Document.(*dsml.BatchRequest); ok {
		return len(b.Requests)
	}
	return 0
}

func (x *exchange) version() soap.Version {
	return endpoint.Version(x.in, x.parsed, x.documentError)
}

// trouble is why a message was not relayed, or its answer not.
type trouble struct {
	code     string
	response dsml.ErrorType
	message  string
	cause    error
}

func (t *trouble) Error() string { return t.message }
func (t *trouble) Unwrap() error { return t.cause }

// check applies the rules that hold before anything leaves this server.
func (x *exchange) check() error {
	if slices.ContainsFunc(x.in.Header.Values("Via"), func(v string) bool { return strings.Contains(v, x.self) }) {
		return &trouble{CodeLoop, dsml.CouldNotConnect, "the way leads in a circle: the other endpoint leads back to this relay", nil}
	}
	authorization, err := authorization(x.in)
	if err != nil {
		return err
	}
	x.authorization = authorization
	x.peer = session.Peer{Address: x.ClientAddress(x.in), Identity: identity(authorization)}
	if n := x.requests(); n > x.MaxRequests { // D-32
		return &trouble{CodeRefused, dsml.NotAttempted, "the batch holds " + strconv.Itoa(n) + " requests and this relay passes on at most " + strconv.Itoa(x.MaxRequests) + " in one; it was not sent", nil}
	}
	if x.ReadOnly { // D-150
		if message := x.notReadOnly(); message != "" {
			return &trouble{CodeRefused, dsml.NotAttempted, message, nil}
		}
	}
	return x.stepError
}

func (x *exchange) notReadOnly() string {
	b, ok := x.parsed.Document.(*dsml.BatchRequest)
	if x.documentError != nil || !ok {
		return "this relay is read-only, and the message cannot be read, so that nobody knows what it would do; it was not sent"
	}
	for _, request := range b.Requests {
		switch request.(type) {
		case *dsml.SearchRequest, *dsml.CompareRequest, *dsml.AuthRequest, *dsml.AbandonRequest:
		default:
			return "this relay is read-only: it passes on searches and compares, nothing else; the batch was not sent"
		}
	}
	return ""
}

// send posts the message to the other endpoint.
func (x *exchange) send(ctx context.Context, kept []*http.Cookie) (*http.Response, error) {
	out, err := http.NewRequestWithContext(ctx, http.MethodPost, x.Upstream.String(), strings.NewReader(string(x.body)))
	if err != nil {
		return nil, err
	}
	out.Header = x.outgoing(x.in, x.authorization, kept)
	answer, err := x.transport.RoundTrip(out) // which follows no redirects
	if err != nil {
		return nil, unreachable(ctx, x.Upstream.Host, err)
	}
	if err := x.unusable(answer); err != nil {
		answer.Body.Close()
		return nil, err
	}
	return answer, nil
}

func unreachable(ctx context.Context, host string, err error) error {
	var blocked *blockedError
	switch {
	case errors.As(err, &blocked):
		return &trouble{CodeBlocked, dsml.CouldNotConnect, "the relay may not connect to " + host + ": " + blocked.Error(), err}
	case errors.Is(ctx.Err(), context.DeadlineExceeded):
		return &trouble{CodeTimeout, dsml.GatewayInternalError, host + " did not answer in time; whether it ran the batch is not known", err}
	case ctx.Err() != nil:
		return ctx.Err()
	}
	kind := dsml.ConnectionClosed
	if notSent(err) {
		kind = dsml.CouldNotConnect
	}
	return &trouble{CodeUnreachable, kind, "no answer from " + host + ": " + why(err), err}
}

// unusable says why an answer is not passed on.
func (x *exchange) unusable(answer *http.Response) error {
	switch {
	case answer.StatusCode >= 300 && answer.StatusCode < 400:
		where := answer.Header.Get("Location")
		if where == "" {
			where = "nowhere in particular"
		}
		return &trouble{CodeRedirect, dsml.CouldNotConnect, fmt.Sprintf("%s answered with status %d and sends the message to %.200q; the relay goes only where it was told to go", x.Upstream.Host, answer.StatusCode, where), nil}
	case answer.StatusCode < 200:
		return &trouble{CodeUnreachable, dsml.CouldNotConnect, x.Upstream.Host + " wants to speak another protocol", nil}
	case answer.ContentLength > x.MaxAnswer:
		return x.tooLong()
	}
	if coding := answer.Header.Get("Content-Encoding"); coding != "" && !strings.EqualFold(coding, "identity") {
		return &trouble{CodeEncoded, dsml.GatewayInternalError, fmt.Sprintf("%s sent its answer in the coding %.40q, which it was not asked for; the batch was run", x.Upstream.Host, coding), nil}
	}
	return nil
}

func (x *exchange) tooLong() error {
	return &trouble{CodeTooLong, dsml.GatewayInternalError, "the answer of " + x.Upstream.Host + " is longer than the " + strconv.FormatInt(x.MaxAnswer, 10) + " bytes that this relay passes on; the batch was run. Ask for less at a time, with pages in a session", nil}
}

// refuse answers in place of the other endpoint, or breaks off what has begun.
func (x *exchange) refuse(err error) {
	if x.started {
		x.Log.Info("answer not relayed to its end", "error", err, "client", x.peer.Address)
		x.outcome = endpoint.OutcomeBroken
		panic(http.ErrAbortHandler) // what is cut short must not look whole
	}
	var t *trouble
	var de *directory.Error
	x.outcome = endpoint.OutcomeRefused
	switch {
	case errors.As(err, &t):
		x.Log.Warn("message not relayed", "error", t.code, "cause", t.cause, "client", x.peer.Address)
		x.w.Header().Set(HeaderError, t.code)
		endpoint.WriteError(x.w, x.version(), x.parsed.RequestID, &dsml.ErrorResponse{Type: t.response, Message: t.message})
	case errors.As(err, &de):
		x.w.Header().Set(HeaderError, CodeRefused)
		endpoint.WriteError(x.w, x.version(), x.parsed.RequestID, &dsml.ErrorResponse{Type: de.Type, Message: de.Message})
	default:
		x.Log.Info("session step refused", "error", err, "client", x.peer.Address)
		x.outcome = endpoint.OutcomeFault
		x.w.Header().Set(HeaderError, CodeSession)
		endpoint.WriteFault(x.w, x.version(), err)
	}
}

// pass copies an answer to the caller, as it comes, and keeps its beginning.
// seen is what was read of it already. It goes out without a Content-Length: its
// end then reaches the caller when its session is settled here, and a begin that
// follows an end at once is not refused for the session that is just ending.
func (x *exchange) pass(answer *http.Response, seen []byte) ([]byte, error) {
	x.incoming(x.w.Header(), answer, x.in.TLS != nil)
	wire := http.NewResponseController(x.w)
	x.started = true
	x.w.WriteHeader(answer.StatusCode)
	head := seen
	total := int64(0)
	write := func(part []byte) error {
		if total += int64(len(part)); total > x.MaxAnswer {
			return x.tooLong()
		}
		// Not every ResponseWriter has deadlines.
		_ = wire.SetWriteDeadline(time.Now().Add(x.TransferTimeout))
		if _, err := x.w.Write(part); err != nil {
			return fmt.Errorf("writing the answer: %w", err)
		}
		_ = wire.Flush() // so that entries show as they come
		return nil
	}
	if err := write(seen); err != nil {
		return head, err
	}
	part := make([]byte, 32<<10)
	for {
		n, err := answer.Body.Read(part)
		if room := headLength - len(head); room > 0 {
			head = append(head, part[:min(n, room)]...)
		}
		if werr := write(part[:n]); werr != nil {
			return head, werr
		}
		switch {
		case errors.Is(err, io.EOF):
			return head, nil
		case err != nil:
			return head, fmt.Errorf("reading the answer of %s: %w", x.Upstream.Host, err)
		}
	}
}
