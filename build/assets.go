package main

import (
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"io/fs"
	"net/http"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"strings"
)

// mediaTypes names the types that must be right whatever the system's own
// tables say: a module script and WebAssembly are refused under another name.
var mediaTypes = map[string]string{
	".html":        "text/html; charset=utf-8",
	".js":          "text/javascript; charset=utf-8",
	".css":         "text/css; charset=utf-8",
	".wasm":        "application/wasm",
	".map":         "application/json",
	".json":        "application/json",
	".svg":         "image/svg+xml",
	".png":         "image/png",
	".ico":         "image/x-icon",
	".webmanifest": "application/manifest+json",
}

// asset is a file in memory, as it is and compressed.
type asset struct {
	mediaType string
	etag      string
	content   map[string][]byte // by content coding; "" is the file as it is
}

// assets serves the page. It is read once: a running server gives the same
// page until it is started again, whatever is built meanwhile.
type assets map[string]*asset

func (t tree) loadAssets() (assets, error) {
	files := assets{}
	index, err := os.ReadFile(t.path("index.html"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if err == nil {
		files.add("/", ".html", index)
	}
	top := t.path(pageFolder)
	err = filepath.WalkDir(top, func(file string, entry fs.DirEntry, err error) error {
		if errors.Is(err, fs.ErrNotExist) {
			return nil
		}
		if err != nil || entry.IsDir() || mediaTypes[path.Ext(file)] == "" {
			return err
		}
		content, err := os.ReadFile(file)
		if err != nil {
			return err
		}
		name, err := filepath.Rel(top, file)
		if err != nil {
			return err
		}
		a := files.add("/page/"+filepath.ToSlash(name), path.Ext(file), content)
		for coding, ending := range map[string]string{"gzip": ".gz", "br": ".br"} {
			if packed, err := os.ReadFile(file + ending); err == nil && len(packed) < len(content) {
				a.content[coding] = packed
			}
		}
		return nil
	})
	return files, err
}

func (files assets) add(url, ending string, content []byte) *asset {
	sum := sha256.Sum256(content)
	a := &asset{
		mediaType: mediaTypes[ending],
		etag:      base64.RawURLEncoding.EncodeToString(sum[:12]),
		content:   map[string][]byte{"": content},
	}
	files[url] = a
	if url == "/" {
		files["/index.html"] = a
	}
	return a
}

func (files assets) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", headerPolicy())
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	a := files[r.URL.Path]
	switch {
	case a == nil:
		http.Error(w, "There is nothing at "+r.URL.Path+".", http.StatusNotFound)
		return
	case r.Method != http.MethodGet && r.Method != http.MethodHead:
		h.Set("Allow", "GET, HEAD")
		http.Error(w, "The page can only be read.", http.StatusMethodNotAllowed)
		return
	}
	coding := chooseCoding(r.Header.Get("Accept-Encoding"), a.content)
	// A compressed representation is another sequence of bytes and needs a tag
	// of its own.
	tag := `"` + a.etag + coding + `"`
	h.Set("ETag", tag)
	h.Set("Vary", "Accept-Encoding")
	// Names do not change with their content, so a browser may keep the files
	// but asks each time whether they still stand.
	h.Set("Cache-Control", "no-cache")
	if matches(r.Header.Get("If-None-Match"), tag) {
		w.WriteHeader(http.StatusNotModified)
		return
	}
	content := a.content[coding]
	h.Set("Content-Type", a.mediaType)
	h.Set("Content-Length", strconv.Itoa(len(content)))
	if coding != "" {
		h.Set("Content-Encoding", coding)
	}
	if r.Method == http.MethodGet {
		w.Write(content)
	}
}

// chooseCoding takes the smallest representation that the client accepts.
func chooseCoding(accept string, have map[string][]byte) string {
	best := ""
	for _, part := range strings.Split(accept, ",") {
		coding, weight, _ := strings.Cut(part, ";")
		coding = strings.ToLower(strings.TrimSpace(coding))
		if refused(weight) || have[coding] == nil {
			continue
		}
		if len(have[coding]) < len(have[best]) {
			best = coding
		}
	}
	return best
}

// refused tells whether the weight of a content coding is zero.
func refused(weight string) bool {
	value, found := strings.CutPrefix(strings.ReplaceAll(weight, " ", ""), "q=")
	q, err := strconv.ParseFloat(value, 64)
	return found && err == nil && q == 0
}

// matches tells whether If-None-Match names the tag; weak and strong tags are
// the same to it.
func matches(header, tag string) bool {
	for _, one := range strings.Split(header, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == tag {
			return true
		}
	}
	return false
}
