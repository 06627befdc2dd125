package memory

import (
	"context"
	"errors"
	"slices"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// paged returns the value of the paging control of a result.
func (r reply) paged(t testing.TB) dsml.PagedResults {
	t.Helper()
	for _, c := range r.Controls {
		if c.Type == dsml.OIDPagedResults {
			p, err := dsml.DecodePagedResults(c)
			if err != nil {
				t.Fatal(err)
			}
			return p
		}
	}
	t.Fatalf("no paging control in the result %v: %s", r.Code, r.ErrorMessage)
	return dsml.PagedResults{}
}

// page asks for one page.
func (c client) page(req *dsml.SearchRequest, size int32, cookie []byte, controls ...dsml.Control) reply {
	c.t.Helper()
	copied := *req
	copied.Controls = append([]dsml.Control{dsml.PagedResults{Size: size, Cookie: cookie}.Control(true)}, controls...)
	return c.search(&copied)
}

// pages follows a search to its end.
func pages(c client, req *dsml.SearchRequest, size int32, controls ...dsml.Control) []reply {
	c.t.Helper()
	var all []reply
	var cookie []byte
	for {
		r := c.page(req, size, cookie, controls...)
		all = append(all, r)
		if r.Code != dsml.Success {
			return all
		}
		if cookie = r.paged(c.t).Cookie; len(cookie) == 0 {
			return all
		}
	}
}

func TestD_148_Pages(t *testing.T) {
	c := connect(t, Sample())
	req := searchRequest(t, people, dsml.SingleLevel, "(objectClass=person)", "1.1")
	want := c.search(req).dns()
	for size, count := range map[int32]int{1999: 2, 2000: 1, 2001: 1, 100: 20, 300: 7, 1<<31 - 1: 1} {
		all := pages(c, req, size)
		var got []string
		for i, p := range all {
			got = append(got, p.dns()...)
			if n := len(p.entries); n == 0 || n > int(size) {
				t.Errorf("D-148 size %d: page %d has %d entries", size, i, n)
			}
			if e := p.paged(t).Size; e != 2000 {
				t.Errorf("D-148 size %d: estimate %d", size, e)
			}
		}
		if len(all) != count || !slices.Equal(got, want) {
			t.Errorf("D-148 size %d: %d pages, %d entries", size, len(all), len(got))
		}
	}
}

func TestPagesOfMixedThings(t *testing.T) {
	c := connect(t, Sample())
	// References come with the page on which they are met and do not count; the
	// last one of the tree comes last, and must not need a page of its own.
	req := searchRequest(t, base, dsml.WholeSubtree, "(|(objectClass=domain)(objectClass=locality)(objectClass=organizationalUnit))", "1.1")
	all := pages(c, req, 10)
	entries, refs := 0, 0
	for _, p := range all {
		entries += len(p.entries)
		refs += len(p.refs)
	}
	if entries != 30 || refs != 1 || len(all) != 3 {
		t.Errorf("%d entries, %d references on %d pages", entries, refs, len(all))
	}
	none := pages(c, searchRequest(t, base, dsml.WholeSubtree, "(cn=nothing at all)"), 10)
	if len(none) != 1 || len(none[0].entries) != 0 || none[0].paged(t).Size != 0 {
		t.Errorf("a search that finds nothing has %d pages", len(none))
	}
	limited := searchRequest(t, people, dsml.SingleLevel, "(objectClass=person)", "1.1")
	limited.SizeLimit = 25
	all = pages(c, limited, 10)
	if n := len(all); n != 3 || len(all[2].entries) != 5 || all[2].Code != dsml.SizeLimitExceeded || len(all[2].paged(t).Cookie) != 0 {
		t.Errorf("D-95 a size limit over pages: %d pages, %d entries on the last, %v", n, len(all[n-1].entries), all[n-1].Code)
	}
}

func TestD_147_PageCookies(t *testing.T) {
	d := Sample()
	c := connect(t, d)
	req := searchRequest(t, people, dsml.SingleLevel, "(objectClass=person)", "1.1")
	first := c.page(req, 5, nil)
	cookie := first.paged(t).Cookie
	if len(cookie) < 16 {
		t.Errorf("the cookie %q can be guessed", cookie)
	}
	if other := c.page(req, 5, nil).paged(t).Cookie; string(other) == string(cookie) {
		t.Error("two searches have the same cookie")
	}

	if r := connect(t, d).page(req, 5, cookie); r.Code != dsml.UnwillingToPerform || len(r.entries) != 0 {
		t.Errorf("D-147 another connection: %v, %d entries", r.Code, len(r.entries))
	}
	if r := c.page(req, 5, []byte("made up")); r.Code != dsml.UnwillingToPerform || len(r.entries) != 0 {
		t.Errorf("D-147 a made-up cookie: %v, %d entries", r.Code, len(r.entries))
	}
	for name, changed := range map[string]*dsml.SearchRequest{
		"filter":     searchRequest(t, people, dsml.SingleLevel, "(objectClass=top)", "1.1"),
		"base":       searchRequest(t, base, dsml.SingleLevel, "(objectClass=person)", "1.1"),
		"scope":      searchRequest(t, people, dsml.WholeSubtree, "(objectClass=person)", "1.1"),
		"attributes": searchRequest(t, people, dsml.SingleLevel, "(objectClass=person)", "cn"),
	} {
		if r := c.page(changed, 5, cookie); r.Code != dsml.UnwillingToPerform || len(r.entries) != 0 {
			t.Errorf("another %s: %v, %d entries", name, r.Code, len(r.entries))
		}
	}
	same := searchRequest(t, "OU=People, "+base, dsml.SingleLevel, "(objectClass=person)", "1.1")
	second := c.page(same, 7, cookie)
	if second.Code != dsml.Success || len(second.entries) != 7 || second.entries[0].DN == first.entries[0].DN {
		t.Errorf("the second page, base spelt in another way: %v, %d entries", second.Code, len(second.entries))
	}
	if r := c.page(req, 5, cookie); r.Code != dsml.UnwillingToPerform {
		t.Errorf("a cookie that was used: %v", r.Code)
	}

	cookie = second.paged(t).Cookie
	if r := c.page(req, 0, cookie); r.Code != dsml.Success || len(r.entries) != 0 || len(r.paged(t).Cookie) != 0 || r.paged(t).Size != 2000 {
		t.Errorf("giving up: %v, %d entries", r.Code, len(r.entries))
	}
	if r := c.page(req, 5, cookie); r.Code != dsml.UnwillingToPerform {
		t.Errorf("a search that was given up: %v", r.Code)
	}
	if r := c.page(req, 0, nil); r.Code != dsml.Success || len(r.entries) != 0 || r.paged(t).Size != 2000 {
		t.Errorf("the estimate alone: %v, %d entries", r.Code, len(r.entries))
	}
}

func TestPageThatNobodyGot(t *testing.T) {
	c := connect(t, Sample())
	req := searchRequest(t, people, dsml.SingleLevel, "(objectClass=person)", "1.1")
	want := c.search(req).dns()[5:10]
	cookie := c.page(req, 5, nil).paged(t).Cookie
	gone := errors.New("the reader is gone")
	again := *req
	again.Controls = []dsml.Control{dsml.PagedResults{Size: 5, Cookie: cookie}.Control(true)}
	if _, err := c.conn.Do(context.Background(), &again, func(directory.SearchItem) error { return gone }); !errors.Is(err, gone) {
		t.Fatal(err)
	}
	if r := c.page(req, 5, cookie); !slices.Equal(r.dns(), want) {
		t.Errorf("%v: %v", r.Code, r.dns())
	}
}

func TestPagesStayTogether(t *testing.T) {
	c := connect(t, Sample())
	req := searchRequest(t, people, dsml.SingleLevel, "(objectClass=person)", "1.1")
	want := c.search(req).dns()
	first := c.page(req, 1000, nil)
	c.want(dsml.Success, c.do(addRequest("uid=new,"+people, "objectClass=inetOrgPerson|cn=n|sn=n")))
	c.want(dsml.Success, c.do(&dsml.DelRequest{DN: first.entries[0].DN}))
	second := c.page(req, 1000, first.paged(t).Cookie)
	if got := append(first.dns(), second.dns()...); !slices.Equal(got, want) || len(second.paged(t).Cookie) != 0 {
		t.Errorf("%d entries, and more to come: %v", len(got), len(second.paged(t).Cookie) != 0)
	}
}

func TestOpenPagesAreBounded(t *testing.T) {
	c := connect(t, Sample())
	req := searchRequest(t, people, dsml.SingleLevel, "(objectClass=person)", "1.1")
	var cookies [][]byte
	for range openPages + 1 {
		cookies = append(cookies, c.page(req, 1, nil).paged(t).Cookie)
	}
	if r := c.page(req, 1, cookies[0]); r.Code != dsml.UnwillingToPerform {
		t.Errorf("the oldest search: %v", r.Code)
	}
	for _, cookie := range cookies[1:] {
		if r := c.page(req, 1, cookie); r.Code != dsml.Success {
			t.Errorf("a younger search: %v", r.Code)
		}
	}
}

func TestD_66_D_69_Controls(t *testing.T) {
	c := small(t, Options{})
	newEntry := func() dsml.Request { return addRequest("ou=new,"+base, "objectClass=organizationalUnit") }
	unknown := dsml.UnknownControl{OID: "1.2.3.4", Value: &dsml.Value{Data: "x"}}
	c.want(dsml.UnavailableCriticalExtension, c.do(with(newEntry(), unknown.Control(true))))
	c.want(dsml.NoSuchObject, c.find("ou=new,"+base, dsml.BaseObject, "(ou=*)").LDAPResult)
	c.want(dsml.Success, c.do(with(newEntry(), unknown.Control(false))))
	paged := dsml.PagedResults{Size: 1}
	c.want(dsml.UnavailableCriticalExtension, c.do(with(newEntry(), paged.Control(true))))
	c.want(dsml.EntryAlreadyExists, c.do(with(newEntry(), paged.Control(false))))
	search := func() *dsml.SearchRequest { return searchRequest(t, base, dsml.BaseObject, "(cn=*)") }
	c.want(dsml.ProtocolError, c.do(with(search(), paged.Control(false), paged.Control(false))))
	c.want(dsml.ProtocolError, c.do(with(search(), dsml.Control{Type: dsml.OIDPagedResults, Value: &dsml.Value{Data: "0\x01", Type: dsml.Base64Binary}})))
	c.want(dsml.ProtocolError, c.do(with(search(), dsml.Control{Type: dsml.OIDManageDsaIT, Value: &dsml.Value{Data: "x"}})))
	for _, oid := range []string{dsml.OIDPersistentSearch, dsml.OIDNotification} {
		c.want(dsml.UnavailableCriticalExtension, c.do(with(search(), dsml.UnknownControl{OID: oid}.Control(true))))
	}
	root := "|" + c.show("", "supportedControl") + "|"
	for _, u := range usable {
		if !strings.Contains(root, "|supportedControl="+u.oid+"|") {
			t.Errorf("the root DSE does not name %s", dsml.OIDName(u.oid))
		}
	}
}

func (r reply) sorted(t testing.TB) dsml.SortResult {
	t.Helper()
	for _, c := range r.Controls {
		if c.Type == dsml.OIDServerSortResponse {
			s, err := dsml.DecodeSortResult(c)
			if err != nil {
				t.Fatal(err)
			}
			return s
		}
	}
	t.Fatalf("no sort control in the result %v", r.Code)
	return dsml.SortResult{}
}

func TestSort(t *testing.T) {
	c := small(t, Options{})
	for _, e := range []struct{ cn, attrs string }{{"c", "serialNumber=10"}, {"d", "serialNumber=9|o=Z|o=b"}, {"é", "o=m"}, {"B", "serialNumber=9"}} {
		c.want(dsml.Success, c.do(addRequest("cn="+e.cn+",ou=a,"+base, "objectClass=device|"+e.attrs)))
	}
	key := func(attribute, rule string, reverse bool) dsml.SortKey {
		return dsml.SortKey{Attribute: attribute, MatchingRule: rule, Reverse: reverse}
	}
	for _, s := range []struct {
		name string
		keys []dsml.SortKey
		want string
		code dsml.ResultCode
	}{
		{"by name", []dsml.SortKey{key("cn", "", false)}, "B c d é", dsml.Success},
		{"backwards", []dsml.SortKey{key("cn", "", true)}, "é d c B", dsml.Success},
		{"as text", []dsml.SortKey{key("serialNumber", "", false), key("cn", "", true)}, "c d B é", dsml.Success},
		{"none comes first when backwards", []dsml.SortKey{key("serialNumber", "", true), key("cn", "", false)}, "é B d c", dsml.Success},
		{"the least of several, none last, ties in order", []dsml.SortKey{key("o", "", false)}, "d é c B", dsml.Success},
		{"with a rule", []dsml.SortKey{key("cn", "caseExactOrderingMatch", false)}, "B c d é", dsml.Success},
		{"unknown attribute", []dsml.SortKey{key("cn", "", false), key("nonsense", "", false)}, "c d é B", dsml.NoSuchAttribute},
		{"unknown rule", []dsml.SortKey{key("cn", "nonsense", false)}, "c d é B", dsml.InappropriateMatching},
		{"no order", []dsml.SortKey{key("owner", "", false)}, "c d é B", dsml.InappropriateMatching},
	} {
		r := c.search(with(searchRequest(t, "ou=a,"+base, dsml.SingleLevel, "(objectClass=device)", "1.1"), dsml.Sort{Keys: s.keys}.Control(false)))
		if got := r.sorted(t); r.names() != s.want || got.Code != s.code || r.Code != dsml.Success {
			t.Errorf("%s: %s, %v; want %s, %v", s.name, r.names(), got.Code, s.want, s.code)
		}
		r = c.search(with(searchRequest(t, "ou=a,"+base, dsml.SingleLevel, "(objectClass=device)", "1.1"), dsml.Sort{Keys: s.keys}.Control(true)))
		if s.code != dsml.Success && (r.Code != dsml.UnavailableCriticalExtension || len(r.entries) != 0 || r.sorted(t).Code != s.code) {
			t.Errorf("%s, critical: %v, %d entries", s.name, r.Code, len(r.entries))
		}
	}
	c = connect(t, Sample())
	sort := dsml.Sort{Keys: []dsml.SortKey{key("sn", "", false), key("uid", "", true)}}.Control(true)
	req := searchRequest(t, people, dsml.SingleLevel, "(objectClass=person)", "sn")
	want := c.search(with(searchRequest(t, people, dsml.SingleLevel, "(objectClass=person)", "sn"), sort)).dns()
	var got []string
	for _, p := range pages(c, req, 300, sort) {
		got = append(got, p.dns()...)
		if p.sorted(t).Code != dsml.Success {
			t.Error("a page does not tell that it is sorted")
		}
	}
	if len(want) != 2000 || !slices.Equal(got, want) {
		t.Errorf("sorted pages: %d entries of %d, or another order", len(got), len(want))
	}
}

func TestVirtualListView(t *testing.T) {
	c := connect(t, Sample())
	sort := dsml.Sort{Keys: []dsml.SortKey{{Attribute: "employeeNumber", MatchingRule: "integerOrderingMatch"}}}
	byText := dsml.Sort{Keys: []dsml.SortKey{{Attribute: "uid"}}}
	all := c.search(with(searchRequest(t, people, dsml.SingleLevel, "(objectClass=person)", "1.1"), byText.Control(true))).dns()
	for _, s := range []struct {
		name     string
		view     dsml.VLV
		position int32
		from, to int // of all
		code     dsml.ResultCode
	}{
		{"the beginning", dsml.VLV{After: 9, Offset: 1}, 1, 0, 10, dsml.Success},
		{"the middle", dsml.VLV{Before: 2, After: 3, Offset: 1000, ContentCount: 2000}, 1000, 997, 1003, dsml.Success},
		{"the end", dsml.VLV{Before: 4, After: 4, Offset: 2000, ContentCount: 2000}, 2000, 1995, 2000, dsml.Success},
		{"the end of a list that has grown", dsml.VLV{Before: 1, Offset: 50, ContentCount: 50}, 2000, 1998, 2000, dsml.Success},
		{"half way by another count", dsml.VLV{Offset: 50, ContentCount: 100}, 1000, 999, 1000, dsml.Success},
		{"past the end", dsml.VLV{Offset: 9999}, 2000, 1999, 2000, dsml.Success},
		{"a value", dsml.VLV{After: 2, ByValue: true, Value: strings.ToUpper(all[700][len("uid="):strings.IndexByte(all[700], ',')])}, 701, 700, 703, dsml.Success},
		{"a value after all", dsml.VLV{Before: 3, After: 2, ByValue: true, Value: "zzzz"}, 2001, 1997, 2000, dsml.Success},
		{"no place", dsml.VLV{}, 0, 0, 0, dsml.OffsetRangeError},
	} {
		r := c.search(with(searchRequest(t, people, dsml.SingleLevel, "(objectClass=person)", "1.1"), byText.Control(true), s.view.Control(true)))
		var v dsml.VLVResult
		for _, ctl := range r.Controls {
			if ctl.Type == dsml.OIDVLVResponse {
				var err error
				if v, err = dsml.DecodeVLVResult(ctl); err != nil {
					t.Fatal(err)
				}
			}
		}
		if r.Code != s.code || v.Code != s.code || s.code == dsml.Success && (v.Position != s.position || v.ContentCount != 2000) || !slices.Equal(r.dns(), all[s.from:s.to]) {
			t.Errorf("%s: %v, %+v, %d entries", s.name, r.Code, v, len(r.entries))
		}
	}
	r := c.search(with(searchRequest(t, people, dsml.SingleLevel, "(uid=*)", "1.1"), dsml.VLV{Offset: 1}.Control(true)))
	if r.Code != dsml.SortControlMissing || len(r.Controls) != 1 {
		t.Errorf("without sort: %v", r.Code)
	}
	r = c.search(with(searchRequest(t, people, dsml.SingleLevel, "(uid=*)", "1.1"), dsml.VLV{Offset: 1}.Control(true), sort.Control(false)))
	if r.Code != dsml.Other {
		t.Errorf("with a sort that cannot be: %v", r.Code)
	}
	c.want(dsml.UnwillingToPerform, c.do(with(searchRequest(t, people, dsml.SingleLevel, "(uid=*)"), dsml.VLV{Offset: 1}.Control(true), byText.Control(false), dsml.PagedResults{Size: 1}.Control(false))))
}

func TestAssertion(t *testing.T) {
	c := small(t, Options{})
	filter := func(s string) dsml.Control {
		f, err := dsml.ParseFilter(s)
		if err != nil {
			t.Fatal(err)
		}
		return dsml.Assertion{Filter: f}.Control(true)
	}
	const eve = "uid=eve,ou=a," + base
	for _, req := range []func() dsml.Request{
		func() dsml.Request {
			return &dsml.ModifyRequest{DN: eve, Modifications: []dsml.Modification{{Name: "title", Op: dsml.ModifyReplace, Values: []dsml.Value{{Data: "Boss"}}}}}
		},
		func() dsml.Request {
			return &dsml.CompareRequest{DN: eve, Name: "sn", Value: dsml.Value{Data: "Adams"}}
		},
		func() dsml.Request { return &dsml.ModDNRequest{DN: eve, NewRDN: "uid=eve2"} },
		func() dsml.Request { return searchRequest(t, eve, dsml.BaseObject, "(cn=*)") },
		func() dsml.Request { return &dsml.DelRequest{DN: eve} },
	} {
		c.want(assertionFailed, c.do(with(req(), filter("(title=Manager)"))))
		c.want(assertionFailed, c.do(with(req(), filter("(nonsense=*)"))))
	}
	if got := c.show(eve, "title"); got != "title=Engineer" {
		t.Errorf("a change was made: %s", got)
	}
	c.want(dsml.Success, c.do(with(&dsml.DelRequest{DN: eve}, filter("(title=engineer)"))))
}

func TestReadControls(t *testing.T) {
	c := small(t, Options{})
	read := func(r *dsml.LDAPResult) string {
		var all []string
		for _, ctl := range r.Controls {
			v, err := dsml.DecodeResponseControl(ctl)
			if err != nil {
				t.Fatal(err)
			}
			e := v.(dsml.ReadEntryResult)
			when := "before"
			if e.Post {
				when = "after"
			}
			all = append(all, when+" "+e.Entry.DN+" "+text(e.Entry))
		}
		return strings.Join(all, "; ")
	}
	before, after := dsml.ReadEntry{Attributes: []string{"ou", "userPassword"}}.Control(true), dsml.ReadEntry{Post: true, Attributes: []string{"ou", "numSubordinates"}}.Control(true)
	for _, s := range []struct {
		req  dsml.Request
		want string
	}{
		{with(addRequest("ou=c,"+base, "objectClass=organizationalUnit"), after), "after ou=c,dc=example,dc=org ou=c|numSubordinates=0"},
		{with(&dsml.ModifyRequest{DN: "ou=a," + base, Modifications: []dsml.Modification{{Name: "ou", Values: []dsml.Value{{Data: "alpha"}}}}}, before, after),
			"before ou=a,dc=example,dc=org ou=a; after ou=a,dc=example,dc=org ou=a|ou=alpha|numSubordinates=2"},
		{with(&dsml.ModDNRequest{DN: "ou=c," + base, NewRDN: "ou=d"}, before, after), "before ou=c,dc=example,dc=org ou=c; after ou=d,dc=example,dc=org ou=d|numSubordinates=0"},
		{with(&dsml.DelRequest{DN: "ou=d," + base}, before), "before ou=d,dc=example,dc=org ou=d"},
	} {
		if got := read(c.want(dsml.Success, c.do(s.req))); got != s.want {
			t.Errorf("%s: %s, want %s", s.req.Element(), got, s.want)
		}
	}
	c.want(dsml.UnavailableCriticalExtension, c.do(with(&dsml.DelRequest{DN: "ou=a," + base}, after)))
	if got := read(c.want(dsml.NotAllowedOnNonLeaf, c.do(with(&dsml.DelRequest{DN: "ou=a," + base}, before)))); got != "" {
		t.Errorf("a failed change reads back %s", got)
	}
}
