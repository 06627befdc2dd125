// The program dsmlkit: a DSMLv2 gateway in one file, with the page inside. It
// stands in front of an LDAP server, relays to another DSML endpoint, or serves
// a directory of its own in memory.
//
//	dsmlkit --directory ldaps://ldap.example.org
//
// `go run ./build dist` makes it, with the page, as dist/dsmlkit. Compiled by
// `go build` or `go install` alone it is the same server, and says where the
// page would be how to get it.
package main

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"

	"github.com/dsmlkit/dsmlkit/web/gateway"
)

// site holds one file, which tells that the page is not there. The build puts
// the page over it (-overlay of the go command).
//
//go:embed site
var site embed.FS

// version is set by the build.
var version string

const about = `Serves DSMLv2 over SOAP and HTTP, with sessions: on an LDAP server, on another DSML
endpoint, or on a sample directory in memory. The page for trying it is at /, the
endpoint at /dsml.`

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx)
	var usage *gateway.UsageError
	switch {
	case err == nil, errors.Is(err, gateway.ErrPrinted):
	case errors.As(err, &usage):
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	default:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context) error {
	config, err := gateway.Configure(gateway.Program{Name: "dsmlkit", About: about, Version: versionText(), Out: os.Stdout}, os.Args[1:], os.Environ())
	if err != nil {
		return err
	}
	files, err := fs.Sub(site, "site")
	if err != nil {
		return err
	}
	page, err := gateway.ReadSite(files)
	if err != nil {
		return err
	}
	g, err := gateway.Open(ctx, config, os.Stderr)
	if err != nil {
		return err
	}
	fmt.Print(g.Greeting())
	return g.Run(ctx, page)
}

func versionText() string {
	if version != "" {
		return version
	}
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "unknown"
}
