package gateway

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/web/endpoint"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// metrics are those of one gateway. Every label has few values, whatever
// clients send.
type metrics struct {
	registry *prometheus.Registry

	inFlight       prometheus.Gauge
	busy           prometheus.Counter
	requests       *prometheus.CounterVec   // endpoint, method, code
	requestTime    *prometheus.HistogramVec // endpoint
	messages       *prometheus.CounterVec   // endpoint, step, outcome
	operations     *prometheus.CounterVec   // endpoint, operation, result
	operationTime  *prometheus.HistogramVec // endpoint, operation
	entries        *prometheus.CounterVec   // endpoint
	begun          *prometheus.CounterVec   // endpoint
	ended          *prometheus.CounterVec   // endpoint, cause
	sessionsOpen   *prometheus.Desc
	sessionRefused *prometheus.Desc
	sessionUnknown *prometheus.Desc
	sessionForeign *prometheus.Desc
}

// latency are the bounds of the histograms, in seconds.
var latency = []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10, 30, 60, 300}

func newMetrics() *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Namespace: "dsmlkit", Name: name, Help: help}, labels)
	}
	histogram := func(name, help string, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Namespace: "dsmlkit", Name: name, Help: help, Buckets: latency}, labels)
	}
	described := func(name, help string) *prometheus.Desc {
		return prometheus.NewDesc("dsmlkit_"+name, help, []string{"endpoint"}, nil)
	}
	m := &metrics{
		registry:       prometheus.NewRegistry(),
		inFlight:       prometheus.NewGauge(prometheus.GaugeOpts{Namespace: "dsmlkit", Name: "http_requests_in_flight", Help: "HTTP requests that are being answered."}),
		busy:           prometheus.NewCounter(prometheus.CounterOpts{Namespace: "dsmlkit", Name: "busy_total", Help: "Messages that were told to come back because too many ran."}),
		requests:       counter("http_requests_total", "HTTP requests by status; code 0 is an answer that broke off before it began.", "endpoint", "method", "code"),
		requestTime:    histogram("http_request_duration_seconds", "Time from the headers of a request to the end of its answer.", "endpoint"),
		messages:       counter("messages_total", "SOAP messages by what they asked of a session and what became of them.", "endpoint", "step", "outcome"),
		operations:     counter("operations_total", "Operations of batches by kind and LDAP result, or type of errorResponse with error_ in front.", "endpoint", "operation", "result"),
		operationTime:  histogram("operation_duration_seconds", "Time of an operation on the directory, the delivery of its entries included.", "endpoint", "operation"),
		entries:        counter("entries_total", "Entries and references that searches found.", "endpoint"),
		begun:          counter("sessions_begun_total", "Sessions that were begun.", "endpoint"),
		ended:          counter("sessions_ended_total", "Sessions that are over, by cause: ended, expired, lost, cleared.", "endpoint", "cause"),
		sessionsOpen:   described("sessions_open", "Sessions that count against the limits."),
		sessionRefused: described("sessions_refused_total", "Requests for a session that were above a limit."),
		sessionUnknown: described("sessions_unknown_total", "Messages for a session that is not there, those of other owners included."),
		sessionForeign: described("sessions_foreign_total", "Messages for a session of another owner."),
	}
	m.registry.MustRegister(m.inFlight, m.busy, m.requests, m.requestTime, m.messages, m.operations, m.operationTime, m.entries, m.begun, m.ended,
		collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) handler() http.Handler {
	return promhttp.HandlerFor(m.registry, promhttp.HandlerOpts{})
}

// methods are those that are counted under their own name: a client may send
// any word.
var methods = map[string]bool{http.MethodGet: true, http.MethodHead: true, http.MethodPost: true, http.MethodOptions: true}

func (m *metrics) request(n *note, method string, took time.Duration) {
	if !methods[method] {
		method = "other"
	}
	label := n.endpoint
	if label == "" {
		label = "none"
	}
	m.requests.WithLabelValues(label, method, strconv.Itoa(n.status)).Inc()
	m.requestTime.WithLabelValues(label).Observe(took.Seconds())
}

// observer notes what one endpoint does.
type observer struct {
	*metrics
	label string
}

func (o observer) Operation(_ context.Context, op endpoint.Operation) {
	o.operations.WithLabelValues(o.label, op.Request, resultLabel(op.Response)).Inc()
	o.operationTime.WithLabelValues(o.label, op.Request).Observe(op.Took.Seconds())
	o.entries.WithLabelValues(o.label).Add(float64(op.Entries))
}

func (o observer) Message(ctx context.Context, m endpoint.Message) {
	o.messages.WithLabelValues(o.label, m.Step.String(), string(m.Outcome)).Inc()
	if m.Step == session.StepBegin && m.Session != "" {
		o.begun.WithLabelValues(o.label).Inc()
	}
	if n := noteOf(ctx); n != nil {
		n.message = m
	}
}

func (o observer) sessionEnded(_ session.Info, why session.Cause, _ error) {
	o.ended.WithLabelValues(o.label, why.String()).Inc()
}

func resultLabel(response dsml.Response) string {
	code := dsml.Other
	switch r := response.(type) {
	case nil:
		return "none"
	case *dsml.ErrorResponse:
		return "error_" + r.Type.String()
	case *dsml.Result:
		code = r.Code
	case *dsml.ExtendedResponse:
		code = r.Code
	}
	if name := code.Descr(); name != "" {
		return name
	}
	return "unknown" // a server may send any number
}

// tables reports the sessions of the endpoints.
type tables struct {
	*metrics
	endpoints []*served
}

func (t tables) Describe(to chan<- *prometheus.Desc) {
	to <- t.sessionsOpen
	to <- t.sessionRefused
	to <- t.sessionUnknown
	to <- t.sessionForeign
}

func (t tables) Collect(to chan<- prometheus.Metric) {
	for _, e := range t.endpoints {
		c, label := e.table.Counters(), e.label()
		to <- prometheus.MustNewConstMetric(t.sessionsOpen, prometheus.GaugeValue, float64(e.table.Len()), label)
		to <- prometheus.MustNewConstMetric(t.sessionRefused, prometheus.CounterValue, float64(c.Refused), label)
		to <- prometheus.MustNewConstMetric(t.sessionUnknown, prometheus.CounterValue, float64(c.Unknown), label)
		to <- prometheus.MustNewConstMetric(t.sessionForeign, prometheus.CounterValue, float64(c.Foreign), label)
	}
}
