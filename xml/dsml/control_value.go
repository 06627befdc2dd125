package dsml

// ControlValue is the value of a control taken apart: one of the types of this
// package that have a Control method, such as [PagedResults] and [Sort].
type ControlValue interface {
	// Control returns the control that carries the value.
	Control(criticality bool) Control
}

// UnknownControl is a control that this package has no type for; its value is
// kept as it is.
type UnknownControl struct {
	OID   string
	Value *Value // nil when it has none
}

// Control returns the control as it came.
func (u UnknownControl) Control(criticality bool) Control {
	return Control{Type: u.OID, Criticality: criticality, Value: u.Value}
}

// FlagControl is a control that says all by being there: ManageDsaIT, tree
// delete, show deleted, domain scope, permissive modify and the like.
type FlagControl struct{ OID string }

// Control returns the control, which has no value.
func (f FlagControl) Control(criticality bool) Control {
	return Control{Type: f.OID, Criticality: criticality}
}

var flagControls = map[string]bool{
	OIDManageDsaIT: true, OIDTreeDelete: true, OIDShowDeleted: true, OIDShowRecycled: true, OIDDomainScope: true,
	OIDPermissiveModify: true, OIDLazyCommit: true, OIDNotification: true, OIDFastBind: true, OIDNoOp: true,
	OIDDontUseCopy: true, OIDRelaxRules: true, OIDAuthorizationIDRequest: true,
}

// decoded drops the type of a value and keeps that of an error.
func decoded[T ControlValue](v T, err error) (ControlValue, error) {
	if err != nil {
		return nil, err
	}
	return v, nil
}

// DecodeRequestControl takes a control of a request apart. A control that has
// no type here becomes an [UnknownControl]; one whose value cannot be read is
// an [*Error] of code "dsml-control".
func DecodeRequestControl(c Control) (ControlValue, error) {
	switch c.Type {
	case OIDPagedResults:
		return decoded(DecodePagedResults(c))
	case OIDServerSort:
		return decoded(DecodeSort(c))
	case OIDVLV:
		return decoded(DecodeVLV(c))
	case OIDDirSync:
		return decoded(DecodeDirSync(c))
	case OIDSDFlags:
		return decoded(DecodeSDFlags(c))
	case OIDExtendedDN:
		return decoded(DecodeExtendedDN(c))
	case OIDSearchOptions:
		return decoded(DecodeSearchOptions(c))
	case OIDAttributeScopedQuery:
		return decoded(DecodeAttributeScopedQuery(c))
	case OIDProxiedAuthorization:
		return decoded(DecodeProxiedAuthorization(c))
	case OIDAssertion:
		return decoded(DecodeAssertion(c))
	case OIDPreRead, OIDPostRead:
		return decoded(DecodeReadEntry(c))
	case OIDPersistentSearch:
		return decoded(DecodePersistentSearch(c))
	}
	if flagControls[c.Type] && (c.Value == nil || c.Value.Data == "") {
		return FlagControl{c.Type}, nil
	}
	return UnknownControl{c.Type, c.Value}, nil
}

// DecodeResponseControl takes a control of a result, an entry or a reference
// apart, as [DecodeRequestControl] does with those of requests.
func DecodeResponseControl(c Control) (ControlValue, error) {
	switch c.Type {
	case OIDPagedResults:
		return decoded(DecodePagedResults(c))
	case OIDServerSortResponse:
		return decoded(DecodeSortResult(c))
	case OIDVLVResponse:
		return decoded(DecodeVLVResult(c))
	case OIDDirSync:
		return decoded(DecodeDirSyncResult(c))
	case OIDAttributeScopedQuery:
		return decoded(DecodeAttributeScopedQueryResult(c))
	case OIDPreRead, OIDPostRead:
		return decoded(DecodeReadEntryResult(c))
	case OIDEntryChange:
		return decoded(DecodeEntryChange(c))
	}
	return UnknownControl{c.Type, c.Value}, nil
}
