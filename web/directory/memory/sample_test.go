package memory

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"image/jpeg"
	"strings"
	"testing"
	"unicode"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// TestSampleIsAlwaysTheSame holds counts and content. A change of the sample
// is a change of what others have in their tests: change these numbers only
// with a reason. Photos are left out of the digest, because they are as Go's
// encoder makes them.
func TestSampleIsAlwaysTheSame(t *testing.T) {
	c := connect(t, Sample())
	for filter, want := range map[string]int{
		"(objectClass=*)": 2127, "(objectClass=inetOrgPerson)": 2000, "(objectClass=groupOfNames)": 32, "(objectClass=groupOfUniqueNames)": 1,
		"(objectClass=organizationalUnit)": 18, "(objectClass=locality)": 12, "(objectClass=device)": 60, "(objectClass=account)": 2,
		"(objectClass=alias)": 1, "(jpegPhoto=*)": 125, "(userCertificate=*)": 50, "(cn;lang-en=*)": 1401, "(manager=*)": 1999,
	} {
		r := c.find(base, dsml.WholeSubtree, filter, "1.1")
		if len(r.entries) != want || len(r.refs) != 1 {
			t.Errorf("%s: %d entries, %d references; want %d and 1", filter, len(r.entries), len(r.refs), want)
		}
	}
	h := sha256.New()
	for _, e := range c.find(base, dsml.WholeSubtree, "(objectClass=*)", "*", "+").entries {
		fmt.Fprintln(h, e.DN)
		for _, a := range e.Attrs {
			if a.Name != "jpegPhoto" {
				fmt.Fprintf(h, "%s %q\n", a.Name, a.Values)
			}
		}
	}
	if got, want := hex.EncodeToString(h.Sum(nil)), "3ce96a0f4e861c9da3aaeb19a64fe4a9e8cd6108b53e75cbec7b1d0f5896b458"; got != want {
		t.Errorf("digest %s, want %s", got, want)
	}
}

func TestSampleMakesSense(t *testing.T) {
	d := Sample()
	c := connect(t, d)
	scripts := map[string]int{}
	for _, e := range c.find(people, dsml.SingleLevel, "(objectClass=*)").entries {
		for _, a := range e.Attrs {
			for _, v := range a.Values {
				switch a.Name {
				case "cn":
					for _, s := range []string{"Latin", "Greek", "Cyrillic", "Arabic", "Hebrew", "Devanagari", "Han", "Hiragana", "Katakana", "Hangul"} {
						if strings.ContainsFunc(v.Data, func(r rune) bool { return unicode.Is(unicode.Scripts[s], r) }) {
							scripts[s]++
						}
					}
				case "jpegPhoto":
					img, err := jpeg.Decode(bytes.NewReader([]byte(v.Data)))
					if err != nil || img.Bounds().Dx() != 48 || v.Type != dsml.Base64Binary {
						t.Errorf("%s: photo of type %d: %v", e.DN, v.Type, err)
					}
				case "userCertificate;binary":
					if n := int(v.Data[2])<<8 | int(v.Data[3]); v.Data[:2] != "\x30\x82" || n != len(v.Data)-4 {
						t.Errorf("%s: a certificate that is no SEQUENCE", e.DN)
					}
				}
			}
		}
	}
	if len(scripts) != 10 {
		t.Errorf("scripts: %v", scripts)
	}
	for _, e := range c.find(base, dsml.WholeSubtree, "(|(manager=*)(member=*)(uniqueMember=*)(owner=*)(aliasedObjectName=*))", "manager", "member", "uniqueMember", "owner", "aliasedObjectName").entries {
		for _, a := range e.Attrs {
			for _, v := range a.Values {
				if n, err := d.schema.parseName(v.Data); err != nil || d.nodes[n.key()] == nil {
					t.Errorf("%s: %s names nobody: %s", e.DN, a.Name, v.Data)
				}
			}
		}
	}
}

func TestSamplesAreApart(t *testing.T) {
	a, b := connect(t, Sample()), connect(t, Sample())
	dn := a.find(people, dsml.SingleLevel, "(uid=*)", "1.1").entries[0].DN
	a.want(dsml.Success, a.do(&dsml.ModifyRequest{DN: dn, Modifications: []dsml.Modification{{Name: "cn", Values: []dsml.Value{{Data: "Somebody Else"}}}}}))
	a.want(dsml.Success, a.do(&dsml.ModDNRequest{DN: people, NewRDN: "ou=folk"}))
	if r := b.find(people, dsml.SingleLevel, "(cn=somebody else)"); len(r.entries) != 0 || r.Code != dsml.Success {
		t.Error("a change of one sample shows in another")
	}
	if got := len(b.find(people, dsml.SingleLevel, "(uid=*)", "1.1").entries); got != 2000 {
		t.Errorf("%d people", got)
	}
}

func BenchmarkGenerateSample(b *testing.B) {
	for b.Loop() {
		generate()
	}
}

func BenchmarkSample(b *testing.B) {
	for b.Loop() {
		Sample()
	}
}
