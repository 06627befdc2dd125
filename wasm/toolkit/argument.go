package main

import (
	"math"
	"strconv"
	"strings"

	"github.com/dsmlkit/dsmlkit/session"
)

// argument is a value of a call together with the way that led to it, so that
// a refusal can name it: "document.requests[0].scope".
type argument struct {
	value
	up    *argument
	key   string // property of up, or the argument's own name
	index int    // item of up when key is empty
	errs  *refusals
}

// refusals keeps the first thing that was wrong with the arguments of a call.
// Conversion goes on after it with zero values, which keeps the code that
// converts free of error handling.
type refusals struct{ first *failure }

func (r *refusals) err() error {
	if r.first == nil {
		return nil
	}
	return r.first
}

func (a *argument) path() string {
	if a.up == nil {
		return a.key
	}
	if a.key == "" {
		return a.up.path() + "[" + strconv.Itoa(a.index) + "]"
	}
	return a.up.path() + "." + a.key
}

// refuse says what the argument must be.
func (a *argument) refuse(must string) {
	if a.errs.first == nil {
		a.errs.first = &failure{
			Code:    codeArgument,
			Message: a.path() + " must be " + must,
			Detail:  a.path() + " is " + a.describe(),
		}
	}
}

// describe names what the argument is, in JavaScript's terms.
func (a *argument) describe() string {
	switch a.kind {
	case inAbsent:
		return "undefined"
	case inNull:
		return "null"
	case inFalse:
		return "false"
	case inTrue:
		return "true"
	case inNumber:
		return strconv.FormatFloat(a.num, 'g', -1, 64)
	case inText:
		s := string(a.data)
		if len(s) > 60 {
			s = strings.ToValidUTF8(s[:60], "") + "…"
		}
		return strconv.Quote(s)
	case inBytes:
		return "a Uint8Array of " + strconv.Itoa(len(a.data)) + " bytes"
	case inList:
		return "an array of " + strconv.Itoa(len(a.items))
	}
	return "an object"
}

// given reports whether the argument is neither undefined nor null.
//
//go:noinline
func (a *argument) given() bool { return a.kind != inAbsent && a.kind != inNull }

// get returns a property; of something that is no object, an absent value.
//
//go:noinline
func (a *argument) get(key string) *argument {
	child := &argument{up: a, key: key, errs: a.errs}
	for i, k := range a.keys {
		if k == key {
			child.value = a.items[i]
			break
		}
	}
	return child
}

// at returns an item of a list.
//
//go:noinline
func (a *argument) at(i int) *argument {
	return &argument{value: a.items[i], up: a, index: i, errs: a.errs}
}

// object refuses what is no object.
//
//go:noinline
func (a *argument) object(must string) bool {
	if a.kind != inObject {
		a.refuse(must)
		return false
	}
	return true
}

// list returns the number of items; absent counts as empty.
func (a *argument) list() int {
	if !a.given() {
		return 0
	}
	if a.kind != inList {
		a.refuse("an array")
		return 0
	}
	return len(a.items)
}

// text returns a string that has to be there.
//
//go:noinline
func (a *argument) text() string {
	if a.kind != inText {
		a.refuse("a string")
		return ""
	}
	return string(a.data)
}

// optText returns a string, or "" and false when it is absent.
func (a *argument) optText() (string, bool) {
	if !a.given() {
		return "", false
	}
	return a.text(), a.kind == inText
}

// document returns what may be a string or its bytes.
//
//go:noinline
func (a *argument) document() []byte {
	if a.kind != inText && a.kind != inBytes {
		a.refuse("a string or a Uint8Array")
		return nil
	}
	if a.kind == inText {
		return session.Decoded(a.data) // JavaScript has decoded it
	}
	return a.data
}

// binary returns the bytes of a Uint8Array.
//
//go:noinline
func (a *argument) binary() []byte {
	if a.kind != inBytes {
		a.refuse("a Uint8Array")
		return nil
	}
	return a.data
}

// boolean returns a boolean; absent means the default.
func (a *argument) boolean(absent bool) bool {
	switch {
	case a.kind == inTrue:
		return true
	case a.kind == inFalse:
		return false
	case a.given():
		a.refuse("a boolean")
	}
	return absent
}

// integer returns a whole number between the bounds; absent means the default.
func (a *argument) integer(absent, low, high int64) int64 {
	if !a.given() {
		return absent
	}
	if a.kind != inNumber || a.num != math.Trunc(a.num) || a.num < float64(low) || a.num > float64(high) {
		a.refuse("a whole number from " + strconv.FormatInt(low, 10) + " to " + strconv.FormatInt(high, 10))
		return absent
	}
	return int64(a.num)
}

// number returns any finite number; absent means the default.
func (a *argument) number(absent float64) float64 {
	if !a.given() {
		return absent
	}
	if a.kind != inNumber || math.IsNaN(a.num) || math.IsInf(a.num, 0) {
		a.refuse("a finite number")
		return absent
	}
	return a.num
}

// oneOf returns which of the words a string is.
func (a *argument) oneOf(words []string) int {
	if a.kind == inText {
		for i, w := range words {
			if w != "" && w == string(a.data) {
				return i
			}
		}
	}
	a.refuse("one of " + strings.Join(quoteAll(words), ", "))
	return -1
}

func quoteAll(words []string) []string {
	var quoted []string
	for _, w := range words {
		if w != "" {
			quoted = append(quoted, `"`+w+`"`)
		}
	}
	return quoted
}
