package main

import (
	"bytes"
	"context"
	"errors"
	"os"
)

// The endpoint in the tab: a Service Worker that answers where a static host
// has no endpoint, and the Go that it runs.
const (
	tabFolder = ".build/tab"
	tabScript = "endpoint.js"
	tabModule = "endpoint.wasm"
)

// buildTab compiles wasm/edge for the tab, which leaves out what needs sockets,
// and bundles the Service Worker around it.
func (t tree) buildTab(ctx context.Context, golang goTool) (string, error) {
	print, err := t.edgeFingerprint(golang, "build/tab.go")
	if err != nil {
		return "", err
	}
	script, module := tabFolder+"/"+tabScript, tabFolder+"/"+tabModule
	return t.unlessCurrent("tab", print, []string{script, module}, func() (string, error) {
		files, err := t.bundle(bundle{entries: map[string]string{"endpoint": "wasm/js/tab.ts"}, outdir: tabFolder, minify: true}, golang)
		if err != nil {
			return "", err
		}
		if len(files) != 1 || bytes.Contains(files[tabScript], []byte("\nexport")) {
			return "", errors.New("wasm/js/tab.ts has to come out as one script without imports and exports: not all browsers take modules as Service Workers")
		}
		if err := writeFile(t.path(script), files[tabScript]); err != nil {
			return "", err
		}
		return t.compileEdge(ctx, module, "-tags", "tab")
	})
}

// addTab puts the endpoint in the tab into the static site. The document names
// it, by which the page knows that there is one.
func (t tree) addTab(files map[string][]byte) error {
	for _, name := range []string{tabScript, tabModule} {
		content, err := os.ReadFile(t.path(tabFolder + "/" + name))
		if err != nil {
			return err
		}
		files[name] = content
	}
	before, after, found := bytes.Cut(files["index.html"], []byte("</head>"))
	if !found {
		return errors.New("index.html has no </head>, before which the endpoint in the tab is named")
	}
	mark := []byte(`<meta name="dsmlkit-endpoint" content="./` + tabScript + "\">\n</head>")
	files["index.html"] = bytes.Join([][]byte{before, mark, after}, nil)
	return nil
}

func (t tree) setUpTab(ctx context.Context) error {
	unlock, err := t.lock()
	if err != nil {
		return err
	}
	defer unlock()
	golang, err := t.goTool(ctx)
	if err != nil {
		return err
	}
	return console.step("endpoint in the tab", func() (string, error) { return t.buildTab(ctx, golang) })
}
