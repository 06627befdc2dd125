package dsml

// DirSync is the value of Active Directory's control for following changes.
type DirSync struct {
	Flags    int32
	MaxBytes int32
	Cookie   []byte // nil at first
}

// Control returns the control that carries d.
func (d DirSync) Control(criticality bool) Control {
	return dirSyncControl(criticality, d.Flags, d.MaxBytes, d.Cookie)
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
	return dirSyncControl(criticality, oneIf(d.More), d.Size, d.Cookie)
}

// DecodeDirSyncResult reads the value of the control that answers a DirSync.
func DecodeDirSyncResult(c Control) (DirSyncResult, error) {
	more, size, cookie, err := decodeDirSync(c)
	return DirSyncResult{more != 0, size, cookie}, err
}

// Requests and responses are built alike: two numbers and a cookie.

func dirSyncControl(criticality bool, first, second int32, cookie []byte) Control {
	w := startBER(berSequence)
	w.integer(berInteger, int64(first))
	w.integer(berInteger, int64(second))
	w.octets(string(cookie))
	return w.control(OIDDirSync, criticality)
}

func decodeDirSync(c Control) (first, second int32, cookie []byte, err error) {
	r := decodeSequence(c, OIDDirSync)
	first = r.flags("the first number")
	second = r.flags("the second number")
	cookie = r.bytes("the cookie")
	return first, second, cookie, r.end()
}

//go:noinline
func oneIf(b bool) int32 {
	if b {
		return 1
	}
	return 0
}

// Some controls hold one number.

func numberControl(oid string, criticality bool, n int32) Control {
	w := startBER(berSequence)
	w.integer(berInteger, int64(n))
	return w.control(oid, criticality)
}

func decodeNumber(c Control, oid string) (int32, error) {
	r := decodeSequence(c, oid)
	return r.flags("the number"), r.end()
}

// SDFlags is the value of the control that chooses parts of security
// descriptors: 1 owner, 2 group, 4 discretionary, 8 system access control list.
type SDFlags struct{ Flags int32 }

// Control returns the control that carries f.
func (f SDFlags) Control(criticality bool) Control {
	return numberControl(OIDSDFlags, criticality, f.Flags)
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
	return numberControl(OIDExtendedDN, criticality, oneIf(e.Standard))
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
	return numberControl(OIDSearchOptions, criticality, o.Flags)
}

// DecodeSearchOptions reads the value of a search options control.
func DecodeSearchOptions(c Control) (SearchOptions, error) {
	n, err := decodeNumber(c, OIDSearchOptions)
	return SearchOptions{n}, err
}

// AttributeScopedQuery is the value of the control that lets a search look at
// the entries that an attribute of the base names.
type AttributeScopedQuery struct{ Attribute string }

// Control returns the control that carries q.
func (q AttributeScopedQuery) Control(criticality bool) Control {
	w := startBER(berSequence)
	w.octets(q.Attribute)
	return w.control(OIDAttributeScopedQuery, criticality)
}

// DecodeAttributeScopedQuery reads the value of an attribute-scoped query
// control.
func DecodeAttributeScopedQuery(c Control) (AttributeScopedQuery, error) {
	r := decodeSequence(c, OIDAttributeScopedQuery)
	return AttributeScopedQuery{r.octets("the attribute")}, r.end()
}

// AttributeScopedQueryResult is the value of the control that answers an
// [AttributeScopedQuery].
type AttributeScopedQueryResult struct{ Code ResultCode }

// Control returns the control that carries q.
func (q AttributeScopedQueryResult) Control(criticality bool) Control {
	w := startBER(berSequence)
	w.integer(berEnumerated, int64(q.Code))
	return w.control(OIDAttributeScopedQuery, criticality)
}

// DecodeAttributeScopedQueryResult reads the value of the control that answers
// an attribute-scoped query.
func DecodeAttributeScopedQueryResult(c Control) (AttributeScopedQueryResult, error) {
	r := decodeSequence(c, OIDAttributeScopedQuery)
	return AttributeScopedQueryResult{r.code("the result")}, r.end()
}
