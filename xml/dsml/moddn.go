package dsml

// ModDNRequest renames or moves an entry. The schema's default for
// deleteoldrdn is true (D-57), hence the field's sense.
type ModDNRequest struct {
	Message
	DN          string
	NewRDN      string
	KeepOldRDN  bool // deleteoldrdn="false"
	NewSuperior Optional
}

func (*ModDNRequest) Element() string { return "modDNRequest" }

var modDNShape = shape{"ModifyDNRequest", []string{"requestID", "dn", "newrdn", "deleteoldrdn", "newSuperior"}}

func (d *decoder) readModDNRequest() reader {
	a := d.attributes(&modDNShape)
	r := &ModDNRequest{}
	r.RequestID = a.optional(0)
	r.DN = a.required(1, "D-56")
	r.NewRDN = a.required(2, "D-56")
	r.KeepOldRDN = !a.boolean(3, true, "D-58")
	r.NewSuperior = a.optional(4)
	return &plainReader{head{m: &r.Message}, r}
}

func (r *ModDNRequest) write(w *writer) {
	w.start("modDNRequest")
	w.dn("dn", r.DN)
	w.optional("requestID", r.RequestID)
	w.dn("newrdn", r.NewRDN)
	if r.KeepOldRDN {
		w.w.Attr("", "deleteoldrdn", "false")
	}
	if r.NewSuperior.Set {
		w.dn("newSuperior", r.NewSuperior.Value)
	}
	w.head(&r.Message)
	w.w.End()
}
