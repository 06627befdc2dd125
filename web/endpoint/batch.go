package endpoint

import (
	"context"
	"errors"
	"runtime/debug"
	"strconv"
	"sync"
	"time"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// answers takes what a batch yields, in the order in which it is written.
type answers interface {
	item(id dsml.Optional, it directory.SearchItem) error
	finish(resp dsml.Response) error
}

// batch runs the requests of one batchRequest.
type batch struct {
	*DSML
	request   *dsml.BatchRequest
	conns     *connections
	inSession bool
	principal dsml.Optional // set by an authRequest, for this batch only (D-38)

	mu      sync.Mutex
	running map[string]context.CancelFunc // by requestID, for abandonRequest
}

// run executes the batch and hands every answer to out. It returns an error
// only when the answers can no longer be delivered; requests not started by
// then stay undone.
//
// After a failure under onError="exit" no further request is started and the
// answer ends there (D-24): a shorter answer is what the servers in the field
// give and what clients have to accept (D-28). Requests of a parallel batch
// start in document order, so what was started is always a prefix of the batch
// and the nth answer still belongs to the nth request.
func (b *batch) run(ctx context.Context, out answers) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	b.running = map[string]context.CancelFunc{}
	requests := b.request.Requests
	if len(requests) > 0 {
		if auth, ok := requests[0].(*dsml.AuthRequest); ok {
			resp := b.authorize(ctx, auth)
			if err := out.finish(resp); err != nil {
				return err
			}
			if failed(resp) {
				return nil // D-37, whatever onError says
			}
			requests = requests[1:]
		}
	}
	// A session has one connection (D-143). Requests that shared it would wait
	// for each other all the same, and for the one whose answer is written
	// first, so they run in the order of the document, which parallel allows.
	if b.request.Processing == dsml.ProcessParallel && len(requests) > 1 && !b.inSession {
		return b.parallel(ctx, requests, out)
	}
	for _, req := range requests {
		if err := ctx.Err(); errors.Is(err, context.DeadlineExceeded) {
			if _, ok := req.(*dsml.AbandonRequest); ok {
				continue
			}
			if err := out.finish(b.outOfTime(req)); err != nil {
				return err
			}
			continue
		} else if err != nil {
			return err
		}
		id := req.Head().RequestID
		resp := b.do(ctx, req, nil, func(it directory.SearchItem) error { return out.item(id, it) })
		if resp == nil {
			continue
		}
		if err := out.finish(resp); err != nil {
			return err
		}
		if failed(resp) && b.request.OnError == dsml.ExitOnError {
			return nil
		}
	}
	return nil
}

// task is one request of a parallel batch. Its items wait in a channel of
// bounded size until their turn to be written has come, so that memory does
// not grow with the result.
type task struct {
	req   dsml.Request
	items chan directory.SearchItem
	resp  dsml.Response // valid once items is closed
}

func (b *batch) parallel(ctx context.Context, requests []dsml.Request, out answers) error {
	ctx, cancel := context.WithCancel(ctx)
	var wg sync.WaitGroup
	// The order matters: the tasks are told to stop, then waited for, and only
	// then may the caller close their connections.
	defer wg.Wait()
	defer cancel()

	const waitingItems = 64
	started := make(chan *task, len(requests))
	ready := make(chan *task, len(requests))
	slots := make(chan struct{}, b.Parallelism)
	stop := make(chan struct{})
	var once sync.Once
	wg.Add(1)
	go func() {
		defer wg.Done()
		defer close(started)
		var tasks sync.WaitGroup
		defer func() { go func() { tasks.Wait(); close(ready) }() }()
		for _, req := range requests {
			select {
			case slots <- struct{}{}:
			case <-ctx.Done():
			}
			select {
			case <-stop:
				return
			default:
			}
			if err := ctx.Err(); errors.Is(err, context.DeadlineExceeded) {
				t := b.late(req)
				started <- t
				ready <- t
				continue
			} else if err != nil {
				return
			}
			t := &task{req: req, items: make(chan directory.SearchItem, waitingItems)}
			started <- t
			wg.Add(1)
			tasks.Add(1)
			begun := make(chan struct{})
			begin := sync.OnceFunc(func() { close(begun) })
			go func() {
				defer wg.Done()
				defer tasks.Done()
				defer func() { <-slots }()
				defer begin()
				announce := sync.OnceFunc(func() { ready <- t })
				t.resp = b.do(ctx, t.req, begin, func(it directory.SearchItem) error {
					announce()
					select {
					case t.items <- it:
						return nil
					case <-ctx.Done():
						return ctx.Err()
					}
				})
				if t.resp != nil && failed(t.resp) && b.request.OnError == dsml.ExitOnError {
					once.Do(func() { close(stop) })
				}
				close(t.items)
				announce()
			}()
			// Connections are given out in document order: the answer that is
			// written first must not wait for one that a later request holds.
			<-begun
		}
	}()

	next := started // D-20
	if b.request.ResponseOrder == dsml.OrderUnordered {
		next = ready
	}
	for t := range next {
		for it := range t.items {
			if err := out.item(t.req.Head().RequestID, it); err != nil {
				return err
			}
		}
		if t.resp == nil {
			continue
		}
		if err := out.finish(t.resp); err != nil {
			return err
		}
	}
	if err := ctx.Err(); !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// late is a request for which there was no time left, with its answer.
func (b *batch) late(req dsml.Request) *task {
	t := &task{req: req, items: make(chan directory.SearchItem)}
	close(t.items)
	if _, ok := req.(*dsml.AbandonRequest); !ok {
		t.resp = b.outOfTime(req)
	}
	return t
}

// outOfTime answers a request that was not begun before the time of its batch
// was over (D-27).
func (b *batch) outOfTime(req dsml.Request) dsml.Response {
	return &dsml.ErrorResponse{RequestID: req.Head().RequestID, Type: dsml.NotAttempted, Message: "the batch took longer than the " + b.BatchTimeout.String() + " that this endpoint allows; this request was not begun"}
}

// failed reports whether an answer counts as a failure for onError.
func failed(resp dsml.Response) bool {
	switch r := resp.(type) {
	case *dsml.ErrorResponse:
		return true
	case *dsml.SearchResponse:
		return r.Done != nil && r.Done.Code.IsError()
	case *dsml.Result:
		return r.Code.IsError()
	case *dsml.ExtendedResponse:
		return r.Code.IsError()
	}
	return false
}

// do runs one request and always comes back with its answer, or with nil for
// a request that has none. It calls begin, if there is one, when the request
// has its connection.
func (b *batch) do(ctx context.Context, req dsml.Request, begin func(), emit func(directory.SearchItem) error) (resp dsml.Response) {
	id := req.Head().RequestID
	entries, began := 0, time.Now()
	defer func() { b.observed(ctx, req, resp, entries, began) }()
	defer func() {
		if p := recover(); p != nil {
			b.Log.Error("panic in a directory operation", "operation", req.Element(), "panic", p, "stack", string(debug.Stack()))
			resp = &dsml.ErrorResponse{RequestID: id, Type: dsml.GatewayInternalError, Message: "the operation ended in an internal error of the gateway; its effect is unknown"}
		}
	}()
	if refusal := b.refuse(req); refusal != nil {
		return refusal
	}
	if abandon, ok := req.(*dsml.AbandonRequest); ok {
		b.abandon(abandon.AbandonID)
		return nil
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	abandoned := b.track(id, cancel)
	defer b.untrack(id)

	conn, err := b.conns.acquire(ctx)
	if err != nil {
		return errorResponse(id, err)
	}
	defer func() { b.conns.release(conn, err) }()
	if begin != nil {
		begin()
	}
	resp, err = conn.Do(ctx, b.authorized(req), b.bounded(emit, &entries))
	switch {
	case err == nil:
		return resp
	case abandoned():
		return &dsml.ErrorResponse{RequestID: id, Type: dsml.OtherError, Message: "the request was abandoned by an abandonRequest of the same batch"}
	case errors.Is(err, errTooMany):
		return refusal(req, dsml.SizeLimitExceeded, "the search found more than the "+strconv.Itoa(b.MaxEntries)+" entries that this endpoint returns for one; narrow it, or page through it in a session")
	}
	return errorResponse(id, err)
}

// errTooMany ends a search that has yielded as many entries as it may.
var errTooMany = errors.New("too many entries")

// bounded counts what a search yields and ends it at the limit.
func (b *batch) bounded(emit func(directory.SearchItem) error, count *int) func(directory.SearchItem) error {
	return func(it directory.SearchItem) error {
		if b.MaxEntries > 0 && *count >= b.MaxEntries {
			return errTooMany
		}
		*count++
		return emit(it)
	}
}

// track makes a running request known by its requestID. The function that it
// returns tells whether the request was abandoned.
func (b *batch) track(id dsml.Optional, cancel context.CancelFunc) func() bool {
	if !id.Set {
		return func() bool { return false }
	}
	var was bool
	b.mu.Lock()
	defer b.mu.Unlock()
	b.running[id.Value] = func() { was = true; cancel() }
	return func() bool {
		b.mu.Lock()
		defer b.mu.Unlock()
		return was
	}
}

func (b *batch) untrack(id dsml.Optional) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if id.Set {
		delete(b.running, id.Value)
	}
}

// abandon gives up the running request with that requestID. A request that is
// done or has not begun is left alone, as in LDAP.
func (b *batch) abandon(id string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if cancel := b.running[id]; cancel != nil {
		cancel()
	}
}

// errorResponse reports that a request has no LDAP result.
func errorResponse(id dsml.Optional, err error) *dsml.ErrorResponse {
	r := &dsml.ErrorResponse{RequestID: id, Type: dsml.OtherError, Message: err.Error()}
	var de *directory.Error
	switch {
	case errors.As(err, &de):
		r.Type, r.Message = de.Type, de.Message
		if de.Type == dsml.AuthenticationFailed {
			// Gateways in the field tell a name or password that the directory
			// refuses from credentials that they could make nothing of
			// themselves, and clients are written for them.
			r.Type = dsml.CouldNotConnect
		}
	case errors.Is(err, context.DeadlineExceeded):
		r.Message = "the operation took longer than the gateway allows; its effect is unknown"
	case errors.Is(err, context.Canceled):
		r.Message = "the operation was cancelled because the client went away"
	}
	return r
}
