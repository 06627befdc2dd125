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
	key                uint64 // the bytes of raw when they are less than eight, otherwise 0
	declares           bool   // it is xmlns or xmlns:something

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

	// Most names have less than eight bytes and are found here, without a loop.
	short [1 << shortBits]struct {
		key  uint64
		name *qname
	}
}

const (
	ways      = 4
	sets      = 128
	shortBits = 7
)

// at returns the name that begins at b[i] and the index after it, if it has been
// seen before.
func (t *nameTable) at(b []byte, i int) (q *qname, end int) {
	if i+8 > len(b) {
		return nil, 0
	}
	w := load(b, i)
	mask := nameEndMask(w)
	if mask == 0 {
		return t.long(b, i)
	}
	n := firstByte(mask)
	w &= 1<<(8*n) - 1
	if slot := &t.short[shortSlot(w)]; slot.key == w && w != 0 {
		return slot.name, i + n
	}
	return nil, 0
}

// long does the same for names of eight bytes and more.
func (t *nameTable) long(b []byte, from int) (q *qname, end int) {
	for i := from + 8; i+8 <= len(b); i += 8 {
		mask := nameEndMask(load(b, i))
		if mask == 0 {
			continue
		}
		end = i + firstByte(mask)
		name := b[from:end]
		for _, q := range t.slots[hash(name)%sets*ways:][:ways] {
			if q == nil {
				break
			}
			if q.raw == string(name) {
				return q, end
			}
		}
		break
	}
	return nil, 0
}

func shortSlot(key uint64) uint64 { return key * 0x9E3779B97F4A7C15 >> (64 - shortBits) }

// get returns the name that b is, and nil if it is none.
func (t *nameTable) get(b []byte) *qname {
	q := t.find(b)
	if q != nil && q.key != 0 {
		slot := &t.short[shortSlot(q.key)]
		slot.key, slot.name = q.key, q
	}
	return q
}

func (t *nameTable) find(b []byte) *qname {
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
	if len(b) < 8 {
		for i, c := range b {
			q.key |= uint64(c) << (8 * i)
		}
	}
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
