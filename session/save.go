package session

import (
	"encoding/binary"
	"time"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// A saved Tracker is the text of snapshotMark, a version byte, and fields: a
// number is a varint, a text its length and its bytes. Moments are in
// milliseconds since 1970. There are no credentials in it, for a Tracker never
// sees any; but there is the session id, which is half of what it takes to use
// the session.
const (
	snapshotMark    = "dsmlkit-session"
	snapshotVersion = 2
)

// Save returns the tracker's state for Restore, as when a page is left and
// loaded again.
func (t *Tracker) Save() []byte {
	w := saver(snapshotMark)
	w = append(w, snapshotVersion)
	w.number(int64(t.o.Dialect))
	w.number(int64(t.o.SOAP))
	w.number(int64(t.o.Idle))
	w.number(int64(t.o.Timeout))
	w.number(int64(t.state))
	w.text(t.id)
	w.number(int64(t.timeout))
	w.flag(t.granted)
	w.moment(t.touched)
	w.moment(t.seen)
	w.flag(t.patient)
	w.flag(t.ending)
	w.number(int64(t.ends))
	w.moment(t.ended)
	w.text(string(t.transact))
	w.number(int64(len(t.pages)))
	for _, p := range t.pages {
		w.text(p.Key)
		w.number(int64(p.Kind))
		w.text(string(p.Cookie))
		w.number(int64(p.Size))
		w.number(int64(p.Count))
		w.number(int64(p.Pages))
		w.number(int64(p.Estimate))
		w.number(int64(p.Position))
		w.moment(p.Issued)
		w.flag(p.Done)
		// A request that was read can be written.
		text, _ := dsml.Marshal(&dsml.BatchRequest{Requests: []dsml.Request{p.Request}}, dsml.WriteOptions{})
		w.text(string(text))
	}
	return w
}

// Restore returns a Tracker with the state that Save saved. Options other than
// those that were saved come from o: the clock. Answers that were awaited are
// not coming any more, which is as if Failed had been called for each.
func Restore(saved []byte, o TrackerOptions) (*Tracker, error) {
	r := restorer{rest: saved, ok: true}
	if r.fixed(len(snapshotMark)) != snapshotMark {
		return nil, &Error{CodeSnapshot, "this is no saved session", ""}
	}
	if r.fixed(1) != string(rune(snapshotVersion)) {
		return nil, &Error{CodeSnapshot, "the session was saved by another version", "begin a new session"}
	}
	o.Dialect = Dialect(r.number(0, int64(SQL)))
	o.SOAP = soap.Version(r.number(int64(soap.V11), int64(soap.V12)))
	o.Idle = time.Duration(r.any())
	o.Timeout = time.Duration(r.any())
	t := NewTracker(o)
	t.state = State(r.number(0, int64(StateLost)))
	t.id = r.text()
	t.timeout = time.Duration(r.any())
	t.granted = r.flag()
	t.touched = r.moment()
	t.seen = r.moment()
	t.patient = r.flag()
	t.ending = r.flag()
	t.ends = int(r.number(0, maxInt32))
	t.ended = r.moment()
	t.transact = []byte(r.text())
	for range r.number(0, maxPages) {
		p := &Page{
			Key:      r.text(),
			Kind:     PageKind(r.number(0, int64(DirSync))),
			Cookie:   []byte(r.text()),
			Size:     int32(r.number(0, maxInt32)),
			Count:    int(r.number(0, maxInt32)),
			Pages:    int(r.number(0, maxInt32)),
			Estimate: int(r.number(0, maxInt32)),
			Position: int32(r.number(0, maxInt32)),
			Issued:   r.moment(),
			Done:     r.flag(),
			Request:  r.search(),
		}
		t.pages = append(t.pages, p)
	}
	holds := t.state == StateOpen || t.state == StateClosing
	may := holds || t.state == StateExpired
	if !r.ok || len(r.rest) > 0 || holds && t.id == "" || !may && t.id != "" || !sendable(t.id) {
		return nil, &Error{CodeSnapshot, "the saved session is damaged", "begin a new session"}
	}
	if t.state == StateOpening || t.state == StateClosing {
		t.Failed(Failure{})
	}
	return t, nil
}

const maxInt32 = 1<<31 - 1

// sendable reports whether an id can stand in a message.
func sendable(id string) bool {
	plain := true
	for i := range len(id) {
		plain = plain && id[i] >= ' ' && id[i] < 0x7f
	}
	if plain {
		return true
	}
	w := xml.NewWriter(xml.WriterOptions{})
	w.Start("", "id")
	w.Attr("", "id", id)
	w.End()
	return w.Err() == nil
}

type saver []byte

func (w *saver) number(n int64) { *w = binary.AppendVarint(*w, n) }

func (w *saver) flag(b bool) {
	if b {
		w.number(1)
	} else {
		w.number(0)
	}
}

func (w *saver) text(s string) {
	w.number(int64(len(s)))
	*w = append(*w, s...)
}

func (w *saver) moment(at time.Time) {
	if at.IsZero() {
		w.number(0)
	} else {
		w.number(at.UnixMilli())
	}
}

// restorer reads what a saver wrote. Once something is wrong it is not ok, and
// everything it reads is zero.
type restorer struct {
	rest []byte
	ok   bool
}

func (r *restorer) fixed(n int) string {
	if n > len(r.rest) {
		r.ok = false
	}
	if !r.ok {
		return ""
	}
	s := string(r.rest[:n])
	r.rest = r.rest[n:]
	return s
}

func (r *restorer) any() int64 {
	n, size := binary.Varint(r.rest)
	if size <= 0 {
		r.ok = false
	}
	if !r.ok {
		return 0
	}
	r.rest = r.rest[size:]
	return n
}

func (r *restorer) number(low, high int64) int64 {
	n := r.any()
	if n < low || n > high {
		r.ok = false
	}
	if !r.ok {
		return 0
	}
	return n
}

func (r *restorer) flag() bool { return r.number(0, 1) == 1 }

func (r *restorer) text() string { return r.fixed(int(r.number(0, int64(len(r.rest))))) }

func (r *restorer) moment() time.Time {
	ms := r.any()
	if ms == 0 {
		return time.Time{}
	}
	return time.UnixMilli(ms)
}

func (r *restorer) search() *dsml.SearchRequest {
	text := r.text()
	if !r.ok {
		return nil
	}
	parsed, err := dsml.Parse([]byte(text), dsml.Options{Expect: dsml.ExpectRequest})
	if err == nil {
		if batch, ok := parsed.Document.(*dsml.BatchRequest); ok && len(batch.Requests) == 1 {
			if s, ok := batch.Requests[0].(*dsml.SearchRequest); ok {
				return s
			}
		}
	}
	r.ok = false
	return nil
}
