package session

import (
	"bytes"
	"context"
	"encoding/base64"
	"io"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// oddIDs are ids that somebody might send who wants to see what happens. own is
// one that exists.
func oddIDs(own string) []string {
	return []string{
		"", " ", own[:len(own)-1], own + " ", " " + own, own + "\x00", own + own, own + "\n", strings.ToUpper(own),
		strings.Replace(own, own[:1], "%3"+own[:1], 1), "\u0130" + own[1:], "\uff10" + own[1:],
		`"/><ad:BeginSession xmlns:ad="` + DSMLNamespace + `"/>`, "' OR '1'='1", "../" + own, "*", "%00", "${jndi:ldap://x}", "\u202e" + own, "&amp;", "]]>",
		"\ufffd", "null", "0", "-1", strings.Repeat("f", 1<<20), short(own),
	}
}

// asked is the whole answer of an endpoint to a step with an id.
func (s *server) asked(step StepKind, id string, p Peer) []byte {
	out, err := s.dialect.Wrap(nil, soap.V11, Step{Kind: step, ID: id})
	if err != nil {
		panic(err)
	}
	return s.serve(out.Body, p)
}

// TestD_127_S_44_OddCharacters: an id that could not be one is answered like any
// other that is not there, byte for byte, and disturbs nobody.
func TestD_127_S_44_OddCharacters(t *testing.T) {
	for _, d := range []Dialect{DSML, SQL} {
		table, _ := newTable(TableOptions{})
		s := &server{d, table}
		id, h := begin(t, table, alice)
		for _, step := range []StepKind{StepUse, StepEnd} {
			want := s.asked(step, strings.Repeat("0", 32), alice)
			for _, odd := range oddIDs(id) {
				if odd == "" && d == SQL {
					continue // is no id but the lack of one: S-18 and S-50
				}
				if strings.ContainsRune(odd, 0) {
					wantNoSession(t, table, odd, alice) // no XML can hold it
					continue
				}
				if got := s.asked(step, odd, alice); !bytes.Equal(got, want) {
					t.Errorf("%v %v of %.40q: %s", d, step, odd, got)
				}
			}
		}
		wantClosed(t, h, 0)
		use(t, table, id, alice).Release()
	}
}

// TestD_142_Guesses: a hundred thousand guesses find none of a hundred sessions,
// renew none, and leave nothing behind.
func TestD_142_Guesses(t *testing.T) {
	n := 100000
	if brief() {
		n /= 20
	}
	table, clock := newTable(TableOptions{MaxPerClient: new(-1)})
	var resources []*held
	for range DefaultMax {
		_, h := begin(t, table, alice)
		resources = append(resources, h)
	}
	table.Use(t.Context(), "0", alice)
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	guesses := rand.NewChaCha8([32]byte{9})
	var b [idBytes]byte
	for i := range n {
		io.ReadFull(guesses, b[:])
		step := table.Use
		if i%2 == 0 {
			step = table.End
		}
		if lease, err := step(t.Context(), hexText(b[:]), alice); lease != nil || err != ErrNoSession {
			t.Fatalf("guess %x: %v", b, err)
		}
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	if grown := int64(after.HeapAlloc) - int64(before.HeapAlloc); grown > 1<<18 {
		t.Errorf("memory has grown by %d bytes", grown)
	}
	if c := table.Counters(); c.Unknown != uint64(n)+1 || c.Foreign != 0 || table.Len() != DefaultMax {
		t.Errorf("counters %+v, %d sessions", c, table.Len())
	}
	clock.Advance(DefaultIdle)
	for _, h := range resources {
		wantClosed(t, h, 1)
	}
}

// TestS_47_WholeAnswersLookAlike compares whole answers to ids of others and to
// ids of nobody: their bytes, and the time from the request's bytes to them.
func TestS_47_WholeAnswersLookAlike(t *testing.T) {
	for _, d := range []Dialect{DSML, SQL} {
		table, _ := newTable(TableOptions{Max: new(-1), MaxPerClient: new(-1)})
		s := &server{d, table}
		const n = 64
		var foreign, unknown, others [n]string
		r := rand.New(rand.NewPCG(3, 4))
		for i := range n {
			foreign[i], _ = begin(t, table, alice)
			b := make([]byte, idBytes)
			for _, list := range []*[n]string{&unknown, &others} {
				for j := range b {
					b[j] = byte(r.IntN(256))
				}
				list[i] = hexText(b)
			}
		}
		for _, step := range []StepKind{StepUse, StepEnd} {
			var messages [3][n][]byte
			for k, ids := range [...][n]string{foreign, unknown, others} {
				for i, id := range ids {
					if d == SQL {
						b, _ := hexBytes(id)
						id = base64.StdEncoding.EncodeToString(b)
					}
					out, err := d.Wrap(nil, soap.V11, Step{Kind: step, ID: id})
					if err != nil {
						t.Fatal(err)
					}
					messages[k][i] = out.Body
				}
			}
			want := s.serve(messages[1][0], bob)
			for _, of := range messages {
				for _, m := range of {
					if got := s.serve(m, bob); !bytes.Equal(got, want) {
						t.Fatalf("%v %v: %s\nand %s", d, step, got, want)
					}
				}
			}
			// What is really there to be seen is there in every attempt; what
			// else the machine does is not.
			apart := false
			for range 50 {
				took := s.took(&messages)
				t.Logf("%v %v: foreign %v, unknown %v, other unknown %v", d, step, took[0], took[1], took[2])
				noise := max(took[1]-took[2], took[2]-took[1])
				if apart = max(took[0]-took[1], took[1]-took[0]) > took[1]/10+2*noise; !apart {
					break
				}
			}
			if apart {
				t.Errorf("%v %v: told apart by the time", d, step)
			}
		}
		if table.Len() != n {
			t.Errorf("%d sessions left", table.Len())
		}
	}
}

// took is the least time that a message of each kind takes, measured in turn
// and in small groups, which is what the work itself takes.
func (s *server) took(messages *[3][64][]byte) (least [3]time.Duration) {
	const group = 8
	for round := range 40 {
		for i := 0; i < len(messages[0]); i += group {
			for k := range messages {
				begun := time.Now()
				for _, m := range messages[k][i : i+group] {
					s.serve(m, bob)
				}
				if spent := time.Since(begun) / group; round+i == 0 || spent < least[k] {
					least[k] = spent
				}
			}
		}
	}
	return least
}

// language is a setting of the resource that a session holds.
type language struct{ set string }

func (*language) Close() error { return nil }

// TestD_143_S_40_SettingsStay: what a batch does to the session's resource is
// there for the next, over whatever connection that comes, and gone with it.
func TestD_143_S_40_SettingsStay(t *testing.T) {
	table := sqlTable(SQLEndpoint{})
	first, err := table.Begin(t.Context(), alice, nil)
	if err != nil {
		t.Fatal(err)
	}
	first.Release()
	made := 0
	lease, err := table.Begin(t.Context(), alice, func(context.Context) (io.Closer, error) { made++; return new(language), nil })
	if err != nil {
		t.Fatal(err)
	}
	lease.Resource().(*language).set = "Deutsch"
	lease.Release()
	for range 3 {
		next := use(t, table, lease.ID(), Peer{Address: "203.0.113.7", Identity: alice.Identity})
		if got := next.Resource().(*language).set; got != "Deutsch" || made != 1 {
			t.Errorf("language %q, %d resources", got, made)
		}
		next.Release()
	}
	if other := use(t, table, first.ID(), alice); other.Resource() != nil {
		t.Error("another session has the resource too")
	}
}
