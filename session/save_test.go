package session

import (
	"bytes"
	"errors"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

func (c *client) reload() *client {
	c.Helper()
	t, err := Restore(c.Save(), TrackerOptions{Now: c.clock.Now})
	if err != nil {
		c.Fatalf("restore: %v", err)
	}
	return &client{t, c.T, c.clock}
}

func TestSavedSessionSurvivesAReload(t *testing.T) {
	c := opened(t, TrackerOptions{SOAP: soap.V12, Idle: time.Hour})
	c.turn(dsml.BatchRequest{Requests: []dsml.Request{people(10)}}, found(10, page(25, "a\x00\xff")))
	c.clock.Advance(time.Minute)
	d := c.reload()
	if d.State() != StateOpen || d.ID() != "42" || d.Dialect() != DSML {
		t.Fatalf("state %v, id %q", d.State(), d.ID())
	}
	before, after := c.Pages()[0], d.Pages()[0]
	if !before.Issued.Equal(after.Issued) {
		t.Errorf("issued %v", after.Issued)
	}
	before.Issued = after.Issued
	if !reflect.DeepEqual(before, after) {
		t.Errorf("got  %+v\nwant %+v", after, before)
	}
	if left, ok := d.Remaining(d.clock.Now()); !ok || left != 59*time.Minute {
		t.Errorf("left %v, %v", left, ok)
	}
	out := d.must(d.Send(nil))
	if out.SOAPAction != "" {
		t.Error("SOAP 1.1 after the reload")
	}
	if !bytes.Equal(c.Save(), c.reload().Save()) {
		t.Error("saved differently the second time")
	}
	// The page was left for longer than the session lives.
	c.clock.Advance(time.Hour)
	if d = c.reload(); d.State() != StateExpired {
		t.Errorf("state %v", d.State())
	}
}

func TestReloadWhileAnAnswerIsAwaited(t *testing.T) {
	c := newClient(t, TrackerOptions{})
	c.must(c.Begin(nil))
	if d := c.reload(); d.State() != StateLost {
		t.Errorf("opening became %v", d.State())
	}
	c = opened(t, TrackerOptions{})
	c.must(c.Send(nil))
	if d := c.reload(); d.State() != StateOpen {
		t.Errorf("open became %v", d.State())
	}
	c.must(c.End(nil))
	d := c.reload()
	if d.State() != StateOpen {
		t.Errorf("closing became %v", d.State())
	}
	d.must(d.End(nil))
	d.receive(badSession, StateClosed, Ended) // S-59
}

func TestRestoreRefusesWhatIsDamaged(t *testing.T) {
	c := opened(t, TrackerOptions{})
	c.turn(dsml.BatchRequest{Requests: []dsml.Request{people(10)}}, found(10, page(25, "a")))
	saved := c.Save()
	other := bytes.Clone(saved)
	other[len(snapshotMark)] = 99
	c.id = "4\x002"
	ended := opened(t, TrackerOptions{})
	ended.state = StateClosed
	cases := map[string][]byte{
		"an id of a session that has ended": ended.Save(),
		"an id that cannot be sent":         c.Save(),
		"nothing":                           nil, "something else": []byte("hello"), "another version": other, "more behind it": append(bytes.Clone(saved), 0),
	}
	for i := range saved {
		cases["cut at "+string(rune('0'+i%10))+strings.Repeat("+", i/10)] = saved[:i]
	}
	for name, text := range cases {
		tracker, err := Restore(text, TrackerOptions{})
		var e *Error
		if tracker != nil || !errors.As(err, &e) || e.Code != CodeSnapshot {
			t.Errorf("%s: got %v, %v", name, tracker, err)
		}
	}
}

// FuzzRestore: what can be restored is a Tracker in order.
func FuzzRestore(f *testing.F) {
	t := NewTracker(TrackerOptions{Now: NewManualClock(start).Now})
	f.Add(t.Save())
	t.Begin(nil)
	t.Receive([]byte(answerIn("42", okBody)), Meta{})
	f.Add(t.Save())
	f.Fuzz(func(t *testing.T, saved []byte) {
		tracker, err := Restore(saved, TrackerOptions{Now: NewManualClock(start).Now})
		if err != nil {
			return
		}
		again, err := Restore(tracker.Save(), TrackerOptions{Now: NewManualClock(start).Now})
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(again.Save(), tracker.Save()) {
			t.Fatal("saved differently")
		}
		tracker.Pages()
		tracker.ExpiresAt()
		if _, err := tracker.Send(nil); (err == nil) != (tracker.State() == StateOpen) {
			t.Fatalf("state %v, send %v", tracker.State(), err)
		}
		if _, err := tracker.End(nil); (err == nil) != (tracker.ID() != "") {
			t.Fatalf("id %q, end %v", tracker.ID(), err)
		}
	})
}
