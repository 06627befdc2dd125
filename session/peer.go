package session

// Peer is whom a request comes from.
type Peer struct {
	Address  string // of the client, without a port
	Identity string // as which it was authenticated; "" for nobody
}

// owns reports whether a request of p may use a session of owner: both parts
// match unless their check is switched off (D-132, D-133). All of it is
// always looked at, so that the time taken says nothing about how much of it
// agreed.
func (t *Table) owns(owner, p Peer) bool {
	address := differs(owner.Address, p.Address)
	identity := differs(owner.Identity, p.Identity)
	if t.skipAddress {
		address = 0
	}
	if t.skipIdentity {
		identity = 0
	}
	return address|identity == 0
}

// differs is zero for equal strings. crypto/subtle would do the same for slices
// and bring its start-up into every program; what is compared here is no
// secret, only its outcome must not show in the time.
func differs(a, b string) int {
	d := len(a) ^ len(b)
	for i := range min(len(a), len(b)) {
		d |= int(a[i] ^ b[i])
	}
	return d
}
