package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// oldestNode is the oldest major version of Node that everything here runs on.
const oldestNode = 20

// node says which Node is installed; it is an error when there is none or it
// is too old.
func (t tree) node(ctx context.Context) (string, error) {
	out, err := t.tool("node", "--version").output(ctx)
	if err != nil {
		return "", fmt.Errorf("there must be a Node, version %d or newer, with npm: %w", oldestNode, err)
	}
	version := strings.TrimSpace(out)
	major, _, _ := strings.Cut(strings.TrimPrefix(version, "v"), ".")
	if n, err := strconv.Atoi(major); err != nil || n < oldestNode {
		return "", fmt.Errorf("this Node is %s, and it must be version %d or newer", version, oldestNode)
	}
	return version, nil
}

// installPackages brings node_modules in line with the lock file. npm writes
// node_modules/.package-lock.json last, so its time says how old the folder is.
func (t tree) installPackages(ctx context.Context) (string, error) {
	installed, err := os.Stat(t.path("node_modules/.package-lock.json"))
	if err == nil {
		wanted, err := os.Stat(t.path("package-lock.json"))
		if err != nil {
			return "", err
		}
		if !installed.ModTime().Before(wanted.ModTime()) {
			return "up to date", nil
		}
	} else if !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	if _, err := t.node(ctx); err != nil {
		return "", err
	}
	// No package here needs its install script, so none is run.
	if err := t.tool("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund").run(ctx); err != nil {
		return "", err
	}
	return "installed", nil
}
