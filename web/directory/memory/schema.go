package memory

import (
	"fmt"
	"slices"
	"strings"
	"sync"
)

// schema is what the directory knows of attributes and classes. It does not
// change after it was read.
type schema struct {
	attributes map[string]*attributeType // by name and OID, in lower case
	classes    map[string]*objectClass
	rules      map[string]*matchingRule

	subschema    []attribute // of cn=Subschema: the definitions as they were written
	subschemaKey string

	// Types that the directory itself works with.
	objectClass, aliasedObjectName, ref, userPassword                  *attributeType
	createTimestamp, modifyTimestamp, creatorsName, modifiersName      *attributeType
	entryUUID, structuralObjectClass                                   *attributeType
	entryDN, hasSubordinates, numSubordinates, subschemaSubentry       *attributeType
	top, alias, referral, extensibleObject                             *objectClass
	namingContexts, supportedControl, supportedExtension               *attributeType
	supportedFeatures, supportedLDAPVersion, vendorName, vendorVersion *attributeType
}

type attributeType struct {
	oid, name   string // name is the first of its names
	names       []string
	chain       []*attributeType // itself, its supertype, and so on
	equality    *matchingRule    // nil: there is none
	ordering    *matchingRule
	substrings  *matchingRule
	syntax      string
	prepare     preparation // how values are kept for matching
	single      bool
	directorys  bool // NO-USER-MODIFICATION
	operational bool
}

// isA reports whether values of type t are values of type of as well.
func (t *attributeType) isA(of *attributeType) bool {
	return t == of || len(t.chain) > 1 && slices.Contains(t.chain, of)
}

type classKind uint8

const (
	structural classKind = iota
	auxiliary
	abstract
)

type objectClass struct {
	oid, name string
	names     []string
	kind      classKind
	sup       *objectClass
	must, may []*attributeType // those of its superclasses included
}

func (c *objectClass) isA(of *objectClass) bool {
	for ; c != nil; c = c.sup {
		if c == of {
			return true
		}
	}
	return false
}

// standard is the schema of every directory; reading it costs a millisecond,
// which programs that have no use for it should not pay at their start.
var standard = sync.OnceValue(func() *schema {
	s := &schema{attributes: map[string]*attributeType{}, classes: map[string]*objectClass{}, rules: map[string]*matchingRule{}}
	for line := range definitions(schemaRules) {
		s.addRule(line)
	}
	for line := range definitions(schemaAttributes) {
		s.addAttribute(line)
	}
	for line := range definitions(schemaClasses) {
		s.addClass(line)
	}
	s.objectClass, s.aliasedObjectName, s.ref, s.userPassword = s.attribute("objectClass"), s.attribute("aliasedObjectName"), s.attribute("ref"), s.attribute("userPassword")
	s.createTimestamp, s.modifyTimestamp, s.creatorsName, s.modifiersName = s.attribute("createTimestamp"), s.attribute("modifyTimestamp"), s.attribute("creatorsName"), s.attribute("modifiersName")
	s.entryUUID, s.structuralObjectClass = s.attribute("entryUUID"), s.attribute("structuralObjectClass")
	s.entryDN, s.hasSubordinates, s.numSubordinates, s.subschemaSubentry = s.attribute("entryDN"), s.attribute("hasSubordinates"), s.attribute("numSubordinates"), s.attribute("subschemaSubentry")
	s.namingContexts, s.supportedControl, s.supportedExtension = s.attribute("namingContexts"), s.attribute("supportedControl"), s.attribute("supportedExtension")
	s.supportedFeatures, s.supportedLDAPVersion, s.vendorName, s.vendorVersion = s.attribute("supportedFeatures"), s.attribute("supportedLDAPVersion"), s.attribute("vendorName"), s.attribute("vendorVersion")
	s.top, s.alias, s.referral, s.extensibleObject = s.class("top"), s.class("alias"), s.class("referral"), s.class("extensibleObject")
	for _, part := range []struct{ name, text string }{
		{"ldapSyntaxes", schemaSyntaxes}, {"matchingRules", schemaRules}, {"attributeTypes", schemaAttributes}, {"objectClasses", schemaClasses},
	} {
		t := s.attribute(part.name)
		a := attribute{typ: t, name: t.name}
		for line := range definitions(part.text) {
			a.values = append(a.values, s.value(t, line))
		}
		s.subschema = append(s.subschema, a)
	}
	subschema, err := s.parseName(subschemaDN)
	if err != nil {
		panic("memory: " + err.Error())
	}
	s.subschemaKey = subschema.key()
	return s
})

// attribute finds a type by name or OID, in any case; nil if there is none.
func (s *schema) attribute(name string) *attributeType { return lookup(s.attributes, name) }

func (s *schema) class(name string) *objectClass { return lookup(s.classes, name) }

func (s *schema) rule(name string) *matchingRule { return lookup(s.rules, name) }

func lookup[T any](m map[string]*T, name string) *T {
	if v, ok := m[name]; ok {
		return v
	}
	return m[strings.ToLower(name)]
}

func definitions(text string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for line := range strings.Lines(text) {
			if line = strings.TrimSpace(line); line != "" && !yield(line) {
				return
			}
		}
	}
}

// definition is a schema definition taken apart: its OID, and the words after
// each keyword.
type definition struct {
	oid   string
	words map[string][]string
}

// keywords of the definitions; each begins a list of words, perhaps empty.
var keywords = []string{"NAME", "DESC", "SUP", "ABSTRACT", "STRUCTURAL", "AUXILIARY", "MUST", "MAY",
	"EQUALITY", "ORDERING", "SUBSTR", "SYNTAX", "SINGLE-VALUE", "NO-USER-MODIFICATION", "USAGE"}

func readDefinition(line string) definition {
	fields := strings.Fields(strings.Trim(line, "()"))
	d := definition{oid: fields[0], words: map[string][]string{}}
	key := ""
	for _, f := range fields[1:] {
		switch {
		case f == "(" || f == ")" || f == "$":
		case slices.Contains(keywords, f):
			key = f
			d.words[key] = nil
		default:
			d.words[key] = append(d.words[key], strings.Trim(f, "'"))
		}
	}
	return d
}

func (d definition) has(key string) bool { _, ok := d.words[key]; return ok }

func (d definition) first(key string) string {
	if w := d.words[key]; len(w) > 0 {
		return w[0]
	}
	return ""
}

func (s *schema) addRule(line string) {
	d := readDefinition(line)
	name := d.first("NAME")
	r := &matchingRule{oid: d.oid, name: name, prepare: rulePreparations[name], substrings: strings.HasSuffix(name, "SubstringsMatch")}
	switch name {
	case "integerBitAndMatch":
		r.bits = bitAnd
	case "integerBitOrMatch":
		r.bits = bitOr
	}
	s.rules[d.oid], s.rules[strings.ToLower(name)] = r, r
}

func (s *schema) addAttribute(line string) {
	d := readDefinition(line)
	t := &attributeType{
		oid: d.oid, name: d.first("NAME"), names: d.words["NAME"], syntax: d.first("SYNTAX"),
		equality: s.mustRule(d, "EQUALITY"), ordering: s.mustRule(d, "ORDERING"), substrings: s.mustRule(d, "SUBSTR"),
		single: d.has("SINGLE-VALUE"), directorys: d.has("NO-USER-MODIFICATION"), operational: d.has("USAGE"),
	}
	t.chain = []*attributeType{t}
	if name := d.first("SUP"); name != "" {
		sup := must(s.attribute(name), line)
		t.chain = append(t.chain, sup.chain...)
		t.equality, t.ordering, t.substrings = sup.equality, sup.ordering, sup.substrings
		if t.syntax == "" {
			t.syntax = sup.syntax
		}
	}
	t.prepare = prepareOctets
	if t.equality != nil {
		t.prepare = t.equality.prepare
		if t.ordering == nil && t.prepare.isString() {
			// RFC 4519 gives most strings no ordering rule. Directories in the
			// field order them all the same, and so can a sort control here.
			t.ordering = t.equality
		}
	}
	for _, n := range append(t.names, t.oid) {
		s.attributes[n], s.attributes[strings.ToLower(n)] = t, t
	}
}

func (s *schema) addClass(line string) {
	d := readDefinition(line)
	c := &objectClass{oid: d.oid, name: d.first("NAME"), names: d.words["NAME"]}
	switch {
	case d.has("ABSTRACT"):
		c.kind = abstract
	case d.has("AUXILIARY"):
		c.kind = auxiliary
	}
	if name := d.first("SUP"); name != "" {
		c.sup = must(s.class(name), line)
		c.must, c.may = slices.Clip(c.sup.must), slices.Clip(c.sup.may)
	}
	for _, n := range d.words["MUST"] {
		c.must = append(c.must, must(s.attribute(n), line))
	}
	for _, n := range d.words["MAY"] {
		c.may = append(c.may, must(s.attribute(n), line))
	}
	for _, n := range append(c.names, c.oid) {
		s.classes[n], s.classes[strings.ToLower(n)] = c, c
	}
}

func (s *schema) mustRule(d definition, key string) *matchingRule {
	if !d.has(key) {
		return nil
	}
	return must(s.rule(d.first(key)), d.first(key))
}

// must is for the definitions in this package, which either fit together or
// are a mistake in the program.
func must[T any](v *T, where string) *T {
	if v == nil {
		panic(fmt.Sprintf("memory: schema: a name is not defined: %s", where))
	}
	return v
}
