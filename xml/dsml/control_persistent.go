package dsml

import ber "github.com/go-asn1-ber/asn1-ber"

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
	return berControl(OIDPersistentSearch, criticality, berSequence(berInteger(int64(p.ChangeTypes)), berBoolean(p.ChangesOnly), berBoolean(p.ReturnECs)))
}

// DecodePersistentSearch reads the value of a persistent search control.
func DecodePersistentSearch(c Control) (PersistentSearch, error) {
	outer, err := decodeBER(c, OIDPersistentSearch)
	if err != nil {
		return PersistentSearch{}, err
	}
	r := outer.sequence("the sequence")
	p := PersistentSearch{
		ChangeTypes: int32(r.integer(ber.TagInteger, 0, maxInt, "the change types")),
		ChangesOnly: r.boolean(ber.ClassUniversal, ber.TagBoolean, "the flag changesOnly"),
		ReturnECs:   r.boolean(ber.ClassUniversal, ber.TagBoolean, "the flag returnECs"),
	}
	return p, firstError(outer.end(), r.end())
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
	p := berSequence(berEnumerated(int64(e.ChangeType)))
	if e.PreviousDN != "" {
		p.AppendChild(berString(e.PreviousDN))
	}
	if e.ChangeNumber != 0 {
		p.AppendChild(berInteger(e.ChangeNumber))
	}
	return berControl(OIDEntryChange, criticality, p)
}

// DecodeEntryChange reads the value of an entry change notification control.
func DecodeEntryChange(c Control) (EntryChange, error) {
	outer, err := decodeBER(c, OIDEntryChange)
	if err != nil {
		return EntryChange{}, err
	}
	r := outer.sequence("the sequence")
	e := EntryChange{ChangeType: int32(r.integer(ber.TagEnumerated, 0, maxInt, "the change type"))}
	e.PreviousDN = string(r.optionalOctets("the former name"))
	if r.has(ber.ClassUniversal, ber.TagInteger) {
		e.ChangeNumber = r.integer(ber.TagInteger, 0, 1<<63-1, "the change number")
	}
	return e, firstError(outer.end(), r.end())
}
