package dsml

// VLV is the value of the virtual list view control: a window on a sorted
// list, placed by position or by value. It goes with a [Sort].
type VLV struct {
	Before, After int32 // entries around the target
	// The target: the entry at Offset (from 1) of ContentCount, where a count of
	// 0 leaves the estimate to the server; or, with ByValue, the first entry
	// whose sort key is not less than Value.
	Offset, ContentCount int32
	ByValue              bool
	Value                string
	ContextID            []byte // of the answer before, nil at first
}

// Control returns the control that carries v.
func (v VLV) Control(criticality bool) Control {
	w := startBER(berSequence)
	w.integer(berInteger, int64(v.Before))
	w.integer(berInteger, int64(v.After))
	if v.ByValue {
		w.string(berContext+1, v.Value)
	} else {
		target := w.start(berContext | berConstructed)
		w.integer(berInteger, int64(v.Offset))
		w.integer(berInteger, int64(v.ContentCount))
		w.end(target)
	}
	w.contextID(v.ContextID)
	return w.control(OIDVLV, criticality)
}

// DecodeVLV reads the value of a virtual list view control.
func DecodeVLV(c Control) (VLV, error) {
	r := decodeSequence(c, OIDVLV)
	v := VLV{
		Before: r.number("the number of entries before the target"),
		After:  r.number("the number of entries after the target"),
	}
	if r.has(berContext + 1) {
		v.ByValue = true
		v.Value = r.content(berContext+1, "the value")
	} else {
		target := r.inside(berContext|berConstructed, "the target")
		v.Offset = target.number("the offset")
		v.ContentCount = target.number("the content count")
		target.endWithin(r)
	}
	v.ContextID = r.contextID()
	return v, r.end()
}

// VLVResult is the value of the control that answers a virtual list view.
type VLVResult struct {
	Position, ContentCount int32 // of the target, from 1; of the whole list
	Code                   ResultCode
	ContextID              []byte
}

// Control returns the control that carries v.
func (v VLVResult) Control(criticality bool) Control {
	w := startBER(berSequence)
	w.integer(berInteger, int64(v.Position))
	w.integer(berInteger, int64(v.ContentCount))
	w.integer(berEnumerated, int64(v.Code))
	w.contextID(v.ContextID)
	return w.control(OIDVLVResponse, criticality)
}

// DecodeVLVResult reads the value of the control that answers a virtual list
// view.
func DecodeVLVResult(c Control) (VLVResult, error) {
	r := decodeSequence(c, OIDVLVResponse)
	v := VLVResult{Position: r.number("the position"), ContentCount: r.number("the content count"), Code: r.code("the result")}
	v.ContextID = r.contextID()
	return v, r.end()
}
