//go:build !(js && wasm)

package main

import "os"

func main() {
	os.Stderr.WriteString("toolkit runs in JavaScript: build it with GOOS=js GOARCH=wasm (go run ./build dist)\n")
	os.Exit(2)
}
