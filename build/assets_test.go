package main

import (
	"net/http"
	"net/http/httptest"
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

func loadSample(t *testing.T) assets {
	t.Helper()
	page, err := sampleTree(t, map[string]string{
		"index.html":                        "<!doctype html><title>page</title>",
		".build/page/main.js":               "export {};",
		".build/page/main.js.gz":            "zip",
		".build/page/main.js.br":            "br",
		".build/page/dsmlkit.wasm":          "\x00asm",
		".build/page/notes.unknown-ending":  "not for the web",
		".build/page/deeper/chunk-ABCD.css": "a{}",
	}).loadAssets()
	if err != nil {
		t.Fatal(err)
	}
	return page
}

func ask(h http.Handler, method, target string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, nil)
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

func TestAssets_MediaTypesAndPolicy(t *testing.T) {
	page := loadSample(t)
	for target, mediaType := range map[string]string{
		"/":                           "text/html; charset=utf-8",
		"/index.html":                 "text/html; charset=utf-8",
		"/page/main.js":               "text/javascript; charset=utf-8",
		"/page/dsmlkit.wasm":          "application/wasm",
		"/page/deeper/chunk-ABCD.css": "text/css; charset=utf-8",
	} {
		w := ask(page, "GET", target)
		if w.Code != http.StatusOK || w.Header().Get("Content-Type") != mediaType {
			t.Errorf("GET %s: %d %s, want 200 %s", target, w.Code, w.Header().Get("Content-Type"), mediaType)
		}
		policy := w.Header().Get("Content-Security-Policy")
		if !strings.Contains(policy, "default-src 'none'") || strings.Contains(policy, "unsafe-inline") {
			t.Errorf("GET %s: policy %q", target, policy)
		}
	}
}

func TestAssets_NothingElseIsServed(t *testing.T) {
	page := loadSample(t)
	for _, target := range []string{"/page/notes.unknown-ending", "/page/main.js.gz", "/page/../go.mod", "/page/", "/nothing"} {
		if w := ask(page, "GET", target); w.Code != http.StatusNotFound {
			t.Errorf("GET %s: %d, want 404", target, w.Code)
		}
	}
	w := ask(page, "POST", "/")
	if w.Code != http.StatusMethodNotAllowed || w.Header().Get("Allow") != "GET, HEAD" {
		t.Errorf("POST /: %d, Allow %q", w.Code, w.Header().Get("Allow"))
	}
}

func TestAssets_ContentCoding(t *testing.T) {
	page := loadSample(t)
	for _, c := range []struct{ accept, coding, body string }{
		{"", "", "export {};"},
		{"gzip", "gzip", "zip"},
		{"gzip, deflate, br, zstd", "br", "br"},
		{"br;q=0, GZIP;q=0.5", "gzip", "zip"},
		{"identity", "", "export {};"},
		{"gzip; q=0.0", "", "export {};"},
	} {
		w := ask(page, "GET", "/page/main.js", "Accept-Encoding", c.accept)
		if w.Header().Get("Content-Encoding") != c.coding || w.Body.String() != c.body {
			t.Errorf("Accept-Encoding %q: %q %q, want %q %q", c.accept, w.Header().Get("Content-Encoding"), w.Body, c.coding, c.body)
		}
		if w.Header().Get("Vary") != "Accept-Encoding" {
			t.Errorf("Accept-Encoding %q: Vary %q", c.accept, w.Header().Get("Vary"))
		}
	}
}

func TestAssets_Revalidation(t *testing.T) {
	page := loadSample(t)
	plain := ask(page, "GET", "/page/main.js").Header().Get("ETag")
	packed := ask(page, "GET", "/page/main.js", "Accept-Encoding", "br").Header().Get("ETag")
	if plain == "" || plain == packed {
		t.Fatalf("tags %q and %q: each representation needs its own", plain, packed)
	}
	for _, known := range []string{packed, "W/" + packed, `"other", ` + packed, "*"} {
		w := ask(page, "GET", "/page/main.js", "Accept-Encoding", "br", "If-None-Match", known)
		if w.Code != http.StatusNotModified || w.Body.Len() != 0 {
			t.Errorf("If-None-Match %s: %d with %d bytes, want 304 with none", known, w.Code, w.Body.Len())
		}
	}
	if w := ask(page, "GET", "/page/main.js", "Accept-Encoding", "br", "If-None-Match", plain); w.Code != http.StatusOK {
		t.Errorf("the tag of another representation: %d, want 200", w.Code)
	}
	if w := ask(page, "HEAD", "/page/main.js"); w.Code != http.StatusOK || w.Body.Len() != 0 || w.Header().Get("Content-Length") != "10" {
		t.Errorf("HEAD: %d, %d bytes, Content-Length %s", w.Code, w.Body.Len(), w.Header().Get("Content-Length"))
	}
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
