package dsml

import ber "github.com/go-asn1-ber/asn1-ber"

// PagedResults is the value of the simple paged results control of RFC 2696,
// in both directions. In a request Size is the number of entries wanted, and 0
// with the last cookie gives the search up; in a response it is the server's
// estimate of all entries, 0 when it has none. An empty cookie begins a search
// and ends one (D-148).
type PagedResults struct {
	Size   int32 // entries, not negative
	Cookie []byte
}

// Control returns the control that carries p.
func (p PagedResults) Control(criticality bool) Control {
	return berControl(OIDPagedResults, criticality, berSequence(berInteger(int64(p.Size)), berString(string(p.Cookie))))
}

// DecodePagedResults reads the value of a paged results control, whether its
// lengths are minimal or not (D-149). The error is an [*Error] of code
// "dsml-control".
func DecodePagedResults(c Control) (PagedResults, error) {
	outer, err := decodeBER(c, OIDPagedResults)
	if err != nil {
		return PagedResults{}, err
	}
	r := outer.sequence("the sequence")
	p := PagedResults{Size: int32(r.integer(ber.TagInteger, 0, maxInt, "the size")), Cookie: r.octets("the cookie")}
	if err := firstError(outer.end(), r.end()); err != nil {
		return PagedResults{}, err
	}
	return p, nil
}

func firstError(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
