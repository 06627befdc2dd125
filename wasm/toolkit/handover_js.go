//go:build js && wasm

//lint:file-ignore U1000 JavaScript calls what go:wasmexport marks, which the linter does not know

package main

import "unsafe"

// Cells of the header that a call returns the address of.
const (
	headStatus = iota
	headTable
	headTableLength // in cells
	headNarrow
	headNarrowLength
	headWide
	headWideLength // in bytes
	headBlob
	headBlobLength
	headNames // lengths of fresh names, in UTF-16 units
	headNamesCount
	headNamesText
	headNamesTextLength
	headerCells
)

// handover is what JavaScript looks at after a call. Go's collector does not
// move memory, so addresses hold until the next call.
type handover struct {
	header  [headerCells]int32
	lengths []int32 // of fresh names, in UTF-16 units
	fresh   []byte  // their text
}

var given handover

// call runs operation op on the n bytes of the message and returns the address
// of the answer's header. It never blocks.
//
//go:wasmexport call
func callExport(op, n int32) unsafe.Pointer {
	status := kit.call(int(op), int(n))
	return given.over(&kit.out, kit.out.size(), status)
}

// room returns the address of n bytes to write the next piece of a stream to.
//
//go:wasmexport room
func roomExport(handle, n int32) unsafe.Pointer {
	return unsafe.Pointer(unsafe.SliceData(kit.roomFor(handle, int(n))))
}

// feed has a stream read n bytes and returns what call returns.
//
//go:wasmexport feed
func feedExport(handle, n, flags int32) unsafe.Pointer {
	return given.over(kit.feed(handle, int(n), int(flags)))
}

// over lays out an answer, as far as it is to be read, and returns the address
// of its header.
func (h *handover) over(out *answer, all size, status int) unsafe.Pointer {
	h.takeNames(out.names.fresh)
	h.header = [headerCells]int32{
		headStatus:          int32(status),
		headTable:           address(out.table),
		headTableLength:     int32(all.table),
		headNarrow:          address(out.narrow),
		headNarrowLength:    int32(all.narrow),
		headWide:            address(out.wide),
		headWideLength:      int32(all.wide),
		headBlob:            address(out.blob),
		headBlobLength:      int32(all.blob),
		headNames:           address(h.lengths),
		headNamesCount:      int32(len(h.lengths)),
		headNamesText:       address(h.fresh),
		headNamesTextLength: int32(len(h.fresh)),
	}
	return unsafe.Pointer(&h.header)
}

// address is where a slice begins in linear memory.
func address[T any](s []T) int32 {
	return int32(uintptr(unsafe.Pointer(unsafe.SliceData(s))))
}

// takeNames lays out the names that JavaScript has not seen yet.
func (h *handover) takeNames(fresh []string) {
	h.lengths, h.fresh = h.lengths[:0], h.fresh[:0]
	for _, name := range fresh {
		scratch := answer{wide: h.fresh}
		units := scratch.wideText(name, asciiPrefix(name))
		h.fresh = scratch.wide
		h.lengths = append(h.lengths, int32(units))
	}
}
