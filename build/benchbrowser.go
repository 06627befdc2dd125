package main

import (
	"context"
	"fmt"
	"maps"
	"net"
	"net/http"
	"path"
	"slices"
)

// browserSide serves what parsers in Chromium need: the package, the peers in a
// bundle, the documents.
type browserSide struct {
	tree
	program string // of the browser
	address string // ends with a slash
	server  *http.Server
}

// startBrowserSide serves the parsers that are measured in browsers, and others
// that are asked for.
func (b *bench) startBrowserSide(ctx context.Context, others ...xmlParser) (*browserSide, error) {
	program, err := chromium.find()
	if err != nil {
		return nil, err
	}
	golang, err := b.goTool(ctx)
	if err != nil {
		return nil, err
	}
	entries := map[string]string{"page": "build/bench/page.mjs"}
	for _, p := range append(others, parsers...) {
		if p.browser || slices.Contains(others, p) {
			entries["peers/"+p.module] = "build/bench/peers/" + p.module + ".mjs"
		}
	}
	scripts, err := b.bundle(bundle{entries: entries, outdir: b.scratch + "/browser", minify: true}, golang)
	if err != nil {
		return nil, err
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	served := map[string][]byte{
		"empty.html": []byte("<!doctype html><meta charset=utf-8>\n"),
		"page.html":  []byte("<!doctype html><meta charset=utf-8><script type=module src=page.js></script>\n"),
	}
	maps.Copy(served, scripts)
	mux := http.NewServeMux()
	mux.Handle("/dsmlkit/", http.StripPrefix("/dsmlkit/", http.FileServer(http.Dir(b.path(b.packageFolder())))))
	mux.Handle("/"+b.scratch+"/", http.FileServer(http.Dir(b.root)))
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		content, found := served[r.URL.Path[1:]]
		if !found {
			http.NotFound(w, r)
			return
		}
		if path.Ext(r.URL.Path) == ".js" {
			w.Header().Set("Content-Type", "text/javascript")
		}
		w.Write(content)
	})
	s := &browserSide{b.tree, program, fmt.Sprintf("http://%s/", listener.Addr()), &http.Server{Handler: mux}}
	go s.server.Serve(listener)
	return s, nil
}

// open starts a browser of its own for each parser.
func (s *browserSide) open(ctx context.Context, p xmlParser, data string) (*worker, error) {
	return s.startWorker(ctx, p.name+" in Chromium", []string{"CHROMIUM=" + s.program}, "chromium.mjs", s.address, p.module, data)
}

func (s *browserSide) stop() { s.server.Close() }
