package main

import (
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// feed has a stream read a piece and returns what it answers.
func (j *javascript) feed(handle int32, piece []byte, flags int) (any, int) {
	copy(j.kit.roomFor(handle, len(piece)), piece)
	out, all, status := j.kit.feed(handle, len(piece), flags)
	return j.readPart(out, all), status
}

// parse has a document read in pieces and puts its parts together.
func (j *javascript) parse(text []byte, strict bool, piece func() int) (any, bool) {
	var parts []any
	flags := feedBegins
	if strict {
		flags |= feedStrict
	}
	for {
		n := min(piece(), len(text))
		if n == len(text) {
			flags |= feedEnds
		} else if n%3 > 0 {
			flags |= feedMore
		}
		answer, status := j.feed(0, text[:n], flags)
		if status != statusOK {
			return answer, false
		}
		parts = append(parts, answer.([]any)...)
		if flags&feedEnds != 0 {
			return together(parts), true
		}
		text, flags = text[n:], 0
	}
}

// together does what decoder.ts does with the parts of a document.
func together(parts []any) any {
	head := parts[len(parts)-1].(map[string]any)
	list := []any{}
	entries, references := []any{}, []any{}
	for _, part := range parts[:len(parts)-1] {
		if more, ok := part.([]any); ok {
			entries = append(entries, more...)
			continue
		}
		o := part.(map[string]any)
		switch o["kind"] {
		case "searchResultReference":
			delete(o, "kind")
			references = append(references, o)
			continue
		case "searchResponse":
			o["entries"] = entries
			if len(references) > 0 {
				o["references"] = references
			}
			entries, references = []any{}, []any{}
		}
		list = append(list, o)
	}
	if head["kind"] == "batchRequest" {
		head["requests"] = list
	} else {
		head["responses"] = list
	}
	return head
}

// parsedApart is what has to cross for a document, by a toolkit that has seen no
// other and from the structs of one that was parsed in Go.
func parsedApart(t *testing.T, text []byte, strict bool) (any, error) {
	j := newJS(t)
	p, err := dsml.Parse(text, dsml.Options{Strict: strict})
	if err != nil {
		failureOf(err).write(&j.kit.out)
	} else {
		j.kit.out.document(p.Document)
	}
	return j.read(), err
}

// TestDocumentsCrossInPieces writes documents, has them read in pieces of any
// size, and compares with the document as a whole; some are damaged, and are
// refused alike.
func TestDocumentsCrossInPieces(t *testing.T) {
	m := maker{rand.New(rand.NewPCG(5, 6))}
	j := newJS(t)
	read, refused := 0, 0
	for n := range 3000 {
		text, err := dsml.Marshal(m.document(), dsml.WriteOptions{Indent: m.IntN(3)})
		if err != nil {
			continue // it is there for the border alone
		}
		read++
		if n%5 == 0 {
			text[m.IntN(len(text))] = byte(m.IntN(256))
		}
		strict := n%2 == 0
		want, err := parsedApart(t, text, strict)
		if err != nil {
			refused++
		}
		largest := 1 + m.IntN(400)
		got, ok := j.parse(text, strict, func() int { return 1 + m.IntN(largest) })
		if ok != (err == nil) || !reflect.DeepEqual(got, want) {
			t.Fatalf("%s\nread as %v\ninstead of %v (%v)", text, got, want, err)
		}
	}
	if refused < 50 || read < 500 {
		t.Errorf("%d of %d documents were refused", refused, read)
	}
}

// TestStreamsSideBySide feeds two streams in turn: what one holds of an entry
// that is not complete is safe from the other.
func TestStreamsSideBySide(t *testing.T) {
	entry := func(n string) string {
		return `<searchResultEntry dn="cn=` + n + `"><attr name="a"><value>` + n + `</value></attr><attr name="b"><value>Jürgen` + n + `</value></attr><attr name="a"><value>3</value></attr></searchResultEntry>`
	}
	text := func(of string) string {
		return `<batchResponse xmlns="urn:oasis:names:tc:DSML:2:0:core"><searchResponse>` + strings.Repeat(entry(of), 20) +
			`<searchResultDone><resultCode code="0"/></searchResultDone></searchResponse></batchResponse>`
	}
	r := rand.New(rand.NewPCG(7, 8))
	j := newJS(t)
	var handles [2]int32
	rest := [2]string{text("x"), text("y")}
	var items [2][]any
	for i := range handles {
		h, _ := j.call("stream.open", map[string]any{})
		handles[i] = int32(h.(float64))
	}
	for rest[0] != "" || rest[1] != "" {
		i := r.IntN(2)
		n := min(1+r.IntN(90), len(rest[i]))
		answer, status := j.feed(handles[i], []byte(rest[i][:n]), 0)
		if status != statusOK {
			t.Fatal(answer)
		}
		rest[i] = rest[i][n:]
		items[i] = append(items[i], answer.([]any)...)
	}
	for i, name := range []string{"x", "y"} {
		n := 0
		for _, part := range items[i] {
			list, ok := part.([]any)
			for _, e := range list {
				n++
				want := map[string]any{"dn": "cn=" + name, "attrs": map[string]any{"a": []any{name, "3"}, "b": []any{"Jürgen" + name}}}
				if !reflect.DeepEqual(e, want) {
					t.Fatalf("%v", e)
				}
			}
			if !ok && part.(map[string]any)["kind"] != "searchResultDone" {
				t.Errorf("%v", part)
			}
		}
		if n != 20 {
			t.Errorf("%d entries of %s", n, name)
		}
		if answer, status := j.feed(handles[i], nil, feedEnds); status != statusOK || len(answer.([]any)) != 0 {
			t.Errorf("at the end: %v", answer)
		}
	}
}

// TestErrorWaits: what is complete before an error is answered first.
func TestErrorWaits(t *testing.T) {
	const entry = `<batchResponse xmlns="urn:oasis:names:tc:DSML:2:0:core"><searchResponse><searchResultEntry dn="cn=a"/>`
	j := newJS(t)
	h, _ := j.call("stream.open", map[string]any{})
	handle := int32(h.(float64))
	if answer, status := j.feed(handle, []byte(entry+"<oops"+">"), 0); status != statusOK || len(answer.([]any)) != 1 {
		t.Fatalf("%v", answer)
	}
	for range 2 {
		if answer, status := j.feed(handle, nil, feedEnds); status != statusFailed || answer.(map[string]any)["code"] != "dsml-element" {
			t.Fatalf("%v", answer)
		}
	}
	if answer, status := j.parse([]byte(entry+"<oops>"), false, func() int { return 10 }); status || answer.(map[string]any)["code"] != "dsml-element" {
		t.Fatalf("%v", answer)
	}
	fault := `<Envelope xmlns="http://schemas.xmlsoap.org/soap/envelope/"><Body><Fault><faultcode>Client</faultcode><faultstring>no</faultstring></Fault></Body></Envelope>`
	if answer, status := j.parse([]byte(fault), false, func() int { return 1000 }); status || answer.(map[string]any)["code"] != "soap-fault-received" {
		t.Fatalf("%v", answer)
	}
	if _, _, status := j.kit.feed(99, 0, 0); status != statusBroken {
		t.Errorf("a stream that is not there: %d", status)
	}
}
