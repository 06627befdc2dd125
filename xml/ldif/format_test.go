package ldif

import (
	"errors"
	"math/rand/v2"
	"reflect"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

func TestFormatEntries(t *testing.T) {
	out, err := FormatEntries([]*dsml.SearchResultEntry{
		{DN: "cn=a", Attrs: []dsml.Attribute{
			{Name: "cn", Values: []dsml.Value{text("a"), text("")}},
			{Name: "space", Values: []dsml.Value{text(" a"), text("a ")}},
			{Name: "none"},
			{Name: "bytes", Values: []dsml.Value{binary("abc")}},
			{Name: "long", Values: []dsml.Value{text(strings.Repeat("0123456789", 16))}},
		}},
		{DN: "cn=é"},
	})
	want := `version: 1

dn: cn=a
cn: a
cn:
space:: IGE=
space:: YSA=
bytes:: YWJj
long: 0123456789012345678901234567890123456789012345678901234567890123456789
 012345678901234567890123456789012345678901234567890123456789012345678901234
 567890123456789

dn:: Y249w6k=
`
	if err != nil || string(out) != want {
		t.Errorf("%v\n%s", err, out)
	}
}

// TestSafeStrings: what may stand behind a single colon is what RFC 2849 calls
// a SAFE-STRING.
func TestSafeStrings(t *testing.T) {
	for s, want := range map[string]bool{
		"": true, "a": true, "a b": true, "a:b<c": true, "#a": true, "-": true,
		" a": false, ":a": false, "<a": false, "a ": false, "a\nb": false, "a\rb": false, "a\x00b": false, "é": false,
	} {
		if safe(s) != want {
			t.Errorf("%q", s)
		}
	}
}

func TestRequestsWithoutRecord(t *testing.T) {
	for _, r := range []dsml.Request{&dsml.SearchRequest{}, &dsml.CompareRequest{}, &dsml.ExtendedRequest{}, &dsml.AbandonRequest{}, &dsml.AuthRequest{}} {
		_, err := FormatRequests(&dsml.BatchRequest{Requests: []dsml.Request{r}})
		var e *xml.Error
		if !errors.As(err, &e) || e.Code != CodeUnsupported || !strings.Contains(e.Message, r.Element()) {
			t.Errorf("%s: %v", r.Element(), err)
		}
	}
}

// TestNamesCannotAddLines: a name comes from whoever made the request.
func TestNamesCannotAddLines(t *testing.T) {
	for _, name := range []string{"", "cn: x\ndn", "cn:", "c n", "é"} {
		attrs := []dsml.Attribute{{Name: name, Values: []dsml.Value{text("v")}}}
		if out, err := FormatEntries([]*dsml.SearchResultEntry{{DN: "a=b", Attrs: attrs}}); err == nil {
			t.Errorf("%q: %s", name, out)
		}
		mods := []dsml.Modification{{Name: name}}
		if out, err := FormatRequests(&dsml.BatchRequest{Requests: []dsml.Request{&dsml.ModifyRequest{Modifications: mods}}}); err == nil {
			t.Errorf("%q: %s", name, out)
		}
		controls := dsml.Message{Controls: []dsml.Control{{Type: name}}}
		if out, err := FormatRequests(&dsml.BatchRequest{Requests: []dsml.Request{&dsml.DelRequest{Message: controls}}}); err == nil {
			t.Errorf("%q: %s", name, out)
		}
	}
}

// TestD_154_RoundTrip: operations, the order of modifications, controls and the
// bytes of values survive the way to LDIF and back, for batches made at random.
func TestD_154_RoundTrip(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 6))
	str := func() string {
		const of = "ab :<#-\n\r\x00é😀 "
		runes := []rune(of)
		var b strings.Builder
		for range r.IntN(12) {
			b.WriteRune(runes[r.IntN(len(runes))])
		}
		return strings.Repeat(b.String(), 1+r.IntN(10))
	}
	value := func() dsml.Value {
		if r.IntN(2) == 0 {
			return text(str())
		}
		return binary(str() + "\xff")
	}
	values := func() (list []dsml.Value) {
		for range r.IntN(3) {
			list = append(list, value())
		}
		return list
	}
	message := func() (m dsml.Message) {
		for range r.IntN(3) {
			c := dsml.Control{Type: "1.2.840", Criticality: r.IntN(2) == 0}
			if r.IntN(2) == 0 {
				v := value()
				c.Value = &v
			}
			m.Controls = append(m.Controls, c)
		}
		return m
	}
	for range 2000 {
		b := &dsml.BatchRequest{}
		for range 1 + r.IntN(4) {
			var x dsml.Request
			switch r.IntN(4) {
			case 0:
				a := &dsml.AddRequest{Message: message(), DN: str()}
				for _, name := range []string{"cn", "sn;binary"} {
					if v := values(); len(v) > 0 {
						a.Attrs = append(a.Attrs, dsml.Attribute{Name: name, Values: v})
					}
				}
				x = a
			case 1:
				x = &dsml.DelRequest{Message: message(), DN: str()}
			case 2:
				x = &dsml.ModDNRequest{Message: message(), DN: str(), NewRDN: str(), KeepOldRDN: r.IntN(2) == 0, NewSuperior: dsml.Optional{}}
				if r.IntN(2) == 0 {
					x.(*dsml.ModDNRequest).NewSuperior = dsml.Some(str())
				}
			case 3:
				m := &dsml.ModifyRequest{Message: message(), DN: str()}
				for range r.IntN(4) {
					m.Modifications = append(m.Modifications, dsml.Modification{Name: "cn", Op: dsml.ModifyOp(r.IntN(4)), Values: values()})
				}
				x = m
			}
			b.Requests = append(b.Requests, x)
		}
		out, err := FormatRequests(b)
		if err != nil {
			t.Fatal(err)
		}
		for _, l := range strings.Split(string(out), "\n") {
			if len(l) > lineLength {
				t.Fatalf("a line of %d bytes: %s", len(l), l)
			}
		}
		got, err := Parse(out, Options{})
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if !reflect.DeepEqual(asBytes(got.Batch), asBytes(b)) {
			t.Fatalf("%#v\n%s", b, out)
		}
	}
}

// asBytes forgets which values were text: LDIF carries some text as bytes.
func asBytes(b *dsml.BatchRequest) *dsml.BatchRequest {
	forget := func(values []dsml.Value) {
		for i := range values {
			values[i].Type = dsml.Text
		}
	}
	for _, r := range b.Requests {
		m := r.Head()
		for i := range m.Controls {
			if v := m.Controls[i].Value; v != nil {
				v.Type = dsml.Text
			}
		}
		switch r := r.(type) {
		case *dsml.AddRequest:
			for i := range r.Attrs {
				forget(r.Attrs[i].Values)
			}
		case *dsml.ModifyRequest:
			for i := range r.Modifications {
				forget(r.Modifications[i].Values)
			}
		}
	}
	return b
}

func FuzzParse(f *testing.F) {
	f.Add([]byte(content))
	f.Add([]byte("dn: a=b\ncontrol: 1.2 true:: AA==\nchangetype: modify\nadd: cn\ncn: x\n-\n"))
	f.Add([]byte("dn:: Yg==\nchangetype: modrdn\nnewrdn: c=d\ndeleteoldrdn: 0\nnewsuperior:\n"))
	f.Add([]byte("dn: a\ncn:< file:x\n"))
	f.Fuzz(func(t *testing.T, in []byte) {
		file, err := Parse(in, Options{URLs: true})
		if err != nil {
			var e *xml.Error
			if !errors.As(err, &e) || e.Pos.Line < 1 || e.Pos.Column < 1 {
				t.Fatalf("%v", err)
			}
			return
		}
		// What was read can be written, and is read as the same again.
		var out []byte
		if file.Batch != nil {
			out, err = FormatRequests(file.Batch)
		} else {
			out, err = FormatEntries(file.Entries)
		}
		if err != nil {
			var e *xml.Error
			if errors.As(err, &e) && e.Code == CodeUnsupported {
				return // a reference that no LDIF should have
			}
			t.Fatalf("%v\n%q", err, in)
		}
		again, err := Parse(out, Options{URLs: true})
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if len(again.Entries) != len(file.Entries) || file.Batch != nil && !reflect.DeepEqual(asBytes(again.Batch), asBytes(file.Batch)) {
			t.Fatalf("%q\n%s", in, out)
		}
	})
}
