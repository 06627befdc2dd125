package main

import (
	"errors"
	"os"
	"testing"
)

func TestFingerprint_ChangesWithWhatIsBuilt(t *testing.T) {
	checkout := sampleTree(t, map[string]string{"a/one.go": "1", "a/two.go": "2", "a/one_test.go": "t", "a/testdata/x": "x"})
	take := func(words ...string) string {
		t.Helper()
		print, err := checkout.fingerprint(words, "a", "absent")
		if err != nil {
			t.Fatal(err)
		}
		return print
	}
	first := take("go1")
	write := func(name, content string) {
		t.Helper()
		if err := writeFile(checkout.path(name), []byte(content)); err != nil {
			t.Fatal(err)
		}
	}
	write("a/one_test.go", "changed")
	write("a/testdata/x", "changed")
	if take("go1") != first {
		t.Error("tests and their data change the fingerprint")
	}
	if take("go2") == first {
		t.Error("another compiler does not change the fingerprint")
	}
	write("a/one.go", "changed")
	if take("go1") == first {
		t.Error("a changed file does not change the fingerprint")
	}
	write("a/one.go", "1")
	if take("go1") != first {
		t.Error("the same content gives another fingerprint")
	}
	if err := os.Rename(checkout.path("a/two.go"), checkout.path("a/three.go")); err != nil {
		t.Fatal(err)
	}
	if take("go1") == first {
		t.Error("a new name does not change the fingerprint")
	}
}

func TestUnlessCurrent(t *testing.T) {
	checkout := sampleTree(t, map[string]string{"out": "built"})
	runs := 0
	build := func(result error) func() (string, error) {
		return func() (string, error) { runs++; return "built", result }
	}
	expect := func(fingerprint string, result error, wantRuns int) {
		t.Helper()
		_, err := checkout.unlessCurrent("x", fingerprint, []string{"out"}, build(result))
		if !errors.Is(err, result) || runs != wantRuns {
			t.Errorf("fingerprint %s: error %v after %d builds, want %v after %d", fingerprint, err, runs, result, wantRuns)
		}
	}
	expect("1", nil, 1)
	expect("1", nil, 1)
	expect("2", nil, 2)
	broken := errors.New("broken")
	expect("3", broken, 3)
	// A failed build leaves no stamp, neither of itself nor of the one before.
	expect("2", nil, 4)
	if err := os.Remove(checkout.path("out")); err != nil {
		t.Fatal(err)
	}
	expect("2", nil, 5)
}
