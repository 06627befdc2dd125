package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// testPackage runs the tests of the npm package in Node.
func (t tree) testPackage(ctx context.Context) (tally, error) {
	if err := t.installForTests(ctx); err != nil {
		return tally{}, err
	}
	return t.nodeTest(ctx, "js", "wasm/js/test")
}

// installForTests builds everything, packs dist/npm and installs the tarball
// where the tests find the package as any application does: under its name, in
// a node_modules folder.
func (t tree) installForTests(ctx context.Context) error {
	if err := t.setUp(ctx, false); err != nil {
		return err
	}
	if err := t.distNPM(ctx); err != nil {
		return err
	}
	return console.step("package", func() (string, error) { return t.installPacked(ctx) })
}

// testPage runs the tests of the page in a browser, against a server of their
// own.
func (t tree) testPage(ctx context.Context) (tally, error) {
	if err := t.need(ctx, chromium); err != nil {
		return tally{}, err
	}
	browser, err := chromium.find()
	if err != nil {
		return tally{}, err
	}
	if err := t.installForTests(ctx); err != nil {
		return tally{}, err
	}
	self, err := os.Executable()
	if err != nil {
		return tally{}, err
	}
	url, stop, err := t.startServer(ctx, self)
	if err != nil {
		return tally{}, err
	}
	counted, err := t.nodeTest(ctx, "page", "web/page/test",
		"CHROMIUM="+browser, "DSMLKIT_URL="+url, "DSMLKIT_SERVE="+self)
	if stopErr := stop(); err == nil && stopErr != nil {
		err = fmt.Errorf("the server of the tests did not end as it should: %w", stopErr)
	}
	return counted, err
}

// startServer runs this program as a server and waits for its address.
func (t tree) startServer(ctx context.Context, self string, options ...string) (url string, stop func() error, err error) {
	cmd := t.tool(self, append([]string{"serve", "--listen", "127.0.0.1:0"}, options...)...).command(ctx)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err != nil {
		return "", nil, err
	}
	if err := cmd.Start(); err != nil {
		return "", nil, err
	}
	stop = func() error {
		cmd.Process.Signal(os.Interrupt)
		if err := cmd.Wait(); err != nil {
			return fmt.Errorf("%w\n%s", err, complaints.String())
		}
		return nil
	}
	lines := bufio.NewScanner(out)
	for lines.Scan() {
		if _, rest, found := strings.Cut(lines.Text(), "http://"); found {
			// What it prints from now on must not block it.
			go func() {
				for lines.Scan() {
				}
			}()
			address, _, _ := strings.Cut(rest, " ")
			return "http://" + address, stop, nil
		}
	}
	return "", nil, fmt.Errorf("the server of the tests did not start: %w", stop())
}

// nodeEvent is a line of build/reporter.mjs.
type nodeEvent struct {
	Event string // pass, fail, skip, output
	Name  string
	Text  string
}

// nodeTest bundles the tests of a folder and runs them in Node.
func (t tree) nodeTest(ctx context.Context, name, folder string, env ...string) (tally, error) {
	return t.nodeTestIn(ctx, "node", name, folder, env...)
}

// nodeTestIn does so in the Node of the given path.
func (t tree) nodeTestIn(ctx context.Context, node, name, folder string, env ...string) (tally, error) {
	files, err := t.bundleTests(ctx, name, folder)
	if err != nil {
		return tally{}, err
	}
	scratch := t.path(".build/test/tmp")
	if err := os.MkdirAll(scratch, 0o755); err != nil {
		return tally{}, err
	}
	args := append([]string{"--test", "--test-reporter=" + t.path("build/reporter.mjs"), "--test-reporter-destination=stdout"}, files...)
	cmd := t.tool(node, args...).with(env...).with("FORCE_COLOR=0", "DSMLKIT_ROOT="+t.root, "DSMLKIT_TMP="+scratch).command(ctx)
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.StdoutPipe()
	if err != nil {
		return tally{}, err
	}
	if err := cmd.Start(); err != nil {
		return tally{}, err
	}
	var n tally
	var said []string
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e nodeEvent
		if err := json.Unmarshal(lines.Bytes(), &e); err != nil {
			console.printf("%s\n", lines.Text())
			continue
		}
		switch e.Event {
		case "pass":
			n.passed++
		case "skip":
			n.skipped++
		case "fail":
			n.failed++
			console.printf("FAIL %s\n%s\n", e.Name, strings.TrimRight(e.Text, "\n"))
		case "output":
			said = append(said, e.Text)
		}
	}
	err = cmd.Wait()
	if n.failed > 0 && len(said) > 0 {
		console.printf("-- what the tests printed\n%s\n", strings.TrimRight(strings.Join(said, ""), "\n"))
	}
	if err != nil && n.failed == 0 {
		return n, fmt.Errorf("`node --test` failed (%w):\n%s%s", err, complaints.String(), strings.Join(said, ""))
	}
	return n, lines.Err()
}

// bundleTests compiles the tests of a folder. Packages stay outside, so that
// they are found as any application finds them.
func (t tree) bundleTests(ctx context.Context, name, folder string) ([]string, error) {
	golang, err := t.goTool(ctx)
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(t.path(folder))
	if err != nil {
		return nil, fmt.Errorf("the tests are missing: %w", err)
	}
	b := bundle{entries: map[string]string{}, outdir: ".build/test/" + name, packagesOutside: true, node: true, maps: true}
	var files []string
	for _, entry := range entries {
		if stem, ending, found := strings.Cut(entry.Name(), ".test."); found && (ending == "ts" || ending == "mjs") {
			b.entries[stem+".test"] = folder + "/" + entry.Name()
			files = append(files, filepath.Join(t.path(b.outdir), stem+".test.js"))
		}
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("there is no *.test.ts in %s", folder)
	}
	built, err := t.bundle(b, golang)
	if err != nil {
		return nil, err
	}
	if err := os.RemoveAll(t.path(b.outdir)); err != nil {
		return nil, err
	}
	// The output is made of ES modules, whatever the folders above it say.
	built["package.json"] = []byte("{\"type\": \"module\"}\n")
	for file, content := range built {
		if err := writeFile(t.path(b.outdir+"/"+file), content); err != nil {
			return nil, err
		}
	}
	return files, nil
}
