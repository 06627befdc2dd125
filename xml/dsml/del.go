package dsml

// DelRequest removes an entry.
type DelRequest struct {
	Message
	DN string
}

func (*DelRequest) Element() string { return "delRequest" }

var delShape = shape{"DelRequest", []string{"requestID", "dn"}}

func (d *decoder) readDelRequest() reader {
	a := d.attributes(&delShape)
	r := &DelRequest{}
	r.RequestID = a.optional(0)
	r.DN = a.required(1, "D-55")
	return &plainReader{head{m: &r.Message}, r}
}

func (r *DelRequest) write(w *writer) {
	w.start("delRequest")
	w.dn("dn", r.DN)
	w.optional("requestID", r.RequestID)
	w.head(&r.Message)
	w.w.End()
}
