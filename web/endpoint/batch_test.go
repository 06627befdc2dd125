package endpoint

import (
	"context"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/web/directory/memory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

func addDevice(id, cn string) string {
	return `<addRequest requestID="` + id + `" dn="cn=` + cn + "," + people + `"><attr name="objectClass"><value>device</value></attr><attr name="cn"><value>` + cn + `</value></attr></addRequest>`
}

func del(id, cn string) string {
	return `<delRequest requestID="` + id + `" dn="cn=` + cn + "," + people + `"/>`
}

var answered = regexp.MustCompile(`<(\w+Response) [^>]*?requestID="([^"]*)"`)

// order lists the answers as "element requestID".
func (r reply) order() string {
	var all []string
	for _, m := range answered.FindAllStringSubmatch(r.body, -1) {
		if m[1] != "batchResponse" {
			all = append(all, m[1]+" "+m[2])
		}
	}
	return strings.Join(all, ", ")
}

func TestD_16_D_17_EmptyBatch(t *testing.T) {
	s := newServer(t)
	got := s.post(envelope("", batchOf(`requestID="[ -7 ]"`, "")))
	got.want(t, 200, `requestID="[ -7 ]"`)
	got.without(t, "errorResponse")
	s.post(envelope("", batchOf("", ""))).without(t, "requestID")
}

func TestD_19_D_20_D_21_SequentialBatch(t *testing.T) {
	s := newServer(t)
	got := s.post(envelope("", batchOf("", addDevice("a", "one")+
		searchOf(`requestID="b" dn="cn=one,`+people+`" scope="baseObject"`, "", anything)+
		`<compareRequest requestID="c" dn="cn=one,`+people+`"><assertion name="cn"><value>ONE</value></assertion></compareRequest>`+
		del("d", "one")+searchOf(`requestID="e" dn="cn=one,`+people+`" scope="baseObject"`, "", anything))))
	got.want(t, 200, `code="6"`, `code="32"`, "<searchResultEntry ")
	if o := got.order(); o != "addResponse a, searchResponse b, compareResponse c, delResponse d, searchResponse e" {
		t.Errorf("order: %s", o)
	}
}

func TestD_24_D_25_OnError(t *testing.T) {
	requests := addDevice("1", "x") + addDevice("2", "x") + addDevice("3", "y")
	for onError, want := range map[string]string{
		"":                 "addResponse 1, addResponse 2",
		`onError="exit"`:   "addResponse 1, addResponse 2",
		`onError="resume"`: "addResponse 1, addResponse 2, addResponse 3",
	} {
		s := newServer(t)
		got := s.post(envelope("", batchOf(onError, requests)))
		got.want(t, 200, `code="68"`)
		if o := got.order(); o != want {
			t.Errorf("%s: %s", onError, o)
		}
		after := s.post(envelope("", batchOf("", searchOf(`dn="cn=y,`+people+`" scope="baseObject"`, "", anything))))
		if ran := !strings.Contains(after.body, `code="32"`); ran != strings.Contains(want, "3") {
			t.Errorf("%s: third request ran: %v", onError, ran)
		}
	}
}

func TestD_26_CompareFalseIsNoFailure(t *testing.T) {
	got := newServer(t).post(envelope("", batchOf("", `<compareRequest requestID="1" dn="dc=example,dc=org"><assertion name="dc"><value>other</value></assertion></compareRequest>`+
		searchOf(`requestID="2" dn="" scope="baseObject"`, "", anything))))
	got.want(t, 200, `code="5"`)
	if o := got.order(); o != "compareResponse 1, searchResponse 2" {
		t.Error(o)
	}
}

func TestD_93_D_94_FailedSearch(t *testing.T) {
	newServer(t).post(envelope("", batchOf("", searchOf(`dn="ou=none,dc=example,dc=org" scope="wholeSubtree"`, "", anything)))).
		want(t, 200, "<searchResponse", "<searchResultDone", `code="32"`, `matchedDN="dc=example,dc=org"`)
}

func TestD_64_UnknownExtendedOperation(t *testing.T) {
	got := newServer(t).post(envelope("", batchOf("", "<extendedRequest><requestName>1.2.3.4.5</requestName></extendedRequest>")))
	got.want(t, 200, "<extendedResponse", "<resultCode code=")
	got.without(t, "errorResponse")
}

func TestD_61_Abandon(t *testing.T) {
	got := newServer(t).post(envelope("", batchOf("", `<abandonRequest abandonID="1"/>`+searchOf(`requestID="2" dn="" scope="baseObject"`, "", anything))))
	if o := got.order(); o != "searchResponse 2" {
		t.Error(o)
	}
}

func TestD_36_D_37_D_38_AuthRequest(t *testing.T) {
	s := newServer(t)
	whoami := "<extendedRequest><requestName>1.3.6.1.4.1.4203.1.11.3</requestName></extendedRequest>"
	id := s.begin()
	got := s.post(envelope(inSession(id), batchOf("", `<authRequest requestID="a" principal="dn:`+people+`"/>`+whoami)))
	got.want(t, 200, "<authResponse", `<resultCode code="0"`)
	plain := s.post(envelope(inSession(id), batchOf("", whoami)))
	if first, second := got.body[strings.Index(got.body, "<extendedResponse"):], plain.body[strings.Index(plain.body, "<extendedResponse"):]; first == second {
		t.Errorf("the identity of authRequest does not show, or outlives its batch: %s", first)
	}
	s.post(envelope("", batchOf(`onError="resume"`, `<authRequest principal="nonsense of no form"/>`+addDevice("1", "never")))).without(t, "addResponse")
}

func TestD_120_RefusedCredentialsRunNothing(t *testing.T) {
	s := newServer(t)
	for _, auth := range []string{"Basic !!!", "Basic bm9jb2xvbg==", "Bearer x"} {
		got := s.post(envelope("", batchOf(`requestID="7"`, addDevice("1", "never"))), func(r *http.Request) { r.Header.Set("Authorization", auth) })
		got.want(t, 200, `type="authenticationFailed"`, `requestID="7"`)
		got.without(t, "addResponse")
	}
	s.post(envelope("", batchOf("", addDevice("1", "never"))), func(r *http.Request) { r.SetBasicAuth("uid=nobody,"+people, "wrong") }).
		want(t, 200, `type="couldNotConnect"`)
	got := s.post(envelope(begin, batchOf("", "")), func(r *http.Request) { r.SetBasicAuth("uid=nobody,"+people, "wrong") })
	got.want(t, 200, `type="couldNotConnect"`)
	got.without(t, "ad:Session")
}

func TestD_150_ReadOnly(t *testing.T) {
	s := newServer(t, func(o *Options) { o.ReadOnly = true })
	s.post(envelope("", batchOf("", addDevice("1", "x")))).want(t, 200, "<addResponse", `code="53"`)
	s.post(envelope("", batchOf("", searchOf(`dn="" scope="baseObject"`, "", anything)))).want(t, 200, `code="0"`)
}

func TestParallelBatches(t *testing.T) {
	var requests strings.Builder
	var want []string
	for i := range 40 {
		fmt.Fprint(&requests, searchOf(fmt.Sprintf(`requestID="%d" dn="%s" scope="singleLevel" sizeLimit="%d"`, i, people, 5+i%7*90), "", anything+noAttributes))
		want = append(want, fmt.Sprintf("searchResponse %d", i))
	}
	s := newServer(t)
	t.Run("D-20 answers in the order of the requests", func(t *testing.T) {
		got := s.post(envelope("", batchOf(`processing="parallel" onError="resume"`, requests.String())))
		if o := got.order(); o != strings.Join(want, ", ") {
			t.Errorf("order: %s", o)
		}
	})
	t.Run("unordered answers are whole and complete", func(t *testing.T) {
		for _, header := range []string{"", inSession(s.begin())} {
			got := s.post(envelope(header, batchOf(`processing="parallel" responseOrder="unordered" onError="resume"`, requests.String())))
			order := ", " + got.order() + ","
			for _, w := range want {
				if strings.Count(order, ", "+w+",") != 1 {
					t.Errorf("%s: not there once", w)
				}
			}
			doc, err := dsml.Parse([]byte(got.body), dsml.Options{Strict: true})
			if err != nil {
				t.Fatal(err)
			}
			for _, r := range doc.Document.(*dsml.BatchResponse).Responses {
				sr := r.(*dsml.SearchResponse)
				var i int
				if _, err := fmt.Sscan(sr.RequestID.Value, &i); err != nil || len(sr.Entries) != 5+i%7*90 {
					t.Errorf("answer %q has %d entries", sr.RequestID.Value, len(sr.Entries))
				}
			}
		}
	})
	t.Run("D-22 without requestID", func(t *testing.T) {
		s.post(envelope("", batchOf(`processing="parallel" responseOrder="unordered"`, searchOf(`dn="" scope="baseObject"`, "", anything)))).want(t, 200, malformed)
	})
	t.Run("D-23 without requestID, in order", func(t *testing.T) {
		s.post(envelope("", batchOf(`processing="parallel"`, searchOf(`dn="" scope="baseObject"`, "", anything)))).want(t, 200, `code="0"`)
	})
}

// counted wraps a backend and counts what is open.
type counted struct {
	directory.Backend
	opened, closed atomic.Int32
}

type countedConn struct {
	directory.Conn
	of *counted
}

func (c *counted) Connect(ctx context.Context, id directory.Identity) (directory.Conn, error) {
	conn, err := c.Backend.Connect(ctx, id)
	if err != nil {
		return nil, err
	}
	c.opened.Add(1)
	return &countedConn{conn, c}, nil
}

func (c *countedConn) Close() error {
	c.of.closed.Add(1)
	return c.Conn.Close()
}

func TestD_143_ConnectionsAreClosedOnce(t *testing.T) {
	c := &counted{Backend: memory.Sample()}
	s := newServer(t, func(o *Options) { o.Backend = c })
	search := searchOf(`requestID="1" dn="" scope="baseObject"`, "", anything)
	s.post(envelope("", batchOf(`processing="parallel"`, strings.Repeat(search, 20))))
	if o, cl := c.opened.Load(), c.closed.Load(); o != cl || o < 1 || o > DefaultParallelism {
		t.Errorf("outside a session: %d opened, %d closed", o, cl)
	}
	before := c.opened.Load()
	id := s.begin()
	for range 3 {
		s.post(envelope(inSession(id), batchOf("", search)))
	}
	if got := c.opened.Load() - before; got != 1 {
		t.Errorf("a session used %d connections", got)
	}
	s.post(envelope(endSession(id), batchOf("", search)))
	if o, cl := c.opened.Load(), c.closed.Load(); o != cl {
		t.Errorf("after the end: %d opened, %d closed", o, cl)
	}
}

func TestClientGone(t *testing.T) {
	s := newServer(t)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	defer func() {
		if p := recover(); p != nil && p != http.ErrAbortHandler {
			t.Errorf("panic: %v", p)
		}
		s.post(envelope("", batchOf("", searchOf(`dn="cn=never,`+people+`" scope="baseObject"`, "", anything)))).want(t, 200, `code="32"`)
	}()
	s.post(envelope("", batchOf("", addDevice("1", "never"))), func(r *http.Request) { *r = *r.WithContext(ctx) })
}

// panicking breaks in the middle of an operation.
type panicking struct{ directory.Backend }

type panickingConn struct{ directory.Conn }

func (p panicking) Connect(ctx context.Context, id directory.Identity) (directory.Conn, error) {
	conn, err := p.Backend.Connect(ctx, id)
	return panickingConn{conn}, err
}

func (panickingConn) Do(context.Context, dsml.Request, func(directory.SearchItem) error) (dsml.Response, error) {
	panic("broken")
}

func TestPanicOfTheDirectoryIsAnAnswer(t *testing.T) {
	s := newServer(t, func(o *Options) { o.Backend = panicking{memory.Sample()} })
	s.post(envelope("", batchOf("", addDevice("1", "x")))).want(t, 200, `type="gatewayInternalError"`)
	s.post(envelope("", batchOf("", ""))).want(t, 200, "<batchResponse")
}
