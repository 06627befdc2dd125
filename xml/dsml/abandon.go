package dsml

// AbandonRequest asks to give up another request of the same batch. It has no
// response (D-61).
type AbandonRequest struct {
	Message
	AbandonID string // requestID of the other request
}

func (*AbandonRequest) Element() string { return "abandonRequest" }
