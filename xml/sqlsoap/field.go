package sqlsoap

import (
	"strconv"

	"github.com/dsmlkit/dsmlkit/xml"
)

// Visitor is told the fields of a value, each with its name on the wire and
// where it is kept, and reads or writes them. A header, a parameter or a message
// is described once, in its Fields method; there are visitors for attributes and
// for child elements, both ways, and one may be written for any other form.
//
// Names are those of attributes; where the fields are elements, the first letter
// is a capital.
type Visitor interface {
	// Text is a text that has to be there.
	Text(name string, v *string)
	// OptText is a text that may be absent.
	OptText(name string, v *Optional[string])
	// Word is a text that is left out when it is empty.
	Word(name string, v *string)
	// Flag is a boolean that is left out when it is false.
	Flag(name string, v *bool)
	// Int is a whole number that has to be there.
	Int(name string, v *int64, low, high int64)
	// OptInt is a whole number that is left out when it is absent, or def.
	OptInt(name string, v *Optional[int64], low, high, def int64)
	// Enum is an index of names. Where the first name is empty one of the others
	// has to be there, else the first stands for absence.
	Enum(name string, v *uint8, names []string)
	// Bytes are binary; nil bytes are absent, which they may not be if required.
	Bytes(name string, v *[]byte, required bool)
	// Secret is a text that must not be told.
	Secret(name string, v *Secret)
}

const (
	minInt32 = -1 << 31
	maxInt32 = 1<<31 - 1
	minInt64 = -1 << 63
	maxInt64 = 1<<63 - 1
	// noDefault is a default that no number has that may stand there.
	noDefault = minInt64
)

// source gives the text of a field to a fieldReader.
type source interface {
	// take returns the text, and false when the field is absent, which it reports
	// if the field is required.
	take(r *fieldReader, name string, required bool) (string, bool)
}

// fieldReader is a Visitor that reads texts.
type fieldReader struct {
	*problems
	from      source
	of        string // the element
	pos       xml.Position
	statement func(name string) string
	answer    bool // what cannot be read is passed over, where that is allowed
	found     int  // fields that were there
}

func (r *fieldReader) st(name string) string {
	if r.statement == nil {
		return ""
	}
	return r.statement(name)
}

// bad reports a field whose value its type has no place for.
func (r *fieldReader) bad(name, value, must string) {
	message := name + " of " + r.of + " is \"" + excerpt(value) + "\""
	if r.answer {
		r.lenient(AllowAnswerHeader, r.pos, CodeValue, r.st(name), message, must)
	} else {
		r.fail(r.pos, CodeValue, r.st(name), message, must)
	}
}

func (r *fieldReader) take(name string, required bool) (string, bool) {
	text, ok := r.from.take(r, name, required)
	if ok {
		r.found++
	}
	return text, ok
}

func (r *fieldReader) Text(name string, v *string) { *v, _ = r.take(name, true) }
func (r *fieldReader) Word(name string, v *string) { *v, _ = r.take(name, false) }

func (r *fieldReader) OptText(name string, v *Optional[string]) {
	v.Value, v.Set = r.take(name, false)
}

func (r *fieldReader) Flag(name string, v *bool) {
	if text, ok := r.take(name, false); ok {
		if *v, ok = boolean(text); !ok {
			r.bad(name, text, "true or false")
		}
	}
}

func (r *fieldReader) Int(name string, v *int64, low, high int64) {
	if text, ok := r.take(name, true); ok {
		*v, _ = r.number(name, text, low, high)
	}
}

func (r *fieldReader) OptInt(name string, v *Optional[int64], low, high, def int64) {
	if text, ok := r.take(name, false); ok {
		if v.Value, v.Set = r.number(name, text, low, high); v.Value == def {
			*v = Optional[int64]{}
		}
	}
}

func (r *fieldReader) number(name, text string, low, high int64) (int64, bool) {
	n, ok := integer(text, 64)
	if !ok || n < low || n > high {
		r.bad(name, text, "a whole number from "+strconv.FormatInt(low, 10)+" to "+strconv.FormatInt(high, 10))
		return 0, false
	}
	return n, true
}

func (r *fieldReader) Enum(name string, v *uint8, names []string) {
	text, ok := r.take(name, names[0] == "")
	if !ok {
		return
	}
	i := indexOf(names, trim(text))
	if i < 0 || names[i] == "" {
		r.bad(name, text, hint(trim(text), names))
		i = 0
	}
	*v = uint8(i)
}

func (r *fieldReader) Bytes(name string, v *[]byte, required bool) {
	text, ok := r.take(name, required)
	if !ok {
		return
	}
	if b, ok := r.base64(text, r.pos, CodeValue, name+" of "+r.of, r.answer); ok {
		*v = b
	}
}

func (r *fieldReader) Secret(name string, v *Secret) {
	if text, ok := r.take(name, false); ok {
		*v = NewSecret(text)
	}
}

// attributes is the source of fields that are attributes. Only those in no
// namespace count (S-04); unknown ones are ignored (S-14).
type attributes []xml.ElementAttr

func (a attributes) take(r *fieldReader, name string, required bool) (string, bool) {
	for i := range a {
		if a[i].Name.Local == name && a[i].Name.Space == "" {
			return a[i].Value, true
		}
	}
	if required {
		r.fail(r.pos, CodeAttribute, "", r.of+" has no attribute "+name, "")
	}
	// Validate hears about another case: it is another name (S-03).
	for i := range a {
		if h := suggest(a[i].Name.Local, []string{name}); h != "" && a[i].Name.Space == "" {
			r.warn(r.pos, CodeHeader, "S-03", "the attribute "+a[i].Name.Local+" is not known to "+r.of, h)
		}
	}
	return "", false
}

// elements is the source of fields that are child elements, in the order of the
// fields.
type elements struct {
	list  []*xml.Element
	space string
}

func capital(name string) string { return string(name[0]-'a'+'A') + name[1:] }

func (p *elements) take(r *fieldReader, name string, required bool) (string, bool) {
	local := capital(name)
	st := r.st(name)
	if len(p.list) > 0 && p.list[0].Name.Local == local {
		e := p.list[0]
		p.list = p.list[1:]
		if e.Name.Space != p.space {
			r.fail(e.Pos, CodeNamespace, st, local+" is in the namespace \""+excerpt(e.Name.Space)+"\"", "it belongs into \""+p.space+"\"")
		}
		if len(childElements(e)) > 0 {
			r.fail(e.Pos, CodeElement, st, "elements stand inside "+local, "it holds text")
		}
		return e.Text(), true
	}
	if !required {
		return "", false
	}
	for _, e := range p.list {
		if e.Name.Local == local {
			r.fail(p.list[0].Pos, CodeOrder, st, excerpt(p.list[0].Name.Local)+" of "+r.of+" stands before "+local, "")
			return "", false
		}
	}
	r.fail(r.pos, CodeElement, st, r.of+" has no "+local, "")
	return "", false
}

// fields reads the fields of a value from the child elements of e.
func (p *problems) fields(v interface{ Fields(Visitor) }, e *xml.Element, space, statement string) {
	from := &elements{childElements(e), space}
	r := &fieldReader{problems: p, from: from, of: e.Name.Local, pos: e.Pos, statement: func(string) string { return statement }}
	if trim(e.Text()) != "" {
		p.fail(e.Pos, CodeText, statement, "text stands inside "+r.of, "only elements may stand there")
	}
	v.Fields(r)
	if len(from.list) > 0 {
		p.fail(from.list[0].Pos, CodeElement, statement, "the element "+excerpt(from.list[0].Name.Local)+" may not stand in "+r.of+", or not there", "")
	}
}

// fieldWriter is a Visitor that writes texts.
type fieldWriter struct {
	put func(name, value string)
	bad func(name string) // of a value that cannot be written
}

func (w *fieldWriter) Text(name string, v *string) { w.put(name, *v) }

func (w *fieldWriter) OptText(name string, v *Optional[string]) {
	if v.Set {
		w.put(name, v.Value)
	}
}

func (w *fieldWriter) Word(name string, v *string) {
	if *v != "" {
		w.put(name, *v)
	}
}

func (w *fieldWriter) Flag(name string, v *bool) {
	if *v {
		w.put(name, "true")
	}
}

func (w *fieldWriter) Int(name string, v *int64, low, high int64) {
	if *v < low || *v > high {
		w.bad(name)
	}
	w.put(name, strconv.FormatInt(*v, 10))
}

func (w *fieldWriter) OptInt(name string, v *Optional[int64], low, high, def int64) {
	if v.Set && v.Value != def {
		w.Int(name, &v.Value, low, high)
	}
}

func (w *fieldWriter) Enum(name string, v *uint8, names []string) {
	switch {
	case int(*v) >= len(names) || names[*v] == "":
		w.bad(name)
	case *v > 0:
		w.put(name, names[*v])
	}
}

func (w *fieldWriter) Bytes(name string, v *[]byte, required bool) {
	if *v != nil || required {
		w.put(name, encodeBase64(*v))
	}
}

func (w *fieldWriter) Secret(name string, v *Secret) {
	if v.Set() {
		w.put(name, v.Reveal())
	}
}

// attributesOf returns the fields of a value as attributes.
func attributesOf(v interface{ Fields(Visitor) }, bad func(name string)) []xml.ElementAttr {
	var attrs []xml.ElementAttr
	v.Fields(&fieldWriter{bad: bad, put: func(name, value string) {
		attrs = append(attrs, xml.ElementAttr{Name: xml.Name{Local: name}, Value: value})
	}})
	return attrs
}

// elementsOf returns an element of the result stream that holds the fields of a
// value as elements.
func elementsOf(v Result, space, prefix string, bad func(name string)) *xml.Element {
	local := v.Element()
	e := &xml.Element{
		Name:       xml.Name{Space: NSResultStream, Local: local},
		Prefix:     prefixResultStream,
		Namespaces: []xml.Binding{{Prefix: prefixResultStream, URI: NSResultStream}, {Prefix: prefix, URI: space}, {Prefix: "xsi", URI: nsXSI}},
		Attrs:      []xml.ElementAttr{{Name: xml.Name{Space: nsXSI, Local: "type"}, Prefix: "xsi", Value: prefix + ":" + local}},
	}
	v.Fields(&fieldWriter{bad: bad, put: func(name, value string) {
		e.Children = append(e.Children, xml.Node{Element: textElement(space, prefix, capital(name), value)})
	}})
	return e
}

// textElement returns an element that holds text.
func textElement(space, prefix, local, text string, attrs ...xml.ElementAttr) *xml.Element {
	e := &xml.Element{Name: xml.Name{Space: space, Local: local}, Prefix: prefix, Attrs: attrs}
	if text != "" {
		e.Children = []xml.Node{{Text: text}}
	}
	return e
}
