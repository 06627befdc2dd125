package soap

import "github.com/dsmlkit/dsmlkit/xml"

// DefaultPrefix stands for the envelope's namespace in what is written, unless
// the envelope names another.
const DefaultPrefix = "soap"

// Start opens an envelope and leaves its Body open, ready for the payload.
// headers, which may be nil, writes the header blocks. It is for answers that
// are sent while they are made; End closes what it opened.
func Start(w *xml.Writer, v Version, prefix string, headers func(w *xml.Writer)) {
	space := v.Namespace()
	if prefix == "" {
		prefix = DefaultPrefix
	}
	w.Prefix(prefix, space)
	w.Start(space, "Envelope")
	if headers != nil {
		w.Start(space, "Header")
		headers(w)
		w.End()
	}
	w.Start(space, "Body")
}

// End closes what Start opened.
func End(w *xml.Writer) {
	w.End()
	w.End()
}

// Write writes the message: its header blocks, then the fault, or else the
// elements of Body and what body, which may be nil, adds to them.
func (e *Envelope) Write(w *xml.Writer, body func(w *xml.Writer)) error {
	v := e.Version
	if v == 0 {
		v = V11
	}
	var headers func(w *xml.Writer)
	if len(e.Headers) > 0 {
		headers = func(w *xml.Writer) {
			for i := range e.Headers {
				e.Headers[i].write(w, v)
			}
		}
	}
	Start(w, v, e.Prefix, headers)
	if e.Fault != nil {
		f := *e.Fault
		f.Version = v
		WriteFault(w, &f)
	} else {
		for _, c := range e.Body {
			w.Element(c)
		}
		if body != nil {
			body(w)
		}
	}
	End(w)
	return w.Err()
}

// Marshal returns the message as text without an XML declaration.
func (e *Envelope) Marshal(body func(w *xml.Writer)) ([]byte, error) {
	w := xml.NewWriter(xml.WriterOptions{})
	if err := e.Write(w, body); err != nil {
		return nil, err
	}
	return w.Bytes(), nil
}

// write writes the block with the attributes that its fields ask for. A block
// that was read carries them already and is written as it came.
func (h *Header) write(w *xml.Writer, v Version) {
	e := h.Element
	if e == nil {
		return
	}
	space := v.Namespace()
	role := "actor"
	if v == V12 {
		role = "role"
	}
	var add []xml.ElementAttr
	missing := func(local string) bool {
		_, ok := e.Attr(space, local)
		return !ok
	}
	if h.MustUnderstand && missing("mustUnderstand") {
		add = append(add, xml.ElementAttr{Name: xml.Name{Space: space, Local: "mustUnderstand"}, Value: "1"})
	}
	if h.Actor != "" && missing(role) {
		add = append(add, xml.ElementAttr{Name: xml.Name{Space: space, Local: role}, Value: h.Actor})
	}
	if h.Relay && v == V12 && missing("relay") {
		add = append(add, xml.ElementAttr{Name: xml.Name{Space: space, Local: "relay"}, Value: "true"})
	}
	if add != nil {
		c := *e
		c.Attrs = append(append([]xml.ElementAttr(nil), e.Attrs...), add...)
		e = &c
	}
	w.Element(e)
}

// WriteFault writes a Fault element of the fault's version. It has to stand
// inside a Body of the same version. Codes of the other version are given
// their counterpart: Client and Sender, Server and Receiver.
func WriteFault(w *xml.Writer, f *Fault) {
	if f.Version == V12 {
		writeFault12(w, f)
		return
	}
	w.Start(NS11, "Fault")
	writeCode(w, "", "faultcode", f)
	w.Start("", "faultstring")
	if f.ReasonLang != "" {
		w.Attr(xmlNS, "lang", f.ReasonLang)
	}
	w.Text(f.Reason)
	w.End()
	if f.Actor != "" {
		w.Start("", "faultactor")
		w.Text(f.Actor)
		w.End()
	}
	writeDetail(w, f)
	w.End()
}

func writeFault12(w *xml.Writer, f *Fault) {
	w.Start(NS12, "Fault")
	w.Start(NS12, "Code")
	writeCode(w, NS12, "Value", f)
	for i := range f.Subcodes {
		w.Start(NS12, "Subcode")
		writeName(w, NS12, "Value", f.Subcodes[i])
	}
	for range f.Subcodes {
		w.End()
	}
	w.End()
	w.Start(NS12, "Reason")
	w.Start(NS12, "Text")
	lang := f.ReasonLang
	if lang == "" {
		lang = "en" // SOAP 1.2 part 1 section 5.4.2.1 asks for one
	}
	w.Attr(xmlNS, "lang", lang)
	w.Text(f.Reason)
	w.End()
	w.End()
	if f.Actor != "" {
		w.Start(NS12, "Node")
		w.Text(f.Actor)
		w.End()
	}
	if f.Role != "" {
		w.Start(NS12, "Role")
		w.Text(f.Role)
		w.End()
	}
	writeDetail(w, f)
	w.End()
}

func writeDetail(w *xml.Writer, f *Fault) {
	if f.Detail == nil {
		return
	}
	d := f.Detail
	if want := detailName(f.Version); d.Name != want {
		c := *d
		c.Name = want
		c.Prefix = ""
		d = &c
	}
	w.Element(d)
}

// counterparts are the codes that have another name in the other version.
var counterparts = [...]struct{ v11, v12 string }{
	{"Client", "Sender"},
	{"Server", "Receiver"},
}

func writeCode(w *xml.Writer, space, local string, f *Fault) {
	n := f.Code
	if n.Space == "" && n.Local == "" {
		n.Local = "Server"
	}
	own := f.Version.Namespace()
	if n.Space == NS11 || n.Space == NS12 || n.Space == "" && f.CodeText == "" {
		n.Space = own
		for _, c := range counterparts {
			if f.Version == V12 && n.Local == c.v11 {
				n.Local = c.v12
			} else if f.Version == V11 && n.Local == c.v12 {
				n.Local = c.v11
			}
		}
	}
	writeName(w, space, local, n)
}

// writeName writes an element that holds a QName.
func writeName(w *xml.Writer, space, local string, n xml.Name) {
	if n.Space != "" && n.Space != NS11 && n.Space != NS12 && n.Space != xml.XMLNamespace {
		w.Prefix("code", n.Space)
	}
	w.Start(space, local)
	if n.Space == "" {
		w.Text(n.Local)
	} else {
		w.Text(w.QName(n.Space, n.Local))
	}
	w.End()
}
