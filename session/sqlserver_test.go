package session

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// sqlServer is an endpoint with sessions; see server.
func sqlServer(timeout time.Duration) (*server, *ManualClock) {
	clock := NewManualClock(start)
	table := SQLEndpoint{Sessions: true, SessionTimeout: timeout}.NewTable(TableOptions{Clock: clock, Rand: source()})
	return &server{SQL, table}, clock
}

// post sends a message with a sqlSession of these attributes and returns the
// session header of the answer, and whether that is a fault.
func (s *server) post(t *testing.T, attrs string, p Peer) (a answerHeader, fault *soap.Fault) {
	t.Helper()
	text := s.serve([]byte(sqlAnswer(attrs, "")), p)
	if n := bytes.Count(text, []byte("sqlSession")); n > 1 {
		t.Errorf("S-09: %d sqlSession in %s", n, text)
	}
	for _, never := range []string{"initiate", "mustUnderstand", "actor"} {
		if _, header, _ := strings.Cut(string(text), "sqlSession"); strings.Contains(strings.SplitN(header, ">", 2)[0], never) {
			t.Errorf("S-10 S-11: %s in %s", never, text)
		}
	}
	env, err := soap.Parse(text, soap.Options{Strict: true})
	if err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return sqlProtocol{}.answer(env.Headers), env.Fault
}

func (s *server) initiate(t *testing.T, p Peer) (attrs string) {
	t.Helper()
	a, fault := s.post(t, `initiate="true"`, p)
	if fault != nil || a.id == "" {
		t.Fatalf("S-15: got %+v, %+v", a, fault)
	}
	return `sessionId="` + a.id + `"`
}

func (s *server) wantRefused(t *testing.T, attrs string, p Peer) {
	t.Helper()
	a, fault := s.post(t, attrs, p)
	if fault == nil || !a.terminate || a.id != "" || strings.Join(sqlSubcodes(fault), " ") != "SoapHeader SessionIdIsInvalid" {
		t.Errorf("%s of %v: got %+v, %+v", attrs, p, a, fault)
	}
}

func TestS_09_S_10_S_11_S_15_S_16_S_22_Initiation(t *testing.T) {
	s, _ := sqlServer(30 * time.Second)
	one, fault := s.post(t, `initiate="true" timeout="90"`, alice)
	if fault != nil || one.id == "" || one.timeout != 30*time.Second || one.terminate {
		t.Errorf("got %+v, %+v", one, fault)
	}
	other, _ := s.post(t, `initiate="true"`, alice)
	if other.id == one.id || other.id == "" {
		t.Errorf("S-22: ids %q and %q", one.id, other.id)
	}
}

func TestS_39_S_48_Join(t *testing.T) {
	s, _ := sqlServer(time.Minute)
	id := s.initiate(t, alice)
	for range 2 {
		s.wantRefused(t, id, bob)
		a, fault := s.post(t, id, alice)
		if fault != nil || `sessionId="`+a.id+`"` != id || a.terminate {
			t.Errorf("got %+v, %+v", a, fault)
		}
	}
}

func TestS_42_S_43_S_44_S_45_S_46_FailedJoins(t *testing.T) {
	s, _ := sqlServer(time.Minute)
	other, _ := sqlServer(time.Minute)
	other.table.newID = func() (string, error) { return "ffffffffffffffffffffffffffffffff", nil }
	id := s.initiate(t, alice)
	s.wantRefused(t, `sessionId="AAECAwQFBgcICQoLDA0ODw=="`, alice) // S-43
	s.wantRefused(t, `sessionId="***"`, alice)                      // S-44
	s.wantRefused(t, id, bob)                                       // S-45
	s.wantRefused(t, id, Peer{Address: alice.Address})              // S-42: nobody in particular
	s.wantRefused(t, other.initiate(t, alice), alice)               // S-46
}

func TestS_33_S_34_S_36_S_37_Inactivity(t *testing.T) {
	s, clock := sqlServer(10 * time.Second)
	id := s.initiate(t, alice)
	for range 100 {
		clock.Advance(10*time.Second - 1)
		if _, fault := s.post(t, id, alice); fault != nil {
			t.Fatal("S-37: not kept alive")
		}
	}
	clock.Advance(10 * time.Second)
	if s.table.Len() != 0 {
		t.Error("S-34: not ended")
	}
	s.wantRefused(t, id, alice) // S-36
}

func TestS_17_S_35_SessionOfARunningBatch(t *testing.T) {
	s, clock := sqlServer(10 * time.Second)
	lease, err := s.table.BeginWith(t.Context(), Opening{Peer: alice}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if rows := View(Viewer{Peer: alice}, s.table); len(rows) != 1 || rows[0].Status != Running {
		t.Errorf("S-17: while the first batch runs %+v", rows)
	}
	clock.Advance(time.Hour)
	lease.Release()
	clock.Advance(10*time.Second - 1)
	use(t, s.table, lease.ID(), alice).Release() // S-35
}

func TestS_51_S_53_S_54_S_55_S_57_S_58_Termination(t *testing.T) {
	s, _ := sqlServer(time.Minute)
	id := s.initiate(t, alice)
	s.wantRefused(t, `terminate="true" `+id, bob) // S-58
	if _, fault := s.post(t, id, alice); fault != nil {
		t.Error("S-58: ended by another user")
	}
	a, fault := s.post(t, `terminate="true" `+id, alice)
	if fault != nil || !a.terminate || `sessionId="`+a.id+`"` != id {
		t.Errorf("S-51: got %+v, %+v", a, fault)
	}
	s.wantRefused(t, id, alice)                     // S-55
	s.wantRefused(t, `terminate="true" `+id, alice) // S-57
	s.wantRefused(t, `terminate="true"`, alice)     // S-50

	// S-53: the batch runs in the session, which ends afterwards; S-54: whatever
	// became of the batch.
	h := new(held)
	lease, err := s.table.Begin(t.Context(), alice, h.open)
	if err != nil {
		t.Fatal(err)
	}
	lease.Release()
	func() {
		defer func() { _ = recover() }()
		last, err := s.table.End(t.Context(), lease.ID(), alice)
		if err != nil {
			t.Fatal(err)
		}
		defer last.Release()
		wantClosed(t, h, 0)
		panic("the batch failed")
	}()
	wantClosed(t, h, 1)
}

func TestS_61_S_63_Restart(t *testing.T) {
	s, _ := sqlServer(time.Minute)
	other, _ := sqlServer(time.Minute)
	id, elsewhere := s.initiate(t, alice), other.initiate(t, alice)
	s.table.EndAll()
	s.wantRefused(t, id, alice)
	if _, fault := other.post(t, elsewhere, alice); fault != nil {
		t.Error("S-63: ended at another endpoint")
	}
	restarted, _ := sqlServer(time.Minute)
	restarted.wantRefused(t, elsewhere, alice) // S-61: sessions live in the table alone
}

func TestS_64_Counters(t *testing.T) {
	s, _ := sqlServer(time.Minute)
	id := s.initiate(t, alice)
	s.initiate(t, alice)
	s.post(t, id, alice)
	s.post(t, `terminate="true" `+id, alice)
	s.post(t, `terminate="true" `+id, alice)
	if c := s.table.Counters(); c.Begins != 2 || c.Ends != 2 || c.Unknown != 1 {
		t.Errorf("got %+v", c)
	}
}

func TestS_75_VersionOfTheAnswer(t *testing.T) {
	s, _ := sqlServer(time.Minute)
	for _, ns := range []string{soap.NS11, soap.NS12} {
		for _, attrs := range []string{`initiate="true"`, `sessionId="AAEC"`} {
			text := strings.Replace(sqlAnswer(attrs, ""), soap.NS11, ns, 1)
			if answer := string(s.serve([]byte(text), alice)); !strings.Contains(strings.SplitN(answer, ">", 2)[0], ns) {
				t.Errorf("to %s: %s", text, answer)
			}
		}
	}
}

// TestS_75_S_77_S_83_S_84_Refusal reads whole refusals back: version, status,
// subcodes, and the header that goes with those of a session's id.
func TestS_75_S_77_S_83_S_84_Refusal(t *testing.T) {
	if SQLFaultStatus != 500 {
		t.Errorf("S-77: status %d", SQLFaultStatus)
	}
	for _, v := range []soap.Version{soap.V11, soap.V12} {
		for err, terminate := range map[error]bool{ErrNoSession: true, foreignError{}: true, ErrMalformedID: true, ErrMissingID: true, ErrDisabled: false, ErrTwoHeaders: false, ErrHeaderLimit: false, ErrBusy: false} {
			text, failed := SQLRefusal(err, v, "http://db.example.test/sql")
			if failed != nil {
				t.Fatal(failed)
			}
			env, failed := soap.Parse(text, soap.Options{Strict: true})
			if failed != nil {
				t.Fatalf("%v: %s", failed, text)
			}
			if env.Version != v || env.Fault == nil {
				t.Errorf("S-75 %v: %s", v, text)
			}
			if a := (sqlProtocol{}).answer(env.Headers); a.terminate != terminate || a.found != terminate || a.id != "" {
				t.Errorf("%v: header %+v", err, a)
			}
			codes := sqlSubcodes(env.Fault)
			if terminate && strings.Join(codes, " ") != "SoapHeader SessionIdIsInvalid" {
				t.Errorf("S-84 %v: %v", err, codes)
			}
			if v == soap.V11 && terminate && !strings.Contains(string(text), "SOAP-1_2-ENV:Subcode") {
				t.Errorf("S-83 %v: %s", err, text)
			}
		}
	}
}
