package main

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// fingerprint hashes the names and contents of files and of whole folders
// (slash-separated, relative to the root), and words that stand for what is not
// a file, such as the version of a compiler. What does not exist counts as
// absent. Tests and their data are left out: they do not end up in what is built.
func (t tree) fingerprint(words []string, paths ...string) (string, error) {
	sum := sha256.New()
	fmt.Fprintf(sum, "%q\n", words)
	for _, path := range paths {
		err := filepath.WalkDir(t.path(path), func(file string, entry fs.DirEntry, err error) error {
			switch {
			case errors.Is(err, fs.ErrNotExist):
				return nil
			case err != nil:
				return err
			case entry.IsDir():
				if name := entry.Name(); name == "testdata" || name == "test" || name == "node_modules" {
					return fs.SkipDir
				}
				return nil
			case strings.HasSuffix(file, "_test.go") || strings.HasPrefix(entry.Name(), "."):
				return nil
			}
			name, err := filepath.Rel(t.root, file)
			if err != nil {
				return err
			}
			fmt.Fprintf(sum, "%q ", filepath.ToSlash(name))
			return hashFile(sum, file)
		})
		if err != nil {
			return "", err
		}
	}
	return hex.EncodeToString(sum.Sum(nil)), nil
}

func hashFile(w io.Writer, path string) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	sum := sha256.Sum256(content)
	fmt.Fprintf(w, "%x\n", sum)
	return nil
}

// unlessCurrent runs build when the stamp called name does not hold the given
// fingerprint or one of the outputs is missing, and sets the stamp when build
// has succeeded. Its note is what build says, or "up to date".
func (t tree) unlessCurrent(name, fingerprint string, outputs []string, build func() (string, error)) (string, error) {
	stamp := t.path(".build/stamps/" + name)
	old, err := os.ReadFile(stamp)
	if err == nil && string(old) == fingerprint && !slices.ContainsFunc(outputs, func(o string) bool { return !t.exists(o) }) {
		return "up to date", nil
	}
	// A build that is broken off halfway must not look finished.
	if err := os.Remove(stamp); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", err
	}
	note, err := build()
	if err != nil {
		return "", err
	}
	return note, writeFile(stamp, []byte(fingerprint))
}
