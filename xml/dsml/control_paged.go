package dsml

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
	w := startBER(berSequence)
	w.integer(berInteger, int64(p.Size))
	w.octets(string(p.Cookie))
	return w.control(OIDPagedResults, criticality)
}

// DecodePagedResults reads the value of a paged results control, whether its
// lengths are minimal or not (D-149). The error is an [*Error] of code
// "dsml-control".
func DecodePagedResults(c Control) (PagedResults, error) {
	r := decodeSequence(c, OIDPagedResults)
	p := PagedResults{Size: r.number("the size"), Cookie: r.bytes("the cookie")}
	return p, r.end()
}
