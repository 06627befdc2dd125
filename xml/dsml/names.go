package dsml

// nameClass says which rules the name of an attribute keeps.
type nameClass struct {
	name  string
	class uint8
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

// attributeName checks the name of an attribute, an AttributeDescriptionValue
// of the schema, and returns it. Each name is checked and kept once.
func (d *decoder) attributeName(a *attributes, j int, statement string, selectors bool) string {
	v, ok := a.bytes(j)
	if !ok {
		a.missing(j, statement, "")
		return ""
	}
	nc, ok := d.names[string(v)]
	if !ok {
		s := string(v)
		nc = nameClass{s, classify(s)}
		if d.names == nil {
			d.names = make(map[string]nameClass)
		}
		if len(d.names) < maxNames {
			d.names[s] = nc
		}
	}
	if nc.class != nameValid {
		d.looseName(a, j, nc, statement, selectors)
	}
	return nc.name
}

func (d *decoder) looseName(a *attributes, j int, nc nameClass, statement string, selectors bool) {
	pos := d.s.AttrPos(int(a.at[j] - 1))
	message := a.shape.attrs[j] + " is \"" + excerpt([]byte(nc.name)) + "\""
	switch {
	case nc.name == "":
		d.failAt(pos, "dsml-name", statement, message, "the name of an attribute cannot be empty")
	case nc.class == nameLoose:
		d.lenient(AllowAttributeNames, pos, "dsml-name", "", message,
			"the schema allows an OID or letters, digits and hyphens, and options of these after semicolons")
	case nc.class == nameSelector && selectors:
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
		d.lenient(AllowSpaceAroundOID, f.pos, "dsml-oid", statement, "white space stands around the object identifier in "+f.local, "")
		return t
	}
	d.failAt(f.pos, "dsml-oid", statement, f.local+" holds \""+excerpt(text)+"\"", "a numeric object identifier, such as 1.3.6.1.4.1.1466.20037")
	return t
}

// distinguished checks the name of an entry in a response. Only what cannot be
// a distinguished name at all is refused: text without any equals sign. What
// is wrong with a name in a request is for the directory to say (D-65).
func (d *decoder) distinguished(a *attributes, j int) string {
	v, ok := a.bytes(j)
	if !ok {
		return ""
	}
	for _, c := range v {
		if c == '=' {
			return string(v)
		}
	}
	if len(trim(v)) > 0 {
		d.lenient(AllowAnyDN, d.s.AttrPos(int(a.at[j]-1)), "dsml-dn", "",
			a.shape.attrs[j]+" is \""+excerpt(v)+"\", which is no distinguished name", "such a name is made of parts like cn=value")
	}
	return string(v)
}
