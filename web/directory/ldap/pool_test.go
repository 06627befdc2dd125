package ldap

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/web/directory/slapd"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

func TestPool(t *testing.T) {
	s := slapd.Start(t, slapd.Options{Suffixes: []string{suffix}, LDIF: people(4)})
	noLeak(t)
	count := &counter{}
	b := newBackend(t, Options{URL: s.URL, PoolSize: 2, PoolWait: 50 * time.Millisecond, PoolIdle: time.Hour, Dial: count.dial(s.URL)})
	borrow := func(id directory.Identity) directory.Conn {
		t.Helper()
		c, err := b.Borrow(t.Context(), id)
		if err != nil {
			t.Fatal(err)
		}
		return c
	}
	opened := func(want int32) {
		t.Helper()
		if got := count.opened.Load(); got != want {
			t.Errorf("%d connections were opened, want %d", got, want)
		}
	}
	for range 3 {
		borrow(user(0)).Close()
	}
	opened(1) // the same one
	one, two := borrow(user(0)), borrow(user(1))
	opened(2)
	_, err := b.Borrow(t.Context(), user(2)) // none is left
	wantError(t, err, dsml.NotAttempted)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := b.Borrow(ctx, user(2)); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	session := connected(t, b, user(3)) // a session has its own
	opened(3)
	session.Close()
	one.Close()
	one.Close() // gives nothing back twice
	two.Close()
	third := borrow(user(2)) // one of the two, bound anew
	opened(3)
	if got := whoami(t, third); got != "dn:"+user(2).Name {
		t.Error(got)
	}
	if _, err := third.Do(t.Context(), &dsml.ExtendedRequest{RequestName: dsml.OIDPasswordModify, RequestValue: dsml.PasswordModify{New: dsml.Some("x")}.Value()}, nil); err != nil {
		t.Error(err)
	}
	third.Close()

	// A server that was started again leaves idle connections behind that are
	// dead; nobody notices.
	s.Kill()
	s.Restart()
	c := borrow(user(0))
	if got := whoami(t, c); got != "dn:"+user(0).Name {
		t.Error(got)
	}
	c.Close()
	b.Close()
	_, err = b.Borrow(t.Context(), user(0))
	wantError(t, err, dsml.CouldNotConnect)
	_, err = b.Connect(t.Context(), user(0))
	wantError(t, err, dsml.CouldNotConnect)
	count.allClosed(t)
}

// What lies idle too long is closed, and the next batch gets another.
func TestPool_Idle(t *testing.T) {
	s := slapd.Start(t, slapd.Options{Suffixes: []string{suffix}, LDIF: people(1)})
	noLeak(t)
	count := &counter{}
	b := newBackend(t, Options{URL: s.URL, PoolIdle: 50 * time.Millisecond, Dial: count.dial(s.URL)})
	for want := int32(1); want <= 2; want++ {
		c, err := b.Borrow(t.Context(), user(0))
		if err != nil {
			t.Fatal(err)
		}
		if got := whoami(t, c); got != "dn:"+user(0).Name {
			t.Error(got)
		}
		c.Close()
		eventually(t, "idle connections stay", func() bool { return count.closed.Load() == want })
		if got := count.opened.Load(); got != want {
			t.Errorf("%d connections were opened, want %d", got, want)
		}
	}
}

// Behind an extended operation that may leave something behind, and behind a
// bind that got no answer, a connection is not used again.
func TestPool_Residue(t *testing.T) {
	s := slapd.Start(t, slapd.Options{Suffixes: []string{suffix}, LDIF: people(1)})
	count := &counter{}
	b := newBackend(t, Options{URL: s.URL, Dial: count.dial(s.URL)})
	for want := int32(1); want <= 3; want++ {
		c, err := b.Borrow(t.Context(), user(0))
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Do(t.Context(), &dsml.ExtendedRequest{RequestName: dsml.OIDStartTxn}, nil); err != nil {
			t.Error(err)
		}
		c.Close()
		if count.opened.Load() != want || count.closed.Load() != want {
			t.Errorf("%d opened, %d closed, want %d", count.opened.Load(), count.closed.Load(), want)
		}
	}
}

// A server that freezes while connections lie idle costs a batch the time of a
// connect, and no connection is lost to the pool.
func TestPool_FrozenServer(t *testing.T) {
	s := slapd.Start(t, slapd.Options{Suffixes: []string{suffix}, LDIF: people(2)})
	noLeak(t)
	count := &counter{}
	b := newBackend(t, Options{URL: s.URL, PoolSize: 2, ConnectTimeout: 500 * time.Millisecond, OperationTimeout: 500 * time.Millisecond, Trust: -1, Dial: count.dial(s.URL)})
	borrowed := make([]directory.Conn, 2)
	for i := range borrowed {
		eventually(t, "no connection comes about", func() (ok bool) { // a busy machine may need more time for one
			var err error
			borrowed[i], err = b.Borrow(t.Context(), user(i))
			return err == nil
		})
	}
	if t.Failed() {
		return
	}
	for _, c := range borrowed {
		c.Close()
	}
	s.Freeze()
	for range 5 {
		_, err := b.Borrow(t.Context(), user(0))
		wantError(t, err, dsml.CouldNotConnect)
	}
	s.Thaw()
	eventually(t, "the pool does not recover", func() bool {
		c, err := b.Borrow(t.Context(), user(0))
		if err != nil {
			return false
		}
		defer c.Close()
		return whoami(t, c) == "dn:"+user(0).Name
	})
	b.Close()
	count.allClosed(t)
}
