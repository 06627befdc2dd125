package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// sampleTree is a checkout with a built page, as small as can be.
func sampleTree(t *testing.T, files map[string]string) tree {
	t.Helper()
	dir := t.TempDir()
	for name, content := range files {
		if err := writeFile(filepath.Join(dir, filepath.FromSlash(name)), []byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	return tree{dir}
}

func TestSite_PolicyStandsInTheDocument(t *testing.T) {
	site, err := sampleTree(t, map[string]string{
		"index.html":             "<!doctype html>\n<meta charset=\"utf-8\">\n<script type=\"module\" src=\"./page/main.js\"></script>",
		".build/page/main.js":    "export {};",
		".build/page/main.js.gz": "zip",
	}).site()
	if err != nil {
		t.Fatal(err)
	}
	index := string(site["index.html"])
	policy := strings.Index(index, `<meta http-equiv="Content-Security-Policy" content="default-src 'none'`)
	if policy < 0 || policy > strings.Index(index, "<script") {
		t.Errorf("the policy must come before the first script:\n%s", index)
	}
	if strings.Contains(index, "frame-ancestors") {
		t.Error("frame-ancestors is not allowed in a meta element")
	}
	if len(site) != 2 || site["page/main.js"] == nil {
		t.Errorf("%d files, want index.html and page/main.js", len(site))
	}
}

func TestSite_RefusesADocumentWithoutAPlaceForThePolicy(t *testing.T) {
	for name, index := range map[string]string{
		"no charset":   "<!doctype html>",
		"a policy own": `<meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="default-src *">`,
	} {
		if _, err := withMetaPolicy([]byte(index)); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestReplaceFolder_LeavesNothingOld(t *testing.T) {
	checkout := sampleTree(t, map[string]string{"out/old.js": "old", "out/sub/old.css": "old"})
	script := strings.Repeat("export const answer = 42;\n", 100)
	if err := checkout.replaceFolder(t.Context(), "out", map[string][]byte{"main.js": []byte(script), "small.js": []byte("1")}); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]bool{
		"main.js": true, "main.js.gz": true, "main.js.br": true, "small.js": true,
		"small.js.gz": false, "old.js": false, "sub/old.css": false,
	} {
		if _, err := os.Stat(checkout.path("out/" + name)); (err == nil) != want {
			t.Errorf("%s: there %v, want %v", name, err == nil, want)
		}
	}
}
