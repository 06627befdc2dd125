package dsml

import (
	"bytes"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// drain takes what is ready.
func drain(d *Decoder) (items []Item, err error) {
	for {
		i, err := d.Next()
		if err != nil {
			return items, err
		}
		items = append(items, i)
	}
}

func stream(text []byte, o Options, size int) ([]Item, *Decoder, error) {
	d := NewDecoder(o)
	var items []Item
	for len(text) > 0 {
		n := min(size, len(text))
		d.More(n < len(text) && len(text)%2 == 0)
		d.Feed(text[:n])
		text = text[n:]
		more, err := drain(d)
		items = append(items, more...)
		if !errors.Is(err, ErrNeedInput) {
			return items, d, err
		}
	}
	d.Close()
	more, err := drain(d)
	return append(items, more...), d, err
}

// parts takes a document apart as the Decoder does.
func parts(doc Document) (items []Item) {
	switch doc := doc.(type) {
	case *BatchRequest:
		for _, r := range doc.Requests {
			items = append(items, r)
		}
	case *BatchResponse:
		for _, r := range doc.Responses {
			s, ok := r.(*SearchResponse)
			if !ok {
				items = append(items, r)
				continue
			}
			for _, e := range s.Entries {
				items = append(items, e)
			}
			for _, f := range s.References {
				items = append(items, f)
			}
			items = append(items, s.Done)
		}
	}
	return items
}

// TestStream feeds generated documents in pieces of every size and compares
// with reading them whole.
func TestStream(t *testing.T) {
	for seed := range uint64(120) {
		doc := newGenerator(seed).document()
		text, err := Marshal(doc, WriteOptions{Envelope: soap.V11})
		if err != nil {
			t.Fatal(err)
		}
		for _, size := range []int{1, 2, 3, 7, 64, len(text)} {
			items, d, err := stream(text, Options{}, size)
			if err != io.EOF {
				t.Fatalf("seed %d, pieces of %d: %v", seed, size, err)
			}
			if !reflect.DeepEqual(items, parts(doc)) {
				t.Fatalf("seed %d, pieces of %d: the parts differ", seed, size)
			}
			if d.Envelope() == nil || d.Envelope().Version != soap.V11 {
				t.Fatal("no envelope")
			}
		}
	}
}

// TestStreamErrors cuts and damages documents: the stream ends with the error
// that reading the whole gives.
func TestStreamErrors(t *testing.T) {
	text := []byte(`<batchResponse xmlns="` + Namespace + `" requestID="7"><searchResponse requestID="s">` +
		`<searchResultEntry dn="cn=a"><attr name="a"><value>1</value></attr></searchResultEntry>` +
		`<searchResultDone><resultCode code="x"/></searchResultDone></searchResponse></batchResponse>`)
	_, whole := Parse(text, Options{})
	items, d, err := stream(text, Options{}, 10)
	if len(items) != 1 || items[0].Element() != "searchResultEntry" {
		t.Fatalf("parts before the error: %v", items)
	}
	if !reflect.DeepEqual(err, whole) || whole.(*Error).Statement != "D-104" {
		t.Fatalf("%v, and %v of the whole", err, whole)
	}
	if _, again := d.Next(); again != err {
		t.Fatalf("the error is not final: %v", again)
	}
	if p := d.Parsed(); p.RequestID != Some("7") || p.IsRequest || p.Document.(*BatchResponse).RequestID != Some("7") {
		t.Fatalf("what is known of the document: %+v", p)
	}
	for n := range text {
		if _, _, err := stream(text[:n], Options{}, 16); err == io.EOF || errors.Is(err, ErrNeedInput) {
			t.Fatalf("cut at %d: %v", n, err)
		}
	}
}

func TestStreamSearchID(t *testing.T) {
	d := NewDecoder(Options{})
	d.Feed([]byte(`<batchResponse xmlns="` + Namespace + `"><searchResponse requestID="s1"><searchResultEntry dn="cn=a"/>`))
	items, err := drain(d)
	if len(items) != 1 || err != ErrNeedInput || d.SearchID() != Some("s1") {
		t.Fatalf("%v, %v, %v", items, err, d.SearchID())
	}
	d.Feed([]byte(`<searchResultDone><resultCode code="0"/></searchResultDone></searchResponse></batchResponse>`))
	d.Close()
	if items, err = drain(d); len(items) != 1 || err != io.EOF || d.SearchID().Set {
		t.Fatalf("%v, %v, %v", items, err, d.SearchID())
	}
}

// TestStreamMemory reads many entries and checks that the Decoder keeps none.
func TestStreamMemory(t *testing.T) {
	d := NewDecoder(Options{})
	d.Feed([]byte(`<batchResponse xmlns="` + Namespace + `"><searchResponse>`))
	entry := []byte(`<searchResultEntry dn="cn=a"><attr name="a"><value>` + strings.Repeat("x", 1000) + `</value></attr></searchResultEntry>`)
	perEntry := testing.AllocsPerRun(2000, func() {
		d.Feed(entry)
		if _, err := d.Next(); err != nil {
			t.Fatal(err)
		}
	})
	if perEntry > 12 {
		t.Errorf("%v allocations an entry", perEntry)
	}
	if d.r.d.search.Entries != nil || cap(d.r.d.items) > 8 || len(d.r.d.stack) > 2 {
		t.Error("the Decoder keeps what it has yielded")
	}
}

// TestStreamedWriting makes the document that Marshal makes, piece by piece.
func TestStreamedWriting(t *testing.T) {
	entry := &SearchResultEntry{DN: "cn=a", Attrs: []Attribute{{"photo", []Value{{"\x00", Base64Binary}}}}}
	ref := &SearchResultReference{Refs: []string{"ldap://b/"}}
	done := &Result{Kind: SearchResultDone}
	other := &Result{Kind: DelResponse, LDAPResult: LDAPResult{Message: Message{RequestID: Some("2")}}}
	doc := &BatchResponse{RequestID: Some("1"), Responses: []Response{
		&SearchResponse{RequestID: Some("s"), Entries: []*SearchResultEntry{entry}, References: []*SearchResultReference{ref}, Done: done}, other}}
	want, err := Marshal(doc, WriteOptions{})
	if err != nil {
		t.Fatal(err)
	}
	var got bytes.Buffer
	w := xml.NewWriter(xml.WriterOptions{})
	steps := []func() error{
		func() error { return StartBatchResponse(w, doc.RequestID) },
		func() error { return StartSearchResponse(w, Some("s")) },
		func() error { return WriteEntry(w, entry) },
		func() error { return WriteReference(w, ref) },
		func() error { return EndSearchResponse(w, done) },
		func() error { return WriteResponse(w, other) },
		func() error { return EndBatchResponse(w) },
	}
	for i, step := range steps {
		if err := step(); err != nil {
			t.Fatalf("step %d: %v", i, err)
		}
		got.Write(w.Take())
	}
	if got.String() != string(want) {
		t.Errorf("piece by piece:\n%s\nat once:\n%s", got.String(), want)
	}
}

// TestStreamMore: while more is at hand the end of a piece may wait, but not
// for ever, and nothing waits in what was fed last.
func TestStreamMore(t *testing.T) {
	entry := `<searchResultEntry dn="cn=a"><attr name="a"><value>b</value></attr></searchResultEntry>`
	d := NewDecoder(Options{})
	count := func(piece string, more bool) int {
		d.More(more)
		d.Feed([]byte(piece))
		items, err := drain(d)
		if err != ErrNeedInput {
			t.Fatal(err)
		}
		return len(items)
	}
	if n := count(`<batchResponse xmlns="`+Namespace+`"><searchResponse>`+strings.Repeat(entry, 10), false); n != 10 {
		t.Errorf("%d entries of 10", n)
	}
	some := count(strings.Repeat(entry, 20), true)
	if some == 20 || some < 20-reach/len(entry)-1 {
		t.Errorf("%d entries at once", some)
	}
	if n := count("\n", false); some+n != 20 {
		t.Errorf("%d entries, and then %d", some, n)
	}
	fed, read := 0, 0
	for range 5000 {
		fed++
		read += count(entry, true)
		if fed-read > reach/len(entry)+1 {
			t.Fatalf("%d entries wait", fed-read)
		}
	}
	if size := len(d.s.Reserve(1)); size != 1 || cap(d.s.Reserve(1)) > 16*reach {
		t.Errorf("a buffer of %d bytes", cap(d.s.Reserve(1)))
	}
}
