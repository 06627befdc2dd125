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
