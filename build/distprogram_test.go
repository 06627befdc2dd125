package main

import (
	"slices"
	"strings"
	"testing"
)

// The compiler is asked what it would put into the program: compiling it takes
// longer than this test may.
func TestDistProgram_HasThePageInside(t *testing.T) {
	built := sampleTree(t, map[string]string{
		"index.html":                   "<!doctype html>",
		".build/page/main.js":          "export {};",
		".build/page/main.js.br":       "br",
		".build/page/main.js.map":      "{}",
		".build/page/deeper/chunk.css": "a{}",
	})
	checkout, err := findTree()
	if err != nil {
		t.Fatal(err)
	}
	overlay, err := built.pageOverlay(checkout.path(programSite))
	if err != nil {
		t.Fatal(err)
	}
	embedded := func(args ...string) []string {
		out, err := checkout.tool("go", append(append([]string{"list"}, args...), "-f", `{{join .EmbedFiles "\n"}}`, "./"+programFolder)...).output(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		return strings.Fields(out)
	}
	if got, want := embedded("-overlay", overlay), []string{"site/index.html", "site/page/deeper/chunk.css", "site/page/main.js", "site/page/main.js.br"}; !slices.Equal(got, want) {
		t.Errorf("with the page: %q, want %q", got, want)
	}
	// A plain `go build` has what tells where the page is to be had.
	if got := embedded(); !slices.Equal(got, []string{"site/index.html"}) {
		t.Errorf("without: %q", got)
	}
}

func TestVersion(t *testing.T) {
	if v := version(); strings.Count(v, ".") != 2 {
		t.Errorf("the version is %q", v)
	}
}
