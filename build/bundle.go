package main

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/evanw/esbuild/pkg/api"
)

// bundle joins TypeScript modules and style sheets into the files that run.
type bundle struct {
	entries map[string]string // output path without its ending -> source, both slash-separated and relative
	outdir  string            // only for relative names inside the bundle; nothing is written there by esbuild
	minify  bool
	maps    bool
	node    bool // for Node rather than for any runtime
	// packagesOutside leaves imports of packages to whoever runs the bundle.
	packagesOutside bool
	alias           map[string]string
}

// sources lets code import the package by its name while it is not installed.
func (t tree) sources() map[string]string {
	alias := map[string]string{}
	for name, file := range map[string]string{"dsmlkit": "index", "dsmlkit/worker-client": "worker-client", "dsmlkit/worker": "worker"} {
		alias[name] = t.path("wasm/js/" + file + ".ts")
	}
	return alias
}

// bundle gives the files by path relative to outdir, in no way dependent on
// where the checkout lies.
func (t tree) bundle(b bundle, golang goTool) (map[string][]byte, error) {
	options := api.BuildOptions{
		AbsWorkingDir:     t.root,
		Outdir:            t.path(b.outdir),
		Bundle:            true,
		Splitting:         true,
		ChunkNames:        "chunk-[hash]",
		Format:            api.FormatESModule,
		Target:            api.ES2022,
		Platform:          api.PlatformNeutral,
		MainFields:        []string{"module", "main"},
		External:          []string{"node:*", "*.wasm", "./embedded.js", "cloudflare:*"}, // a Worker's runtime loads WebAssembly by import
		Alias:             b.alias,
		MinifyWhitespace:  b.minify,
		MinifyIdentifiers: b.minify,
		MinifySyntax:      b.minify,
		KeepNames:         b.minify, // class names are shown to people in errors
		LegalComments:     api.LegalCommentsEndOfFile,
		Charset:           api.CharsetUTF8,
		Loader:            map[string]api.Loader{".svg": api.LoaderDataURL, ".png": api.LoaderFile},
		AssetNames:        "[name]-[hash]",
		// What editors are told about types has no say in what is built.
		TsconfigRaw: `{"compilerOptions": {"strict": true, "useDefineForClassFields": true, "verbatimModuleSyntax": true}}`,
		Plugins:     []api.Plugin{goRuntime(golang)},
		LogLevel:    api.LogLevelSilent,
		Write:       false,
	}
	if b.maps {
		options.Sourcemap = api.SourceMapLinked
	}
	if b.node {
		options.Platform = api.PlatformNode
	}
	if b.packagesOutside {
		options.Packages = api.PackagesExternal
	}
	// The names of chunks depend on the order of the entries.
	for _, out := range slices.Sorted(maps.Keys(b.entries)) {
		options.EntryPointsAdvanced = append(options.EntryPointsAdvanced, api.EntryPoint{InputPath: "./" + b.entries[out], OutputPath: out})
	}
	result := api.Build(options)
	if len(result.Errors) > 0 {
		return nil, errors.New(strings.TrimSpace(strings.Join(api.FormatMessages(result.Errors, api.FormatMessagesOptions{Kind: api.ErrorMessage}), "")))
	}
	for _, warning := range api.FormatMessages(result.Warnings, api.FormatMessagesOptions{Kind: api.WarningMessage}) {
		fmt.Fprint(os.Stderr, warning)
	}
	files := map[string][]byte{}
	for _, file := range result.OutputFiles {
		name, err := filepath.Rel(options.Outdir, file.Path)
		if err != nil {
			return nil, err
		}
		files[filepath.ToSlash(name)] = file.Contents
	}
	return files, nil
}

// goRuntime supplies the module "go:wasm_exec": Go's own JavaScript, unchanged,
// as a function of the globals it would otherwise reach for, so that a toolkit
// leaves nothing on the real global object.
func goRuntime(golang goTool) api.Plugin {
	return api.Plugin{Name: "go:wasm_exec", Setup: func(build api.PluginBuild) {
		build.OnResolve(api.OnResolveOptions{Filter: "^go:wasm_exec$"}, func(args api.OnResolveArgs) (api.OnResolveResult, error) {
			return api.OnResolveResult{Path: args.Path, Namespace: "go"}, nil
		})
		build.OnLoad(api.OnLoadOptions{Filter: ".*", Namespace: "go"}, func(api.OnLoadArgs) (api.OnLoadResult, error) {
			text, err := golang.wasmExec()
			if err != nil {
				return api.OnLoadResult{}, err
			}
			module := "export default function goRuntime(globalThis, fs, crypto, performance, setTimeout, clearTimeout, console) {\n" +
				text + "\nreturn globalThis.Go;\n}\n"
			return api.OnLoadResult{Contents: &module, Loader: api.LoaderJS}, nil
		})
	}}
}
