package relay

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"time"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/web/endpoint"
	"github.com/dsmlkit/dsmlkit/xml"
)

// watched is a session that passes through.
type watched struct {
	mu      sync.Mutex // a Tracker belongs to one goroutine at a time
	tracker *session.Tracker
	cookies []*http.Cookie
}

// Close is called when the session is over. The other endpoint knows by itself.
func (*watched) Close() error { return nil }

// maxCookies bounds the cookies that are kept with a session.
const maxCookies = 20

// keep notes the cookies of an answer.
func (s *watched) keep(answer *http.Response) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, c := range answer.Cookies() {
		kept := s.cookies[:0:0]
		for _, old := range s.cookies {
			if old.Name != c.Name {
				kept = append(kept, old)
			}
		}
		gone := c.MaxAge < 0 || !c.Expires.IsZero() && c.Expires.Before(time.Now())
		if !gone && len(kept) < maxCookies {
			kept = append(kept, &http.Cookie{Name: c.Name, Value: c.Value, Quoted: c.Quoted})
		}
		s.cookies = kept
	}
}

func (s *watched) kept() []*http.Cookie {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.cookies
}

// sent tells the tracker of a message on its way.
func (s *watched) sent(kind session.StepKind) (number int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	var out session.Outgoing
	var err error
	switch kind {
	case session.StepBegin:
		out, err = s.tracker.Begin(nil)
	case session.StepUse:
		// The other endpoint may be more patient than we reckon.
		if err = s.tracker.Insist(); err == nil {
			out, err = s.tracker.Send(nil)
		}
	case session.StepEnd:
		out, err = s.tracker.End(nil)
	}
	if err != nil {
		return 0
	}
	return out.Number
}

// answered tells the tracker of an answer, or of its beginning.
func (s *watched) answered(head []byte, status, number int) session.Reply {
	s.mu.Lock()
	defer s.mu.Unlock()
	reply, _ := s.tracker.Receive(head, session.Meta{Status: status, Answers: number}) // a head is cut short
	return reply
}

// failed tells the tracker that there is no answer.
func (s *watched) failed(number int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.tracker.Failed(session.Failure{Answers: number})
}

// identity stands for credentials in the owner check of a session (D-133).
func identity(authorization string) string {
	if authorization == "" {
		return ""
	}
	return directory.Digest(authorization)
}

// loginName is what the view of the sessions shows of credentials: the name, and
// never what else a caller shows to prove it.
func loginName(in *http.Request) string {
	if name, _, ok := in.BasicAuth(); ok {
		return name
	}
	scheme, _, _ := strings.Cut(in.Header.Get("Authorization"), " ")
	return strings.ToLower(scheme)
}

// relay passes the message on, under the rules of its session.
func (x *exchange) relay(ctx context.Context) error {
	switch x.step.Kind {
	case session.StepBegin:
		return x.begin(ctx)
	case session.StepUse, session.StepEnd:
		lease, err := x.lease(ctx)
		switch {
		case errors.Is(err, session.ErrForeign):
			return err
		case errors.Is(err, session.ErrNoSession):
			// It was begun elsewhere, or before this relay was started. Whether
			// there is such a session, the other endpoint knows.
			return x.plain(ctx)
		case err != nil:
			return err
		}
		defer lease.Release()
		return x.within(ctx, lease)
	}
	return x.plain(ctx)
}

func (x *exchange) lease(ctx context.Context) (*session.Lease, error) {
	if x.step.Kind == session.StepEnd {
		return x.table.End(ctx, x.step.ID, x.peer)
	}
	return x.table.Use(ctx, x.step.ID, x.peer)
}

// plain relays a message whose session, if it has any, is not watched.
func (x *exchange) plain(ctx context.Context) error {
	answer, err := x.send(ctx, nil)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	head, err := x.pass(answer, nil)
	if err != nil {
		return err
	}
	x.outcome = outcome(head, answer.StatusCode)
	return nil
}

// begin relays a message that asks for a session. Its place is counted before
// the message goes out: one above the limit is refused here (D-128, D-129).
func (x *exchange) begin(ctx context.Context) error {
	ctx, cancel := x.linger(ctx)
	defer cancel()
	s := &watched{tracker: session.NewTracker(session.TrackerOptions{Idle: x.Sessions.Idle})}
	var answer *http.Response
	var head []byte
	var number int
	named := false
	opening := session.Opening{Peer: x.peer, LoginName: loginName(x.in)}
	lease, err := x.table.BeginWith(ctx, opening, func(ctx context.Context) (io.Closer, error) {
		number = s.sent(session.StepBegin)
		var err error
		if answer, err = x.send(ctx, nil); err != nil {
			return nil, err
		}
		head = readHead(answer.Body)
		id := sessionID(head)
		if id == "" {
			return nil, errNotBegun
		}
		x.naming.Lock() // until Begin has called NewID
		x.nextID, x.begun, named = id, id, true
		return s, nil
	})
	if named {
		x.naming.Unlock()
	}
	if answer != nil {
		defer answer.Body.Close()
	}
	switch {
	case answer == nil:
		return err
	case err != nil:
		// The other endpoint has made no session, or one with an id that is in
		// use here; its answer tells.
		if head, err = x.pass(answer, head); err != nil {
			return err
		}
		x.outcome = outcome(head, answer.StatusCode)
		return nil
	}
	defer lease.Release()
	x.shown = lease.Short()
	s.keep(answer)
	head, err = x.pass(answer, head)
	if err != nil || x.in.Context().Err() != nil {
		// Its id went astray, perhaps, and nobody else can end it.
		lease.End()
		answer.Body.Close()
		x.endThere(ctx, s.kept())
	}
	if err != nil {
		return err
	}
	s.answered(head, answer.StatusCode, number)
	x.outcome = outcome(head, answer.StatusCode)
	return nil
}

// goneGrace is how much longer the answer to a begin is waited for when the
// caller has gone, and endPatience how long the end that then follows may take.
const (
	goneGrace   = 5 * time.Second
	endPatience = 10 * time.Second
)

// linger gives a begin some time beyond the caller's: a session that was made
// for a caller who has gone can be ended only by who knows its id, which stands
// in the answer.
func (x *exchange) linger(ctx context.Context) (context.Context, context.CancelFunc) {
	out, cancel := context.WithTimeout(context.WithoutCancel(ctx), x.Timeout)
	stop := context.AfterFunc(x.in.Context(), func() { time.AfterFunc(goneGrace, cancel) })
	return out, func() { stop(); cancel() }
}

// endThere ends the session that was just begun at the other endpoint.
func (x *exchange) endThere(ctx context.Context, kept []*http.Cookie) {
	out, err := session.DSML.Wrap(nil, x.version(), session.Step{Kind: session.StepEnd, ID: x.begun})
	if err == nil {
		end := *x
		end.body = out.Body
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), endPatience)
		defer cancel()
		var answer *http.Response
		if answer, err = end.send(ctx, kept); err == nil {
			err = answer.Body.Close()
		}
	}
	if err != nil {
		x.Log.Info("a session whose caller has gone was not ended at the other endpoint", "error", err, "session", x.shown)
	}
}

// errNotBegun says that the answer to a begin names no session.
var errNotBegun = errors.New("no session was begun")

// within relays a message inside a watched session.
func (x *exchange) within(ctx context.Context, lease *session.Lease) error {
	x.shown = lease.Short()
	s, ok := lease.Resource().(*watched)
	if !ok {
		return session.ErrNoSession
	}
	number := s.sent(x.step.Kind)
	answer, err := x.send(ctx, s.kept())
	if err != nil {
		s.failed(number)
		return err
	}
	defer answer.Body.Close()
	s.keep(answer)
	head, err := x.pass(answer, nil)
	if err != nil {
		s.failed(number)
		return err
	}
	reply := s.answered(head, answer.StatusCode, number)
	if reply.Outcome == session.WasLost || reply.Outcome == session.RanOut {
		lease.Lost()
	}
	x.outcome = outcome(head, answer.StatusCode)
	return nil
}

// readHead reads the beginning of an answer: until its Body starts, where
// everything that is said about the session has been said.
func readHead(body io.Reader) []byte {
	head := make([]byte, 0, 4<<10)
	part := make([]byte, 4<<10)
	for len(head) < headLength {
		n, err := body.Read(part[:min(len(part), headLength-len(head))])
		head = append(head, part[:n]...)
		if _, complete := look(head); complete || err != nil {
			// An error shows again when the rest is read.
			return head
		}
	}
	return head
}

// sessionID is the id in the Session header of an answer, "" without one.
func sessionID(head []byte) string {
	id, _ := look(head)
	return id
}

// look searches the beginning of an answer for its session header. It is
// complete when there is no more to be found.
func look(head []byte) (id string, complete bool) {
	s := xml.NewScanner(xml.Limits{})
	s.Feed(head)
	for {
		kind, err := s.Next()
		switch {
		case err != nil:
			return id, true
		case kind == xml.NeedInput:
			return id, false
		case kind != xml.StartElement:
			continue
		}
		name := s.Name()
		switch {
		case s.Depth() == 1 && name.Local != "Envelope", s.Depth() == 2 && name.Local == "Body":
			return id, true
		case s.Depth() == 3 && name.Space == session.DSMLNamespace && name.Local == "Session":
			value, found := s.Attr(session.DSMLNamespace, "SessionID")
			if !found {
				value, _ = s.Attr("", "SessionID")
			}
			return string(value), true
		}
	}
}

// outcome is what an answer tells without being read to its end.
func outcome(head []byte, status int) endpoint.Outcome {
	switch {
	case status == http.StatusOK:
		return endpoint.OutcomeAnswered
	case (status == http.StatusInternalServerError || status == http.StatusBadRequest) && isEnvelope(head): // SOAP 1.2 has 400 where the sender is to blame
		return endpoint.OutcomeFault
	}
	return endpoint.OutcomeRefused
}

// isEnvelope tells whether the root of an answer is a SOAP envelope.
func isEnvelope(head []byte) bool {
	s := xml.NewScanner(xml.Limits{})
	s.Feed(head)
	for {
		kind, err := s.Next()
		if err != nil || kind == xml.NeedInput {
			return false
		}
		if kind == xml.StartElement {
			return s.Name().Local == "Envelope"
		}
	}
}
