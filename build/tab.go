package main

import (
	"bytes"
	"errors"
	"os"
)

// The endpoint in the tab: a Service Worker that answers where a static host
// has no endpoint, and the Go that it runs, which is that of the Worker's
// directory in memory.
const (
	tabFolder = ".build/tab"
	tabScript = "endpoint.js"
	tabModule = "endpoint.wasm"
)

// buildTab bundles the Service Worker.
func (t tree) buildTab(golang goTool) (string, error) {
	print, err := t.fingerprint([]string{golang.version}, "wasm/js", "build/tab.go", "build/bundle.go")
	if err != nil {
		return "", err
	}
	script := tabFolder + "/" + tabScript
	return t.unlessCurrent("tab", print, []string{script}, func() (string, error) {
		files, err := t.bundle(bundle{entries: map[string]string{"endpoint": "wasm/js/tab.ts"}, outdir: tabFolder, minify: true}, golang)
		if err != nil {
			return "", err
		}
		if len(files) != 1 || bytes.Contains(files[tabScript], []byte("\nexport")) {
			return "", errors.New("wasm/js/tab.ts has to come out as one script without imports and exports: not all browsers take modules as Service Workers")
		}
		return "bundled, " + size(len(files[tabScript])), writeFile(t.path(script), files[tabScript])
	})
}

// addTab puts the endpoint in the tab into the static site. The document names
// it, by which the page knows that there is one.
func (t tree) addTab(files map[string][]byte) error {
	var err error
	if files[tabScript], err = os.ReadFile(t.path(tabFolder + "/" + tabScript)); err != nil {
		return err
	}
	if files[tabModule], err = os.ReadFile(t.path(memoryModule)); err != nil {
		return err
	}
	before, after, found := bytes.Cut(files["index.html"], []byte("</head>"))
	if !found {
		return errors.New("index.html has no </head>, before which the endpoint in the tab is named")
	}
	mark := []byte(`<meta name="dsmlkit-endpoint" content="./` + tabScript + "\">\n</head>")
	files["index.html"] = bytes.Join([][]byte{before, mark, after}, nil)
	return nil
}

func (t tree) setUpTab(golang goTool) error {
	unlock, err := t.lock()
	if err != nil {
		return err
	}
	defer unlock()
	return console.step("endpoint in the tab", func() (string, error) { return t.buildTab(golang) })
}
