package dsml

import (
	"strconv"
	"strings"
)

var (
	batchRequestShape  = shape{"BatchRequest", []string{"requestID", "processing", "responseOrder", "onError"}}
	batchResponseShape = shape{"BatchResponse", []string{"requestID"}}
)

var requestReaders = map[string]func(*decoder) reader{
	"authRequest":     (*decoder).readAuthRequest,
	"searchRequest":   (*decoder).readSearchRequest,
	"modifyRequest":   (*decoder).readModifyRequest,
	"addRequest":      (*decoder).readAddRequest,
	"delRequest":      (*decoder).readDelRequest,
	"modDNRequest":    (*decoder).readModDNRequest,
	"compareRequest":  (*decoder).readCompareRequest,
	"abandonRequest":  (*decoder).readAbandonRequest,
	"extendedRequest": (*decoder).readExtendedRequest,
}

var requestNames = []string{"authRequest", "searchRequest", "modifyRequest", "addRequest", "delRequest",
	"modDNRequest", "compareRequest", "abandonRequest", "extendedRequest"}

var responseNames = []string{"searchResponse", "authResponse", "modifyResponse", "addResponse", "delResponse",
	"modDNResponse", "compareResponse", "extendedResponse", "errorResponse"}

var responseReaders = map[string]func(*decoder) reader{
	"searchResponse":   (*decoder).readSearchResponse,
	"extendedResponse": (*decoder).readExtendedResponse,
	"errorResponse":    (*decoder).readErrorResponse,
	"authResponse":     resultOf(AuthResponse),
	"modifyResponse":   resultOf(ModifyResponse),
	"addResponse":      resultOf(AddResponse),
	"delResponse":      resultOf(DelResponse),
	"modDNResponse":    resultOf(ModDNResponse),
	"compareResponse":  resultOf(CompareResponse),
}

func resultOf(kind ResultKind) func(*decoder) reader {
	return func(d *decoder) reader {
		return d.readResult(kind, (*decoder).result)
	}
}

type batchRequestReader struct{}

func (d *decoder) readBatchRequest() reader {
	a := d.attributes(&batchRequestShape)
	b := &BatchRequest{RequestID: a.optional(0)}
	if b.RequestID.Set {
		d.requestID = b.RequestID
	}
	b.Processing = Processing(a.enum(1, processings, 0, "D-15"))
	b.ResponseOrder = ResponseOrder(a.enum(2, responseOrders, 0, "D-15"))
	b.OnError = OnError(a.enum(3, onErrors, 0, "D-15"))
	d.req = b
	return batchRequestReader{}
}

func (batchRequestReader) children() []string { return requestNames }

func (batchRequestReader) child(d *decoder, local string) reader {
	read, ok := requestReaders[local]
	if !ok {
		return nil
	}
	if local == "authRequest" && d.started > 0 {
		if d.authenticated {
			d.fail("dsml-order", "D-34", "a second authRequest", "a batch has one at most")
		} else {
			d.fail("dsml-order", "D-33", "the authRequest stands behind other requests", "it has to come first")
		}
	}
	d.authenticated = d.authenticated || local == "authRequest"
	d.started++
	if d.o.MaxRequests > 0 && d.started == d.o.MaxRequests+1 {
		d.fail("dsml-limit", "D-32", "the batch has more than "+strconv.Itoa(d.o.MaxRequests)+" requests", "split it into several batches")
	}
	return read(d)
}

func (batchRequestReader) end(*decoder) {}

// request takes a request that is complete.
func (d *decoder) request(r Request) {
	if b := d.req; b.Processing == ProcessParallel && !r.Head().RequestID.Set {
		message := "the " + r.Element() + " has no requestID, and the batch is processed in parallel"
		const hint = "give each request of the batch a requestID of its own"
		if b.ResponseOrder == OrderUnordered {
			d.failAt(d.began(), "dsml-requestid", "D-22", message, hint)
		} else {
			d.lenient(AllowParallelWithoutID, d.began(), "dsml-requestid", "D-23", message, hint)
		}
	}
	if d.diagnose != nil {
		d.advise(r)
	}
	d.count++
	if d.delivers {
		d.deliver(r)
		return
	}
	d.req.Requests = append(d.req.Requests, r)
}

// advise warns about what is legal and probably not meant.
func (d *decoder) advise(r Request) {
	pos := d.began()
	if id := r.Head().RequestID; id.Set {
		key := strings.ToLower(id.Value)
		if d.ids[key] {
			d.warn(pos, "dsml-requestid", "", "another request of the batch has the requestID \""+excerpt([]byte(id.Value))+"\" too",
				"some servers refuse that; they compare without regard to case")
		}
		if d.ids == nil {
			d.ids = make(map[string]bool)
		}
		d.ids[key] = true
	}
	if _, ok := r.(*AbandonRequest); ok && d.req.Processing == ProcessSequential {
		d.warn(pos, "dsml-abandon", "D-61", "the abandonRequest stands in a batch that is processed sequentially",
			"each request is finished before the next one starts, so there is nothing to abandon")
	}
}

type batchResponseReader struct{}

func (d *decoder) readBatchResponse() reader {
	a := d.attributes(&batchResponseShape)
	d.resp = &BatchResponse{RequestID: a.optional(0)}
	if d.resp.RequestID.Set {
		d.requestID = d.resp.RequestID
	}
	d.repeat.batch(d, &a)
	return batchResponseReader{}
}

func (batchResponseReader) children() []string { return responseNames }

func (batchResponseReader) child(d *decoder, local string) reader {
	if read, ok := responseReaders[local]; ok {
		if local != "searchResponse" {
			d.repeat.frame = frameNone
		}
		return read(d)
	}
	return nil
}

func (batchResponseReader) end(*decoder) {}

func (d *decoder) result(r *Result) { d.response(r) }

// response takes a response that is complete.
func (d *decoder) response(r Response) {
	d.count++
	if d.delivers {
		d.deliver(r)
		return
	}
	d.resp.Responses = append(d.resp.Responses, r)
}
