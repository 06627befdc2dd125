package endpoint

import (
	"net/http"

	"github.com/dsmlkit/dsmlkit/xml/dsml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// ReadBody reads a message within MaxBody and TransferTimeout of the options
// (D-122), which have to be set. When it cannot be read, it has been answered.
// It is for handlers that stand where an endpoint does.
func ReadBody(w http.ResponseWriter, r *http.Request, o Options) (body []byte, ok bool) {
	h := &DSML{Options: o}
	body, err := h.read(http.NewResponseController(w), r)
	if err != nil {
		h.unreadable(&answer{http: w, version: typeVersion(r), patience: o.TransferTimeout}, err)
		return nil, false
	}
	return body, true
}

// WriteError answers a message with one errorResponse, as an endpoint does when
// nothing of a batch was run (D-114).
func WriteError(w http.ResponseWriter, v soap.Version, id dsml.Optional, e *dsml.ErrorResponse) {
	(&answer{http: w, version: v}).only(id, e)
}

// WriteFault answers a message with the SOAP fault that an error of the session
// rules has (D-115, D-141): status 500, or 400 in SOAP 1.2 when the sender is to
// blame.
func WriteFault(w http.ResponseWriter, v soap.Version, err error) {
	(&answer{http: w, version: v}).refuse(err)
}
