package suite

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// D_144_PagingNeedsASession, which the answer says.
func D_144_PagingNeedsASession(t *testing.T, e Endpoint) {
	e.ask(t, "", paged(1, nil)).want(t, 200, `type="notAttempted"`, "BeginSession")
}

// D_147_D_148_PagingInOneSession: page follows page over many messages, on the
// session's one connection, and its cookies are nothing to another session.
func D_147_D_148_PagingInOneSession(t *testing.T, e Endpoint) {
	all := e.ask(t, "", searchOf(people, "singleLevel", "")).entries()
	size := max(1, all/5)
	id, other := e.begin(t), e.begin(t)
	seen := map[string]bool{}
	var cookie []byte
	pages := 0
	for {
		got := e.ask(t, inSession(id), paged(int32(size), cookie))
		got.want(t, 200, `<resultCode code="0"`)
		for _, part := range strings.Split(got.body, "<searchResultEntry ")[1:] {
			dn, _, _ := strings.Cut(part, ">")
			if seen[dn] {
				t.Errorf("%s came twice", dn)
			}
			seen[dn] = true
		}
		pages++
		if cookie = got.cookie(t); len(cookie) == 0 || pages > all {
			break
		}
		foreign := e.ask(t, inSession(other), paged(int32(size), cookie))
		foreign.want(t, 200)
		foreign.without(t, "<searchResultEntry ", `<resultCode code="0"`)
	}
	// Whether the last page is the last that has an entry, the server decides.
	if least := (all + size - 1) / size; all < 4 || len(seen) != all || pages < least || pages > least+1 {
		t.Errorf("%d of %d entries in %d pages of %d", len(seen), all, pages, size)
	}
}

// D_147_CookiesThatAreNotTheSessions, or are no longer, bring no entry.
func D_147_CookiesThatAreNotTheSessions(t *testing.T, e Endpoint) {
	id := e.begin(t)
	cookie := e.ask(t, inSession(id), paged(1, nil)).cookie(t)
	for name, c := range map[string][]byte{"cut": cookie[:len(cookie)-1], "longer": append(cookie[:len(cookie):len(cookie)], 0), "made up": []byte("cookie")} {
		t.Run("D-147 "+name, func(t *testing.T) {
			e.ask(t, inSession(id), paged(1, c)).without(t, "<searchResultEntry ", `<resultCode code="0"`)
		})
	}
	e.ask(t, inSession(id), paged(1, cookie)).want(t, 200, `<resultCode code="0"`)
	e.ask(t, inSession(id), paged(1, cookie)).without(t, "<searchResultEntry ") // used up
	fresh := e.ask(t, inSession(id), paged(1, nil)).cookie(t)
	e.ask(t, endSession(id), "").want(t, 200)
	e.ask(t, inSession(e.begin(t)), paged(1, fresh)).without(t, "<searchResultEntry ")
}

// D_149_ControlValuesInBothLengths of BER mean the same.
func D_149_ControlValuesInBothLengths(t *testing.T, e Endpoint) {
	all := e.ask(t, "", searchOf(people, "singleLevel", "")).entries()
	id := e.begin(t)
	for name, value := range map[string][]byte{
		"minimal":         {0x30, 5, 2, 1, 3, 4, 0},
		"one more byte":   {0x30, 0x81, 5, 2, 1, 3, 4, 0},
		"four more bytes": {0x30, 0x84, 0, 0, 0, 5, 2, 1, 3, 4, 0},
	} {
		t.Run("D-149 "+name, func(t *testing.T) {
			control := `<control type="` + dsml.OIDPagedResults + `" criticality="true"><controlValue xsi:type="xsd:base64Binary">` + base64.StdEncoding.EncodeToString(value) + `</controlValue></control>`
			got := e.ask(t, inSession(id), searchOf(people, "singleLevel", control))
			got.want(t, 200, `<resultCode code="0"`)
			if n := got.entries(); n != min(3, all) {
				t.Errorf("%d of %d entries", n, all)
			}
		})
	}
}
