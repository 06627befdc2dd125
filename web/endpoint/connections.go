package endpoint

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// connections gives each running request a connection of its own. In a session
// there is one (D-143), and one request runs at a time; a batch outside a
// session opens further ones when its requests run in parallel, and closes them
// all at its end.
type connections struct {
	shared directory.Conn // of the session, nil outside
	open   func(context.Context) (directory.Conn, error)
	ctx    context.Context // of the batch: an opening may serve another request than the one that asked

	mu      sync.Mutex
	idle    []directory.Conn
	all     []directory.Conn // those that were lost left out
	lost    bool
	failure error                // of the last opening
	changed chan struct{}        // closed at the next change
	cancel  []context.CancelFunc // of openings
	opening sync.WaitGroup
}

// acquire gives out an idle connection, or a new one. A batch that has some
// does not insist on a further one: it takes what comes first, the new one or
// one that another of its requests is through with.
func (c *connections) acquire(ctx context.Context) (directory.Conn, error) {
	if c.shared != nil {
		return c.shared, nil
	}
	asked := false
	for {
		conn, changed, err := c.look()
		if conn != nil || err != nil {
			return conn, err
		}
		if !asked {
			asked = true
			c.ask()
			continue
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}

// look returns an idle connection, or the error that ends the wait for one, or
// the channel that is closed at the next change.
func (c *connections) look() (directory.Conn, <-chan struct{}, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if n := len(c.idle); n > 0 {
		conn := c.idle[n-1]
		c.idle = c.idle[:n-1]
		return conn, nil, nil
	}
	if err := c.failure; err != nil {
		c.failure = nil
		var de *directory.Error
		if len(c.all) == 0 || !errors.As(err, &de) || de.Type != dsml.NotAttempted {
			return nil, nil, err
		}
	}
	if c.changed == nil {
		c.changed = make(chan struct{})
	}
	return nil, c.changed, nil
}

// ask has a connection opened: the first one while the caller waits, as there
// is nothing else to wait for.
func (c *connections) ask() {
	c.mu.Lock()
	first := len(c.all) == 0
	c.failure = nil // that of an earlier one says nothing about this
	opening, cancel := context.WithCancel(c.ctx)
	c.cancel = append(c.cancel, cancel)
	c.opening.Add(1)
	c.mu.Unlock()
	if first {
		c.add(opening)
	} else {
		go c.add(opening)
	}
}

// add opens a connection for whoever waits.
func (c *connections) add(ctx context.Context) {
	defer c.opening.Done()
	conn, err := c.open(ctx)
	c.mu.Lock()
	defer c.mu.Unlock()
	if err != nil {
		c.failure = err
	} else {
		c.all = append(c.all, conn)
		c.idle = append(c.idle, conn)
	}
	c.notify()
}

// notify wakes who waits for a change. The lock is held by the caller.
func (c *connections) notify() {
	if c.changed != nil {
		close(c.changed)
		c.changed = nil
	}
}

// release takes a connection back after a request that ended with err. One that
// the directory closed serves no further request; a session cannot go on
// without it, a batch outside may have another.
func (c *connections) release(conn directory.Conn, err error) {
	var de *directory.Error
	lost := errors.As(err, &de) && de.Type == dsml.ConnectionClosed
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case c.shared != nil:
		c.lost = c.lost || lost
	case lost:
		c.all = slices.DeleteFunc(c.all, func(o directory.Conn) bool { return o == conn })
		_ = conn.Close() // it is closed already at the other end
	default:
		c.idle = append(c.idle, conn)
	}
	c.notify()
}

func (c *connections) isLost() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.lost
}

func (c *connections) close() error {
	c.mu.Lock()
	for _, cancel := range c.cancel {
		cancel()
	}
	c.mu.Unlock()
	c.opening.Wait()
	c.mu.Lock()
	defer c.mu.Unlock()
	var errs []error
	for _, conn := range c.all {
		errs = append(errs, conn.Close())
	}
	c.all, c.idle = nil, nil
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("closing the connections of a batch: %w", err)
	}
	return nil
}
