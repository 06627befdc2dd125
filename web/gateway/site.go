package gateway

import (
	"crypto/sha256"
	"encoding/base64"
	"io/fs"
	"net/http"
	"path"
	"strconv"
	"strings"
)

// PagePolicy is what the page may load and reach, as a Content-Security-Policy.
// Scripts, styles, workers and fonts come from its own origin, and nothing is
// inline. Any endpoint may be talked to, because that is what the page is for;
// pictures may come from entries (binary photos become blob: or data: URLs).
// It is the part that a meta element may say; as a header, frame-ancestors
// comes to it.
const PagePolicy = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self' data: blob:; " +
	"font-src 'self'; connect-src 'self' http: https:; worker-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'"

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

// IsPageFile tells by its name whether a file is one that the page serves.
func IsPageFile(name string) bool { return mediaTypes[path.Ext(name)] != "" }

// compressed are the endings of compressed twins and their content codings.
var compressed = map[string]string{".gz": "gzip", ".br": "br"}

// asset is a file in memory, as it is and compressed.
type asset struct {
	mediaType string
	etag      string
	content   map[string][]byte // by content coding; "" is the file as it is
}

// Site serves the page. It is read once: a running server gives the same page
// until it is started again, whatever is built meanwhile.
type Site map[string]*asset

// NewSite takes files by their paths: index.html, page/main.js. A file beside
// another with .gz or .br behind its name is its compressed twin.
func NewSite(files map[string][]byte) Site {
	site := Site{}
	for name, content := range files {
		if !IsPageFile(name) {
			continue
		}
		sum := sha256.Sum256(content)
		a := &asset{
			mediaType: mediaTypes[path.Ext(name)],
			etag:      base64.RawURLEncoding.EncodeToString(sum[:12]),
			content:   map[string][]byte{"": content},
		}
		for ending, coding := range compressed {
			if packed, found := files[name+ending]; found && len(packed) < len(content) {
				a.content[coding] = packed
			}
		}
		site["/"+name] = a
		if name == "index.html" {
			site["/"] = a
		}
	}
	return site
}

// ReadSite takes the files of a file system, such as one that is embedded.
func ReadSite(files fs.FS) (Site, error) {
	content := map[string][]byte{}
	err := fs.WalkDir(files, ".", func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content[name], err = fs.ReadFile(files, name)
		return err
	})
	return NewSite(content), err
}

// ServeHTTP gives a file, compressed where the client takes it so.
func (site Site) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	h := w.Header()
	h.Set("Content-Security-Policy", PagePolicy+"; frame-ancestors 'none'")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	a := site[r.URL.Path]
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
		_, _ = w.Write(content) // who has gone needs no page
	}
}

// chooseCoding takes the smallest representation that the client accepts.
func chooseCoding(accept string, have map[string][]byte) string {
	best := ""
	for part := range strings.SplitSeq(accept, ",") {
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
	for one := range strings.SplitSeq(header, ",") {
		one = strings.TrimSpace(one)
		if one == "*" || strings.TrimPrefix(one, "W/") == tag {
			return true
		}
	}
	return false
}
