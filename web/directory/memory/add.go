package memory

import (
	"slices"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

func (op *operation) add(req *dsml.AddRequest) error {
	d := op.d
	n, err := d.parse(req.DN)
	if err != nil {
		return err
	}
	e, err := d.newEntry(n, req.Attrs)
	if err != nil {
		return err
	}
	s, now := d.schema, d.now().UTC().Format(timeForm)
	e.set(s, s.entryUUID, d.newUUID())
	e.set(s, s.createTimestamp, now)
	e.set(s, s.creatorsName, op.who)
	e.set(s, s.modifyTimestamp, now)
	e.set(s, s.modifiersName, op.who)

	d.mu.Lock()
	defer d.mu.Unlock()
	parent, err := d.place(n, op.manage)
	if err != nil {
		return err
	}
	if parent != nil {
		e.under(parent.entry)
	}
	d.insert(e, parent)
	op.readBack(nil, &found{entry: e})
	return nil
}

// newEntry makes an entry of what a request gives.
func (d *Directory) newEntry(n name, attrs []dsml.Attribute) (*entry, error) {
	s := d.schema
	if n.isRoot() {
		return nil, fail(dsml.EntryAlreadyExists, "the empty name is that of the root DSE")
	}
	e := &entry{name: n, dn: n.String(), attrs: make([]attribute, 0, len(attrs)+8)}
	for _, a := range attrs {
		desc, err := s.writable(a.Name)
		if err != nil {
			return nil, err
		}
		if len(a.Values) == 0 {
			return nil, fail(dsml.ProtocolError, "the attribute "+a.Name+" has no value") // D-54
		}
		values, err := s.read(desc.typ, a.Name, a.Values)
		if err != nil {
			return nil, err
		}
		at := e.find(desc)
		if at == nil {
			e.attrs = append(e.attrs, attribute{typ: desc.typ, name: a.Name, options: desc.options, values: values})
			continue
		}
		for _, v := range values {
			if at.has(v.prepared) {
				return nil, fail(dsml.AttributeOrValueExists, "the attribute "+a.Name+" is given the same value twice")
			}
		}
		at.values = append(at.values, values...)
	}
	if err := e.hold(s, n.rdns[0]); err != nil {
		return nil, err
	}
	return e, s.check(e)
}

// place finds the parent of a new entry, nil for the root of a tree, and
// refuses names that are taken or too long. The lock is held by the caller.
func (d *Directory) place(n name, manage bool) (*node, error) {
	if _, ok := d.special(n); ok || d.nodes[n.key()] != nil {
		return nil, fail(dsml.EntryAlreadyExists, "there is an entry of this name")
	}
	if len(n.rdns) > depth {
		return nil, fail(dsml.UnwillingToPerform, "names here have at most "+itoa(depth)+" parts")
	}
	parent, err := d.locate(n.parent(), false, manage)
	switch {
	case err == nil && parent.entry.alias:
		return nil, &failure{code: dsml.AliasProblem, message: "nothing can stand below an alias", matched: parent.entry.dn}
	case err == nil:
		return parent, nil
	case slices.ContainsFunc(d.contexts, func(c name) bool { return c.key() == n.key() }):
		return nil, nil
	}
	return nil, err
}

// under gives an entry the name that it has below parent: the names above are
// spelled as the entries there spell them.
func (e *entry) under(parent *entry) {
	e.name = parent.name.child(e.name.rdns[0])
	e.dn = e.name.rdns[0].text + "," + parent.dn
}
