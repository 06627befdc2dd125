package main

import (
	"bytes"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

func soapParse(c *call) error {
	input := c.arg("input").document()
	if c.errs.first != nil {
		return nil
	}
	e, err := soap.Parse(input, soap.Options{})
	if err != nil {
		return err
	}
	c.out.envelope(e)
	return nil
}

func soapIndent(c *call) error {
	text := c.arg("text").document()
	spaces := int(c.options().get("indent").integer(2, 0, maxIndent))
	if spaces == 0 {
		spaces = -1 // takes white space out
	}
	if c.errs.first != nil {
		return nil
	}
	out, err := xml.Indent(text, xml.IndentOptions{Indent: spaces})
	if err != nil {
		return err
	}
	if given := c.arg("text"); given.kind == inText {
		out = sameDeclaration(out, text, given.data)
	}
	c.out.text(string(out))
	return nil
}

// sameDeclaration puts the XML declaration of the text that was given back in
// the place of the one that was read, which has the same length.
func sameDeclaration(out, read, given []byte) []byte {
	end := bytes.Index(given, []byte("?>"))
	if end >= 0 && end <= len(out) && !bytes.Equal(read[:end], given[:end]) && bytes.Equal(out[:end], read[:end]) {
		copy(out, given[:end])
	}
	return out
}

// soapBuild writes an envelope around header blocks and elements or documents.
func soapBuild(c *call) error {
	in := c.arg("envelope")
	if !in.object("an envelope object") {
		return nil
	}
	e := &soap.Envelope{Version: soap.V11}
	if v := in.get("version"); v.given() && v.oneOf([]string{"1.1", "1.2"}) == 1 {
		e.Version = soap.V12
	}
	headers := in.get("headers")
	for i := range headers.list() {
		e.Headers = append(e.Headers, readHeader(headers.at(i)))
	}
	if fault := in.get("fault"); fault.given() {
		e.Fault = readFault(fault, e.Version)
	}
	body := readBody(in.get("body"))
	if e.Fault != nil && len(body) > 0 {
		in.get("body").refuse("left out where there is a fault")
	}
	if c.errs.first != nil {
		return nil
	}
	var failed error
	text, err := e.Marshal(func(w *xml.Writer) {
		for _, write := range body {
			if err := write(w); err != nil && failed == nil {
				failed = err
			}
		}
	})
	if failed != nil {
		return failed
	}
	if err != nil {
		return err
	}
	c.out.text(string(text))
	return nil
}

// readHeader converts a header block. Its attributes say what SOAP needs; the
// properties beside them add what the attributes lack.
func readHeader(a *argument) soap.Header {
	h := soap.Header{Element: readElement(a)}
	if a.kind == inObject {
		h.MustUnderstand = a.get("mustUnderstand").boolean(false)
		h.Actor, _ = a.get("actor").optText()
		h.Relay = a.get("relay").boolean(false)
	}
	return h
}

func readFault(a *argument, v soap.Version) *soap.Fault {
	f := &soap.Fault{Version: v}
	if !a.object("an object with code and reason") {
		return f
	}
	f.Code.Local = a.get("code").text()
	f.Reason = a.get("reason").text()
	f.Actor, _ = a.get("actor").optText()
	switch detail := a.get("detail"); detail.kind {
	case inAbsent, inNull:
	case inText:
		if v == soap.V12 { // part 1 section 5.4.5
			detail.refuse("an element, for the Detail of SOAP 1.2 holds no text")
			return f
		}
		f.Detail = soap.TextDetail(v, detail.text())
	default:
		f.Detail = readElement(detail)
		// Any other element is what the detail holds.
		if name := f.Detail.Name.Local; name != "detail" && name != "Detail" {
			f.Detail = &xml.Element{Name: xml.Name{Local: "detail"}, Children: []xml.Node{{Element: f.Detail}}}
		}
	}
	return f
}
