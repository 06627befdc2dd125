//go:build js && wasm

package main

import (
	"unsafe"

	"github.com/hack-pad/safejs"
)

// kit is the one instance's state. JavaScript makes an instance of the module
// for each toolkit, so several in one realm share nothing.
var kit = newToolkit()

// main tells the loader that the exports may be called, and stays: when main
// returns the instance is over.
func main() {
	// Exports alone do not let other goroutines run, and the garbage collector
	// has some. A callback does; the loader makes one now and then.
	breathe, err := safejs.FuncOf(func(safejs.Value, []safejs.Value) any { return nil })
	if err != nil {
		panic(err)
	}
	global, err := safejs.Global().Get("dsmlkit")
	if err != nil {
		panic(err)
	}
	if _, err := global.Call("ready", breathe); err != nil {
		panic(err)
	}
	select {}
}

// reserve returns the address of n bytes to write a message to.
//
//go:wasmexport reserve
func reserve(n int32) unsafe.Pointer {
	return unsafe.Pointer(unsafe.SliceData(kit.reserve(int(n))))
}

// call runs operation op on the n bytes of the message and returns the address
// of the answer's header. It never blocks.
//
//go:wasmexport call
func callExport(op, n int32) unsafe.Pointer {
	status := kit.call(int(op), int(n))
	kit.takeNames()
	out := &kit.out
	kit.header = [headerCells]int32{
		headStatus:          int32(status),
		headTable:           address(out.table),
		headTableLength:     int32(len(out.table)),
		headNarrow:          address(out.narrow),
		headNarrowLength:    int32(len(out.narrow)),
		headWide:            address(out.wide),
		headWideLength:      int32(len(out.wide)),
		headBlob:            address(out.blob),
		headBlobLength:      int32(len(out.blob)),
		headNames:           address(kit.lengths),
		headNamesCount:      int32(len(kit.lengths)),
		headNamesText:       address(kit.fresh),
		headNamesTextLength: int32(len(kit.fresh)),
	}
	return unsafe.Pointer(&kit.header)
}

// address is where a slice begins in linear memory.
func address[T any](s []T) int32 {
	return int32(uintptr(unsafe.Pointer(unsafe.SliceData(s))))
}
