package memory

import (
	"fmt"
	"strings"
)

// person is what groups need to know of somebody.
type person struct {
	dn, cn     string
	unit, site int
}

func (g *generator) people() {
	taken := map[string]bool{}
	heads := make([]string, len(units))
	var chief string
	for i := range samplePeople {
		// Every unit has its turn at the beginning, so that each has a head.
		unit := i
		if i >= len(units) {
			unit = g.intn(len(units))
		}
		o := origins[g.origin()]
		given, family := o.given[g.intn(len(o.given))], o.family[g.intn(len(o.family))]
		p := person{unit: unit, site: g.intn(len(sites)), cn: given.native + " " + family.native}
		if o.familyFirst {
			p.cn = family.native + o.between + given.native
		}
		uid := strings.ToLower(given.latin + "." + family.latin)
		uid = strings.NewReplacer(" ", "", "'", "", "-", "").Replace(uid)
		for base, n := uid, 2; taken[uid]; n++ {
			uid = fmt.Sprint(base, n)
		}
		taken[uid] = true
		p.dn = "uid=" + uid + ",ou=people," + sampleSuffix

		latin := given.latin + " " + family.latin
		attrs := []string{
			"objectClass", "top", "objectClass", "person", "objectClass", "organizationalPerson", "objectClass", "inetOrgPerson",
			"uid", uid, "cn", p.cn, "sn", family.native, "givenName", given.native, "displayName", p.cn,
			"mail", uid + "@example.org",
			"employeeNumber", fmt.Sprint(10001 + i), "departmentNumber", fmt.Sprint(100 + unit), "ou", units[unit].name,
			"l", sites[p.site].l, "preferredLanguage", o.lang,
			"telephoneNumber", fmt.Sprintf("%s 555 %04d", sites[p.site].phone, i%10000),
			"roomNumber", fmt.Sprintf("%d.%02d", 1+g.intn(9), 1+g.intn(40)),
		}
		if latin != p.cn {
			attrs = append(attrs, "cn;lang-en", latin, "sn;lang-en", family.latin, "givenName;lang-en", given.latin)
		}
		attrs = append(attrs, g.work(i, unit, heads, chief)...)
		attrs = append(attrs, g.extras(i, uid)...)
		g.add(p.dn, attrs...)
		if i == 0 {
			chief = p.dn
		}
		if i < len(units) {
			heads[i] = p.dn
		}
		g.persons = append(g.persons, p)
	}
}

// origin picks a group of names; the first is the most frequent.
func (g *generator) origin() int {
	if g.intn(4) == 0 {
		return 0
	}
	return g.intn(len(origins))
}

// work is a title and a manager: heads of units answer to the first of them,
// everybody else to the head of the unit.
func (g *generator) work(i, unit int, heads []string, chief string) []string {
	switch {
	case i == 0:
		return []string{"title", "Managing Director", "employeeType", "permanent"}
	case i < len(units):
		return []string{"title", "Head of " + units[unit].name, "employeeType", "permanent", "manager", chief}
	}
	return []string{"title", g.one(grades) + " " + g.one(units[unit].jobs), "employeeType", g.one(employments), "manager", heads[unit]}
}

// extras are attributes that only some people have.
func (g *generator) extras(i int, uid string) []string {
	var attrs []string
	if i%3 == 0 {
		attrs = append(attrs, "mobile", fmt.Sprintf("+351 91 555 %04d", i%10000))
	}
	if i%4 == 1 {
		attrs = append(attrs, "mail", "contact+"+uid+"@example.org")
	}
	if i%5 == 2 {
		attrs = append(attrs, "description", descriptions[i/5%len(descriptions)])
	}
	if i%7 == 3 {
		attrs = append(attrs, "postalAddress", fmt.Sprintf("%d Sample Street$%04d Exampleton", 1+g.intn(200), 1000+g.intn(9000)))
	}
	if i%11 == 4 {
		attrs = append(attrs, "labeledURI", "https://www.example.org/~"+uid+" home page")
	}
	if i%13 == 5 {
		attrs = append(attrs, "carLicense", fmt.Sprintf("EX-%02d-%02d", g.intn(100), g.intn(100)))
	}
	if i%16 == 0 {
		attrs = append(attrs, "jpegPhoto", g.photo())
	}
	if i%40 == 7 {
		attrs = append(attrs, "userCertificate;binary", g.certificate())
	}
	return attrs
}

// certificate makes bytes with the outer form of a certificate: one SEQUENCE.
func (g *generator) certificate() string {
	n := 300 + g.intn(200)
	b := make([]byte, n)
	for i := range b {
		b[i] = byte(g.next() >> 56)
	}
	b[0], b[1], b[2], b[3] = 0x30, 0x82, byte((n-4)>>8), byte(n-4)
	return string(b)
}
