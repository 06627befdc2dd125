// The Worker that the bench compares with: the endpoint on a directory in
// memory, on the glue of github.com/syumai/workers as its generator writes it,
// which starts a Go program for each request. The directory has the one entry
// that is asked for, so that starting costs no more than it must.
package main

import (
	"context"
	_ "embed"
	"log/slog"
	"os"

	"github.com/syumai/workers"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/web/directory/memory"
	"github.com/dsmlkit/dsmlkit/web/endpoint"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
	"github.com/dsmlkit/dsmlkit/xml/ldif"
)

//go:embed entry.ldif
var entry []byte

func main() {
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	directory, err := open()
	if err != nil {
		log.Error("the directory cannot be filled", "error", err)
		os.Exit(1)
	}
	workers.Serve(endpoint.NewDSML(endpoint.Options{Backend: directory, Log: log}))
}

func open() (directory.Backend, error) {
	file, err := ldif.Parse(entry, ldif.Options{})
	if err != nil {
		return nil, err
	}
	one := file.Entries[0]
	d, err := memory.New(memory.Options{Contexts: []string{one.DN}})
	if err != nil {
		return nil, err
	}
	conn, err := d.Connect(context.Background(), directory.Identity{Anonymous: true})
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	// A refusal shows in the answer to the search.
	_, err = conn.Do(context.Background(), &dsml.AddRequest{DN: one.DN, Attrs: one.Attrs}, nil)
	return d, err
}
