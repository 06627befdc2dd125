package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/web/gateway"
)

func checkout(t *testing.T) tree {
	t.Helper()
	found, err := findTree()
	if err != nil {
		t.Fatal(err)
	}
	return found
}

func TestWrangler_NamesWhatThereIs(t *testing.T) {
	here := checkout(t)
	w, err := here.readWrangler()
	if err != nil {
		t.Fatal(err)
	}
	if w.Main != "../../dist/edge/worker.js" || w.Assets.Directory != "../../dist/edge/site" || w.Assets.Binding == "" {
		t.Errorf("dist writes the Worker to dist/edge and its page to dist/edge/site, but it says %q and %+v", w.Main, w.Assets)
	}
	script, err := os.ReadFile(here.path("wasm/js/edge.ts"))
	if err != nil {
		t.Fatal(err)
	}
	_, exported, _ := strings.Cut(string(script), "export {")
	exported, _, _ = strings.Cut(exported, "}")
	classes := strings.FieldsFunc(exported, func(r rune) bool { return r == ',' || r == ' ' })
	for _, o := range w.DurableObjects.Bindings {
		if !slices.Contains(classes, o.ClassName) {
			t.Errorf("%s is bound to the class %s, and wasm/js/edge.ts exports %v", o.Name, o.ClassName, classes)
		}
	}
	if len(w.DurableObjects.Bindings) != len(classes) {
		t.Errorf("%d objects are bound, and wasm/js/edge.ts exports %v", len(w.DurableObjects.Bindings), classes)
	}
}

// A class without a migration cannot be deployed.
func TestWrangler_EveryClassIsMigrated(t *testing.T) {
	content, err := os.ReadFile(checkout(t).path(wranglerFile))
	if err != nil {
		t.Fatal(err)
	}
	var w struct {
		wrangler
		Migrations []struct {
			New []string `json:"new_sqlite_classes"`
		} `json:"migrations"`
	}
	if err := json.Unmarshal(withoutComments(content), &w); err != nil {
		t.Fatal(err)
	}
	var made []string
	for _, m := range w.Migrations {
		made = append(made, m.New...)
	}
	for _, o := range w.DurableObjects.Bindings {
		if !slices.Contains(made, o.ClassName) {
			t.Errorf("no migration makes the class %s", o.ClassName)
		}
	}
}

func TestWrangler_WorkerdGetsTheSame(t *testing.T) {
	w := &wrangler{CompatibilityDate: "2026-11-01", CompatibilityFlags: []string{"a", "b"}, Vars: map[string]string{"DSMLKIT_DIRECTORY": "memory", "KEPT": "1"}}
	if err := json.Unmarshal([]byte(`{"bindings": [{"name": "ONE", "class_name": "First"}]}`), &w.DurableObjects); err != nil {
		t.Fatal(err)
	}
	w.Assets.Binding = "ASSETS"
	got := w.workerd(workerdSetup{
		modules: []string{"worker.js", "edge.wasm"}, listen: "127.0.0.1:1", site: "127.0.0.1:2", storage: "objects",
		variables: map[string]string{"DSMLKIT_DIRECTORY": "ldap://h", "SECRET": "a\"b\\c\nd"},
	})
	for _, want := range []string{
		`(name = "worker.js", esModule = embed "worker.js")`, `(name = "edge.wasm", wasm = embed "edge.wasm")`,
		`compatibilityDate = "2026-11-01"`, `compatibilityFlags = ["a", "b"]`, `(className = "First", uniqueKey = "dsmlkit-First", enableSql = true)`,
		`(name = "ONE", durableObjectNamespace = "First")`, `(name = "ASSETS", service = "site")`, `(name = "KEPT", text = "1")`,
		`(name = "DSMLKIT_DIRECTORY", text = "ldap://h")`, `(name = "SECRET", text = "a\"b\\c\nd")`, `address = "127.0.0.1:1"`, `external = (address = "127.0.0.1:2"`,
	} {
		if !strings.Contains(got, want) {
			t.Errorf("the configuration has no %s:\n%s", want, got)
		}
	}
	if strings.Contains(got, `text = "memory"`) {
		t.Error("what is set for this run does not come before what stands in the file")
	}
	if w.Vars["DSMLKIT_DIRECTORY"] != "memory" {
		t.Error("the description was changed")
	}
}

// A setting that a Worker leaves out in silence would be believed to be in force.
func TestServeEdge_EverySettingIsKnownToTheWorkerOrRefused(t *testing.T) {
	here := checkout(t)
	files, err := filepath.Glob(here.path("wasm/edge/*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var sources strings.Builder
	for _, file := range append(files, here.path("wasm/js/edge-settings.ts")) {
		content, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		sources.Write(content)
	}
	for _, name := range gateway.VariableNames() {
		known, refused := strings.Contains(sources.String(), `"`+name+`"`), slices.Contains(notAtTheEdge, name) || name == "DSMLKIT_LISTEN"
		if known == refused {
			t.Errorf("%s: known to the Worker %v, refused by serve --edge %v", name, known, refused)
		}
	}
	for _, name := range slices.Concat(notAtTheEdge, byContent) {
		if !slices.Contains(gateway.VariableNames(), name) {
			t.Errorf("there is no setting %s", name)
		}
	}
}

func TestServeEdge_Variables(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ca.pem")
	if err := os.WriteFile(file, []byte("certificate\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := edgeVariables(
		map[string]string{"DSMLKIT_LISTEN": "127.0.0.1:0", "DSMLKIT_DIRECTORY": "ldaps://h", "DSMLKIT_LDAP_CA": file},
		[]string{"HOME=/", "DSMLKIT_EDGE_SHARDS=4", "DSMLKIT_DIRECTORY=memory"})
	if err != nil {
		t.Fatal(err)
	}
	if len(got) != 3 || got["DSMLKIT_DIRECTORY"] != "ldaps://h" || got["DSMLKIT_LDAP_CA"] != "certificate\n" || got["DSMLKIT_EDGE_SHARDS"] != "4" {
		t.Errorf("%v", got)
	}
	if _, err := edgeVariables(map[string]string{"DSMLKIT_TLS_CERT": "x"}, nil); err == nil || !strings.Contains(err.Error(), "the edge has no --tls-cert") {
		t.Errorf("a setting without a meaning: %v", err)
	}
	if _, err := edgeVariables(map[string]string{"DSMLKIT_LDAP_CA": file + "x"}, nil); err == nil {
		t.Error("a file that is not there was taken")
	}
}

func TestDistEdge_AssetsHaveTheHeadersOfThePage(t *testing.T) {
	files := map[string][]byte{}
	if err := sampleTree(t, map[string]string{"index.html": "x", ".build/page/main.js": "y", ".build/page/main.js.gz": "z"}).addAssets(files); err != nil {
		t.Fatal(err)
	}
	headers := string(files["site/_headers"])
	for _, want := range []string{"/*\n  Content-Security-Policy: " + gateway.PagePolicy + "; frame-ancestors 'none'\n", "  X-Content-Type-Options: nosniff\n", "  Referrer-Policy: no-referrer\n"} {
		if !strings.Contains(headers, want) {
			t.Errorf("no %q in:\n%s", want, headers)
		}
	}
	if strings.Contains(headers, "Content-Type:") || len(files) != 3 || string(files["site/page/main.js"]) != "y" {
		t.Errorf("%d files, and the headers\n%s", len(files), headers)
	}
}
