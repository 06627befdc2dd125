// Edge is the DSMLv2 endpoint inside a Durable Object of Cloudflare Workers: a
// program for GOOS=js GOARCH=wasm that serves many requests in one instance.
//
// JavaScript (wasm/js/edge-object.ts) starts the program once for each object
// and hands requests in; what is on the other side of that border is the same
// [endpoint.DSML] that the native server runs. So a session, with its directory
// connection and its paging cookies, lives across requests in Go's memory.
//
// In this version all sessions of a deployment live in one object, over the
// sample directory of [memory.Sample]. Two things follow. The object bears the
// load of all clients alone. And the runtime may put away an object that had no
// request for a minute or two, or move it: its sessions are then lost before
// their idle time is over, which their clients learn from the fault for an
// unknown SessionID (D-127), never from an empty success.
//
// The bridge between the two sides is made here rather than taken from
// github.com/syumai/workers, whose server makes an instance for every request
// and splits header values at commas.
package main
