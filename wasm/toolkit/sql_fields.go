package main

import (
	"strconv"

	"github.com/dsmlkit/dsmlkit/xml/sqlsoap"
)

// maxSafe is the greatest whole number up to which a number of JavaScript is
// exact.
const maxSafe = 1<<53 - 1

// fieldsOut is a sqlsoap.Visitor that writes fields as properties.
type fieldsOut struct{ o *object }

func (f fieldsOut) Text(name string, v *string) { f.o.key(name).text(*v) }
func (f fieldsOut) Word(name string, v *string) { f.o.opt(name, *v) }
func (f fieldsOut) Flag(name string, v *bool)   { f.o.flag(name, *v) }

func (f fieldsOut) OptText(name string, v *sqlsoap.Optional[string]) {
	if v.Set {
		f.o.key(name).text(v.Value)
	}
}

func (f fieldsOut) Int(name string, v *int64, _, _ int64) { f.o.key(name).long(*v) }

func (f fieldsOut) OptInt(name string, v *sqlsoap.Optional[int64], _, _, _ int64) {
	if v.Set {
		f.o.key(name).long(v.Value)
	}
}

func (f fieldsOut) Enum(name string, v *uint8, names []string) {
	if *v > 0 {
		f.o.key(name).text(names[*v])
	}
}

func (f fieldsOut) Bytes(name string, v *[]byte, required bool) {
	if *v != nil || required {
		f.o.key(name).bytes(string(*v))
	}
}

func (f fieldsOut) Secret(name string, v *sqlsoap.Secret) {
	if v.Set() {
		f.o.key(name).text(v.Reveal())
	}
}

// long writes a number of 64 bits: as text where a number would not be exact.
func (a *answer) long(n int64) {
	if n > maxSafe || n < -maxSafe {
		a.text(strconv.FormatInt(n, 10))
		return
	}
	a.integer(n)
}

// fieldsIn is a sqlsoap.Visitor that reads fields from the properties of an
// object.
type fieldsIn struct{ a *argument }

func (f fieldsIn) Text(name string, v *string) { *v = f.a.get(name).text() }
func (f fieldsIn) Word(name string, v *string) { *v, _ = f.a.get(name).optText() }
func (f fieldsIn) Flag(name string, v *bool)   { *v = f.a.get(name).boolean(false) }

func (f fieldsIn) OptText(name string, v *sqlsoap.Optional[string]) {
	v.Value, v.Set = f.a.get(name).optText()
}

func (f fieldsIn) Int(name string, v *int64, low, high int64) { *v = f.a.get(name).long(low, high) }

func (f fieldsIn) OptInt(name string, v *sqlsoap.Optional[int64], low, high, _ int64) {
	if a := f.a.get(name); a.given() {
		*v = sqlsoap.Some(a.long(low, high))
	}
}

func (f fieldsIn) Enum(name string, v *uint8, names []string) {
	if a := f.a.get(name); a.given() || names[0] == "" {
		*v = uint8(max(a.oneOf(names), 0))
	}
}

func (f fieldsIn) Bytes(name string, v *[]byte, required bool) {
	if a := f.a.get(name); a.given() || required {
		*v = append([]byte{}, a.binary()...)
	}
}

func (f fieldsIn) Secret(name string, v *sqlsoap.Secret) {
	if text, ok := f.a.get(name).optText(); ok {
		*v = sqlsoap.NewSecret(text)
	}
}

// long reads a whole number of up to 64 bits, which is text where a number
// would not be exact.
func (a *argument) long(low, high int64) int64 {
	switch a.kind {
	case inNumber:
		return a.integer(0, max(low, -maxSafe), min(high, maxSafe))
	case inText:
		n, err := strconv.ParseInt(string(a.data), 10, 64)
		if err == nil && (n > maxSafe || n < -maxSafe) && n >= low && n <= high && strconv.FormatInt(n, 10) == string(a.data) {
			return n
		}
	}
	must := "a whole number from " + strconv.FormatInt(low, 10) + " to " + strconv.FormatInt(high, 10)
	if high > maxSafe {
		must += ", as a string beyond " + strconv.Itoa(maxSafe)
	}
	a.refuse(must)
	return 0
}
