package dsml

import ber "github.com/go-asn1-ber/asn1-ber"

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
	p := berSequence(berInteger(int64(v.Before)), berInteger(int64(v.After)))
	if v.ByValue {
		p.AppendChild(berContext(1, v.Value))
	} else {
		target := ber.Encode(ber.ClassContext, ber.TypeConstructed, 0, nil, "")
		target.AppendChild(berInteger(int64(v.Offset)))
		target.AppendChild(berInteger(int64(v.ContentCount)))
		p.AppendChild(target)
	}
	if v.ContextID != nil {
		p.AppendChild(berString(string(v.ContextID)))
	}
	return berControl(OIDVLV, criticality, p)
}

// DecodeVLV reads the value of a virtual list view control.
func DecodeVLV(c Control) (VLV, error) {
	outer, err := decodeBER(c, OIDVLV)
	if err != nil {
		return VLV{}, err
	}
	r := outer.sequence("the sequence")
	v := VLV{
		Before: int32(r.integer(ber.TagInteger, 0, maxInt, "the number of entries before the target")),
		After:  int32(r.integer(ber.TagInteger, 0, maxInt, "the number of entries after the target")),
	}
	var target *berReader
	if r.has(ber.ClassContext, 1) {
		v.ByValue = true
		v.Value = string(r.bytes(ber.ClassContext, 1, "the value"))
	} else {
		target = r.inside(ber.ClassContext, 0, "the target")
		v.Offset = int32(target.integer(ber.TagInteger, 0, maxInt, "the offset"))
		v.ContentCount = int32(target.integer(ber.TagInteger, 0, maxInt, "the content count"))
		if err := target.end(); err != nil {
			return VLV{}, err
		}
	}
	v.ContextID = r.optionalOctets("the context ID")
	return v, firstError(outer.end(), r.end())
}

// VLVResult is the value of the control that answers a virtual list view.
type VLVResult struct {
	Position, ContentCount int32 // of the target, from 1; of the whole list
	Code                   ResultCode
	ContextID              []byte
}

// Control returns the control that carries v.
func (v VLVResult) Control(criticality bool) Control {
	p := berSequence(berInteger(int64(v.Position)), berInteger(int64(v.ContentCount)), berEnumerated(int64(v.Code)))
	if v.ContextID != nil {
		p.AppendChild(berString(string(v.ContextID)))
	}
	return berControl(OIDVLVResponse, criticality, p)
}

// DecodeVLVResult reads the value of the control that answers a virtual list
// view.
func DecodeVLVResult(c Control) (VLVResult, error) {
	outer, err := decodeBER(c, OIDVLVResponse)
	if err != nil {
		return VLVResult{}, err
	}
	r := outer.sequence("the sequence")
	v := VLVResult{
		Position:     int32(r.integer(ber.TagInteger, 0, maxInt, "the position")),
		ContentCount: int32(r.integer(ber.TagInteger, 0, maxInt, "the content count")),
		Code:         ResultCode(r.integer(ber.TagEnumerated, 0, maxInt, "the result")),
	}
	v.ContextID = r.optionalOctets("the context ID")
	return v, firstError(outer.end(), r.end())
}
