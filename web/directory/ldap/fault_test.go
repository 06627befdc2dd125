package ldap

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"runtime"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// A listener that accepts and says nothing must hold nobody up.
func TestHalfOpen(t *testing.T) {
	noLeak(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer listener.Close()
	for _, scheme := range []string{"ldap://", "ldaps://"} {
		for _, startTLS := range []bool{false, true} {
			if startTLS && scheme == "ldaps://" {
				continue
			}
			count := &counter{}
			b := newBackend(t, Options{URL: scheme + listener.Addr().String(), StartTLS: startTLS, ConnectTimeout: 50 * time.Millisecond, Dial: count.dial("ldap://" + listener.Addr().String())})
			for _, open := range []func(context.Context, directory.Identity) (directory.Conn, error){b.Connect, b.Borrow} {
				_, err := open(t.Context(), anonymous)
				wantError(t, err, dsml.CouldNotConnect)
			}
			count.allClosed(t)
		}
	}
}

func TestNobodyListens(t *testing.T) {
	noLeak(t)
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	listener.Close()
	b := newBackend(t, Options{URL: "ldap://" + listener.Addr().String()})
	for range 2 * DefaultPoolSize { // no slot of the pool is lost on the way
		_, err := b.Borrow(t.Context(), anonymous)
		wantError(t, err, dsml.CouldNotConnect)
	}
}

// A server that stops answering is given up; what it was asked is not asked
// again, and the connection is of no further use.
func TestSilentServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		asked, count := 0, &counter{}
		b := newBackend(t, Options{URL: "ldap://fake.example", OperationTimeout: 50 * time.Millisecond, Dial: func(context.Context) (net.Conn, error) {
			return count.count(fakeConn(t, func(*peer, message) bool { asked++; return true })), nil
		}})
		c, err := b.Borrow(t.Context(), anonymous)
		if err != nil {
			t.Fatal(err)
		}
		began := time.Now()
		_, err = c.Do(t.Context(), &dsml.DelRequest{DN: "cn=x"}, nil)
		if de := wantError(t, err, dsml.ConnectionClosed); !strings.Contains(de.Message, "did not answer within 50ms") {
			t.Error(de.Message)
		}
		if took := time.Since(began); took != 50*time.Millisecond { // the bubble's clock is exact
			t.Errorf("given up after %v", took)
		}
		_, err = c.Do(t.Context(), &dsml.DelRequest{DN: "cn=x"}, nil)
		if de := wantError(t, err, dsml.ConnectionClosed); !strings.Contains(de.Message, "was not sent") {
			t.Error(de.Message)
		}
		c.Close()
		synctest.Wait()
		if opened, closed := count.opened.Load(), count.closed.Load(); asked != 1 || opened != closed {
			t.Errorf("the server was asked %d times; %d connections were opened and %d closed", asked, opened, closed)
		}
	})
}

// A server that is slow but not silent is waited for.
func TestSlowServer(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		b := newBackend(t, Options{URL: "ldap://fake.example", OperationTimeout: 100 * time.Millisecond, Dial: func(context.Context) (net.Conn, error) {
			return fakeConn(t, func(p *peer, m message) bool {
				for i := range 10 {
					time.Sleep(99 * time.Millisecond)
					p.answer(m.id, entryOf(fmt.Sprintf("cn=%d", i)))
				}
				p.answer(m.id, resultOf(opDone, dsml.Success, ""))
				return true
			}), nil
		}})
		n := 0
		r, err := connected(t, b, anonymous).Do(t.Context(), searchFor("o=x"), func(directory.SearchItem) error { n++; return nil })
		if err != nil || r.(*dsml.Result).Code != dsml.Success || n != 10 {
			t.Errorf("%v, %v, %d entries", r, err, n)
		}
	})
}

// The server goes in the middle of an answer, with and without a word.
func TestServerGoesDuringSearch(t *testing.T) {
	noLeak(t)
	for name, farewell := range map[string]func(p *peer){
		"silently":            func(*peer) {},
		"within a message":    func(p *peer) { _, _ = p.Write([]byte{tagSequence, 0x82, 1, 0, 2}) },
		"with nonsense":       func(p *peer) { _, _ = p.Write([]byte("HTTP/1.1 400 Bad Request\r\n\r\n")) },
		"with a notice":       func(p *peer) { p.answer(0, resultOf(opExtResponse, dsml.Unavailable, "closing time")) },
		"with a giant":        func(p *peer) { _, _ = p.Write([]byte{tagSequence, 0x84, 0x3f, 0xff, 0xff, 0xff}) },
		"with another answer": func(p *peer) { p.answer(2, resultOf(opDone+2, dsml.Success, "")) },
	} {
		t.Run(name, func(t *testing.T) {
			url := serveFake(t, func(p *peer, m message) bool {
				p.answer(m.id, entryOf("cn=1"))
				farewell(p)
				return false
			})
			count := &counter{}
			b := newBackend(t, Options{URL: url, Dial: count.dial(url)})
			for _, open := range []func(context.Context, directory.Identity) (directory.Conn, error){b.Connect, b.Borrow} {
				c, err := open(t.Context(), anonymous)
				if err != nil {
					t.Fatal(err)
				}
				n := 0
				_, err = c.Do(t.Context(), searchFor("o=x"), func(directory.SearchItem) error { n++; return nil })
				de := wantError(t, err, dsml.ConnectionClosed)
				if n != 1 {
					t.Errorf("%d entries", n)
				}
				if name == "with a notice" && !strings.Contains(de.Message, "closing time") {
					t.Error(de.Message)
				}
				c.Close()
			}
			count.allClosed(t)
		})
	}
}

// late is a context whose deadline passes when over is closed.
type late struct {
	context.Context
	over chan struct{}
}

func (l *late) Done() <-chan struct{} { return l.over }

func (l *late) Err() error {
	select {
	case <-l.over:
		return context.DeadlineExceeded
	default:
		return nil
	}
}

// A caller who goes away ends the request on the server; the connection of a
// session goes on, and what still comes of the old answer is passed over.
func TestCallerGoes(t *testing.T) {
	noLeak(t)
	abandoned := make(chan int32, 4)
	url := serveFake(t, func(p *peer, m message) bool {
		switch m.op {
		case opSearch:
			for i := range 10 {
				p.answer(m.id, entryOf(fmt.Sprintf("cn=%d", i)))
			}
			if strings.Contains(m.body, "short") {
				p.answer(m.id, resultOf(opDone, dsml.Success, ""))
			}
		case opAbandon:
			n := int32(0)
			for _, b := range []byte(m.body) {
				n = n<<8 | int32(b)
			}
			abandoned <- n
			p.answer(n, entryOf("cn=late"))
			p.answer(n, resultOf(opDone, dsml.Success, "")) // it crossed the abandon
		}
		return true
	})
	c := connected(t, newBackend(t, Options{URL: url}), anonymous)
	t.Run("by its context", func(t *testing.T) {
		ctx, cancel := context.WithCancel(t.Context())
		n := 0
		_, err := c.Do(ctx, searchFor("o=long"), func(directory.SearchItem) error {
			if n++; n == 10 {
				cancel()
			}
			return nil
		})
		if !errors.Is(err, context.Canceled) || n != 10 {
			t.Errorf("%v after %d entries", err, n)
		}
	})
	t.Run("by an error of emit", func(t *testing.T) {
		if _, err := c.Do(t.Context(), searchFor("o=long"), func(directory.SearchItem) error { return errEnough }); !errors.Is(err, errEnough) {
			t.Error(err)
		}
	})
	t.Run("by its deadline", func(t *testing.T) {
		ctx := &late{t.Context(), make(chan struct{})}
		n := 0
		_, err := c.Do(ctx, searchFor("o=long"), func(directory.SearchItem) error {
			if n++; n == 10 {
				close(ctx.over)
			}
			return nil
		})
		if !errors.Is(err, context.DeadlineExceeded) || n != 10 {
			t.Errorf("%v after %d entries", err, n)
		}
	})
	for range 3 {
		select {
		case <-abandoned:
		case <-time.After(time.Minute):
			t.Fatal("a request was not abandoned")
		}
	}
	n := 0
	r, err := c.Do(t.Context(), searchFor("o=short"), func(it directory.SearchItem) error {
		if it.Entry.DN == "cn=late" {
			t.Error("an entry of an earlier search")
		}
		n++
		return nil
	})
	if err != nil || n != 10 {
		t.Errorf("%v, %v, %d entries", r, err, n)
	}
}

// A connection on which a request was given up serves no other batch.
func TestAbandonedConnectionIsNotReused(t *testing.T) {
	noLeak(t)
	url := serveFake(t, func(p *peer, m message) bool {
		if m.op == opSearch {
			p.answer(m.id, entryOf("cn=1"))
			p.answer(m.id, resultOf(opDone, dsml.Success, ""))
		}
		return true
	})
	count := &counter{}
	b := newBackend(t, Options{URL: url, Dial: count.dial(url)})
	for range 3 {
		c, err := b.Borrow(t.Context(), anonymous)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := c.Do(t.Context(), searchFor("o=x"), func(directory.SearchItem) error { return errEnough }); !errors.Is(err, errEnough) {
			t.Error(err)
		}
		c.Close()
	}
	if n := count.opened.Load(); n != 3 {
		t.Errorf("%d connections", n)
	}
	count.allClosed(t)
}

// Closing a connection ends what runs on it.
func TestCloseDuringRequest(t *testing.T) {
	noLeak(t)
	reached := make(chan struct{}, 2)
	url := serveFake(t, func(*peer, message) bool { reached <- struct{}{}; return true })
	count := &counter{}
	b := newBackend(t, Options{URL: url, Dial: count.dial(url)})
	for _, open := range []func(context.Context, directory.Identity) (directory.Conn, error){b.Connect, b.Borrow} {
		c, err := open(t.Context(), anonymous)
		if err != nil {
			t.Fatal(err)
		}
		ended := make(chan error)
		go func() {
			_, err := c.Do(context.Background(), &dsml.DelRequest{DN: "cn=x"}, nil)
			ended <- err
		}()
		<-reached
		c.Close()
		wantError(t, <-ended, dsml.ConnectionClosed)
		_, err = c.Do(t.Context(), &dsml.DelRequest{DN: "cn=x"}, nil)
		wantError(t, err, dsml.ConnectionClosed)
	}
	count.allClosed(t)
}

// A hundred thousand entries take no more memory than a hundred, however slow
// the reader is.
func TestMemoryIsFlat(t *testing.T) {
	const entries, atOnce = 100_000, 100
	url := serveFake(t, func(p *peer, m message) bool {
		// Made once: what the server of the test allocates must not be counted.
		one := element(tagSequence, integer(tagInteger, m.id), entryOf("cn=x", strings.Repeat("x", 500)))
		many := bytes.Repeat(one, atOnce)
		for range entries / atOnce {
			if _, err := p.Write(many); err != nil {
				return false
			}
		}
		p.answer(m.id, resultOf(opDone, dsml.Success, ""))
		return true
	})
	c := connected(t, newBackend(t, Options{URL: url}), anonymous)
	var stats runtime.MemStats
	live := func() uint64 {
		runtime.GC()
		runtime.ReadMemStats(&stats)
		return stats.HeapAlloc
	}
	n, first, most := 0, uint64(0), uint64(0)
	if _, err := c.Do(t.Context(), searchFor("o=x"), func(directory.SearchItem) error {
		if n++; n == 100 {
			first = live()
		} else if n%20_000 == 0 {
			most = max(most, live())
		}
		return nil
	}); err != nil || n != entries {
		t.Fatalf("%v, %d entries", err, n)
	}
	if room := uint64(1 << 19); most > first+room {
		t.Errorf("%d bytes after 100 entries, %d later", first, most)
	}
}
