package memory

import (
	"slices"
	"strconv"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// subschemaDN is where the schema can be read.
const subschemaDN = "cn=Subschema"

// special returns the entries that are not in the tree: the root DSE, whose
// name is empty, and the subschema.
func (d *Directory) special(n name) (found, bool) {
	s := d.schema
	e := &entry{name: n}
	add := func(t *attributeType, values ...string) {
		a := attribute{typ: t, name: t.name}
		for _, v := range values {
			a.values = append(a.values, s.value(t, v))
		}
		if len(values) > 0 {
			e.attrs = append(e.attrs, a)
		}
	}
	switch n.key() {
	case "":
		contexts := make([]string, len(d.contexts))
		for i, c := range d.contexts {
			contexts[i] = c.String()
		}
		add(s.objectClass, "top", "extensibleObject")
		add(s.namingContexts, contexts...)
		add(s.supportedControl, supportedControls()...)
		add(s.supportedExtension, dsml.OIDWhoAmI, dsml.OIDPasswordModify)
		add(s.supportedFeatures, dsml.OIDAllOperational, dsml.OIDObjectClassAttrs, dsml.OIDTrueFalseFilters, dsml.OIDModifyIncrement)
		add(s.supportedLDAPVersion, "3")
		add(s.vendorName, "dsmlkit")
		add(s.vendorVersion, "dsmlkit memory directory")
		return found{e, len(d.roots)}, true
	case s.subschemaKey:
		e.dn = subschemaDN
		add(s.objectClass, "top", "subschema", "extensibleObject")
		add(s.attribute("cn"), "Subschema")
		e.attrs = slices.Concat(e.attrs, s.subschema)
		return found{entry: e}, true
	}
	return found{}, false
}

func itoa(n int) string { return strconv.Itoa(n) }

func atoi64(v string) (int64, bool) {
	n, err := strconv.ParseInt(v, 10, 64)
	return n, err == nil
}
