package session

import (
	"errors"

	"github.com/dsmlkit/dsmlkit/xml"
	"github.com/dsmlkit/dsmlkit/xml/dsml"
	"github.com/dsmlkit/dsmlkit/xml/soap"
)

// DSMLNamespace is the namespace of the three session headers of DSML.
const DSMLNamespace = "urn:schema-microsoft-com:activedirectory:dsmlv2"

// dsmlPrefix is the prefix that answers use (D-137). Requests use it as well.
const dsmlPrefix = "ad"

// Local names of the session headers and of their attribute.
const (
	beginSession = "BeginSession"
	useSession   = "Session"
	endSession   = "EndSession"
	sessionID    = "SessionID"
)

// Errors of session headers that cannot be carried out.
var (
	// ErrTwoHeaders: a message has more than one session header (D-134, S-08).
	ErrTwoHeaders = errors.New("more than one session header in a message")

	// ErrMissingID: the header names no session.
	ErrMissingID = errors.New("session header without a session id")

	// ErrNoPrefix: a Session or EndSession header is written without a
	// namespace prefix, which Windows does not accept (D-135).
	ErrNoPrefix = errors.New("session header without a namespace prefix")

	// ErrBadRequest: the message cannot be answered with a document, and its
	// session header is not to blame.
	ErrBadRequest = errors.New("bad request")
)

// DialectOptions says how session headers are read.
type DialectOptions struct {
	// Windows refuses what DSML Services for Windows refuses: Session and
	// EndSession written with a default namespace (D-135). BeginSession may
	// have no prefix either way (D-136). The attribute SessionID is read in the
	// session namespace and in none, in that order and in both modes: the
	// specification's schema and its samples differ on it.
	Windows bool
}

// DSMLUnderstands reports whether a header block is one of the three that
// [DSMLStep] reads, for soap.NotUnderstood. A server without sessions
// understands none of them (D-152).
func DSMLUnderstands(n xml.Name) bool { return dsmlKind(n) != StepNone }

func dsmlKind(n xml.Name) StepKind {
	if n.Space != DSMLNamespace {
		return StepNone
	}
	switch n.Local {
	case beginSession:
		return StepBegin
	case useSession:
		return StepUse
	case endSession:
		return StepEnd
	}
	return StepNone
}

// DSMLStep reads the session header of a request. Without one the step is
// StepNone. Blocks meant for other receivers are passed over.
//
// Errors: ErrTwoHeaders, ErrMissingID, ErrNoPrefix. Nothing of the message may
// be run then; DSMLFault makes the answer.
func DSMLStep(headers []soap.Header, o DialectOptions) (Step, error) {
	var step Step
	for i := range headers {
		h := &headers[i]
		kind := dsmlKind(h.Name)
		if kind == StepNone || !h.ForUs() {
			continue
		}
		if step.Kind != StepNone {
			return Step{}, ErrTwoHeaders
		}
		step.Kind = kind
		if kind == StepBegin {
			continue
		}
		if o.Windows && h.Prefix == "" {
			return Step{}, ErrNoPrefix
		}
		if step.ID = dsmlID(h.Element); step.ID == "" {
			return Step{}, ErrMissingID
		}
	}
	return step, nil
}

// dsmlID returns the session id of a header block, qualified or not (D-138).
func dsmlID(e *xml.Element) string {
	id, ok := e.Attr(DSMLNamespace, sessionID)
	if !ok {
		id, _ = e.Attr("", sessionID)
	}
	return id
}

// DSMLResponseHeader writes the Session header of an answer: prefix ad,
// attribute ad:SessionID, no mustUnderstand (D-137).
func DSMLResponseHeader(w *xml.Writer, id string) {
	w.Prefix(dsmlPrefix, DSMLNamespace)
	w.Start(DSMLNamespace, useSession)
	w.Attr(DSMLNamespace, sessionID, id)
	w.End()
}

// DSMLFaultPrefix is the prefix of the envelope around a DSML fault (D-141).
const DSMLFaultPrefix = "SOAP"

// The three faults of the session extension, word for word (D-141).
const (
	faultInvalidRequest = "SOAP Invalid Request"
	faultApplication    = "SOAP Server Application Faulted"
	detailSession       = "Bad Session Request"
	detailRequest       = "Bad Request"
	detailInternal      = "Internal DSML Server Error"
)

// DSMLFault returns the fault for an error of DSMLStep or of a Table (D-141):
//
//   - "Bad Session Request" when the session request cannot be carried out:
//     ErrNoSession, ErrTotalLimit, ErrClientLimit, ErrTwoHeaders, ErrMissingID,
//     ErrNoPrefix. It says the same about a session that is not there and one
//     that is somebody else's.
//   - "Bad Request" for ErrBadRequest.
//   - "Internal DSML Server Error" for everything else: ErrBusy, ErrClosed,
//     ErrNoID, what open returned.
//
// The fault is one of the version, for an envelope with the prefix
// DSMLFaultPrefix. The specification knows SOAP 1.1 only, whose detail holds the
// words as they are. That of SOAP 1.2 may hold nothing but elements (part 1
// section 5.4.5): there they are the message of a DSML errorResponse.
func DSMLFault(err error, v soap.Version) *soap.Fault {
	switch {
	case errors.Is(err, ErrNoSession), errors.Is(err, ErrTotalLimit), errors.Is(err, ErrClientLimit),
		errors.Is(err, ErrTwoHeaders), errors.Is(err, ErrMissingID), errors.Is(err, ErrNoPrefix):
		return dsmlFault(v, true, faultInvalidRequest, detailSession, dsml.NotAttempted)
	case errors.Is(err, ErrBadRequest):
		return dsmlFault(v, true, faultInvalidRequest, detailRequest, dsml.MalformedRequest)
	}
	return dsmlFault(v, false, faultApplication, detailInternal, dsml.GatewayInternalError)
}

func dsmlFault(v soap.Version, sender bool, reason, detail string, kind dsml.ErrorType) *soap.Fault {
	f := &soap.Fault{Version: soap.V11, Reason: reason, Detail: soap.TextDetail(soap.V11, detail)}
	f.Code.Local = "Server"
	if sender {
		f.Code.Local = "Client"
	}
	if v == soap.V12 {
		f.Version = v
		f.Code.Local = "Receiver"
		if sender {
			f.Code.Local = "Sender"
		}
		f.Detail = &xml.Element{Name: xml.Name{Space: soap.NS12, Local: "Detail"}, Prefix: DSMLFaultPrefix, Children: []xml.Node{{Element: errorElement(kind, detail)}}}
	}
	f.Code.Space = f.Version.Namespace()
	f.CodeText = DSMLFaultPrefix + ":" + f.Code.Local
	return f
}

func errorElement(kind dsml.ErrorType, message string) *xml.Element {
	return &xml.Element{
		Name:       xml.Name{Space: dsml.Namespace, Local: "errorResponse"},
		Namespaces: []xml.Binding{{URI: dsml.Namespace}},
		Attrs:      []xml.ElementAttr{{Name: xml.Name{Local: "type"}, Value: kind.String()}},
		Children: []xml.Node{{Element: &xml.Element{
			Name:     xml.Name{Space: dsml.Namespace, Local: "message"},
			Children: []xml.Node{{Text: message}},
		}}},
	}
}
