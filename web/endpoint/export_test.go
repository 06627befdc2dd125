package endpoint

import (
	"reflect"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// TestD_155_EntriesAsAdditions takes what a search answers for a subtree and adds
// it elsewhere, entry by entry in the order of the document: superiors come
// first.
func TestD_155_EntriesAsAdditions(t *testing.T) {
	const suffix, place = "dc=example,dc=org", "ou=devices,dc=example,dc=org"
	s := newServer(t, func(o *Options) { o.MaxRequests = 10000 })
	entries := func(dn string) []*dsml.SearchResultEntry {
		t.Helper()
		got := s.post(envelope("", batchOf("", searchOf(`dn="`+dn+`" scope="wholeSubtree"`, "", anything))))
		p, err := dsml.Parse([]byte(got.body), dsml.Options{Strict: true})
		if err != nil {
			t.Fatal(err)
		}
		return p.Document.(*dsml.BatchResponse).Responses[0].(*dsml.SearchResponse).Entries
	}
	found := entries(people)
	var adds dsml.BatchRequest
	for _, e := range found {
		adds.Requests = append(adds.Requests, &dsml.AddRequest{DN: strings.TrimSuffix(e.DN, suffix) + place, Attrs: e.Attrs})
	}
	text, err := dsml.Marshal(&adds, dsml.WriteOptions{Strict: true})
	if err != nil {
		t.Fatal(err)
	}
	got := s.post(envelope("", string(text)))
	if n := strings.Count(got.body, `<resultCode code="0"`); n != len(found) {
		t.Fatalf("%d of %d entries were added: %s", n, len(found), got.body[max(0, len(got.body)-600):])
	}
	copies := entries("ou=people," + place)
	if len(copies) < 50 || len(copies) != len(found) {
		t.Fatalf("%d entries became %d", len(found), len(copies))
	}
	for i, e := range copies {
		if !reflect.DeepEqual(e.Attrs, found[i].Attrs) {
			t.Errorf("%s has %+v, not %+v", e.DN, e.Attrs, found[i].Attrs)
		}
	}
}
