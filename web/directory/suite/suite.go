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
	// Transport takes requests there. nil: over the network.
	Transport http.RoundTripper
	// From makes a request come from that client. nil: all come from one, and
	// what takes two is not tried.
	From func(r *http.Request, address string)
}

// Run sends every case and compares the answers, and tries the rules of
// sessions. The entries are as in [Data] at its beginning, and changed at its
// end.
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
	t.Run("windows", e.windows)
	t.Run("rules", e.runRules)
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

// windows goes through a sorted list by windows, on the connection of a session
// (D-143).
func (e Endpoint) windows(t *testing.T) {
	search := &dsml.SearchRequest{DN: people, Scope: dsml.SingleLevel, Filter: &dsml.Filter{Kind: dsml.Present, Name: "uid"}, Attributes: []string{"uid"}}
	search.Controls = []dsml.Control{
		dsml.Sort{Keys: []dsml.SortKey{{Attribute: "uid", MatchingRule: "caseIgnoreOrderingMatch", Reverse: true}}}.Control(true),
		dsml.VLV{After: 1, Offset: 2, ContentCount: 0}.Control(true),
	}
	text, err := dsml.Marshal(&dsml.BatchRequest{Requests: []dsml.Request{search}}, dsml.WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	_, body := e.Post(t, inSession(e.begin(t)), string(text[bytes.Index(text, []byte("<batchRequest")):]))
	if got, want := meaningOf(body), "searchResponse 0 success"; !strings.HasPrefix(got, want) || strings.Count(got, "    uid: ") != 2 || !strings.Contains(got, "    uid: cyd\n") || !strings.Contains(got, "    uid: bob\n") {
		t.Errorf("a window on a sorted list: %s", got)
	}
}
