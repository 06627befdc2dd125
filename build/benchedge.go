package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	openldap "github.com/dsmlkit/dsmlkit/web/directory/slapd"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
	"github.com/dsmlkit/dsmlkit/xml/ldif"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

const (
	stockWorker = "syumai/workers, stock"
	emptyWorker = "empty Worker"

	edgeRounds   = 5
	edgeTime     = 1500 * time.Millisecond // of one round of one Worker
	edgeClients  = 8                       // of throughput, each with a session of its own
	edgeBegins   = 20                      // sessions whose first request is timed
	edgeSessions = 40                      // more, for what each takes in memory

	edgeSuffix  = "dc=example,dc=org" // of the sample directory
	stockFolder = "build/bench/stock"
	stockEntry  = stockFolder + "/entry.ldif"
)

// edgeWorkers are the services of build/bench/edge/config.capnp.
var edgeWorkers = []string{"edge", "memory", "routing", "stock", "empty"}

// edge measures requests in sessions of the Worker, on an LDAP server and on its
// directory in memory, beside the same batch in a Worker with a Go program for
// each request, which has its directory in memory, too, and beside a Worker that
// does nothing. All of them are in one workerd, which runs one request at a time.
func (b *bench) edge(ctx context.Context) error {
	if err := b.need(ctx, slapd); err != nil {
		return err
	}
	golang, err := b.goTool(ctx)
	if err != nil {
		return err
	}
	if err := b.setUpEdge(ctx, golang); err != nil {
		return err
	}
	var e *edgeBench
	err = console.step("edge, workerd", func() (note string, err error) {
		e, err = b.startEdge(ctx)
		return "started", err
	})
	if err != nil {
		return err
	}
	defer e.stop()
	for _, part := range []struct {
		name string
		run  func(context.Context) error
	}{{"equal", e.equal}, {"session", e.session}, {"routing", e.routing}, {"begin", e.begins}, {"memory", e.memory}} {
		err := console.step("edge/"+part.name, func() (string, error) { return "measured", part.run(ctx) })
		if err != nil {
			return fmt.Errorf("%w\n%s", err, strings.TrimSpace(e.said.String()))
		}
	}
	return nil
}

// edgeBench is a runtime of Workers with all of them, before an LDAP server.
type edgeBench struct {
	*bench
	server  *openldap.Server
	workerd *exec.Cmd
	said    bytes.Buffer
	urls    map[string]string // of the endpoint of each Worker
	http    *http.Client
	entry   *dsml.SearchResultEntry // that is asked for
}

func (b *bench) startEdge(ctx context.Context) (e *edgeBench, err error) {
	e = &edgeBench{bench: b, urls: map[string]string{}, http: &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 1000, DisableCompression: true}}}
	text, err := os.ReadFile(b.path(stockEntry))
	if err != nil {
		return nil, err
	}
	file, err := ldif.Parse(text, ldif.Options{})
	if err != nil {
		return nil, err
	}
	e.entry = file.Entries[0]
	folder := b.path(b.scratch + "/edge")
	for _, name := range []string{"slapd", "workerd"} {
		if err := os.MkdirAll(filepath.Join(folder, name), 0o700); err != nil {
			return nil, err
		}
	}
	root := "dn: " + edgeSuffix + "\nobjectClass: domain\ndc: example\n\n"
	e.server, err = openldap.Run(filepath.Join(folder, "slapd"), openldap.Options{Suffixes: []string{edgeSuffix}, LDIF: append([]byte(root), text...)})
	if err != nil {
		return nil, err
	}
	if err := e.startWorkers(ctx, filepath.Join(folder, "workerd")); err != nil {
		e.stop()
		return nil, err
	}
	return e, nil
}

func (e *edgeBench) startWorkers(ctx context.Context, folder string) error {
	if _, err := e.copyWorker(folder); err != nil {
		return err
	}
	if err := os.CopyFS(folder, os.DirFS(e.path("build/bench/edge"))); err != nil {
		return err
	}
	if err := e.buildStock(ctx, filepath.Join(folder, "stock")); err != nil {
		return err
	}
	described, err := e.readWrangler()
	if err != nil {
		return err
	}
	known := []string{"$date", described.CompatibilityDate, "$flags", capnpTexts(described.CompatibilityFlags), "$directory", e.server.URL}
	for _, name := range edgeWorkers {
		address, err := freeAddress("127.0.0.1:0")
		if err != nil {
			return err
		}
		known = append(known, "$"+name, address)
		e.urls[name] = "http://" + address + "/dsml"
	}
	config := filepath.Join(folder, "config.capnp")
	text, err := os.ReadFile(config)
	if err != nil {
		return err
	}
	if err := os.WriteFile(config, []byte(strings.NewReplacer(known...).Replace(string(text))), 0o600); err != nil {
		return err
	}
	program, err := e.tool("node", "--print", "require('workerd').default").output(ctx)
	if err != nil {
		return err
	}
	cmd := e.tool(strings.TrimSpace(program), "serve", config).command(ctx)
	cmd.Dir = folder
	cmd.Stdout, cmd.Stderr = &e.said, &e.said
	if err := cmd.Start(); err != nil {
		return err
	}
	e.workerd = cmd
	return e.listening(ctx)
}

func (e *edgeBench) listening(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	for _, name := range edgeWorkers {
		address := strings.TrimSuffix(strings.TrimPrefix(e.urls[name], "http://"), "/dsml")
		for {
			c, err := new(net.Dialer).DialContext(ctx, "tcp", address)
			if err == nil {
				c.Close()
				break
			}
			if ctx.Err() != nil {
				return errors.Join(fmt.Errorf("workerd does not listen: %s", strings.TrimSpace(e.said.String())), err)
			}
			time.Sleep(20 * time.Millisecond)
		}
	}
	return nil
}

// buildStock does what the templates of syumai/workers do.
func (e *edgeBench) buildStock(ctx context.Context, folder string) error {
	err := e.tool("go", "run", "github.com/syumai/workers/cmd/workers-assets-gen", "-mode=go", "-o", folder).run(ctx)
	if err != nil {
		return err
	}
	return e.tool("go", "build", "-ldflags", "-s -w", "-o", filepath.Join(folder, "app.wasm"), "./"+stockFolder).with("GOOS=js", "GOARCH=wasm").run(ctx)
}

func (e *edgeBench) stop() {
	e.http.CloseIdleConnections()
	if e.workerd != nil {
		_ = e.workerd.Process.Kill() // it has nothing to lose
		_ = e.workerd.Wait()         // tells of the signal
	}
	e.server.Stop()
}

const edgeEnvelope = `<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Header>%s</soap:Header>` +
	`<soap:Body><batchRequest xmlns="urn:oasis:names:tc:DSML:2:0:core">` +
	`<searchRequest dn="%s" scope="baseObject" derefAliases="neverDerefAliases"><filter><present name="objectClass"/></filter>` +
	`<attributes><attribute name="cn"/><attribute name="mail"/><attribute name="description"/></attributes></searchRequest>` +
	`</batchRequest></soap:Body></soap:Envelope>`

// edgeMessage asks for the one entry, in the session with that id; "" is none,
// "new" begins one.
func (e *edgeBench) edgeMessage(id string) []byte {
	const space = `xmlns:ad="urn:schema-microsoft-com:activedirectory:dsmlv2" soap:mustUnderstand="1"`
	header := ""
	switch id {
	case "":
	case "new":
		header = "<ad:BeginSession " + space + "/>"
	default:
		header = "<ad:Session " + space + ` ad:SessionID="` + id + `"/>`
	}
	return fmt.Appendf(nil, edgeEnvelope, header, e.entry.DN)
}

// addEntry puts the one entry into the directory in memory.
func (e *edgeBench) addEntry(ctx context.Context) error {
	text, err := dsml.Marshal(&dsml.BatchRequest{Requests: []dsml.Request{&dsml.AddRequest{DN: e.entry.DN, Attrs: e.entry.Attrs}}}, dsml.WriteOptions{Envelope: soap.V11})
	if err != nil {
		return err
	}
	_, err = e.post(ctx, "memory", text)
	return err
}

// post sends a message to a Worker.
func (e *edgeBench) post(ctx context.Context, worker string, message []byte) ([]byte, error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, e.urls[worker], bytes.NewReader(message))
	if err != nil {
		return nil, err
	}
	request.Header.Set("Content-Type", "text/xml; charset=utf-8")
	response, err := e.http.Do(request)
	if err != nil {
		return nil, err
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err == nil && response.StatusCode != http.StatusOK {
		err = fmt.Errorf("the Worker %q answers %s: %.300s", worker, response.Status, text)
	}
	return text, err
}

var sessionIDAttribute = regexp.MustCompile(`SessionID="([^"]+)"`)

// open begins a session at a Worker and gives its id.
func (e *edgeBench) open(ctx context.Context, worker string) (string, error) {
	text, err := e.post(ctx, worker, e.edgeMessage("new"))
	if err != nil {
		return "", err
	}
	found := sessionIDAttribute.FindSubmatch(text)
	if found == nil || !foundOne(text) {
		return "", fmt.Errorf("a session that begins: %.500s", text)
	}
	return string(found[1]), nil
}

// foundOne tells whether an answer has one entry and success.
func foundOne(text []byte) bool {
	return bytes.Count(text, []byte("<searchResultEntry ")) == 1 && bytes.Contains(text, []byte(`<resultCode code="0"`))
}
