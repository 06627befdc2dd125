package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
)

// wranglerFile describes the Worker as it is deployed. What runs on this machine
// is made from it as well, so that the two do not drift apart.
const wranglerFile = "wasm/edge/wrangler.jsonc"

// wrangler is what is used here of wranglerFile.
type wrangler struct {
	Main               string   `json:"main"`
	CompatibilityDate  string   `json:"compatibility_date"`
	CompatibilityFlags []string `json:"compatibility_flags"`
	DurableObjects     struct {
		Bindings []struct {
			Name      string `json:"name"`
			ClassName string `json:"class_name"`
		} `json:"bindings"`
	} `json:"durable_objects"`
	Assets struct {
		Directory string `json:"directory"`
		Binding   string `json:"binding"`
	} `json:"assets"`
	Vars map[string]string `json:"vars"`
}

func (t tree) readWrangler() (*wrangler, error) {
	content, err := os.ReadFile(t.path(wranglerFile))
	if err != nil {
		return nil, err
	}
	w := new(wrangler)
	if err := json.Unmarshal(withoutComments(content), w); err != nil {
		return nil, fmt.Errorf("%s: %w", wranglerFile, err)
	}
	return w, nil
}

// withoutComments empties lines that are nothing but a comment; other comments
// the file has none. Lines keep their numbers.
func withoutComments(jsonc []byte) []byte {
	lines := bytes.Split(jsonc, []byte("\n"))
	for i, line := range lines {
		if bytes.HasPrefix(bytes.TrimSpace(line), []byte("//")) {
			lines[i] = nil
		}
	}
	return bytes.Join(lines, []byte("\n"))
}

// workerdSetup is what a run on this machine adds to the description.
type workerdSetup struct {
	modules   []string // files of the Worker beside the configuration, its script first
	listen    string   // host:port
	site      string   // host:port of the server that has the page
	storage   string   // folder of the Durable Objects
	variables map[string]string
}

// workerd writes the configuration of workerd: a text in Cap'n Proto's language.
func (w *wrangler) workerd(s workerdSetup) string {
	var b strings.Builder
	say := func(format string, args ...any) { fmt.Fprintf(&b, format, args...) }
	say("using Workerd = import \"/workerd/workerd.capnp\";\n\n")
	say("const config :Workerd.Config = (\n  services = [\n    (name = \"main\", worker = .worker),\n")
	say("    (name = \"storage\", disk = (path = %s, writable = true)),\n", capnpText(s.storage))
	say("    (name = \"site\", external = (address = %s, http = ())),\n", capnpText(s.site))
	// Directories on this machine and beside it are what one tries this with.
	say("    (name = \"internet\", network = (allow = [\"public\", \"private\"], tlsOptions = (trustBrowserCas = true))),\n  ],\n")
	say("  sockets = [(name = \"http\", address = %s, http = (), service = \"main\")],\n);\n\n", capnpText(s.listen))
	say("const worker :Workerd.Worker = (\n  modules = [\n")
	for _, name := range s.modules {
		kind := "esModule"
		if strings.HasSuffix(name, ".wasm") {
			kind = "wasm"
		}
		say("    (name = %s, %s = embed %s),\n", capnpText(name), kind, capnpText(name))
	}
	say("  ],\n  compatibilityDate = %s,\n  compatibilityFlags = [%s],\n", capnpText(w.CompatibilityDate), capnpTexts(w.CompatibilityFlags))
	say("  durableObjectNamespaces = [\n")
	for _, o := range w.DurableObjects.Bindings {
		say("    (className = %s, uniqueKey = %s, enableSql = true),\n", capnpText(o.ClassName), capnpText("dsmlkit-"+o.ClassName))
	}
	say("  ],\n  durableObjectStorage = (localDisk = \"storage\"),\n  bindings = [\n")
	for _, o := range w.DurableObjects.Bindings {
		say("    (name = %s, durableObjectNamespace = %s),\n", capnpText(o.Name), capnpText(o.ClassName))
	}
	say("    (name = %s, service = \"site\"),\n", capnpText(w.Assets.Binding))
	variables := maps.Clone(w.Vars)
	if variables == nil {
		variables = map[string]string{}
	}
	maps.Copy(variables, s.variables)
	for _, name := range slices.Sorted(maps.Keys(variables)) {
		say("    (name = %s, text = %s),\n", capnpText(name), capnpText(variables[name]))
	}
	say("  ],\n);\n")
	return b.String()
}

// capnpText writes a string literal, which is one of C.
func capnpText(s string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\r", `\r`, "\t", `\t`).Replace(s) + `"`
}

func capnpTexts(all []string) string {
	quoted := make([]string, len(all))
	for i, s := range all {
		quoted[i] = capnpText(s)
	}
	return strings.Join(quoted, ", ")
}
