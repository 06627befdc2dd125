package gateway

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/fstest"
)

func sampleSite(t *testing.T) Site {
	t.Helper()
	site, err := ReadSite(fstest.MapFS{
		"index.html":                 {Data: []byte("<!doctype html><title>page</title>")},
		"page/main.js":               {Data: []byte("export {};")},
		"page/main.js.gz":            {Data: []byte("zip")},
		"page/main.js.br":            {Data: []byte("br")},
		"page/dsmlkit.wasm":          {Data: []byte("\x00asm")},
		"page/notes.unknown-ending":  {Data: []byte("not for the web")},
		"page/deeper/chunk-ABCD.css": {Data: []byte("a{}")},
	})
	if err != nil {
		t.Fatal(err)
	}
	return site
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

func TestSite_MediaTypesAndPolicy(t *testing.T) {
	page := sampleSite(t)
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

func TestSite_NothingElseIsServed(t *testing.T) {
	page := sampleSite(t)
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

func TestSite_ContentCoding(t *testing.T) {
	page := sampleSite(t)
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

func TestSite_Revalidation(t *testing.T) {
	page := sampleSite(t)
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
