package ldif

import (
	"encoding/base64"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// lineLength is where lines are folded; RFC 2849 leaves the number open, and
// this is what most programs write.
const lineLength = 76

// FormatEntries writes entries as content records. Attributes without values,
// which a search for types only returns, have no line in LDIF and are left out;
// so are controls of entries.
func FormatEntries(entries []*dsml.SearchResultEntry) ([]byte, error) {
	w := newWriter()
	for _, e := range entries {
		w.dn(e.DN)
		w.attributes(e.Attrs)
	}
	return w.buf, w.err
}

// FormatRequests writes the requests of a batch as change records. Requests
// that have no record in LDIF are an error.
func FormatRequests(b *dsml.BatchRequest) ([]byte, error) {
	w := newWriter()
	for _, r := range b.Requests {
		w.request(r)
		if w.err != nil {
			return nil, w.err
		}
	}
	return w.buf, w.err
}

type writer struct {
	buf     []byte
	scratch []byte
	err     error
}

func newWriter() *writer { return &writer{buf: []byte("version: 1\n")} }

func (w *writer) fail(code, message, hint string) {
	if w.err == nil {
		w.err = &xml.Error{Code: code, Message: message, Hint: hint}
	}
}

func (w *writer) dn(dn string) {
	w.buf = append(w.buf, '\n')
	w.text("dn", dn)
}

func (w *writer) request(r dsml.Request) {
	switch r := r.(type) {
	case *dsml.AddRequest:
		w.head(r.DN, r.Controls, "add")
		w.attributes(r.Attrs)
	case *dsml.DelRequest:
		w.head(r.DN, r.Controls, "delete")
	case *dsml.ModifyRequest:
		w.head(r.DN, r.Controls, "modify")
		for i := range r.Modifications {
			m := &r.Modifications[i]
			w.name(m.Name)
			w.line(modifyOps[m.Op], ": ", m.Name)
			for _, v := range m.Values {
				w.value(m.Name, v)
			}
			w.buf = append(w.buf, "-\n"...)
		}
	case *dsml.ModDNRequest:
		kind := "modrdn"
		if r.NewSuperior.Set {
			kind = "moddn"
		}
		w.head(r.DN, r.Controls, kind)
		w.text("newrdn", r.NewRDN)
		if r.KeepOldRDN {
			w.line("deleteoldrdn", ": ", "0")
		} else {
			w.line("deleteoldrdn", ": ", "1")
		}
		if r.NewSuperior.Set {
			w.text("newsuperior", r.NewSuperior.Value)
		}
	default:
		w.fail(CodeUnsupported, "LDIF has no record for "+r.Element(), "only requests that change the directory have one: add, delete, modify and rename")
	}
}

func (w *writer) head(dn string, controls []dsml.Control, changetype string) {
	w.dn(dn)
	for i := range controls {
		w.control(&controls[i])
	}
	w.line("changetype", ": ", changetype)
}

func (w *writer) control(c *dsml.Control) {
	if !isOID(c.Type) {
		w.fail(CodeUnsupported, "a control without a numeric object identifier", "")
	}
	text := c.Type
	if c.Criticality {
		text += " true"
	}
	if v := c.Value; v != nil {
		switch {
		case v.Type == dsml.AnyURI:
			text += ":< " + v.Data
		case v.Type == dsml.Base64Binary || !safe(v.Data):
			text += ":: " + base64.StdEncoding.EncodeToString([]byte(v.Data))
		default:
			text += ": " + v.Data
		}
	}
	w.line("control", ": ", text)
}

func (w *writer) attributes(attrs []dsml.Attribute) {
	for i := range attrs {
		w.name(attrs[i].Name)
		for _, v := range attrs[i].Values {
			w.value(attrs[i].Name, v)
		}
	}
}

// name refuses a name with which a value could pretend to be another line.
func (w *writer) name(name string) {
	if err := checkName(&line{}, name); err != nil {
		w.fail(CodeSyntax, err.(*xml.Error).Message, "")
	}
}

func (w *writer) value(name string, v dsml.Value) {
	switch v.Type {
	case dsml.Base64Binary:
		w.base64(name, v.Data)
	case dsml.AnyURI:
		if !safe(v.Data) {
			w.fail(CodeUnsupported, "the reference that is the value of "+name+" cannot be written in LDIF", "")
			return
		}
		w.line(name, ":< ", v.Data)
	default:
		w.text(name, v.Data)
	}
}

// text writes a value plainly when LDIF can carry it so.
func (w *writer) text(name, s string) {
	switch {
	case s == "":
		w.line(name, ":", "")
	case safe(s):
		w.line(name, ": ", s)
	default:
		w.base64(name, s)
	}
}

func (w *writer) base64(name, s string) {
	w.scratch = base64.StdEncoding.AppendEncode(w.scratch[:0], []byte(s))
	w.line(name, ":: ", string(w.scratch))
}

// line writes a line and folds it. All that is written is ASCII, so it can be
// cut anywhere.
func (w *writer) line(name, sep, value string) {
	start := len(w.buf)
	w.buf = append(append(append(w.buf, name...), sep...), value...)
	length := len(w.buf) - start
	if length <= lineLength {
		w.buf = append(w.buf, '\n')
		return
	}
	long := string(w.buf[start:])
	w.buf = append(w.buf[:start], long[:lineLength]...)
	for long = long[lineLength:]; long != ""; {
		n := min(len(long), lineLength-1)
		w.buf = append(append(append(w.buf, '\n'), ' '), long[:n]...)
		long = long[n:]
	}
	w.buf = append(w.buf, '\n')
}

// safe reports whether a text is a SAFE-STRING of RFC 2849 without a space at
// its end.
func safe(s string) bool {
	if s == "" {
		return true
	}
	switch s[0] {
	case ' ', ':', '<':
		return false
	}
	for i := 0; i < len(s); i++ {
		if c := s[i]; c == 0 || c == '\n' || c == '\r' || c >= 0x80 {
			return false
		}
	}
	return s[len(s)-1] != ' '
}
