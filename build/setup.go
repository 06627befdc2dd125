package main

import (
	"context"
	"errors"
	"fmt"
	"os"
)

// setUp builds what the page needs: packages, toolkit, bundle. Each part is
// skipped when nothing that it depends on has changed.
//
// A tolerant set-up goes on without a toolkit or a bundle that does not
// compile, and says so: whoever is at work on the one can look at the other.
func (t tree) setUp(ctx context.Context, tolerant bool) error {
	unlock, err := t.lock()
	if err != nil {
		return err
	}
	defer unlock()
	golang, err := t.goTool(ctx)
	if err != nil {
		return err
	}
	if err := console.step("npm packages", func() (string, error) { return t.installPackages(ctx) }); err != nil {
		return err
	}
	wasmErr := console.step("toolkit (wasm)", func() (string, error) { return t.buildWasm(ctx, golang) })
	if wasmErr != nil && !tolerant {
		return wasmErr
	}
	pageErr := console.step("page", func() (string, error) { return t.buildPage(ctx, golang, wasmErr == nil) })
	if pageErr != nil && !tolerant {
		return pageErr
	}
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if wasmErr != nil {
		fmt.Fprintf(os.Stderr, "\n%v\nThe page is served without the toolkit.\n", wasmErr)
	}
	if pageErr != nil {
		fmt.Fprintf(os.Stderr, "\n%v\nThe page is served as it was built last.\n", pageErr)
	}
	if err := errors.Join(wasmErr, pageErr); err != nil {
		fmt.Fprintln(os.Stderr)
	}
	return nil
}
