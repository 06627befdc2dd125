// Package gateway is the server around the DSML endpoints: its configuration,
// its listeners, the page, logs, metrics, health and the session view. The
// program dsmlkit and the command `go run ./build serve` are this package with
// a page.
//
// [Configure] reads the settings, [Open] takes the port and opens the
// directories, and [Gateway.Run] serves until it is told to stop.
package gateway
