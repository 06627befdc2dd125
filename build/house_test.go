package main

import (
	"encoding/json"
	"errors"
	"go/parser"
	"go/token"
	"io"
	"os/exec"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// The arrows of the house: bytes come in at xml, get a lifetime in session, are
// served by web, and leave through wasm. A room is a folder with all below it,
// unless a deeper room is named; it may import itself and the rooms listed.
var rooms = map[string][]string{
	"xml":           {},
	"xml/soap":      {"xml"},
	"xml/dsml":      {"xml", "xml/soap"},
	"xml/sqlsoap":   {"xml", "xml/soap"},
	"xml/ldif":      {"xml", "xml/dsml"},
	"session":       {"xml", "xml/soap", "xml/dsml", "xml/sqlsoap"},
	"web/directory": {"xml", "xml/soap", "xml/dsml", "xml/ldif"},
	"web/database":  {"xml", "xml/soap", "xml/sqlsoap"},
	"web/endpoint":  {"xml", "xml/soap", "xml/dsml", "xml/sqlsoap", "session", "web/directory", "web/database"},
	"web/relay":     {"xml", "xml/soap", "xml/dsml", "session", "web/directory", "web/endpoint"},
	"web/gateway":   {"xml", "xml/soap", "xml/dsml", "xml/ldif", "session", "web/endpoint", "web/directory", "web/relay"},
	"web/dsmlkit":   {"web/gateway"},
	"wasm/toolkit":  {"xml", "xml/soap", "xml/dsml", "xml/sqlsoap", "xml/ldif", "session"},
	"wasm/edge":     {"xml", "xml/soap", "xml/dsml", "xml/sqlsoap", "xml/ldif", "session", "web/endpoint", "web/directory", "web/database"},
	"build":         {"xml", "xml/soap", "xml/dsml", "xml/sqlsoap", "xml/ldif", "session", "web/endpoint", "web/directory", "web/database", "web/relay", "web/gateway"},
}

// javascript are the packages that only wasm/ and files for js import.
var javascript = []string{"syscall/js", "github.com/hack-pad/safejs", "github.com/syumai/workers"}

// heavy is what the browser must not download: none of it may come into xml or
// session, or into the toolkit by whatever way.
var heavy = []string{"fmt", "os", "net", "net/http", "encoding/json", "encoding/xml", "encoding/gob", "text/template", "html/template", "crypto/tls", "regexp"}

// goPackage is what `go list -json` says of a package.
type goPackage struct {
	ImportPath string
	Dir        string
	GoFiles    []string
	Imports    []string
	Deps       []string
	Module     *struct{ Path string }
}

func listPackages(t *testing.T, env []string, patterns ...string) []goPackage {
	t.Helper()
	checkout, err := findTree()
	if err != nil {
		t.Fatal(err)
	}
	args := append([]string{"list", "-json=ImportPath,Dir,GoFiles,Imports,Deps,Module"}, patterns...)
	out, err := checkout.tool("go", args...).with(env...).output(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	var packages []goPackage
	for decoder := json.NewDecoder(strings.NewReader(out)); ; {
		var p goPackage
		err := decoder.Decode(&p)
		if errors.Is(err, io.EOF) {
			return packages
		}
		if err != nil {
			t.Fatal(err)
		}
		packages = append(packages, p)
	}
}

// everywhere lists the packages for this machine and for the browser: some
// exist only there.
func everywhere(t *testing.T) []goPackage {
	packages := listPackages(t, nil, "./...")
	return append(packages, listPackages(t, []string{"GOOS=js", "GOARCH=wasm"}, "./xml/...", "./session/...", "./web/...", "./wasm/...")...)
}

// roomOf gives the deepest room that holds the package, "" when there is none.
func roomOf(importPath string) string {
	folder := strings.TrimPrefix(strings.TrimPrefix(importPath, modulePath), "/")
	for ; folder != "." && folder != ""; folder = path.Dir(folder) {
		if _, found := rooms[folder]; found {
			return folder
		}
	}
	return ""
}

func ours(importPath string) bool {
	return importPath == modulePath || strings.HasPrefix(importPath, modulePath+"/")
}

func TestHouse_RoomsImportAlongTheArrows(t *testing.T) {
	for _, p := range everywhere(t) {
		room := roomOf(p.ImportPath)
		if room == "" {
			t.Errorf("%s lies in no room of the house; the rooms are those of build/house_test.go", p.ImportPath)
			continue
		}
		for _, imported := range p.Imports {
			if other := roomOf(imported); ours(imported) && other != room && !slices.Contains(rooms[room], other) {
				t.Errorf("%s imports %s, but %s may only look at: %s", p.ImportPath, imported, room, strings.Join(rooms[room], ", "))
			}
		}
	}
}

// within tells whether the import path is of the package or below it.
func within(importPath, parent string) bool {
	return importPath == parent || strings.HasPrefix(importPath, parent+"/")
}

func TestHouse_OnlyWasmTalksToJavaScript(t *testing.T) {
	checkout, err := findTree()
	if err != nil {
		t.Fatal(err)
	}
	// Files are read here rather than listed, so that no build tag hides one.
	err = checkout.own(func(name string, content []byte) error {
		if path.Ext(name) != ".go" || strings.HasPrefix(name, "wasm/") {
			return nil
		}
		if strings.HasSuffix(name, "_js.go") || strings.HasSuffix(name, "_js_test.go") {
			return nil
		}
		for _, imported := range importsOf(t, name, content) {
			for _, bridge := range javascript {
				if within(imported, bridge) {
					t.Errorf("%s imports %s: only wasm/ and a _js.go twin talk to JavaScript, everything else runs natively", name, imported)
				}
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

func importsOf(t *testing.T, name string, content []byte) []string {
	t.Helper()
	file, err := parser.ParseFile(token.NewFileSet(), name, content, parser.ImportsOnly)
	if err != nil {
		t.Fatal(err)
	}
	var paths []string
	for _, spec := range file.Imports {
		imported, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			t.Fatal(err)
		}
		paths = append(paths, imported)
	}
	return paths
}

func TestHouse_TheBrowserDownloadsNothingHeavy(t *testing.T) {
	for _, p := range listPackages(t, []string{"GOOS=js", "GOARCH=wasm"}, "./xml/...", "./session/...", "./wasm/toolkit/...") {
		for _, dependency := range p.Deps {
			if slices.Contains(heavy, dependency) {
				t.Errorf("%s depends on %s, which the browser would have to download", p.ImportPath, dependency)
			}
		}
	}
}

// xml and session neither format nor reflect: fmt is slow where every byte of a
// document passes, and both weigh some hundred kilobytes.
func TestHouse_XMLAndSessionNeitherFormatNorReflect(t *testing.T) {
	for _, p := range everywhere(t) {
		if room := roomOf(p.ImportPath); !within(room, "xml") && room != "session" {
			continue
		}
		for _, imported := range p.Imports {
			if imported == "fmt" || imported == "reflect" {
				t.Errorf("%s imports %s: write the text with strconv and +, or move it to the caller", p.ImportPath, imported)
			}
		}
	}
}

// A session's time and chance are passed in, and xml has neither.
func TestHouse_XMLHasNoClockAndNoOutsideWorld(t *testing.T) {
	outside := []string{"os", "time", "net", "io/fs", "path/filepath", "math/rand", "math/rand/v2", "crypto/rand"}
	for _, p := range everywhere(t) {
		if !within(roomOf(p.ImportPath), "xml") {
			continue
		}
		for _, imported := range p.Imports {
			if slices.Contains(outside, imported) {
				t.Errorf("%s imports %s: xml is pure, what it needs from outside is passed in", p.ImportPath, imported)
			}
		}
	}
}

var moduleName = regexp.MustCompile(`(?m)(?:^\s*import\s*|^\s*(?:import|export|\}).*\bfrom\s*|\bimport\()["']([^"']+)["']`)

// The page is an application like any other: it knows the package by its name,
// not the folder beside it, and nothing that package.json does not list.
func TestHouse_ThePageUsesThePublishedInterface(t *testing.T) {
	checkout, err := findTree()
	if err != nil {
		t.Fatal(err)
	}
	page := checkout.path("web/page")
	seen := 0
	err = checkout.own(func(name string, content []byte) error {
		if !strings.HasPrefix(name, "web/page/") || path.Ext(name) != ".ts" {
			return nil
		}
		for _, found := range moduleName.FindAllSubmatch(content, -1) {
			seen++
			module := string(found[1])
			if !strings.HasPrefix(module, ".") {
				continue
			}
			target := filepath.Join(checkout.root, filepath.FromSlash(path.Join(path.Dir(name), module)))
			if target != page && !strings.HasPrefix(target, page+string(filepath.Separator)) {
				t.Errorf("%s imports %s, which lies outside web/page: the page knows the toolkit as \"dsmlkit\" only", name, module)
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	if seen == 0 {
		t.Error("no import was found in web/page: this test looks in the wrong place")
	}
}

func TestHouse_TheTopLevelIsFixed(t *testing.T) {
	checkout, err := findTree()
	if err != nil {
		t.Fatal(err)
	}
	fixed := []string{"wasm", "web", "session", "xml", "build", "go.mod", "go.sum", "package.json", "index.html",
		"README.md", "LICENSE", "CHANGELOG.md", "CONTRIBUTING.md", "package-lock.json"}
	out, err := exec.Command("git", "-C", checkout.root, "ls-tree", "--name-only", "HEAD").Output()
	if err != nil {
		// A tree that was unpacked from an archive has no commit to look at.
		t.Logf("not a git checkout: %v", err)
		return
	}
	for _, name := range strings.Fields(string(out)) {
		if !strings.HasPrefix(name, ".") && !slices.Contains(fixed, name) {
			t.Errorf("%s lies at the top level, which holds only: %s", name, strings.Join(fixed, ", "))
		}
	}
}
