package main

import (
	"errors"

	"github.com/hack-pad/safejs"
)

// reader takes values out of JavaScript objects; its first error stays.
type reader struct{ err error }

func (r *reader) get(v safejs.Value, name string) safejs.Value {
	if r.err != nil {
		return safejs.Undefined()
	}
	var got safejs.Value
	got, r.err = v.Get(name)
	return got
}

func (r *reader) text(v safejs.Value) string {
	if r.err != nil {
		return ""
	}
	if v.Type() != safejs.TypeString {
		r.err = errors.New("a string was expected")
		return ""
	}
	var s string
	s, r.err = v.String()
	return s
}

func (r *reader) length(v safejs.Value) int {
	if r.err != nil {
		return 0
	}
	var n int
	n, r.err = v.Length()
	return n
}

func (r *reader) texts(v safejs.Value) []string {
	all := make([]string, r.length(v))
	for i := range all {
		if r.err != nil {
			return nil
		}
		var item safejs.Value
		item, r.err = v.Index(i)
		all[i] = r.text(item)
	}
	return all
}

func (r *reader) bytes(v safejs.Value) []byte {
	content := make([]byte, r.length(v))
	if r.err == nil {
		_, r.err = safejs.CopyBytesToGo(content, v)
	}
	return content
}

// readMessage reads what JavaScript calls EdgeRequest.
func readMessage(v safejs.Value) (message, error) {
	var r reader
	m := message{
		method:  r.text(r.get(v, "method")),
		url:     r.text(r.get(v, "url")),
		headers: r.texts(r.get(v, "headers")),
		body:    r.bytes(r.get(v, "body")),
		client:  r.text(r.get(v, "client")),
	}
	return m, r.err
}

// toJavaScript is the receiver that JavaScript calls EdgeAnswer.
type toJavaScript struct{ answer, uint8Array safejs.Value }

func (t toJavaScript) head(status int, headers []string) error {
	list := make([]any, len(headers))
	for i, text := range headers {
		list[i] = text
	}
	_, err := t.answer.Call("head", status, list)
	return err
}

func (t toJavaScript) body(piece []byte) (bool, error) {
	// A copy: Go's memory is used again, and may move, while JavaScript still
	// holds the piece.
	out, err := t.uint8Array.New(len(piece))
	if err != nil {
		return false, err
	}
	if _, err := safejs.CopyBytesToJS(out, piece); err != nil {
		return false, err
	}
	room, err := t.answer.Call("body", out)
	if err != nil {
		return false, err
	}
	return room.Bool()
}

func (t toJavaScript) end() error {
	_, err := t.answer.Call("end")
	return err
}

func (t toJavaScript) fail(why string) error {
	_, err := t.answer.Call("fail", why)
	return err
}
