package xml

import "bytes"

// Name is an expanded name.
type Name struct {
	Space string // the namespace, empty for none
	Local string
}

// qname is a name as written, judged once.
type qname struct {
	raw, prefix, local string
	declares           bool // it is xmlns or xmlns:something

	// Where the prefix leads, as an element's name and where scope is in force.
	space string
	scope uint64
}

// declared returns the prefix that a namespace declaration declares.
func (q *qname) declared() string {
	if q.prefix == "" {
		return ""
	}
	return q.local
}

// nameTable interns names. It is a cache of fixed size: a document with many
// names makes it slower, and cannot make it grow.
type nameTable struct {
	slots [ways * sets]*qname
	next  uint8 // the way to give up next
}

const (
	ways = 4
	sets = 128
)

// get returns the name that b is, and nil if it is none.
func (t *nameTable) get(b []byte) *qname {
	h := hash(b)
	set := t.slots[h%sets*ways:][:ways]
	for _, q := range set {
		if q == nil {
			break
		}
		if q.raw == string(b) {
			return q
		}
	}
	q := newName(b)
	if q == nil {
		return nil
	}
	for i := range set {
		if set[i] == nil {
			set[i] = q
			return q
		}
	}
	set[t.next%ways] = q
	t.next++
	return q
}

// newName checks a name against the productions of both recommendations.
func newName(b []byte) *qname {
	if badName(b) >= 0 {
		return nil
	}
	colon := bytes.IndexByte(b, ':')
	raw := string(b)
	q := &qname{raw: raw, local: raw}
	if colon >= 0 {
		if colon == 0 || badName(b[colon+1:]) >= 0 || bytes.IndexByte(b[colon+1:], ':') >= 0 {
			return nil
		}
		q.prefix, q.local = raw[:colon], raw[colon+1:]
	}
	q.declares = q.prefix == "xmlns" || raw == "xmlns"
	return q
}

// stringTable interns strings in the same way.
type stringTable struct {
	slots [32]string
}

func (t *stringTable) get(b []byte) string {
	slot := &t.slots[hash(b)%uint32(len(t.slots))]
	if *slot != string(b) {
		*slot = string(b)
	}
	return *slot
}

// hash mixes the first and the last eight bytes and the length, which tell
// names apart well enough for a cache.
func hash(b []byte) uint32 {
	n := len(b)
	var h uint64
	if n >= 8 {
		h = load(b, 0) ^ load(b, n-8)*0x9E3779B97F4A7C15
	} else {
		for _, c := range b {
			h = h<<8 | uint64(c)
		}
	}
	h = (h ^ uint64(n)) * 0xD6E8FEB86659FD93
	return uint32(h >> 40)
}
