package dsml

// ExtendedRequest runs an LDAP extended operation.
type ExtendedRequest struct {
	Message
	RequestName  string // numeric OID
	RequestValue *Value
}

func (*ExtendedRequest) Element() string { return "extendedRequest" }

// ExtendedResponse answers an extended operation.
type ExtendedResponse struct {
	LDAPResult
	ResponseName string // numeric OID, empty when absent
	Response     *Value
}

func (*ExtendedResponse) Element() string { return "extendedResponse" }

var extendedShape = shape{"ExtendedRequest", []string{"requestID"}}

type extendedReader struct {
	head
	r    *ExtendedRequest
	step int // 1: a requestName has come; 2: a requestValue has
}

func (d *decoder) readExtendedRequest() reader {
	a := d.attributes(&extendedShape)
	r := &extendedReader{r: &ExtendedRequest{}}
	r.m = &r.r.Message
	r.r.RequestID = a.optional(0)
	return r
}

func (r *extendedReader) children() []string {
	return []string{"control", "requestName", "requestValue"}
}

func (r *extendedReader) child(d *decoder, local string) reader {
	if c := r.control(d, local); c != nil {
		return c
	}
	switch local {
	case "requestName":
		if r.step > 0 {
			d.fail("dsml-order", "D-63", "requestName stands twice, or behind requestValue", "")
		}
		r.step = 1
		return d.readString(func(d *decoder, text []byte) { r.r.RequestName = d.oid(text, "D-63") })
	case "requestValue":
		if r.step != 1 {
			d.fail("dsml-order", "D-63", "requestValue has to follow the one requestName", "")
		}
		r.step = 2
		return d.readAny(&r.r.RequestValue)
	}
	return nil
}

func (r *extendedReader) end(d *decoder) {
	if r.step == 0 {
		d.failAt(d.began(), "dsml-missing", "D-63", "the extendedRequest has no requestName", "")
	}
	d.request(r.r)
}

func (r *ExtendedRequest) write(w *writer) {
	w.start("extendedRequest")
	w.optional("requestID", r.RequestID)
	w.head(&r.Message)
	w.oidElement("requestName", r.RequestName, "D-63")
	if r.RequestValue != nil {
		r.RequestValue.write(w, "requestValue")
	}
	w.w.End()
}

type extendedResponseReader struct {
	resultReader
	r *ExtendedResponse
}

func (d *decoder) readExtendedResponse() reader {
	r := &extendedResponseReader{r: &ExtendedResponse{}}
	r.open(d, &r.r.LDAPResult, "ExtendedResponse")
	return r
}

func (r *extendedResponseReader) children() []string {
	return append(r.resultReader.children(), "responseName", "response")
}

func (r *extendedResponseReader) child(d *decoder, local string) reader {
	switch local {
	case "responseName":
		r.advance(d, local, stepResponseName, true)
		return d.readString(func(d *decoder, text []byte) {
			if len(trim(text)) == 0 {
				d.lenient(AllowEmptyResponseName, d.began(), "dsml-oid", "D-106", "responseName is empty", "leave it out")
				return
			}
			r.r.ResponseName = d.oid(text, "D-106")
		})
	case "response":
		r.advance(d, local, stepResponse, true)
		return d.readAny(&r.r.Response)
	}
	return r.resultReader.child(d, local)
}

func (r *extendedResponseReader) end(d *decoder) {
	r.close(d)
	d.response(r.r)
}

func (r *ExtendedResponse) write(w *writer) {
	w.start("extendedResponse")
	w.result(&r.LDAPResult)
	if r.ResponseName != "" {
		w.oidElement("responseName", r.ResponseName, "D-106")
	}
	if r.Response != nil {
		r.Response.write(w, "response")
	}
	w.w.End()
}
