package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
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
	var out, all bytes.Buffer
	cmd.Stdout = &both{&out, &all}
	cmd.Stderr = &all
	err := cmd.Run()
	if err == nil {
		return out.String(), nil
	}
	line := c.name + " " + strings.Join(c.args, " ")
	if errors.Is(err, exec.ErrNotFound) {
		return "", fmt.Errorf("%s is not installed: it is needed for `%s`", c.name, line)
	}
	if ctx.Err() != nil {
		return "", ctx.Err()
	}
	return "", fmt.Errorf("`%s` failed (%w):\n%s", line, err, strings.TrimRight(all.String(), "\n"))
}

// run is output for programs whose output only matters when they fail.
func (c tool) run(ctx context.Context) error {
	_, err := c.output(ctx)
	return err
}

type both struct{ a, b *bytes.Buffer }

func (w *both) Write(p []byte) (int, error) {
	w.a.Write(p)
	return w.b.Write(p)
}
