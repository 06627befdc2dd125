package session

import (
	"reflect"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// people is a search for pages of the size.
func people(size int32) *dsml.SearchRequest {
	return &dsml.SearchRequest{
		Message: dsml.Message{Controls: []dsml.Control{
			{Type: dsml.OIDManageDsaIT},
			dsml.PagedResults{Size: size}.Control(true),
		}},
		DN: "ou=people,dc=example", Scope: dsml.WholeSubtree,
		Filter:     &dsml.Filter{Kind: dsml.Present, Name: "objectClass"},
		Attributes: []string{"cn", "mail"},
	}
}

func request(t *testing.T, b dsml.BatchRequest) []byte {
	t.Helper()
	text, err := dsml.Marshal(&b, dsml.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return text
}

// found is a response with so many entries and, unless it is nil, a control.
func found(entries int, paged *dsml.PagedResults) *dsml.SearchResponse {
	r := &dsml.SearchResponse{Done: &dsml.Result{Kind: dsml.SearchResultDone}}
	for i := range entries {
		r.Entries = append(r.Entries, &dsml.SearchResultEntry{DN: "cn=" + strconv.Itoa(i)})
	}
	if paged != nil {
		r.Done.Controls = []dsml.Control{paged.Control(false)}
	}
	return r
}

func withID(r *dsml.SearchResponse, id string) *dsml.SearchResponse {
	r.RequestID = dsml.Some(id)
	return r
}

func (c *client) turn(b dsml.BatchRequest, responses ...dsml.Response) {
	c.Helper()
	c.must(c.Send(request(c.T, b)))
	text, err := dsml.Marshal(&dsml.BatchResponse{Responses: responses}, dsml.WriteOptions{Envelope: soap.V11})
	if err != nil {
		c.Fatal(err)
	}
	c.receive(string(text), StateOpen, Answered)
}

func page(size int32, cookie string) *dsml.PagedResults {
	return &dsml.PagedResults{Size: size, Cookie: []byte(cookie)}
}

func TestD_147_D_148_PagesThroughASearch(t *testing.T) {
	c := opened(t, TrackerOptions{})
	search := people(10)
	c.clock.Advance(time.Second)
	c.turn(dsml.BatchRequest{Requests: []dsml.Request{search}}, found(10, page(25, "one")))
	p := c.Pages()
	if len(p) != 1 || string(p[0].Cookie) != "one" || p[0].Count != 10 || p[0].Pages != 1 || p[0].Estimate != 25 || p[0].Size != 10 || p[0].Done ||
		!p[0].Issued.Equal(start.Add(time.Second)) {
		t.Fatalf("after the first page %+v", p)
	}
	if want := "ou=people,dc=example?cn,mail?sub?(objectClass=*)?control=" + dsml.OIDManageDsaIT; p[0].Key != want {
		t.Errorf("key %q", p[0].Key)
	}

	next := NextPage(p[0].Request, p[0], 0)
	if len(next.Controls) != 2 || next.Controls[0].Type != dsml.OIDManageDsaIT || !next.Controls[1].Criticality {
		t.Errorf("controls %+v", next.Controls)
	}
	if got, err := dsml.DecodePagedResults(next.Controls[1]); err != nil || got.Size != 10 || string(got.Cookie) != "one" {
		t.Errorf("asks for %+v, %v", got, err)
	}
	if got, _ := dsml.DecodePagedResults(p[0].Request.Controls[1]); len(got.Cookie) != 0 {
		t.Error("the search asked for before was changed")
	}
	c.turn(dsml.BatchRequest{Requests: []dsml.Request{next}}, found(10, page(0, "two")))
	p = c.Pages()
	if len(p) != 1 || string(p[0].Cookie) != "two" || p[0].Count != 20 || p[0].Pages != 2 || p[0].Estimate != 25 {
		t.Fatalf("after the second page %+v", p)
	}
	c.turn(dsml.BatchRequest{Requests: []dsml.Request{NextPage(p[0].Request, p[0], 100)}}, found(5, page(0, "")))
	p = c.Pages()
	if len(p) != 1 || len(p[0].Cookie) != 0 || p[0].Count != 25 || p[0].Pages != 3 || !p[0].Done || p[0].Size != 100 {
		t.Fatalf("after the last page %+v", p)
	}
	// The same search from the start counts anew.
	c.turn(dsml.BatchRequest{Requests: []dsml.Request{search}}, found(10, page(25, "three")))
	if p = c.Pages(); len(p) != 1 || p[0].Count != 10 || p[0].Pages != 1 || p[0].Done {
		t.Fatalf("from the start %+v", p)
	}
	// Stopping early: size 0 with the last cookie.
	stop := StopPaging(p[0].Request, p[0])
	if got, err := dsml.DecodePagedResults(stop.Controls[1]); err != nil || got.Size != 0 || string(got.Cookie) != "three" {
		t.Errorf("asks for %+v, %v", got, err)
	}
	c.turn(dsml.BatchRequest{Requests: []dsml.Request{stop}}, found(0, page(0, "")))
	if p = c.Pages(); len(p) != 0 {
		t.Fatalf("after giving up %+v", p)
	}
}

func TestPagesByAnswer(t *testing.T) {
	one, other := people(10), people(10)
	other.DN = "ou=groups,dc=example"
	del := &dsml.DelRequest{DN: "cn=x"}
	abandon := &dsml.AbandonRequest{AbandonID: "9"}
	deleted := &dsml.Result{Kind: dsml.DelResponse}
	identified := func(s *dsml.SearchRequest, id string) *dsml.SearchRequest {
		c := *s
		c.RequestID = dsml.Some(id)
		return &c
	}
	failed := found(0, nil)
	failed.Done.Code = 53
	inDone := found(3, page(0, "c"))
	inDone.Done.RequestID = dsml.Some("b")
	for _, c := range []struct {
		name      string
		batch     dsml.BatchRequest
		responses []dsml.Response
		want      string // DN=cookie/count, in order of the answers
	}{
		{"by place", dsml.BatchRequest{Requests: []dsml.Request{one, del, other}},
			[]dsml.Response{found(1, page(0, "a")), deleted, found(2, page(0, "b"))}, "people=a/1 groups=b/2"},
		{"abandon has no response", dsml.BatchRequest{Requests: []dsml.Request{abandon, one, abandon, other}},
			[]dsml.Response{found(1, page(0, "a")), found(2, page(0, "b"))}, "people=a/1 groups=b/2"},
		{"by requestID, in another order", dsml.BatchRequest{ResponseOrder: dsml.OrderUnordered, Requests: []dsml.Request{identified(one, "a"), identified(other, "b")}},
			[]dsml.Response{withID(found(2, page(0, "y")), "b"), withID(found(1, page(0, "x")), "a")}, "people=x/1 groups=y/2"},
		{"requestID of the result", dsml.BatchRequest{Requests: []dsml.Request{identified(one, "a"), identified(other, "b")}},
			[]dsml.Response{withID(found(2, page(0, "y")), "a"), inDone}, "people=y/2 groups=c/3"},
		{"unordered without requestID", dsml.BatchRequest{ResponseOrder: dsml.OrderUnordered, Requests: []dsml.Request{one}},
			[]dsml.Response{found(1, page(0, "a"))}, ""},
		{"D-28 ended early", dsml.BatchRequest{Requests: []dsml.Request{one, del, other}},
			[]dsml.Response{found(1, page(0, "a"))}, "people=a/1"},
		{"error in its place", dsml.BatchRequest{Requests: []dsml.Request{one, other}, OnError: dsml.ResumeOnError},
			[]dsml.Response{&dsml.ErrorResponse{Type: dsml.NotAttempted}, found(1, page(0, "a"))}, "groups=a/1"},
		{"an error without a control", dsml.BatchRequest{Requests: []dsml.Request{one}}, []dsml.Response{failed}, ""},
		{"D-148 server without paging", dsml.BatchRequest{Requests: []dsml.Request{one}}, []dsml.Response{found(7, nil)}, "people=/7"},
		{"the answer of another", dsml.BatchRequest{Requests: []dsml.Request{one}}, []dsml.Response{withID(found(7, page(0, "a")), "z")}, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			client := opened(t, TrackerOptions{})
			client.turn(c.batch, c.responses...)
			var got []string
			for _, p := range client.Pages() {
				name := strings.TrimPrefix(strings.Split(p.Request.DN, ",")[0], "ou=")
				got = append(got, name+"="+string(p.Cookie)+"/"+strconv.Itoa(p.Count))
			}
			if s := strings.Join(got, " "); s != c.want {
				t.Errorf("got %q, want %q", s, c.want)
			}
		})
	}
}

func TestFailedPageKeepsItsCookie(t *testing.T) {
	c := opened(t, TrackerOptions{})
	c.turn(dsml.BatchRequest{Requests: []dsml.Request{people(10)}}, found(10, page(0, "a")))
	busy := found(0, nil)
	busy.Done.Code = 51
	p := c.Pages()[0]
	c.turn(dsml.BatchRequest{Requests: []dsml.Request{NextPage(p.Request, p, 0)}}, busy)
	if p = c.Pages()[0]; string(p.Cookie) != "a" || p.Count != 10 {
		t.Errorf("got %+v", p)
	}
}

func TestPagesGoWithTheSession(t *testing.T) {
	for name, end := range map[string]func(*client){
		"ended":   func(c *client) { c.must(c.End(nil)); c.receive(answerIn("42", okBody), StateClosed, Ended) },
		"lost":    func(c *client) { c.must(c.Send(nil)); c.receive(badSession, StateLost, WasLost) },
		"expired": func(c *client) { c.clock.Advance(DefaultIdle) },
	} {
		t.Run(name, func(t *testing.T) {
			c := opened(t, TrackerOptions{})
			c.turn(dsml.BatchRequest{Requests: []dsml.Request{people(10)}}, found(10, page(0, "a")))
			end(c)
			if p := c.Pages(); len(p) != 0 {
				t.Errorf("got %+v", p)
			}
			c.must(c.Begin(nil))
			c.receive(answerIn("43", okBody), StateOpen, Opened)
			if p := c.Pages(); len(p) != 0 {
				t.Errorf("in the next session %+v", p)
			}
		})
	}
	// A server that was more patient than reckoned still honours its cookies.
	c := opened(t, TrackerOptions{})
	c.turn(dsml.BatchRequest{Requests: []dsml.Request{people(10)}}, found(10, page(0, "a")))
	c.clock.Advance(DefaultIdle)
	if err := c.Insist(); err != nil {
		t.Fatal(err)
	}
	if p := c.Pages(); len(p) != 1 {
		t.Errorf("got %+v", p)
	}
}

func TestD_124_PagesOfTheBatchThatBegins(t *testing.T) {
	c := newClient(t, TrackerOptions{})
	c.must(c.Begin(request(t, dsml.BatchRequest{Requests: []dsml.Request{people(10)}})))
	text, err := dsml.Marshal(&dsml.BatchResponse{Responses: []dsml.Response{found(10, page(0, "a"))}}, dsml.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	c.receive(answerIn("42", string(text)), StateOpen, Opened)
	if p := c.Pages(); len(p) != 1 || string(p[0].Cookie) != "a" {
		t.Errorf("got %+v", p)
	}
}

func TestPagesAreBounded(t *testing.T) {
	c := opened(t, TrackerOptions{})
	for i := range maxPages + 10 {
		s := people(10)
		s.DN = "ou=" + strconv.Itoa(i)
		c.turn(dsml.BatchRequest{Requests: []dsml.Request{s}}, found(1, page(0, "a")))
	}
	p := c.Pages()
	if len(p) != maxPages || p[0].Request.DN != "ou=10" {
		t.Errorf("%d pages, first %s", len(p), p[0].Request.DN)
	}
}

func TestSearchKeyTellsSearchesApart(t *testing.T) {
	seen := map[string]int{}
	for i, change := range []func(*dsml.SearchRequest){
		func(s *dsml.SearchRequest) {},
		func(s *dsml.SearchRequest) { s.DN = "ou=people" },
		func(s *dsml.SearchRequest) { s.DN = "ou=people,dc=example?cn" },
		func(s *dsml.SearchRequest) { s.DN = "ou=people,dc=example%3fcn" },
		func(s *dsml.SearchRequest) { s.Scope = dsml.SingleLevel },
		func(s *dsml.SearchRequest) { s.Scope = dsml.BaseObject },
		func(s *dsml.SearchRequest) { s.DerefAliases = dsml.DerefAlways },
		func(s *dsml.SearchRequest) { s.TypesOnly = true },
		func(s *dsml.SearchRequest) { s.Attributes = []string{"cn,mail"} },
		func(s *dsml.SearchRequest) { s.Attributes = nil },
		func(s *dsml.SearchRequest) {
			s.Filter = &dsml.Filter{Kind: dsml.EqualityMatch, Name: "cn", Value: dsml.Value{Data: "?"}}
		},
		func(s *dsml.SearchRequest) { s.Controls[0].Criticality = true },
		func(s *dsml.SearchRequest) {
			s.Controls[0].Value = &dsml.Value{Data: "\x30\x00", Type: dsml.Base64Binary}
		},
		func(s *dsml.SearchRequest) { s.Controls = s.Controls[1:] },
	} {
		s := people(10)
		change(s)
		key := SearchKey(s)
		if before, ok := seen[key]; ok {
			t.Errorf("%d and %d have the key %q", before, i, key)
		}
		seen[key] = i
	}
	same := people(99)
	same.RequestID = dsml.Some("x")
	same.SizeLimit, same.TimeLimit = 5, 6
	if SearchKey(same) != SearchKey(NextPage(people(10), Page{Cookie: []byte("c")}, 3)) {
		t.Error("size, cookie, requestID or limits change the key")
	}
}

func TestDirSyncIsTracked(t *testing.T) {
	c := opened(t, TrackerOptions{})
	search := people(0)
	search.Controls[1] = dsml.DirSync{Flags: 1, MaxBytes: 4096}.Control(true)
	changes := func(entries int, more bool, cookie string) *dsml.SearchResponse {
		r := found(entries, nil)
		r.Done.Controls = []dsml.Control{dsml.DirSyncResult{More: more, Cookie: []byte(cookie)}.Control(false)}
		return r
	}
	c.turn(dsml.BatchRequest{Requests: []dsml.Request{search}}, changes(3, true, "one"))
	p := c.Pages()
	if len(p) != 1 || p[0].Kind != DirSync || string(p[0].Cookie) != "one" || p[0].Done || p[0].Count != 3 || p[0].Size != 4096 || !strings.HasSuffix(p[0].Key, "?dirSync") {
		t.Fatalf("got %+v", p)
	}
	next := NextPage(p[0].Request, p[0], 0)
	if d, err := dsml.DecodeDirSync(next.Controls[1]); err != nil || d.Flags != 1 || d.MaxBytes != 4096 || string(d.Cookie) != "one" {
		t.Errorf("asks for %+v, %v", d, err)
	}
	c.turn(dsml.BatchRequest{Requests: []dsml.Request{next}}, changes(2, false, "two"))
	if p = c.Pages(); len(p) != 1 || string(p[0].Cookie) != "two" || !p[0].Done || p[0].Count != 5 || p[0].Pages != 2 {
		t.Fatalf("got %+v", p)
	}
	if StopPaging(p[0].Request, p[0]) != nil {
		t.Error("DirSync can be given up")
	}
	if r := c.reload().Pages(); len(r) != 1 || r[0].Kind != DirSync || string(r[0].Cookie) != "two" {
		t.Errorf("after a reload %+v", r)
	}
}

func TestVLVIsTracked(t *testing.T) {
	c := opened(t, TrackerOptions{})
	search := people(0)
	search.Controls[1] = dsml.VLV{Before: 1, After: 8, ByValue: true, Value: "M"}.Control(true)
	window := func(entries int, position int32, code dsml.ResultCode) *dsml.SearchResponse {
		r := found(entries, nil)
		r.Done.Controls = []dsml.Control{dsml.VLVResult{Position: position, ContentCount: 50, Code: code, ContextID: []byte("ctx")}.Control(false)}
		return r
	}
	c.turn(dsml.BatchRequest{Requests: []dsml.Request{search}}, window(10, 30, 0))
	p := c.Pages()
	if len(p) != 1 || p[0].Kind != VLV || string(p[0].Cookie) != "ctx" || p[0].Position != 30 || p[0].Estimate != 50 || p[0].Size != 10 || p[0].Done {
		t.Fatalf("got %+v", p)
	}
	next := NextPage(p[0].Request, p[0], 0)
	want := dsml.VLV{Before: 1, After: 8, Offset: 40, ContentCount: 50, ContextID: []byte("ctx")}
	if v, err := dsml.DecodeVLV(next.Controls[1]); err != nil || !reflect.DeepEqual(v, want) {
		t.Errorf("asks for %+v, %v", v, err)
	}
	c.turn(dsml.BatchRequest{Requests: []dsml.Request{next}}, window(0, 0, 61))
	if p = c.Pages(); p[0].Position != 30 || p[0].Pages != 1 {
		t.Errorf("after an error of the control %+v", p)
	}
	c.turn(dsml.BatchRequest{Requests: []dsml.Request{next}}, window(10, 42, 0))
	if p = c.Pages(); len(p) != 1 || p[0].Count != 20 || p[0].Pages != 2 || !p[0].Done || StopPaging(p[0].Request, p[0]) != nil {
		t.Errorf("got %+v", p)
	}
}

func TestPagingControlsThatCannotBeRead(t *testing.T) {
	for _, oid := range pagingOIDs {
		c := opened(t, TrackerOptions{})
		broken := people(10)
		broken.Controls[1] = dsml.Control{Type: oid, Value: &dsml.Value{Data: "\x30\x02", Type: dsml.Base64Binary}}
		c.turn(dsml.BatchRequest{Requests: []dsml.Request{broken}}, found(10, page(0, "a")))
		if p := c.Pages(); len(p) != 0 {
			t.Errorf("%s: got %+v", oid, p)
		}
		if next := NextPage(broken, Page{Kind: PageKind(0), Cookie: []byte("c")}, 5); len(next.Controls) < 2 {
			t.Errorf("%s: controls %+v", oid, next.Controls)
		}
	}
	c := opened(t, TrackerOptions{})
	answer := found(10, nil)
	answer.Done.Controls = []dsml.Control{{Type: dsml.OIDPagedResults, Value: &dsml.Value{Data: "x"}}}
	c.turn(dsml.BatchRequest{Requests: []dsml.Request{people(10)}}, answer)
	if p := c.Pages(); len(p) != 0 {
		t.Errorf("got %+v", p)
	}
}
