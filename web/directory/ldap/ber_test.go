package ldap

import (
	"bytes"
	"strings"
	"testing"

	ber "github.com/go-asn1-ber/asn1-ber"
	goldap "github.com/go-ldap/ldap/v3"
	"pgregory.net/rapid"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// What is written here is read there, and the other way round.
func TestBER_SecondOpinion(t *testing.T) {
	for _, n := range []int{0, 1, 127, 128, 255, 256, 65535, 65536, 1<<24 - 1, 1 << 24} {
		e := element(tagOctets, bytes.Repeat([]byte{'x'}, n))
		p, err := ber.DecodePacketErr(e)
		if err != nil || len(p.ByteValue) != n {
			t.Errorf("%d bytes: %v", n, err)
		}
		size, length, err := header(e)
		if err != nil || length != n || size+n != len(e) {
			t.Errorf("%d bytes are read as %d + %d, %v", n, size, length, err)
		}
	}
	for _, n := range []int32{0, 1, 127, 128, 255, 256, 32767, 32768, 1<<23 - 1, 1 << 23, 1<<31 - 1} {
		p, err := ber.DecodePacketErr(integer(tagInteger, n))
		if err != nil || p.Value != int64(n) {
			t.Errorf("%d: %v, %v", n, p.Value, err)
		}
		if c := (&cursor{rest: string(integer(tagInteger, n))}); c.number(tagInteger) != n || c.bad {
			t.Errorf("%d does not come back", n)
		}
	}
	// Lengths in more bytes than they need (D-149), as Active Directory writes
	// them.
	if m, ok := readMessage("\x30\x84\x00\x00\x00\x07\x02\x01\x05\x64\x82\x00\x00"); !ok || m.id != 5 || m.op != opEntry {
		t.Errorf("%+v, %v", m, ok)
	}
	// A filter of every kind, as go-ldap writes it.
	for _, f := range []string{"(a=b)", "(&(a=b)(!(c>=d))(|(e<=f)(g~=h)))", "(a=*)", "(a=i*x*y*f)", "(a=*x*)", "(a:dn:2.5.13.5:=v)", "(:caseExactMatch:=v)", `(a=\2a\00\ff)`} {
		parsed, err := dsml.ParseFilter(f)
		if err != nil {
			t.Fatal(err)
		}
		want, err := goldap.CompileFilter(f)
		if err != nil {
			t.Fatal(err)
		}
		// TRUE is 0xff (RFC 4511 section 5.1), where go-ldap writes 1.
		text := bytes.ReplaceAll(want.Bytes(), []byte{0x84, 1, 1}, []byte{0x84, 1, 0xff})
		if got := encodeSearch(&dsml.SearchRequest{Filter: parsed}); !bytes.Contains(got, text) {
			t.Errorf("%s is %x, want %x in it", f, got, text)
		}
	}
}

// Whatever comes, it is read or refused.
func TestBER_Nonsense(t *testing.T) {
	good := string(element(tagSequence, integer(tagInteger, 1), entryOf("cn=x", "a", "b"), encodeControls([]dsml.Control{{Type: "1.2", Criticality: true, Value: &dsml.Value{Data: "v"}}})))
	whole := func(text string) bool {
		m, ok := readMessage(text)
		if !ok {
			return false
		}
		_, entry := m.item(nil)
		_, _ = m.result()
		_, _ = m.extended()
		return entry
	}
	if !whole(good) {
		t.Fatal("a good message is refused")
	}
	for i := range good {
		if whole(good[:i]) {
			t.Errorf("%d bytes of %d are taken for all", i, len(good))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		text := []byte(good)
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			text[rapid.IntRange(0, len(text)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "byte")
		}
		whole(string(text))
		whole(string(rapid.SliceOf(rapid.Byte()).Draw(t, "noise")))
	})
	for _, bad := range []string{"\x30\x80\x00\x00", "\x30\xff", "\x1f\x81\x01\x00", "\x30\x88\xff\xff\xff\xff\xff\xff\xff\xff"} {
		if _, _, err := header(bad); err == nil {
			t.Errorf("%x has a header", bad)
		}
	}
	if c := (&cursor{rest: "\x02\x05\x01\x00\x00\x00\x00"}); c.number(tagInteger) != 0 || !c.bad {
		t.Error("a number beyond 32 bits is taken")
	}
	if strings.Count(good, "cn=x") != 1 {
		t.Error("the message is not what it was")
	}
}
