package main

import (
	"github.com/dsmlkit/dsmlkit/xml/dsml"
	"github.com/dsmlkit/dsmlkit/xml/ldif"
)

func ldifParse(c *call) error {
	text := c.arg("text").document()
	if c.errs.first != nil {
		return nil
	}
	file, err := ldif.Parse(text, ldif.Options{})
	if err != nil {
		return err
	}
	if file.Batch != nil {
		c.out.batchRequest(file.Batch)
	} else {
		c.out.entries(file.Entries)
	}
	return nil
}

func ldifFormat(c *call) error {
	a := c.arg("document")
	var text []byte
	var err error
	if a.kind == inList {
		entries := readEntries(a)
		if c.errs.first == nil {
			text, err = ldif.FormatEntries(entries)
		}
	} else {
		d := readDocument(a)
		if c.errs.first == nil {
			text, err = formatDocument(d)
		}
	}
	if err != nil {
		return err
	}
	c.out.text(string(text))
	return nil
}

// formatDocument writes the requests of a batch, or the entries of all searches
// in a response.
func formatDocument(d dsml.Document) ([]byte, error) {
	if b, ok := d.(*dsml.BatchRequest); ok {
		return ldif.FormatRequests(b)
	}
	var entries []*dsml.SearchResultEntry
	for _, r := range d.(*dsml.BatchResponse).Responses {
		if s, ok := r.(*dsml.SearchResponse); ok {
			entries = append(entries, s.Entries...)
		}
	}
	return ldif.FormatEntries(entries)
}
