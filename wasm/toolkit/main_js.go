//go:build js && wasm

//lint:file-ignore U1000 JavaScript calls what go:wasmexport marks, which the linter does not know

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
