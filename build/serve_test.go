package main

import (
	"context"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

const sessionHeader = `<ad:BeginSession xmlns:ad="urn:schema-microsoft-com:activedirectory:dsmlv2" s:mustUnderstand="1"/>`

// served starts a server as serve does after its build.
func served(t *testing.T, s serving) (url string, stop func() error) {
	t.Helper()
	checkout := sampleTree(t, map[string]string{"index.html": "<!doctype html><title>page</title>"})
	listener, err := listen("127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	old := console
	console = &progress{out: io.Discard}
	t.Cleanup(func() { console = old })
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- checkout.serveOn(ctx, listener, s) }()
	stop = func() error {
		cancel()
		return <-ended
	}
	t.Cleanup(cancel)
	return webAddress(listener.Addr()), stop
}

func begin(t *testing.T, url string, header ...string) (status int, body string, answer http.Header) {
	t.Helper()
	text := `<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Header>` + sessionHeader +
		`</s:Header><s:Body><batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core"/></s:Body></s:Envelope>`
	r, err := http.NewRequest("POST", url+"dsml", strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "text/xml")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	content, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return response.StatusCode, string(content), response.Header
}

func TestServe_PageAndEndpoint(t *testing.T) {
	url, stop := served(t, serving{sessionTTL: time.Minute, sessionsMax: 100, sessionsMaxPerClient: 2, allowOrigins: list{"https://tool.example"}})
	page, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	page.Body.Close()
	if page.StatusCode != http.StatusOK || page.Header.Get("Content-Security-Policy") == "" {
		t.Errorf("the page: %d, policy %q", page.StatusCode, page.Header.Get("Content-Security-Policy"))
	}
	for i := range 2 {
		if status, body, _ := begin(t, url); status != http.StatusOK || !strings.Contains(body, "SessionID") {
			t.Errorf("session %d: %d %s", i+1, status, body)
		}
	}
	if _, body, _ := begin(t, url); !strings.Contains(body, "Fault") {
		t.Errorf("a session above --sessions-max-per-client is not refused: %s", body)
	}
	_, _, answer := begin(t, url, "Origin", "https://tool.example")
	if answer.Get("Access-Control-Allow-Origin") != "https://tool.example" {
		t.Errorf("an origin of --allow-origin gets Access-Control-Allow-Origin %q", answer.Get("Access-Control-Allow-Origin"))
	}
	_, _, answer = begin(t, url, "Origin", "https://other.example")
	if answer.Get("Access-Control-Allow-Origin") != "" {
		t.Errorf("another origin gets Access-Control-Allow-Origin %q", answer.Get("Access-Control-Allow-Origin"))
	}
	if err := stop(); err != nil {
		t.Errorf("stopped: %v", err)
	}
}

func TestServe_SessionLimitInTotal(t *testing.T) {
	url, stop := served(t, serving{sessionTTL: time.Minute, sessionsMax: 1, sessionsMaxPerClient: -1})
	defer stop()
	if _, body, _ := begin(t, url); !strings.Contains(body, "SessionID") {
		t.Fatalf("the first session: %s", body)
	}
	if _, body, _ := begin(t, url); !strings.Contains(body, "Fault") {
		t.Errorf("a session above --sessions-max is not refused: %s", body)
	}
}
