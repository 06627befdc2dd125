package main

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"
)

// TestPagesCross has documents read that are, but for entries and requestIDs,
// mostly those before, and compares each with what a toolkit makes of it that
// has seen no other.
func TestPagesCross(t *testing.T) {
	r := rand.New(rand.NewPCG(8, 9))
	j := newJS(t)
	names := []string{"cn", "sn", "mail", "objectClass"}
	var head, tail string
	atOnce, refused := 0, 0
	for n := range 4000 {
		if n%40 == 0 {
			id := ""
			if r.IntN(2) == 0 {
				id = ` requestID="@"`
			}
			control := ""
			if r.IntN(3) == 0 {
				control = `<control type="1.2.840.113556.1.4.319"><controlValue xsi:type="xsd:base64Binary">MAUCAQAEAA==</controlValue></control>`
			}
			head = `<batchResponse xmlns="urn:oasis:names:tc:DSML:2:0:core" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"` + id + `><searchResponse requestID="@">`
			tail = `<searchResultDone>` + control + `<resultCode code="0"/><errorMessage>é` + fmt.Sprint(n) + `</errorMessage></searchResultDone></searchResponse></batchResponse>`
		}
		var b strings.Builder
		b.WriteString(strings.ReplaceAll(head, "@", fmt.Sprint(r.IntN(100))))
		for range 1 + r.IntN(4) {
			fmt.Fprintf(&b, `<searchResultEntry dn="cn=%d">`, r.IntN(100))
			for range 1 + r.IntN(4) {
				name := names[r.IntN(len(names))]
				if r.IntN(100) == 0 {
					name = fmt.Sprintf("new%d", n)
				}
				fmt.Fprintf(&b, `<attr name="%s"><value>%s</value></attr>`, name, []string{"a", "é", "a value of some length, longer than others", "&lt;"}[r.IntN(4)])
			}
			b.WriteString(`</searchResultEntry>`)
		}
		b.WriteString(tail)
		text := b.String()
		switch r.IntN(20) {
		case 0:
			text = strings.Replace(text, "<value>", "<value>&bad;", 1)
		case 1:
			text = strings.Replace(text, `name="sn"`, `name="!"`, 1)
		case 2:
			text = strings.Replace(text, `</value></attr><`, `</value><value/></attr><`, 1)
		}
		want, err := parsedApart(t, []byte(text), false)
		if err != nil {
			refused++
		}
		// What is written from memory is known by a mark.
		parser := j.kit.stream(0)
		if parser.like {
			parser.done.wide = bytes.Replace(parser.done.wide, []byte("é"), []byte("ö"), 1)
		}
		got, ok := j.parse([]byte(text), false, func() int { return len(text) })
		if answer, _ := got.(map[string]any); ok {
			done := answer["responses"].([]any)[0].(map[string]any)["done"].(map[string]any)
			if message := done["errorMessage"].(string); strings.HasPrefix(message, "ö") {
				done["errorMessage"] = strings.Replace(message, "ö", "é", 1)
				parser.done.wide = bytes.Replace(parser.done.wide, []byte("ö"), []byte("é"), 1)
				atOnce++
			}
		}
		if ok != (err == nil) || !reflect.DeepEqual(got, want) {
			t.Fatalf("%s\nread as %v\ninstead of %v (%v)", text, got, want, err)
		}
	}
	t.Log(atOnce, "read at once,", refused, "refused")
	if atOnce < 1000 || refused < 100 {
		t.Error("that is no test")
	}
}
