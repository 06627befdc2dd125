package dsml

import "github.com/dsmlkit/dsmlkit/xml"

// AttributeName is the name of an attribute. There is one for each name as long
// as a Decoder lasts, up to a bound.
type AttributeName struct {
	Text string
	// Number counts the names of a Decoder from 0. It is -1 beyond the bound,
	// where a name is forgotten after its use.
	Number int

	class uint8          // which rules it keeps
	next  *AttributeName // with the same hash
	word  xml.Word
	after *AttributeName // what came after it the last time; at first itself
}

const (
	nameValid    uint8 = iota // the schema's pattern
	nameLoose                 // underscores, options with values (AllowAttributeNames)
	nameSelector              // *, + and @class (AllowSelectors)
	nameBad
)

// maxNames bounds the memory that names of attributes take. Directories have
// some thousands at most.
const maxNames = 4096

// nameList holds names. Each is judged and kept once.
type nameList struct {
	slots []*AttributeName
	count int
	words [256]*AttributeName // some of those that have a word, by its hash
}

// word returns the name that is b, whose Word is w, if it is in the list.
func (l *nameList) word(w xml.Word, b []byte) *AttributeName {
	slot := &l.words[w.Hash()%uint32(len(l.words))]
	if n := *slot; n != nil && n.word == w {
		return n
	}
	n := l.find(b)
	if n != nil && n.word == w {
		*slot = n
	}
	return n
}

// find returns a name that is in the list, or nil.
func (l *nameList) find(b []byte) *AttributeName {
	if l.count == 0 {
		return nil
	}
	n := l.slots[hash(b)&uint32(len(l.slots)-1)]
	for n != nil && n.Text != string(b) {
		n = n.next
	}
	return n
}

// get returns a name, new or not.
func (l *nameList) get(b []byte) *AttributeName {
	if n := l.find(b); n != nil {
		return n
	}
	s := string(b)
	n := &AttributeName{Text: s, Number: -1, class: classify(s), word: xml.NewWord(s)}
	n.after = n
	if l.count >= maxNames {
		return n
	}
	if l.count*2 >= len(l.slots) {
		l.grow()
	}
	n.Number = l.count
	l.count++
	slot := &l.slots[hash(b)&uint32(len(l.slots)-1)]
	n.next, *slot = *slot, n
	return n
}

func (l *nameList) grow() {
	old := l.slots
	l.slots = make([]*AttributeName, max(64, 2*len(old)))
	for _, n := range old {
		for n != nil {
			next := n.next
			slot := &l.slots[hash(n.Text)&uint32(len(l.slots)-1)]
			n.next, *slot = *slot, n
			n = next
		}
	}
}

// hash mixes the length, the first four and the last four bytes, and one from
// the middle, which tell names of attributes apart.
func hash[T string | []byte](b T) uint32 {
	n := len(b)
	h := uint32(n)
	if n >= 4 {
		h ^= uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
		h *= 0x9E3779B1
		h ^= uint32(b[n-4]) | uint32(b[n-3])<<8 | uint32(b[n-2])<<16 | uint32(b[n-1])<<24
		h ^= uint32(b[n/2]) << 11
	} else {
		for i := range n {
			h = h<<8 ^ uint32(b[i])
		}
	}
	h *= 0x85EBCA6B
	return h ^ h>>15
}

// attributeName checks the name of an attribute, an AttributeDescriptionValue
// of the schema, and returns it.
func (d *decoder) attributeName(a *attributes, j int, statement string, selectors bool) *AttributeName {
	v, ok := a.bytes(j)
	if !ok {
		a.missing(j, statement, "")
		return d.names.get(nil)
	}
	n := d.names.get(v)
	if n.class != nameValid {
		d.looseName(a, j, n, statement, selectors)
	}
	return n
}

func (d *decoder) looseName(a *attributes, j int, n *AttributeName, statement string, selectors bool) {
	pos := d.s.AttrPos(int(a.at[j] - 1))
	message := a.shape.attrs[j] + " is \"" + excerpt([]byte(n.Text)) + "\""
	switch {
	case n.Text == "":
		d.failAt(pos, "dsml-name", statement, message, "the name of an attribute cannot be empty")
	case n.class == nameLoose:
		d.lenient(AllowAttributeNames, pos, "dsml-name", "", message,
			"the schema allows an OID or letters, digits and hyphens, and options of these after semicolons")
	case n.class == nameSelector && selectors:
		d.lenient(AllowSelectors, pos, "dsml-name", "D-46", message, "the schema has no place for *, + and @class")
	default:
		d.failAt(pos, "dsml-name", statement, message,
			"an OID such as 2.5.4.3, or a letter followed by letters, digits and hyphens; options follow after semicolons")
	}
}

func classify(s string) uint8 {
	switch {
	case s == "*" || s == "+":
		return nameSelector
	case len(s) > 1 && s[0] == '@' && classify(s[1:]) <= nameLoose:
		return nameSelector
	}
	class := nameValid
	i := 0
	for i < len(s) && s[i] != ';' {
		i++
	}
	base := s[:i]
	switch {
	case base == "":
		return nameBad
	case isLetter(base[0]):
		for j := 1; j < len(base); j++ {
			c := base[j]
			switch {
			case isLetter(c), isDigit(c), c == '-':
			case c == '_', c == '.':
				class = nameLoose
			default:
				return nameBad
			}
		}
	case base[0] == '_':
		for j := 1; j < len(base); j++ {
			if c := base[j]; !isLetter(c) && !isDigit(c) && c != '-' && c != '_' {
				return nameBad
			}
		}
		class = nameLoose
	default:
		if !isOID(base) {
			return nameBad
		}
	}
	for i < len(s) {
		i++ // the semicolon
		start := i
		for i < len(s) && s[i] != ';' {
			c := s[i]
			switch {
			case isLetter(c), isDigit(c), c == '-':
			case c == '=', c == '_', c == '.', c == '*', c == ':':
				class = nameLoose
			default:
				return nameBad
			}
			i++
		}
		if i == start {
			return nameBad
		}
	}
	return class
}

// isOID checks the schema's pattern [0-2](\.[0-9]+)+.
func isOID(s string) bool {
	if len(s) < 3 || s[0] < '0' || s[0] > '2' {
		return false
	}
	digits := true
	for i := 1; i < len(s); i++ {
		switch {
		case s[i] == '.' && digits && i+1 < len(s):
			digits = false
		case isDigit(s[i]) && i > 1:
			digits = true
		default:
			return false
		}
	}
	return digits
}

// oid returns the object identifier that an element holds, checked.
func (d *decoder) oid(text []byte, statement string) string {
	s := string(text)
	if isOID(s) {
		return s
	}
	t := string(trim(text))
	f := d.top()
	if isOID(t) {
		d.lenient(AllowSpaceAroundOID, d.began(), "dsml-oid", statement, "white space stands around the object identifier in "+f.local, "")
		return t
	}
	d.failAt(d.began(), "dsml-oid", statement, f.local+" holds \""+excerpt(text)+"\"", "a numeric object identifier, such as 1.3.6.1.4.1.1466.20037")
	return t
}

// distinguished checks the name of an entry in a response. Only what cannot be
// a distinguished name at all is refused: text without any equals sign. What
// is wrong with a name in a request is for the directory to say (D-65).
func (d *decoder) distinguished(a *attributes, j int) {
	if v, ok := a.bytes(j); ok && !hasEquals(v) && len(trim(v)) > 0 {
		d.lenient(AllowAnyDN, d.s.AttrPos(int(a.at[j]-1)), "dsml-dn", "",
			a.shape.attrs[j]+" is \""+excerpt(v)+"\", which is no distinguished name", "such a name is made of parts like cn=value")
	}
}
