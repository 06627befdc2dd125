package dsml

// Sort is the value of the server-side sort control of RFC 2891: the keys, the
// most important first.
type Sort struct{ Keys []SortKey }

// SortKey is one key of a sort.
type SortKey struct {
	Attribute    string
	MatchingRule string // name or OID of an ordering rule; empty for the attribute's own
	Reverse      bool
}

// Control returns the control that carries s.
func (s Sort) Control(criticality bool) Control {
	w := startBER(berSequence)
	for _, k := range s.Keys {
		key := w.start(berSequence)
		w.octets(k.Attribute)
		if k.MatchingRule != "" {
			w.string(berContext+0, k.MatchingRule)
		}
		if k.Reverse {
			w.boolean(berContext+1, true)
		}
		w.end(key)
	}
	return w.control(OIDServerSort, criticality)
}

// DecodeSort reads the value of a server-side sort control. It takes the
// universal tag for the reverse flag too, which a sample of Microsoft's has.
func DecodeSort(c Control) (Sort, error) {
	keys := decodeBER(c, OIDServerSort).inside(berSequence, "the list of keys")
	var s Sort
	for keys.more() {
		r := keys.inside(berSequence, "the sequence of a key")
		k := SortKey{
			Attribute:    r.octets("the attribute"),
			MatchingRule: r.optional(berContext+0, "the matching rule").Value,
		}
		for _, identifier := range []byte{berContext + 1, berBoolean} {
			if r.has(identifier) {
				k.Reverse = r.boolean(identifier, "the reverse flag")
				break
			}
		}
		if k.Attribute == "" {
			r.fail("the attribute of a key is empty")
		}
		r.endWithin(keys)
		s.Keys = append(s.Keys, k)
	}
	if len(s.Keys) == 0 {
		keys.fail("there is no key to sort by")
	}
	return s, keys.end()
}

// SortResult is the value of the control that answers a sort.
type SortResult struct {
	Code      ResultCode // of the sort, not of the search
	Attribute string     // the first that the sort failed on; may be empty
}

// Control returns the control that carries s.
func (s SortResult) Control(criticality bool) Control {
	w := startBER(berSequence)
	w.integer(berEnumerated, int64(s.Code))
	if s.Attribute != "" {
		w.string(berContext+0, s.Attribute)
	}
	return w.control(OIDServerSortResponse, criticality)
}

// DecodeSortResult reads the value of the control that answers a sort.
func DecodeSortResult(c Control) (SortResult, error) {
	r := decodeSequence(c, OIDServerSortResponse)
	s := SortResult{Code: r.code("the result"), Attribute: r.optional(berContext+0, "the attribute").Value}
	return s, r.end()
}
