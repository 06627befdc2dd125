package main

import (
	"bytes"
	"math"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// TestDocumentsCrossBothWays sends documents to JavaScript and back: what
// arrives is what was sent.
func TestDocumentsCrossBothWays(t *testing.T) {
	m := maker{rand.New(rand.NewPCG(1, 2))}
	j := newJS(t)
	for range 3000 {
		sent := m.document()
		j.kit.out.reset()
		j.kit.out.document(sent)
		object := j.read()
		args, err := readCall(encodeJS(nil, map[string]any{"document": object}))
		if err != nil {
			t.Fatal(err)
		}
		var errs refusals
		a := &argument{value: args, errs: &errs}
		got := readDocument(a.get("document"))
		if err := errs.err(); err != nil {
			t.Fatalf("%v: %s\n%#v", err, errs.first.Detail, object)
		}
		if !reflect.DeepEqual(normal(got), normal(sent)) {
			t.Fatalf("sent\n%#v\ngot\n%#v", sent, got)
		}
	}
}

// normal gives attributes an order, for properties in these tests have none,
// and forgets the difference between no list and an empty one.
func normal(d dsml.Document) any {
	j := newJS(nil)
	j.kit.out.document(d)
	return j.read()
}

func TestTextsCross(t *testing.T) {
	j := newJS(t)
	for _, s := range []string{
		"", "a", "1234567", "12345678", "123456789", strings.Repeat("x", 1000), "é", "1234567é", "12345678é", "é12345678",
		"😀", "a😀b", "\x00", "\x7f", "\u0080", "\uFFFF", "\U0010FFFF", strings.Repeat("ä😀b", 100),
	} {
		j.kit.out.reset()
		j.kit.out.list(2)
		j.kit.out.text(s)
		j.kit.out.text("after")
		if got := j.read().([]any); got[0] != s || got[1] != "after" {
			t.Errorf("%q became %q", s, got)
		}
	}
	// What is no UTF-8 is replaced, and does not shift what follows.
	j.kit.out.reset()
	j.kit.out.list(2)
	j.kit.out.text("a\xff\xed\xa0\x80é")
	j.kit.out.text("é")
	if got := j.read().([]any); got[0] != "a\uFFFD\uFFFD\uFFFD\uFFFDé" || got[1] != "é" {
		t.Errorf("%q", got)
	}
}

func TestNumbersCross(t *testing.T) {
	j := newJS(t)
	numbers := []float64{0, 1, -1, maxLength, maxLength + 1, -maxLength, -maxLength - 1, maxInt, -maxInt - 1, 1 << 53, 0.5, -0.25, math.Inf(1), 1795317072498}
	j.kit.out.list(len(numbers) * 2)
	for _, n := range numbers {
		j.kit.out.float(n)
		j.kit.out.integer(int64(max(min(n, 1<<53), -1<<53)))
	}
	got := j.read().([]any)
	for i, n := range numbers {
		if got[2*i] != n || got[2*i+1] != math.Trunc(max(min(n, 1<<53), -1<<53)) {
			t.Errorf("%v became %v and %v", n, got[2*i], got[2*i+1])
		}
	}
}

// TestNamesAreBounded: names from documents are numbered up to a bound, and
// cross as text from there on.
func TestNamesAreBounded(t *testing.T) {
	j := newJS(t)
	for round := range 3 {
		e := &dsml.SearchResultEntry{}
		for i := range maxNames {
			name := strings.Repeat("n", i%200) + string(rune('A'+round)) + strings.Repeat("m", i/200)
			e.Attrs = append(e.Attrs, dsml.Attribute{Name: name, Values: []dsml.Value{{Data: name}}})
		}
		j.kit.out.reset()
		j.kit.out.entries([]*dsml.SearchResultEntry{e})
		attrs := j.read().([]any)[0].(map[string]any)["attrs"].(map[string]any)
		for i := range e.Attrs {
			if got := attrs[e.Attrs[i].Name]; got == nil || got.([]any)[0] != e.Attrs[i].Name {
				t.Fatalf("%q: %v", e.Attrs[i].Name, got)
			}
		}
	}
	if n := len(j.kit.out.names.index); n != maxNames {
		t.Errorf("%d names are kept", n)
	}
}

func TestRepeatedAttributesAreJoined(t *testing.T) {
	attrs := []dsml.Attribute{
		{Name: "a", Values: []dsml.Value{{Data: "1"}}},
		{Name: "b"},
		{Name: "a", Values: []dsml.Value{{Data: "2"}, {Data: "3"}}},
	}
	want := map[string]any{"a": []any{"1", "2", "3"}, "b": []any{}}
	j := newJS(t)
	j.kit.out.list(2)
	j.kit.out.entries([]*dsml.SearchResultEntry{{Attrs: attrs}})
	j.kit.out.attributes(attrs)
	got := j.read().([]any)
	if one := got[0].([]any)[0].(map[string]any)["attrs"]; !reflect.DeepEqual(one, want) {
		t.Errorf("in an entry: %v", one)
	}
	if !reflect.DeepEqual(got[1], want) {
		t.Errorf("elsewhere: %v", got[1])
	}
}

// TestOperations runs each operation without arguments and with wrong ones: an
// answer comes in any case, and it names what is wrong.
func TestOperations(t *testing.T) {
	for _, op := range operations {
		if op.name == "" || op.name == "stream.free" || op.name == "session.free" {
			continue
		}
		for _, args := range []map[string]any{
			{},
			{"input": 1, "text": true, "document": "x", "options": "y", "envelope": 2, "filter": 3, "value": 4, "control": 5, "code": "6", "snapshot": "", "now": 0},
		} {
			j := newJS(t)
			got, status := j.call(op.name, args)
			broken := status == statusBroken
			needsHandle := strings.HasPrefix(op.name, "stream.") && op.name != "stream.open" ||
				op.name == "sql.feed" || op.name == "sql.close" ||
				strings.HasPrefix(op.name, "session.") && op.name != "session.dsml" && op.name != "session.sql" && op.name != "session.restore"
			if broken != needsHandle {
				t.Errorf("%s: status %d: %v", op.name, status, got)
			}
			if len(args) > 0 && status == statusOK {
				t.Errorf("%s accepts %v", op.name, args)
			}
			if status == statusFailed && got.(map[string]any)["code"] != codeArgument {
				t.Errorf("%s: %v", op.name, got)
			}
		}
	}
}

// TestPanicsAreAnswered: a defect is one answer that asks for a report.
func TestPanicsAreAnswered(t *testing.T) {
	j := newJS(t)
	j.kit.inbox = []byte{inObject, 1, 0, 0, 0, 99}
	if status := j.kit.call(1, 6); status != statusBroken {
		t.Fatalf("status %d", status)
	}
	f := j.read().(map[string]any)
	if f["code"] != codeInternal || !strings.Contains(f["hint"].(string), "report") || !strings.Contains(f["detail"].(string), "toolkit.(*toolkit).call") {
		t.Errorf("%v", f)
	}
	if got, status := j.call("result.name", map[string]any{"code": 32}); got != "noSuchObject" || status != statusOK {
		t.Errorf("afterwards: %v", got)
	}
}

func TestMemoryOfLargeCallsIsLetGo(t *testing.T) {
	j := newJS(t)
	large := strings.Repeat("<a>text</a>", 1<<19)
	j.call("soap.indent", map[string]any{"text": "<r>" + large + "</r>"})
	j.call("result.name", map[string]any{"code": 0})
	if cap(j.kit.inbox) > inboxKeep {
		t.Errorf("the inbox keeps %d bytes", cap(j.kit.inbox))
	}
	if cap(j.kit.out.narrow) > 1<<20 {
		t.Errorf("the answer keeps %d bytes", cap(j.kit.out.narrow))
	}
}

func FuzzReadCall(f *testing.F) {
	m := maker{rand.New(rand.NewPCG(3, 4))}
	for range 20 {
		j := newJS(f)
		j.kit.out.document(m.document())
		f.Add(encodeJS(nil, map[string]any{"document": j.read(), "input": "x"}))
	}
	f.Add([]byte{inObject, 1, 0, 0, 0, 1, 0, 0, 0, 'a', inTail, 1, 2, 0, 0, 0, 7, 8})
	f.Fuzz(func(t *testing.T, message []byte) {
		args, err := readCall(bytes.Clone(message))
		if err != nil {
			return
		}
		var errs refusals
		a := &argument{value: args, errs: &errs}
		readDocument(a.get("document"))
		readFilter(a.get("filter"))
		readElement(a.get("element"))
		readBody(a.get("body"))
		if errs.first != nil && !utf8.ValidString(errs.first.Detail) && utf8.Valid(message) {
			t.Errorf("%q", errs.first.Detail)
		}
	})
}
