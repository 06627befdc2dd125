package main

import "context"

// calls measures what the smallest useful calls cost, where the way across the
// border of WebAssembly is most of it.
func (b *bench) calls(ctx context.Context) error {
	err := console.step("calls/parse", func() (string, error) {
		c := contest{id: "calls/parse", rounds: 7, perCall: true}
		return "measured", b.contest(ctx, c, b.chosen(func(p xmlParser) bool { return p.node }), b.openInNode)
	})
	if err != nil {
		return err
	}
	return console.step("calls/session", func() (string, error) {
		w, err := b.startSessions(ctx)
		if err != nil {
			return "", err
		}
		defer w.stop()
		if err := w.do(map[string]any{"do": "open", "count": 10}, nil); err != nil {
			return "", err
		}
		var send, receive []float64
		for round := range 1 + sessionRounds {
			got, err := w.exchange()
			if err != nil {
				return "", err
			}
			if round > 0 { // the first one warms up
				send, receive = append(send, got.Send), append(receive, got.Receive)
			}
		}
		b.add(figure{ID: "calls/send", Unit: "messages made/s", Ours: median(send)})
		b.add(figure{ID: "calls/receive", Unit: "answers taken/s", Ours: median(receive)})
		return "measured", nil
	})
}

// smallest is the shortest response that has something in it.
func smallest() document {
	return documentOf(func(visit func(entry) bool) {
		visit(entry{"cn=a,dc=example,dc=com", []attribute{{name: "cn", values: []string{"a"}}}})
	}, 1)
}
