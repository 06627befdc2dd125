package endpoint

import (
	"fmt"
	"net/http"
	"time"

	"github.com/dsmlkit/dsmlkit/session"
	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// flushAt is how much of an answer is gathered before it goes out, in bytes:
// large enough to make few packets, small enough that entries show early.
const flushAt = 32 << 10

// answer writes one SOAP answer while it comes about.
type answer struct {
	http      http.ResponseWriter
	version   soap.Version
	status    int           // 0: 200
	patience  time.Duration // for each part of the answer; 0: without end
	sessionID string        // for the Session header of the answer; "" for none

	w          *xml.Writer
	sent       bool
	outcome    Outcome
	searching  bool                          // a searchResponse is open
	references []*dsml.SearchResultReference // of the open searchResponse: they follow all entries (D-93)
}

// begin opens the envelope and the batchResponse.
func (a *answer) begin(id dsml.Optional) {
	a.w = xml.NewWriter(xml.WriterOptions{})
	var headers func(*xml.Writer)
	if a.sessionID != "" {
		headers = func(w *xml.Writer) { session.DSMLResponseHeader(w, a.sessionID) }
	}
	soap.Start(a.w, a.version, "", headers)
	// What cannot be written shows when the first part is sent.
	_ = dsml.StartBatchResponse(a.w, id)
}

// item writes one entry, or keeps one reference until the entries are through.
func (a *answer) item(id dsml.Optional, it directory.SearchItem) error {
	if err := a.startSearch(id); err != nil {
		return err
	}
	if it.Reference != nil {
		a.references = append(a.references, it.Reference)
		return nil
	}
	it.Entry.RequestID = id // D-19
	if err := dsml.WriteEntry(a.w, it.Entry); err != nil {
		return fmt.Errorf("an entry cannot be written: %w", err) // its name has values in it, and this goes to the log
	}
	return a.flush(flushAt)
}

func (a *answer) startSearch(id dsml.Optional) error {
	if a.searching {
		return nil
	}
	a.searching = true
	return dsml.StartSearchResponse(a.w, id)
}

// finish writes the response that ends a request.
func (a *answer) finish(resp dsml.Response) error {
	done, ok := resp.(*dsml.Result)
	switch {
	case ok && done.Kind == dsml.SearchResultDone:
		if err := a.endSearch(done); err != nil {
			return err
		}
	case a.searching:
		// The search broke off without an LDAP result. The schema wants a
		// searchResultDone behind the entries that went out already; the error
		// itself follows it.
		if err := a.brokenSearch(resp); err != nil {
			return err
		}
	default:
		if err := dsml.WriteResponse(a.w, resp); err != nil {
			return err
		}
	}
	return a.flush(flushAt)
}

func (a *answer) endSearch(done *dsml.Result) error {
	if err := a.startSearch(done.RequestID); err != nil {
		return err
	}
	for _, r := range a.references {
		r.RequestID = done.RequestID
		if err := dsml.WriteReference(a.w, r); err != nil {
			return err
		}
	}
	a.references, a.searching = nil, false
	return dsml.EndSearchResponse(a.w, done)
}

// brokenSearch ends a search whose entries are on their way already when it
// fails outside LDAP. One request has one response element, so the failure is
// told in the searchResultDone, with the code that RFC 4511 has for it.
func (a *answer) brokenSearch(resp dsml.Response) error {
	done := &dsml.Result{Kind: dsml.SearchResultDone}
	done.RequestID, done.Code = resp.ID(), dsml.Other
	if e, ok := resp.(*dsml.ErrorResponse); ok {
		done.ErrorMessage = e.Type.String() + ": " + e.Message
		if e.Type == dsml.ConnectionClosed || e.Type == dsml.CouldNotConnect {
			done.Code = dsml.Unavailable
		}
	}
	return a.endSearch(done)
}

// end closes the answer and sends what is left of it.
func (a *answer) end() error {
	if err := dsml.EndBatchResponse(a.w); err != nil {
		return err
	}
	soap.End(a.w)
	if err := a.w.Err(); err != nil {
		return err
	}
	return a.flush(0)
}

// flush sends what is complete when it is at least that many bytes.
func (a *answer) flush(least int) error {
	if err := a.w.Err(); err != nil {
		return err
	}
	if a.w.Len() < least {
		return nil
	}
	a.expect()
	part := a.w.Take()
	if !a.sent {
		a.head(http.StatusOK)
	}
	if _, err := a.http.Write(part); err != nil {
		return fmt.Errorf("writing the answer: %w", err)
	}
	if f, ok := a.http.(http.Flusher); ok && least > 0 {
		f.Flush()
	}
	return nil
}

// expect gives the client time to take in what is sent next.
func (a *answer) expect() {
	if a.patience > 0 {
		// Not every ResponseWriter has deadlines.
		_ = http.NewResponseController(a.http).SetWriteDeadline(time.Now().Add(a.patience))
	}
}

// head sends status and headers (D-116).
func (a *answer) head(status int) {
	if a.status != 0 {
		status = a.status
	}
	a.sent = true
	h := a.http.Header()
	if a.version == soap.V12 {
		h.Set("Content-Type", "application/soap+xml; charset=utf-8")
	} else {
		h.Set("Content-Type", "text/xml; charset=utf-8")
	}
	h.Set("Cache-Control", "no-store")
	h.Set("X-Content-Type-Options", "nosniff")
	a.http.WriteHeader(status)
}

// only answers with a single errorResponse.
func (a *answer) only(id dsml.Optional, e *dsml.ErrorResponse) {
	a.outcome = outcomeOf(e)
	a.begin(id)
	if err := a.finish(e); err != nil {
		a.abort(err)
		return
	}
	if err := a.end(); err != nil {
		a.abort(err)
	}
}

// fault answers with a SOAP fault (D-115). The header blocks tell more about it.
func (a *answer) fault(f *soap.Fault, headers ...soap.Header) {
	a.outcome = OutcomeFault
	f.Version = a.version
	env := &soap.Envelope{Version: a.version, Prefix: session.DSMLFaultPrefix, Headers: headers, Fault: f}
	text, err := env.Marshal(nil)
	if err != nil {
		http.Error(a.http, "Internal Server Error", http.StatusInternalServerError)
		return
	}
	a.expect()
	a.head(faultStatus(f))
	_, _ = a.http.Write(text) // the client may be gone; there is nobody else to tell
}

// faultStatus is the HTTP status of a fault: 500 in SOAP 1.1, whoever is to blame
// (section 6.2), and in SOAP 1.2 that of table 20 of part 2.
func faultStatus(f *soap.Fault) int {
	if f.Version == soap.V12 && f.IsSender() {
		return http.StatusBadRequest
	}
	return http.StatusInternalServerError
}

// refuse answers with the fault of an error of the session rules (D-141).
func (a *answer) refuse(err error) { a.fault(session.DSMLFault(err, a.version)) }

// abort ends an answer that cannot be completed. What is on its way already
// must not look whole, so the connection is broken off.
func (a *answer) abort(err error) {
	if a.sent {
		a.outcome = OutcomeBroken
		panic(http.ErrAbortHandler)
	}
	a.refuse(err)
}
