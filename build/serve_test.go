package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/dsmlkit/dsmlkit/web/gateway"
)

// What the server does is tested where it is made, in web/gateway. Here: that
// serve has it, with the page of the checkout.
func TestServe_PageAndEndpoint(t *testing.T) {
	checkout := sampleTree(t, map[string]string{
		"index.html":          "<!doctype html><title>page</title>",
		".build/page/main.js": "export {};",
	})
	old := console
	console = &progress{out: io.Discard}
	t.Cleanup(func() { console = old })
	config, err := gateway.Configure(gateway.Program{Name: "serve", Out: io.Discard}, []string{"--listen", "127.0.0.1:0", "--session-ttl", "1m"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	server, err := gateway.Open(t.Context(), config, io.Discard)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- checkout.serveOn(ctx, server) }()
	for _, c := range []struct{ method, path, body, want string }{
		{"GET", "", "", "<title>page</title>"},
		{"GET", "page/main.js", "", "export {};"},
		{"POST", "dsml", `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core"/></s:Body></s:Envelope>`, "<batchResponse"},
	} {
		r, err := http.NewRequestWithContext(t.Context(), c.method, server.URL()+c.path, strings.NewReader(c.body))
		if err != nil {
			t.Fatal(err)
		}
		answer, err := http.DefaultClient.Do(r)
		if err != nil {
			t.Fatal(err)
		}
		text, err := io.ReadAll(answer.Body)
		answer.Body.Close()
		if err != nil || answer.StatusCode != http.StatusOK || !strings.Contains(string(text), c.want) {
			t.Errorf("%s /%s: %d %s, %v", c.method, c.path, answer.StatusCode, text, err)
		}
	}
	cancel()
	if err := <-ended; err != nil {
		t.Errorf("stopped: %v", err)
	}
}
