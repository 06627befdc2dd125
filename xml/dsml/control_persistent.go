package dsml

// PersistentSearch is the value of the persistent search control: a search
// that goes on after its first answers. It never ends, so it has no place in a
// batch; servers refuse it.
type PersistentSearch struct {
	ChangeTypes int32 // 1 add, 2 delete, 4 modify, 8 modDN, added up
	ChangesOnly bool  // leave out the entries as they are now
	ReturnECs   bool  // an EntryChange with each entry
}

// Control returns the control that carries p.
func (p PersistentSearch) Control(criticality bool) Control {
	w := startBER(berSequence)
	w.integer(berInteger, int64(p.ChangeTypes))
	w.boolean(berBoolean, p.ChangesOnly)
	w.boolean(berBoolean, p.ReturnECs)
	return w.control(OIDPersistentSearch, criticality)
}

// DecodePersistentSearch reads the value of a persistent search control.
func DecodePersistentSearch(c Control) (PersistentSearch, error) {
	r := decodeSequence(c, OIDPersistentSearch)
	p := PersistentSearch{
		ChangeTypes: r.number("the change types"),
		ChangesOnly: r.boolean(berBoolean, "the flag changesOnly"),
		ReturnECs:   r.boolean(berBoolean, "the flag returnECs"),
	}
	return p, r.end()
}

// EntryChange is the value of the control that comes with an entry of a
// [PersistentSearch].
type EntryChange struct {
	ChangeType   int32  // one of those of PersistentSearch
	PreviousDN   string // after a modDN
	ChangeNumber int64  // 0 when the server gives none
}

// Control returns the control that carries e.
func (e EntryChange) Control(criticality bool) Control {
	w := startBER(berSequence)
	w.integer(berEnumerated, int64(e.ChangeType))
	if e.PreviousDN != "" {
		w.octets(e.PreviousDN)
	}
	if e.ChangeNumber != 0 {
		w.integer(berInteger, e.ChangeNumber)
	}
	return w.control(OIDEntryChange, criticality)
}

// DecodeEntryChange reads the value of an entry change notification control.
func DecodeEntryChange(c Control) (EntryChange, error) {
	r := decodeSequence(c, OIDEntryChange)
	e := EntryChange{
		ChangeType: int32(r.code("the change type")),
		PreviousDN: r.optional(berOctets, "the former name").Value,
	}
	if r.has(berInteger) {
		e.ChangeNumber = r.integer(berInteger, 0, 1<<63-1, "the change number")
	}
	return e, r.end()
}
