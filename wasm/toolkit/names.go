package main

// maxNames bounds the names that both sides keep for good. Property names are
// a fixed few dozen; attribute names come from documents, and a hostile
// document could hold millions of them. Those beyond the bound cross as text.
const maxNames = 4096

// maxNameLength is the longest text, in bytes, that is worth keeping.
const maxNameLength = 128

// names numbers the property and attribute names that cross to JavaScript. A
// name crosses as text in the answer that first uses it; the other side keeps
// the same list in the same order.
type names struct {
	index map[string]int32
	fresh []string // numbered since the last answer was taken over

	// group is a serial number for sets of names in which a repetition
	// matters; last holds, by number, the group that a name was last seen in.
	group uint32
	last  []uint32
}

func newNames() *names {
	return &names{index: make(map[string]int32, 256)}
}

// number returns the number of a name, or false when the list is full or the
// name too long to keep.
func (n *names) number(name string) (int32, bool) {
	if i, ok := n.index[name]; ok {
		return i, true
	}
	if len(n.index) >= maxNames || len(name) > maxNameLength {
		return 0, false
	}
	i := int32(len(n.index))
	// The name may be a piece of a large text that should not be held by it.
	name = string([]byte(name))
	n.index[name] = i
	n.fresh = append(n.fresh, name)
	n.last = append(n.last, 0)
	return i, true
}

// beginGroup begins a set of names.
func (n *names) beginGroup() {
	n.group++
	if n.group == 0 {
		clear(n.last)
		n.group = 1
	}
}

// firstInGroup reports whether the name is certain not to have been asked for
// before in this group.
func (n *names) firstInGroup(name string) bool {
	i, ok := n.number(name)
	if !ok || n.last[i] == n.group {
		return false
	}
	n.last[i] = n.group
	return true
}
