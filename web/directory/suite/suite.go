// Package suite is the conformance suite of DSMLv2 endpoints: requests over
// SOAP and HTTP, and what their answers have to mean. It runs on an endpoint
// that stands somewhere and serves [Data]; package memory and package ldap, on a
// real slapd, have to give the same answers.
//
// Each file of the folder cases is a conversation. A case begins with a line
// "=== " and its name, then comes the batchRequest, then "--- " and the answer
// in the form of [Meaning]. "--- memory" and "--- ldap" give an answer where
// the two differ, with the rule that lets them behind it.
package suite

import (
	"bytes"
	"embed"
	"fmt"
	"io"
	"net/http"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

//go:embed cases
var files embed.FS

// Suffix is where the entries of the suite are.
const Suffix = "dc=example,dc=org"

// Data are the entries that an endpoint has to serve when the suite begins, as
// LDIF: all people have their uid and "'s" as their password.
func Data() []byte {
	text, err := files.ReadFile("cases/data.ldif")
	if err != nil {
		panic(err) // it is part of the program
	}
	return text
}

// Endpoint is what the suite runs on.
type Endpoint struct {
	URL     string
	Backend string // "memory" or "ldap", to choose among answers that differ
	// Name and Password are those of an administrator: every case is sent as
	// this user. Empty: nobody.
	Name, Password string
}

// Run sends every case and compares the answers. The entries are as in [Data]
// at its beginning, and changed at its end.
func Run(t *testing.T, e Endpoint) {
	names, err := files.ReadDir("cases")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range names {
		if path.Ext(f.Name()) != ".txt" {
			continue
		}
		text, err := files.ReadFile("cases/" + f.Name())
		if err != nil {
			t.Fatal(err)
		}
		cases, err := parse(string(text))
		if err != nil {
			t.Fatalf("%s: %v", f.Name(), err)
		}
		t.Run(strings.TrimSuffix(f.Name(), ".txt"), func(t *testing.T) {
			for _, c := range cases {
				_, body := e.Post(t, "", c.request)
				want, ok := c.answers[e.Backend]
				if !ok {
					want = c.answers[""]
				}
				if have := meaningOf(body); have != want {
					t.Errorf("%s:\n--- want\n%s--- have\n%s", c.name, want, have)
				}
			}
		})
	}
	t.Run("sessions", e.sessions)
}

// testCase is one request and its answers by backend, "" being that of all
// others.
type testCase struct {
	name, request string
	answers       map[string]string
}

func parse(text string) ([]testCase, error) {
	var cases []testCase
	for block := range strings.SplitSeq("\n"+text, "\n=== ") {
		name, rest, _ := strings.Cut(block, "\n")
		if name == "" {
			continue // what stands before the first case
		}
		parts := strings.Split(rest, "\n---")
		c := testCase{name: name, request: parts[0], answers: map[string]string{}}
		for _, p := range parts[1:] {
			head, answer, _ := strings.Cut(p, "\n")
			backend, _, _ := strings.Cut(strings.TrimSpace(head), ":")
			if answer = strings.TrimRight(answer, "\n"); answer != "" {
				answer += "\n"
			}
			c.answers[backend] = answer
		}
		if len(c.answers) == 0 {
			return nil, fmt.Errorf("the case %q has no answer", name)
		}
		cases = append(cases, c)
	}
	return cases, nil
}

// Post sends a batch in an envelope with the headers and returns status and
// body. A batch without namespaces gets them.
func (e Endpoint) Post(t *testing.T, header, batch string) (int, []byte) {
	t.Helper()
	const namespaces = `<batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"`
	if !strings.Contains(batch, "xmlns") {
		batch = strings.Replace(batch, "<batchRequest", namespaces, 1)
	}
	text := `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>` + header + `</s:Header><s:Body>` + batch + `</s:Body></s:Envelope>`
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, e.URL, strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "text/xml; charset=utf-8")
	r.Header.Set("SOAPAction", `"#batchRequest"`)
	if e.Name != "" {
		r.SetBasicAuth(e.Name, e.Password)
	}
	res, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return res.StatusCode, body
}

// meaningOf is what the body of an answer says.
func meaningOf(body []byte) string {
	p, err := dsml.Parse(body, dsml.Options{Expect: dsml.ExpectResponse})
	if err != nil || p.Document == nil {
		first, _, _ := bytes.Cut(body, []byte("\n"))
		return fmt.Sprintf("no batchResponse (%v): %.200s\n", err, first)
	}
	return Meaning(p.Document.(*dsml.BatchResponse))
}

// sessions goes through a search page by page, and through a sorted list by
// windows, on the connection of a session (D-143, D-147).
func (e Endpoint) sessions(t *testing.T) {
	session := func(kind, id string) string {
		attr := ""
		if id != "" {
			attr = ` ad:SessionID="` + id + `"`
		}
		return `<ad:` + kind + ` xmlns:ad="urn:schema-microsoft-com:activedirectory:dsmlv2"` + attr + ` s:mustUnderstand="1"/>`
	}
	begin := func() string {
		_, body := e.Post(t, session("BeginSession", ""), "<batchRequest/>")
		_, rest, _ := strings.Cut(string(body), `SessionID="`)
		id, _, _ := strings.Cut(rest, `"`)
		if id == "" {
			t.Fatalf("no session was begun: %s", body)
		}
		return id
	}
	search := func(header string, controls ...dsml.Control) *dsml.SearchResponse {
		t.Helper()
		s := &dsml.SearchRequest{DN: "ou=people," + Suffix, Scope: dsml.SingleLevel, Filter: &dsml.Filter{Kind: dsml.Present, Name: "uid"}, Attributes: []string{"uid"}}
		s.Controls = controls
		text, err := dsml.Marshal(&dsml.BatchRequest{Requests: []dsml.Request{s}}, dsml.WriteOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if at := bytes.Index(text, []byte("<batchRequest")); at > 0 {
			text = text[at:]
		}
		status, body := e.Post(t, header, string(text))
		p, err := dsml.Parse(body, dsml.Options{Expect: dsml.ExpectResponse})
		if err != nil || p.Document == nil {
			t.Fatalf("status %d: %s", status, body)
		}
		r, ok := p.Document.(*dsml.BatchResponse).Responses[0].(*dsml.SearchResponse)
		if !ok {
			t.Fatalf("%s", body)
		}
		return r
	}
	id, other := begin(), begin()
	var uids []string
	cookie, pages := []byte(nil), 0
	for pages == 0 || len(cookie) > 0 {
		r := search(session("Session", id), dsml.PagedResults{Size: 2, Cookie: cookie}.Control(true))
		if r.Done.Code != dsml.Success || len(r.Done.Controls) != 1 || len(r.Entries) > 2 {
			t.Fatalf("page %d: %+v with %d entries", pages, r.Done, len(r.Entries))
		}
		for _, entry := range r.Entries {
			uids = append(uids, entry.Attrs[0].Values[0].Data)
		}
		page, err := dsml.DecodePagedResults(r.Done.Controls[0])
		if err != nil {
			t.Fatal(err)
		}
		cookie = page.Cookie // D-148: empty behind the last page
		if pages++; pages == 1 {
			if r := search(session("Session", other), dsml.PagedResults{Size: 2, Cookie: cookie}.Control(true)); r.Done.Code == dsml.Success {
				t.Error("D-147: a cookie is good in another session")
			}
		}
	}
	slices.Sort(uids)
	if want := "ann bob cyd dag"; strings.Join(uids, " ") != want || pages != 2 {
		t.Errorf("%d pages with %q, want %q", pages, uids, want)
	}

	sorted := dsml.Sort{Keys: []dsml.SortKey{{Attribute: "uid", MatchingRule: "caseIgnoreOrderingMatch", Reverse: true}}}.Control(true)
	window := dsml.VLV{After: 1, Offset: 2, ContentCount: 0}.Control(true)
	r := search(session("Session", id), sorted, window)
	if r.Done.Code != dsml.Success || len(r.Entries) != 2 || r.Entries[0].Attrs[0].Values[0].Data != "cyd" {
		t.Errorf("a window on a sorted list: %+v, %d entries", r.Done, len(r.Entries))
	}
	for _, id := range []string{id, other} {
		e.Post(t, session("EndSession", id), "<batchRequest/>")
		if status, _ := e.Post(t, session("Session", id), "<batchRequest/>"); status != http.StatusInternalServerError {
			t.Errorf("D-127: a session that ended answers %d", status)
		}
	}
}
