package main

import (
	"runtime"
	"strings"
)

// call is one call from JavaScript while it runs.
type call struct {
	args value
	errs refusals
	out  *answer
	kit  *toolkit
}

// operation is one thing that JavaScript can ask for.
type operation struct {
	name string
	run  func(c *call) error
}

// arg returns an argument; one that was not given is absent.
//
//go:noinline
func (c *call) arg(name string) *argument {
	root := &argument{value: c.args, errs: &c.errs}
	a := root.get(name)
	a.up = nil
	return a
}

// toolkit is all state of one instance.
type toolkit struct {
	inbox   []byte
	out     answer
	objects shelf
	parser  *stream // of whole documents
}

func newToolkit() *toolkit {
	t := &toolkit{}
	t.out.names = newNames()
	t.objects.items = make(map[int32]held)
	return t
}

// Status of an answer.
const (
	statusOK     = 0
	statusFailed = 1 // the table holds a failure
	statusBroken = 2 // the same, and the instance should not be used again
)

// inboxKeep is how large an inbox stays allocated between calls.
const inboxKeep = 1 << 20

// reserve makes room for a message of n bytes and returns it.
func (t *toolkit) reserve(n int) []byte {
	if n > cap(t.inbox) || cap(t.inbox) > inboxKeep && n <= inboxKeep {
		t.inbox = make([]byte, max(n, 64<<10))
	}
	t.inbox = t.inbox[:max(n, 1)]
	return t.inbox
}

// call runs an operation on the message in the inbox; the answer is in t.out.
func (t *toolkit) call(op, n int) (status int) {
	t.out.reset()
	defer func() {
		if p := recover(); p != nil {
			t.out.drop()
			broken(p).write(&t.out)
			status = statusBroken
		}
	}()
	if op < 0 || op >= len(operations) || n < 0 || n > len(t.inbox) {
		panic(errMalformedCall)
	}
	args, err := readCall(t.inbox[:n])
	if err != nil {
		panic(err)
	}
	c := &call{args: args, out: &t.out, kit: t}
	err = operations[op].run(c)
	if c.errs.first != nil {
		err = c.errs.first
	}
	if err == nil && t.out.tooLong {
		err = errTooLong
	}
	if err != nil {
		t.out.drop()
		failureOf(err).write(&t.out)
		return statusFailed
	}
	return statusOK
}

var errTooLong = &failure{Code: codeLimit, Message: "the result holds a text or a list that is too long for JavaScript"}

// broken describes a panic: a defect of the toolkit, never of its input.
func broken(p any) *failure {
	var what string
	switch p := p.(type) {
	case runtime.Error:
		what = p.Error()
	case error:
		what = p.Error()
	case string:
		what = p
	default:
		what = "panic"
	}
	return &failure{
		Code:    codeInternal,
		Message: "the toolkit failed: " + what,
		Detail:  strings.TrimSpace(stack()),
		Hint:    "this is a defect of dsmlkit; please report it with the detail and, if you can, the input. The next call runs on a fresh instance",
	}
}

// stack tells where the panic came from. That of runtime/debug would bring fmt
// and os.
func stack() string {
	text := make([]byte, 16<<10)
	return string(text[:runtime.Stack(text, false)])
}

// shelf keeps objects that JavaScript refers to by number.
type shelf struct {
	items map[int32]held
	last  int32
}

// held is one of them. In an any, a session would bring the methods by which
// fmt prints what it holds, and those of time.Time are many.
type held struct {
	stream  *stream
	sql     *sqlStream
	session *tracked
}

func (s *shelf) put(x held) int32 {
	for {
		s.last++
		if s.last <= 0 {
			s.last = 1
		}
		if _, taken := s.items[s.last]; !taken {
			s.items[s.last] = x
			return s.last
		}
	}
}

// shelved returns what the call's handle stands for.
func (c *call) shelved() held { return c.kit.objects.items[int32(c.arg("handle").num)] }

// mustHold stops a call whose handle stands for nothing of the kind it is
// about. Numbers come from our own JavaScript alone, so that is a defect.
func mustHold(found bool) {
	if !found {
		panic("no object with this handle")
	}
}
