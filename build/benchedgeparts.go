package main

import (
	"context"
	"fmt"
	"time"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// equal makes sure that sessions and the stock Worker find the same.
func (e *edgeBench) equal(ctx context.Context) error {
	// A refusal shows in what is found.
	if err := e.addEntry(ctx); err != nil {
		return err
	}
	theirs, err := e.post(ctx, "stock", e.edgeMessage(""))
	if err != nil {
		return err
	}
	for _, worker := range keptWorkers {
		id, err := e.open(ctx, worker)
		if err != nil {
			return err
		}
		ours, err := e.post(ctx, worker, e.edgeMessage(id))
		if err != nil {
			return err
		}
		if err := sameAnswers(ours, theirs); err != nil {
			return err
		}
	}
	return nil
}

func sameAnswers(ours, theirs []byte) error {
	var both [2]found
	for i, text := range [][]byte{ours, theirs} {
		parsed, err := dsml.Parse(text, dsml.Options{})
		if err != nil {
			return err
		}
		batch, ok := parsed.Document.(*dsml.BatchResponse)
		if !ok || len(batch.Responses) != 1 {
			return fmt.Errorf("no answer to one search: %.500s", text)
		}
		search, ok := batch.Responses[0].(*dsml.SearchResponse)
		if !ok || len(search.Entries) != 1 {
			return fmt.Errorf("no answer with one entry: %.500s", text)
		}
		both[i] = foundDSML{search}
	}
	if _, same := sameEntries(both[0], both[1]); !same {
		return fmt.Errorf("two Workers find different things:\n%s\n%s", ours, theirs)
	}
	return nil
}

// asking is a Worker with what each client sends it.
type asking struct {
	way
	worker   string
	messages [][]byte // of each client
	right    func(answer []byte) bool
}

// measured are the samples of one Worker.
type measured struct{ rates, latencies []float64 }

// inTurns lets the clients ask one Worker after the other.
func (e *edgeBench) inTurns(ctx context.Context, all []asking) ([]measured, error) {
	out := make([]measured, len(all))
	for round := range 1 + edgeRounds {
		for i, a := range all {
			got, err := press(ctx, len(a.messages), edgeTime, func(ctx context.Context, client, _ int) error {
				text, err := e.post(ctx, a.worker, a.messages[client])
				if err == nil && !a.right(text) {
					err = fmt.Errorf("the Worker %q answers %.300s", a.worker, text)
				}
				return err
			})
			if err != nil {
				return nil, err
			}
			if round > 0 { // the first one warms up
				out[i].rates = append(out[i].rates, got.perSecond())
				out[i].latencies = append(out[i].latencies, got.latencies...)
			}
		}
	}
	return out, nil
}

// keptWorkers have a Go program that is kept for a session, and the figures that
// are theirs.
var (
	keptWorkers = []string{"edge", "memory"}
	keptFigures = map[string]string{"edge": "edge/session", "memory": "edge/session-in-memory"}
)

// session measures requests in sessions that are open.
func (e *edgeBench) session(ctx context.Context) error {
	for _, worker := range keptWorkers {
		var own, plain [][]byte
		for range edgeClients {
			id, err := e.open(ctx, worker)
			if err != nil {
				return err
			}
			own, plain = append(own, e.edgeMessage(id)), append(plain, e.edgeMessage(""))
		}
		for _, clients := range []int{edgeClients, 1} {
			all := []asking{
				{way{name: ""}, worker, own[:clients], foundOne},
				{way{name: stockWorker}, "stock", plain[:clients], foundOne},
				{way{name: emptyWorker}, "empty", plain[:clients], anything},
			}
			got, err := e.inTurns(ctx, all)
			if err != nil {
				return err
			}
			if clients > 1 {
				e.add(compared(keptFigures[worker], fmt.Sprintf("requests/s, %d sessions at a time", clients), waysOf(all), func(i int) float64 { return median(got[i].rates) }))
				continue
			}
			e.addLatencies(keptFigures[worker], all, got)
		}
	}
	return nil
}

func anything([]byte) bool { return true }

func waysOf(all []asking) (ways []way) {
	for _, a := range all {
		ways = append(ways, a.way)
	}
	return ways
}

func (e *edgeBench) addLatencies(id string, all []asking, got []measured) {
	for _, percent := range []int{50, 99} {
		f := compared(fmt.Sprintf("%s-p%d", id, percent), "ms, one client", waysOf(all), func(i int) float64 { return percentile(got[i].latencies, percent) })
		f.lessIsBetter = true
		e.add(f)
	}
}

// routing measures the front Worker alone: the objects behind it do nothing.
func (e *edgeBench) routing(ctx context.Context) error {
	// An object that does nothing tells its id, which is a session's.
	id, err := e.post(ctx, "routing", e.edgeMessage("new"))
	if err != nil {
		return err
	}
	reached := func(answer []byte) bool { return string(answer) == string(id) }
	message := [][]byte{e.edgeMessage(string(id))}
	all := []asking{{way{name: ""}, "routing", message, reached}, {way{name: emptyWorker}, "empty", message, anything}}
	got, err := e.inTurns(ctx, all)
	if err != nil {
		return err
	}
	e.addLatencies("edge/routing", all, got)
	return nil
}

// begins times the first request of sessions: an object, a Go program, a
// connection to the server, and the batch.
func (e *edgeBench) begins(ctx context.Context) error {
	var taken []float64
	for range edgeBegins {
		start := time.Now()
		if _, err := e.open(ctx, "edge"); err != nil {
			return err
		}
		taken = append(taken, milliseconds(time.Since(start)))
	}
	e.add(figure{
		ID: "edge/begin", Unit: "ms, first request of a session", Ours: median(taken), lessIsBetter: true,
		notes: []string{"the slowest of " + fmt.Sprint(len(taken)) + ": " + amount(percentile(taken, 100)) + " ms"},
	})
	return nil
}

// memory is what the runtime takes more for each session that is open.
func (e *edgeBench) memory(ctx context.Context) error {
	pid := e.workerd.Process.Pid
	before, err := resident(pid)
	if err != nil {
		console.printf("edge/memory is left out: only Linux tells the memory of another process\n")
		return nil
	}
	for range edgeSessions {
		if _, err := e.open(ctx, "edge"); err != nil {
			return err
		}
	}
	after, err := resident(pid)
	if err != nil {
		return err
	}
	e.add(figure{
		ID: "edge/memory", Unit: fmt.Sprintf("MB of workerd for each of %d sessions more", edgeSessions),
		Ours: (after - before) / 1e6 / edgeSessions, lessIsBetter: true,
	})
	return nil
}
