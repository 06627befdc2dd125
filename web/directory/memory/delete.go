package memory

import "github.com/dsmlkit/dsmlkit/xml/dsml"

func (op *operation) delete(req *dsml.DelRequest) error {
	d := op.d
	n, err := d.parse(req.DN)
	if err != nil {
		return err
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	at, err := op.target(n, dsml.InsufficientAccessRights)
	if err != nil {
		return err
	}
	if len(at.children) > 0 && !op.treeDelete {
		return fail(dsml.NotAllowedOnNonLeaf, "the entry has others below it; the tree delete control removes them too")
	}
	op.readBack(&found{at.entry, len(at.children)}, nil)
	d.detach(at)
	d.forget(at)
	return nil
}

// target finds the entry that a request wants to change. Entries outside the
// tree cannot be changed, which the code tells. The lock is held by the caller.
func (op *operation) target(n name, special dsml.ResultCode) (*node, error) {
	if _, ok := op.d.special(n); ok {
		return nil, fail(special, "this entry belongs to the directory")
	}
	at, err := op.d.locate(n, false, op.manage)
	if err != nil {
		return nil, err
	}
	return at, op.assert(found{at.entry, len(at.children)})
}
