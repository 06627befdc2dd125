package main

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
)

const (
	// runtimesManifest names runtimes and bundlers with their exact versions.
	// They stand apart from package.json, for they are hundreds of megabytes
	// that only these tests need.
	runtimesManifest = "build/runtimes"
	runtimesFolder   = ".build/runtimes"

	// packedFolder is where an application installed the package from its tarball.
	packedFolder = ".build/test"
)

// testRuntimes runs the tests of the package in every runtime that it is for,
// and its bundles in a browser.
func (t tree) testRuntimes(ctx context.Context) (tally, error) {
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
	golang, err := t.goTool(ctx)
	if err != nil {
		return tally{}, err
	}
	if err := t.setUpEdge(ctx, golang); err != nil {
		return tally{}, err
	}
	if err := t.distEdge(); err != nil {
		return tally{}, err
	}
	if err := console.step("runtimes, bundlers", func() (string, error) { return t.installRuntimes(ctx) }); err != nil {
		return tally{}, err
	}
	self, err := os.Executable()
	if err != nil {
		return tally{}, err
	}
	url, stop, err := t.startServer(ctx, self, "--allow-origin", "*", "--sessions-max-per-client", "-1")
	if err != nil {
		return tally{}, err
	}
	counted, err := t.nodeTest(ctx, "runtimes", "wasm/js/test/runtimes",
		"CHROMIUM="+browser, "DSMLKIT_URL="+url, "DSMLKIT_RUNTIMES="+t.path(runtimesFolder), "DSMLKIT_INSTALLED="+t.path(packedFolder))
	if stopErr := stop(); err == nil && stopErr != nil {
		err = fmt.Errorf("the server of the tests did not end as it should: %w", stopErr)
	}
	if err != nil {
		return counted, err
	}
	// All other tests of the package, in the newest Node as well.
	newest := t.path(fmt.Sprintf("%s/node_modules/node-newest-%s-%s/bin/node", runtimesFolder, nodePlatform(runtime.GOOS), nodeArch(runtime.GOARCH)))
	if _, err := os.Stat(newest); err != nil {
		return counted, fmt.Errorf("there is no newest Node for this machine: add the npm package that holds it to %s/package.json (%w)", runtimesManifest, err)
	}
	more, err := t.nodeTestIn(ctx, newest, "js", "wasm/js/test")
	counted.add(more)
	return counted, err
}

// nodePlatform and nodeArch are Node's words for what Go calls otherwise.
func nodePlatform(goos string) string {
	if goos == "windows" {
		return "win32"
	}
	return goos
}

func nodeArch(goarch string) string {
	if goarch == "amd64" {
		return "x64"
	}
	return goarch
}

// installRuntimes brings runtimesFolder in line with its lock file. The copy of
// the lock file there is written last and tells what is installed.
func (t tree) installRuntimes(ctx context.Context) (string, error) {
	unlock, err := t.lock()
	if err != nil {
		return "", err
	}
	defer unlock()
	wanted, err := os.ReadFile(t.path(runtimesManifest + "/package-lock.json"))
	if err != nil {
		return "", err
	}
	stamp := t.path(runtimesFolder + "/installed.json")
	if installed, err := os.ReadFile(stamp); err == nil && bytes.Equal(installed, wanted) {
		return "up to date", nil
	}
	for _, name := range []string{"package.json", "package-lock.json"} {
		content, err := os.ReadFile(t.path(runtimesManifest + "/" + name))
		if err != nil {
			return "", err
		}
		if err := writeFile(t.path(runtimesFolder+"/"+name), content); err != nil {
			return "", err
		}
	}
	// None of these needs its install script: the programs lie in the packages
	// for this machine, and the tests start them there.
	install := t.tool("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund")
	install.dir = t.path(runtimesFolder)
	if err := install.run(ctx); err != nil {
		return "", err
	}
	return "installed", writeFile(stamp, wanted)
}

// installPacked packs dist/npm as for publishing, and installs the tarball as
// any application does.
func (t tree) installPacked(ctx context.Context) (string, error) {
	folder := t.path(packedFolder)
	if err := os.RemoveAll(filepath.Join(folder, "node_modules")); err != nil {
		return "", err
	}
	if err := writeFile(filepath.Join(folder, "package.json"), []byte("{\"private\": true, \"type\": \"module\"}\n")); err != nil {
		return "", err
	}
	old, err := filepath.Glob(filepath.Join(folder, "dsmlkit-*.tgz"))
	if err != nil {
		return "", err
	}
	for _, file := range old {
		if err := os.Remove(file); err != nil {
			return "", err
		}
	}
	if err := t.tool("npm", "pack", t.path("dist/npm"), "--pack-destination", folder, "--ignore-scripts").run(ctx); err != nil {
		return "", err
	}
	packed, err := filepath.Glob(filepath.Join(folder, "dsmlkit-*.tgz"))
	if err != nil || len(packed) != 1 {
		return "", fmt.Errorf("npm pack left %d tarballs of the package in %s (%w)", len(packed), folder, err)
	}
	install := t.tool("npm", "install", packed[0], "--offline", "--no-package-lock", "--no-audit", "--no-fund")
	install.dir = folder
	if err := install.run(ctx); err != nil {
		return "", err
	}
	file, err := os.Stat(packed[0])
	if err != nil {
		return "", err
	}
	return "installed from its tarball of " + size(int(file.Size())), nil
}
