package memory

import (
	"fmt"
	"strings"
	"sync"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

const (
	sampleSuffix = "dc=example,dc=org"
	samplePeople = 2000
)

// Sample returns the sample directory: the organisation dc=example,dc=org with
// its sites, units, groups and devices, and 2,000 people right below
// ou=people. It is made by a generator that makes the same entries every time,
// their UUIDs included; photos are the same as long as Go's JPEG encoder is.
//
// Everybody may read and write it. Two entries below ou=services have a
// password, for trying authentication: uid=admin with "secret", uid=reader
// with "reader".
func Sample() *Directory { return NewSample(Options{}) }

// NewSample returns the sample directory with other options; its context comes
// after those in o.
func NewSample(o Options) *Directory {
	o.Contexts = append(o.Contexts[:len(o.Contexts):len(o.Contexts)], sampleSuffix)
	d, err := New(o)
	if err != nil {
		// A context of the caller's that is no name. The sample is for trying
		// things out, so it is told at once and by name.
		panic(err)
	}
	for _, e := range sampleEntries() {
		d.insert(e, d.nodes[e.name.parent().key()])
	}
	return d
}

// sampleEntries makes the entries once; directories share them, since entries
// do not change.
var sampleEntries = sync.OnceValue(generate)

func generate() []*entry {
	g := &generator{random: 0x6473_6d6c_6b69_7421}
	g.organisation()
	g.people()
	g.groups()
	g.devices()
	g.odds()
	return g.entries
}

// generator makes the sample.
type generator struct {
	random  uint64
	entries []*entry
	persons []person
	maker   value // of creatorsName
}

// next is SplitMix64: small, and ours, so that the sample does not change with
// a library.
func (g *generator) next() uint64 {
	g.random += 0x9e37_79b9_7f4a_7c15
	z := g.random
	z = (z ^ z>>30) * 0xbf58_476d_1ce4_e5b9
	z = (z ^ z>>27) * 0x94d0_49bb_1331_11eb
	return z ^ z>>31
}

func (g *generator) intn(n int) int { return int(g.next() >> 33 % uint64(n)) }

func (g *generator) one(list []string) string { return list[g.intn(len(list))] }

// add makes one entry from pairs of an attribute and a value.
func (g *generator) add(dn string, pairs ...string) {
	var attrs []dsml.Attribute
	for i := 0; i < len(pairs); i += 2 {
		v := dsml.Value{Data: pairs[i+1]}
		if n := len(attrs); n > 0 && attrs[n-1].Name == pairs[i] {
			attrs[n-1].Values = append(attrs[n-1].Values, v)
			continue
		}
		attrs = append(attrs, dsml.Attribute{Name: pairs[i], Values: []dsml.Value{v}})
	}
	s := standard()
	d := Directory{schema: s}
	n, err := s.parseName(dn)
	var e *entry
	if err == nil {
		e, err = d.newEntry(n, attrs)
	}
	if err != nil {
		panic(fmt.Sprintf("memory: sample entry %s: %v", dn, err)) // a mistake in this file
	}
	minute := len(g.entries)
	stamp := fmt.Sprintf("202601%02d%02d%02d00Z", 5+minute/(8*60), 8+minute/60%8, minute%60)
	a, b := g.next(), g.next()
	e.set(s, s.entryUUID, fmt.Sprintf("%08x-%04x-4%03x-%04x-%012x", uint32(a), uint16(a>>32), a>>52, b>>48&0x3fff|0x8000, b&0xffff_ffff_ffff))
	if g.maker.raw == "" {
		g.maker = s.value(s.creatorsName, "uid=admin,ou=services,"+sampleSuffix)
	}
	e.set(s, s.createTimestamp, stamp)
	e.put(s.creatorsName, g.maker)
	e.set(s, s.modifyTimestamp, stamp)
	e.put(s.modifiersName, g.maker)
	g.entries = append(g.entries, e)
}

func (g *generator) organisation() {
	g.add(sampleSuffix, "objectClass", "organization", "objectClass", "dcObject", "dc", "example", "o", "Example Organisation",
		"description", "A made-up organisation to try things out on; everybody may change it",
		"street", "1 Sample Street", "l", "Lisbon", "telephoneNumber", "+351 21 555 0100")
	for _, u := range []struct{ ou, description string }{
		{"people", "Everybody who works here"},
		{"groups", "Who belongs to what"},
		{"units", "The units of the organisation"},
		{"sites", "Where we are"},
		{"devices", "Printers, screens and machines"},
		{"services", "Accounts of programs, and aliases"},
	} {
		g.add("ou="+u.ou+","+sampleSuffix, "objectClass", "organizationalUnit", "ou", u.ou, "description", u.description)
	}
	for _, s := range sites {
		g.add("l="+s.l+",ou=sites,"+sampleSuffix, "objectClass", "locality", "l", s.l, "l;lang-"+s.lang, s.native, "st", s.st, "street", s.street)
	}
	for i, u := range units {
		g.add("ou="+escapeComma(u.name)+",ou=units,"+sampleSuffix, "objectClass", "organizationalUnit", "ou", u.name,
			"description", u.does, "businessCategory", u.category, "telephoneNumber", fmt.Sprintf("+351 21 555 %04d", 1000+i*10), "l", sites[i%len(sites)].l)
	}
}

func (g *generator) groups() {
	members := make([][]string, len(units))
	sited := map[string][]string{}
	all := []string{"objectClass", "groupOfUniqueNames", "cn", "All staff", "description", "Everybody: a group of 2,000"}
	for _, p := range g.persons {
		members[p.unit] = append(members[p.unit], p.dn)
		sited[sites[p.site].l] = append(sited[sites[p.site].l], p.dn)
		all = append(all, "uniqueMember", p.dn)
	}
	for i, u := range units {
		attrs := []string{"objectClass", "groupOfNames", "cn", u.name, "description", "Everybody of " + u.name, "owner", members[i][0]}
		for _, dn := range members[i] {
			attrs = append(attrs, "member", dn)
		}
		g.add("cn="+escapeComma(u.name)+",ou=groups,"+sampleSuffix, attrs...)
	}
	for _, s := range sites {
		attrs := []string{"objectClass", "groupOfNames", "cn", "Site " + s.l, "description", "Everybody in " + s.l + " (" + s.native + ")"}
		for _, dn := range sited[s.l] {
			attrs = append(attrs, "member", dn)
		}
		g.add("cn=Site "+s.l+",ou=groups,"+sampleSuffix, attrs...)
	}
	g.add("cn=All staff,ou=groups,"+sampleSuffix, all...)
	for _, name := range []string{"First aid", "Fire wardens", "Works council", "Choir", "Chess club", "Café Österreich", "Клуб книголюбов", "読書会"} {
		attrs := []string{"objectClass", "groupOfNames", "cn", name, "businessCategory", "club"}
		first := g.intn(samplePeople)
		for i := range 5 + g.intn(20) {
			attrs = append(attrs, "member", g.persons[(first+i*83)%samplePeople].dn)
		}
		g.add("cn="+name+",ou=groups,"+sampleSuffix, attrs...)
	}
}

func (g *generator) devices() {
	kinds := []string{"printer", "scanner", "display", "coffee machine"}
	for i := range 60 {
		s, kind := sites[i%len(sites)], kinds[i%len(kinds)]
		cn := fmt.Sprintf("%s %02d", kind, i+1)
		g.add("cn="+cn+",ou=devices,"+sampleSuffix, "objectClass", "device", "cn", cn, "serialNumber", fmt.Sprintf("SN-%06d", g.intn(1_000_000)),
			"l", s.l, "owner", g.persons[g.intn(samplePeople)].dn, "description", "The "+kind+" on floor "+fmt.Sprint(1+g.intn(9)))
	}
}

// odds are the entries that show what else a directory has: accounts with
// passwords, an alias, a referral.
func (g *generator) odds() {
	g.add("uid=admin,ou=services,"+sampleSuffix, "objectClass", "account", "objectClass", "simpleSecurityObject", "uid", "admin",
		"description", "May do what everybody may; has a name to do it under",
		"userPassword", "{SSHA}UgCJjM+VJJYduihDuk0aPpDtY9RzYWx0eQ==") // "secret"
	g.add("uid=reader,ou=services,"+sampleSuffix, "objectClass", "account", "objectClass", "simpleSecurityObject", "uid", "reader",
		"description", "Another account with a password", "userPassword", "{CLEARTEXT}reader")
	g.add("cn=head,ou=services,"+sampleSuffix, "objectClass", "alias", "objectClass", "extensibleObject", "cn", "head",
		"aliasedObjectName", g.persons[0].dn, "description", "Another name for the head of the organisation")
	g.add("ou=partners,"+sampleSuffix, "objectClass", "referral", "objectClass", "extensibleObject", "ou", "partners",
		"ref", "ldap://ldap.example.net/ou=partners,dc=example,dc=net", "description", "Kept by another server")
}

func escapeComma(s string) string { return strings.ReplaceAll(s, ",", `\,`) }
