package main

import (
	"log/slog"
	"net/http"
	"slices"
	"testing"

	"github.com/hack-pad/safejs"
)

func evaluate(t *testing.T, expression string) safejs.Value {
	t.Helper()
	make, err := safejs.Global().Get("Function")
	if err != nil {
		t.Fatal(err)
	}
	made, err := make.New("return " + expression)
	if err != nil {
		t.Fatal(err)
	}
	v, err := made.Invoke()
	if err != nil {
		t.Fatal(err)
	}
	return v
}

func TestMessageCrossesTheBorder(t *testing.T) {
	head := "POST\x00https://e/ü\x00::1\x00A\x001, 2\x00A\x00\x00"
	m := readMessage(head, []byte{0, 255})
	if m.method != "POST" || m.url != "https://e/ü" || m.client != "::1" ||
		!slices.Equal(m.headers, []string{"A", "1, 2", "A", ""}) || !slices.Equal(m.body, []byte{0, 255}) {
		t.Errorf("%+v", m)
	}
	if m := readMessage("", nil); m.method != "" || len(m.headers) > 0 {
		t.Errorf("of nothing: %+v", m)
	}
}

// What lies in the inbox belongs to the request that it was written for.
func TestInboxIsGivenAway(t *testing.T) {
	reserve(4)
	copy(inbox, "one.")
	first := taken(3)
	reserve(4)
	copy(inbox, "two.")
	if second := taken(3); string(first) != "one" || string(second) != "two" || len(taken(0)) > 0 {
		t.Errorf("%q, %q", first, second)
	}
}

func TestAnswerCrossesTheBorder(t *testing.T) {
	host := evaluate(t, `({
		said: [], over: null,
		answer(id, status, headAt, head, at, body, last) {
			this.said.push(id, status, headAt > 0, head, at > 0, body, last)
			if (last) this.over()
			return true
		},
		fail(id, why) { this.said.push(id, why); this.over() },
	})`)
	over := make(chan struct{})
	done, err := safejs.FuncOf(func(safejs.Value, []safejs.Value) any { close(over); return nil })
	if err != nil {
		t.Fatal(err)
	}
	defer done.Release()
	if err := host.Set("over", done.Value()); err != nil {
		t.Fatal(err)
	}
	s := newServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		if _, err := w.Write([]byte("größer")); err != nil {
			t.Error(err)
		}
	}), slog.New(slog.DiscardHandler))
	s.start(7, get, toJavaScript{host, 7})
	<-over
	said, err := host.Get("said")
	if err != nil {
		t.Fatal(err)
	}
	text, err := said.Call("join", "|")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := text.String(); err != nil || got != "7|200|true|24|true|8|true" {
		t.Errorf("JavaScript got %q, %v", got, err)
	}
}

// A receiver that throws ends its own request.
func TestAnswerThatThrows(t *testing.T) {
	to := toJavaScript{evaluate(t, `({ answer(id) { if (id === 1) throw new Error("no answer"); return "perhaps" }, fail() {} })`), 1}
	if _, err := to.answer(200, nil, nil, false); err == nil {
		t.Error("the thrown error was lost")
	}
	to.id = 2
	if _, err := to.answer(200, nil, []byte("x"), false); err == nil {
		t.Error("a room that is neither true nor false")
	}
}
