package dsml

import ber "github.com/go-asn1-ber/asn1-ber"

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
	keys := berSequence()
	for _, k := range s.Keys {
		key := berSequence(berString(k.Attribute))
		if k.MatchingRule != "" {
			key.AppendChild(berContext(0, k.MatchingRule))
		}
		if k.Reverse {
			key.AppendChild(ber.NewLDAPBoolean(ber.ClassContext, ber.TypePrimitive, 1, true, ""))
		}
		keys.AppendChild(key)
	}
	return berControl(OIDServerSort, criticality, keys)
}

// DecodeSort reads the value of a server-side sort control. It takes the
// universal tag for the reverse flag too, which a sample of Microsoft's has.
func DecodeSort(c Control) (Sort, error) {
	outer, err := decodeBER(c, OIDServerSort)
	if err != nil {
		return Sort{}, err
	}
	keys := outer.sequence("the list of keys")
	var s Sort
	for keys.more() {
		r := keys.sequence("the sequence of a key")
		k := SortKey{Attribute: string(r.octets("the attribute"))}
		if r.has(ber.ClassContext, 0) {
			k.MatchingRule = string(r.bytes(ber.ClassContext, 0, "the matching rule"))
		}
		if r.has(ber.ClassContext, 1) {
			k.Reverse = r.boolean(ber.ClassContext, 1, "the reverse flag")
		} else if r.has(ber.ClassUniversal, ber.TagBoolean) {
			k.Reverse = r.boolean(ber.ClassUniversal, ber.TagBoolean, "the reverse flag")
		}
		if r.err == nil && k.Attribute == "" {
			r.fail("the attribute of a key is empty")
		}
		if err := r.end(); err != nil {
			return Sort{}, err
		}
		s.Keys = append(s.Keys, k)
	}
	if keys.err == nil && len(s.Keys) == 0 {
		keys.fail("there is no key to sort by")
	}
	return s, firstError(outer.end(), keys.end())
}

// SortResult is the value of the control that answers a sort.
type SortResult struct {
	Code      ResultCode // of the sort, not of the search
	Attribute string     // the first that the sort failed on; may be empty
}

// Control returns the control that carries s.
func (s SortResult) Control(criticality bool) Control {
	p := berSequence(berEnumerated(int64(s.Code)))
	if s.Attribute != "" {
		p.AppendChild(berContext(0, s.Attribute))
	}
	return berControl(OIDServerSortResponse, criticality, p)
}

// DecodeSortResult reads the value of the control that answers a sort.
func DecodeSortResult(c Control) (SortResult, error) {
	outer, err := decodeBER(c, OIDServerSortResponse)
	if err != nil {
		return SortResult{}, err
	}
	r := outer.sequence("the sequence")
	s := SortResult{Code: ResultCode(r.integer(ber.TagEnumerated, 0, maxInt, "the result"))}
	if r.has(ber.ClassContext, 0) {
		s.Attribute = string(r.bytes(ber.ClassContext, 0, "the attribute"))
	}
	return s, firstError(outer.end(), r.end())
}
