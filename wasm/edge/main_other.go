//go:build !(js && wasm)

package main

import "os"

func main() {
	os.Stderr.WriteString("edge runs in a Worker: build it with GOOS=js GOARCH=wasm (go run ./build test --only wasm)\n")
	os.Exit(2)
}
