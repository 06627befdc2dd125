package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// tool is a program to run in the checkout.
type tool struct {
	dir  string
	env  []string // added to the environment of this process
	bare bool     // env is the whole environment
	name string
	args []string
}

func (t tree) tool(name string, args ...string) tool {
	return tool{dir: t.root, name: name, args: args}
}

func (c tool) with(env ...string) tool {
	c.env = append(append([]string(nil), c.env...), env...)
	return c
}

func (c tool) command(ctx context.Context) *exec.Cmd {
	cmd := exec.CommandContext(ctx, c.name, c.args...)
	cmd.Dir = c.dir
	cmd.Env = c.env
	if !c.bare {
		cmd.Env = append(os.Environ(), c.env...)
	}
	// A program that is told to stop may have a browser or a server to close.
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = 5 * time.Second
	return cmd
}

// output gives what the program wrote to standard output; an error shows all
// that it wrote.
func (c tool) output(ctx context.Context) (string, error) {
	cmd := c.command(ctx)
	var all transcript
	cmd.Stdout = writer(all.fromOut)
	cmd.Stderr = writer(all.fromErr)
	err := cmd.Run()
	if err == nil {
		return all.out.String(), nil
	}
	line := c.name + " " + strings.Join(c.args, " ")
	if errors.Is(err, exec.ErrNotFound) {
		return "", fmt.Errorf("%s is not installed: it is needed for `%s`", c.name, line)
	}
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	return "", fmt.Errorf("`%s` failed (%w):\n%s", line, err, strings.TrimRight(all.all.String(), "\n"))
}

// run is output for programs whose output only matters when they fail.
func (c tool) run(ctx context.Context) error {
	_, err := c.output(ctx)
	return err
}

// transcript keeps what a program writes: standard output apart, and all of it
// in the order in which it came.
type transcript struct {
	mu       sync.Mutex
	out, all bytes.Buffer
}

func (t *transcript) fromOut(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.out.Write(p)
	return t.all.Write(p)
}

func (t *transcript) fromErr(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.all.Write(p)
}

type writer func(p []byte) (int, error)

func (w writer) Write(p []byte) (int, error) { return w(p) }
