package ldap

import (
	"context"
	"sync"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// conn is a link while a session or a batch has it. Requests that come at the
// same time wait for each other: between them they could not share one stream
// of answers without one slow reader holding up the others.
type conn struct {
	b       *Backend
	l       *link
	turn    chan struct{}
	release func() // gives the link back, or closes it

	mu      sync.Mutex
	running bool
	closed  bool
}

func newConn(b *Backend, l *link, release func()) *conn {
	return &conn{b: b, l: l, turn: make(chan struct{}, 1), release: release}
}

// enter waits until the link is free.
func (c *conn) enter(ctx context.Context) error {
	select {
	case c.turn <- struct{}{}:
	case <-ctx.Done():
		return ctx.Err()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		<-c.turn
		return c.l.lost(errLinkGone)
	}
	c.running = true
	return nil
}

func (c *conn) leave() {
	c.mu.Lock()
	c.running = false
	closed := c.closed
	c.mu.Unlock()
	if closed {
		c.release()
	}
	<-c.turn
}

// Close ends the connection, a request under way included. A second Close does
// nothing.
func (c *conn) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.closed {
		return nil
	}
	c.closed = true
	if c.running {
		c.l.abort() // whoever runs it lets go of the link
		return nil
	}
	c.release()
	return nil
}

// Do runs one request; see [directory.Conn].
func (c *conn) Do(ctx context.Context, req dsml.Request, emit func(directory.SearchItem) error) (dsml.Response, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if _, ok := req.(*dsml.AbandonRequest); ok {
		return nil, nil // requests of a connection run one by one, so there is none to give up
	}
	if err := c.enter(ctx); err != nil {
		return nil, err
	}
	defer c.leave()
	switch r := req.(type) {
	case *dsml.AuthRequest:
		return c.authorize(ctx, r)
	case *dsml.SearchRequest:
		return c.search(ctx, r, emit)
	case *dsml.ExtendedRequest:
		return c.extend(ctx, r)
	}
	op, kind := encode(req)
	if op == nil {
		return nil, &directory.Error{Type: dsml.OtherError, Message: "LDAP has no request like " + req.Element()}
	}
	resp := &dsml.Result{Kind: kind}
	err := c.l.call(ctx, op, encodeControls(req.Head().Controls), func(m *message) (done bool, err error) {
		var ok bool
		resp.LDAPResult, ok = m.result()
		if m.op != answer(op[0]) || !ok {
			return false, errNotLDAP
		}
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	resp.RequestID = req.Head().RequestID
	return resp, nil
}

// answer is the operation that answers one: the number that follows, always
// constructed. That of a search is another.
func answer(op byte) byte { return application | constructed | (op&0x1f + 1) }

// search hands on what a search finds as it comes.
func (c *conn) search(ctx context.Context, req *dsml.SearchRequest, emit func(directory.SearchItem) error) (dsml.Response, error) {
	types, err := c.b.schema.of(ctx, c.l)
	if err != nil {
		return nil, err
	}
	resp := &dsml.Result{Kind: dsml.SearchResultDone}
	err = c.l.call(ctx, encodeSearch(req), encodeControls(req.Controls), func(m *message) (done bool, err error) {
		switch m.op {
		case opEntry, opReference:
			it, ok := m.item(types)
			if !ok {
				return false, errNotLDAP
			}
			return false, emit(it)
		case opDone:
			var ok bool
			if resp.LDAPResult, ok = m.result(); !ok {
				return false, errNotLDAP
			}
			return true, nil
		}
		return false, errNotLDAP
	})
	if err != nil {
		return nil, err
	}
	resp.RequestID = req.RequestID
	return resp, nil
}

// extend runs an extended operation. All but those that only ask may leave
// something behind, such as a transaction that was begun or a name whose
// password is another now: a pooled link is not used again after them.
func (c *conn) extend(ctx context.Context, req *dsml.ExtendedRequest) (dsml.Response, error) {
	if req.RequestName != dsml.OIDWhoAmI {
		c.l.residue = true
	}
	op, _ := encode(req)
	var resp *dsml.ExtendedResponse
	err := c.l.call(ctx, op, encodeControls(req.Controls), func(m *message) (done bool, err error) {
		var ok bool
		if resp, ok = m.extended(); m.op != opExtResponse || !ok {
			return false, errNotLDAP
		}
		return true, nil
	})
	if err != nil {
		return nil, err
	}
	resp.RequestID = req.RequestID
	if req.RequestName == dsml.OIDWhoAmI && resp.Response != nil && directory.IsText(resp.Response.Data) {
		resp.Response.Type = dsml.Text
	}
	return resp, nil
}

// authorize asks whether the connection may act for a principal: it reads the
// root DSE in the principal's name (RFC 4370).
func (c *conn) authorize(ctx context.Context, req *dsml.AuthRequest) (dsml.Response, error) {
	probe := &dsml.SearchRequest{Filter: &dsml.Filter{Kind: dsml.Present, Name: "objectClass"}, Attributes: []string{"1.1"}}
	probe.RequestID = req.RequestID
	probe.Controls = append(probe.Controls, req.Controls...)
	probe.Controls = append(probe.Controls, dsml.ProxiedAuthorization{AuthzID: req.Principal}.Control(true))
	resp, err := c.search(ctx, probe, func(directory.SearchItem) error { return nil })
	if done, ok := resp.(*dsml.Result); ok {
		done.Kind = dsml.AuthResponse
	}
	return resp, err
}
