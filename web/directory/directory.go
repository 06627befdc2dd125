// Package directory is what the requests of a DSML batch run on. A [Backend]
// is a directory: the sample that lives in memory, an LDAP server, or another
// DSML endpoint. A [Conn] is one connection to it, with one identity and with
// the state that LDAP binds to a connection, such as the cookies of paged
// searches.
//
// What the directory answers, failures included, is an LDAP result and comes
// back as a [dsml.Response]. Only what keeps the directory from answering at
// all is an [Error].
package directory

import (
	"context"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// Backend is a directory that can be connected to. Its methods may be called
// at the same time from several goroutines.
type Backend interface {
	// Connect opens a connection and authenticates it. The context bounds the
	// opening, not the life of the connection. Refused credentials are an
	// *Error of type dsml.AuthenticationFailed, a directory out of reach one of
	// type dsml.CouldNotConnect; to the caller of an endpoint both are the
	// latter.
	Connect(ctx context.Context, id Identity) (Conn, error)
	// Close ends the backend; connections still open may fail from then on.
	Close() error
}

// Lender is a Backend that keeps connections for use by one batch after the
// other. Nothing that LDAP binds to a connection may pass from one to the next.
type Lender interface {
	// Borrow is Connect for a single batch outside sessions. The connection may
	// have served others before, but never under another identity without a new
	// bind; Close gives it back. When all are lent out for too long, the *Error
	// is of type dsml.NotAttempted.
	Borrow(ctx context.Context, id Identity) (Conn, error)
}

// Conn is one connection to a directory. Its methods may be called at the same
// time from several goroutines, but requests may have to wait for each other:
// those of a parallel batch get a Conn each.
type Conn interface {
	// Do runs one request. The entries and references of a search go to emit as
	// they are found, from the goroutine that called Do; they belong to emit,
	// and an error of emit ends the search and is returned. The response that
	// ends the request is returned: a *dsml.Result or *dsml.ExtendedResponse
	// with the requestID of the request, nil for an abandonRequest (D-61).
	//
	// An *Error means that there is no LDAP result; it names the type that the
	// errorResponse gets. When the context ends before the request, its error
	// is returned, and the effect of a change is unknown.
	Do(ctx context.Context, req dsml.Request, emit func(SearchItem) error) (dsml.Response, error)
	// Close gives up the connection and what is bound to it.
	Close() error
}

// SearchItem is one thing that a search found: exactly one of its fields is
// set.
type SearchItem struct {
	Entry     *dsml.SearchResultEntry
	Reference *dsml.SearchResultReference
}

// Error says why a request has no LDAP result.
type Error struct {
	Type    dsml.ErrorType
	Message string // for the caller of the endpoint, so without secrets
	Err     error  // the cause, for the log; may be nil
}

// Error returns the message and its cause.
func (e *Error) Error() string {
	if e.Err == nil {
		return e.Message
	}
	return e.Message + ": " + e.Err.Error()
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }
