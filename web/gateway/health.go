package gateway

import (
	"context"
	"encoding/json"
	"errors"
	"net/http"
	"sync"
	"time"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

const (
	// readyPatience is how long a directory may take to show that it is there.
	readyPatience = 3 * time.Second
	// readyFresh is how long an answer stands. Asking often must not be a way to
	// keep the directory busy.
	readyFresh = 2 * time.Second
)

// healthz says that the process answers at all.
func healthz(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	_, _ = w.Write([]byte("ok\n")) // who has gone needs no answer
}

// readiness tells which endpoints can do their work.
type readiness struct {
	Ready     bool              `json:"ready"`
	Endpoints map[string]string `json:"endpoints"` // by name: "ready", "unreachable"
}

// readyCheck asks the directories, now and then.
type readyCheck struct {
	mu    sync.Mutex
	last  readiness
	until time.Time
}

// readyz says whether batches would be answered: 200 when all directories can
// be reached, 503 when not, or when the server is about to stop.
func (g *Gateway) readyz(w http.ResponseWriter, r *http.Request) {
	state := g.ready.state(r.Context(), g)
	if g.draining.Load() {
		state.Ready = false
	}
	w.Header().Set("Cache-Control", "no-store")
	w.Header().Set("Content-Type", "application/json")
	if !state.Ready {
		w.WriteHeader(http.StatusServiceUnavailable)
	}
	_ = json.NewEncoder(w).Encode(state) // who has gone needs no answer
}

func (c *readyCheck) state(ctx context.Context, g *Gateway) readiness {
	c.mu.Lock()
	defer c.mu.Unlock()
	if time.Now().Before(c.until) {
		return c.last
	}
	// The answer is for others too: it does not end with the one who asked.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), readyPatience)
	defer cancel()
	words := make([]string, len(g.endpoints))
	var wg sync.WaitGroup
	for i, e := range g.endpoints {
		wg.Go(func() {
			words[i] = "ready"
			if err := e.ready(ctx); err != nil {
				words[i] = "unreachable"
				g.log.Warn("directory not reachable", "endpoint", e.label(), "error", err)
			}
		})
	}
	wg.Wait()
	c.last = readiness{Ready: true, Endpoints: map[string]string{}}
	for i, e := range g.endpoints {
		c.last.Endpoints[e.label()] = words[i]
		c.last.Ready = c.last.Ready && words[i] == "ready"
	}
	c.until = time.Now().Add(readyFresh)
	return c.last
}

// reachable connects to a directory. One that lets nobody in without a name is
// there all the same.
func reachable(ctx context.Context, b directory.Backend) error {
	conn, err := b.Connect(ctx, directory.Identity{Anonymous: true})
	if err == nil {
		return conn.Close()
	}
	var de *directory.Error
	if errors.As(err, &de) && de.Type == dsml.AuthenticationFailed {
		return nil
	}
	return err
}
