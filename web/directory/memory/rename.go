package memory

import (
	"slices"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// rename gives an entry a new RDN, a new place, or both; what is below it
// comes along.
func (op *operation) rename(req *dsml.ModDNRequest) error {
	d, s := op.d, op.d.schema
	n, err := d.parse(req.DN)
	if err != nil {
		return err
	}
	step, err := d.parse(req.NewRDN)
	if err != nil {
		return err
	}
	if len(step.rdns) != 1 {
		return fail(dsml.InvalidDNSyntax, "newrdn has to be one step of a name")
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	at, err := op.target(n, dsml.UnwillingToPerform)
	if err != nil {
		return err
	}
	if at.parent == nil {
		return fail(dsml.UnwillingToPerform, "the root of a tree can be neither renamed nor moved")
	}
	parent, err := op.newParent(at, req.NewSuperior)
	if err != nil {
		return err
	}
	e := at.entry.copy()
	old := e.name.rdns[0]
	e.name = name{step.rdns}
	e.under(parent.entry)
	key := e.name.key()
	if other := d.nodes[key]; other != nil && other != at {
		return fail(dsml.EntryAlreadyExists, "there is an entry of the new name")
	}
	if len(e.name.rdns)+at.height() > depth {
		return fail(dsml.UnwillingToPerform, "names here have at most "+itoa(depth)+" parts")
	}
	if !req.KeepOldRDN {
		for _, a := range old.avas {
			e.drop(s, a)
		}
	}
	if err := e.hold(s, step.rdns[0]); err != nil {
		return err
	}
	if err := s.check(e); err != nil {
		return err
	}
	op.stamp(e)
	op.readBack(&found{at.entry, len(at.children)}, &found{e, len(at.children)})
	d.forget(at)
	if parent != at.parent {
		d.detach(at)
		at.parent = parent
		parent.children = append(parent.children, at)
	}
	at.entry = e
	d.remember(at)
	return nil
}

// newParent finds the entry below which a renamed one goes.
func (op *operation) newParent(at *node, superior dsml.Optional) (*node, error) {
	if !superior.Set {
		return at.parent, nil
	}
	n, err := op.d.parse(superior.Value)
	if err != nil {
		return nil, err
	}
	if n.isRoot() {
		return nil, fail(dsml.UnwillingToPerform, "an entry cannot become the root of a tree")
	}
	parent, err := op.d.locate(n, false, op.manage)
	if err != nil {
		return nil, err
	}
	switch {
	case parent.entry.alias:
		return nil, &failure{code: dsml.AliasProblem, message: "nothing can stand below an alias", matched: parent.entry.dn}
	case parent.entry.name.under(at.entry.name):
		return nil, fail(dsml.UnwillingToPerform, "an entry cannot go below itself")
	}
	return parent, nil
}

// drop removes a value of the old RDN.
func (e *entry) drop(s *schema, a ava) {
	desc := description{typ: a.typ}
	at := e.find(desc)
	if at == nil {
		return
	}
	i := at.index(s.value(a.typ, a.value).prepared)
	switch {
	case i < 0:
	case len(at.values) == 1:
		e.remove(desc)
	default:
		at.values = slices.Delete(slices.Clone(at.values), i, i+1)
	}
}

// height is the number of steps to the deepest entry below.
func (n *node) height() int {
	h := 0
	for _, c := range n.children {
		h = max(h, 1+c.height())
	}
	return h
}

// remember puts a node and all below it into the index, under the names that
// they now have.
func (d *Directory) remember(n *node) {
	d.nodes[n.entry.name.key()] = n
	for _, c := range n.children {
		e := c.entry.copy()
		e.under(n.entry)
		c.entry = e
		d.remember(c)
	}
}
