package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os/exec"
	"strings"
)

// worker is a process of JavaScript that does tasks: a line of JSON in, a line
// of JSON out.
type worker struct {
	name       string
	cmd        *exec.Cmd
	in         io.WriteCloser
	out        *bufio.Reader
	complaints *bytes.Buffer
}

// startWorker runs a driver of build/bench and waits until it is ready.
func (t tree) startWorker(ctx context.Context, name string, env []string, driver string, args ...string) (*worker, error) {
	return t.startDriver(ctx, name, env, append([]string{t.path("build/bench/" + driver)}, args...))
}

// startDriver is startWorker for a driver that Node itself gets options for.
func (t tree) startDriver(ctx context.Context, name string, env []string, args []string) (*worker, error) {
	cmd := t.tool("node", args...).with(env...).command(ctx)
	w := &worker{name: name, cmd: cmd, complaints: &bytes.Buffer{}}
	cmd.Stderr = w.complaints
	var err error
	if w.in, err = cmd.StdinPipe(); err != nil {
		return nil, err
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		return nil, err
	}
	w.out = bufio.NewReaderSize(out, 1<<16)
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	if err := w.answer(nil); err != nil {
		w.stop()
		return nil, err
	}
	return w, nil
}

// do has a task done; the answer is read into result.
func (w *worker) do(task map[string]any, result any) error {
	line, err := json.Marshal(task)
	if err != nil {
		return err
	}
	// A worker that is gone says why where its answer is read.
	_, writeErr := w.in.Write(append(line, '\n'))
	if err := w.answer(result); err != nil {
		return err
	}
	return writeErr
}

func (w *worker) answer(result any) error {
	line, err := w.out.ReadBytes('\n')
	if err != nil {
		return fmt.Errorf("%s: the process ended without an answer: %w\n%s", w.name, err, strings.TrimSpace(w.complaints.String()))
	}
	var failed struct{ Error string }
	if err := json.Unmarshal(line, &failed); err != nil {
		return fmt.Errorf("%s: not an answer: %q", w.name, line)
	}
	if failed.Error != "" {
		return fmt.Errorf("%s: %s", w.name, failed.Error)
	}
	if result == nil {
		return nil
	}
	return json.Unmarshal(line, result)
}

// stop lets the process end; what it has to say at that point does not matter.
func (w *worker) stop() {
	w.in.Close()
	io.Copy(io.Discard, w.out)
	w.cmd.Wait()
}
