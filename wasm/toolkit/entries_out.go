package main

import "github.com/dsmlkit/dsmlkit/xml/dsml"

// Entries of a search are nearly all of what crosses the border, so they have
// a form of their own that the other side reads in one tight loop:
//
//	special entries, count, then for each entry
//	  flags, [requestID], [controls], dn, number of attributes, then for each
//	    key cell [name], number of values, value cells
const (
	entryHasID       = 1
	entryHasControls = 2
	entryRepeats     = 4 // a name may occur twice: values have to be joined
)

func (a *answer) entries(entries []*dsml.SearchResultEntry) {
	a.special(specialEntries)
	a.table = append(a.table, int32(len(entries)))
	for _, e := range entries {
		a.entry(e)
	}
}

func (a *answer) entry(e *dsml.SearchResultEntry) {
	flags := int32(0)
	if e.RequestID.Set {
		flags |= entryHasID
	}
	if len(e.Controls) > 0 {
		flags |= entryHasControls
	}
	flagsAt := len(a.table)
	a.table = append(a.table, flags)
	if e.RequestID.Set {
		a.text(e.RequestID.Value)
	}
	if len(e.Controls) > 0 {
		a.controls(e.Controls)
	}
	a.text(e.DN)
	a.table = append(a.table, int32(len(e.Attrs)))
	a.names.beginGroup()
	for i := range e.Attrs {
		if !a.names.firstInGroup(e.Attrs[i].Name) {
			a.table[flagsAt] |= entryRepeats
		}
		a.key(e.Attrs[i].Name)
		a.table = append(a.table, int32(len(e.Attrs[i].Values)))
		for _, v := range e.Attrs[i].Values {
			a.value(v)
		}
	}
}
