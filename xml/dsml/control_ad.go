package dsml

import ber "github.com/go-asn1-ber/asn1-ber"

const minInt = -1 << 31 // flags of Active Directory have their highest bit set at times

// DirSync is the value of Active Directory's control for following changes.
type DirSync struct {
	Flags    int32
	MaxBytes int32
	Cookie   []byte // nil at first
}

// Control returns the control that carries d.
func (d DirSync) Control(criticality bool) Control {
	return berControl(OIDDirSync, criticality, berSequence(berInteger(int64(d.Flags)), berInteger(int64(d.MaxBytes)), berString(string(d.Cookie))))
}

// DecodeDirSync reads the value of a directory synchronization control.
func DecodeDirSync(c Control) (DirSync, error) {
	flags, size, cookie, err := decodeDirSync(c)
	return DirSync{flags, size, cookie}, err
}

// DirSyncResult is the value of the control that answers a [DirSync].
type DirSyncResult struct {
	More   bool   // there are more changes than came
	Size   int32  // unused, as a rule 0
	Cookie []byte // for the next request
}

// Control returns the control that carries d.
func (d DirSyncResult) Control(criticality bool) Control {
	more := int64(0)
	if d.More {
		more = 1
	}
	return berControl(OIDDirSync, criticality, berSequence(berInteger(more), berInteger(int64(d.Size)), berString(string(d.Cookie))))
}

// DecodeDirSyncResult reads the value of the control that answers a DirSync.
func DecodeDirSyncResult(c Control) (DirSyncResult, error) {
	more, size, cookie, err := decodeDirSync(c)
	return DirSyncResult{more != 0, size, cookie}, err
}

func decodeDirSync(c Control) (first, second int32, cookie []byte, err error) {
	outer, err := decodeBER(c, OIDDirSync)
	if err != nil {
		return 0, 0, nil, err
	}
	r := outer.sequence("the sequence")
	first = int32(r.integer(ber.TagInteger, minInt, maxInt, "the first number"))
	second = int32(r.integer(ber.TagInteger, minInt, maxInt, "the second number"))
	cookie = r.octets("the cookie")
	return first, second, cookie, firstError(outer.end(), r.end())
}

// SDFlags is the value of the control that chooses parts of security
// descriptors: 1 owner, 2 group, 4 discretionary, 8 system access control list.
type SDFlags struct{ Flags int32 }

// Control returns the control that carries f.
func (f SDFlags) Control(criticality bool) Control {
	return berControl(OIDSDFlags, criticality, berSequence(berInteger(int64(f.Flags))))
}

// DecodeSDFlags reads the value of a security descriptor flags control.
func DecodeSDFlags(c Control) (SDFlags, error) {
	n, err := decodeNumber(c, OIDSDFlags)
	return SDFlags{n}, err
}

// ExtendedDN is the value of the control that has names returned together with
// the GUID and SID of their entries: in hexadecimal form, or with Standard in
// the usual one. Without a value the control means hexadecimal too.
type ExtendedDN struct{ Standard bool }

// Control returns the control that carries e.
func (e ExtendedDN) Control(criticality bool) Control {
	n := int64(0)
	if e.Standard {
		n = 1
	}
	return berControl(OIDExtendedDN, criticality, berSequence(berInteger(n)))
}

// DecodeExtendedDN reads the value of an extended DN control.
func DecodeExtendedDN(c Control) (ExtendedDN, error) {
	if c.Type == OIDExtendedDN && (c.Value == nil || c.Value.Data == "") {
		return ExtendedDN{}, nil
	}
	n, err := decodeNumber(c, OIDExtendedDN)
	return ExtendedDN{n != 0}, err
}

// SearchOptions is the value of the search options control: 1 domain scope, 2
// phantom root.
type SearchOptions struct{ Flags int32 }

// Control returns the control that carries o.
func (o SearchOptions) Control(criticality bool) Control {
	return berControl(OIDSearchOptions, criticality, berSequence(berInteger(int64(o.Flags))))
}

// DecodeSearchOptions reads the value of a search options control.
func DecodeSearchOptions(c Control) (SearchOptions, error) {
	n, err := decodeNumber(c, OIDSearchOptions)
	return SearchOptions{n}, err
}

func decodeNumber(c Control, oid string) (int32, error) {
	outer, err := decodeBER(c, oid)
	if err != nil {
		return 0, err
	}
	r := outer.sequence("the sequence")
	n := int32(r.integer(ber.TagInteger, minInt, maxInt, "the number"))
	return n, firstError(outer.end(), r.end())
}

// AttributeScopedQuery is the value of the control that lets a search look at
// the entries that an attribute of the base names.
type AttributeScopedQuery struct{ Attribute string }

// Control returns the control that carries q.
func (q AttributeScopedQuery) Control(criticality bool) Control {
	return berControl(OIDAttributeScopedQuery, criticality, berSequence(berString(q.Attribute)))
}

// DecodeAttributeScopedQuery reads the value of an attribute-scoped query
// control.
func DecodeAttributeScopedQuery(c Control) (AttributeScopedQuery, error) {
	outer, err := decodeBER(c, OIDAttributeScopedQuery)
	if err != nil {
		return AttributeScopedQuery{}, err
	}
	r := outer.sequence("the sequence")
	q := AttributeScopedQuery{string(r.octets("the attribute"))}
	return q, firstError(outer.end(), r.end())
}

// AttributeScopedQueryResult is the value of the control that answers an
// [AttributeScopedQuery].
type AttributeScopedQueryResult struct{ Code ResultCode }

// Control returns the control that carries q.
func (q AttributeScopedQueryResult) Control(criticality bool) Control {
	return berControl(OIDAttributeScopedQuery, criticality, berSequence(berEnumerated(int64(q.Code))))
}

// DecodeAttributeScopedQueryResult reads the value of the control that answers
// an attribute-scoped query.
func DecodeAttributeScopedQueryResult(c Control) (AttributeScopedQueryResult, error) {
	outer, err := decodeBER(c, OIDAttributeScopedQuery)
	if err != nil {
		return AttributeScopedQueryResult{}, err
	}
	r := outer.sequence("the sequence")
	q := AttributeScopedQueryResult{ResultCode(r.integer(ber.TagEnumerated, 0, maxInt, "the result"))}
	return q, firstError(outer.end(), r.end())
}
