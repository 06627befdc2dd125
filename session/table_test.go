package session

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"
)

func TestD_123_BeginMakesAnIDNotInUse(t *testing.T) {
	zeros := strings.NewReader(strings.Repeat("\x00", 3*idBytes) + strings.Repeat("\x01", idBytes))
	table, _ := newTable(TableOptions{Rand: zeros})
	first, _ := begin(t, table, alice)
	second, _ := begin(t, table, alice) // reads two ids that are taken
	if first != strings.Repeat("00", idBytes) || second != strings.Repeat("01", idBytes) {
		t.Errorf("ids %q and %q", first, second)
	}
}

func TestD_123_NoRandomnessNoSession(t *testing.T) {
	for name, r := range map[string]io.Reader{
		"source at its end":     strings.NewReader("short"),
		"source repeats itself": repeating{},
		"ids of nothing":        nil,
	} {
		t.Run("D-123 "+name, func(t *testing.T) {
			table, _ := newTable(TableOptions{Rand: r})
			if name == "ids of nothing" {
				table, _ = newTable(TableOptions{NewID: func() (string, error) { return "", nil }})
			}
			if _, ok := r.(repeating); ok {
				begin(t, table, alice)
			}
			before := table.Len()
			h := new(held)
			lease, err := table.Begin(t.Context(), alice, h.open)
			if lease != nil || !errors.Is(err, ErrNoID) {
				t.Fatalf("got %v, %v", lease, err)
			}
			wantClosed(t, h, 1)
			if table.Len() != before {
				t.Errorf("place not given back")
			}
		})
	}
}

func TestD_142_IDsAreLongAndDiffer(t *testing.T) {
	table, _ := newTable(TableOptions{Max: new(-1), MaxPerClient: new(-1)})
	seen := make(map[string]bool)
	for range 1000 {
		id, _ := begin(t, table, alice)
		if len(id) != 32 || strings.Trim(id, hexDigits) != "" {
			t.Fatalf("id %q", id)
		}
		if seen[id] {
			t.Fatalf("id %q twice", id)
		}
		seen[id] = true
	}
	for _, i := range table.List() {
		if len(i.ID) >= 32 || !strings.HasSuffix(i.ID, "...") {
			t.Fatalf("List shows id %q", i.ID)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("a table without a source of ids came to be")
		}
	}()
	NewTable(TableOptions{})
}

func TestD_124_BatchOfBeginRunsInTheSession(t *testing.T) {
	table, clock := newTable(TableOptions{})
	h := new(held)
	lease, err := table.Begin(t.Context(), alice, h.open)
	if err != nil {
		t.Fatal(err)
	}
	if lease.Resource() != io.Closer(h) {
		t.Error("another resource")
	}
	if got := table.List()[0]; got.Status != Running || got.Requests != 1 || !got.Began.Equal(start) {
		t.Errorf("got %+v", got)
	}
	clock.Advance(time.Hour) // S-35: a batch does not run the session out
	lease.Release()
	lease.Release()
	use(t, table, lease.ID(), alice).Release()
	wantClosed(t, h, 0)
}

func TestD_125_UseRunsInTheSameSessionAndResetsTheTimer(t *testing.T) {
	table, clock := newTable(TableOptions{})
	id, h := begin(t, table, alice)
	for range 10 { // S-37
		clock.Advance(DefaultIdle - time.Nanosecond)
		lease := use(t, table, id, alice)
		if lease.ID() != id || lease.Resource() != io.Closer(h) || lease.Last() {
			t.Fatal("another session")
		}
		clock.Advance(DefaultIdle) // running: does not count (S-33)
		lease.Release()
	}
	wantClosed(t, h, 0)
	clock.Advance(DefaultIdle)
	wantClosed(t, h, 1)
}

func TestD_126_EndRunsItsBatchThenEnds(t *testing.T) {
	table, _ := newTable(TableOptions{})
	id, h := begin(t, table, alice)
	lease, err := table.End(t.Context(), id, alice)
	if err != nil {
		t.Fatal(err)
	}
	if lease.ID() != id || !lease.Last() {
		t.Error("not the last lease of the session")
	}
	wantClosed(t, h, 0)
	if got := table.List()[0].Status; got != Dormant {
		t.Errorf("status %v while the last batch runs", got)
	}
	wantNoSession(t, table, id, alice) // S-55
	lease.Release()
	wantClosed(t, h, 1)
	lease.Release()
	wantClosed(t, h, 1)
	if table.Len() != 0 {
		t.Error("session left in the table")
	}
}

func TestD_127_UnknownOrEndedSession(t *testing.T) {
	table, clock := newTable(TableOptions{})
	id, _ := begin(t, table, alice)
	for _, odd := range []string{"", id[1:], id + "0", strings.ToUpper(id), "\x00", "é", strings.Repeat("a", 1<<20)} {
		if odd != id {
			wantNoSession(t, table, odd, alice)
		}
	}
	lease, _ := table.End(t.Context(), id, alice)
	lease.Release()
	wantNoSession(t, table, id, alice)
	id, _ = begin(t, table, alice)
	clock.Advance(DefaultIdle)
	wantNoSession(t, table, id, alice)
}

func TestD_128_TotalLimit(t *testing.T) {
	table, clock := newTable(TableOptions{MaxPerClient: new(-1)})
	for range DefaultMax {
		begin(t, table, alice)
	}
	wantRefused(t, table, bob, ErrTotalLimit)
	clock.Advance(DefaultIdle)
	begin(t, table, bob)
}

func TestD_129_LimitPerAddress(t *testing.T) {
	table, _ := newTable(TableOptions{})
	var id string
	for range DefaultMaxPerClient {
		id, _ = begin(t, table, alice)
	}
	wantRefused(t, table, alice, ErrClientLimit)
	wantRefused(t, table, Peer{Address: alice.Address, Identity: "somebody else"}, ErrClientLimit)
	begin(t, table, bob)
	lease, _ := table.End(t.Context(), id, alice)
	wantRefused(t, table, alice, ErrClientLimit) // its last batch still runs
	lease.Release()
	begin(t, table, alice)
}

func TestD_130_LimitOfZeroRefusesAll(t *testing.T) {
	table, _ := newTable(TableOptions{Max: new(0)})
	wantRefused(t, table, alice, ErrTotalLimit)
	table, _ = newTable(TableOptions{MaxPerClient: new(0)})
	wantRefused(t, table, alice, ErrClientLimit)
}

func TestD_133_AlmostTheOwner(t *testing.T) {
	table, _ := newTable(TableOptions{})
	id, _ := begin(t, table, Peer{Address: "192.0.2.1", Identity: "alice"})
	for _, p := range []Peer{
		{"192.0.2.1", "alice2"}, {"192.0.2.1", "alic"}, {"192.0.2.1", ""}, {"192.0.2.1", "Alice"},
		{"192.0.2.11", "alice"}, {"192.0.2.", "alice"}, {"", "alice"}, {"192.0.2.1alice", ""},
	} {
		wantNoSession(t, table, id, p)
	}
	nobody, _ := begin(t, table, Peer{Address: "192.0.2.1"})
	wantNoSession(t, table, nobody, alice)
}

func TestD_132_D_133_OwnerChecks(t *testing.T) {
	moved := Peer{Address: "192.0.2.99", Identity: "alice"}
	renamed := Peer{Address: "192.0.2.1", Identity: "mallory"}
	for _, c := range []struct {
		name                            string
		skipAddress, skipIdentity       bool
		movedRefused, renamedRefused    bool
		neitherMatchesRefused, ownWorks bool
	}{
		{"D-132 D-133 both checked", false, false, true, true, true, true},
		{"D-132 address not checked", true, false, false, true, true, true},
		{"D-133 identity not checked", false, true, true, false, true, true},
		{"nothing checked", true, true, false, false, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			table, clock := newTable(TableOptions{SkipAddressMatch: c.skipAddress, SkipIdentityMatch: c.skipIdentity})
			id, h := begin(t, table, alice)
			for p, refused := range map[Peer]bool{moved: c.movedRefused, renamed: c.renamedRefused, bob: c.neitherMatchesRefused, alice: false} {
				lease, err := table.Use(t.Context(), id, p)
				if refused {
					if !errors.Is(err, ErrForeign) || !errors.Is(err, ErrNoSession) || err.Error() != ErrNoSession.Error() {
						t.Errorf("%v: got %v", p, err)
					}
					if _, err := table.End(t.Context(), id, p); !errors.Is(err, ErrForeign) {
						t.Errorf("%v: end got %v", p, err)
					}
					continue
				}
				if err != nil {
					t.Errorf("%v: got %v", p, err)
					continue
				}
				lease.Release()
			}
			// S-48, S-58: nothing of this touches the session, not even its timer.
			clock.Advance(DefaultIdle - 1)
			table.Use(t.Context(), id, Peer{})
			wantClosed(t, h, 0)
		})
	}
}
