package ldap

import (
	"cmp"
	"context"
	"errors"
	"os"
	"slices"
	"sync"
	"time"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// pool lends links to batches outside sessions. A link that lies idle is
// watched: one that the server closes, or that lies too long, is taken out at
// once, so that no batch meets it.
type pool struct {
	b     *Backend
	slots chan struct{} // one for each link that is lent

	mu     sync.Mutex
	idle   []*link // the one used last at the end
	lent   int
	closed bool
}

func newPool(b *Backend) *pool {
	return &pool{b: b, slots: make(chan struct{}, b.PoolSize)}
}

// identityKey stands for a name and its password; "" is the identity of a link
// that is not bound.
func identityKey(id directory.Identity) string {
	return cmp.Or(id.Key(), "anonymous")
}

// take lends a link that is bound to the identity.
func (p *pool) take(ctx context.Context, id directory.Identity) (*link, error) {
	if err := p.slot(ctx); err != nil {
		return nil, err
	}
	l, err := p.bound(ctx, id)
	if err != nil {
		<-p.slots
		return nil, err
	}
	return l, nil
}

// slot waits for the right to have a link.
func (p *pool) slot(ctx context.Context) error {
	if p.isClosed() {
		return errClosed()
	}
	select {
	case p.slots <- struct{}{}:
		return nil
	default:
	}
	patience := time.NewTimer(p.b.PoolWait)
	defer patience.Stop()
	select {
	case p.slots <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	case <-patience.C:
		p.b.Log.Warn("all connections to the directory are in use", "connections", p.b.PoolSize, "waited", p.b.PoolWait)
		return &directory.Error{Type: dsml.NotAttempted, Message: "all " + itoa(p.b.PoolSize) + " connections to the directory were in use for " + p.b.PoolWait.String() + "; nothing was run"}
	}
}

// bound finds or opens a link and binds it where that is needed.
func (p *pool) bound(ctx context.Context, id directory.Identity) (*link, error) {
	for {
		l := p.choose(identityKey(id))
		if l == nil {
			l, err := p.b.connect(ctx, id)
			if err != nil {
				p.count(-1)
			}
			return l, err
		}
		if !l.unwatch() {
			p.count(-1)
			continue
		}
		if l.as == identityKey(id) && time.Since(l.boundAt) < p.b.Trust {
			return l, nil
		}
		err := p.b.settingUp(ctx, func(ctx context.Context) error { return p.b.authenticate(ctx, l, id) })
		if err == nil {
			return l, nil
		}
		lost := l.broken != nil && ctx.Err() == nil
		p.put(l)
		if !lost {
			return nil, err
		}
		// Nothing of the batch was sent on the link that was lost; another may
		// do.
	}
}

// choose takes out an idle link: one of the identity, else, when no further one
// may be opened, the one that has been idle longest. nil asks for a new one,
// which is counted already.
func (p *pool) choose(key string) *link {
	p.mu.Lock()
	defer p.mu.Unlock()
	at := -1
	for i := len(p.idle) - 1; i >= 0 && at < 0; i-- {
		if p.idle[i].as == key {
			at = i
		}
	}
	if at < 0 && len(p.idle) > 0 && p.lent+len(p.idle) >= p.b.PoolSize {
		at = 0
	}
	p.lent++
	if at < 0 {
		return nil
	}
	l := p.idle[at]
	p.idle = slices.Delete(p.idle, at, at+1)
	return l
}

func (p *pool) count(n int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.lent += n
}

// give takes a link back.
func (p *pool) give(l *link) {
	p.put(l)
	<-p.slots
}

// put lays a link aside for the next, or closes it when it is no good to
// anybody.
func (p *pool) put(l *link) {
	p.mu.Lock()
	p.lent--
	keep := !p.closed && l.reusable() && l.watch(p.b.PoolIdle, p.expired)
	if keep {
		p.idle = append(p.idle, l)
	}
	p.mu.Unlock()
	if !keep {
		l.close()
	}
}

// expired closes a link that has ended while it was idle, unless somebody has
// just taken it.
func (p *pool) expired(l *link) {
	p.mu.Lock()
	i := slices.Index(p.idle, l)
	if i >= 0 {
		p.idle = slices.Delete(p.idle, i, i+1)
	}
	p.mu.Unlock()
	if i >= 0 {
		l.unwatch()
		l.close()
	}
}

func (p *pool) isClosed() bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.closed
}

func (p *pool) close() {
	p.mu.Lock()
	p.closed = true
	idle := p.idle
	p.idle = nil
	p.mu.Unlock()
	for _, l := range idle {
		if l.unwatch() {
			l.close()
		}
	}
}

// reusable reports whether another batch may have the link.
func (l *link) reusable() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.broken == nil && !l.residue && !l.closed && l.from == len(l.buf)
}

// watch is the look at an idle link.
type watch struct {
	done chan struct{}
	err  error // of the reading, valid when done is closed
}

// watch reads from an idle link until something comes, it is idle too long, or
// unwatch is called, and then calls ended. Nothing may come: an answer is due
// to nobody. It reports whether the link can be watched.
func (l *link) watch(idle time.Duration, ended func(*link)) bool {
	if l.nc.SetDeadline(time.Now().Add(idle)) != nil {
		return false
	}
	l.buf, l.from = nil, 0
	w := &watch{done: make(chan struct{})}
	l.watched = w
	go func() {
		var b [1]byte
		if _, w.err = l.nc.Read(b[:]); w.err == nil {
			w.err = errNotLDAP // the server's farewell, most likely
		}
		close(w.done)
		ended(l)
	}()
	return true
}

// unwatch ends the watch and reports whether the link is alive. Only who has
// taken the link out of the pool's list may call it.
func (l *link) unwatch() bool {
	l.mu.Lock()
	l.wake()
	l.mu.Unlock()
	<-l.watched.done
	if err := l.watched.err; !errors.Is(err, os.ErrDeadlineExceeded) {
		l.broken = err
		l.close()
		return false
	}
	return true
}
