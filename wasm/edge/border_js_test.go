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
	m, err := readMessage(evaluate(t, `{method: "POST", url: "https://e/ü", headers: ["A", "1, 2", "A", ""], body: Uint8Array.of(0, 255), client: "::1"}`))
	if err != nil || m.method != "POST" || m.url != "https://e/ü" || m.client != "::1" ||
		!slices.Equal(m.headers, []string{"A", "1, 2", "A", ""}) || !slices.Equal(m.body, []byte{0, 255}) {
		t.Errorf("%+v, %v", m, err)
	}
}

func TestWhatIsNoMessageIsAnErrorAndNoPanic(t *testing.T) {
	for _, expression := range []string{
		"undefined", "null", "1", "{}", `{method: 1, url: "", headers: [], body: new Uint8Array(), client: ""}`,
		`{method: "", url: "", headers: [1], body: new Uint8Array(), client: ""}`,
		`{method: "", url: "", headers: null, body: new Uint8Array(), client: ""}`,
		`{method: "", url: "", headers: [], body: "text", client: ""}`,
		`{method: "", url: "", headers: [], body: null, client: ""}`,
	} {
		if m, err := readMessage(evaluate(t, expression)); err == nil {
			t.Errorf("%s: %+v", expression, m)
		}
	}
}

func TestAnswerCrossesTheBorder(t *testing.T) {
	answer := evaluate(t, `({
		said: [], over: null,
		head(status, headers) { this.said.push(status, ...headers) },
		body(piece) { this.said.push(new TextDecoder().decode(piece)); return true },
		end() { this.said.push("end"); this.over() },
		fail(why) { this.said.push(why); this.over() },
	})`)
	over := make(chan struct{})
	done, err := safejs.FuncOf(func(safejs.Value, []safejs.Value) any { close(over); return nil })
	if err != nil {
		t.Fatal(err)
	}
	defer done.Release()
	if err := answer.Set("over", done.Value()); err != nil {
		t.Fatal(err)
	}
	uint8Array, err := safejs.Global().Get("Uint8Array")
	if err != nil {
		t.Fatal(err)
	}
	s := newServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/plain")
		if _, err := w.Write([]byte("größer")); err != nil {
			t.Error(err)
		}
	}), slog.New(slog.DiscardHandler))
	s.start(1, get, toJavaScript{answer: answer, uint8Array: uint8Array})
	<-over
	said, err := answer.Get("said")
	if err != nil {
		t.Fatal(err)
	}
	text, err := said.Call("join", "|")
	if err != nil {
		t.Fatal(err)
	}
	if got, err := text.String(); err != nil || got != "200|Content-Type|text/plain|größer|end" {
		t.Errorf("JavaScript got %q, %v", got, err)
	}
}

// A receiver that throws ends its own request.
func TestAnswerThatThrows(t *testing.T) {
	to := toJavaScript{
		answer:     evaluate(t, `({ head() { throw new Error("no head") }, body() { return "perhaps" }, end() {}, fail() {} })`),
		uint8Array: evaluate(t, "Uint8Array"),
	}
	if err := to.head(200, nil); err == nil {
		t.Error("the thrown error was lost")
	}
	if _, err := to.body([]byte("x")); err == nil {
		t.Error("a room that is neither true nor false")
	}
}
