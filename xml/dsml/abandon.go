package dsml

// AbandonRequest asks to give up another request of the same batch. It has no
// response (D-61).
type AbandonRequest struct {
	Message
	AbandonID string // requestID of the other request
}

func (*AbandonRequest) Element() string { return "abandonRequest" }

var abandonShape = shape{"AbandonRequest", []string{"requestID", "abandonID"}}

func (d *decoder) readAbandonRequest() reader {
	a := d.attributes(&abandonShape)
	r := &AbandonRequest{}
	r.RequestID = a.optional(0)
	r.AbandonID = a.required(1, "D-62")
	return &plainReader{head{m: &r.Message}, r}
}

func (r *AbandonRequest) write(w *writer) {
	w.start("abandonRequest")
	w.optional("requestID", r.RequestID)
	w.w.Attr("", "abandonID", r.AbandonID)
	w.head(&r.Message)
	w.w.End()
}
