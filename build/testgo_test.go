package main

import (
	"bytes"
	"strings"
	"testing"
)

func TestGoReport_CountsTestsAndShowsFailures(t *testing.T) {
	var shown bytes.Buffer
	old := console
	console = &progress{out: &shown}
	defer func() { console = old }()

	r := goReport{output: map[string]*strings.Builder{}, failedIn: map[string]bool{}}
	err := r.read(strings.NewReader(`
{"Action":"run","Package":"p","Test":"TestGood"}
{"Action":"output","Package":"p","Test":"TestGood","Output":"quiet\n"}
{"Action":"pass","Package":"p","Test":"TestGood"}
{"Action":"output","Package":"p","Test":"TestBad","Output":"got 1, want 2\n"}
{"Action":"fail","Package":"p","Test":"TestBad"}
{"Action":"skip","Package":"p","Test":"TestLeftOut"}
{"Action":"fail","Package":"p"}
{"Action":"output","Package":"q","Test":"TestHangs","Output":"panic: out of memory\n"}
{"Action":"fail","Package":"q"}
{"ImportPath":"lib","Action":"build-output","Output":"lib.go:1: undefined: x\n"}
{"Action":"fail","Package":"r","FailedBuild":"lib"}
{"Action":"fail","Package":"s","FailedBuild":"lib"}
{"Action":"pass","Package":"u"}`[1:]))
	if err != nil {
		t.Fatal(err)
	}
	if want := (tally{passed: 1, failed: 4, skipped: 1}); r.tally != want {
		t.Errorf("counted %v, want %v", r.tally, want)
	}
	for text, times := range map[string]int{
		"got 1, want 2": 1, "FAIL p TestBad": 1, "panic: out of memory": 1, "undefined: x": 1, "FAIL s": 1, "FAIL q TestHangs (not finished)": 1, "quiet": 0,
	} {
		if n := strings.Count(shown.String(), text); n != times {
			t.Errorf("%q is shown %d times, want %d:\n%s", text, n, times, &shown)
		}
	}
}
