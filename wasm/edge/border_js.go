//lint:file-ignore U1000 JavaScript calls what go:wasmexport marks, which the linter does not know

package main

import (
	"errors"
	"io"
	"strings"
	"unsafe"

	"github.com/hack-pad/safejs"
)

// What crosses the border while requests are served lies in linear memory, and
// is spoken of by where it begins and how long it is: a call with a few numbers
// costs a hundredth of one whose values Go and JavaScript have to translate. A
// call from JavaScript (an export) does what can be done at once; goroutines
// that it wakes run when JavaScript gives Go its turn next (wasm/js/edge-go.ts).

// border is the bridge of this program, for the exports.
var border *bridge

// inbox is where JavaScript writes what the next export takes. It is made for
// that one call, which may keep it.
var inbox []byte

// reserve returns the address of n bytes to write to.
//
//go:wasmexport reserve
func reserve(n int32) unsafe.Pointer {
	inbox = make([]byte, max(n, 1))
	return unsafe.Pointer(unsafe.SliceData(inbox))
}

// taken returns what lies in the inbox, which is given away.
func taken(n int32) []byte {
	content := inbox[:n:n]
	inbox = nil
	return content
}

// serve takes a request: a head of so many bytes, and a body behind it.
//
//go:wasmexport serve
func serve(id, head, body int32) {
	if id == 0 {
		panic("a request without a number: its answer would be nobody's")
	}
	content := taken(head + body)
	border.server.start(int(id), readMessage(string(content[:head]), content[head:]), toJavaScript{border.host, int(id)})
}

// cancel ends a request whose client is gone.
//
//go:wasmexport cancel
func cancel(id int32) { border.server.cancel(int(id)) }

// proceed lets an answer go on.
//
//go:wasmexport proceed
func proceed(id int32) { border.server.proceed(int(id)) }

// sessions is how many can be used, without a look at the rest.
//
//go:wasmexport sessions
func sessions() int32 { return int32(len(border.table.List())) }

// opened tells how the opening of a socket went; without a problem, well.
//
//go:wasmexport opened
func opened(id, problem int32) { border.sockets.told(int(id), problemIn(taken(problem))) }

// received brings what a socket read, or what went wrong. Neither means that the
// other side has closed.
//
//go:wasmexport received
func received(id, bytes, problem int32) {
	content := taken(bytes + problem)
	c, err := border.sockets.find(int(id))
	if err != nil {
		return // closed meanwhile
	}
	err = problemIn(content[bytes:])
	if err == nil && bytes == 0 {
		err = io.EOF
	}
	c.received(content[:bytes], err)
}

// written tells how the piece fared that a socket was given last.
//
//go:wasmexport written
func written(id, problem int32) {
	err := problemIn(taken(problem))
	if c, gone := border.sockets.find(int(id)); gone == nil {
		c.written(err)
	}
}

func problemIn(text []byte) error {
	if len(text) == 0 {
		return nil
	}
	return errors.New(string(text))
}

// readMessage reads the head of a request: method, address, client, and names
// and values of headers in turn, each with a NUL behind it. By the rules of HTTP
// none of them can hold one.
func readMessage(head string, body []byte) message {
	m := message{headers: make([]string, 0, strings.Count(head, "\x00")), body: body}
	m.method, head, _ = strings.Cut(head, "\x00")
	m.url, head, _ = strings.Cut(head, "\x00")
	m.client, head, _ = strings.Cut(head, "\x00")
	for head != "" {
		var text string
		text, head, _ = strings.Cut(head, "\x00")
		m.headers = append(m.headers, text)
	}
	return m
}

// toJavaScript is the receiver of the request with that number: the host's
// functions answer and fail.
type toJavaScript struct {
	host safejs.Value
	id   int
}

func (t toJavaScript) answer(status int, headers []string, piece []byte, last bool) (bool, error) {
	var head []byte
	for _, text := range headers {
		head = append(append(head, text...), 0)
	}
	headAt, headLength := place(head)
	at, length := place(piece)
	room, err := t.host.Call("answer", t.id, status, headAt, headLength, at, length, last)
	if err != nil {
		return false, err
	}
	return room.Bool()
}

func (t toJavaScript) fail(why string) error {
	_, err := t.host.Call("fail", t.id, why)
	return err
}

// place says where the bytes lie, for JavaScript to copy during a call: after
// it they are Go's again. Go does not move memory.
func place(content []byte) (at, length int) {
	return int(uintptr(unsafe.Pointer(unsafe.SliceData(content)))), len(content)
}

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
