package dsml

import (
	"strconv"
	"strings"
)

// shape is what the schema says about the start of an element: the name of its
// type, and its attributes.
type shape struct {
	typ   string // "" where the type has no name
	attrs []string
}

const maxAttributes = 8

// attributes are the attributes of the element that has just started, in the
// order of its shape.
type attributes struct {
	d     *decoder
	shape *shape
	at    [maxAttributes]int32 // index into Attrs() plus one; 0: absent
	slip  int32                // the same of a misspelt requestID
}

// attributes reads the attributes of the element that has just started.
func (d *decoder) attributes(sh *shape) attributes {
	a := attributes{d: d, shape: sh}
	list := d.s.Attrs()
	for i := range list {
		n := &list[i].Name
		switch n.Space {
		case "":
			a.take(i, n.Local)
		case nsXSI:
			d.instance(i, n.Local, sh)
		case d.space:
			if d.lenient(AllowQualifiedAttributes, d.s.AttrPos(i), "dsml-attribute", "D-05",
				"the attribute "+n.Local+" is in the DSML namespace", "attributes are written without a prefix") {
				a.take(i, n.Local)
			}
		default:
			d.lenient(AllowForeignAttributes, d.s.AttrPos(i), "dsml-attribute", "",
				"the attribute "+list[i].Prefix+":"+n.Local+" is not part of DSML", "")
		}
	}
	if a.slip != 0 && a.at[0] == 0 {
		a.at[0] = a.slip
	}
	return a
}

func (a *attributes) take(i int, local string) {
	d := a.d
	for j, n := range a.shape.attrs {
		if n == local {
			if a.at[j] != 0 {
				d.failAt(d.s.AttrPos(i), "dsml-attribute", "D-05", "the attribute "+local+" is there twice", "")
			}
			a.at[j] = int32(i + 1)
			return
		}
	}
	if local == "resquestID" && len(a.shape.attrs) > 0 && a.shape.attrs[0] == "requestID" {
		if d.lenient(AllowResquestID, d.s.AttrPos(i), "dsml-attribute", "", "the attribute resquestID is not known", "did you mean requestID?") {
			a.slip = int32(i + 1)
		}
		return
	}
	if local == "matchedDn" && len(a.shape.attrs) > 1 && a.shape.attrs[1] == "matchedDN" && a.at[1] == 0 {
		if d.lenient(AllowApacheResult, d.s.AttrPos(i), "dsml-attribute", "D-06", "the attribute matchedDn is not known", "did you mean matchedDN?") {
			a.at[1] = int32(i + 1)
		}
		return
	}
	hint := suggest(local, a.shape.attrs)
	if hint == "" {
		hint = "the attributes of " + d.s.Name().Local + ": " + strings.Join(a.shape.attrs, ", ")
		if len(a.shape.attrs) == 0 {
			hint = d.s.Name().Local + " has no attributes"
		}
	}
	d.failAt(d.s.AttrPos(i), "dsml-attribute", "D-06", "the attribute "+local+" is not known to "+d.s.Name().Local, hint)
}

// bytes returns the value of attribute j of the shape. It is valid until the
// next token.
func (a *attributes) bytes(j int) ([]byte, bool) {
	if a.at[j] == 0 {
		return nil, false
	}
	return a.d.s.Attrs()[a.at[j]-1].Value, true
}

func (a *attributes) optional(j int) Optional {
	if v, ok := a.bytes(j); ok {
		return Some(string(v))
	}
	return Optional{}
}

// required returns the value of an attribute that has to be there.
func (a *attributes) required(j int, statement string) string {
	v, ok := a.bytes(j)
	if !ok {
		a.missing(j, statement, "")
		return ""
	}
	return string(v)
}

func (a *attributes) missing(j int, statement, hint string) {
	a.d.fail("dsml-attribute-missing", statement, a.d.s.Name().Local+" has no attribute "+a.shape.attrs[j], hint)
}

func (a *attributes) bad(j int, statement, hint string) {
	v, _ := a.bytes(j)
	a.d.failAt(a.d.s.AttrPos(int(a.at[j]-1)), "dsml-value", statement,
		a.shape.attrs[j]+" is \""+excerpt(v)+"\"", hint)
}

// enum returns the index of the attribute's value among names, or def when the
// attribute is absent.
func (a *attributes) enum(j int, names []string, def int, statement string) int {
	v, ok := a.bytes(j)
	if !ok {
		return def
	}
	for i, n := range names {
		if string(v) == n {
			return i
		}
	}
	hint := suggest(string(v), names)
	if hint == "" {
		hint = oneOf(names)
	}
	a.bad(j, statement, hint)
	return def
}

func (a *attributes) boolean(j int, def bool, statement string) bool {
	v, ok := a.bytes(j)
	if !ok {
		return def
	}
	switch string(trim(v)) {
	case "true", "1":
		return true
	case "false", "0":
		return false
	}
	a.bad(j, statement, oneOf([]string{"true", "false", "1", "0"}))
	return def
}

// limit reads a number of type MAXINT; absent means 0 (D-41, D-42).
func (a *attributes) limit(j int) int32 {
	v, ok := a.bytes(j)
	if !ok {
		return 0
	}
	v = trim(v)
	n, ok := parseInt(string(v))
	if !ok || !isDigit(v[0]) {
		a.bad(j, "D-41", "a number from 0 to 2147483647; 0 means no limit")
		return 0
	}
	return n
}

// parseInt reads a number as XML Schema writes it.
func parseInt(s string) (int32, bool) {
	if s == "" {
		return 0, false
	}
	for i := 0; i < len(s); i++ {
		if !isDigit(s[i]) && !(i == 0 && len(s) > 1 && (s[i] == '-' || s[i] == '+')) {
			return 0, false
		}
	}
	n, err := strconv.ParseInt(s, 10, 32)
	return int32(n), err == nil
}

// trim takes off white space at both ends, as types of XML Schema other than
// string ask for.
func trim(b []byte) []byte {
	for len(b) > 0 && isSpace(b[0]) {
		b = b[1:]
	}
	for len(b) > 0 && isSpace(b[len(b)-1]) {
		b = b[:len(b)-1]
	}
	return b
}

func isSpace(c byte) bool { return c == ' ' || c == '\n' || c == '\t' || c == '\r' }

// collapse does what whiteSpace="collapse" means: no space at the ends, single
// spaces inside.
func collapse(b []byte) string {
	return strings.Join(strings.FieldsFunc(string(b), func(r rune) bool {
		return r < 0x80 && isSpace(byte(r))
	}), " ")
}

// excerpt shortens a value for a message.
func excerpt(b []byte) string {
	const most = 60
	s := strings.ToValidUTF8(string(b[:min(len(b), most)]), "")
	if len(b) > most {
		s += "..."
	}
	return s
}
