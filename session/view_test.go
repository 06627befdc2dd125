package session

import (
	"bytes"
	"encoding/json"
	"testing"
	"time"
)

func TestS_24_View(t *testing.T) {
	numbers := new(Numbers)
	orders, clock := newTable(TableOptions{Endpoint: 65537, Numbers: numbers})
	other := NewTable(TableOptions{Clock: clock, Rand: source(), Endpoint: 65538, Numbers: numbers})
	lease, err := orders.BeginWith(t.Context(), Opening{Peer: alice, Client: Client{
		HostName: "pc-7", ProgramName: "desk \"<\\\u2028\x01\xff", ProcessID: 4711, InterfaceName: "dsmlkit", Language: "Deutsch",
	}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	id, _ := begin(t, other, bob)
	clock.Advance(1500 * time.Millisecond)
	use(t, other, id, bob).Release()
	ending, _ := begin(t, orders, alice)
	last, err := orders.End(t.Context(), ending, alice)
	if err != nil {
		t.Fatal(err)
	}

	rows := View(Viewer{All: true}, other, orders)
	if len(rows) != 3 || rows[0].SessionID != 1 || rows[1].SessionID != 2 || rows[2].SessionID != 3 {
		t.Fatalf("rows %+v", rows)
	}
	if rows[0].Status != Running || rows[1].Status != Sleeping || rows[2].Status != Dormant {
		t.Errorf("S-3.9 states: %v, %v, %v", rows[0].Status, rows[1].Status, rows[2].Status)
	}
	var got []map[string]any
	text := AppendRows(nil, rows)
	if bytes.ContainsAny(text, "<>&\u2028") {
		t.Errorf("could end a script: %s", text)
	}
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	for column, want := range map[string]any{
		"session_id": 1.0, "login_time": "2026-03-01T12:00:00.000Z", "host_name": "pc-7", "program_name": "desk \"<\\\u2028\x01\ufffd",
		"host_process_id": 4711.0, "client_interface_name": "dsmlkit", "client_net_address": alice.Address, "login_name": "alice",
		"language": "Deutsch", "status": "running", "endpoint_id": 65537.0,
		"last_request_start_time": "2026-03-01T12:00:00.000Z", "last_request_end_time": nil, "total_elapsed_time": 1500.0,
	} {
		if v, ok := got[0][column]; !ok || v != want {
			t.Errorf("%s is %v, want %v", column, v, want)
		}
	}
	if v := got[1]; v["host_name"] != nil || v["host_process_id"] != nil || v["endpoint_id"] != 65538.0 ||
		v["last_request_end_time"] != "2026-03-01T12:00:01.500Z" {
		t.Errorf("got %v", v)
	}
	lease.Release()
	last.Release()
	if rows = View(Viewer{All: true}, other, orders); len(rows) != 2 {
		t.Errorf("an ended session is still there: %+v", rows)
	}
}

func TestViewShowsOnesOwnSessions(t *testing.T) {
	table, _ := newTable(TableOptions{})
	here, there := Peer{Address: "192.0.2.1"}, Peer{Address: "192.0.2.2"}
	for _, p := range []Peer{alice, bob, here, there} {
		begin(t, table, p)
	}
	for _, c := range []struct {
		viewer Viewer
		want   int
	}{
		{Viewer{Peer: alice}, 1},
		{Viewer{Peer: Peer{Address: "192.0.2.77", Identity: "alice"}}, 1},
		{Viewer{Peer: Peer{Address: alice.Address, Identity: "mallory"}}, 0},
		{Viewer{Peer: here}, 1},
		{Viewer{Peer: Peer{Address: "192.0.2.77"}}, 0},
		{Viewer{Peer: alice, All: true}, 4},
	} {
		if rows := View(c.viewer, table); len(rows) != c.want {
			t.Errorf("%+v sees %d sessions, want %d", c.viewer, len(rows), c.want)
		}
	}
	digest := Peer{Address: alice.Address, Identity: "9f86d081"}
	if _, err := table.BeginWith(t.Context(), Opening{Peer: digest, LoginName: "carol"}, nil); err != nil {
		t.Fatal(err)
	}
	if rows := View(Viewer{Peer: digest}, table); len(rows) != 1 || rows[0].LoginName != "carol" {
		t.Errorf("an identity with a name of its own: %+v", rows)
	}
	if rows := View(Viewer{Peer: Peer{Address: alice.Address, Identity: "carol"}}, table); len(rows) != 0 {
		t.Errorf("seen by the name: %+v", rows)
	}
	if string(AppendRows(nil, nil)) != "[]" {
		t.Error("no sessions are no empty array")
	}
}
