package main

import (
	"context"
	"crypto/rand"
	"fmt"
	"io"
	"strconv"
	"time"

	"github.com/dsmlkit/dsmlkit/session"
)

const (
	sessionRounds = 5
	fewSessions   = "10 sessions" // the row that many are compared with
)

// sessions measures the server's table and the package's client sessions, with
// few and with many of them open.
func (b *bench) sessions(ctx context.Context) error {
	err := console.step("sessions/table", func() (string, error) { return "measured", b.tables(ctx) })
	if err != nil {
		return err
	}
	return console.step("sessions/js", func() (string, error) { return "measured", b.clientSessions(ctx) })
}

const manySessions = 100_000

// tables measures a use of a session, and a beginning and an end together.
func (b *bench) tables(ctx context.Context) error {
	few, many := newFilledTable(10), newFilledTable(manySessions)
	for _, t := range []*filledTable{few, many} {
		defer t.Close()
		if err := t.fill(ctx); err != nil {
			return err
		}
	}
	for _, work := range []struct {
		id   string
		once func(*filledTable, context.Context, int) error
	}{
		{"sessions/table-use", (*filledTable).use},
		{"sessions/table-begin-end", (*filledTable).beginAndEnd},
	} {
		var samples [2][]float64
		for range sessionRounds {
			for i, t := range []*filledTable{many, few} {
				runs, start := 0, time.Now()
				for time.Since(start) < sampleTime {
					for range 100 {
						if err := work.once(t, ctx, runs); err != nil {
							return err
						}
						runs++
					}
				}
				samples[i] = append(samples[i], float64(runs)/time.Since(start).Seconds())
			}
		}
		b.add(figure{
			ID: work.id, Unit: fmt.Sprintf("operations/s with %d sessions open", manySessions),
			Ours: median(samples[0]), Against: map[string]float64{fewSessions: median(samples[1])},
		})
	}
	return nil
}

// filledTable is a table with sessions of many clients.
type filledTable struct {
	*session.Table
	ids []string
}

func newFilledTable(count int) *filledTable {
	unlimited := -1
	return &filledTable{
		session.NewTable(session.TableOptions{Rand: rand.Reader, Max: &unlimited, MaxPerClient: &unlimited}),
		make([]string, count),
	}
}

func (t *filledTable) peer(i int) session.Peer {
	i %= len(t.ids)
	return session.Peer{Address: "10.0." + strconv.Itoa(i>>8) + "." + strconv.Itoa(i&255)}
}

func nothing(context.Context) (io.Closer, error) { return nil, nil }

func (t *filledTable) fill(ctx context.Context) error {
	for i := range t.ids {
		lease, err := t.Begin(ctx, t.peer(i), nothing)
		if err != nil {
			return err
		}
		t.ids[i] = lease.ID()
		lease.Release()
	}
	return nil
}

func (t *filledTable) use(ctx context.Context, i int) error {
	i = i * 7919 % len(t.ids) // in no order that memory likes
	lease, err := t.Use(ctx, t.ids[i], t.peer(i))
	if err != nil {
		return err
	}
	lease.Release()
	return nil
}

func (t *filledTable) beginAndEnd(ctx context.Context, i int) error {
	begun, err := t.Begin(ctx, t.peer(i), nothing)
	if err != nil {
		return err
	}
	begun.Release()
	ended, err := t.End(ctx, begun.ID(), t.peer(i))
	if err != nil {
		return err
	}
	ended.Release()
	return nil
}

// manyClientSessions are fewer than a server has: no page opens more.
const manyClientSessions = 10_000

// clientSessions has two processes of JavaScript exchange messages in turns.
func (b *bench) clientSessions(ctx context.Context) error {
	var workers []*worker
	for _, count := range []int{manyClientSessions, 10} {
		w, err := b.startSessions(ctx)
		if err != nil {
			return err
		}
		defer w.stop()
		if err := w.do(map[string]any{"do": "open", "count": count}, nil); err != nil {
			return err
		}
		workers = append(workers, w)
	}
	var samples [2][]float64
	for range 1 + sessionRounds {
		for i, w := range workers {
			got, err := w.exchange()
			if err != nil {
				return err
			}
			samples[i] = append(samples[i], got.Both)
		}
	}
	for i := range samples {
		samples[i] = samples[i][1:] // the first one warms up
	}
	b.add(figure{
		ID: "sessions/js", Unit: fmt.Sprintf("messages with their answers/s, %d sessions open", manyClientSessions),
		Ours: median(samples[0]), Against: map[string]float64{fewSessions: median(samples[1])},
	})
	return nil
}

func (b *bench) startSessions(ctx context.Context) (*worker, error) {
	return b.startDriver(ctx, "sessions", nil, []string{"--expose-gc", b.path("build/bench/sessions.mjs"), b.packageURL()})
}

// exchanged is messages a second.
type exchanged struct{ Send, Receive, Both float64 }

func (w *worker) exchange() (got exchanged, err error) {
	return got, w.do(map[string]any{"do": "exchange", "atLeast": 3 * sampleTime.Milliseconds()}, &got)
}
