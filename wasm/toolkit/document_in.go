package main

import (
	"github.com/dsmlkit/dsmlkit/xml/dsml"
)

// maxInt is MAXINT of the DSML schema.
const maxInt = 1<<31 - 1

var (
	processings    = []string{dsml.ProcessSequential: "sequential", dsml.ProcessParallel: "parallel"}
	responseOrders = []string{dsml.OrderSequential: "sequential", dsml.OrderUnordered: "unordered"}
	onErrors       = []string{dsml.ExitOnError: "exit", dsml.ResumeOnError: "resume"}
	scopes         = []string{dsml.BaseObject: "baseObject", dsml.SingleLevel: "singleLevel", dsml.WholeSubtree: "wholeSubtree"}
	derefs         = []string{
		dsml.NeverDerefAliases:   "neverDerefAliases",
		dsml.DerefInSearching:    "derefInSearching",
		dsml.DerefFindingBaseObj: "derefFindingBaseObj",
		dsml.DerefAlways:         "derefAlways",
	}
	modifyOps = []string{
		dsml.ModifyAdd:       "add",
		dsml.ModifyDelete:    "delete",
		dsml.ModifyReplace:   "replace",
		dsml.ModifyIncrement: "increment",
	}
	errorTypes = []string{
		dsml.NotAttempted:         "notAttempted",
		dsml.CouldNotConnect:      "couldNotConnect",
		dsml.ConnectionClosed:     "connectionClosed",
		dsml.MalformedRequest:     "malformedRequest",
		dsml.GatewayInternalError: "gatewayInternalError",
		dsml.AuthenticationFailed: "authenticationFailed",
		dsml.UnresolvableURI:      "unresolvableURI",
		dsml.OtherError:           "other",
	}
	resultKinds = []string{
		dsml.AuthResponse:    "authResponse",
		dsml.ModifyResponse:  "modifyResponse",
		dsml.AddResponse:     "addResponse",
		dsml.DelResponse:     "delResponse",
		dsml.ModDNResponse:   "modDNResponse",
		dsml.CompareResponse: "compareResponse",
	}
)

// isBatch reports whether the argument looks like a document object.
func isBatch(a *argument) bool {
	if a.kind != inObject {
		return false
	}
	k := a.get("kind")
	return k.kind == inText && (string(k.data) == "batchRequest" || string(k.data) == "batchResponse")
}

// readDocument converts a batch request or response.
func readDocument(a *argument) dsml.Document {
	const must = "a batchRequest or a batchResponse object"
	if !a.object(must) {
		return nil
	}
	if !isBatch(a) {
		a.get("kind").refuse(`"batchRequest" or "batchResponse"`)
		return nil
	}
	if string(a.get("kind").data) == "batchRequest" {
		return readBatchRequest(a)
	}
	return readBatchResponse(a)
}

//go:noinline
func readOptional(a *argument) dsml.Optional {
	s, ok := a.optText()
	return dsml.Optional{Value: s, Set: ok}
}

// choice is oneOf for a property whose absence means the first word.
func choice(a *argument, words []string) int {
	if !a.given() {
		return 0
	}
	return max(a.oneOf(words), 0)
}

func readBatchRequest(a *argument) *dsml.BatchRequest {
	b := &dsml.BatchRequest{
		RequestID:     readOptional(a.get("requestID")),
		Processing:    dsml.Processing(choice(a.get("processing"), processings)),
		ResponseOrder: dsml.ResponseOrder(choice(a.get("responseOrder"), responseOrders)),
		OnError:       dsml.OnError(choice(a.get("onError"), onErrors)),
	}
	list := a.get("requests")
	for i := range list.list() {
		if r := readRequest(list.at(i)); r != nil {
			b.Requests = append(b.Requests, r)
		}
	}
	return b
}

var requestKinds = []string{
	"authRequest", "searchRequest", "modifyRequest", "addRequest", "delRequest",
	"modDNRequest", "compareRequest", "abandonRequest", "extendedRequest",
}

func readMessage(a *argument) dsml.Message {
	return dsml.Message{RequestID: readOptional(a.get("requestID")), Controls: readControls(a.get("controls"))}
}

func readRequest(a *argument) dsml.Request {
	if !a.object("a request object") {
		return nil
	}
	kind := a.get("kind").oneOf(requestKinds)
	if kind < 0 {
		return nil
	}
	m := readMessage(a)
	switch requestKinds[kind] {
	case "authRequest":
		return &dsml.AuthRequest{Message: m, Principal: a.get("principal").text()}
	case "searchRequest":
		return readSearch(a, m)
	case "modifyRequest":
		return readModify(a, m)
	case "addRequest":
		return &dsml.AddRequest{Message: m, DN: a.get("dn").text(), Attrs: readAttributes(a.get("attrs"))}
	case "delRequest":
		return &dsml.DelRequest{Message: m, DN: a.get("dn").text()}
	case "modDNRequest":
		return &dsml.ModDNRequest{
			Message:     m,
			DN:          a.get("dn").text(),
			NewRDN:      a.get("newrdn").text(),
			KeepOldRDN:  !a.get("deleteoldrdn").boolean(true),
			NewSuperior: readOptional(a.get("newSuperior")),
		}
	case "compareRequest":
		r := &dsml.CompareRequest{Message: m, DN: a.get("dn").text()}
		if assertion := a.get("assertion"); assertion.object("an object with name and value") {
			r.Name = assertion.get("name").text()
			r.Value = readValue(assertion.get("value"))
		}
		return r
	case "abandonRequest":
		return &dsml.AbandonRequest{Message: m, AbandonID: a.get("abandonID").text()}
	}
	return &dsml.ExtendedRequest{
		Message:      m,
		RequestName:  a.get("requestName").text(),
		RequestValue: readOptValue(a.get("requestValue")),
	}
}

func readSearch(a *argument, m dsml.Message) *dsml.SearchRequest {
	return &dsml.SearchRequest{
		Message:      m,
		DN:           a.get("dn").text(),
		Scope:        dsml.Scope(max(a.get("scope").oneOf(scopes), 0)),
		DerefAliases: dsml.DerefAliases(max(a.get("derefAliases").oneOf(derefs), 0)),
		SizeLimit:    int32(a.get("sizeLimit").integer(0, 0, maxInt)),
		TimeLimit:    int32(a.get("timeLimit").integer(0, 0, maxInt)),
		TypesOnly:    a.get("typesOnly").boolean(false),
		Filter:       readFilter(a.get("filter")),
		Attributes:   readTexts(a.get("attributes")),
	}
}

func readModify(a *argument, m dsml.Message) *dsml.ModifyRequest {
	r := &dsml.ModifyRequest{Message: m, DN: a.get("dn").text()}
	list := a.get("modifications")
	for i := range list.list() {
		mod := list.at(i)
		if !mod.object("an object with name, operation and values") {
			break
		}
		r.Modifications = append(r.Modifications, dsml.Modification{
			Name:   mod.get("name").text(),
			Op:     dsml.ModifyOp(max(mod.get("operation").oneOf(modifyOps), 0)),
			Values: readValues(mod.get("values")),
		})
	}
	return r
}

func readTexts(a *argument) []string {
	var texts []string
	for i := range a.list() {
		texts = append(texts, a.at(i).text())
	}
	return texts
}

// readAttributes converts values by attribute name. A single value stands for
// a list of one.
func readAttributes(a *argument) []dsml.Attribute {
	if !a.given() {
		return nil
	}
	if !a.object("an object of arrays of values") {
		return nil
	}
	attrs := make([]dsml.Attribute, len(a.keys))
	v := &argument{up: a, errs: a.errs} // one for all: entries have many
	for i, name := range a.keys {
		v.value, v.key = a.items[i], name
		attrs[i] = dsml.Attribute{Name: name, Values: readValues(v)}
	}
	return attrs
}

func readValues(a *argument) []dsml.Value {
	if a.given() && a.kind != inList {
		a.refuse("an array of values")
		return nil
	}
	n := a.list()
	if n == 0 {
		return nil
	}
	values := make([]dsml.Value, n)
	v := &argument{up: a, errs: a.errs}
	for i := range values {
		v.value, v.index = a.items[i], i
		values[i] = readValue(v)
	}
	return values
}

func readValue(a *argument) dsml.Value {
	switch a.kind {
	case inText:
		return dsml.Value{Data: string(a.data)}
	case inBytes:
		return dsml.Value{Data: string(a.data), Type: dsml.Base64Binary}
	case inObject:
		if uri := a.get("anyURI"); uri.given() {
			return dsml.Value{Data: uri.text(), Type: dsml.AnyURI}
		}
	}
	a.refuse("a string, a Uint8Array or an object with anyURI")
	return dsml.Value{}
}

func readOptValue(a *argument) *dsml.Value {
	if !a.given() {
		return nil
	}
	v := readValue(a)
	return &v
}

func readControls(a *argument) []dsml.Control {
	var controls []dsml.Control
	for i := range a.list() {
		controls = append(controls, readControl(a.at(i)))
	}
	return controls
}

func readControl(a *argument) dsml.Control {
	if !a.object("an object with type") {
		return dsml.Control{}
	}
	return dsml.Control{
		Type:        a.get("type").text(),
		Criticality: a.get("criticality").boolean(false),
		Value:       readOptValue(a.get("controlValue")),
	}
}
