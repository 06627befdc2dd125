package endpoint

import (
	"crypto/rand"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/session"
)

type testRand struct{}

func (testRand) Read(p []byte) (int, error) { return rand.Read(p) }

func TestD_129_SessionsPerClient(t *testing.T) {
	s := newServer(t)
	for range 5 {
		s.begin(from("192.0.2.1"))
	}
	s.post(envelope(begin, batchOf("", "")), from("192.0.2.1")).want(t, 500, badSession)
	s.begin(from("192.0.2.2"))
}

func TestD_131_IdleSessionEnds(t *testing.T) {
	s := newServer(t)
	id := s.begin()
	s.clock.Advance(599 * time.Second)
	s.post(envelope(inSession(id), batchOf("", ""))).want(t, 200, "<batchResponse")
	s.clock.Advance(599 * time.Second)
	s.post(envelope(inSession(id), batchOf("", ""))).want(t, 200, "<batchResponse")
	s.clock.Advance(601 * time.Second)
	s.post(envelope(inSession(id), batchOf("", ""))).want(t, 500, badSession)
}

func TestD_135_HeadersWithoutPrefixTheWindowsWay(t *testing.T) {
	ns := ` xmlns="urn:schema-microsoft-com:activedirectory:dsmlv2"`
	s := newServer(t, func(o *Options) { o.Windows = true })
	s.post(envelope("<BeginSession"+ns+"/>", batchOf("", ""))).want(t, 200, "<ad:Session ")
	s.post(envelope("<Session"+ns+` SessionID="`+s.begin()+`"/>`, batchOf("", ""))).want(t, 500, badSession)
}

func TestD_145_UnknownControlsTheWindowsWay(t *testing.T) {
	search := batchOf("", searchOf(`dn="" scope="baseObject"`, `<control type="1.2.3.4"/>`, anything))
	s := newServer(t, func(o *Options) { o.Windows = true })
	s.post(envelope("", search)).want(t, 200, `type="notAttempted"`)
	s.post(envelope(inSession(s.begin()), search)).want(t, 200, `<resultCode code="0"`)
}

func TestD_130_NoSessionsAllowed(t *testing.T) {
	s := newServer(t, func(o *Options) {
		o.Table = session.NewTable(session.TableOptions{Clock: session.SystemClock{}, Rand: rand.Reader, Max: new(int)})
	})
	s.post(envelope(begin, batchOf("", ""))).want(t, 500, badSession)
}
