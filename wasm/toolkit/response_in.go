package main

import "github.com/dsmlkit/dsmlkit/xml/dsml"

func readBatchResponse(a *argument) *dsml.BatchResponse {
	b := &dsml.BatchResponse{RequestID: readOptional(a.get("requestID"))}
	list := a.get("responses")
	for i := range list.list() {
		if r := readResponse(list.at(i)); r != nil {
			b.Responses = append(b.Responses, r)
		}
	}
	return b
}

var responseKinds = []string{
	"searchResponse", "authResponse", "modifyResponse", "addResponse", "delResponse",
	"modDNResponse", "compareResponse", "extendedResponse", "errorResponse",
}

func readResponse(a *argument) dsml.Response {
	if !a.object("a response object") {
		return nil
	}
	kind := a.get("kind").oneOf(responseKinds)
	if kind < 0 {
		return nil
	}
	switch responseKinds[kind] {
	case "searchResponse":
		return readSearchResponse(a)
	case "extendedResponse":
		r := &dsml.ExtendedResponse{LDAPResult: readResult(a), Response: readOptValue(a.get("response"))}
		r.ResponseName, _ = a.get("responseName").optText()
		return r
	case "errorResponse":
		r := &dsml.ErrorResponse{
			RequestID: readOptional(a.get("requestID")),
			Type:      dsml.ErrorType(max(a.get("type").oneOf(errorTypes), 0)),
		}
		r.Message, _ = a.get("message").optText()
		if detail := a.get("detail"); detail.given() {
			r.Detail = readElement(detail)
		}
		return r
	}
	return &dsml.Result{Kind: dsml.ResultKind(max(a.get("kind").oneOf(resultKinds), 0)), LDAPResult: readResult(a)}
}

func readSearchResponse(a *argument) *dsml.SearchResponse {
	r := &dsml.SearchResponse{RequestID: readOptional(a.get("requestID"))}
	r.Entries = readEntries(a.get("entries"))
	refs := a.get("references")
	for i := range refs.list() {
		ref := refs.at(i)
		if !ref.object("an object with refs") {
			break
		}
		r.References = append(r.References, &dsml.SearchResultReference{Message: readMessage(ref), Refs: readTexts(ref.get("refs"))})
	}
	if done := a.get("done"); done.object("an object with resultCode") {
		r.Done = &dsml.Result{Kind: dsml.SearchResultDone, LDAPResult: readResult(done)}
	}
	return r
}

func readEntries(list *argument) []*dsml.SearchResultEntry {
	var entries []*dsml.SearchResultEntry
	for i := range list.list() {
		e := list.at(i)
		if !e.object("an object with dn and attrs") {
			break
		}
		entries = append(entries, &dsml.SearchResultEntry{
			Message: readMessage(e),
			DN:      e.get("dn").text(),
			Attrs:   readAttributes(e.get("attrs")),
		})
	}
	return entries
}

// readResult converts the parts that every LDAP result has. The name of the
// code follows from its number, so a given one is not looked at.
func readResult(a *argument) dsml.LDAPResult {
	r := dsml.LDAPResult{Message: readMessage(a), Referrals: readTexts(a.get("referrals"))}
	r.MatchedDN, _ = a.get("matchedDN").optText()
	r.ErrorMessage, _ = a.get("errorMessage").optText()
	if code := a.get("resultCode"); code.object("an object with code") {
		n := code.get("code")
		if !n.given() {
			n.refuse("a whole number")
		}
		r.Code = dsml.ResultCode(n.integer(0, -maxInt-1, maxInt))
	}
	return r
}
