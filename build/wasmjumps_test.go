package main

import (
	"slices"
	"strings"
	"testing"
)

// jumping is the code of a function as Go's assembler lays it out, with three
// places: 0, 2, which nothing goes to but jumps, and 4, where a call returns to.
// It has to be the one of entry 0x1000.
func jumping(parts ...string) []byte {
	return []byte("\x01\x02\x7f" + // two variables
		"\x23\x00\x21\x01" + // the stack pointer
		"\x02\x40\x03\x40\x02\x40\x02\x40\x02\x40" +
		"\x20\x00\x0e\x05\x00\x01\x01\x02\x02\x02" + // the table: 0 -> 0, 1 and 2 -> 1, 3 to 5 -> 2
		"\x0b" + strings.Join(parts, "") + "\x0b\x00\x0b\x41\x01\x0b")
}

func TestJumpsForwardsAreDirect(t *testing.T) {
	const (
		returns = "\x42\x84\x80\x80\x80\x01\x1a" // i64.const 0x1000<<16|4, drop
		unwind  = "\x41\x00\x0d\x03"             // a branch out of the loop
	)
	before := jumping(
		returns, unwind,
		"\x41\x02\x21\x00\x0c\x02",                         // to 2, on the spot
		"\x20\x01\x04\x40\x41\x04\x21\x00\x0c\x03\x0b",     // if so, to 4
		"\x20\x01\x04\x40\x01\x41\x04\x21\x00\x0c\x03\x0b", // the same, and something else before it
		"\x0b", "\x41\x00\x21\x00\x0c\x01", // behind place 2: back to 0
		"\x0b", "\x0f")
	straight, jumps := straightened(before)
	if jumps != 3 {
		t.Errorf("%d jumps became direct", jumps)
	}
	want := "\x01\x02\x7f\x23\x00\x21\x01\x02\x40" +
		"\x02\x40\x03\x40\x02\x40\x02\x40\x02\x40" +
		"\x20\x00\x0e\x05\x00\x01\x04\x04\x02\x02" + // nothing goes to 2 and 3
		"\x0b" + returns + "\x41\x00\x0d\x04" +
		"\x0c\x00" +
		"\x20\x01\x0d\x01" +
		"\x20\x01\x04\x40\x01\x0c\x02\x0b" +
		"\x0b\x41\x00\x21\x00\x0c\x01" +
		"\x0b\x0f" +
		"\x0b\x0b\x00\x0b\x41\x01\x0b"
	if string(straight) != want {
		t.Errorf("the code became\n%x, and not\n%x", straight, want)
	}
}

func TestCodeOfOtherFormsStays(t *testing.T) {
	good := jumping("\x41\x02\x21\x00\x0c\x02", "\x0b", "\x0b", "\x0f")
	if straight, jumps := straightened(good); jumps != 1 || slices.Equal(straight, good) {
		t.Fatalf("%d jumps became direct", jumps)
	}
	for what, body := range map[string][]byte{
		"nothing":                        {},
		"an end only":                    []byte("\x00\x0b"),
		"no stack pointer":               []byte(strings.Replace(string(good), "\x23\x00", "\x23\x01", 1)),
		"no loop":                        []byte(strings.Replace(string(good), "\x03\x40", "", 1)),
		"a block with a result":          []byte(strings.Replace(string(good), "\x0f", "\x02\x7f\x41\x00\x0b\x1a\x0f", 1)),
		"an unknown instruction":         []byte(strings.Replace(string(good), "\x0f", "\xfd\x0f", 1)),
		"a branch out of the function":   []byte(strings.Replace(string(good), "\x0f", "\x0c\x04", 1)),
		"only jumps backwards":           jumping("\x0b", "\x41\x00\x21\x00\x0c\x01", "\x0b", "\x0f"),
		"a jump that is no jump of Go's": jumping("\x41\x02\x21\x00\x0c\x01", "\x0b", "\x0b", "\x0f"),
	} {
		if straight, jumps := straightened(body); jumps != 0 || !slices.Equal(straight, body) {
			t.Errorf("%s: %x became %x", what, body, straight)
		}
	}
	for n := range good {
		if straight, _ := straightened(good[:n]); len(straight) != n {
			t.Errorf("code that ends after %d bytes became %x", n, straight)
		}
	}
}

// straightened does it to the one function of a module.
func straightened(body []byte) (straight []byte, jumps int) {
	bodies := [][]byte{slices.Clone(body)}
	t := &functionTables{functions: []function{{entry: firstEntry}}}
	jumps = t.straighten(bodies)
	return bodies[0], jumps
}

// TestJumpsOfGo shows that functions have the form that is looked for.
func TestJumpsOfGo(t *testing.T) {
	m, tables := tablesOf(t, linkUnwinding(t))
	bodies, err := m.bodies(tables)
	if err != nil {
		t.Fatal(err)
	}
	before := 0
	for _, body := range bodies {
		before += len(body)
	}
	jumps := tables.straighten(bodies)
	after := 0
	for _, body := range bodies {
		after += len(body)
	}
	if jumps < 3*len(bodies) || after*100 > before*97 {
		t.Errorf("%d jumps of %d functions became direct, and %d bytes of code %d", jumps, len(bodies), before, after)
	}
}
