package main

import (
	"bytes"
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
)

// pageFolder holds what is served under /page/.
const pageFolder = ".build/page"

// pageAssets are the endings of files that the page takes along as they are.
var pageAssets = []string{".svg", ".ico", ".webmanifest"}

// buildPage bundles web/page, puts the toolkit beside it and compresses both.
// A page without a toolkit is worth having while the toolkit does not compile:
// withWasm says whether there is one.
func (t tree) buildPage(ctx context.Context, golang goTool, withWasm bool) (string, error) {
	inputs := []string{"web/page", "wasm/js", "build", "package-lock.json"}
	if withWasm {
		inputs = append(inputs, wasmFile)
	}
	print, err := t.fingerprint([]string{golang.version}, inputs...)
	if err != nil {
		return "", err
	}
	outputs := []string{pageFolder + "/main.js", pageFolder + "/worker.js"}
	return t.unlessCurrent("page", print, outputs, func() (string, error) {
		files, err := t.bundle(bundle{
			entries: t.pageEntries(),
			outdir:  pageFolder,
			minify:  true,
			maps:    true,
			alias:   t.sources(),
		}, golang)
		if err != nil {
			return "", err
		}
		if err := t.addPageAssets(files, withWasm); err != nil {
			return "", err
		}
		if err := t.replaceFolder(ctx, pageFolder, files); err != nil {
			return "", err
		}
		return "bundled, " + size(len(files["main.js"])+len(files["main.css"])+len(files["worker.js"])), nil
	})
}

func (t tree) pageEntries() map[string]string {
	entries := map[string]string{"main": "web/page/main.ts", "worker": "wasm/js/worker.ts"}
	if t.exists("web/page/worker.ts") {
		entries["worker"] = "web/page/worker.ts"
	}
	return entries
}

// addPageAssets adds the style sheet, pictures and the toolkit.
func (t tree) addPageAssets(files map[string][]byte, withWasm bool) error {
	entries, err := os.ReadDir(t.path("web/page"))
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if entry.Type().IsRegular() && slices.Contains(pageAssets, path.Ext(entry.Name())) {
			if files[entry.Name()], err = os.ReadFile(t.path("web/page/" + entry.Name())); err != nil {
				return err
			}
		}
	}
	if withWasm {
		files["dsmlkit.wasm"], err = os.ReadFile(t.path(wasmFile))
	}
	return err
}

// replaceFolder makes the folder hold these files and their compressed twins,
// and nothing else.
func (t tree) replaceFolder(ctx context.Context, folder string, files map[string][]byte) error {
	keep := map[string]bool{}
	var compress []string
	for name, content := range files {
		keep[name] = true
		target := t.path(folder + "/" + name)
		if isCompressible(name, content) {
			keep[name+".gz"], keep[name+".br"] = true, true
		}
		if stands(target, content, keep[name+".gz"]) {
			continue
		}
		if err := writeFile(target, content); err != nil {
			return err
		}
		if keep[name+".gz"] {
			if err := writeFile(target+".gz", compressGzip(content)); err != nil {
				return err
			}
			compress = append(compress, target)
		}
	}
	slices.Sort(compress)
	if err := t.writeBrotli(ctx, quickBrotli, compress); err != nil {
		return err
	}
	return t.removeOthers(folder, keep)
}

// stands tells whether the file and its twins are there already. The twins are
// written after the file, the .br last, so one that is older is of old content.
func stands(target string, content []byte, compressed bool) bool {
	old, err := os.ReadFile(target)
	if err != nil || !bytes.Equal(old, content) {
		return false
	}
	if !compressed {
		return true
	}
	file, err := os.Stat(target)
	if err != nil {
		return false
	}
	for _, ending := range []string{".gz", ".br"} {
		twin, err := os.Stat(target + ending)
		if err != nil || twin.ModTime().Before(file.ModTime()) {
			return false
		}
	}
	return true
}

func (t tree) removeOthers(folder string, keep map[string]bool) error {
	top := t.path(folder)
	return filepath.WalkDir(top, func(file string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, err := filepath.Rel(top, file)
		if err != nil || keep[filepath.ToSlash(name)] {
			return err
		}
		if err := os.Remove(file); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return err
		}
		return nil
	})
}
