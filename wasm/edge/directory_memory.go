//go:build tab

package main

import (
	"errors"
	"fmt"
	"log/slog"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/web/directory/memory"
)

// directoryConfig is empty: the directory is the sample.
type directoryConfig struct{}

var directorySettings = []setting{
	{"DSMLKIT_DIRECTORY", func(_ *config, v string) error {
		if v != "" && v != "memory" {
			return errors.New("this program has a directory in memory and knows no other")
		}
		return nil
	}},
}

func (*directoryConfig) check(r role) error {
	if r != roleDirectory {
		return fmt.Errorf("there is no role %q on a directory in memory", r)
	}
	return nil
}

func (*directoryConfig) open(*sockets, *slog.Logger) (directory.Backend, error) {
	return memory.Sample(), nil
}
