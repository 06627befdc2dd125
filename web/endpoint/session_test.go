package endpoint

import (
	"crypto/rand"
	"encoding/base64"
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

type testRand struct{}

func (testRand) Read(p []byte) (int, error) { return rand.Read(p) }

func TestD_123_BeginSession(t *testing.T) {
	s := newServer(t)
	a, b := s.begin(), s.begin()
	if a == b || len(a) < 22 {
		t.Errorf("ids %q and %q", a, b)
	}
}

func TestD_124_BeginSessionRunsItsBatchInTheSession(t *testing.T) {
	s := newServer(t)
	got := s.post(envelope(begin, batchOf("", paged(10, nil))))
	got.want(t, 200, "<ad:Session ", `<resultCode code="0"`, dsml.OIDPagedResults)
}

func TestD_125_D_126_UseAndEnd(t *testing.T) {
	s := newServer(t)
	id := s.begin()
	s.post(envelope(inSession(id), batchOf(`requestID="1"`, ""))).want(t, 200, `ad:SessionID="`+id+`"`, `requestID="1"`)
	s.post(envelope(endSession(id), batchOf("", searchOf(`dn="" scope="baseObject"`, "", anything)))).want(t, 200, `ad:SessionID="`+id+`"`, `<resultCode code="0"`)
	s.post(envelope(inSession(id), batchOf("", ""))).want(t, 500, badSession)
	s.post(envelope(endSession(id), batchOf("", ""))).want(t, 500, badSession)
}

func TestD_127_UnknownSessionRunsNothing(t *testing.T) {
	s := newServer(t)
	add := batchOf("", `<addRequest dn="cn=never,`+people+`"><attr name="objectClass"><value>device</value></attr></addRequest>`)
	for _, header := range []string{inSession("nope"), endSession("nope"), inSession("")} {
		s.post(envelope(header, add)).want(t, 500, badSession)
	}
	s.post(envelope("", batchOf("", searchOf(`dn="cn=never,`+people+`" scope="baseObject"`, "", anything)))).want(t, 200, `code="32"`)
}

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

func TestD_132_D_133_OwnerChecks(t *testing.T) {
	s := newServer(t)
	id := s.begin(from("192.0.2.1"))
	s.post(envelope(inSession(id), batchOf("", "")), from("192.0.2.9")).want(t, 500, badSession)
	s.post(envelope(inSession(id), batchOf("", "")), from("192.0.2.1"), func(r *http.Request) {
		r.SetBasicAuth("uid=someone,"+people, "x")
	}).want(t, 500, badSession)
	s.post(envelope(inSession(id), batchOf("", "")), from("192.0.2.1")).want(t, 200, "<batchResponse")
}

func TestD_134_TwoSessionHeaders(t *testing.T) {
	s := newServer(t)
	id := s.begin()
	s.post(envelope(begin+inSession(id), batchOf("", ""))).want(t, 500, "SOAP Invalid Request")
	s.post(envelope(inSession(id)+inSession(id), batchOf("", ""))).want(t, 500, "SOAP Invalid Request")
}

func TestD_135_D_136_HeadersWithoutPrefix(t *testing.T) {
	ns := ` xmlns="urn:schema-microsoft-com:activedirectory:dsmlv2"`
	for _, windows := range []bool{false, true} {
		s := newServer(t, func(o *Options) { o.Windows = windows })
		s.post(envelope("<BeginSession"+ns+"/>", batchOf("", ""))).want(t, 200, "<ad:Session ")
		id := s.begin()
		got := s.post(envelope("<Session"+ns+` SessionID="`+id+`"/>`, batchOf("", "")))
		if windows {
			got.want(t, 500, badSession)
		} else {
			got.want(t, 200, "<ad:Session ")
		}
	}
}

func TestD_30_MalformedBatchInASession(t *testing.T) {
	s := newServer(t)
	s.post(envelope(begin, batchOf("", "<frob/>"))).without(t, "ad:Session")
	id := s.begin()
	s.post(envelope(inSession(id), batchOf("", "<frob/>"))).want(t, 200, malformed, "<ad:Session ")
	s.post(envelope(inSession(id), batchOf("", ""))).want(t, 200, "<batchResponse")
	s.post(envelope(endSession(id), batchOf("", "<frob/>"))).want(t, 200, malformed)
	s.post(envelope(inSession(id), batchOf("", ""))).want(t, 500, badSession)
}

var cookieControl = regexp.MustCompile(`<control type="1\.2\.840\.113556\.1\.4\.319"[^>]*><controlValue[^>]*>([^<]+)<`)

// paged is a search of one page below the people.
func paged(size int32, cookie []byte) string {
	c := dsml.PagedResults{Size: size, Cookie: cookie}.Control(true)
	return searchOf(`dn="`+people+`" scope="singleLevel"`, `<control type="`+c.Type+`" criticality="true"><controlValue xsi:type="xsd:base64Binary">`+base64.StdEncoding.EncodeToString([]byte(c.Value.Data))+`</controlValue></control>`, anything+noAttributes)
}

func cookieOf(t *testing.T, r reply) []byte {
	t.Helper()
	m := cookieControl.FindStringSubmatch(r.body)
	if m == nil {
		t.Fatalf("no paging control in %.1500s", r.body)
	}
	ber, err := base64.StdEncoding.DecodeString(m[1])
	if err != nil {
		t.Fatal(err)
	}
	p, err := dsml.DecodePagedResults(dsml.Control{Type: dsml.OIDPagedResults, Value: &dsml.Value{Data: string(ber), Type: dsml.Base64Binary}})
	if err != nil {
		t.Fatal(err)
	}
	return p.Cookie
}

func TestD_147_D_148_PagingInOneSession(t *testing.T) {
	s := newServer(t)
	id, other := s.begin(), s.begin()
	var cookie []byte
	entries, pages := 0, 0
	for {
		got := s.post(envelope(inSession(id), batchOf("", paged(400, cookie))))
		got.want(t, 200, `<resultCode code="0"`)
		pages++
		entries += strings.Count(got.body, "<searchResultEntry ")
		cookie = cookieOf(t, got)
		if len(cookie) == 0 {
			break
		}
		if pages == 1 {
			foreign := s.post(envelope(inSession(other), batchOf("", paged(400, cookie))))
			foreign.want(t, 200)
			foreign.without(t, "<searchResultEntry ", `<resultCode code="0"`)
		}
		if pages > 100 {
			t.Fatal("paging does not end")
		}
	}
	if entries < 2000 || pages != (entries+399)/400 {
		t.Errorf("%d entries in %d pages", entries, pages)
	}
}

func TestD_144_PagingNeedsASession(t *testing.T) {
	newServer(t).post(envelope("", batchOf("", paged(10, nil)))).want(t, 200, `type="notAttempted"`, "BeginSession")
}

func TestD_145_UnknownControlsOutsideASession(t *testing.T) {
	search := batchOf("", searchOf(`dn="" scope="baseObject"`, `<control type="1.2.3.4"/>`, anything))
	newServer(t).post(envelope("", search)).want(t, 200, `<resultCode code="0"`)
	s := newServer(t, func(o *Options) { o.Windows = true })
	s.post(envelope("", search)).want(t, 200, `type="notAttempted"`)
	s.post(envelope(inSession(s.begin()), search)).want(t, 200, `<resultCode code="0"`)
}

func TestD_146_ControlsThatNeverEnd(t *testing.T) {
	s := newServer(t)
	id := s.begin()
	for _, oid := range []string{oidNotification, oidFastBind, oidPersistentSearch} {
		body := batchOf("", searchOf(`dn="" scope="baseObject"`, `<control type="`+oid+`"/>`, anything))
		s.post(envelope("", body)).want(t, 200, "<errorResponse ")
		s.post(envelope(inSession(id), body)).want(t, 200, "<errorResponse ")
	}
	for _, oid := range []string{oidStartTLS, oidFastBind} {
		body := batchOf("", "<extendedRequest><requestName>"+oid+"</requestName></extendedRequest>")
		s.post(envelope("", body)).want(t, 200, `type="notAttempted"`)
		s.post(envelope(inSession(id), body)).want(t, 200, `type="notAttempted"`)
	}
	// RFC 4533: the mode refreshAndPersist, with minimal and with long lengths
	// (D-149); refreshOnly comes to an end.
	for value, refused := range map[string]bool{"MAMKAQM=": true, "MIQAAAADCgED": true, "MAMKAQE=": false, "": false} {
		control := `<control type="` + dsml.OIDSyncRequest + `"><controlValue xsi:type="xsd:base64Binary">` + value + `</controlValue></control>`
		got := s.post(envelope("", batchOf("", searchOf(`dn="" scope="baseObject"`, control, anything))))
		if strings.Contains(got.body, `type="notAttempted"`) != refused {
			t.Errorf("%s: %s", value, got.body)
		}
	}
}

func TestD_130_NoSessionsAllowed(t *testing.T) {
	s := newServer(t, func(o *Options) {
		o.Table = session.NewTable(session.TableOptions{Clock: session.SystemClock{}, Rand: rand.Reader, Max: new(int)})
	})
	s.post(envelope(begin, batchOf("", ""))).want(t, 500, badSession)
}
