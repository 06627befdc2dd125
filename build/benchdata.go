package main

import (
	"bytes"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// entry is what a search found, as the generator knows it: the answer that every
// parser is held to.
type entry struct {
	dn    string
	attrs []attribute
}

// attribute has text values, or bytes, which DSML carries as base64.
type attribute struct {
	name   string
	values []string
	binary bool
}

var (
	givenNames = []string{"Anna", "Ben", "Chloé", "Dmitri", "Eva", "Frank", "Gudrun", "Hans-Jürgen", "Ines", "John", "佳子", "Łukasz", "Maria", "Noël", "Olga", "Peter"}
	surnames   = []string{"Adams", "Baker", "Çelik", "Davis", "Evans", "Fischer", "Garcia", "Hughes", "Ivanova", "Jones", "Müller", "O'Neill", "Smith", "Šimůnek", "田中", "Young"}
	units      = []string{"Sales", "Research & Development", "Finance", "Support", "Legal"}
	groupNamed = []string{"staff", "all", "printers", "vpn", "R&D <core>", "building 7"}
)

// entries calls visit with entry after entry, always the same ones for a seed,
// until visit gives false. About ten attributes each, most in a fixed order and
// some not always there, as a directory sends them; with shuffle in random order.
func entries(seed uint64, shuffle bool, visit func(entry) bool) {
	random := rand.New(rand.NewPCG(seed, 2))
	pick := func(from []string) string { return from[random.IntN(len(from))] }
	for n := 1; ; n++ {
		given, sur, unit := pick(givenNames), pick(surnames), pick(units)
		name := given + " " + sur
		login := fmt.Sprintf("user%05d", n)
		attrs := []attribute{
			{name: "objectClass", values: []string{"top", "person", "organizationalPerson", "inetOrgPerson"}},
			{name: "cn", values: []string{name}},
			{name: "sn", values: []string{sur}},
			{name: "givenName", values: []string{given}},
			{name: "uid", values: []string{login}},
			{name: "mail", values: []string{login + "@example.com"}},
			{name: "telephoneNumber", values: []string{fmt.Sprintf("+1 555 %04d %04d", random.IntN(10000), random.IntN(10000))}},
		}
		if random.IntN(4) > 0 {
			text := "Works in " + unit + " – room <" + strconv.Itoa(random.IntN(400)) + ">, \"desk\" " + strconv.Itoa(random.IntN(9))
			attrs = append(attrs, attribute{name: "description", values: []string{text}})
		}
		var member []string
		for range random.IntN(4) {
			member = append(member, "cn="+pick(groupNamed)+",ou=groups,dc=example,dc=com")
		}
		if member != nil {
			attrs = append(attrs, attribute{name: "memberOf", values: member})
		}
		attrs = append(attrs, attribute{name: "whenChanged", values: []string{fmt.Sprintf("2026%02d%02d%06d.0Z", 1+random.IntN(12), 1+random.IntN(28), random.IntN(240000))}})
		blob := func(n int) string {
			b := make([]byte, n)
			for i := range b {
				b[i] = byte(random.Uint32())
			}
			return string(b)
		}
		if random.IntN(2) == 0 {
			attrs = append(attrs, attribute{name: "objectGUID", values: []string{blob(16)}, binary: true})
		}
		if random.IntN(20) == 0 {
			attrs = append(attrs, attribute{name: "userCertificate", values: []string{blob(300)}, binary: true})
		}
		if shuffle {
			random.Shuffle(len(attrs), func(i, j int) { attrs[i], attrs[j] = attrs[j], attrs[i] })
		}
		dn := "cn=" + strings.ReplaceAll(name, "'", "\\27") + " " + strconv.Itoa(n) + ",ou=" + unit + ",dc=example,dc=com"
		if !visit(entry{dn, attrs}) {
			return
		}
	}
}

// responseHead and responseTail stand around the entries of a search response.
const (
	responseHead = `<?xml version="1.0" encoding="UTF-8"?>` + "\n" +
		`<batchResponse xmlns="urn:oasis:names:tc:DSML:2:0:core" xmlns:xsd="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"><searchResponse requestID="1">` + "\n"
	responseTail = `<searchResultDone><resultCode code="0" descr="success"/></searchResultDone></searchResponse></batchResponse>` + "\n"
)

// The numeric reference stands for what a server writes that keeps to ASCII in
// places; a parser has to know it, too.
var escapeText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;", "–", "&#x2013;")

// appendXML writes the entry as DSML, without white space inside, as servers do.
func (e entry) appendXML(b *bytes.Buffer) {
	b.WriteString(`<searchResultEntry dn="`)
	escapeText.WriteString(b, e.dn)
	b.WriteString(`">`)
	for _, a := range e.attrs {
		b.WriteString(`<attr name="` + a.name + `">`)
		for _, v := range a.values {
			if a.binary {
				b.WriteString(`<value xsi:type="xsd:base64Binary">` + base64.StdEncoding.EncodeToString([]byte(v)) + `</value>`)
				continue
			}
			b.WriteString("<value>")
			escapeText.WriteString(b, v)
			b.WriteString("</value>")
		}
		b.WriteString("</attr>")
	}
	b.WriteString("</searchResultEntry>\n")
}

// appendJSON writes {"dn": ..., "attrs": {name: [values]}} with bytes as base64.
func (e entry) appendJSON(b *bytes.Buffer) {
	quoted := func(s string) {
		var text bytes.Buffer
		encoder := json.NewEncoder(&text)
		encoder.SetEscapeHTML(false)
		// A string can always be encoded, and memory be written to.
		_ = encoder.Encode(s)
		b.Write(bytes.TrimSuffix(text.Bytes(), []byte("\n")))
	}
	b.WriteString(`{"dn":`)
	quoted(e.dn)
	b.WriteString(`,"attrs":{`)
	for i, a := range e.attrs {
		if i > 0 {
			b.WriteByte(',')
		}
		quoted(a.name)
		b.WriteString(":[")
		for j, v := range a.values {
			if j > 0 {
				b.WriteByte(',')
			}
			if a.binary {
				v = base64.StdEncoding.EncodeToString([]byte(v))
			}
			quoted(v)
		}
		b.WriteByte(']')
	}
	b.WriteString("}}")
}

// document is one search response, the same data as JSON, and the digest that
// the objects must have which are made of it.
type document struct {
	xml, json []byte
	digest    string
	entries   int
}

// generate makes a response of about size bytes.
func generate(size int, shuffle bool) document {
	return documentOf(func(visit func(entry) bool) { entries(uint64(size), shuffle, visit) }, size)
}

// documentOf takes entries from a source until the response has its size; one
// entry at least.
func documentOf(source func(visit func(entry) bool), size int) document {
	var d document
	var x, j bytes.Buffer
	x.Grow(size + 4096)
	x.WriteString(responseHead)
	j.WriteByte('[')
	sum := newDigest()
	source(func(e entry) bool {
		if d.entries > 0 {
			if x.Len()+len(responseTail) >= size {
				return false
			}
			j.WriteByte(',')
		}
		d.entries++
		e.appendXML(&x)
		e.appendJSON(&j)
		sum.entry(e)
		return true
	})
	x.WriteString(responseTail)
	j.WriteByte(']')
	d.xml, d.json, d.digest = x.Bytes(), j.Bytes(), sum.String()
	return d
}

// digest is a checksum of entries that JavaScript can compute fast as well:
// build/bench/digest.mjs is its twin. It runs over UTF-16 code units, and every
// string is preceded by its length and what it is.
type digest struct{ a, b uint32 }

func newDigest() *digest { return &digest{0x811c9dc5, 0x9747b28c} }

func (d *digest) add(n uint32) {
	d.a = (d.a ^ n) * 0x01000193
	d.b = (d.b^n)*0x85ebca6b + 0x7f4a7c15
	d.b ^= d.b >> 15
}

func (d *digest) text(kind uint32, s string) {
	units := utf16.Encode([]rune(s))
	d.add(kind)
	d.add(uint32(len(units)))
	for _, u := range units {
		d.add(uint32(u))
	}
}

func (d *digest) entry(e entry) {
	d.text(1, e.dn)
	d.add(uint32(len(e.attrs)))
	for _, a := range e.attrs {
		d.text(2, a.name)
		d.add(uint32(len(a.values)))
		for _, v := range a.values {
			if !a.binary {
				d.text(3, v)
				continue
			}
			d.add(4)
			d.add(uint32(len(v)))
			for _, c := range []byte(v) {
				d.add(uint32(c))
			}
		}
	}
}

func (d *digest) String() string { return fmt.Sprintf("%08x%08x", d.a, d.b) }

// median sorts the samples.
func median(samples []float64) float64 {
	slices.Sort(samples)
	n := len(samples)
	if n == 0 {
		return 0
	}
	return (samples[(n-1)/2] + samples[n/2]) / 2
}
