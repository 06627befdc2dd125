package main

import (
	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// writeBody writes one child of a Body.
type writeBody func(w *xml.Writer) error

// readBody converts what a Body is to hold: a document, an element, the text of
// either, or a list of them.
func readBody(a *argument) []writeBody {
	if !a.given() {
		return nil
	}
	if a.kind != inList {
		return []writeBody{readChild(a)}
	}
	var children []writeBody
	for i := range a.items {
		children = append(children, readChild(a.at(i)))
	}
	return children
}

func readChild(a *argument) writeBody {
	if isBatch(a) {
		d := readDocument(a)
		return func(w *xml.Writer) error { return dsml.Write(w, d) }
	}
	e := readElement(a)
	return func(w *xml.Writer) error {
		w.Element(e)
		return nil
	}
}
