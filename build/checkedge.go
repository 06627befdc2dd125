package main

import (
	"context"
	"fmt"
	"os"
)

// edgeBudget bounds the Go of one object at the edge, compressed: with TLS and
// LDAP in it. Every object starts with reading that much. It holds for the Go that
// shrink knows.
const edgeBudget = 2_080_000

func (t tree) checkEdgeSize(ctx context.Context) (string, error) {
	golang, err := t.goTool(ctx)
	if err != nil {
		return "", err
	}
	unlock, err := t.lock()
	if err != nil {
		return "", err
	}
	defer unlock()
	// The Worker has the toolkit in it.
	if _, err := t.buildWasm(ctx, golang); err != nil {
		return "", err
	}
	if _, err := t.buildEdge(ctx, golang); err != nil {
		return "", err
	}
	content, err := os.ReadFile(t.path(edgeModule))
	if err != nil {
		return "", err
	}
	gzip := len(compressGzip(content))
	sizes := fmt.Sprintf("edge %s, gzip %s of %s", size(len(content)), size(gzip), size(edgeBudget))
	if golang.traced() && gzip > edgeBudget {
		return "", fmt.Errorf("the program of the edge has outgrown its budget: %s", sizes)
	}
	return sizes, nil
}
