package gateway

import (
	"context"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"time"

	"github.com/dsmlkit/dsmlkit/web/endpoint"
)

// longestLogged bounds one text in the log, in bytes. What comes from outside
// must not fill a disk by being repeated.
const longestLogged = 500

// sensitive are names of log attributes whose values are never written, should
// anybody ever log one.
var sensitive = map[string]bool{"authorization": true, "cookie": true, "credentials": true, "password": true, "secret": true, "token": true}

// newLog makes the log of the configuration, which was checked.
func (c *Config) newLog(w io.Writer) *slog.Logger {
	var level slog.Level
	_ = level.UnmarshalText([]byte(c.LogLevel))
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: func(_ []string, a slog.Attr) slog.Attr {
		switch {
		case sensitive[strings.ToLower(a.Key)]:
			a.Value = slog.StringValue(mask)
		case a.Value.Kind() == slog.KindString && len(a.Value.String()) > longestLogged && a.Key != "stack":
			a.Value = slog.StringValue(a.Value.String()[:longestLogged] + "...")
		}
		return a
	}}
	if c.LogFormat == "json" {
		return slog.New(slog.NewJSONHandler(w, options))
	}
	return slog.New(slog.NewTextHandler(w, options))
}

// note is what is noted about one HTTP request.
type note struct {
	status   int
	bytes    int64
	message  endpoint.Message // of a DSML endpoint
	endpoint string           // its label; "" for anything else
}

type noteKey struct{}

// noteOf returns the note of a request under way.
func noteOf(ctx context.Context) *note {
	n, _ := ctx.Value(noteKey{}).(*note)
	return n
}

// noting is a ResponseWriter that counts.
type noting struct {
	http.ResponseWriter
	*note
}

func (n *noting) WriteHeader(status int) {
	if n.status == 0 && status >= 200 {
		n.status = status
	}
	n.ResponseWriter.WriteHeader(status)
}

func (n *noting) Write(p []byte) (int, error) {
	if n.status == 0 {
		n.status = http.StatusOK
	}
	k, err := n.ResponseWriter.Write(p)
	n.bytes += int64(k)
	return k, err
}

// Unwrap lets http.ResponseController reach deadlines, and Flush the wire.
func (n *noting) Unwrap() http.ResponseWriter { return n.ResponseWriter }

// Flush sends what is buffered; the endpoints stream.
func (n *noting) Flush() { _ = http.NewResponseController(n.ResponseWriter).Flush() }

// noted writes a line about every request, and counts it. Neither headers nor
// bodies are looked at, and of the address only the path.
func (g *Gateway) noted(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		began := time.Now()
		n := &note{}
		g.metrics.inFlight.Inc()
		whole := false
		defer func() {
			g.metrics.inFlight.Dec()
			took := time.Since(began)
			g.metrics.request(n, r.Method, took)
			attrs := []slog.Attr{
				slog.String("method", r.Method), slog.String("path", r.URL.Path), slog.Int("status", n.status),
				slog.Int64("bytes", n.bytes), slog.Duration("took", took), slog.String("client", g.client(r)),
			}
			if !whole {
				attrs = append(attrs, slog.Bool("broken", true))
			}
			if n.endpoint != "" {
				attrs = append(attrs, slog.String("endpoint", n.endpoint))
			}
			if m := n.message; m.Outcome != "" {
				attrs = append(attrs, slog.String("outcome", string(m.Outcome)), slog.Int("requests", m.Requests), slog.String("step", m.Step.String()))
				if m.Session != "" {
					attrs = append(attrs, slog.String("session", m.Session))
				}
			}
			g.log.LogAttrs(r.Context(), slog.LevelInfo, "request", attrs...)
		}()
		next.ServeHTTP(&noting{w, n}, r.WithContext(context.WithValue(r.Context(), noteKey{}, n)))
		if n.status == 0 {
			n.status = http.StatusOK
		}
		whole = true
	})
}
