package main

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"sync"
)

// program is one that tests run and that Debian packages.
type program struct {
	what   string   // for people
	env    string   // variable that may name its path
	names  []string // to look for on the PATH
	places []string // to look in besides
	pkg    string   // Debian package
}

var (
	chromium = program{
		what:  "Chromium",
		env:   "CHROMIUM",
		names: []string{"chromium", "chromium-browser", "google-chrome", "google-chrome-stable"},
		places: []string{
			"/usr/bin/chromium", "/usr/lib/chromium/chromium", "/snap/bin/chromium",
			"/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
			"/Applications/Chromium.app/Contents/MacOS/Chromium",
		},
		pkg: "chromium",
	}
	xmllint = program{what: "xmllint", names: []string{"xmllint"}, pkg: "libxml2-utils"}
	slapd   = program{
		what:  "OpenLDAP's server",
		names: []string{"slapd"},
		// Programs for administrators are not on everybody's PATH.
		places: []string{"/usr/sbin/slapd", "/usr/local/sbin/slapd", "/usr/libexec/slapd", "/usr/local/libexec/slapd"},
		pkg:    "slapd",
	}
)

// find gives the path of the program, "" when it is not installed.
func (p program) find() (string, error) {
	if path := os.Getenv(p.env); p.env != "" && path != "" {
		if _, err := exec.LookPath(path); err != nil {
			return "", fmt.Errorf("the environment variable %s names no program: %w", p.env, err)
		}
		return path, nil
	}
	for _, name := range append(p.names, p.places...) {
		if path, err := exec.LookPath(name); err == nil {
			return path, nil
		}
	}
	return "", nil
}

// need makes sure that programs are there, and installs from Debian's packages
// those that are not.
func (t tree) need(ctx context.Context, programs ...program) error {
	for _, p := range programs {
		path, err := p.find()
		if err != nil {
			return err
		}
		if path != "" {
			continue
		}
		if err := t.installDebian(ctx, p); err != nil {
			return fmt.Errorf("%s is needed for these tests and is not installed: on Debian and Ubuntu `apt-get install %s` brings it (%w)", p.what, p.pkg, err)
		}
	}
	return nil
}

func (t tree) installDebian(ctx context.Context, p program) error {
	var prefix []string
	if os.Geteuid() != 0 {
		prefix = []string{"sudo", "-n"}
	}
	apt := func(args ...string) error {
		line := append(append(prefix, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"), args...)
		return t.tool(line[0], line[1:]...).run(ctx)
	}
	if _, err := exec.LookPath("apt-get"); err != nil {
		return fmt.Errorf("there is no apt-get here")
	}
	return console.step("apt: "+p.pkg, func() (string, error) {
		if err := updateLists(apt); err != nil {
			return "", err
		}
		if err := apt("install", "--yes", "--no-install-recommends", p.pkg); err != nil {
			return "", err
		}
		path, err := p.find()
		if err == nil && path == "" {
			err = fmt.Errorf("the package %s brought no %s", p.pkg, p.what)
		}
		return "installed", err
	})
}

var (
	listsOnce sync.Once
	listsErr  error
)

// updateLists fetches the package lists once a run: those of a fresh machine
// are empty or old.
func updateLists(apt func(args ...string) error) error {
	listsOnce.Do(func() { listsErr = apt("update") })
	return listsErr
}
