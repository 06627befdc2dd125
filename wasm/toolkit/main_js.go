//go:build js && wasm

//lint:file-ignore U1000 JavaScript calls what go:wasmexport marks, which the linter does not know

package main

import (
	"syscall/js"
	"unsafe"
)

// kit is the one instance's state. JavaScript makes an instance of the module
// for each toolkit, so several in one realm share nothing.
var kit = newToolkit()

// main tells the loader that the exports may be called, and stays: when main
// returns the instance is over, and the loader says so with the words that are
// printed here.
func main() {
	// Nothing of syscall/js may panic here: the loader is as it should be, or
	// there is nobody to call.
	host := js.Global().Get("dsmlkit")
	if host.Type() != js.TypeObject || host.Get("ready").Type() != js.TypeFunction {
		println("no loader is waiting for the toolkit")
		return
	}
	// Exports alone do not let other goroutines run, and the garbage collector
	// has some. A callback does; the loader makes one now and then.
	host.Call("ready", js.FuncOf(func(js.Value, []js.Value) any { return nil }))
	select {}
}

// reserve returns the address of n bytes to write a message to.
//
//go:wasmexport reserve
func reserve(n int32) unsafe.Pointer {
	return unsafe.Pointer(unsafe.SliceData(kit.reserve(int(n))))
}
