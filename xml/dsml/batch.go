package dsml

// Processing says whether the requests of a batch run one after the other.
type Processing uint8

const (
	ProcessSequential Processing = iota // default (D-12)
	ProcessParallel
)

// ResponseOrder says in which order the responses of a batch come.
type ResponseOrder uint8

const (
	OrderSequential ResponseOrder = iota // default (D-13)
	OrderUnordered
)

var (
	processings    = []string{"sequential", "parallel"}
	responseOrders = []string{"sequential", "unordered"}
	onErrors       = []string{"exit", "resume"}
)

// String returns the mode as the document names it.
func (p Processing) String() string { return nameOf(processings, int(p)) }

// String returns the order as the document names it.
func (o ResponseOrder) String() string { return nameOf(responseOrders, int(o)) }

// String returns the choice as the document names it.
func (o OnError) String() string { return nameOf(onErrors, int(o)) }

// OnError says what happens to the rest of a batch after a failure.
type OnError uint8

const (
	ExitOnError   OnError = iota // default (D-14)
	ResumeOnError                // every request is attempted (D-25)
)

// BatchRequest is the root of a request document.
type BatchRequest struct {
	RequestID     Optional
	Processing    Processing
	ResponseOrder ResponseOrder
	OnError       OnError
	Requests      []Request // an *AuthRequest only in first place (D-33)
}

// BatchResponse is the root of a response document.
type BatchResponse struct {
	RequestID Optional
	Responses []Response
}

// Request is one of *AuthRequest, *SearchRequest, *ModifyRequest, *AddRequest,
// *DelRequest, *ModDNRequest, *CompareRequest, *AbandonRequest and
// *ExtendedRequest.
type Request interface {
	// Element returns the local name of the request's element.
	Element() string
	// Head returns the part that all requests share; it may be changed.
	Head() *Message
}

func (m *Message) Head() *Message { return m }

// Response is one of *SearchResponse, *Result, *ExtendedResponse and
// *ErrorResponse.
type Response interface {
	// Element returns the local name of the response's element.
	Element() string
	// ID returns the response's requestID.
	ID() Optional
}
