package endpoint

import (
	"context"
	"strings"

	"github.com/dsmlkit/dsmlkit/web/directory"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// Controls and operations that this endpoint judges by itself, before the
// directory sees them.
const (
	oidNotification     = "1.2.840.113556.1.4.528"
	oidFastBind         = "1.2.840.113556.1.4.1781"
	oidStartTLS         = "1.3.6.1.4.1.1466.20037"
	oidPersistentSearch = "2.16.840.1.113730.3.4.3"
	oidPagedResults     = "1.2.840.113556.1.4.319"
	oidVLV              = "2.16.840.1.113730.3.4.9"
	oidProxiedAuthz     = "2.16.840.1.113730.3.4.18"
)

// neverAnswered are controls that make no sense between one request and one
// answer: they change the connection or never come to an end (D-146).
var neverAnswered = map[string]string{
	oidNotification:     "the change notification control never ends, so it cannot be answered over SOAP",
	oidFastBind:         "fast bind changes the directory connection, which belongs to the gateway",
	oidPersistentSearch: "a persistent search never ends, so it cannot be answered over SOAP",
}

// stateless are the controls that DSML Services for Windows knows to work
// without a session.
var stateless = map[string]bool{
	"1.2.840.113556.1.4.417": true, "1.2.840.113556.1.4.473": true, "1.2.840.113556.1.4.521": true,
	"1.2.840.113556.1.4.529": true, "1.2.840.113556.1.4.619": true, "1.2.840.113556.1.4.801": true,
	"1.2.840.113556.1.4.805": true, "1.2.840.113556.1.4.841": true, "1.2.840.113556.1.4.970": true,
	"1.2.840.113556.1.4.1338": true, "1.2.840.113556.1.4.1339": true, "1.2.840.113556.1.4.1340": true,
	"1.2.840.113556.1.4.1413": true, "1.2.840.113556.1.4.1504": true, "1.3.6.1.4.1.1466.101.119.1": true,
}

// refuse answers a request that must not reach the directory, or returns nil.
func (b *batch) refuse(req dsml.Request) dsml.Response {
	id := req.Head().RequestID
	notAttempted := func(message string) dsml.Response {
		return &dsml.ErrorResponse{RequestID: id, Type: dsml.NotAttempted, Message: message}
	}
	for _, c := range req.Head().Controls {
		if why, ok := neverAnswered[c.Type]; ok {
			return notAttempted(why)
		}
		if c.Type == dsml.OIDSyncRequest && persists(c) {
			return notAttempted("a content synchronization that persists never ends, so it cannot be answered over SOAP; ask for refreshOnly")
		}
		if b.inSession {
			continue
		}
		if c.Type == oidPagedResults || c.Type == oidVLV { // D-144
			return notAttempted("the control " + c.Type + " keeps state on its directory connection and so needs a session: send BeginSession first, then this request with the Session header")
		}
		if b.Windows && !stateless[c.Type] { // D-145
			return notAttempted("the control " + c.Type + " is not known to work without a session: send BeginSession first")
		}
	}
	if ext, ok := req.(*dsml.ExtendedRequest); ok {
		switch ext.RequestName {
		case oidStartTLS:
			return notAttempted("StartTLS changes the directory connection, which belongs to the gateway")
		case oidFastBind: // in Active Directory it is an operation
			return notAttempted(neverAnswered[oidFastBind])
		}
	}
	if b.ReadOnly { // D-150
		switch req.(type) {
		case *dsml.SearchRequest, *dsml.CompareRequest, *dsml.AuthRequest, *dsml.AbandonRequest:
		default:
			return refusal(req, dsml.UnwillingToPerform, "this endpoint is read-only: it runs searches and compares, nothing else")
		}
	}
	return nil
}

// persists reports whether a content synchronization goes on after what is
// there now: its value begins with the mode, refreshAndPersist being 3 (RFC 4533
// section 2.2). What cannot be read is left to the directory.
func persists(c dsml.Control) bool {
	if c.Value == nil {
		return false
	}
	_, mode, ok := strings.Cut(c.Value.Data, "\x0a\x01")
	return ok && strings.HasPrefix(mode, "\x03")
}

// refusal is the operation's own response with the given code.
func refusal(req dsml.Request, code dsml.ResultCode, message string) dsml.Response {
	res := dsml.LDAPResult{Code: code, ErrorMessage: message}
	res.RequestID = req.Head().RequestID
	switch req.(type) {
	case *dsml.AuthRequest:
		return &dsml.Result{Kind: dsml.AuthResponse, LDAPResult: res}
	case *dsml.SearchRequest:
		return &dsml.Result{Kind: dsml.SearchResultDone, LDAPResult: res}
	case *dsml.ModifyRequest:
		return &dsml.Result{Kind: dsml.ModifyResponse, LDAPResult: res}
	case *dsml.AddRequest:
		return &dsml.Result{Kind: dsml.AddResponse, LDAPResult: res}
	case *dsml.DelRequest:
		return &dsml.Result{Kind: dsml.DelResponse, LDAPResult: res}
	case *dsml.ModDNRequest:
		return &dsml.Result{Kind: dsml.ModDNResponse, LDAPResult: res}
	case *dsml.CompareRequest:
		return &dsml.Result{Kind: dsml.CompareResponse, LDAPResult: res}
	}
	return &dsml.ExtendedResponse{LDAPResult: res}
}

// authorize answers the authRequest of a batch: it reads the root DSE under
// the asked identity, with a critical proxied authorization control
// (RFC 4370), and lets every later request of the batch carry that control.
// Nothing is changed on the connection, so the identity cannot outlive the
// batch (D-38).
func (b *batch) authorize(ctx context.Context, auth *dsml.AuthRequest) dsml.Response {
	b.principal = dsml.Some(auth.Principal)
	probe := &dsml.SearchRequest{Filter: &dsml.Filter{Kind: dsml.Present, Name: "objectClass"}, Attributes: []string{"1.1"}}
	probe.RequestID = auth.RequestID
	probe.Controls = auth.Controls
	resp := b.do(ctx, probe, nil, func(directory.SearchItem) error { return nil })
	done, ok := resp.(*dsml.Result)
	if !ok {
		return resp
	}
	return &dsml.Result{Kind: dsml.AuthResponse, LDAPResult: done.LDAPResult}
}

// authorized returns the request as the directory gets it: under the identity
// of the batch's authRequest if there was one.
func (b *batch) authorized(req dsml.Request) dsml.Request {
	if !b.principal.Set {
		return req
	}
	proxied := dsml.Control{Type: oidProxiedAuthz, Criticality: true, Value: &dsml.Value{Data: b.principal.Value}}
	head := req.Head()
	for _, c := range head.Controls {
		if c.Type == oidProxiedAuthz {
			return req // the request names an identity of its own; the directory judges it
		}
	}
	head.Controls = append(head.Controls[:len(head.Controls):len(head.Controls)], proxied)
	return req
}
