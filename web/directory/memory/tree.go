package memory

import (
	"net/url"
	"slices"
	"strings"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// aliasHops bounds chains of aliases.
const aliasHops = 8

// parse reads a name in a request (D-65).
func (d *Directory) parse(text string) (name, error) {
	n, err := d.schema.parseName(text)
	if err != nil {
		return name{}, fail(dsml.InvalidDNSyntax, "the distinguished name cannot be read: "+err.Error())
	}
	return n, nil
}

// locate finds the entry of a name. Aliases on the way are followed when deref
// is set. A referral on the way ends the walk with the referral, unless manage
// is set. The lock is held by the caller.
func (d *Directory) locate(n name, deref, manage bool) (*node, error) {
	hops := 0
	var target name // of the last alias
	for {
		at, rest := d.nearest(n)
		if r := at.referral(); r != nil && !manage {
			return nil, r.refer(n, "")
		}
		if at != nil && at.entry.alias && deref {
			if hops++; hops > aliasHops {
				return nil, &failure{code: dsml.AliasDereferencingProblem, message: "the alias leads in a circle, or through too many others", matched: at.entry.dn}
			}
			var err error
			if target, err = d.schema.parseName(at.entry.get(d.schema.aliasedObjectName)); err != nil {
				return nil, &failure{code: dsml.AliasProblem, message: "the alias names no entry", matched: at.entry.dn}
			}
			n = name{slices.Concat(rest, target.rdns)}
			continue
		}
		switch {
		case at != nil && len(rest) == 0:
			return at, nil
		case hops > 0 && (at == nil || !at.entry.name.under(target)):
			return nil, &failure{code: dsml.AliasProblem, message: "the entry that the alias names does not exist", matched: at.dn()}
		}
		return nil, &failure{code: dsml.NoSuchObject, message: "there is no entry of this name", matched: at.dn()}
	}
}

// nearest returns the deepest entry on the way to n, and what of n is below
// it; nil if not even the root of a tree is on the way. Names longer than those
// of entries can be are not looked up: each look-up reads the whole key, so
// that a long name would take time with the square of its length.
func (d *Directory) nearest(n name) (*node, []rdn) {
	above := max(0, len(n.rdns)-depth)
	key := name{n.rdns[above:]}.key()
	for i := above; i < len(n.rdns); i++ {
		if at, ok := d.nodes[key]; ok {
			return at, n.rdns[:i]
		}
		key = strings.TrimPrefix(key[len(n.rdns[i].key):], ",")
	}
	return nil, n.rdns
}

// referral returns the referral entry at n or above it.
func (n *node) referral() *node {
	for ; n != nil; n = n.parent {
		if n.entry.referral {
			return n
		}
	}
	return nil
}

// refer is the outcome of an operation that has to go on elsewhere (RFC 3296).
func (n *node) refer(wanted name, scope string) error {
	below := wanted.rdns[:max(0, len(wanted.rdns)-len(n.entry.name.rdns))]
	return &failure{code: dsml.Referral, message: "another server holds this part of the directory", matched: n.parent.dn(), referrals: n.uris(below, scope)}
}

func (n *node) dn() string {
	if n == nil {
		return ""
	}
	return n.entry.dn
}

// uris returns where a referral points, for the entry at it or for one below.
func (n *node) uris(below []rdn, scope string) []string {
	refs := n.entry.all(standard().ref)
	for i, ref := range refs {
		scheme, rest, ok := strings.Cut(ref, "://")
		if !ok || !strings.EqualFold(scheme, "ldap") && !strings.EqualFold(scheme, "ldaps") {
			continue
		}
		rest, _, _ = strings.Cut(rest, "?")
		host, path, _ := strings.Cut(rest, "/")
		dn := n.entry.dn
		if p, err := url.PathUnescape(path); err == nil && p != "" {
			dn = p
		}
		if len(below) > 0 {
			dn = name{below}.String() + "," + dn
		}
		refs[i] = scheme + "://" + host + "/" + escapeDN(dn)
		if scope != "" {
			refs[i] += "??" + scope
		}
	}
	return refs
}

// escapeDN writes a name into a URI, with the characters that names are full
// of left as they are.
func escapeDN(dn string) string {
	return strings.NewReplacer("%2C", ",", "%3D", "=", "+", "%20").Replace(url.QueryEscape(dn))
}

// insert puts a new entry into the tree, below parent or at the root.
func (d *Directory) insert(e *entry, parent *node) {
	n := &node{entry: e, parent: parent}
	d.nodes[e.name.key()] = n
	if parent == nil {
		d.roots = append(d.roots, n)
	} else {
		parent.children = append(parent.children, n)
	}
}

// detach takes a node out of its parent's list.
func (d *Directory) detach(n *node) {
	is := func(o *node) bool { return o == n }
	if n.parent == nil {
		d.roots = slices.DeleteFunc(d.roots, is)
	} else {
		n.parent.children = slices.DeleteFunc(n.parent.children, is)
	}
}

// forget drops a node and all below it from the index.
func (d *Directory) forget(n *node) {
	delete(d.nodes, n.entry.name.key())
	for _, c := range n.children {
		d.forget(c)
	}
}

// hit is what a search has to look at: an entry, or a referral in its way.
type hit struct {
	found
	refs []string // not nil for a referral
}

// walk collects the entries in the scope of a search.
type walk struct {
	d             *Directory
	deref, manage bool // follow aliases; take referrals for entries
	subtree       bool
	seen          map[*node]bool // only when aliases are followed
	targets       []*node        // of aliases, to be visited; a list, because chains of aliases are long at will
	hits          []hit
}

// collect returns the entries in scope. The lock is held by the caller.
func (d *Directory) collect(base *node, scope dsml.Scope, deref, manage bool) []hit {
	w := walk{d: d, deref: deref, manage: manage, subtree: scope == dsml.WholeSubtree}
	if deref {
		w.seen = map[*node]bool{}
	}
	below := d.roots
	if base != nil {
		below = base.children
		if scope != dsml.SingleLevel {
			w.take(base)
		}
	}
	if scope == dsml.BaseObject {
		return w.hits
	}
	if w.subtree && base == nil {
		w.hits = make([]hit, 0, len(d.nodes))
	} else {
		w.hits = slices.Grow(w.hits, len(below))
	}
	for _, n := range below {
		w.visit(n)
	}
	for len(w.targets) > 0 {
		n := w.targets[0]
		w.targets = w.targets[1:]
		w.visit(n)
	}
	return w.hits
}

// take adds an entry unless it is there already.
func (w *walk) take(n *node) bool {
	if w.seen != nil {
		if w.seen[n] {
			return false
		}
		w.seen[n] = true
	}
	w.hits = append(w.hits, hit{found: found{n.entry, len(n.children)}})
	return true
}

func (w *walk) visit(n *node) {
	switch {
	case n.entry.referral && !w.manage:
		scope := "base"
		if w.subtree {
			scope = ""
		}
		w.hits = append(w.hits, hit{found: found{entry: n.entry}, refs: n.uris(nil, scope)})
		return
	case n.entry.alias && w.deref:
		// An alias that leads nowhere has nothing to find.
		if target, err := w.d.locate(n.entry.name, true, w.manage); err == nil {
			w.targets = append(w.targets, target)
		}
		return
	}
	if !w.take(n) || !w.subtree {
		return
	}
	for _, c := range n.children {
		w.visit(c)
	}
}
