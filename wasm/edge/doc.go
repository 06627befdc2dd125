// Edge is the DSMLv2 endpoint inside a Durable Object of Cloudflare Workers: a
// program for GOOS=js GOARCH=wasm that serves many requests in one instance.
//
// JavaScript (wasm/js/edge-object.ts) starts the program once for each object
// and hands requests in; what is on the other side of that border is the same
// [endpoint.DSML] that the native server runs. What an object is for, its role
// says:
//
//   - session: one session and its connection to the LDAP server. The id of the
//     object is the SessionID, so that the front Worker (wasm/js/edge.ts) finds
//     the object from any location, and nobody can guess it.
//   - pool: messages outside sessions, on a bounded pool of connections; and
//     every message whose session cannot be found, for which the pool has the
//     fault of the native server.
//   - directory: the sample directory in memory with all its sessions, in a
//     program of its own (build tag tab), which also runs in a Service Worker.
//
// An object of a session wakes itself by an alarm, because the runtime puts away
// one that had no request for a minute or two. When an object is put away all
// the same, restarts, or its Go comes to an end, the session is lost: its client
// gets the fault for an unknown SessionID (D-127), never an empty success and
// never another session in its place.
//
// The limits of sessions are counted by coordinators (wasm/js/edge-coordinator.ts),
// which also give the session view.
//
// The bridge between the two sides and the sockets are made here rather than
// taken from github.com/syumai/workers, whose server makes an instance for every
// request and splits header values at commas, and whose sockets cannot be woken
// by a deadline.
package main
