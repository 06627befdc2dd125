package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"os"
	"path"
	"regexp"
	"slices"
	"strings"
)

// packageEntries are the modules of the package that have a name of their own
// in its exports.
var packageEntries = []string{"index", "workerd", "worker", "worker-client"}

// npmPackage gives the files of the package by name.
func (t tree) npmPackage(ctx context.Context) (map[string][]byte, error) {
	golang, err := t.goTool(ctx)
	if err != nil {
		return nil, err
	}
	entries := map[string]string{}
	for _, name := range packageEntries {
		entries[name] = "wasm/js/" + name + ".ts"
	}
	// Readable code: whoever uses the package bundles it for his own purposes.
	files, err := t.bundle(bundle{entries: entries, outdir: "dist/npm"}, golang)
	if err != nil {
		return nil, err
	}
	if err := t.addDeclarations(ctx, files); err != nil {
		return nil, err
	}
	wasm, err := os.ReadFile(t.path(wasmFile))
	if err != nil {
		return nil, err
	}
	files["dsmlkit.wasm"] = wasm
	files["embedded.js"] = embedded(wasm)
	if err := t.addDocs(files); err != nil {
		return nil, err
	}
	for name, from := range map[string]string{
		"package.json": "build/npm/package.json",
		"README.md":    "build/npm/README.md",
		"LICENSE":      "LICENSE",
	} {
		if files[name], err = os.ReadFile(t.path(from)); err != nil {
			return nil, err
		}
	}
	return files, nil
}

// addDocs adds the guide and the reference.
func (t tree) addDocs(files map[string][]byte) error {
	const folder = "wasm/js/docs"
	entries, err := os.ReadDir(t.path(folder))
	if err != nil {
		return err
	}
	for _, entry := range entries {
		if files["docs/"+entry.Name()], err = os.ReadFile(t.path(folder + "/" + entry.Name())); err != nil {
			return err
		}
	}
	return nil
}

// embedded is a module that holds the WebAssembly as text: for bundlers that
// leave files beside a module behind. wasm/js/find-wasm.ts reads it.
func embedded(wasm []byte) []byte {
	return []byte("export default \"" + base64.StdEncoding.EncodeToString(compressGzip(wasm)) + "\";\n")
}

var relativeImport = regexp.MustCompile(`(?:from|import\()\s*"(\./[^"]+)"`)

// addDeclarations adds the declarations of the entries and of what these refer
// to. Modules that only the inside uses have none.
func (t tree) addDeclarations(ctx context.Context, files map[string][]byte) error {
	temporary, err := os.MkdirTemp(t.path(".build"), "types-*")
	if err != nil {
		return err
	}
	defer os.RemoveAll(temporary)
	err = t.tsc("wasm/js", "--noEmit", "false", "--declaration", "--emitDeclarationOnly", "--rootDir", "wasm/js", "--outDir", temporary).run(ctx)
	if err != nil {
		return err
	}
	wanted := slices.Clone(packageEntries)
	for len(wanted) > 0 {
		name := wanted[0] + ".d.ts"
		wanted = wanted[1:]
		if files[name] != nil {
			continue
		}
		text, err := os.ReadFile(temporary + "/" + name)
		if err != nil {
			return fmt.Errorf("a declaration of the package is missing: %w", err)
		}
		files[name] = text
		for _, found := range relativeImport.FindAllSubmatch(text, -1) {
			module := path.Clean(string(found[1]))
			wanted = append(wanted, strings.TrimSuffix(strings.TrimSuffix(module, ".js"), ".ts"))
		}
	}
	return nil
}

// tsc runs the TypeScript compiler on the project in a folder.
func (t tree) tsc(project string, args ...string) tool {
	return t.tool("node", append([]string{t.path("node_modules/typescript/bin/tsc"), "--project", project}, args...)...)
}
