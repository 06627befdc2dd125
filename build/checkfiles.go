package main

import (
	"bytes"
	"context"
	"fmt"
	"go/format"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// longFile is the number of lines from which on a file asks to be two.
const longFile = 400

// own calls visit for every file of the checkout that is written by hand.
func (t tree) own(visit func(name string, content []byte) error) error {
	return filepath.WalkDir(t.root, func(file string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(t.root, file)
		if err != nil {
			return err
		}
		name = filepath.ToSlash(name)
		if entry.IsDir() {
			if name == "node_modules" || name == "dist" || name != "." && strings.HasPrefix(entry.Name(), ".") || entry.Name() == "testdata" {
				return fs.SkipDir
			}
			return nil
		}
		if !slices.Contains([]string{".go", ".ts", ".mjs", ".css"}, filepath.Ext(name)) {
			return nil
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		return visit(name, content)
	})
}

func (t tree) checkFormat(context.Context) (string, error) {
	var wrong []string
	err := t.own(func(name string, content []byte) error {
		if filepath.Ext(name) != ".go" {
			return nil
		}
		formatted, err := format.Source(content)
		if err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
		if !bytes.Equal(content, formatted) {
			wrong = append(wrong, name)
		}
		return nil
	})
	if err == nil && len(wrong) > 0 {
		err = fmt.Errorf("gofmt -w would change:\n  %s", strings.Join(wrong, "\n  "))
	}
	return "clean", err
}

// noteLength never fails: a long file is a question, not a mistake.
func (t tree) noteLength(context.Context) (string, error) {
	var long []string
	err := t.own(func(name string, content []byte) error {
		if lines := bytes.Count(content, []byte("\n")); lines > longFile {
			long = append(long, fmt.Sprintf("%s (%d)", name, lines))
		}
		return nil
	})
	if len(long) == 0 {
		return fmt.Sprintf("none over %d lines", longFile), err
	}
	return fmt.Sprintf("over %d lines: %s", longFile, strings.Join(long, ", ")), err
}
