package main

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"

	"github.com/dsmlkit/dsmlkit/web/gateway"
)

// distEdge writes dist/edge, which wasm/edge/wrangler.jsonc deploys: the Worker,
// and in site the page as its static assets.
func (t tree) distEdge() error {
	return console.step("dist/edge", func() (string, error) {
		files := map[string][]byte{}
		entries, err := os.ReadDir(t.path(edgeFolder))
		if err != nil {
			return "", err
		}
		for _, entry := range entries {
			if files[entry.Name()], err = os.ReadFile(t.path(edgeFolder + "/" + entry.Name())); err != nil {
				return "", err
			}
		}
		if err := t.addAssets(files); err != nil {
			return "", err
		}
		return t.writeDist("dist/edge", files)
	})
}

// addAssets adds the page, and the file by which static assets get the headers
// that the native server sends with it. Compression is the platform's affair.
func (t tree) addAssets(files map[string][]byte) error {
	page, err := t.pageFiles()
	if err != nil {
		return err
	}
	for name, content := range page {
		if gateway.IsPageFile(name) {
			files["site/"+name] = content
		}
	}
	files["site/_headers"] = []byte("/*\n" + pageHeaders())
	return nil
}

// pageHeaders are the headers that the native server sends with every file of
// the page, as lines of _headers. Those that speak of one file it is not asked
// for: static assets have their own.
func pageHeaders() string {
	answer := httptest.NewRecorder()
	gateway.NewSite(nil).ServeHTTP(answer, httptest.NewRequest(http.MethodHead, "/", nil))
	var lines []string
	for name, values := range answer.Header() {
		if name != "Content-Type" { // of the message that there is no such file
			lines = append(lines, fmt.Sprintf("  %s: %s\n", name, strings.Join(values, ", ")))
		}
	}
	slices.Sort(lines)
	return strings.Join(lines, "")
}
