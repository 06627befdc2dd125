package main

import (
	"context"
	"errors"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/dsmlkit/dsmlkit/web/gateway"
)

const serveAbout = `Builds what has changed, then serves the page and, at /dsml, a DSMLv2 endpoint with
sessions: on a sample directory in memory, on an LDAP server, or on another DSML
endpoint. Everything else is the program that dist makes as dist/dsmlkit.

With --edge the endpoint is the Cloudflare Worker of wasm/edge, in workerd on this
machine; wasm/edge/README.md tells which of the settings it has.`

func serve(ctx context.Context, args []string) error {
	edge := slices.Contains(args, "--edge")
	args = slices.DeleteFunc(slices.Clone(args), func(arg string) bool { return arg == "--edge" })
	config, err := gateway.Configure(gateway.Program{Name: "go run ./build serve", About: serveAbout, Version: version(), Out: os.Stdout}, args, os.Environ())
	var usage *gateway.UsageError
	switch {
	case errors.Is(err, gateway.ErrPrinted):
		return flag.ErrHelp
	case errors.As(err, &usage):
		return &usageError{"serve: " + usage.Message}
	case err != nil:
		return err
	}
	t, err := findTree()
	if err != nil {
		return err
	}
	ctx, cancel := untilOrphaned(ctx)
	defer cancel()
	if edge {
		return t.serveEdge(ctx, config)
	}
	// The port and the directories come first: a build in vain would be a poor way
	// to learn that one of them is not to be had.
	server, err := gateway.Open(ctx, config, os.Stderr)
	if err != nil {
		return err
	}
	defer server.Close()
	if err := t.setUp(ctx, true); err != nil {
		return err
	}
	return t.serveOn(ctx, server)
}

// serveOn serves the page as it is built now.
func (t tree) serveOn(ctx context.Context, server *gateway.Gateway) error {
	files, err := t.pageFiles()
	if err != nil {
		return err
	}
	console.printf("\n%s", server.Greeting())
	err = server.Run(ctx, gateway.NewSite(files))
	console.printf("stopped\n")
	return err
}

// pageFiles are the files of the page with their compressed twins, by path. What
// is not built yet is not there.
func (t tree) pageFiles() (map[string][]byte, error) {
	files := map[string][]byte{}
	index, err := os.ReadFile(t.path("index.html"))
	switch {
	case err == nil:
		files["index.html"] = index
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	top := t.path(pageFolder)
	err = filepath.WalkDir(top, func(file string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(top, file)
		if err != nil {
			return err
		}
		files["page/"+filepath.ToSlash(name)], err = os.ReadFile(file)
		return err
	})
	return files, err
}
