package dsml

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// corpusDir holds documents of other projects, which are not part of this
// repository.
const corpusDir = "../../../shared/corpus/dsml"

// outside returns a file or directory that a plain clone does not have. Without
// it the test says so in one line and passes; on a build server, where it has
// to be there, it fails.
func outside(t *testing.T, env, beside string) (string, bool) {
	path := os.Getenv(env)
	if path == "" {
		path = filepath.FromSlash(beside)
	}
	if _, err := os.Stat(path); err == nil {
		return path, true
	}
	if os.Getenv("CI") == "true" {
		t.Fatalf("%s, which %s may set, does not exist", path, env)
	}
	t.Logf("nothing to compare with: %s, which %s may set, does not exist", path, env)
	return "", false
}

type corpusDocument struct {
	path, kind, expected, envelope, wellFormed, valid, validAfterFixes string
	text                                                               []byte
}

func readCorpus(t *testing.T) []corpusDocument {
	dir, ok := outside(t, "DSMLKIT_CORPUS", corpusDir)
	if !ok {
		return nil
	}
	manifest, err := os.ReadFile(filepath.Join(dir, "manifest.tsv"))
	if err != nil {
		t.Fatal(err)
	}
	var docs []corpusDocument
	lines := strings.Split(strings.TrimRight(string(manifest), "\n"), "\n")
	for _, line := range lines[1:] {
		c := strings.Split(line, "\t")
		text, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(c[0])))
		if err != nil {
			t.Fatal(err)
		}
		d := corpusDocument{path: c[0], kind: c[1], expected: c[3], envelope: c[5],
			wellFormed: c[7], valid: c[8], validAfterFixes: c[9], text: text}
		if d.kind == "filter" {
			// A fragment: give it the search that it was cut from.
			d.text = []byte(`<batchRequest xmlns="` + Namespace + `" xmlns:xsd="` + nsXSD + `" xmlns:xsi="` + nsXSI +
				`"><searchRequest dn="" scope="baseObject" derefAliases="neverDerefAliases">` + string(text) +
				`</searchRequest></batchRequest>`)
		}
		docs = append(docs, d)
	}
	return docs
}

// disagreements are the documents that we judge otherwise than their own source
// does, with the statement that is on our side. A key that ends with a star
// stands for all paths that contain what is before it.
var disagreements = []struct{ path, statement, reason string }{
	{"requestID_below_0.xml*", "D-18", "the source reads requestID as a number; it is any string, a minus sign included"},
	{"searchResultReference/response_with_1_wrong_ref.xml*", "D-93", "the reference is a URI, which is all that is asked for; the source wants an LDAP URL"},
	{"filters/request_with_substrings.xml*", "D-75", "substrings without any part are to be refused; the source has no check"},
	{"jxplorer/DsmlContextTest-02.xml", "D-07", "not well-formed: the name of Body has two colons"},
	{"03dsmlerrsuite/abandon_emptyabandonid.request.xml*", "D-62", "abandonID is there, and any string will do; the source's server refused because it cannot abandon"},
}

func disagreement(path string) (statement string, ok bool) {
	for _, d := range disagreements {
		if key, star := strings.CutSuffix(d.path, "*"); star && strings.Contains(path, key) || path == d.path {
			return d.statement, true
		}
	}
	return "", false
}

// TestCorpus reads every document of the corpus leniently, and writes and reads
// again what was accepted.
func TestCorpus(t *testing.T) {
	docs := readCorpus(t)
	if docs == nil {
		return
	}
	judged, agree, listed := 0, 0, 0
	for _, c := range docs {
		p, err := Parse(c.text, Options{})
		if err == nil {
			roundTrip(t, c.path, p)
		} else {
			checkError(t, c.path, err)
		}
		if got := Validate(c.text, Options{}); hasErrors(got) != (err != nil) {
			t.Errorf("%s: Parse says %v, Validate says %+v", c.path, err, got)
		}
		if c.expected == "none" {
			continue
		}
		judged++
		_, known := disagreement(c.path)
		switch same := (err == nil) == (c.expected == "accept"); {
		case same && known:
			t.Errorf("%s: listed as a disagreement, but there is none", c.path)
		case same:
			agree++
		case known:
			listed++
		default:
			t.Errorf("%s: the source says %s, we say %v", c.path, c.expected, err)
		}
	}
	t.Logf("%d documents, %d judged by their source: we agree with %d (%.2f %%), %d disagreements are listed",
		len(docs), judged, agree, 100*float64(agree)/float64(judged), listed)
	if 100*agree < 98*judged {
		t.Errorf("we agree with %d of %d", agree, judged)
	}
}

// strictRules are the rules beyond the schema that hold even so: their code and
// statement.
var strictRules = map[string]bool{
	"dsml-filter D-75":    true, // substrings without any part
	"dsml-requestid D-22": true, // parallel and unordered
	"dsml-requestid D-23": true, // parallel
	"dsml-dn ":            true, // text that cannot be a distinguished name
	// The schema lets an errorResponse go without type; clients do not.
	"dsml-attribute-missing D-102": true,
}

// TestCorpusStrict reads every document with all leniencies off. What is left
// is the schema and the rules listed above, so the judge is the schema: for the
// documents as published, and for the same after mending the two slips of one
// source.
func TestCorpusStrict(t *testing.T) {
	docs := readCorpus(t)
	if docs == nil {
		return
	}
	mend := strings.NewReplacer(apacheNamespace, Namespace, "resquestID", "requestID")
	judged, agree := 0, 0
	reasons := map[string]int{}
	for _, c := range docs {
		if c.kind == "filter" {
			continue
		}
		lenient, lenientErr := Parse(c.text, Options{})
		p, err := Parse(c.text, Options{Strict: true})
		if err == nil {
			roundTrip(t, c.path, p)
			if lenientErr != nil || len(lenient.Leniencies) > 0 {
				t.Errorf("%s: accepted strictly, leniently only with %v, %v", c.path, lenient.Leniencies, lenientErr)
			}
		} else if lenientErr == nil && len(lenient.Leniencies) == 0 {
			t.Errorf("%s: no leniency was needed, but strictness refuses: %v", c.path, err)
		}
		judgeBySchema(t, c.path, c.valid, c.envelope, p, err)
		p, mended := Parse([]byte(mend.Replace(string(c.text))), Options{Strict: true})
		judgeBySchema(t, c.path+" (mended)", c.validAfterFixes, c.envelope, p, mended)

		if c.expected == "none" {
			continue
		}
		judged++
		_, known := disagreement(c.path)
		switch same := (err == nil) == (c.expected == "accept"); {
		case same:
			agree++
		case known:
			reasons["listed"]++
		case err != nil && lenientErr == nil && len(lenient.Leniencies) > 0:
			for _, n := range lenient.Leniencies {
				reasons[n]++
			}
		default:
			t.Errorf("%s: the source says %s, strictness says %v", c.path, c.expected, err)
		}
	}
	t.Logf("%d judged by their source: strictness agrees with %d; the others need: %v", judged, agree, reasons)
}

func judgeBySchema(t *testing.T, path, valid, envelope string, p *Parsed, err error) {
	t.Helper()
	if (err == nil) == (valid == "yes") {
		return
	}
	if err == nil {
		if p.Document == nil && p.Envelope != nil && p.Envelope.Fault != nil {
			return // a fault is no document that the schema knows
		}
		t.Errorf("%s: not valid, but accepted strictly", path)
		return
	}
	var e *Error
	errors.As(err, &e)
	switch {
	case strictRules[e.Code+" "+e.Statement]:
	case strings.HasPrefix(e.Code, "soap-") && envelope != "none":
		// The schema was asked about the payload only.
	default:
		t.Errorf("%s: valid, but refused: %v (%s, %s)", path, err, e.Code, e.Statement)
	}
}

// roundTrip writes what was read, reads it again and compares.
func roundTrip(t *testing.T, name string, p *Parsed) {
	t.Helper()
	if p.Document == nil {
		return
	}
	for _, o := range []WriteOptions{{}, {Indent: 2, Declaration: true, Envelope: 1}} {
		text, err := Marshal(p.Document, o)
		if err != nil {
			t.Errorf("%s: cannot be written: %v", name, err)
			continue
		}
		again, err := Parse(text, Options{Allow: DefaultAllow() | AllowAnyDN})
		if err != nil {
			t.Errorf("%s: what was written cannot be read: %v\n%s", name, err, text)
		} else if !reflect.DeepEqual(p.Document, again.Document) {
			t.Errorf("%s: reads otherwise after it was written:\n%s", name, text)
		}
	}
}

// checkError checks that an error says all that an error has to say.
func checkError(t *testing.T, name string, err error) {
	t.Helper()
	var e *Error
	switch {
	case !errors.As(err, &e):
		t.Errorf("%s: the error is a %T", name, err)
	case e.Code == "" || e.Message == "" || e.Pos.Line < 1 || e.Pos.Column < 1:
		t.Errorf("%s: the error is not complete: %+v", name, *e)
	}
}

func hasErrors(list []Diagnostic) bool {
	for _, d := range list {
		if d.Severity == SeverityError {
			return true
		}
	}
	return false
}
