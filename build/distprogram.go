package main

import (
	"context"
	_ "embed"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

const (
	programFolder = "web/dsmlkit"
	programSite   = programFolder + "/site"
)

// distProgram compiles the program dsmlkit for this machine, with the page
// inside. The page is put over what lies in the program's folder for the time of
// the compilation (-overlay): the checkout stays as it is.
func (t tree) distProgram(ctx context.Context) error {
	name := "dist/dsmlkit"
	if runtime.GOOS == "windows" {
		name += ".exe"
	}
	return console.step(name, func() (string, error) {
		overlay, err := t.pageOverlay(t.path(programSite))
		if err != nil {
			return "", err
		}
		if err := os.MkdirAll(t.path("dist"), 0o755); err != nil {
			return "", err
		}
		// The flags leave out paths, build ids and symbol tables: the same sources
		// give the same bytes. Without cgo the program needs nothing of the system.
		err = t.tool("go", "build", "-trimpath", "-buildvcs=false", "-overlay", overlay,
			"-ldflags", "-s -w -buildid= -X main.version="+version(), "-o", t.path(name), "./"+programFolder).with("CGO_ENABLED=0").run(ctx)
		if err != nil {
			return "", err
		}
		built, err := os.Stat(t.path(name))
		if err != nil {
			return "", err
		}
		return size(int(built.Size())), nil
	})
}

// pageOverlay writes the file that tells the compiler to see the page in the
// given folder. Source maps stay out: they are for whoever works on the page,
// and has a checkout.
func (t tree) pageOverlay(folder string) (string, error) {
	files, err := t.pageFiles()
	if err != nil {
		return "", err
	}
	replace := map[string]string{}
	for name := range files {
		if strings.Contains(name, ".map") {
			continue
		}
		from := pageFolder + name[len("page"):]
		if name == "index.html" {
			from = name
		}
		replace[filepath.Join(folder, filepath.FromSlash(name))] = t.path(from)
	}
	text, err := json.MarshalIndent(map[string]any{"Replace": replace}, "", "\t")
	if err != nil {
		return "", err
	}
	file := t.path(".build/overlay.json")
	return file, writeFile(file, text)
}

//go:embed npm/package.json
var packageManifest []byte

// version is that of the package, which the program shares.
func version() string {
	var manifest struct {
		Version string `json:"version"`
	}
	if err := json.Unmarshal(packageManifest, &manifest); err != nil {
		panic("build/npm/package.json: " + err.Error())
	}
	return manifest.Version
}
