package main

import (
	"strings"
	"testing"
)

func TestTab_SiteNamesItsEndpoint(t *testing.T) {
	checkout := sampleTree(t, map[string]string{".build/tab/endpoint.js": "worker", ".build/edge/tab.wasm": "program"})
	site := map[string][]byte{"index.html": []byte("<html><head>\n<title>x</title>\n</head><body></body></html>")}
	if err := checkout.addTab(site); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(site["index.html"]), "<title>x</title>\n<meta name=\"dsmlkit-endpoint\" content=\"./endpoint.js\">\n</head><body>") {
		t.Errorf("the document does not name the Service Worker:\n%s", site["index.html"])
	}
	if string(site["endpoint.js"]) != "worker" || string(site["endpoint.wasm"]) != "program" {
		t.Errorf("the files of the endpoint are not there: %d files", len(site))
	}
	if err := checkout.addTab(map[string][]byte{"index.html": []byte("<html>")}); err == nil {
		t.Error("a document without a head was taken")
	}
}

func TestTab_NothingBuilt(t *testing.T) {
	if err := sampleTree(t, nil).addTab(map[string][]byte{"index.html": []byte("</head>")}); err == nil {
		t.Error("a site without its endpoint was made")
	}
}
