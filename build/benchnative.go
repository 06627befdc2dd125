package main

import (
	"bytes"
	"context"
	"encoding/base64"
	stdxml "encoding/xml"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

const nativeRounds = 7

// native measures the Go packages beside the standard library, both in this
// process.
func (b *bench) native(ctx context.Context) error {
	for _, c := range []contest{{id: "200KB", size: 200_000}, {id: "5MB", size: 5_000_000}} {
		id, d := c.id, generate(c.size, false)
		err := console.step("native/"+id, func() (string, error) {
			err := b.duel(ctx, "native/scanner/"+id, d, "encoding/xml tokens", scanTokens, standardTokens)
			if err != nil {
				return "", err
			}
			return "measured", b.duel(ctx, "native/dsml/"+id, d, "encoding/xml Unmarshal", parseDSML, unmarshalDSML)
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// outcome tells what came of reading a document; asked outside of the time that
// is taken.
type outcome func() string

// duel measures two ways of reading in turns. They must come to the same.
func (b *bench) duel(ctx context.Context, id string, d document, against string, ways ...func([]byte) (outcome, error)) error {
	var said []string
	for _, read := range ways {
		o, err := read(d.xml)
		if err != nil {
			return err
		}
		said = append(said, o())
	}
	if said[0] != said[1] {
		return fmt.Errorf("%s: dsmlkit finds %s, %s finds %s", id, said[0], against, said[1])
	}
	var samples [2][]float64
	for range nativeRounds {
		for i, read := range ways {
			runs, start := 0, time.Now()
			for time.Since(start) < sampleTime {
				if _, err := read(d.xml); err != nil {
					return err
				}
				runs++
			}
			samples[i] = append(samples[i], float64(len(d.xml)*runs)/1e6/time.Since(start).Seconds())
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	b.add(figure{ID: id, Unit: "MB/s", Ours: median(samples[0]), Against: map[string]float64{against: median(samples[1])}})
	return nil
}

// tokens counts what a token loop meets.
type tokens struct{ elements, attributes, text int }

func (n tokens) outcome() outcome {
	return func() string {
		return fmt.Sprintf("%d elements, %d attributes, %d bytes of text", n.elements, n.attributes, n.text)
	}
}

func scanTokens(text []byte) (outcome, error) {
	var n tokens
	s := xml.NewScanner(xml.DefaultLimits())
	s.Feed(text)
	s.Close()
	for {
		kind, err := s.Next()
		if err != nil {
			return nil, err
		}
		switch kind {
		case xml.StartElement:
			n.elements++
			n.attributes += len(s.Attrs())
		case xml.Text:
			n.text += len(s.Text())
		case xml.EndDocument:
			return n.outcome(), nil
		}
	}
}

func standardTokens(text []byte) (outcome, error) {
	var n tokens
	depth := 0
	d := stdxml.NewDecoder(bytes.NewReader(text))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return n.outcome(), nil
		}
		if err != nil {
			return nil, err
		}
		switch token := token.(type) {
		case stdxml.StartElement:
			depth++
			n.elements++
			for _, a := range token.Attr {
				if a.Name.Space != "xmlns" && a.Name.Local != "xmlns" {
					n.attributes++
				}
			}
		case stdxml.EndElement:
			depth--
		case stdxml.CharData:
			// White space around the root is no text of the document.
			if depth > 0 {
				n.text += len(token)
			}
		}
	}
}

func parseDSML(text []byte) (outcome, error) {
	parsed, err := dsml.Parse(text, dsml.Options{})
	if err != nil {
		return nil, err
	}
	return func() string {
		sum := newDigest()
		for _, r := range parsed.Document.(*dsml.BatchResponse).Responses {
			for _, found := range r.(*dsml.SearchResponse).Entries {
				e := entry{dn: found.DN}
				for _, a := range found.Attrs {
					one := attribute{name: a.Name}
					for _, v := range a.Values {
						one.values = append(one.values, v.Data)
						one.binary = v.Type == dsml.Base64Binary
					}
					e.attrs = append(e.attrs, one)
				}
				sum.entry(e)
			}
		}
		return "entries " + sum.String()
	}, nil
}

// unmarshalled is what whoever has only the standard library would write.
type unmarshalled struct {
	Entries []struct {
		DN    string `xml:"dn,attr"`
		Attrs []struct {
			Name   string  `xml:"name,attr"`
			Values []value `xml:"value"`
		} `xml:"attr"`
	} `xml:"searchResponse>searchResultEntry"`
}

type value struct {
	Type string `xml:"http://www.w3.org/2001/XMLSchema-instance type,attr"`
	Text string `xml:",chardata"`
}

func unmarshalDSML(text []byte) (outcome, error) {
	var found unmarshalled
	if err := stdxml.Unmarshal(text, &found); err != nil {
		return nil, err
	}
	var list []entry
	for _, f := range found.Entries {
		e := entry{dn: f.DN}
		for _, a := range f.Attrs {
			one := attribute{name: a.Name}
			for _, v := range a.Values {
				if v.Type == "xsd:base64Binary" {
					data, err := base64.StdEncoding.DecodeString(v.Text)
					if err != nil {
						return nil, err
					}
					one.binary = true
					v.Text = string(data)
				}
				one.values = append(one.values, v.Text)
			}
			e.attrs = append(e.attrs, one)
		}
		list = append(list, e)
	}
	return func() string {
		sum := newDigest()
		for _, e := range list {
			sum.entry(e)
		}
		return "entries " + sum.String()
	}, nil
}
