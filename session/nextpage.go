package session

import (
	"slices"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// NextPage returns the search that asks for the page after p: r with the cookie
// in the control that carries it, and everything else as it is. A size of 0 asks
// for pages of the size asked for before.
func NextPage(r *dsml.SearchRequest, p Page, size int32) *dsml.SearchRequest {
	if size <= 0 {
		size = p.Size
	}
	switch p.Kind {
	case DirSync:
		var d dsml.DirSync
		if c := control(r.Controls, dsml.OIDDirSync); c != nil {
			d, _ = dsml.DecodeDirSync(*c) // one that cannot be read starts anew
		}
		d.MaxBytes, d.Cookie = size, p.Cookie
		return withControl(r, dsml.OIDDirSync, d)
	case VLV:
		var v dsml.VLV
		if c := control(r.Controls, dsml.OIDVLV); c != nil {
			v, _ = dsml.DecodeVLV(*c)
		}
		// The next window begins where this one ends.
		v.Offset = int32(min(int64(p.Position)+int64(v.After)+1+int64(v.Before), maxInt32))
		v.After = max(size-1-v.Before, 0)
		v.ByValue, v.Value = false, ""
		v.ContentCount, v.ContextID = int32(p.Estimate), p.Cookie
		return withControl(r, dsml.OIDVLV, v)
	}
	return withControl(r, dsml.OIDPagedResults, dsml.PagedResults{Size: size, Cookie: p.Cookie})
}

// StopPaging returns the search that gives p up before its end: size 0 with the
// last cookie. The server may then forget what it keeps for it. VLV and DirSync
// have nothing of the kind, and get nil.
func StopPaging(r *dsml.SearchRequest, p Page) *dsml.SearchRequest {
	if p.Kind != Paged {
		return nil
	}
	return withControl(r, dsml.OIDPagedResults, dsml.PagedResults{Cookie: p.Cookie})
}

// withControl returns the search with another value of a control, in its place
// and as critical as it was.
func withControl(r *dsml.SearchRequest, oid string, v dsml.ControlValue) *dsml.SearchRequest {
	next := *r
	next.Controls = slices.Clone(r.Controls)
	if c := control(next.Controls, oid); c != nil {
		*c = v.Control(c.Criticality)
	} else {
		next.Controls = append(next.Controls, v.Control(true))
	}
	return &next
}

func control(controls []dsml.Control, oid string) *dsml.Control {
	for i := range controls {
		if controls[i].Type == oid {
			return &controls[i]
		}
	}
	return nil
}
