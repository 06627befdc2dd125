package dsml

import (
	"bytes"
	"encoding/base64"
	"errors"
	"reflect"
	"runtime"
	"strings"
	"testing"
)

func base64Value(t *testing.T, s string) *Value {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return &Value{Data: string(b), Type: Base64Binary}
}

func TestD_149_PagedResultsLengths(t *testing.T) {
	for _, c := range []struct {
		name, value string
		want        PagedResults
	}{
		{"minimal", "MAUCAQUEAA==", PagedResults{Size: 5}},
		{"as .NET writes it", "MIQAAAAFAgEFBAA=", PagedResults{Size: 5}},
		{"gives up", "MAUCAQAEAA==", PagedResults{}},
		{"long lengths all over", base64.StdEncoding.EncodeToString([]byte("\x30\x84\x00\x00\x00\x11\x02\x84\x00\x00\x00\x02\x01\x00\x04\x84\x00\x00\x00\x03abc")),
			PagedResults{Size: 256, Cookie: []byte("abc")}},
		{"a size in more bytes than it needs", base64.StdEncoding.EncodeToString([]byte("\x30\x0f\x02\x0b\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x07\x04\x00")), PagedResults{Size: 7}},
	} {
		t.Run("D-149 "+c.name, func(t *testing.T) {
			got, err := DecodePagedResults(Control{Type: OIDPagedResults, Value: base64Value(t, c.value)})
			if err != nil || !reflect.DeepEqual(got, c.want) {
				t.Errorf("got %+v, %v; want %+v", got, err, c.want)
			}
			got, err = DecodePagedResults(Control{Type: OIDPagedResults, Value: &Value{Data: " " + c.value + "\n"}})
			if err != nil || !reflect.DeepEqual(got, c.want) {
				t.Errorf("without xsi:type: got %+v, %v; want %+v", got, err, c.want)
			}
		})
	}
}

func TestPagedResultsControl(t *testing.T) {
	c := PagedResults{Size: 5}.Control(true)
	if want := base64Value(t, "MAUCAQUEAA=="); c.Type != "1.2.840.113556.1.4.319" || !c.Criticality || *c.Value != *want {
		t.Errorf("control is %+v with value %x", c, c.Value.Data)
	}
	for _, p := range []PagedResults{{}, {Size: 1<<31 - 1, Cookie: []byte{0}}, {Size: 128, Cookie: bytes.Repeat([]byte("x"), 300)}} {
		got, err := DecodePagedResults(p.Control(false))
		if err != nil || !reflect.DeepEqual(got, p) {
			t.Errorf("%+v came back as %+v, %v", p, got, err)
		}
	}
}

func TestPagedResultsErrors(t *testing.T) {
	for _, c := range []struct{ name, value, want string }{
		{"empty", "", "no value"},
		{"one byte", "\x30", "cut off"},
		{"length cut off", "\x30\x84\x00", "cut off"},
		{"content cut off", "\x30\x05\x02\x01\x05", "cut off"},
		{"four gigabytes", "\x30\x84\xff\xff\xff\xff", "cut off"},
		{"a length of nine bytes", "\x30\x89\x00\x00\x00\x00\x00\x00\x00\x00\x05\x02\x01\x05\x04\x00", "more than eight"},
		{"indefinite length", "\x30\x80\x02\x01\x05\x04\x00\x00\x00", "indefinite"},
		{"child longer than its parent", "\x30\x04\x02\x01\x05\x04\x01a", "cut off"},
		{"a set", "\x31\x05\x02\x01\x05\x04\x00", "sequence is missing"},
		{"no cookie", "\x30\x03\x02\x01\x05", "cookie is missing"},
		{"cookie first", "\x30\x05\x04\x00\x02\x01\x05", "size is missing"},
		{"negative size", "\x30\x05\x02\x01\xff\x04\x00", "not a number in its range"},
		{"size above 2147483647", "\x30\x09\x02\x05\x00\x80\x00\x00\x00\x04\x00", "not a number in its range"},
		{"size of no bytes", "\x30\x04\x02\x00\x04\x00", "not a number"},
		{"constructed cookie", "\x30\x07\x02\x01\x05\x24\x02\x04\x00", "tag that no control uses"},
		{"a third part", "\x30\x07\x02\x01\x05\x04\x00\x04\x00", "more parts"},
		{"bytes after it", "\x30\x05\x02\x01\x05\x04\x00\x00", "bytes follow"},
		{"a real number", "\x30\x05\x09\x01\x05\x04\x00", "tag that no control uses"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := DecodePagedResults(Control{Type: OIDPagedResults, Value: &Value{Data: c.value, Type: Base64Binary}})
			var e *Error
			if !errors.As(err, &e) || !strings.Contains(e.Message, c.want) || e.Code != "dsml-control" {
				t.Errorf("got %+v, %v; want an error with %q", got, err, c.want)
			}
		})
	}
	for name, c := range map[string]Control{
		"another control":  {Type: OIDServerSort, Value: base64Value(t, "MAUCAQUEAA==")},
		"a reference":      {Type: OIDPagedResults, Value: &Value{Data: "http://example.org/", Type: AnyURI}},
		"text, not base64": {Type: OIDPagedResults, Value: &Value{Data: "five, please"}},
		"no value":         {Type: OIDPagedResults},
	} {
		if got, err := DecodePagedResults(c); err == nil {
			t.Errorf("%s: got %+v", name, got)
		}
	}
}

// TestHostileBER holds the bounds on depth, elements and memory.
func TestHostileBER(t *testing.T) {
	wrap := func(content []byte) []byte {
		n := len(content)
		return append([]byte{0x30, 0x84, byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}, content...)
	}
	deep := func(n int) []byte {
		b := []byte{0x04, 0x00}
		for range n - 1 {
			b = wrap(b)
		}
		return b
	}
	const mega = 1 << 20
	megabyte := func(levels int) []byte {
		b := append([]byte{0x04, 0x83, mega >> 16, 0, 0}, make([]byte, mega)...)
		for range levels - 1 {
			b = wrap(b)
		}
		return b
	}
	for _, c := range []struct {
		name  string
		value []byte
		ok    bool
	}{
		{"as deep as allowed", deep(berDepth), true},
		{"one too deep", deep(berDepth + 1), false},
		{"as many elements as allowed", wrap(bytes.Repeat([]byte{0x04, 0x00}, berElements-1)), true},
		{"one element too many", wrap(bytes.Repeat([]byte{0x04, 0x00}, berElements)), false},
		{"a megabyte at all levels", megabyte(berDepth), true},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		wrong := checkBER(string(c.value))
		runtime.ReadMemStats(&after)
		if (wrong == "") != c.ok {
			t.Errorf("%s: error %q", c.name, wrong)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > uint64(len(c.value))+64<<10 {
			t.Errorf("%s: %d bytes allocated", c.name, used)
		}
	}
}

func TestOIDName(t *testing.T) {
	for oid, want := range map[string]string{OIDPagedResults: "paged results", OIDWhoAmI: "who am I", "1.2.3": ""} {
		if got := OIDName(oid); got != want {
			t.Errorf("OIDName(%s) = %q, want %q", oid, got, want)
		}
	}
}
