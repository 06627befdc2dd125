// Command toolkit is the WebAssembly half of the npm package dsmlkit.
//
// JavaScript writes the bytes of a call into linear memory and calls one
// export; Go answers with tables and text in linear memory, from which
// JavaScript builds its objects. Nothing crosses value by value: that is 20 to
// 30 times slower than the parsing itself.
//
// The way in (reader.go) is a sequence of tagged values. The way out
// (answer.go) is one table of 32-bit integers that gives the shape, and arenas
// that hold the characters: text of one-byte characters, other text, and
// binary, each decoded in one go on the other side. Names of properties and of
// attributes cross once and are numbers from then on (names.go).
//
// The small helpers that conversions are made of are marked noinline: they are
// called at hundreds of places, and a page waits for every byte of the module.
//
// Everything but main_js.go compiles and is tested natively.
package main
