package xml

import (
	"bytes"
	stdxml "encoding/xml"
	"io"
	"sort"
	"strings"
	"testing"
	"unicode/utf8"
)

// whiteSpace makes all white space spaces: encoding/xml does not normalise that
// of attribute values.
var whiteSpace = strings.NewReplacer("\t", " ", "\n", " ", "\r", " ")

// event writes an element or its end in a form that both readers can give.
func event(kind string, space, local string, attrs []string) string {
	sort.Strings(attrs)
	return kind + " {" + whiteSpace.Replace(space) + "}" + local + " " + strings.Join(attrs, " ")
}

// readOurs returns what this package reads.
func readOurs(text []byte) ([]string, error) {
	var events []string
	var run strings.Builder
	err := Parse(text, Limits{}, SinkFunc(func(s *Scanner, k Kind) error {
		if k == Text {
			run.Write(s.Text())
			return nil
		}
		if run.Len() > 0 {
			events = append(events, "text "+run.String())
			run.Reset()
		}
		switch k {
		case StartElement:
			var attrs []string
			for _, a := range s.Attrs() {
				attrs = append(attrs, "{"+whiteSpace.Replace(a.Name.Space)+"}"+a.Name.Local+"="+whiteSpace.Replace(string(a.Value)))
			}
			events = append(events, event("start", s.Name().Space, s.Name().Local, attrs))
		case EndElement:
			events = append(events, event("end", s.Name().Space, s.Name().Local, nil))
		case Comment:
			events = append(events, "comment "+string(s.Text()))
		case ProcInst:
			events = append(events, "pi "+s.Name().Local+" "+string(s.Text()))
		}
		return nil
	}))
	return events, err
}

// readTheirs returns what encoding/xml reads.
func readTheirs(text []byte) ([]string, error) {
	d := stdxml.NewDecoder(bytes.NewReader(text))
	var events []string
	var run strings.Builder
	depth := 0
	for {
		token, err := d.Token()
		if err == io.EOF {
			return events, nil
		}
		if err != nil {
			return events, err
		}
		if data, ok := token.(stdxml.CharData); ok {
			if depth > 0 {
				run.Write(data)
			}
			continue
		}
		if run.Len() > 0 {
			events = append(events, "text "+run.String())
			run.Reset()
		}
		switch e := token.(type) {
		case stdxml.StartElement:
			depth++
			var attrs []string
			for _, a := range e.Attr {
				if a.Name.Space == "xmlns" || a.Name.Space == "" && a.Name.Local == "xmlns" {
					continue
				}
				attrs = append(attrs, "{"+whiteSpace.Replace(a.Name.Space)+"}"+a.Name.Local+"="+whiteSpace.Replace(a.Value))
			}
			events = append(events, event("start", e.Name.Space, e.Name.Local, attrs))
		case stdxml.EndElement:
			depth--
			events = append(events, event("end", e.Name.Space, e.Name.Local, nil))
		case stdxml.Comment:
			// Line ends in comments are another thing it leaves alone.
			events = append(events, "comment "+strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(e)))
		case stdxml.ProcInst:
			if e.Target != "xml" {
				events = append(events, "pi "+e.Target+" "+strings.NewReplacer("\r\n", "\n", "\r", "\n").Replace(string(e.Inst)))
			}
		}
	}
}

// comparable reports whether encoding/xml reads documents like this one as the
// recommendations have it. It knows only UTF-8, only XML 1.0, and the names of
// the Fourth Edition.
func comparable(text []byte) bool {
	if !utf8.Valid(text) || bytes.HasPrefix(text, []byte("\uFEFF")) {
		return false
	}
	if bytes.HasPrefix(text, []byte("<?xml")) {
		end := bytes.Index(text, []byte("?>"))
		if end < 0 {
			return false
		}
		declaration := strings.ToLower(string(text[:end]))
		if strings.Contains(declaration, "encoding") && !strings.Contains(declaration, `encoding="utf-8"`) || !strings.Contains(declaration, `version="1.0"`) {
			return false
		}
	}
	return true
}

// agree checks that a document that this package accepts is read alike by
// encoding/xml.
func agree(t *testing.T, what string, text []byte) {
	t.Helper()
	if !comparable(text) {
		return
	}
	ours, err := readOurs(text)
	if err != nil {
		return
	}
	theirs, err := readTheirs(text)
	if err != nil && strings.Contains(err.Error(), "invalid XML name") {
		return // the editions of XML differ in what a name may have
	}
	if err != nil || strings.Join(ours, "\n") != strings.Join(theirs, "\n") {
		t.Errorf("%s: %q\nread here as\n%s\nand by encoding/xml as\n%s\n%v", what, text, strings.Join(ours, "\n"), strings.Join(theirs, "\n"), err)
	}
}

func TestDifferential(t *testing.T) {
	for _, doc := range corpus(t) {
		agree(t, "corpus", []byte(doc))
	}
}
