package main

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/dsmlkit/dsmlkit/web/gateway"
)

// notAtTheEdge are the settings of the native server that a Worker does not have:
// the platform sees to these things, or its program does not know them.
var notAtTheEdge = []string{
	"DSMLKIT_LDIF", "DSMLKIT_ENDPOINT", "DSMLKIT_HOST", "DSMLKIT_TRUSTED_PROXY", "DSMLKIT_TLS_CERT", "DSMLKIT_TLS_KEY", "DSMLKIT_SHUTDOWN_PATIENCE",
	"DSMLKIT_ADMIN_LISTEN", "DSMLKIT_LOG_FORMAT", "DSMLKIT_MAX_CONCURRENT", "DSMLKIT_RELAY_CA", "DSMLKIT_RELAY_NETWORK",
	"DSMLKIT_RELAY_MAX_ANSWER",
}

// byContent are the settings that name a file here and hold its text in a Worker,
// which has no files.
var byContent = []string{"DSMLKIT_LDAP_CA"}

// edgePrefix begins the names of settings that only a Worker has.
const edgePrefix = "DSMLKIT_EDGE_"

// edgeVariables makes the variables of the Worker from the settings and from the
// environment of this command.
func edgeVariables(settings map[string]string, environ []string) (map[string]string, error) {
	variables := map[string]string{}
	for name, value := range settings {
		switch {
		case name == "DSMLKIT_LISTEN": // where workerd listens
		case slices.Contains(notAtTheEdge, name):
			option := strings.ToLower(strings.ReplaceAll(strings.TrimPrefix(name, "DSMLKIT_"), "_", "-"))
			return nil, &usageError{fmt.Sprintf("serve: the edge has no --%s; wasm/edge/README.md tells why", option)}
		case slices.Contains(byContent, name):
			content, err := os.ReadFile(value)
			if err != nil {
				return nil, err
			}
			variables[name] = string(content)
		default:
			variables[name] = value
		}
	}
	for _, variable := range environ {
		if name, value, _ := strings.Cut(variable, "="); strings.HasPrefix(name, edgePrefix) {
			variables[name] = value
		}
	}
	return variables, nil
}

// serveEdge runs the Worker on this machine, as wranglerFile describes it. Its
// page comes from a server of this command, which stands in for the static
// assets of a deployment.
func (t tree) serveEdge(ctx context.Context, c *gateway.Config) error {
	variables, err := edgeVariables(c.Variables(), os.Environ())
	if err != nil {
		return err
	}
	described, err := t.readWrangler()
	if err != nil {
		return err
	}
	listen, err := freeAddress(c.Listen)
	if err != nil {
		return err
	}
	if err := t.setUp(ctx, true); err != nil {
		return err
	}
	golang, err := t.goTool(ctx)
	if err != nil {
		return err
	}
	if err := t.setUpEdge(ctx, golang); err != nil {
		return err
	}
	page, err := t.servePage()
	if err != nil {
		return err
	}
	defer page.Close()
	folder, err := os.MkdirTemp(t.path(".build"), "workerd-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	modules, err := t.copyWorker(folder)
	if err != nil {
		return err
	}
	setup := workerdSetup{modules: modules, listen: listen, site: page.Addr, storage: "objects", variables: variables}
	// Variables may be secrets: the folder is for this user alone.
	if err := os.WriteFile(filepath.Join(folder, "config.capnp"), []byte(described.workerd(setup)), 0o600); err != nil {
		return err
	}
	return t.runWorkerd(ctx, folder, listen)
}

// freeAddress takes the address for a moment, to learn whether it can be had,
// and which port it is where any will do.
func freeAddress(address string) (string, error) {
	l, err := net.Listen("tcp", address)
	if err != nil {
		return "", fmt.Errorf("cannot listen on %s; choose another address with --listen 127.0.0.1:PORT (0 takes a free one): %w", address, err)
	}
	return l.Addr().String(), l.Close()
}

// servePage serves the page as it is built now, on a port of its own.
func (t tree) servePage() (*http.Server, error) {
	files, err := t.pageFiles()
	if err != nil {
		return nil, err
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	server := &http.Server{Addr: l.Addr().String(), Handler: gateway.NewSite(files), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = server.Serve(l) }() // ends with Close
	return server, nil
}

// copyWorker copies what was built beside the configuration, which names files
// relative to itself; an older build cannot change what runs.
func (t tree) copyWorker(folder string) ([]string, error) {
	entries, err := os.ReadDir(t.path(edgeFolder))
	if err != nil {
		return nil, err
	}
	modules := []string{"worker.js"}
	for _, entry := range entries {
		name := entry.Name()
		content, err := os.ReadFile(t.path(edgeFolder + "/" + name))
		if err != nil {
			return nil, err
		}
		if err := os.WriteFile(filepath.Join(folder, name), content, 0o600); err != nil {
			return nil, err
		}
		if name != "worker.js" && (strings.HasSuffix(name, ".js") || strings.HasSuffix(name, ".wasm")) {
			modules = append(modules, name)
		}
	}
	return modules, os.Mkdir(filepath.Join(folder, "objects"), 0o700)
}

// runWorkerd runs it until it ends or is told to.
func (t tree) runWorkerd(ctx context.Context, folder, listen string) error {
	program, err := t.tool("node", "--print", "require('workerd').default").output(ctx)
	if err != nil {
		return err
	}
	workerd := t.tool(strings.TrimSpace(program), "serve", filepath.Join(folder, "config.capnp"))
	workerd.dir = folder
	cmd := workerd.command(ctx)
	cmd.Stdout, cmd.Stderr = os.Stderr, os.Stderr
	if err := cmd.Start(); err != nil {
		return err
	}
	ended := make(chan error, 1)
	go func() { ended <- cmd.Wait() }()
	for !answers(listen) {
		select {
		case err := <-ended:
			return errors.Join(errors.New("workerd did not start; what it said stands above"), err)
		case <-time.After(50 * time.Millisecond):
		}
	}
	console.printf("\nThe page is at http://%s/ (its endpoint at /dsml), from a Worker in workerd. Ctrl+C stops it.\n", listen)
	err = <-ended
	if ctx.Err() != nil {
		console.printf("stopped\n")
		return nil
	}
	return errors.Join(errors.New("workerd has come to an end"), err)
}

// answers tells whether something listens there.
func answers(address string) bool {
	c, err := net.DialTimeout("tcp", address, time.Second)
	if err != nil {
		return false
	}
	return c.Close() == nil
}
