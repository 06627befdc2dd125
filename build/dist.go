package main

import (
	"context"
	"fmt"
	"os"
)

func dist(ctx context.Context, args []string) error {
	o := newOptions("dist", "Writes dist/npm, the package as it would be published, dist/site, the page for any\nstatic host, dist/edge, the Worker for Cloudflare, and dist/dsmlkit, the gateway as\none program with the page inside. The same sources give the same bytes.")
	if err := o.read(args); err != nil {
		return err
	}
	t, err := findTree()
	if err != nil {
		return err
	}
	if err := t.setUp(ctx, false); err != nil {
		return err
	}
	golang, err := t.goTool(ctx)
	if err != nil {
		return err
	}
	if err := t.setUpEdge(ctx, golang); err != nil {
		return err
	}
	if err := t.setUpTab(golang); err != nil {
		return err
	}
	if err := t.distNPM(ctx); err != nil {
		return err
	}
	if err := t.distSite(); err != nil {
		return err
	}
	if err := t.distEdge(); err != nil {
		return err
	}
	return t.distProgram(ctx)
}

// distNPM writes the npm package.
func (t tree) distNPM(ctx context.Context) error {
	return console.step("dist/npm", func() (string, error) {
		files, err := t.npmPackage(ctx)
		if err != nil {
			return "", err
		}
		return t.writeDist("dist/npm", files)
	})
}

// distSite writes the static site.
func (t tree) distSite() error {
	return console.step("dist/site", func() (string, error) {
		files, err := t.site()
		if err != nil {
			return "", err
		}
		if err := t.addTab(files); err != nil {
			return "", err
		}
		return t.writeDist("dist/site", files)
	})
}

// writeDist makes the folder anew.
func (t tree) writeDist(folder string, files map[string][]byte) (string, error) {
	if err := os.RemoveAll(t.path(folder)); err != nil {
		return "", err
	}
	total := 0
	for name, content := range files {
		total += len(content)
		if err := writeFile(t.path(folder+"/"+name), content); err != nil {
			return "", err
		}
	}
	return fmt.Sprintf("%d files, %s", len(files), size(total)), nil
}
