package main

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
)

const modulePath = "github.com/dsmlkit/dsmlkit"

// tree is the checkout.
type tree struct{ root string }

// findTree walks up from the working directory to the module.
func findTree() (tree, error) {
	dir, err := os.Getwd()
	if err != nil {
		return tree{}, err
	}
	for {
		mod, err := os.ReadFile(filepath.Join(dir, "go.mod"))
		if err == nil && strings.HasPrefix(string(mod), "module "+modulePath+"\n") {
			return tree{dir}, nil
		}
		up := filepath.Dir(dir)
		if up == dir {
			return tree{}, errors.New("run this inside a checkout of dsmlkit: no go.mod of " + modulePath + " was found here or above")
		}
		dir = up
	}
}

// path joins a slash-separated path to the root.
func (t tree) path(slashed string) string {
	return filepath.Join(t.root, filepath.FromSlash(slashed))
}

func (t tree) exists(slashed string) bool {
	_, err := os.Stat(t.path(slashed))
	return err == nil
}

// writeFile replaces a file in one step, so that whoever reads it at the same
// time sees the old or the new one whole.
func writeFile(path string, content []byte) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	temporary, err := os.CreateTemp(filepath.Dir(path), ".new-*")
	if err != nil {
		return err
	}
	defer os.Remove(temporary.Name())
	_, err = temporary.Write(content)
	if err := errors.Join(err, temporary.Chmod(0o644), temporary.Close()); err != nil {
		return err
	}
	return os.Rename(temporary.Name(), path)
}
