package endpoint

import (
	"net/http"
	"reflect"
	"strings"
	"testing"
)

// TestD_127_S_47_ForeignAndUnknownAnswersAreTheSame: whoever tries ids learns
// from no answer, down to its last header, whether one is somebody's.
func TestD_127_S_47_ForeignAndUnknownAnswersAreTheSame(t *testing.T) {
	s := newServer(t)
	id := s.begin(from("192.0.2.1"))
	ended := s.begin(from("192.0.2.1"))
	s.post(envelope(endSession(ended), batchOf("", "")), from("192.0.2.1")).want(t, 200)
	stranger := func(r *http.Request) {
		from("192.0.2.9")(r)
		r.SetBasicAuth("uid=someone,"+people, "x")
	}
	for _, step := range []func(string) string{inSession, endSession} {
		want := s.post(envelope(step(strings.Repeat("0", len(id))), batchOf("", addDevice("1", "never"))), stranger)
		want.want(t, 500, badSession)
		for name, c := range map[string]struct {
			id  string
			who func(*http.Request)
		}{
			"another's":                        {id, stranger},
			"another's, from the same address": {id, func(r *http.Request) { stranger(r); from("192.0.2.1")(r) }},
			"ended":                            {ended, from("192.0.2.1")},
			"no id at all":                     {"", stranger},
			"of another length":                {"0", stranger},
			"of odd characters":                {"\u202e&lt;&quot;&#9;%00", stranger},
		} {
			if got := s.post(envelope(step(c.id), batchOf("", addDevice("1", "never"))), c.who); !reflect.DeepEqual(got, want) {
				t.Errorf("%s: %+v\nand %+v", name, got, want)
			}
		}
	}
	s.post(envelope(inSession(id), batchOf("", "")), from("192.0.2.1")).want(t, 200, "<batchResponse")
	s.post(envelope("", batchOf("", searchOf(`dn="cn=never,`+people+`" scope="baseObject"`, "", anything)))).want(t, 200, `code="32"`)
}
