package gateway

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
	"time"
)

// field is where the value of a setting lies. Set of a list adds to it.
type field interface {
	Set(string) error
	// String is a text that Set reads back; the values of a list are joined.
	String() string
	// toml is the value as it stands in the file.
	toml() string
}

type (
	textField  string
	boolField  bool
	intField   int           // any number
	countField int           // at least 1
	bytesField int64         // at least 1, with a unit or without
	timeField  time.Duration // more than zero
	spanField  time.Duration // zero or more
	listField  []string
)

func (f *textField) Set(s string) error { *f = textField(s); return nil }
func (f *textField) String() string     { return string(*f) }
func (f *textField) toml() string       { return tomlString(string(*f)) }

func (f *boolField) Set(s string) error {
	b, err := strconv.ParseBool(s)
	if err != nil {
		return errors.New("write true or false")
	}
	*f = boolField(b)
	return nil
}
func (f *boolField) String() string   { return strconv.FormatBool(bool(*f)) }
func (f *boolField) toml() string     { return f.String() }
func (f *boolField) IsBoolFlag() bool { return true }

func (f *intField) Set(s string) error {
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil {
		return errors.New("write a whole number")
	}
	*f = intField(n)
	return nil
}
func (f *intField) String() string { return strconv.Itoa(int(*f)) }
func (f *intField) toml() string   { return f.String() }

func (f *countField) Set(s string) error {
	n, err := strconv.ParseInt(s, 10, 32)
	if err != nil || n < 1 {
		return errors.New("write a whole number that is not below 1")
	}
	*f = countField(n)
	return nil
}
func (f *countField) String() string { return strconv.Itoa(int(*f)) }
func (f *countField) toml() string   { return f.String() }

// units of bytes, the longer ones first.
var units = []struct {
	name string
	size int64
}{{"GiB", 1 << 30}, {"MiB", 1 << 20}, {"KiB", 1 << 10}}

func (f *bytesField) Set(s string) error {
	number, unit := strings.TrimSpace(s), int64(1)
	for _, u := range units {
		if head, found := strings.CutSuffix(number, u.name); found {
			number, unit = strings.TrimSpace(head), u.size
			break
		}
	}
	n, err := strconv.ParseInt(number, 10, 64)
	if err != nil || n < 1 || n > math.MaxInt64/unit {
		return errors.New("write a number of bytes, such as 65536, 64KiB or 10MiB")
	}
	*f = bytesField(n * unit)
	return nil
}

func (f *bytesField) String() string {
	for _, u := range units {
		if n := int64(*f); n >= u.size && n%u.size == 0 {
			return strconv.FormatInt(n/u.size, 10) + u.name
		}
	}
	return strconv.FormatInt(int64(*f), 10)
}
func (f *bytesField) toml() string { return tomlString(f.String()) }

func (f *timeField) Set(s string) error {
	d, err := time.ParseDuration(s)
	if err != nil || d <= 0 {
		return errors.New("write a time of more than zero, such as 90s or 10m")
	}
	*f = timeField(d)
	return nil
}

// String leaves out the units that are zero: 10m, not 10m0s.
func (f *timeField) String() string {
	s := time.Duration(*f).String()
	if strings.HasSuffix(s, "m0s") {
		s = strings.TrimSuffix(s, "0s")
	}
	if strings.HasSuffix(s, "h0m") {
		s = strings.TrimSuffix(s, "0m")
	}
	return s
}
func (f *timeField) toml() string { return tomlString(f.String()) }

func (f *spanField) Set(s string) error {
	d, err := time.ParseDuration(s)
	if err != nil || d < 0 {
		return errors.New("write a time, such as 30s or 0s")
	}
	*f = spanField(d)
	return nil
}
func (f *spanField) String() string { return (*timeField)(f).String() }
func (f *spanField) toml() string   { return tomlString(f.String()) }

func (f *listField) Set(s string) error {
	if s == "" {
		return errors.New("it is empty")
	}
	*f = append(*f, s)
	return nil
}
func (f *listField) String() string { return strings.Join(*f, ", ") }

func (f *listField) toml() string {
	quoted := make([]string, len(*f))
	for i, s := range *f {
		quoted[i] = tomlString(s)
	}
	return "[" + strings.Join(quoted, ", ") + "]"
}

// tomlString writes a basic string of TOML.
func tomlString(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r < ' ' || r == 0x7f:
			fmt.Fprintf(&b, `\u%04X`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}
