package main

import "github.com/dsmlkit/dsmlkit/xml"

// readElement converts an element that is given as an object, or as its text.
// In an object the structure counts; its xml property is what it was read
// from.
func readElement(a *argument) *xml.Element {
	switch a.kind {
	case inText:
		return parseElement(a)
	case inObject:
		return readTree(a)
	}
	a.refuse("an element object or its text")
	return &xml.Element{}
}

func readTree(a *argument) *xml.Element {
	e := &xml.Element{}
	if !a.object("an element object") {
		return e
	}
	e.Name.Local = a.get("name").text()
	e.Name.Space, _ = a.get("namespace").optText()
	e.Prefix, _ = a.get("prefix").optText()
	bindings := a.get("namespaces")
	for i := range bindings.list() {
		b := bindings.at(i)
		if !b.object("an object with prefix and namespace") {
			break
		}
		e.Namespaces = append(e.Namespaces, xml.Binding{Prefix: b.get("prefix").text(), URI: b.get("namespace").text()})
	}
	attrs := a.get("attributes")
	for i := range attrs.list() {
		attr := attrs.at(i)
		if !attr.object("an object with name and value") {
			break
		}
		var x xml.ElementAttr
		x.Name.Local = attr.get("name").text()
		x.Name.Space, _ = attr.get("namespace").optText()
		x.Prefix, _ = attr.get("prefix").optText()
		x.Value = attr.get("value").text()
		e.Attrs = append(e.Attrs, x)
	}
	children := a.get("children")
	for i := range children.list() {
		child := children.at(i)
		if child.kind == inText {
			e.Children = append(e.Children, xml.Node{Text: child.text()})
		} else {
			e.Children = append(e.Children, xml.Node{Element: readTree(child)})
		}
	}
	return e
}

// parseElement reads the text of one element.
func parseElement(a *argument) *xml.Element {
	e, err := xml.ParseElement(a.data, xml.Limits{})
	if err != nil {
		f := failureOf(err)
		f.Detail = "in " + a.path()
		if a.errs.first == nil {
			a.errs.first = f
		}
		return &xml.Element{}
	}
	return e
}
