package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestProgram_Find(t *testing.T) {
	dir := t.TempDir()
	there := filepath.Join(dir, "there")
	if err := os.WriteFile(there, []byte("#!/bin/sh\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	t.Setenv("DSMLKIT_THERE", "")
	p := program{what: "it", env: "DSMLKIT_THERE", names: []string{"absent", "there"}}
	if path, err := p.find(); err != nil || path != there {
		t.Errorf("on the PATH: %q, %v", path, err)
	}
	p.names = []string{"absent"}
	if path, err := p.find(); err != nil || path != "" {
		t.Errorf("nowhere: %q, %v", path, err)
	}
	p.places = []string{there}
	if path, err := p.find(); err != nil || path != there {
		t.Errorf("in a usual place: %q, %v", path, err)
	}
	t.Setenv("DSMLKIT_THERE", filepath.Join(dir, "wrong"))
	if _, err := p.find(); err == nil || !strings.Contains(err.Error(), "DSMLKIT_THERE") {
		t.Errorf("a variable that names nothing must be told: %v", err)
	}
}

// Without apt-get nothing can be installed, and the sentence says what to do.
func TestNeed_SaysWhatIsMissing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	err := tree{t.TempDir()}.need(t.Context(), program{what: "Nonesuch", names: []string{"nonesuch"}, pkg: "nonesuch-tools"})
	if err == nil || !strings.Contains(err.Error(), "Nonesuch is needed") || !strings.Contains(err.Error(), "apt-get install nonesuch-tools") {
		t.Errorf("%v", err)
	}
}
