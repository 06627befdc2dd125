// The one command of dsmlkit's checkout: it builds, serves, tests, checks and
// packs everything. Run it from anywhere inside the checkout:
//
//	go run ./build COMMAND [options]
//
// Each command is a file of its own. What they share is small: the tree (where
// things lie), the progress lines, and stamps that let a second run skip what
// has not changed.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
)

// command is one word after `go run ./build`.
type command struct {
	name    string
	summary string
	run     func(ctx context.Context, args []string) error
}

func commands() []command {
	return []command{
		{"serve", "build everything and serve the page and its endpoint", serve},
		{"test", "check, then run every test", runTests},
		{"check", "formatting, vet, linters, types, sizes", check},
		{"bench", "measure speed, memory and size beside others", runBench},
		{"dist", "write dist/npm (the package), dist/site (the static site) and dist/dsmlkit (the gateway)", dist},
	}
}

// usageError is a mistake on the command line: one sentence and exit code 2.
type usageError struct{ message string }

func (e *usageError) Error() string { return e.message }

// errReported ends the program with code 1 when all there is to say was said.
var errReported = errors.New("reported")

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	err := run(ctx, os.Args[1:])
	var usage *usageError
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
	case errors.As(err, &usage):
		fmt.Fprintln(os.Stderr, usage)
		os.Exit(2)
	case errors.Is(err, errReported):
		os.Exit(1)
	case ctx.Err() != nil:
		fmt.Fprintln(os.Stderr, "interrupted")
		os.Exit(1)
	default:
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func run(ctx context.Context, args []string) error {
	if len(args) == 0 {
		return &usageError{"name a command: " + commandNames() + "; `go run ./build --help` tells what each does"}
	}
	switch args[0] {
	case "help", "--help", "-help", "-h":
		help()
		return nil
	}
	for _, c := range commands() {
		if c.name == args[0] {
			return c.run(ctx, args[1:])
		}
	}
	return &usageError{fmt.Sprintf("there is no command %q; there are %s", args[0], commandNames())}
}

func commandNames() string {
	var names []string
	for _, c := range commands() {
		names = append(names, c.name)
	}
	return strings.Join(names, ", ")
}

func help() {
	fmt.Print("usage: go run ./build COMMAND [options]\n\n")
	for _, c := range commands() {
		fmt.Printf("  %-8s %s\n", c.name, c.summary)
	}
	fmt.Print("\n`go run ./build COMMAND --help` lists the options of a command.\n")
}
