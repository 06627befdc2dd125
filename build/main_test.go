package main

import (
	"errors"
	"flag"
	"io"
	"net"
	"os"
	"strings"
	"testing"
)

// captured gives what f writes to standard output.
func captured(t *testing.T, f func()) string {
	t.Helper()
	r, w, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	old := os.Stdout
	os.Stdout = w
	done := make(chan string)
	go func() {
		text, _ := io.ReadAll(r)
		done <- string(text)
	}()
	f()
	os.Stdout = old
	w.Close()
	return <-done
}

func TestRun_Help(t *testing.T) {
	text := captured(t, func() {
		if err := run(t.Context(), []string{"--help"}); err != nil {
			t.Errorf("--help: %v", err)
		}
	})
	for _, c := range commands() {
		if !strings.Contains(text, c.name) {
			t.Errorf("the help does not name %s", c.name)
		}
		own := captured(t, func() {
			if err := run(t.Context(), []string{c.name, "--help"}); !errors.Is(err, flag.ErrHelp) {
				t.Errorf("%s --help: %v", c.name, err)
			}
		})
		if !strings.HasPrefix(own, "usage: go run ./build "+c.name) {
			t.Errorf("%s --help prints %q", c.name, own)
		}
	}
}

func TestRun_MistakesAreOneSentence(t *testing.T) {
	for line, want := range map[string]string{
		"":                           "name a command: serve, test",
		"sevre":                      `there is no command "sevre"`,
		"serve --lsiten x":           "there is no option --lsiten",
		"serve --listen":             "the option --listen needs a value",
		"serve --session-ttl soon":   `--session-ttl: "soon" is not right`,
		"serve --session-ttl 0s":     "write a time of more than zero",
		"serve --listen nonsense":    "write an address and a port",
		"serve --listen 127.0.0.1:x": "unknown port",
		"serve extra":                `unexpected argument "extra"`,
		"test --only everything":     `there is no suite "everything"`,
		"check now":                  `unexpected argument "now"`,
		"dist --fast":                "there is no option --fast",
	} {
		err := run(t.Context(), strings.Fields(line))
		var usage *usageError
		if !errors.As(err, &usage) || !strings.Contains(err.Error(), want) || strings.Contains(err.Error(), "\n") {
			t.Errorf("%q: %v, want a usage error of one line with %q", line, err, want)
		}
	}
}

func TestServe_BusyPort(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	err = run(t.Context(), []string{"serve", "--listen", taken.Addr().String()})
	if err == nil || !strings.Contains(err.Error(), taken.Addr().String()+" is in use by another program") {
		t.Errorf("a busy port: %v", err)
	}
}
